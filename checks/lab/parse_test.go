package lab

import (
	"slices"
	"strings"
	"testing"
)

func TestShippedScenesParse(t *testing.T) {
	all, err := Scenes()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range all {
		names = append(names, s.Name)
		if n := strings.Count(s.Story, ". "); n > 0 {
			t.Errorf("%s: the story is %d sentences", s.Name, n+1)
		}
		if len(s.Title) > 50 {
			t.Errorf("%s: the title is %d characters long", s.Name, len(s.Title))
		}
		if cause, _, _ := strings.Cut(s.Name, "-"); strings.Contains(s.Name, ".") && !slices.Contains(s.Expect.Causes, cause) {
			t.Errorf("%s is named after a cause that it does not expect", s.Name)
		}
	}
	for _, want := range promised {
		if !slices.Contains(names, want) {
			t.Errorf("no scene %s", want)
		}
	}
}

// promised are the scenes that training material and other tests name.
var promised = strings.Fields(`healthy healthy-two-products healthy-behind-proxy no-network every-endpoint-silent
proxy.unresolvable proxy.refused proxy.unreachable proxy.auth_required proxy.no_answer proxy.denied
proxy.cannot_reach_target proxy.product_stale proxy.product_bypasses proxy.sources_disagree proxy.pac_unavailable
dns.no_such_name dns.server_failure dns.no_answer dns.sinkhole dns.hosts_file tcp.dropped tcp.refused tcp.no_route
tcp.family_broken tls.reset_by_name tls.no_answer tls.intercepted tls.untrusted tls.expired tls.name_mismatch clock.skew
http.block_page http.captive_portal http.unexpected_content http.status path.too_slow cache.stale_failures
service.stopped service.missing product.alert_stale product.url_case domain.icmp_filtered
domain.controller_unreachable domain.not_joined domain.not_found domain.option_as_failover`)

func TestSceneIsReadStrictly(t *testing.T) {
	const head = "name: x\ntitle: t\nstory: s\n"
	for name, body := range map[string]string{
		"a pattern that fits nothing passes": head + "expect: {status: healthy}\nnetwork: {servers: {'agents*.vendor.example': {tcp: drop}}}",
		"an unknown key passes":              head + "expect: {status: healthy}\nnetwrok: {}",
		"an unknown key deep inside passes":  head + "expect: {status: healthy}\nnetwork: {servers: {a: {tpc: drop}}}",
		"another name than the file's":       "name: y\ntitle: t\nstory: s\nexpect: {status: healthy}",
		"no story passes":                    "name: x\ntitle: t\nexpect: {status: healthy}",
		"no status passes":                   head,
		"a fault without a cause passes":     head + "expect: {status: fault}",
		"a cause in a healthy scene passes":  head + "expect: {status: healthy, causes: [tcp.dropped]}",
		"a cause that is no id passes":       head + "expect: {status: fault, causes: [Dropped]}",
		"a second document passes":           head + "expect: {status: healthy}\n---\nname: y",
		"an unknown TLS word passes":         head + "expect: {status: healthy}\nnetwork: {servers: {a: {tls: bad}}}",
		"an unknown proxy word passes":       head + "expect: {status: healthy}\nnetwork: {proxies: {'a:1': {mode: bad}}}",
		"a proxy without a port passes":      head + "expect: {status: healthy}\nnetwork: {proxies: {a: {mode: open}}}",
		"an address that is none passes":     head + "expect: {status: healthy}\nnetwork: {names: {a: {a: [1.2.3]}}}",
		"a PAC address that is none passes":  head + "expect: {status: healthy}\nnetwork: {pac: {wpad.dat: {}}}",
		"a controller without a name passes": head + "expect: {status: healthy}\nnetwork: {controllers: [{icmp: yes}]}",
		"an unknown service state passes":    head + "expect: {status: healthy}\nmachine: {services: {a: dead}}",
		"a list instead of a scene passes":   "- name: x",
	} {
		if _, err := Parse("x.yaml", []byte(body)); err == nil {
			t.Error(name)
		}
	}
	s, err := Parse("x.yaml", []byte(head+"expect: {status: healthy}\nnetwork: {controllers: [{name: d, icmp: yes}]}"))
	if err != nil || s.Network.Controllers[0].ICMP != "yes" || s.Machine.OS != "windows" || s.Profiles[0] != "withsecure" {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestLongestPatternCounts(t *testing.T) {
	m := map[string]int{"*": 1, "*.example": 2, "*.long.example": 3, "a.long.example": 4}
	for host, want := range map[string]int{"x": 1, "X.Example": 2, "b.long.example": 3, "A.long.example": 4, "example": 1} {
		if got, ok := longest(m, host); !ok || got != want {
			t.Errorf("%s: %d, want %d", host, got, want)
		}
	}
	if _, ok := longest(map[string]int{"a": 1}, "b"); ok {
		t.Error("something fits nothing")
	}
}

package wizard

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"

	"linecheck/assets"
	"linecheck/checks"
)

// walk is a finding of the allowlist check: a probe that ended with code.
func walk(id, host string, code checks.Code, st checks.Status, product bool, route string) Seen {
	return Seen{ID: id, Check: "allowlist", Profile: "p", Finding: checks.Finding{Code: code, Status: st, Subject: host, Mark: assets.Seed,
		View: route, Args: map[string]string{"proxy": route}, Path: &checks.Path{Target: host + ":443", Route: route, Product: product, Required: true}}}
}

func other(id string, check checks.ID, code checks.Code, st checks.Status, args ...string) Seen {
	m := map[string]string{}
	for i := 0; i+1 < len(args); i += 2 {
		m[args[i]] = args[i+1]
	}
	return Seen{ID: id, Check: check, Profile: "p", Finding: checks.Finding{Code: code, Status: st, Subject: string(check), Args: m}}
}

// looked is what a run leaves behind that asked for the product and for its way out, and found both in order.
var looked = []Seen{other("f80", "product", "product.found", checks.Pass), other("f81", "proxy", "proxy.route", checks.Pass)}

const proxyURL = "http://proxy.example.intern:3128"

func TestJudge(t *testing.T) {
	rules, err := assets.LoadRules()
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		found      []Seen
		status     string
		causes     []string
		confidence string
	}{
		"nothing was looked at and it is called healthy": {nil, Inconclusive, nil, ""},
		"an open line is not called healthy": {
			[]Seen{walk("f1", "a", "path.open", checks.Pass, true, "direct")}, Healthy, nil, ""},
		"only the comparison walk works and it counts as proof": {
			[]Seen{walk("f1", "a", "path.open", checks.Note, false, "direct")}, Inconclusive, nil, ""},
		"an unknown service state is overlooked": {
			[]Seen{walk("f1", "a", "path.open", checks.Pass, true, "direct"), other("f2", "product", "service.unreadable", checks.Unknown, "required", "yes")}, Inconclusive, nil, ""},
		"the proxy's missing name is not the first cause": {
			[]Seen{other("f1", "proxy", "proxy.unresolvable", checks.Fail, "proxy", proxyURL), walk("f2", "a", "proxy.unresolvable", checks.Fail, true, proxyURL),
				walk("f3", "a", "tcp.dropped", checks.Note, false, "direct")}, Fault, []string{"proxy.unresolvable"}, "certain"},
		"a dead stored proxy hides that the direct way works": {
			[]Seen{other("f1", "proxy", "proxy.refused", checks.Fail), walk("f2", "a", "proxy.refused", checks.Fail, true, proxyURL),
				walk("f3", "a", "path.open", checks.Note, false, "direct")}, Fault, []string{"proxy.refused", "proxy.product_stale"}, "certain"},
		"the proxy that the product does not use is not named": {
			[]Seen{walk("f1", "a", "tcp.dropped", checks.Fail, true, "direct"), walk("f2", "a", "path.open", checks.Note, false, proxyURL)},
			Fault, []string{"proxy.product_bypasses"}, "certain"},
		"one dead endpoint is called certain": {
			[]Seen{walk("f1", "a", "tcp.dropped", checks.Fail, true, "direct")}, Fault, []string{"tcp.dropped"}, "likely"},
		"a hint becomes a fault": {
			[]Seen{walk("f1", "a", "path.open", checks.Pass, true, "direct"), hint(walk("f2", "b", "tcp.dropped", checks.Warn, true, "direct"))},
			Warning, []string{"tcp.dropped"}, "possible"},
		"a stopped service is overlooked because the line is open": {
			[]Seen{walk("f1", "a", "path.open", checks.Pass, true, "direct"), other("f2", "product", "service.stopped", checks.Fail)}, Fault, []string{"service.stopped"}, "certain"},
		"an expired certificate is the vendor's fault although the clock is wrong": {
			[]Seen{walk("f1", "a", "tls.expired", checks.Fail, true, "direct"), other("f2", "clock", "clock.skew", checks.Fail)}, Fault, []string{"clock.skew"}, "certain"},
		"silent DNS is blamed on the proxy's name": {
			[]Seen{walk("f1", "a", "proxy.unresolvable", checks.Fail, true, proxyURL), walk("f2", "a", "dns.no_answer", checks.Fail, true, "direct")}, Fault, []string{"dns.no_answer"}, "likely"},
		"a failure that no rule knows is swallowed": {
			[]Seen{walk("f1", "a", "path.open", checks.Pass, true, "direct"), other("f2", "proxy", "proxy.made_up", checks.Fail)}, Fault, nil, ""},
		"old failures in the log make an open line a fault": {
			[]Seen{walk("f1", "a", "path.open", checks.Pass, true, "direct"), other("f2", "cache", "cache.recent", checks.Pass), other("f3", "logs", "logs.timeout", checks.Warn, "fresh", "yes")},
			Warning, []string{"cache.stale_failures"}, "likely"},
		"an alert that outlived its cause is a fault": {
			[]Seen{walk("f1", "a", "path.open", checks.Pass, true, "direct"), other("f2", "logs", "logs.disconnected", checks.Warn)}, Warning, []string{"product.alert_stale"}, "likely"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			v := Judge(rules, []Product{{Name: "p", Title: "Product"}}, append(slices.Clone(tt.found), looked...))
			var ids []string
			for _, c := range v.Causes {
				ids = append(ids, c.ID)
			}
			if v.Status != tt.status || !slices.Equal(ids, tt.causes) {
				t.Errorf("judged %s %v, want %s %v", v.Status, ids, tt.status, tt.causes)
			}
			if tt.confidence != "" && v.Causes[0].Confidence != tt.confidence {
				t.Errorf("confidence %s, want %s", v.Causes[0].Confidence, tt.confidence)
			}
			if v.Headline == "" {
				t.Error("no headline")
			}
		})
	}
}

func hint(s Seen) Seen {
	p := *s.Path
	p.Required = false
	s.Mark, s.Path = assets.ThirdParty, &p
	return s
}

func TestJudgeDoesNotDependOnTheOrderOfFindings(t *testing.T) {
	rules, _ := assets.LoadRules()
	found := []Seen{
		other("f1", "proxy", "proxy.refused", checks.Fail, "source", "store"), walk("f2", "a", "proxy.refused", checks.Fail, true, proxyURL),
		walk("f3", "b", "proxy.refused", checks.Fail, true, proxyURL), walk("f4", "a", "path.open", checks.Note, false, "direct"),
		other("f5", "product", "service.stopped", checks.Fail), other("f10", "logs", "logs.timeout", checks.Warn)}
	products := []Product{{Name: "p", Title: "Product", Impact: []assets.Impact{{Feature: "x", Effect: "y"}}}}
	want, _ := json.Marshal(Judge(rules, products, found))
	for range 50 {
		rand.Shuffle(len(found), func(i, j int) { found[i], found[j] = found[j], found[i] })
		if got, _ := json.Marshal(Judge(rules, products, found)); string(got) != string(want) {
			t.Fatalf("another order, another verdict:\n%s\n%s", want, got)
		}
	}
}

func TestEveryCauseOfTheContractHasARule(t *testing.T) {
	rules, _ := assets.LoadRules()
	for _, id := range []string{"proxy.unresolvable", "proxy.unreachable", "proxy.refused", "proxy.auth_required", "proxy.no_answer", "proxy.denied",
		"proxy.cannot_reach_target", "proxy.pac_unavailable", "proxy.pac_error", "proxy.sources_disagree", "proxy.product_bypasses", "proxy.product_stale",
		"dns.no_such_name", "dns.server_failure", "dns.no_answer", "dns.sinkhole", "dns.hosts_file", "tcp.dropped", "tcp.refused", "tcp.no_route", "tcp.family_broken",
		"tls.reset_by_name", "tls.no_answer", "tls.intercepted", "tls.untrusted", "tls.expired", "tls.name_mismatch", "tls.protocol", "tls.large_hello", "clock.skew",
		"http.block_page", "http.captive_portal", "http.unexpected_content", "http.status", "path.too_slow", "path.mtu", "cache.stale_failures", "service.stopped",
		"service.missing", "product.alert_stale", "product.url_case", "domain.icmp_filtered", "domain.controller_unreachable", "domain.not_joined", "domain.not_found",
		"domain.option_as_failover", "repair.failed"} {
		if _, ok := rules.Cause(id); !ok {
			t.Errorf("no rule for %s", id)
		}
	}
}

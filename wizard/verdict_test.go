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
			Fault, []string{"proxy.product_bypasses"}, "likely"},
		"silence in the handshake beside large packets that vanish is a second fault": {
			[]Seen{walk("f1", "a", "tls.no_answer", checks.Fail, true, "direct"), walk("f2", "b", "path.mtu", checks.Warn, true, "direct")}, Fault, []string{"path.mtu"}, "certain"},
		"one dead endpoint is called certain": {
			[]Seen{walk("f1", "a", "tcp.dropped", checks.Fail, true, "direct")}, Fault, []string{"tcp.dropped"}, "likely"},
		"a hint becomes a fault": {
			[]Seen{walk("f1", "a", "path.open", checks.Pass, true, "direct"), hint(walk("f2", "b", "tcp.dropped", checks.Warn, true, "direct"))},
			Warning, []string{"tcp.dropped"}, "possible"},
		"a stopped service is overlooked because the line is open": {
			[]Seen{walk("f1", "a", "path.open", checks.Pass, true, "direct"), other("f2", "product", "service.stopped", checks.Fail)}, Fault, []string{"service.stopped"}, "likely"},
		"an expired certificate is the vendor's fault although the clock is wrong": {
			[]Seen{walk("f1", "a", "tls.expired", checks.Fail, true, "direct"), other("f2", "clock", "clock.skew", checks.Fail)}, Fault, []string{"clock.skew"}, "certain"},
		"silent DNS is blamed on the proxy's name": {
			[]Seen{walk("f1", "a", "proxy.unresolvable", checks.Fail, true, proxyURL), walk("f2", "a", "dns.no_answer", checks.Fail, true, "direct")}, Fault, []string{"dns.no_answer"}, "likely"},
		"a failure that no rule knows is swallowed": {
			[]Seen{walk("f1", "a", "path.open", checks.Pass, true, "direct"), other("f2", "proxy", "proxy.made_up", checks.Fail)}, Fault, nil, ""},
		"old failures in the log make an open line a fault": {
			[]Seen{walk("f1", "a", "path.open", checks.Pass, true, "direct"), other("f2", "cache", "cache.recent", checks.Pass), other("f3", "logs", "logs.timeout", checks.Warn, "fresh", "yes")},
			Warning, []string{"cache.stale_failures"}, "likely"},
		"one of two required addresses is not known and the other one clears both": {
			[]Seen{walk("f1", "a", "path.open", checks.Pass, true, "direct"), walk("f2", "b", "path.not_tried", checks.Unknown, true, "direct")}, Inconclusive, nil, ""},
		"an address that is only wanted keeps the line from being cleared": {
			[]Seen{walk("f1", "a", "path.open", checks.Pass, true, "direct"), wanted(walk("f2", "b", "path.not_tried", checks.Unknown, true, "direct"))}, Healthy, nil, ""},
		"addresses that are only wanted clear the line": {
			[]Seen{wanted(walk("f1", "a", "path.open", checks.Pass, true, "direct"))}, Inconclusive, nil, ""},
		"a required address without a value is no reason": {
			[]Seen{other("f1", "allowlist", "path.not_configured", checks.Skip, "required", "yes", "variable", "region")}, Inconclusive, nil, ""},
		"a connection alone proves that the vendor answers": {
			[]Seen{with(walk("f1", "a", "path.answered", checks.Pass, true, "direct"), "proven", "tcp")}, Inconclusive, nil, ""},
		"any page over plain HTTP proves that the vendor answers": {
			[]Seen{with(walk("f1", "a", "path.answered", checks.Pass, true, "direct"), "proven", "http")}, Inconclusive, nil, ""},
		"a certificate proves nothing": {
			[]Seen{with(walk("f1", "a", "path.answered", checks.Pass, true, "direct"), "proven", "tls")}, Healthy, nil, ""},
		"IPv6 alone proves nothing": {
			[]Seen{family(walk("f1", "a", "path.open", checks.Pass, true, "direct"), "ipv6")}, Healthy, nil, ""},
		"a certificate fault in one family is cleared by the other one": {
			[]Seen{family(walk("f1", "a", "path.open", checks.Pass, true, "direct"), "ipv4"), family(walk("f2", "a", "tls.untrusted", checks.Fail, true, "direct"), "ipv6")},
			Fault, []string{"tls.untrusted"}, "likely"},
		"a wrong answer that was only guessed is an all-clear": {
			[]Seen{guess(walk("f1", "a", "http.unexpected_content", checks.Warn, true, "direct"))}, Inconclusive, []string{"http.unexpected_content"}, "possible"},
		"a slow answer is no answer": {
			[]Seen{with(walk("f1", "a", "path.too_slow", checks.Warn, true, "direct"), "proven", "tls")}, Warning, []string{"path.too_slow"}, "likely"},
		"an optional service that may not be read keeps the line from being cleared": {
			[]Seen{walk("f1", "a", "path.open", checks.Pass, true, "direct"), other("f2", "product", "service.unreadable", checks.Unknown, "required", "no")}, Healthy, nil, ""},
		"a clock that is a little off hides an untrusted certificate": {
			[]Seen{walk("f1", "a", "tls.untrusted", checks.Fail, true, "direct"), other("f2", "clock", "clock.skew", checks.Warn)}, Fault, []string{"tls.untrusted", "clock.skew"}, "likely"},
		"a clock that is a little off hides an expired certificate": {
			[]Seen{walk("f1", "a", "tls.expired", checks.Fail, true, "direct"), other("f2", "clock", "clock.skew", checks.Warn)}, Fault, []string{"tls.expired", "clock.skew"}, "likely"},
		"a redirect of one plain address is a portal although the others are proven": {
			[]Seen{with(walk("f1", "a", "path.open", checks.Pass, true, "direct"), "proven", "tls"), wanted(walk("f2", "b", "http.captive_portal", checks.Warn, true, "direct"))}, Healthy, nil, ""},
		"a proxy that refuses only what is wanted is not told": {
			[]Seen{walk("f1", "a", "path.open", checks.Pass, true, proxyURL), wanted(walk("f2", "b", "proxy.denied", checks.Warn, true, proxyURL))}, Warning, []string{"proxy.some_refused"}, "likely"},
		"a proxy that opens another address is said to open this one": {
			[]Seen{walk("f1", "a", "tcp.dropped", checks.Fail, true, "direct"), walk("f2", "a", "tcp.dropped", checks.Note, false, proxyURL), walk("f3", "b", "path.open", checks.Note, false, proxyURL)},
			Fault, []string{"tcp.dropped"}, "likely"},
		"a proxy that opens one of two closed addresses is the whole cure": {
			[]Seen{walk("f1", "a", "tcp.dropped", checks.Fail, true, "direct"), walk("f2", "b", "tcp.dropped", checks.Fail, true, "direct"), walk("f3", "b", "path.open", checks.Note, false, proxyURL)},
			Fault, []string{"tcp.dropped"}, "certain"},
		"silent DNS is said to be a proxy's missing name": {
			[]Seen{other("f1", "proxy", "proxy.unresolvable", checks.Fail, "dns", "dns.no_answer"), with(walk("f2", "a", "proxy.unresolvable", checks.Fail, true, proxyURL), "dns", "dns.no_answer")},
			Fault, []string{"dns.no_answer"}, "certain"},
		"a script that nobody misses is a fault": {
			[]Seen{walk("f1", "a", "path.open", checks.Pass, true, "direct"), other("f2", "proxy", "proxy.pac_unavailable", checks.Fail)}, Warning, []string{"proxy.pac_unavailable"}, "likely"},
		"a failure whose cached answer has run out is held against the line": {
			[]Seen{walk("f1", "a", "path.open", checks.Pass, true, "direct"), other("f2", "cache", "cache.recent", checks.Pass), other("f3", "logs", "logs.timeout", checks.Warn, "fresh", "no")}, Healthy, nil, ""},
		"a failure of just now is forgotten where the cache may not be read": {
			[]Seen{walk("f1", "a", "path.open", checks.Pass, true, "direct"), other("f2", "cache", "cache.unreadable", checks.Unknown), other("f3", "logs", "logs.proxy_no_answer", checks.Warn, "fresh", "yes")},
			Warning, []string{"product.recent_failures"}, "possible"},
		"an alert of last year is still out of date": {
			[]Seen{walk("f1", "a", "path.open", checks.Pass, true, "direct"), other("f2", "logs", "logs.disconnected", checks.Note, "old", "yes")}, Healthy, nil, ""},
		"two hints make certain": {
			[]Seen{walk("f1", "c", "path.open", checks.Pass, true, "direct"), hint(walk("f2", "a", "tcp.dropped", checks.Warn, true, "direct")), hint(walk("f3", "b", "tcp.dropped", checks.Warn, true, "direct"))},
			Warning, []string{"tcp.dropped"}, "possible"},
		"one proof and one hint make certain": {
			[]Seen{walk("f1", "a", "tcp.dropped", checks.Fail, true, "direct"), hint(walk("f2", "b", "tcp.dropped", checks.Warn, true, "direct"))}, Fault, []string{"tcp.dropped"}, "likely"},
		"an alert that outlived its cause is a fault": {
			[]Seen{walk("f1", "a", "path.open", checks.Pass, true, "direct"), other("f2", "logs", "logs.disconnected", checks.Warn, "alert", "yes")}, Warning, []string{"product.alert_stale"}, "likely"},
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

func with(s Seen, name, value string) Seen { s.Finding = s.With(name, value); return s }

func wanted(s Seen) Seen {
	p := *s.Path
	p.Required, s.Path = false, &p
	return s
}

func family(s Seen, name string) Seen {
	p := *s.Path
	p.Family, s.Path = name, &p
	return s
}

func guess(s Seen) Seen { s.Mark = assets.Inferred; return s }

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
		"domain.option_as_failover", "repair.failed", "repair.rolled_back"} {
		if _, ok := rules.Cause(id); !ok {
			t.Errorf("no rule for %s", id)
		}
	}
}

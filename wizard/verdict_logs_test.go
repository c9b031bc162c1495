package wizard

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"linecheck/assets"
	"linecheck/checks"
)

// said is a finding of the logs check about a kind of line: when it was last, and more arguments.
func said(id string, code checks.Code, st checks.Status, last string, args ...string) Seen {
	f := other(id, "logs", code, st, append([]string{"count", "3", "first", last, "last", last, "often", "3 times, last at " + last,
		"file", "fsscorplug.log", "meaning", "what the line means"}, args...)...)
	f.At, _ = time.Parse(logClock, last)
	f.Mark, f.Subject = assets.Seed, f.Args["file"]
	f.Evidence = []checks.Evidence{{Source: "/logs/fsscorplug.log", Line: 1, Text: f.Args["raw"]}}
	return f
}

func asOf(at string) Seen {
	f := other("f90", "logs", asOfCode, checks.Note, "time", at)
	f.At, _ = time.Parse(logClock, at)
	return f
}

const (
	morning = "2021-11-12 09:00:00"
	noon    = "2021-11-12 12:00:00"
	after   = "2021-11-12 12:10:00"
	end     = "2021-11-12 12:30:00"
)

func TestJudgeByLogsAlone(t *testing.T) {
	recovered := func(s Seen, at string) Seen {
		s.Status, s.Finding = checks.Note, s.With("recovered", at)
		return s
	}
	in := func(s Seen, file string) Seen {
		s.Evidence = []checks.Evidence{{Source: "/logs/" + file, Line: 7}}
		return s
	}
	for name, tt := range map[string]struct {
		found      []Seen
		status     string
		causes     []string
		confidence string
		says       string // in the headline
	}{
		"logs without a known line are called healthy":            {nil, Inconclusive, nil, "", "no line tells whether Product"},
		"silence after an old failure is taken for health":        {[]Seen{said("f1", "logs.timeout", checks.Warn, morning, "ref", "curl 28, fserr 201")}, Fault, []string{"path.unclear"}, "likely", "As of " + end + ": the product got no answer"},
		"a word of last week that all was well is the log's last": {[]Seen{said("f2", "logs.connected", checks.Pass, "2021-11-05 12:00:00")}, Inconclusive, nil, "", "last says so at 2021-11-05 12:00:00"},
		"what stands in no order is likely": {[]Seen{said("f1", "logs.proxy_unresolvable", checks.Warn, noon, "ref", "curl 5, fserr 111"), other("f2", "logs", "logs.clock_changed", checks.Unknown)},
			Fault, []string{"proxy.unresolvable"}, "possible", ""},
		"a lack of the event that Web Reputation is back is told as a lost line": {[]Seen{said("f1", "logs.disconnected", checks.Warn, morning, "is", "unknown", "topic", "Web Reputation")}, Inconclusive, nil, "", ""},
		"a lack of that event is told as well": {[]Seen{said("f1", "logs.disconnected", checks.Warn, morning, "is", "unknown", "topic", "Web Reputation"), said("f2", "logs.connected", checks.Pass, noon)},
			Inconclusive, nil, "", ""},
		"a failure of the morning is told as of noon": {[]Seen{said("f1", "logs.timeout", checks.Warn, morning)}, Fault, []string{"path.unclear"}, "", "; the last line that says so is from " + morning + "."},
		"a recovery as the last word does not clear": {[]Seen{recovered(said("f1", "logs.timeout", checks.Note, morning), noon), said("f2", "logs.connected", checks.Pass, noon)},
			Healthy, nil, "", "its log says so at " + noon},
		"a recovery that is only concluded clears": {[]Seen{unsure(said("f2", "logs.connected", checks.Pass, noon))}, Inconclusive, nil, "", "seems to say so at " + noon},
		"a stop after the recovery is overlooked":  {[]Seen{said("f2", "logs.connected", checks.Pass, noon), said("f3", "logs.stopped", checks.Note, after)}, Inconclusive, nil, "", "stopped at " + after},
		"a stop before the recovery counts":        {[]Seen{said("f2", "logs.connected", checks.Pass, after), said("f3", "logs.stopped", checks.Note, noon)}, Healthy, nil, "", ""},
		"a stop alone is a fault":                  {[]Seen{said("f3", "logs.stopped", checks.Note, after)}, Inconclusive, nil, "", ""},
		"an unread file is no matter": {[]Seen{said("f2", "logs.connected", checks.Pass, noon), other("f4", "logs", "logs.unreadable", checks.Unknown)},
			Inconclusive, nil, "", ""},
		"a refused member is no matter": {[]Seen{said("f2", "logs.connected", checks.Pass, noon), other("f4", "logs", "logs.bundle_refused", checks.Note)},
			Inconclusive, nil, "", ""},
		"the proxy's name is not named first": {[]Seen{said("f1", "logs.proxy_unresolvable", checks.Warn, noon, "ref", "curl 5, fserr 111", "proxy", "gw.corp.example"), said("f2", "logs.query_failed", checks.Warn, after)},
			Fault, []string{"proxy.unresolvable"}, "likely", "gw.corp.example was not found"},
		"one number alone is likely": {[]Seen{said("f1", "logs.proxy_unresolvable", checks.Warn, noon, "ref", "fserr 111")}, Fault, []string{"proxy.unresolvable"}, "possible", ""},
		"two logs that agree are only possible": {[]Seen{said("f1", "logs.connect_timeout", checks.Warn, noon, "ref", "winsock 258"), in(said("f2", "logs.query_failed", checks.Warn, noon), "DeepGuard.log")},
			Fault, []string{"tcp.dropped"}, "likely", ""},
		"words and number of one line do not agree": {[]Seen{said("f1", "logs.proxy_unresolvable", checks.Warn, noon, "ref", "curl 5", "curl", "5", "proxy", "gw.corp.example")},
			Fault, []string{"proxy.unresolvable"}, "likely", ""},
		"curl 6 says why": {[]Seen{said("f1", "logs.host_unresolvable", checks.Warn, noon, "ref", "curl 6, fserr 1", "host", "a.example")}, Fault, []string{"dns.no_such_name"}, "possible", "a.example did not resolve"},
		"a login is a refusal": {[]Seen{said("f1", "logs.proxy_refused", checks.Warn, noon, "status", "407", "ref", "curl 56")},
			Fault, []string{"proxy.auth_required"}, "", ""},
		"a failure that recovered hours before stands again": {[]Seen{recovered(said("f1", "logs.proxy_unresolvable", checks.Note, "2021-11-12 08:00:00"), morning), said("f2", "logs.timeout", checks.Warn, noon)},
			Fault, []string{"path.unclear"}, "", ""},
		"a failure that seemed to recover for a moment is forgotten": {[]Seen{recovered(said("f1", "logs.proxy_unresolvable", checks.Note, noon, "ref", "curl 5, fserr 111"), noon), said("f2", "logs.timeout", checks.Warn, after)},
			Fault, []string{"proxy.unresolvable"}, "possible", ""},
		"a failure of the morning is still said where the line breaks elsewhere since": {[]Seen{said("f1", "logs.proxy_unresolvable", checks.Warn, morning), said("f2", "logs.connect_timeout", checks.Warn, noon)},
			Fault, []string{"tcp.dropped"}, "", ""},
		"two hops that fail in turn lose one": {[]Seen{said("f1", "logs.proxy_unresolvable", checks.Warn, noon), said("f2", "logs.connect_timeout", checks.Warn, after)},
			Fault, []string{"proxy.unresolvable", "tcp.dropped"}, "", ""},
		"an unknown number alone is a fault": {[]Seen{said("f1", "logs.other", checks.Warn, noon)}, Inconclusive, nil, "", ""},
		"a slow answer is a fault":           {[]Seen{said("f1", "logs.slow", checks.Warn, noon)}, Inconclusive, []string{"path.too_slow"}, "", "took long; whether the cloud was reached"},
		"a slow answer hides that the cloud is there": {[]Seen{said("f1", "logs.slow", checks.Warn, noon), said("f2", "logs.connected", checks.Pass, noon)},
			Warning, []string{"path.too_slow"}, "", ""},
		"an alert that outlived its cause is a fault": {[]Seen{said("f2", "logs.connected", checks.Pass, noon), other("f3", "logs", "logs.smart_protection", checks.Note, "alert", "dismissed by hand needed", "since", noon)},
			Warning, []string{"product.alert_stale"}, "", ""},
		"hints become likely": {[]Seen{unsure(said("f1", "logs.connect_timeout", checks.Warn, noon, "ref", "curl 28, winsock 10060"))}, Fault, []string{"tcp.dropped"}, "possible", ""},
	} {
		t.Run(name, func(t *testing.T) {
			v := judged(t, Product{Name: "p", Title: "Product", Wildcards: []string{"*.x.example"}}, append(slices.Clone(tt.found), asOf(end))...)
			var ids []string
			for _, c := range v.Causes {
				ids = append(ids, c.ID)
			}
			if v.Status != tt.status || !slices.Equal(ids, tt.causes) {
				t.Errorf("judged %s %v, want %s %v: %s", v.Status, ids, tt.status, tt.causes, v.Headline)
			}
			if tt.confidence != "" && (len(v.Causes) == 0 || v.Causes[0].Confidence != tt.confidence) {
				t.Errorf("not %s: %+v", tt.confidence, v.Causes)
			}
			if !strings.HasPrefix(v.Headline, "As of "+end) || !strings.Contains(v.Headline, tt.says) {
				t.Errorf("says %q", v.Headline)
			}
		})
	}
}

func unsure(s Seen) Seen { s.Mark = assets.ThirdParty; return s }

func TestEveryCauseOfTheLogsIsOneOfTheLiveRules(t *testing.T) {
	rules, err := assets.LoadRules()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range rules.Logs.Causes {
		if _, ok := rules.Cause(c.ID); !ok {
			t.Errorf("%s is no cause that explain knows", c.ID)
		}
		if c.Severity == "" {
			t.Errorf("%s: what a log says is a warning at most, so a rule has to say how grave it is", c.ID)
		}
		if c.Say == "" {
			t.Errorf("%s has no words for a customer", c.ID)
		}
		for _, id := range c.Hides {
			if _, ok := rules.Logs.Cause(id); !ok {
				t.Errorf("%s hides %s, which no log shows", c.ID, id)
			}
		}
	}
}

// everyKind is a finding for each code that a log rule can stand on.
func everyKind() []Seen {
	var out []Seen
	for i, code := range []checks.Code{"logs.proxy_unresolvable", "logs.host_unresolvable", "logs.dns_timeout", "logs.connect_timeout", "logs.connect_failed",
		"logs.timeout", "logs.stalled", "logs.reset", "logs.tls", "logs.proxy_refused", "logs.proxy_no_answer", "logs.network_failure", "logs.query_failed",
		"logs.disconnected", "logs.suppressed", "logs.slow", "logs.connected", "logs.stopped", "logs.other"} {
		out = append(out, said("f"+string(rune('A'+i)), code, []checks.Status{checks.Warn, checks.Note, checks.Pass}[rand.IntN(3)],
			[]string{morning, noon, after, end}[rand.IntN(4)], "ref", []string{"", "curl 28", "curl 28, fserr 201"}[rand.IntN(3)],
			"status", []string{"", "407", "503"}[rand.IntN(3)], "recovered", []string{"", noon, after}[rand.IntN(3)], "raw", []string{"", "self signed", "refused"}[rand.IntN(3)]))
	}
	return append(out, asOf(end))
}

func TestNoOrderOfWhatLogsSayChangesTheVerdict(t *testing.T) {
	for range 50 {
		found := everyKind()
		want, _ := json.Marshal(judged(t, Product{Name: "p", Title: "Product"}, found...))
		for range 5 {
			rand.Shuffle(len(found), func(i, j int) { found[i], found[j] = found[j], found[i] })
			if got, _ := json.Marshal(judged(t, Product{Name: "p", Title: "Product"}, found...)); string(got) != string(want) {
				t.Fatalf("another order, another verdict:\n%s\n%s", want, got)
			}
		}
	}
}

func TestNoVerdictOfLogsIsSurerThanLogsCanBe(t *testing.T) {
	for range 200 {
		v := judged(t, Product{Name: "p", Title: "Product", Wildcards: []string{"*.x.example"}}, everyKind()...)
		ids := map[string]bool{}
		for _, c := range v.Causes {
			ids[c.ID] = true
			if c.Confidence == "certain" {
				t.Fatalf("%s is certain", c.ID)
			}
			for _, text := range append([]string{c.Headline, c.Explanation, c.Title, c.Say}, c.Fix...) {
				if strings.Contains(text, "{") || strings.Contains(text, "  ") || strings.Contains(text, " .") || strings.Contains(text, "()") || strings.Contains(text, " ,") {
					t.Fatalf("%s: a value is missing in %q", c.ID, text)
				}
			}
		}
		for _, c := range v.Causes {
			for _, id := range c.Hides {
				if ids[id] {
					t.Fatalf("%s explains %s away, and both are told", c.ID, id)
				}
			}
		}
		if v.Status == Healthy && len(v.Causes) > 0 {
			t.Fatal("healthy with a cause")
		}
	}
}

func TestFindingsOfTheMachineKeepTheirOwnRules(t *testing.T) {
	if v := judged(t, Product{Name: "p", Title: "Product"}, said("f1", "logs.timeout", checks.Warn, noon)); v.AsOf != "" || v.Status != Inconclusive || len(v.Causes) != 0 {
		t.Errorf("%+v", v)
	}
}

func TestATicketOfLogsDoesNotNameThisComputer(t *testing.T) {
	rules, _ := assets.LoadRules()
	r := Report{Run: RunInfo{Host: "FIN-PC-0231", Started: "2026-11-22T10:00:00.000Z"}, Profiles: []ProfileInfo{{Name: "p", Product: "Product"}},
		Checks: []CheckReport{{ID: "logs", Profile: "p", Findings: []FindingReport{write(said("f1", "logs.connect_timeout", checks.Warn, noon)), write(asOf(end))}}}}
	var b strings.Builder
	if err := r.Rejudge(rules).Ticket().Write(&b, "text"); err != nil {
		t.Fatal(err)
	}
	flat := strings.Join(strings.Fields(b.String()), " ")
	if strings.Contains(flat, "FIN-PC") || strings.Contains(flat, "seen on") || strings.Contains(flat, "From:") || !strings.Contains(flat, "TCP port 443 is open from that computer to the vendor's addresses") || !strings.Contains(flat, "by its logs, Product on a computer did not reach its cloud as it should (as of "+end+")") {
		t.Error(b.String())
	}
}

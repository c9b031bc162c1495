package wizard

import (
	"regexp"
	"strings"
	"testing"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

// logged is what the product's log says of a lost connection.
func loggedTimeout() CheckReport {
	return CheckReport{ID: "logs", Title: "Logs", Findings: []FindingReport{{ID: "f70", Code: "logs.timeout", Status: checks.Warn, Subject: "some.log",
		View: "the product's own log", At: "2026-11-22T17:40:00.000+02:00", Summary: "no answer in 1006 ms (curl 28)",
		Detail: Detail{Args: map[string]string{"ref": "curl 28, fserr 201", "last": "2026-11-22 17:40:00"},
			Evidence: []checks.Evidence{{Source: `C:\logs\some.log`, Line: 7, Text: "failure on handle 1 28 Operation timed out after 1006 milliseconds, user jane of PC-1"}}}}}}
}

func installed() CheckReport {
	return CheckReport{ID: "product", Title: "Product", Findings: []FindingReport{
		{ID: "f60", Code: "product.found", Status: checks.Pass, Detail: Detail{Args: map[string]string{"name": "Product Agent", "version": "7.1"}}},
		{ID: "f61", Code: "service.running", Status: checks.Pass, Subject: "svc", Detail: Detail{Args: map[string]string{"state": "running", "account": "NetworkService"}}}}}
}

func ticketText(t *testing.T, r Report, whose Whose, level RedactLevel, format string) string {
	t.Helper()
	var b strings.Builder
	if err := r.TicketFor(whose, level, host.Identity{User: r.Run.User, Host: r.Run.Host}).Write(&b, format); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTheVendorGetsWhatItsSupportAsksFor(t *testing.T) {
	silent := blockedWalk("f1", "a.vendor.example", "tcp.dropped", checks.Connect, nil)
	silent.View, silent.Detail.Address = "you, direct, IPv4", "192.0.2.1"
	clock := CheckReport{ID: "clock", Title: "Clock", Findings: []FindingReport{{ID: "f50", Code: "clock.ok", Status: checks.Pass, Summary: "The clocks differ by 0 s."}}}
	domain := CheckReport{ID: "domain", Title: "Domain", Reason: "not allowed to look", Findings: []FindingReport{{ID: "f40", Code: "domain.unreadable", Status: checks.Unknown}}}
	r := runOf(t, yesterday, installed(), clock, addressed(silent), domain, loggedTimeout())
	r.Checks[3].Status = checks.Unknown
	got := strings.Join(strings.Fields(ticketText(t, r, ForVendor, RedactStandard, "text")), " ")
	for _, want := range []string{
		"Product: Product Agent 7.1", "Services running as NetworkService: svc", "Checked by the profile p of 1 (embedded)",
		"Looked at from 2026-11-22 17:00:00 +02:00", "The clocks differ by 0 s.",
		"(tcp.dropped, ", "To be mended by the network team",
		"As the person who ran linecheck, direct, IPv4, which is the product's own way",
		"f1 a.vendor.example:443 (192.0.2.1): tcp.dropped: failed at opening the TCP connection, i/o timeout",
		`C:\logs\some.log line 7: failure on handle 1 28 Operation timed out after 1006 milliseconds`,
		"curl 28 CURLE_OPERATION_TIMEDOUT", "fserr 201", "Not known Domain: not allowed to look", "Redaction standard: replaced were", "Not affiliated",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	for _, secret := range []string{"jane", "PC-1"} {
		if strings.Contains(got, secret) || strings.Contains(ticketText(t, r, ForVendor, RedactOff, "markdown"), "PC-1") {
			t.Errorf("%s leaves the house:\n%s", secret, got)
		}
	}
}

func TestALogLineIsNotBrokenInAFile(t *testing.T) {
	got := ticketText(t, runOf(t, yesterday, loggedTimeout()), ForVendor, RedactStandard, "text")
	if !strings.Contains(got, "line 7: failure on handle 1 28 Operation timed out after 1006 milliseconds, user") {
		t.Errorf("got\n%s", got)
	}
}

// trade are words that a customer need not know.
var trade = regexp.MustCompile(`(?i)\b(dns|tcp|tls|https?|ldap|proxy|proxies|sni|icmp|registry|port \d+|certificate authority|udp|winhttp|pac|curl|ssl|handshake|[a-z]+\.[a-z]+_[a-z]+|\d{1,3}(\.\d{1,3}){3}|f\d+)\b|[{}<>]`)

func TestTheCustomerReadsNoWordOfTheTrade(t *testing.T) {
	rules, err := assets.LoadRules()
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string][2]string{}
	for _, rule := range rules.Causes {
		texts[rule.ID] = [2]string{rule.Say, rule.Who}
	}
	for id, text := range texts {
		r := Report{Run: RunInfo{ID: "abc", Started: yesterday, Host: "PC-1", User: `CORP\jane`}, Profiles: []ProfileInfo{{Name: "p", Vendor: "Vendor", Product: "Product"}},
			Verdict: Verdict{Status: Fault, Headline: "DNS", Causes: []Cause{{ID: id, Profile: "p", Severity: Fault, Who: text[1], Headline: "DNS {x}", Explanation: "TCP",
				Fix: []string{"TLS"}, Say: strings.ReplaceAll(text[0], "{until}", "16:42")}}}}
		got := ticketText(t, r, ForCustomer, RedactStandard, "text")
		if bad := trade.FindString(got); bad != "" {
			t.Errorf("%s: %q in\n%s", id, bad, got)
		}
		if !strings.Contains(got, "Who acts now") || !strings.Contains(got, "What happens next") || !strings.Contains(got, "What we found") {
			t.Errorf("%s: something is missing in\n%s", id, got)
		}
		if strings.Contains(got, "PC-1") || strings.Contains(got, "jane") {
			t.Errorf("%s: a name stands in\n%s", id, got)
		}
	}
}

func TestTheCustomerIsToldWhoActs(t *testing.T) {
	for name, tt := range map[string]struct {
		v    Verdict
		want []string
	}{
		"a healthy computer frightens":         {Verdict{Status: Healthy}, []string{"All is well", "You need not do anything."}},
		"an open question is an all-clear":     {Verdict{Status: Inconclusive}, []string{"We cannot tell yet", "We look again with what was missing"}},
		"a fault without a name is left alone": {Verdict{Status: Fault, Unexplained: []string{"f1"}}, []string{"What it is we do not know yet", "somebody who can tell more"}},
		"whoever must act is not asked": {Verdict{Status: Fault, Causes: []Cause{{ID: "http.captive_portal", Severity: Fault, Who: "user", Say: "Please log in."}}},
			[]string{"Please log in.", "You can do this yourself"}},
		"a hint is told before the fault": {Verdict{Status: Fault, Causes: []Cause{{ID: "tcp.dropped", Severity: Fault, Who: "network", Say: "A wall."}, {ID: "tls.large_hello", Severity: Warning, Who: "vendor", Say: "A hint."}}},
			[]string{"A wall.", "The people who look after your network."}},
		"of four faults the fourth is told as a number": {Verdict{Status: Fault, Causes: []Cause{{ID: "a.a", Severity: Fault, Say: "One."}, {ID: "a.b", Severity: Fault, Say: "Two."},
			{ID: "a.c", Severity: Fault, Say: "Three."}, {ID: "a.d", Severity: Fault, Say: "Four."}}}, []string{"One.", "Two.", "Three."}},
	} {
		r := Report{Run: RunInfo{ID: "abc", Started: yesterday}, Profiles: []ProfileInfo{{Name: "p", Vendor: "Vendor"}}, Verdict: tt.v}
		got := strings.Join(strings.Fields(ticketText(t, r, ForCustomer, RedactStandard, "markdown")), " ")
		for _, w := range tt.want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: no %q in\n%s", name, w, got)
			}
		}
		if strings.Contains(got, "A hint.") {
			t.Errorf("%s: a warning stands among the faults\n%s", name, got)
		}
		if strings.Contains(got, "- +") || strings.Contains(got, `- \+`) {
			t.Errorf("%s: a bare number stands among the sentences\n%s", name, got)
		}
	}
}

func TestAWordThatIsNoReaderIsRefused(t *testing.T) {
	for word, want := range map[string]Whose{"": ForNetwork, "customer": ForCustomer, "network": ForNetwork, "vendor": ForVendor} {
		if got, err := ParseWhose(word); err != nil || got != want {
			t.Errorf("%q is %q, %v", word, got, err)
		}
	}
	if _, err := ParseWhose("boss"); err == nil || !strings.Contains(err.Error(), "customer, network, vendor") {
		t.Errorf("%v", err)
	}
}

func TestTheReadersGoRound(t *testing.T) {
	if ForNetwork.next(1) != ForVendor || ForVendor.next(1) != ForCustomer || ForCustomer.next(-1) != ForVendor {
		t.Error("Tab does not lead to each reader and back")
	}
}

func FuzzTicketForTheVendor(f *testing.F) {
	f.Add("a.example:443", "you, direct", "line \x1b[2J", "curl 28")
	f.Fuzz(func(t *testing.T, target, view, text, ref string) {
		w := blockedWalk("f1", "", "tcp.dropped", checks.Connect, nil)
		w.Detail.Target, w.View = target, view
		l := loggedTimeout()
		l.Findings[0].Detail.Evidence[0].Text, l.Findings[0].Detail.Args["ref"] = text, ref
		for _, format := range TicketFormats {
			if out := ticketText(t, runOf(t, yesterday, addressed(w), l), ForVendor, RedactStandard, format); strings.ContainsAny(out, "\x1b\x07\r") {
				t.Errorf("a ticket steers a terminal: %q", out)
			}
		}
	})
}

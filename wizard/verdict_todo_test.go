package wizard

import (
	"os"
	"strings"
	"testing"

	"linecheck/assets"
	"linecheck/checks"
)

func TestACleanupThatLeavesTheServiceRunningCostsNoFeature(t *testing.T) {
	for runs, lost := range map[string]bool{"yes": false, "no": true} {
		v := judged(t, Product{Name: "p", Title: "Product", Impact: []assets.Impact{{Feature: "x", Effect: "y"}}}, Seen{ID: "f1", Check: "cache", Profile: "p",
			Finding: checks.Finding{Code: "repair.failed", Status: checks.Fail, Subject: "other", Args: map[string]string{"runs": runs, "state": "stopped"}}})
		if v.Status != Fault || (len(v.Impact) > 0) != lost {
			t.Errorf("the product's service runs: %s; %s, and lost is %v", runs, v.Status, v.Impact)
		}
	}
}

func TestWhatIsWrittenInCapitalsStaysSoInASentence(t *testing.T) {
	if got := titlesOf([]string{"dns.name_unanswered"}); !strings.HasPrefix(got[0], "DNS ") {
		t.Error(got)
	}
}

func TestAReportIsSavedForPeopleProgramsAndBrowsers(t *testing.T) {
	t.Chdir(t.TempDir())
	files, err := SaveReport(Report{Schema: ReportSchema, Run: RunInfo{ID: "abc", Started: "2026-11-23T05:22:09.000Z"}, Verdict: Verdict{Status: Healthy, Headline: "All answers."}})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range map[int]string{0: "{", 1: "## ok", 2: "<!DOCTYPE html>"} {
		b, err := os.ReadFile(files[i])
		if err != nil || !strings.HasPrefix(strings.ToLower(string(b)), strings.ToLower(want)) {
			t.Errorf("%s begins with %.20q, want %q (%v)", files[i], b, want, err)
		}
	}
	if said := saidSaved(savedMsg{files, nil}); !strings.HasPrefix(said, "Saved in ") || !strings.HasSuffix(said, "abc.json, .md and .html") {
		t.Error(said)
	}
}

func TestAFirewallIsAskedForEachPortThatIsClosed(t *testing.T) {
	walk := func(id, name, port string) Seen {
		return Seen{ID: id, Check: "allowlist", Profile: "p", Finding: checks.Finding{Code: "tcp.dropped", Status: checks.Fail, Subject: name,
			Args: map[string]string{"port": port}, Path: &checks.Path{Target: name + ":" + port, Route: "direct", Family: "ipv4", Product: true, Required: true}}}
	}
	v := judged(t, Product{Name: "p", Title: "Product"}, walk("f1", "a.example", "443"), walk("f2", "b.example", "80"), walk("f3", "c.example", "443"))
	if len(v.Causes) == 0 || !strings.Contains(v.Causes[0].Fix[0], "port 443 and 80") || !strings.Contains(v.Causes[0].Send, "port 443 and 80") {
		t.Errorf("%+v", v.Causes)
	}
}

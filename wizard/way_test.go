package wizard

import (
	"strings"
	"testing"

	"linecheck/checks"
)

func TestAHealthyReportSaysWhichWayWasTested(t *testing.T) {
	route := FindingReport{ID: "f1", Code: "proxy.route", Status: checks.Pass, Detail: Detail{Args: map[string]string{"way": "through http://gw.example:3128"}}}
	unknown := route
	unknown.Status = checks.Unknown
	for f, want := range map[*FindingReport]string{&route: "Proxy: pass; the product goes out through gw.example:3128\n", &unknown: "Proxy: pass\n"} {
		r := Report{Verdict: Verdict{Status: Healthy, Headline: "All is well."}, Checks: []CheckReport{{ID: "proxy", Title: "Proxy", Profile: "p", Status: checks.Pass, Findings: []FindingReport{*f}}}}
		var b strings.Builder
		if err := r.Write(&b, "text"); err != nil || !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}

func TestAFewFindingsBeginWithTheAnswerAndNotWithAWallOfNotes(t *testing.T) {
	var found []checks.Finding
	for _, s := range []string{"a", "b", "c", "d", "e", "f", "g"} {
		found = append(found, checks.Finding{Code: "proxy.source", Status: checks.Note, Subject: s})
	}
	found = append(found, checks.Finding{Code: "proxy.choices", Status: checks.Note}, checks.Finding{Code: "proxy.route", Status: checks.Pass}, checks.Finding{Code: "x.broken", Status: checks.Fail})
	var got []string
	for _, f := range brief(found, false) {
		got = append(got, string(f.Code))
	}
	if want := "x.broken proxy.route proxy.source proxy.choices proxy.source proxy.source proxy.source"; strings.Join(got, " ") != want {
		t.Errorf("got %v", got)
	}
}

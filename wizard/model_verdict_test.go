package wizard

import (
	"strings"
	"testing"
	"time"

	"linecheck/assets"
	"linecheck/checks"
)

func TestAHealthyRunEndsOnOneCalmScreen(t *testing.T) {
	for _, r := range roles {
		m := drawn(t, r, false, checks.Finding{Code: "x.ok", Status: checks.Pass}, checks.Finding{Code: "x.ok", Status: checks.Pass})
		m.session.At, m.verdict = 7, Verdict{Status: Healthy, Headline: "Product reaches all it needs, and nothing is wrong that linecheck can see from here."}
		s := m.screen()
		if strings.Contains(s, "more lines") {
			t.Errorf("%s: something is below\n%s", r, s)
		}
		lines := strings.Split(s, "\n")
		if bar := strings.TrimSpace(lines[len(lines)-1]); bar != "s save report   ? keys   q quit" {
			t.Errorf("%s: the keys are %q", r, bar)
		}
		for _, st := range m.session.Steps {
			if !strings.Contains(s, "√ "+st.Spec.Title) {
				t.Errorf("%s: %s is missing\n%s", r, st.Spec.Title, s)
			}
		}
	}
}

func TestTheImpactIsSaidOnce(t *testing.T) {
	m := drawn(t, Helpdesk, false)
	m.session.At = 7
	m.verdict = Verdict{Status: Fault, Headline: "It is broken.", Causes: []Cause{{ID: "a.b", Headline: "It is broken.", Explanation: strings.Repeat("Much was seen. ", 60)}},
		Impact: []Effect{{Feature: "DeepGuard", Effect: "slows programs down, all of them, until the line is mended"}, {Feature: "Browsing", Effect: "stops"}}}
	short := strings.Join(m.pages.lines(m, 80, 18), "\n")
	if strings.Count(short, "DeepGuard") != 1 || !strings.Contains(short, "Enter shows it in full") {
		t.Errorf("short it is\n%s", short)
	}
	m.pages.depth = 1
	if full := strings.Join(m.pages.lines(m, 80, 18), "\n"); !strings.Contains(full, "until the line is mended") {
		t.Errorf("in full it is\n%s", full)
	}
}

func TestTheTimeLeftIsSaidAsFarAsItIsKnown(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 10, 0, time.UTC)
	began := now.Add(-5 * time.Second)
	at := func(limit time.Duration, r Run) Step {
		return Step{Spec: checks.Spec{ID: "a", Timeout: limit, Provides: []checks.FactName{"x"}}, Runs: []Run{r}}
	}
	waits := Step{Spec: checks.Spec{ID: "b", Timeout: 20 * time.Second, Needs: []checks.FactName{"x"}}, Runs: []Run{{State: Waiting}}}
	running := Run{State: Running, Started: began}
	for name, c := range map[string]struct {
		steps []Step
		want  string
	}{
		"a time is said although nothing runs":         {[]Step{at(time.Minute, Run{State: Done})}, ""},
		"a limit is not said":                          {[]Step{at(17*time.Second, running)}, "at most 15 s left"},
		"who waits does not count":                     {[]Step{at(17*time.Second, running), waits}, "at most 35 s left"},
		"a check without a limit has one":              {[]Step{at(0, running)}, ""},
		"a long time is said in seconds":               {[]Step{at(5*time.Minute, running)}, "at most 5 min left"},
		"half done does not say as much once more":     {[]Step{at(time.Minute, Run{State: Running, Started: began, Progress: checks.Progress{Done: 5, Total: 10}})}, "about 5 s left"},
		"a guess goes beyond the limit":                {[]Step{at(8*time.Second, Run{State: Running, Started: began, Progress: checks.Progress{Done: 1, Total: 100}})}, "at most 5 s left"},
		"a guess counts although another check waits":  {[]Step{at(time.Minute, Run{State: Running, Started: began, Progress: checks.Progress{Done: 5, Total: 10}}), waits}, "at most 75 s left"},
		"a check that went over its limit has time":    {[]Step{at(3*time.Second, running)}, ""},
		"the work on the computer is said to be short": {[]Step{at(time.Minute, Run{State: Done, Fixing: true})}, ""},
	} {
		s := Session{Steps: c.steps, Profiles: []*assets.Profile{{Name: "p"}}}
		if got := s.leftWords(now); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestWhatMattersIsCopied(t *testing.T) {
	broken := checks.Finding{Code: "x.broken", Status: checks.Fail, Subject: "gw"}
	m := drawn(t, Helpdesk, false, broken)
	if text := m.stepText(); !strings.Contains(text, "x.broken") || strings.Contains(text, "\x1b") {
		t.Errorf("of a step: %q", text)
	}
	m.session.At = 7
	m.verdict = Verdict{Status: Fault, Headline: "It is broken.", Causes: []Cause{{ID: "a.b", Confidence: "certain", Who: "network", Headline: "It is broken.", Fix: []string{"Open it."}}}}
	for _, want := range []string{"It is broken.", "the network team", "Open it.", "certain, a.b"} {
		if text := m.verdictText(); !strings.Contains(text, want) {
			t.Errorf("%q is not in %q", want, text)
		}
	}
}

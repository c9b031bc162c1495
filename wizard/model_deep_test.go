package wizard

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"linecheck/checks"
	"linecheck/tui"
)

func TestOpenedEvidenceHasTheRowsOfTheRolesPart(t *testing.T) {
	for _, r := range roles {
		m := drawn(t, r, false, checks.Finding{Code: "x.broken", Status: checks.Fail, Subject: "gw.example.intern:3128"})
		m.key(tea.KeyPressMsg(enter))
		for _, a := range m.adviceHere() {
			if strings.Contains(m.screen(), " "+a.label()+"  ") && a.part != "try" {
				t.Errorf("%s: over the evidence stands %q\n%s", r, a.label(), m.screen())
			}
		}
		if m.key(tea.KeyPressMsg(esc)); !strings.Contains(m.screen(), " "+m.adviceHere()[0].label()+"  ") {
			t.Errorf("%s: its part is not there again\n%s", r, m.screen())
		}
	}
}

func TestGuidedDoesNotCallASkippedStepInOrder(t *testing.T) {
	m := drawn(t, Guided, false, checks.Finding{Code: "x.none", Status: checks.Skip})
	if s := m.screen(); strings.Contains(s, "in order") || !strings.Contains(s, "nothing to look at") {
		t.Errorf("a skipped step is told as\n%s", s)
	}
}

func TestTheVerdictIsAnnouncedWhereverOneStands(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newApp(t, 80, 24, "t-provider", "t-needy", "t-hangs")
		a.run(200 * time.Millisecond)
		if s := a.plain(); strings.Contains(s, "v verdict") || strings.Contains(s, "have ended") {
			t.Errorf("while checks run\n%s", s)
		}
		a.run(10 * time.Second)
		a.plainShows("All steps have ended. v shows the verdict.")
		a.plainShows("v verdict")
		if a.press(tea.Key{Code: tea.KeyRight}); strings.Contains(a.plain(), "have ended") {
			t.Errorf("it stays after a key\n%s", a.plain())
		}
	})
}

func TestEnterGoesDeeperIntoAVerdictAndEscBack(t *testing.T) {
	m := drawn(t, Helpdesk, false, checks.Finding{Code: "x.broken", Status: checks.Fail, Subject: "gw", Args: map[string]string{"a": "b"}})
	m.session.At = len(m.panels)
	m.verdict = Verdict{Status: Fault, Headline: "It is broken.", Causes: []Cause{{ID: "a.b", Headline: "It is broken.", Evidence: []string{m.session.Seen()[0].ID}}}}
	for i, step := range []struct {
		key  tea.Key
		deep tui.Depth
		want string
	}{{enter, tui.AtEvidence, "Enter raw"}, {enter, tui.AtRaw, "Everything that was seen"}, {enter, tui.AtRaw, "Everything that was seen"},
		{esc, tui.AtEvidence, "Enter raw"}, {esc, tui.AtList, "How we know"}, {esc, tui.AtList, "step"}} {
		m.key(tea.KeyPressMsg(step.key))
		if m.pages.depth != step.deep || !strings.Contains(m.screen(), step.want) {
			t.Errorf("key %d leads to depth %d, want %d and %q\n%s", i, m.pages.depth, step.deep, step.want, m.screen())
		}
	}
}

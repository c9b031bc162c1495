package wizard

import (
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"linecheck/checks"
)

func TestEscNeverLeavesTheProgram(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := optionsOf(t, "t-provider", "t-needy")
		o.Ask = true
		a := launch(t, 80, 24, o)
		a.run(time.Second)
		a.press(esc, esc)
		a.shows("Press q to quit.")
		a.press(enter)
		a.run(5 * time.Second)
		for _, k := range []tea.Key{char('v'), enter, esc, char('t'), esc, char('?'), esc, char('w'), esc, esc, esc, esc, esc} {
			a.press(k)
		}
		if len(a.done) > 0 || a.m.session.At != 0 {
			t.Errorf("left %d, at step %d", len(a.done), a.m.session.At)
		}
	})
}

func TestTheKeysAreShownOverEveryPage(t *testing.T) {
	for name, keys := range map[string][]tea.Key{
		"a step": {}, "the verdict": {char('v')}, "the evidence": {char('v'), enter}, "the ticket": {char('v'), char('t')}, "the roles": {char('w')},
	} {
		for _, k := range []tea.Key{char('?'), {Code: tea.KeyF1}} {
			synctest.Test(t, func(t *testing.T) {
				a := newApp(t, 80, 40, "t-provider", "t-needy")
				a.run(5 * time.Second)
				a.press(keys...)
				before := a.plain()
				a.press(k)
				a.shows("Everywhere")
				a.shows("It never quits.")
				a.press(esc)
				if a.plain() != before {
					t.Errorf("over %s: Esc leads to\n%s\nwhere there was\n%s", name, a.plain(), before)
				}
			})
		}
	}
}

// TestNoLetterDoesHarm presses every letter on every page: none but q leaves, none changes the computer, none stops a check
// but x, which says so.
func TestNoLetterDoesHarm(t *testing.T) {
	atHome(t)
	pages := map[string][]tea.Key{"a step": {}, "the verdict": {char('v')}, "the ticket": {char('v'), char('t')}, "the roles": {char('w')}, "the keys": {char('?')}}
	for name, keys := range pages {
		for r := rune('!'); r <= '~'; r++ {
			if r == 'q' {
				continue
			}
			synctest.Test(t, func(t *testing.T) {
				a := newApp(t, 80, 24, "t-provider")
				a.run(5 * time.Second)
				a.press(keys...)
				a.press(char(r))
				a.run(5 * time.Second)
				if len(a.done) > 0 || len(a.m.session.Repairs) > 0 || a.m.session.Ended {
					t.Errorf("%c on %s: left %d, changes %d", r, name, len(a.done), len(a.m.session.Repairs))
				}
				if st := a.m.session.Steps[0].Status(); st != checks.Pass && r != 'x' {
					t.Errorf("%c on %s makes the step %s", r, name, st)
				}
			})
		}
	}
}

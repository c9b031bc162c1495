package wizard

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
)

// TestAWholeWalkInEachRole is a person's evening: the first screen, the way of working, every step, the verdict, its
// evidence, a ticket, a report, and out. What each key leads to is looked at.
func TestAWholeWalkInEachRole(t *testing.T) {
	right, left := tea.Key{Code: tea.KeyRight}, tea.Key{Code: tea.KeyLeft}
	for i, r := range roles {
		atHome(t)
		synctest.Test(t, func(t *testing.T) {
			o := optionsOf(t, "t-provider", "t-needy", "t-hangs")
			o.Role, o.Ask = Helpdesk, true
			a := launch(t, 80, 24, o)
			script := []struct {
				keys []tea.Key
				wait time.Duration
				want string
			}{
				{nil, time.Second, "How do you work?"},
				{[]tea.Key{char('w'), char(rune('1' + i))}, 0, "How you work now: " + r.name()},
				{[]tea.Key{char('?')}, 0, "On this screen"},
				{[]tea.Key{esc, enter}, 0, "Verdict"},
				{nil, 200 * time.Millisecond, map[Role]string{Helpdesk: "y copy", Guided: "Nothing has to be pressed", Self: "Why this matters"}[r]},
				{nil, 5 * time.Second, "t-hangs"},
				{[]tea.Key{right, right}, 0, map[Role]string{Helpdesk: "unknown", Guided: "That is no sign of trouble", Self: "unknown"}[r]},
				{[]tea.Key{left, char('r')}, 2 * time.Second, "t-needy"},
				{[]tea.Key{char('v')}, 0, "the product's way out"},
				{[]tea.Key{char('t')}, 0, "There is nothing here for the team"},
				{[]tea.Key{char('?')}, 0, "save to file"},
				{[]tea.Key{esc}, 0, "►2 the network team"},
				{[]tea.Key{char('s')}, time.Second, "Saved in "},
				{[]tea.Key{esc, char('s')}, time.Second, "Saved in "},
				{[]tea.Key{esc}, 0, "►t-hangs"},
			}
			for n, s := range script {
				a.press(s.keys...)
				a.run(s.wait)
				if t.Failed() {
					t.Fatalf("%s stops before part %d", r, n)
				}
				a.plainShows(s.want)
			}
			if a.m.session.Role != r || a.m.session.At != 2 {
				t.Errorf("%s at step %d", a.m.session.Role, a.m.session.At)
			}
			a.press(char('q'))
			if len(a.done) != 1 {
				t.Error("q does not leave")
			}
		})
	}
}

func (a *app) plainShows(want string) {
	a.t.Helper()
	if s := a.plain(); !strings.Contains(s, want) {
		a.t.Errorf("the screen does not show %q:\n%s", want, s)
	}
}

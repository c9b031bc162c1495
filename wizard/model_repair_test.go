package wizard

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"linecheck/checks"
)

// typed presses the keys of a word.
func (a *app) typed(word string) {
	for _, r := range word {
		a.press(char(r))
	}
}

// asked is the screen with the plan of a repair over it.
func asked(t *testing.T, role Role, id checks.ID) *app {
	t.Helper()
	turns = 0
	o := optionsOf(t, id, "t-turns")
	o.Role = role
	a := launch(t, 80, 24, o)
	a.run(5 * time.Second)
	a.press(char('a'))
	a.shows("Mend the product?")
	return a
}

func TestNothingIsChangedBeforeTheCustomerAgreed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := asked(t, Guided, "t-mends")
		a.shows(`Say: "May I mend it?"`)
		a.shows("did the customer agree?")
		a.typed("me") // the rest of the word has an n in it, which is an answer
		a.press(tea.Key{Code: tea.KeyEnter})
		if len(a.m.session.Repairs) > 0 {
			t.Fatal("the word alone is enough")
		}
		a.press(char('n'))
		if a.m.dialog != nil || len(a.m.session.Repairs) > 0 {
			t.Fatal("a no is no answer")
		}
		a.shows("nothing was changed")
		a.press(char('a'))
		a.press(char('y'))
		a.shows("and press Enter")
		a.typed("mend")
		a.press(tea.Key{Code: tea.KeyEnter})
		if r := a.m.session.Repairs; len(r) != 1 || r[0].Approved.Customer != Agreed || r[0].Approved.How != OnScreen {
			t.Errorf("%+v", r)
		}
		a.run(time.Minute)
	})
}

func TestARepairIsShownStepByStepAndThenLookedAtAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := asked(t, Helpdesk, "t-mends")
		if strings.Contains(a.m.screen(), "customer") {
			t.Error("a customer is asked for where nobody listens")
		}
		a.typed("mend")
		a.press(tea.Key{Code: tea.KeyEnter})
		began := a.out.len()
		a.run(7 * time.Second)
		if perSecond := (a.out.len() - began) / 7; perSecond > 1500 {
			t.Errorf("%d bytes a second while it is repaired, want at most 1500", perSecond)
		}
		for _, want := range []string{"√  1 stop it", "►  2 mend it", "   3 start it", "step 2 of 3, mend it for jane", "Nothing has to be pressed"} {
			if s := ansi.Strip(a.m.screen()); !strings.Contains(s, want) {
				t.Errorf("no %q in\n%s", want, s)
			}
		}
		a.run(9 * time.Second)
		for _, want := range []string{"√  3 start it", "Result", "done", "start it for jane: done", "Before", "Something is broken"} {
			if s := ansi.Strip(a.m.screen()); !strings.Contains(s, want) {
				t.Errorf("no %q in\n%s", want, s)
			}
		}
		a.run(5 * time.Second)
		if strings.Contains(a.m.screen(), "Looking again") || turns != 2 {
			t.Errorf("after %d looks:\n%s", turns, a.m.screen())
		}
		before := a.out.len()
		a.run(time.Hour)
		if n := a.out.len() - before; n > 0 {
			t.Errorf("a page on which nothing happens writes %d bytes", n)
		}
		a.press(tea.Key{Code: tea.KeyEnter})
		if a.m.dialog != nil || a.m.session.At != len(a.m.panels) {
			t.Error("Enter does not lead to the verdict")
		}
		a.shows("Mend the product: done")
	})
}

func TestLeavingTheRepairsPageStopsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := asked(t, Self, "t-rolls")
		a.typed("mend")
		a.press(tea.Key{Code: tea.KeyEnter}, tea.Key{Code: tea.KeyEscape})
		if a.m.dialog != nil || !a.m.fixing() {
			t.Fatal("the page does not close, or the repair ended with it")
		}
		a.run(time.Minute)
		a.shows("It was taken back: jane's door stayed shut")
	})
}

func TestTheRepairsPageFitsEveryWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := asked(t, Self, "t-rolls")
		a.typed("mend")
		a.press(tea.Key{Code: tea.KeyEnter})
		d := a.m.dialog
		for range 2 {
			for w := 0; w <= 200; w += 7 {
				for _, h := range []int{0, 1, 3, 7, 8, 12, 24, 60} {
					a.m.w, a.m.h, a.m.dialog = w, h, d
					lines := strings.Split(a.m.screen(), "\n")
					if len(lines) > max(h, 1) {
						t.Fatalf("%dx%d: %d lines", w, h, len(lines))
					}
				}
			}
			a.run(time.Minute)
		}
		a.m.w, a.m.h = 80, 24
	})
}

func TestTheLineModeAsksTheCustomerFirst(t *testing.T) {
	for name, c := range map[string]struct {
		role    Role
		in      string
		repairs int
		says    []string
	}{
		"a no changes something":                  {Guided, "6\n4\n1\n1\n", 0, []string{`To say: "May I mend it?"`, "Did the customer agree?  1 no, leave it  2 yes", "Nothing was changed."}},
		"an empty answer is taken for a yes":      {Guided, "6\n4\n\n1\n", 0, []string{"Nothing was changed."}},
		"a yes is not written down":               {Guided, "6\n4\n2\nmend\n1\n", 1, []string{"step 1 of 3, stop it", "step 3 of 3, start it", "Done, one change", "Looking again", "Mend the product: done", "the customer agreed", "t-turns: fail before, pass now"}},
		"a customer is made up":                   {Helpdesk, "6\n4\nmend\n1\n", 1, []string{"by the word typed, helpdesk\n"}},
		"another word changes something":          {Helpdesk, "6\n4\nmind\n1\n", 0, []string{"Nothing was changed."}},
		"the plan does not say how long it takes": {Helpdesk, "6\n4\n\n1\n", 0, []string{"It takes ten seconds", "Undo: It cannot be undone."}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				turns = 0
				o := optionsOf(t, "t-mends", "t-turns")
				o.Role, o.Width = c.role, 200
				var b strings.Builder
				s, err := RunLines(t.Context(), o, strings.NewReader(c.in), &b)
				if err != nil || len(s.Repairs) != c.repairs {
					t.Errorf("%v, %d repairs", err, len(s.Repairs))
				}
				for _, want := range c.says {
					if !strings.Contains(b.String(), want) {
						t.Errorf("it does not say %q:\n%s", want, b.String())
					}
				}
			})
		})
	}
}

func TestWhatWasMadeGoodBeforeTheSessionIsToldFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := optionsOf(t, "t-provider")
		o.Kept = []checks.Change{{What: "start fsulnethoster", When: time.Now(), Result: "done", Undo: "net stop"}}
		o.Owed = []string{"a folder is left"}
		a := launch(t, 80, 24, o)
		a.press(tea.Key{Code: tea.KeyEnter})
		a.shows("An earlier linecheck did not come to its end")
		a.shows("start fsulnethoster: done")
		a.shows("a folder is left")
		a.run(time.Second)
		a.press(tea.Key{Code: tea.KeyEnter})
		if a.m.dialog != nil {
			t.Error("it does not go away")
		}
		if r := o.Report(a.m.session, "x"); len(r.Changes) != 1 {
			t.Errorf("the report lacks it: %+v", r.Changes)
		}
		var b strings.Builder
		if _, err := RunLines(t.Context(), o, strings.NewReader(""), &b); err != nil || !strings.Contains(b.String(), "start fsulnethoster: done") {
			t.Errorf("%v, in lines:\n%s", err, b.String())
		}
	})
}

package wizard

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/checks"
)

func init() {
	checks.Register(fake{spec("t-same", time.Minute), nil})
	checks.Register(fake{spec("t-long", time.Minute), func(ctx context.Context, _ checks.Env, emit func(checks.Event)) (checks.Result, error) {
		for i := range 30 {
			emit(checks.Progress{Done: 1, Total: 3, Waiting: "proxy.example.intern: waiting for TCP, 3 of 5 s"})
			select {
			case <-ctx.Done():
				return checks.Result{}, ctx.Err()
			case <-time.After(time.Second):
			}
			_ = i
		}
		return passing()
	}})
}

// flat is what was said, without its line breaks.
func (k *talk) flat() string { return strings.Join(strings.Fields(k.said()), " ") }

func (k *talk) says(t *testing.T, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(k.flat(), w) {
			t.Errorf("it does not say %q:\n%s", w, k.said())
		}
	}
}

func TestWhoeverWaitsHearsRarelyForWhat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := begin(t, optionsOf(t, "t-long"))
		time.Sleep(11 * time.Second) // it has run for 16
		synctest.Wait()
		k.says(t, "t-long: proxy.example.intern: waiting for TCP, 3 of 5 s, 1 of 3 done. 5 s so far, 60 s at most.", "Type x and Enter to skip this step")
		if n := strings.Count(k.flat(), "waiting for TCP"); n != 3 {
			t.Errorf("in 16 seconds it says so %d times:\n%s", n, k.said())
		}
		if n := strings.Count(k.flat(), "Type x and Enter"); n != 1 {
			t.Errorf("what can be typed is said %d times", n)
		}
		time.Sleep(30 * time.Second)
		k.leave(t, "ok: seen", "The input has ended")
	})
}

func TestASlowStepIsSkippedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := begin(t, optionsOf(t, "t-long", "t-provider"))
		k.types("x", time.Second)
		k.says(t, "t-long is skipped.", "Step 2 of 2: t-provider.")
		_ = k.keys.Close()
		if s := <-k.done; s.Steps[0].Runs[0].State != Skipped {
			t.Errorf("it is %d", s.Steps[0].Runs[0].State)
		}
	})
}

func TestLeavingAsksFirstWhileSomethingRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := begin(t, optionsOf(t, "t-long"))
		k.types("q", time.Second)
		k.says(t, "Checks are still running. Leave now?", "1 stay 2 leave Enter for 1:")
		k.types("", time.Second)
		k.types("q", time.Second)
		k.types("2", time.Second)
		k.leave(t, "linecheck has ended.")
		if strings.Contains(k.said(), "The input has ended") {
			t.Error("it waited for more")
		}
	})
}

func TestWhatIsTypedWhileItWaitsAnswersTheNextQuestions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := begin(t, optionsOf(t, "t-long", "t-provider"))
		k.types("1", time.Second)
		k.types("q", time.Second) // behind an answer it is the next one
		if strings.Contains(k.said(), "Leave now?") {
			t.Error("it did not wait for its turn")
		}
		time.Sleep(time.Minute)
		k.leave(t, "Step 2 of 2: t-provider.", "linecheck has ended.")
	})
}

func TestAWrongAnswerIsExplained(t *testing.T) {
	for typed, want := range map[string]string{
		"42":                       `"42" is none of the choices. Type a number from 1 to 10, ? for all of them, or only Enter for 1.`,
		strings.Repeat("long ", 9): `"long long long long..." is none of the choices.`,
		"\x1b[2J":                  `"?[2J" is none of the choices.`,
		"?":                        "Every choice has a number.",
	} {
		t.Run(want, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				k := begin(t, optionsOf(t, "t-provider", "t-needy"))
				k.types(typed, time.Second)
				k.leave(t, want)
			})
		})
	}
}

func TestQuestionsThatComeAgainAreShort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := begin(t, optionsOf(t, "t-provider", "t-needy", "t-turns"))
		k.types("1", 5*time.Second)
		k.types("3", 5*time.Second)
		k.leave(t, "What next? 1 continue 2 evidence ? all choices Enter for 1:")
		if n := strings.Count(k.said(), "save report"); n > 2 {
			t.Errorf("all is offered %d times:\n%s", n, k.said())
		}
	})
}

func TestCtrlCEndsCalmly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, wait := range []time.Duration{time.Second, time.Minute} { // while it waits, and at a question
			ctx, cancel := context.WithCancel(t.Context())
			k := &talk{done: make(chan Session, 1)}
			go func() {
				s, err := RunLines(ctx, optionsOf(t, "t-long"), nobody{ctx}, k)
				if err != nil {
					t.Error(err)
				}
				k.done <- s
			}()
			time.Sleep(wait)
			cancel()
			if s := <-k.done; !s.Ended {
				t.Error("the session does not say that a person ended it")
			}
			k.says(t, "Stopped. Nothing is left half done.")
		}
	})
}

// nobody is a terminal at which nobody types.
type nobody struct{ ctx context.Context }

func (h nobody) Read([]byte) (int, error) {
	<-h.ctx.Done()
	return 0, h.ctx.Err()
}

func TestEnterAtTheVerdictDoesNotLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := begin(t, optionsOf(t, "t-provider"))
		k.types("1", 5*time.Second)
		k.types("", time.Second)
		k.types("p", time.Second)
		k.leave(t, "What was checked", "Step 1 of 1: t-provider.")
		if strings.Contains(k.said(), "linecheck has ended") {
			t.Error("it left")
		}
	})
}

// TestAnotherWayOfWorkingThatIsChosenInLinesIsRecorded: on the screen it is.
func TestAnotherWayOfWorkingThatIsChosenInLinesIsRecorded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := optionsOf(t, "t-provider")
		o.Role, o.Record = Self, true
		k := begin(t, o)
		k.types("w", time.Second)
		k.types("2", time.Second)
		_ = k.keys.Close()
		s := <-k.done
		if s.Role != Guided || !slices.Contains(s.History(), Change(RoleChosen{Role: Guided})) {
			t.Errorf("the role is %q after %v", s.Role, s.History())
		}
	})
}

package wizard

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

// mender is a check with something to mend, which takes ten seconds. Its second look finds nothing to do.
type mender struct {
	fake
	end func(ctx context.Context) (checks.Result, error)
}

var mendAction = checks.Action{ID: "t.mend", Title: "Mend the product?", Why: "It is broken.", Steps: []string{"stop it", "mend it", "start it"},
	Effect: "Nothing is seen.", Takes: "ten seconds", Undo: "It cannot be undone.", Confirm: "mend", Ask: "May I mend it?",
	Again: []checks.ID{"t-mends", "t-turns", "not in this session"}}

func (m mender) Fix(ctx context.Context, _ checks.Env, _ host.Hands, a checks.Action, emit func(checks.Event)) (checks.Result, error) {
	for i := range a.Steps {
		emit(checks.Found{Finding: checks.Finding{Code: "x.y", Subject: "told on the way"}}) // a reader replaces, never adds up
		for range 5 {
			emit(checks.Progress{Done: i, Total: len(a.Steps), Waiting: a.Steps[i] + " for jane"})
			time.Sleep(time.Second)
		}
	}
	return m.end(ctx)
}

// turns counts the runs of t-turns; its first look is bad, every later one good.
var turns int

func init() {
	looks := func(context.Context, checks.Env, func(checks.Event)) (checks.Result, error) {
		return checks.Result{Findings: []checks.Finding{{Code: "x.y", Status: checks.Warn, Subject: "jane"}}, Actions: []checks.Action{mendAction}}, nil
	}
	change := []checks.Change{{What: "start it for jane", When: time.Now(), Result: "done", Undo: "stop it"}}
	checks.Register(mender{fake{spec("t-mends", time.Minute), looks}, func(context.Context) (checks.Result, error) {
		return checks.Result{Findings: []checks.Finding{{Code: "x.y", Status: checks.Pass, Subject: "mended"}}, Changes: change}, nil
	}})
	checks.Register(mender{fake{spec("t-rolls", time.Minute), looks}, func(context.Context) (checks.Result, error) {
		return checks.Result{Findings: []checks.Finding{{Code: repairRolledBack, Status: checks.Warn}}, Changes: change}, errors.New("t.mend: jane's door stayed shut\nat line 1")
	}})
	checks.Register(fake{spec("t-turns", time.Minute), func(context.Context, checks.Env, func(checks.Event)) (checks.Result, error) {
		turns++
		time.Sleep(time.Second)
		if turns == 1 {
			return checks.Result{Findings: []checks.Finding{{Code: "x.y", Status: checks.Fail}}}, nil
		}
		return passing()
	}})
}

// mending is a session before its repair, all checks of which have run.
func mending(t *testing.T, role Role, id checks.ID) (*Runner, Session, Key) {
	t.Helper()
	turns = 0
	o := optionsOf(t, id, "t-turns")
	r := NewRunner(context.Background(), o.Env(), host.Hands{})
	t.Cleanup(r.Close)
	return r, Play(t.Context(), o.New(o.Profiles, role, time.Now()), r, nil), Key{id, "p"}
}

func reported(t *testing.T, s Session) Report {
	t.Helper()
	o := optionsOf(t)
	return o.Report(s, "abc")
}

func TestWhatARepairMayHaveChangedIsLookedAtAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, s, k := mending(t, Guided, "t-mends")
		if s.Run(Key{"t-turns", "p"}).Status() != checks.Fail {
			t.Fatal("it is not broken")
		}
		s = r.Fix(s, k, mendAction, Approval{At: time.Now(), How: OnScreen, Customer: Agreed})
		if s.Settled() || !s.Run(k).Fixing {
			t.Error("a repair under way does not show")
		}
		if again := r.Fix(s, k, mendAction, Approval{}); len(again.Repairs) != 1 {
			t.Error("the same repair runs twice at once")
		}
		s = Play(t.Context(), s, r, nil)
		if st := s.Run(Key{"t-turns", "p"}).Status(); st != checks.Pass || turns != 2 {
			t.Errorf("after the repair it is %s in %d runs", st, turns)
		}
		if f := s.Run(k).Result.Findings; len(f) != 1 || f[0].Subject != "mended" {
			t.Errorf("what the repair left is not what is told: %+v", f)
		}
		rep := s.Repairs[0]
		if rep.Result() != "done" || len(rep.Steps) != 3 || rep.Steps[2].Waiting != "start it for jane" || rep.Ended.IsZero() {
			t.Errorf("%q, steps %+v", rep.Result(), rep.Steps)
		}
		if code := ExitCode(s, Verdict{Status: Healthy}); code != 0 {
			t.Errorf("exit code %d", code)
		}
	})
}

func TestTheReportHoldsBeforeAndAfterARepair(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, s, k := mending(t, Guided, "t-mends")
		s = Play(t.Context(), r.Fix(s, k, mendAction, Approval{At: time.Now(), How: OnScreen, Customer: Agreed}), r, nil)
		rep := reported(t, s)
		var b bytes.Buffer
		if err := rep.Write(&b, "json"); err != nil {
			t.Fatal(err)
		}
		if err := validate(t, b.Bytes()); err != nil {
			t.Error(err)
		}
		if strings.Contains(b.String(), "jane") {
			t.Error("the part before the repair, or its steps, is not redacted")
		}
		if n := len(rep.Repairs); n != 1 {
			t.Fatalf("%d repairs", n)
		}
		p := rep.Repairs[0]
		if p.Approved.Customer != "agreed" || p.Approved.Role != Guided || p.Approved.How != "screen" || p.Approved.At == "" || p.Result != "done" || p.Action != "t.mend" {
			t.Errorf("%+v", p)
		}
		if p.Before.Verdict.Status != Fault || p.Before.Checks[1].Status != checks.Fail || rep.Checks[1].Status != checks.Pass {
			t.Errorf("before %s %s, after %s", p.Before.Verdict.Status, p.Before.Checks[1].Status, rep.Checks[1].Status)
		}
		ids := map[string]bool{}
		for _, c := range append(rep.Checks, p.Before.Checks...) {
			for _, f := range c.Findings {
				if ids[f.ID] {
					t.Errorf("two findings are called %s", f.ID)
				}
				ids[f.ID] = true
			}
		}
		var saved Report
		var again bytes.Buffer
		if err := json.Unmarshal(b.Bytes(), &saved); err != nil {
			t.Fatal(err)
		}
		rules, _ := assets.LoadRules()
		if saved.Rejudge(rules).Write(&again, "json"); again.String() != b.String() {
			t.Errorf("judged again it differs:\n%s\n%s", b.String(), again.String())
		}
		for _, format := range []string{"text", "markdown"} {
			b.Reset()
			rep.Write(&b, format)
			for _, want := range []string{"Mend the product: done", "by the word typed on the screen, guided; the customer agreed", "Before: fault: ", "Now: ",
				"t-turns: fail before, pass now"} {
				if !strings.Contains(b.String(), want) {
					t.Errorf("the %s report lacks %q:\n%s", format, want, b.String())
				}
			}
		}
	})
}

func TestARepairThatWasRolledBackEndsWithFive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, s, k := mending(t, Self, "t-rolls")
		s = Play(t.Context(), r.Fix(s, k, mendAction, Approval{At: time.Now(), How: InLines}), r, nil)
		if got := s.Repairs[0].Result(); got != "rolled back: jane's door stayed shut" {
			t.Errorf("%q", got)
		}
		if turns != 2 {
			t.Error("what is true after it was not looked at")
		}
		if len(s.Run(k).Result.Findings) != 2 {
			t.Errorf("what was known is gone: %+v", s.Run(k).Result.Findings)
		}
		if code := ExitCode(s, Verdict{Status: Healthy}); code != 5 {
			t.Errorf("exit code %d", code)
		}
		s = s.Apply(RerunAsked{Keys: []Key{k}}).Apply(Interrupted{})
		if code := ExitCode(s, Verdict{Status: Healthy}); code != 5 {
			t.Errorf("looked at again and left it is forgotten: exit code %d", code)
		}
	})
}

func TestARefusalIsNotCalledAChange(t *testing.T) {
	k := Key{"t-mends", "p"}
	o := optionsOf(t, "t-mends", "t-turns")
	s := o.New(o.Profiles, Self, time.Now()).Apply(FixStarted{Key: k, Action: mendAction}).Apply(FixFinished{Key: k,
		Result: checks.Result{Findings: []checks.Finding{{Code: repairRolledBack, Status: checks.Warn}}}, Err: errors.New("t.mend: nothing was changed: the line is closed")})
	if got := s.Repairs[0].Result(); got != "refused: the line is closed" {
		t.Errorf("%q", got)
	}
	if got := saidFixed(s.Repairs[0]); got != "Nothing was changed: the line is closed" {
		t.Errorf("%q", got)
	}
	if code := ExitCode(s, Verdict{Status: Healthy}); code != 5 {
		t.Errorf("exit code %d", code)
	}
}

func TestWhoLeavesDuringARepairKeepsWhatWasFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, s, k := mending(t, Self, "t-mends")
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		s = r.Fix(s, k, mendAction, Approval{At: time.Now(), How: OnScreen})
		s = Play(ctx, s, r, nil)
		if !s.Ended || s.Repairs[0].Outcome != Repaired || turns != 1 || s.Run(Key{"t-turns", "p"}).State != Done {
			t.Errorf("ended %v, %q, %d runs, %v", s.Ended, s.Repairs[0].Result(), turns, s.Run(Key{"t-turns", "p"}).State)
		}
	})
}

func TestARunThatWasUnderWayDuringARepairRunsOnceMore(t *testing.T) {
	k, other, skipped := Key{"t-mends", "p"}, Key{"t-turns", "p"}, Key{"t-provider", "p"}
	o := optionsOf(t, "t-mends", "t-turns", "t-provider")
	a := mendAction
	a.Again = append(a.Again, "t-provider")
	s := o.New(o.Profiles, Self, time.Now()).Apply(StepSkipped{Check: "t-provider"}).Apply(FixStarted{Key: k, Action: a}).Apply(RunStarted{Key: other}).Apply(FixFinished{Key: k})
	if s.Run(other).State != Running || s.Run(skipped).State != Skipped {
		t.Errorf("%v, skipped %v", s.Run(other).State, s.Run(skipped).State)
	}
	s = s.Apply(RunFinished{Key: other, Result: checks.Result{Findings: []checks.Finding{{Code: "x.y", Status: checks.Fail}}}})
	if r := s.Run(other); r.State != Waiting || len(r.Result.Findings) != 0 {
		t.Errorf("half of the old truth is left: %+v", r)
	}
	s = s.Apply(RunStarted{Key: other}).Apply(RunFinished{Key: other})
	if s.Run(other).State != Done {
		t.Error("it runs for ever")
	}
}

func TestMoreChecksJoinASessionInTheirOrder(t *testing.T) {
	o := optionsOf(t, "t-turns")
	more := optionsOf(t, "t-mends", "t-turns").Checks
	s := o.New(o.Profiles, Self, time.Now()).Apply(RunStarted{Key: Key{"t-turns", "p"}})
	both := s.With(more)
	if len(both.Steps) != 2 || len(s.Steps) != 1 {
		t.Fatalf("%d steps, and %d before", len(both.Steps), len(s.Steps))
	}
	if ids := []checks.ID{both.Steps[0].Spec.ID, both.Steps[1].Spec.ID}; ids[0] != "t-mends" || ids[1] != "t-turns" {
		t.Errorf("order %q", ids)
	}
	if both.Run(Key{"t-turns", "p"}).State != Running || both.Run(Key{"t-mends", "p"}).State != Waiting {
		t.Error("what runs was begun anew, or what is new does not wait")
	}
}

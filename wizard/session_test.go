package wizard

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

// fake is a check made of a function; its texts hold one code.
type fake struct {
	spec checks.Spec
	run  func(ctx context.Context, env checks.Env, emit func(checks.Event)) (checks.Result, error)
}

func (f fake) Spec() checks.Spec { return f.spec }
func (f fake) Run(ctx context.Context, env checks.Env, emit func(checks.Event)) (checks.Result, error) {
	return f.run(ctx, env, emit)
}

func spec(id checks.ID, timeout time.Duration) checks.Spec {
	return checks.Spec{ID: id, Title: string(id), Timeout: timeout, Texts: []byte("x.y: {title: t, text: seen}")}
}

func passing() (checks.Result, error) {
	return checks.Result{Findings: []checks.Finding{{Code: "x.y", Status: checks.Pass}}}, nil
}

const factX checks.FactName = "x"

func init() {
	provider := fake{spec("t-provider", time.Minute), func(context.Context, checks.Env, func(checks.Event)) (checks.Result, error) {
		time.Sleep(time.Second)
		return checks.Result{Findings: []checks.Finding{{Code: "x.y", Status: checks.Pass}}, Facts: []checks.Fact{{Name: factX, Value: "learned"}}}, nil
	}}
	provider.spec.Provides = []checks.FactName{factX}
	needy := fake{spec("t-needy", time.Minute), func(_ context.Context, env checks.Env, _ func(checks.Event)) (checks.Result, error) {
		v, _ := checks.Get[string](env.Facts, factX)
		return checks.Result{Findings: []checks.Finding{{Code: "x.y", Status: checks.Pass, Subject: v}}}, nil
	}}
	needy.spec.Needs = []checks.FactName{factX}
	checks.Register(provider)
	early := fake{spec("t-early", time.Minute), func(_ context.Context, _ checks.Env, emit func(checks.Event)) (checks.Result, error) {
		emit(checks.Learned{Fact: checks.Fact{Name: factX, Value: "told"}})
		time.Sleep(10 * time.Second) // it still tries what nobody waits for
		res, err := passing()
		res.Facts = []checks.Fact{{Name: factX, Value: "told"}}
		return res, err
	}}
	early.spec.Provides = []checks.FactName{factX}
	checks.Register(early)
	checks.Register(needy)
	checks.Register(fake{spec("t-hangs", 3*time.Second), func(ctx context.Context, _ checks.Env, _ func(checks.Event)) (checks.Result, error) {
		<-ctx.Done()
		return checks.Result{}, nil
	}})
	checks.Register(fake{spec("t-panics", time.Minute), func(context.Context, checks.Env, func(checks.Event)) (checks.Result, error) {
		panic("a bug in a check")
	}})
	checks.Register(fake{spec("t-chatty", time.Minute), func(_ context.Context, _ checks.Env, emit func(checks.Event)) (checks.Result, error) {
		for i := range 10_000 {
			emit(checks.Progress{Done: i, Total: 10_000})
			time.Sleep(time.Millisecond)
		}
		return passing()
	}})
}

func play(t *testing.T, ctx context.Context, ids ...checks.ID) Session {
	t.Helper()
	var list []checks.Check
	for _, id := range ids {
		c, ok := checks.Lookup(id)
		if !ok {
			t.Fatal(id)
		}
		list = append(list, c)
	}
	r := NewRunner(context.Background(), checks.Env{}, host.Hands{})
	defer r.Close()
	return Play(ctx, New(Self, []*assets.Profile{{Name: "p"}}, list, time.Now()), r, nil)
}

func TestAFactArrivesBeforeWhoNeedsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := play(t, t.Context(), "t-needy", "t-provider") // the order of the steps must not matter
		if got := s.Run(Key{"t-needy", "p"}).Result.Findings[0].Subject; got != "learned" {
			t.Errorf("the check ran with fact %q", got)
		}
	})
}

func TestAFactThatIsToldEarlyIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := play(t, t.Context(), "t-early", "t-needy")
		early, needy := s.Run(Key{"t-early", "p"}), s.Run(Key{"t-needy", "p"})
		if got := needy.Result.Findings[0].Subject; got != "told" {
			t.Errorf("the check ran with fact %q", got)
		}
		if waited := needy.Started.Sub(early.Started); waited != 0 {
			t.Errorf("it began %s after the other, which had told the fact at once", waited)
		}
		if needy.Stale || early.Took != 10*time.Second {
			t.Errorf("stale %v, took %s", needy.Stale, early.Took)
		}
	})
}

func TestAFactToldBeforeARerunIsWaitedForAgain(t *testing.T) {
	p, _ := checks.Lookup("t-early")
	n, _ := checks.Lookup("t-needy")
	k, needy := Key{"t-early", "p"}, Key{"t-needy", "p"}
	s := New(Self, []*assets.Profile{{Name: "p"}}, []checks.Check{p, n}, time.Now()).Apply(RunStarted{Key: k})
	told := EventsSeen{Key: k, Learned: []checks.Fact{{Name: factX, Value: "old"}}}
	if s := s.Apply(told); !slices.Contains(s.Ready(), needy) {
		t.Error("a fact that is known is still waited for")
	}
	s = s.Apply(told).Apply(RunFinished{Key: k}).Apply(RerunAsked{Keys: []Key{k, needy}})
	if slices.Contains(s.Ready(), needy) || len(s.Facts("p")) > 0 {
		t.Errorf("the other way that was asked for is not waited for: %v", s.Facts("p"))
	}
}

func TestACheckThatHangsIsUnknownAfterItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		s := play(t, t.Context(), "t-hangs")
		r := s.Run(Key{"t-hangs", "p"})
		if r.Status() != checks.Unknown || r.Reason() != "not finished within 3s" {
			t.Errorf("%s %q", r.Status(), r.Reason())
		}
		if took := time.Since(began); took != 3*time.Second {
			t.Errorf("waited %s of virtual time", took)
		}
	})
}

func TestAPanicOfOneCheckLeavesTheOthersAlive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := play(t, t.Context(), "t-panics", "t-provider")
		if r := s.Run(Key{"t-panics", "p"}); r.Status() != checks.Unknown || r.Err == nil {
			t.Errorf("%s %v", r.Status(), r.Err)
		}
		if r := s.Run(Key{"t-provider", "p"}); r.Status() != checks.Pass {
			t.Error("the other check did not finish")
		}
	})
}

func TestATalkativeCheckWakesTheScreenFourTimesASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := NewRunner(t.Context(), checks.Env{}, host.Hands{})
		c, _ := checks.Lookup("t-chatty")
		s := New(Self, []*assets.Profile{{Name: "p"}}, []checks.Check{c}, time.Now())
		r.Start(s, Key{"t-chatty", "p"}, false)
		began, wakes := time.Now(), 0
		for !s.Settled() {
			for _, c := range r.Next(t.Context()) {
				s = s.Apply(c)
			}
			wakes++
		}
		if limit := int(time.Since(began)/checks.Gather) + 2; wakes > limit {
			t.Errorf("%d wakes in %s, want at most %d", wakes, time.Since(began), limit)
		}
		r.Close()
	})
}

func TestInterruptingLeavesNothingPassed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		s := play(t, ctx, "t-hangs")
		if !s.Ended || s.Run(Key{"t-hangs", "p"}).Status() != checks.Unknown {
			t.Errorf("ended %v, status %s", s.Ended, s.Run(Key{"t-hangs", "p"}).Status())
		}
		if code := ExitCode(s, Verdict{Status: Healthy}); code != 130 {
			t.Errorf("exit code %d", code)
		}
	})
}

func TestApplyChangesNothingItWasCalledOn(t *testing.T) {
	c, _ := checks.Lookup("t-provider")
	k := Key{"t-provider", "p"}
	s := New(Self, []*assets.Profile{{Name: "p"}}, []checks.Check{c}, time.Now())
	before := s.Apply(RunStarted{Key: k, At: time.Now()}).Apply(EventsSeen{Key: k, Found: []checks.Finding{{Code: "x.y"}}})
	kept := *before.Run(k)
	for _, ch := range []Change{EventsSeen{Key: k, Found: []checks.Finding{{Code: "z"}}, Lines: make([]checks.Line, 3), Learned: []checks.Fact{{Name: factX}}},
		RunFinished{Key: k, Err: errors.New("e")}, StepSkipped{Check: "t-provider"}, RerunAsked{Keys: []Key{k}}, FixStarted{Key: k}, FixFinished{Key: k}} {
		before.Apply(ch)
		if !reflect.DeepEqual(*before.Run(k), kept) {
			t.Fatalf("%T changed the session it was applied to", ch)
		}
	}
}

func TestASkippedStepStaysSkippedWhenItsRunEndsLater(t *testing.T) {
	c, _ := checks.Lookup("t-provider")
	k := Key{"t-provider", "p"}
	s := New(Self, []*assets.Profile{{Name: "p"}}, []checks.Check{c}, time.Now())
	res, _ := passing()
	s = s.Apply(RunStarted{Key: k}).Apply(StepSkipped{Check: "t-provider"}).Apply(RunFinished{Key: k, Result: res})
	s = s.Apply(StepSkipped{Check: "t-provider"}).Apply(RunStarted{Key: k})
	if r := s.Run(k); r.Status() != checks.Skip || r.Reason() == "" {
		t.Errorf("%s %q", r.Status(), r.Reason())
	}
}

func TestRerunningAProviderMakesItsReadersStale(t *testing.T) {
	p, _ := checks.Lookup("t-provider")
	n, _ := checks.Lookup("t-needy")
	s := New(Self, []*assets.Profile{{Name: "p"}}, []checks.Check{p, n}, time.Now())
	res, _ := passing()
	for _, id := range []checks.ID{"t-provider", "t-needy"} {
		s = s.Apply(RunStarted{Key: Key{id, "p"}}).Apply(RunFinished{Key: Key{id, "p"}, Result: res})
	}
	s = s.Apply(RerunAsked{Keys: []Key{{"t-provider", "p"}}})
	if !s.Run(Key{"t-needy", "p"}).Stale || s.Run(Key{"t-provider", "p"}).State != Waiting {
		t.Error("the reader of a fact that is being learned anew is not stale")
	}
}

func TestAFixThatBrokeDownIsAFailedRepair(t *testing.T) {
	rules, _ := assets.LoadRules()
	p, _ := checks.Lookup("t-provider")
	k := Key{"t-provider", "p"}
	s := New(Self, []*assets.Profile{{Name: "p"}}, []checks.Check{p}, time.Now())
	open := []checks.Finding{walk("f1", "a", "path.open", checks.Pass, true, "direct").Finding}
	s = s.Apply(RunStarted{Key: k}).Apply(RunFinished{Key: k, Result: checks.Result{Findings: open}})
	s = s.Apply(FixStarted{Key: k}).Apply(FixFinished{Key: k, Err: errors.New("broke down\nat line 1")})
	v := s.Verdict(rules)
	if v.Status != Fault || v.Causes[0].ID != "repair.failed" || ExitCode(s, v) != 5 {
		t.Errorf("judged %s with exit code %d: %s", v.Status, ExitCode(s, v), v.Headline)
	}
}

func TestWhatIsStaleNeitherClearsNorAccuses(t *testing.T) {
	rules, _ := assets.LoadRules()
	p, _ := checks.Lookup("t-provider")
	n, _ := checks.Lookup("t-needy")
	for _, f := range []Seen{walk("f1", "a", "path.open", checks.Pass, true, "direct"), walk("f1", "a", "tcp.dropped", checks.Fail, true, "direct")} {
		s := New(Self, []*assets.Profile{{Name: "p"}}, []checks.Check{p, n}, time.Now())
		k := Key{"t-needy", "p"}
		s = s.Apply(RunStarted{Key: k}).Apply(RunFinished{Key: k, Result: checks.Result{Findings: []checks.Finding{f.Finding}}})
		s = s.Apply(RerunAsked{Keys: []Key{{"t-provider", "p"}}})
		if v := s.Verdict(rules); v.Status != Inconclusive || len(v.Unexplained) > 0 || len(v.Causes) > 0 {
			t.Errorf("%s from before the way was looked at again makes it %s", f.Code, v.Status)
		}
	}
}

func TestATailIsBoundedAndCountsWhatItDrops(t *testing.T) {
	c, _ := checks.Lookup("t-provider")
	k := Key{"t-provider", "p"}
	s := New(Self, []*assets.Profile{{Name: "p"}}, []checks.Check{c}, time.Now()).Apply(RunStarted{Key: k, Follow: true})
	for range 4 {
		s = s.Apply(EventsSeen{Key: k, Lines: make([]checks.Line, 2000), Dropped: 1})
	}
	if tail := s.Run(k).Tail; len(tail.Lines) != tailKeeps || tail.Dropped != 4*2000-tailKeeps || tail.Lost != 4 {
		t.Errorf("%d lines kept, %d dropped, %d lost", len(tail.Lines), tail.Dropped, tail.Lost)
	}
}

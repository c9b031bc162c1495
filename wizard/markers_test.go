package wizard

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

func init() {
	tail := fake{spec("t-tail", time.Minute), func(ctx context.Context, env checks.Env, emit func(checks.Event)) (checks.Result, error) {
		if !env.Follow {
			return passing()
		}
		for i := 1; ctx.Err() == nil; i++ {
			emit(checks.Line{File: "a.log", Path: "/log/a.log", Number: i, At: time.Now(), Text: fmt.Sprintf("line %d", i)})
			select {
			case <-ctx.Done():
			case <-time.After(50 * time.Millisecond):
			}
		}
		return passing()
	}}
	tail.spec.Follows = true
	checks.Register(tail)
	for id, every := range map[checks.ID]time.Duration{"t-known": 300 * time.Millisecond, "t-busy": 200 * time.Microsecond} {
		known := fake{spec(id, time.Minute), func(ctx context.Context, env checks.Env, emit func(checks.Event)) (checks.Result, error) {
			for i := 1; env.Follow && ctx.Err() == nil; i++ {
				l := checks.Line{File: "a.log", Path: "/log/a.log", Number: i, At: time.Now(), Text: "raw"}
				if i%2 == 0 {
					l.Meaning, l.Ref, l.Status, l.Fix = "the query got no answer", "curl 28", checks.Fail, "Ask the proxy's people."
				}
				emit(l)
				select {
				case <-ctx.Done():
				case <-time.After(every):
				}
			}
			return passing()
		}}
		known.spec.Follows = true
		checks.Register(known)
	}
	checks.Register(fake{spec("t-asks", time.Minute), func(_ context.Context, _ checks.Env, emit func(checks.Event)) (checks.Result, error) {
		var r checks.Result
		for i, host := range []string{"one.example", "two.example"} {
			for n := range 5 {
				emit(checks.Walking{Path: checks.Path{Target: host + ":443", Product: true}})
				emit(checks.Progress{Done: n})
				time.Sleep(100 * time.Millisecond)
			}
			f := walked(host+":443", true, checks.NoFailure)
			r.Findings = append(r.Findings, f)
			if i == 0 {
				emit(checks.Found{Finding: f}) // the other is told at the end alone
			}
		}
		return r, nil
	}})
}

// walked is the finding of a walk that has ended.
func walked(target string, product bool, broke checks.Failure) checks.Finding {
	f := checks.Finding{Code: "x.y", Status: checks.Pass, At: time.Now(), Took: 182 * time.Millisecond,
		Path: &checks.Path{Target: target, URL: "https://" + target, Route: "direct", Family: "ipv4", Product: product,
			Stages: []checks.Stage{{Name: checks.Resolve, Status: checks.Pass}}}}
	if broke != checks.NoFailure {
		f.Code, f.Status = checks.Code(broke), checks.Fail
		f.Path.Stages = append(f.Path.Stages, checks.Stage{Name: checks.Connect, Status: checks.Fail, Failure: broke, Took: 3 * time.Second})
	}
	return f
}

func TestAMarkerSaysWhoWasAskedAndWhatCameOfIt(t *testing.T) {
	direct := walked("orsp.f-secure.com:443", false, checks.Dropped)
	direct.Status = checks.Note // on another way than the product's nothing is judged
	proxied := walked("orsp.f-secure.com:8443", false, checks.NoFailure)
	proxied.Path.Route, proxied.Status = "http://gw.corp.example:8080", checks.Note
	slow := walked("orsp.f-secure.com:443", true, checks.NoFailure)
	slow.Code, slow.Status = "path.too_slow", checks.Warn
	six := walked("orsp.f-secure.com:443", true, checks.NoFailure)
	six.Path.Family = "ipv6"
	for title, c := range map[string]struct {
		found         checks.Finding
		meaning, text string
		status        checks.Status
	}{
		"an answer":            {walked("doorman.sc.fsapi.com:443", true, checks.NoFailure), "linecheck asked doorman.sc.fsapi.com", "182 ms", checks.Pass},
		"a break":              {walked("doorman.sc.fsapi.com:443", true, checks.Dropped), "linecheck asked doorman.sc.fsapi.com", "TCP: tcp.dropped in 3.0 s", checks.Fail},
		"a break for compare":  {direct, "linecheck asked orsp.f-secure.com directly", "TCP: tcp.dropped in 3.0 s", checks.Fail},
		"an answer by another": {proxied, "linecheck asked orsp.f-secure.com:8443 through http://gw.corp.example:8080", "182 ms", checks.Pass},
		"a slow answer":        {slow, "linecheck asked orsp.f-secure.com", "path.too_slow, 182 ms", checks.Warn},
		"an answer over IPv6":  {six, "linecheck asked orsp.f-secure.com over IPv6", "182 ms", checks.Pass},
	} {
		l := marker("t-asks", c.found)
		if l.Meaning != c.meaning || l.Text != c.text || l.Status != c.status || !l.Own || l.Code != "" || !l.At.Equal(c.found.At) {
			t.Errorf("%s: %+v", title, l)
		}
	}
}

func TestEveryWalkLeavesOneMarkerAndTheTailGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &assets.Profile{Name: "p"}
		other := &assets.Profile{Name: "other"}
		tail, _ := checks.Lookup("t-tail")
		asks, _ := checks.Lookup("t-asks")
		s := New(Self, []*assets.Profile{p, other}, []checks.Check{tail, asks}, time.Now())
		r := NewRunner(t.Context(), checks.Env{}, host.Hands{})
		defer r.Close()
		pass := func(d time.Duration) {
			ctx, cancel := context.WithTimeout(t.Context(), d)
			defer cancel()
			for ctx.Err() == nil {
				for _, c := range r.Next(ctx) {
					s = s.Apply(c)
				}
				s = r.StartReady(s)
			}
		}
		s = r.StartReady(s)
		pass(3 * time.Second)
		own := func(profile string) (out []string) {
			for _, l := range s.Run(Key{"t-tail", profile}).Tail.Lines {
				if l.Own {
					out = append(out, l.Meaning)
				}
			}
			return out
		}
		r.Start(s, Key{"t-tail", "p"}, true)
		pass(time.Second)
		if got := own("p"); len(got) != 0 {
			t.Errorf("what was asked before the tail began is marked: %q", got)
		}
		s = s.Apply(RerunAsked{Keys: []Key{{"t-asks", "p"}}})
		s = r.StartReady(s)
		pass(3 * time.Second)
		if got := own("p"); !slices.Equal(got, []string{"linecheck asked one.example", "linecheck asked two.example"}) {
			t.Errorf("%q", got)
		}
		if got := own("other"); len(got) != 0 {
			t.Errorf("another product's tail has %q", got)
		}
		before := len(s.Run(Key{"t-tail", "p"}).Tail.Lines)
		pass(time.Second)
		if tail := s.Run(Key{"t-tail", "p"}).Tail; !tail.Running || len(tail.Lines) <= before {
			t.Error("the tail ended when the cloud was asked")
		}
	})
}

func TestWhatNeverCameIsCountedApartFromWhatFellOut(t *testing.T) {
	s := New(Self, []*assets.Profile{{Name: "p"}}, []checks.Check{fake{spec: spec("t-tail", 0)}}, time.Now())
	k := Key{"t-tail", "p"}
	s = s.Apply(RunStarted{Key: k, Follow: true})
	s = s.Apply(EventsSeen{Key: k, Lines: make([]checks.Line, tailKeeps)})
	s = s.Apply(EventsSeen{Key: k, Lines: make([]checks.Line, 10), Dropped: 1204})
	if tail := s.Run(k).Tail; tail.Dropped != 10 || tail.Lost != 1204 || len(tail.Lines) != tailKeeps {
		t.Errorf("%d fell out, %d were lost, %d are there", tail.Dropped, tail.Lost, len(tail.Lines))
	}
}

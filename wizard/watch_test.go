package wizard

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/assets"
	"linecheck/checks"
)

// line is a network in virtual time: what each address is like from when on.
type line struct {
	began  time.Time
	codes  map[string][]since // by host, oldest first
	rounds []string           // what each round looked at, with the second
	used   []string           // which of two servers is used at each round, "" where it is not known; the last holds on; nil: there is one
}

type since struct {
	second int
	code   checks.Code
	status checks.Status
}

func (l *line) round(ctx context.Context, profiles []*assets.Profile) Session {
	s := Session{Started: time.Now(), Profiles: profiles, Steps: []Step{
		{Spec: checks.Spec{ID: "proxy", Title: "Proxy"}}, {Spec: checks.Spec{ID: "allowlist", Title: "Allowlist"}}}}
	looked := fmt.Sprintf("%d:", int(time.Since(l.began).Seconds()))
	for _, p := range profiles {
		run := Run{Check: "allowlist", State: Done}
		for _, e := range p.Endpoints {
			looked += " " + e.Host
			now := since{code: "path.answered", status: checks.Pass}
			for _, c := range l.codes[e.Host] {
				if time.Since(l.began) >= time.Duration(c.second)*time.Second {
					now = c
				}
			}
			run.Result.Findings = append(run.Result.Findings, checks.Finding{Code: now.code, Status: now.status, Subject: e.Host,
				Args: map[string]string{"proven": "tls", "server": e.Server},
				Path: &checks.Path{Target: e.Host + ":443", URL: e.URL(), Route: "direct", Product: true, Required: e.Required}})
		}
		s.Steps[0].Runs = append(s.Steps[0].Runs, Run{Check: "proxy", State: Done,
			Result: checks.Result{Findings: []checks.Finding{{Code: "proxy.route", Status: checks.Pass}}}})
		s.Steps[1].Runs = append(s.Steps[1].Runs, run)
		if len(l.used) > 0 {
			side := l.used[min(len(l.rounds), len(l.used)-1)]
			s.Steps = append(s.Steps[:2:2], Step{Spec: checks.Spec{ID: "domain", Title: "Domain"}, Runs: []Run{{Check: "domain", State: Done,
				Result: checks.Result{Findings: []checks.Finding{{Code: "domain.icmp_filtered", Status: checks.Fail},
					{Code: "domain.server", Status: checks.Note, Args: map[string]string{"side": side, "sure": checks.YesNo(side != "")}}}}}}})
		}
	}
	l.rounds = append(l.rounds, looked)
	select {
	case <-time.After(100 * time.Millisecond):
	case <-ctx.Done():
		s.Ended = true
	}
	return s
}

func (l *line) watch(t *testing.T, ctx context.Context, every time.Duration, profiles ...*assets.Profile) (code int, headline string, told []string) {
	t.Helper()
	rules, err := assets.LoadRules()
	if err != nil {
		t.Fatal(err)
	}
	l.began = time.Now()
	code, headline = Watch{Profiles: profiles, Rules: rules, Every: every, Round: l.round, Tell: func(c Turn) {
		told = append(told, fmt.Sprintf("%d %s", int(c.At.Sub(l.began).Seconds()), c.Line(len(profiles) > 1)[9:]))
	}}.Run(ctx)
	return code, headline, told
}

func watched(name string, everyMS int, hosts ...string) *assets.Profile {
	p := &assets.Profile{Name: name, Title: name, Retry: assets.Retry{EveryMS: everyMS}}
	for _, h := range hosts {
		p.Endpoints = append(p.Endpoints, assets.Endpoint{Host: h, Scheme: "https", Port: 443, Required: true})
	}
	return p
}

func TestAWatchRepeatsOnlyWhatFailedAndEndsWhenAllAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &line{codes: map[string][]since{
			"b.example": {{0, "tcp.dropped", checks.Fail}, {70, "path.answered", checks.Pass}},
			"c.example": {{0, "tcp.refused", checks.Fail}, {40, "tcp.dropped", checks.Fail}, {100, "path.answered", checks.Pass}}}}
		code, headline, told := l.watch(t, t.Context(), 0, watched("p", 0, "a.example", "b.example", "c.example"))
		want := []string{"0 b.example: tcp.dropped", "0 c.example: tcp.refused", "60 c.example: now tcp.dropped (was: tcp.refused)",
			"90 b.example: now answers (was: tcp.dropped)", "120 c.example: now answers (was: tcp.dropped)"}
		if !slices.Equal(told, want) {
			t.Errorf("told\n%s\nwant\n%s", strings.Join(told, "\n"), strings.Join(want, "\n"))
		}
		looked := []string{"0: a.example b.example c.example", "30: b.example c.example", "60: b.example c.example", "90: b.example c.example",
			"120: c.example", "120: a.example b.example c.example"}
		if !slices.Equal(l.rounds, looked) {
			t.Errorf("looked at\n%s\nwant\n%s", strings.Join(l.rounds, "\n"), strings.Join(looked, "\n"))
		}
		if code != 0 || !strings.Contains(headline, "healthy") {
			t.Errorf("ended with %d: %s", code, headline)
		}
	})
}

// Of two servers one is used at a time: the other one's failure keeps no watch waiting, and what does not concern the line
// neither.
func TestAWatchWaitsForAServerThatIsNotUsed(t *testing.T) {
	for name, c := range map[string]struct {
		used   []string // at each round from the first
		want   int
		last   string // what was told last
		rounds int
	}{
		"one of which nobody uses the other":     {[]string{"local"}, 0, "", 1},
		"one that is no longer used meanwhile":   {[]string{"global", "local"}, 0, "30 ds20.example: now tcp.dropped, and is not used now (was: tcp.dropped)", 3},
		"one that may be used is not waited for": {[]string{""}, 1, "0 ds20.example: tcp.dropped", 4},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 95*time.Second)
			defer cancel()
			p := watched("p", 0, "sps.example", "ds20.example")
			p.Domain = &assets.Domain{}
			p.Endpoints[0].Server, p.Endpoints[1].Server = assets.LocalServer, assets.GlobalServer
			l := &line{codes: map[string][]since{"ds20.example": {{0, "tcp.dropped", checks.Fail}}}, used: c.used}
			code, headline, told := l.watch(t, ctx, 0, p)
			if len(told) == 0 {
				told = []string{""}
			}
			if code != c.want || told[len(told)-1] != c.last || len(l.rounds) != c.rounds {
				t.Errorf("%s: %d %q, told %q in %q", name, code, headline, told, l.rounds)
			}
		})
	}
}

func TestAWatchKeepsTheProductsOwnTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &line{codes: map[string][]since{
			"slow.example":  {{0, "tcp.dropped", checks.Fail}, {1, "path.answered", checks.Pass}},
			"quick.example": {{0, "tcp.dropped", checks.Fail}, {50, "path.answered", checks.Pass}}}}
		code, _, _ := l.watch(t, t.Context(), 0, watched("slow", 300_000, "slow.example"), watched("quick", 0, "quick.example"))
		want := []string{"0: slow.example quick.example", "30: quick.example", "60: quick.example", "300: slow.example", "300: slow.example quick.example"}
		if !slices.Equal(l.rounds, want) || code != 0 {
			t.Errorf("ended with %d, looked at\n%s", code, strings.Join(l.rounds, "\n"))
		}
	})
}

func TestAWatchIsNotFooledByALineThatFallsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &line{codes: map[string][]since{
			"a.example": {{30, "tcp.dropped", checks.Fail}, {60, "path.answered", checks.Pass}},
			"b.example": {{0, "tcp.dropped", checks.Fail}, {20, "path.answered", checks.Pass}}}}
		code, _, told := l.watch(t, t.Context(), 0, watched("p", 0, "a.example", "b.example"))
		want := []string{"0 b.example: tcp.dropped", "30 b.example: now answers (was: tcp.dropped)",
			"30 a.example: now tcp.dropped (was: answers)", "60 a.example: now answers (was: tcp.dropped)"}
		if !slices.Equal(told, want) || code != 0 {
			t.Errorf("ended with %d, told\n%s", code, strings.Join(told, "\n"))
		}
	})
}

func TestAWatchTellsThatAFaultComesAndGoes(t *testing.T) {
	for name, c := range map[string]struct {
		turns int // how often it answers once before it stays
		want  string
	}{
		"once is no coming and going":     {1, ""},
		"twice is told as a line at ease": {3, "comes and goes: while it was watched, a.example failed again 3 times"},
	} {
		synctest.Test(t, func(t *testing.T) {
			n := 0 // a round that answers is followed by one that does not, until it has answered often enough
			w := Watch{Profiles: []*assets.Profile{watched("p", 0, "a.example")}, Tell: func(Turn) {}, Round: func(ctx context.Context, profiles []*assets.Profile) Session {
				at := since{code: "tcp.dropped", status: checks.Fail}
				if n%2 == 1 || n > 2*c.turns {
					at = since{code: "path.answered", status: checks.Pass}
				}
				n++
				l := &line{began: time.Now(), codes: map[string][]since{"a.example": {at}}}
				return l.round(ctx, profiles)
			}}
			rules, err := assets.LoadRules()
			if err != nil {
				t.Fatal(err)
			}
			w.Rules = rules
			code, headline := w.Run(t.Context())
			if code != 0 || strings.Contains(headline, "comes and goes") != (c.want != "") || !strings.Contains(headline, c.want) {
				t.Errorf("%s: %d %s", name, code, headline)
			}
		})
	}
}

func TestAWatchEndsWithWhatWasLastSeen(t *testing.T) {
	for name, tt := range map[string]struct {
		code   checks.Code
		status checks.Status
		want   int
	}{
		"a fault is called healthy when the time is over":     {"tcp.dropped", checks.Fail, 1},
		"a slow line is called a fault when the time is over": {"path.too_slow", checks.Warn, 4},
		"what could not be looked at is called a fault":       {"path.not_tried", checks.Unknown, 3},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 95*time.Second)
			defer cancel()
			l := &line{codes: map[string][]since{"a.example": {{0, tt.code, tt.status}}}}
			code, headline, told := l.watch(t, ctx, 10*time.Second, watched("p", 0, "a.example"))
			if code != tt.want || headline == "" || len(told) != 1 || len(l.rounds) != 10 {
				t.Errorf("%s: %d %q, told %q in %d rounds", name, code, headline, told, len(l.rounds))
			}
		})
	}
}

func TestAWatchThatIsCutOffTellsNothingOfTheLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		l := &line{codes: map[string][]since{"a.example": {{0, "tcp.dropped", checks.Fail}}}}
		if code, headline, told := l.watch(t, ctx, 0, watched("p", 0, "a.example")); code != 3 || len(told) > 0 || !strings.Contains(headline, "before") {
			t.Errorf("%d %q %q", code, headline, told)
		}
	})
}

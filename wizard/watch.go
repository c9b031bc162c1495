package wizard

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks"
)

// Watch repeats the checks of the line until it is healthy, and tells what changes.
type Watch struct {
	Profiles []*assets.Profile
	Rules    assets.Rules
	Every    time.Duration // between two looks; zero: as often as the product itself tries, else [WatchEvery]
	// Round looks at these profiles once and returns the settled session.
	Round func(ctx context.Context, profiles []*assets.Profile) Session
	// Tell takes what changed, oldest first; it is called from the goroutine of Run.
	Tell func(Turn)
}

// How often a line is looked at where nobody says how often the product itself tries, and at most.
const (
	WatchEvery = 30 * time.Second
	WatchLeast = time.Second
)

// Turn is one thing that became different. It is told once.
type Turn struct {
	At      time.Time
	Profile string
	Subject string
	Now     string // in words: "answers", "no answer to the connection"
	Was     string // the same of before; "" where it is told for the first time
	Status  checks.Status
}

// watching is one Run of a Watch.
type watching struct {
	Watch
	seen map[spot]state
	due  map[string]time.Time // by profile: when it is looked at again
	last Session              // the last round of everything
	fell map[spot]int         // how often an address failed again after it had answered
}

// Run looks at everything once, then again and again at what failed, each profile at its own pace. It ends when all
// answers and one more look at everything confirms it, or with ctx. It returns the exit code of how the line was last
// seen and a sentence about it.
func (w Watch) Run(ctx context.Context) (code int, headline string) {
	w.Rules = pathRules(w.Rules)
	r := &watching{Watch: w, seen: map[spot]state{}, due: map[string]time.Time{}, fell: map[spot]int{}}
	for {
		began := time.Now()
		s := w.Round(ctx, w.Profiles)
		if ctx.Err() == nil { // what was cut off says nothing of the line
			r.last = s
			r.take(s, nil)
		}
		if code, done := r.healthy(); done {
			return code, lang.T("watch.healthy", "headline", r.last.Verdict(w.Rules).Headline) + r.swings()
		}
		for _, p := range w.Profiles {
			r.due[p.Name] = began.Add(r.every(p))
		}
		for {
			if !r.wait(ctx) {
				return r.code(), r.headline() + r.swings()
			}
			failing := r.failing(time.Now())
			if len(failing) == 0 {
				break // nothing that could be repeated alone: everything again
			}
			began := time.Now()
			s := w.Round(ctx, failing)
			if ctx.Err() == nil {
				r.take(s, failing)
			}
			for _, p := range failing {
				r.due[p.Name] = began.Add(r.every(p))
			}
			if !slices.ContainsFunc(w.Profiles, func(p *assets.Profile) bool { return r.fails(p) }) {
				break // all answer: confirm it
			}
		}
	}
}

// pathRules judge the line alone: whether the product's service runs is not what a line is watched for.
func pathRules(rules assets.Rules) assets.Rules {
	rules.Proof.Looked = slices.DeleteFunc(slices.Clone(rules.Proof.Looked), func(m assets.Match) bool {
		return !slices.ContainsFunc(m.Code, func(c string) bool { return strings.HasPrefix(c, "proxy.") })
	})
	return rules
}

// verdict judges the last look at everything.
func (r *watching) verdict() Verdict { return r.last.judge(r.Rules, ofLine(r.last, r.Rules.Moot)) }

// every is how often a profile is looked at.
func (r *watching) every(p *assets.Profile) time.Duration {
	switch {
	case r.Every > 0:
		return max(r.Every, WatchLeast)
	case p.Retry.EveryMS > 0:
		return max(time.Duration(p.Retry.EveryMS)*time.Millisecond, WatchLeast)
	}
	return WatchEvery
}

// wait waits until the first profile that fails is due; false where ctx is done before.
func (r *watching) wait(ctx context.Context) bool {
	var first time.Time
	for _, p := range r.Profiles {
		if at := r.due[p.Name]; (r.fails(p) || !r.anyFails()) && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	t := time.NewTimer(max(time.Until(first), WatchLeast)) // a round that took longer than its pace is given a pause all the same
	defer t.Stop()
	select {
	case <-t.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

func (r *watching) anyFails() bool { return slices.ContainsFunc(r.Profiles, r.fails) }

func (r *watching) fails(p *assets.Profile) bool {
	for k, s := range r.seen {
		if k.profile == p.Name && s.bad() && !strings.HasPrefix(k.what, proxyPlace) {
			return true
		}
	}
	return false
}

// failing are the profiles that are due, each with only the addresses that failed, and with those of both servers where the
// product has two.
func (r *watching) failing(now time.Time) []*assets.Profile {
	var out []*assets.Profile
	for _, p := range r.Profiles {
		if r.due[p.Name].After(now) {
			continue
		}
		bad := func(e assets.Endpoint) bool {
			s, ok := r.seen[spot{p.Name, e.URL()}]
			return ok && s.bad()
		}
		if !slices.ContainsFunc(p.Endpoints, bad) {
			continue
		}
		two := p.Domain != nil && slices.ContainsFunc(p.Endpoints, func(e assets.Endpoint) bool { return e.Server == assets.LocalServer && e.Missing(p) == "" })
		less := *p
		less.Endpoints = slices.DeleteFunc(slices.Clone(p.Endpoints), func(e assets.Endpoint) bool {
			return !bad(e) && (!two || e.Server == "") // which of two servers is used is told by both
		})
		out = append(out, &less)
	}
	return out
}

// take compares what a round saw with what was seen before, and tells the differences. only: the profiles that it was
// reduced to; nil: it looked at everything, so what is gone is gone.
func (r *watching) take(s Session, only []*assets.Profile) {
	now := statesOf(s, r.Rules.Moot)
	var order []spot
	for k := range now {
		order = append(order, k)
	}
	for k := range r.seen {
		looked := only == nil || strings.HasPrefix(k.what, proxyPlace) && slices.ContainsFunc(only, func(p *assets.Profile) bool { return p.Name == k.profile })
		if _, still := now[k]; !still && looked {
			order = append(order, k)
		}
	}
	slices.SortFunc(order, func(a, b spot) int {
		of := func(k spot) string {
			return k.profile + "\n" + cmp.Or(now[k].subject, r.seen[k].subject) + "\n" + k.what
		}
		return strings.Compare(of(a), of(b))
	})
	at := time.Now()
	for _, k := range order {
		n, still := now[k]
		was, known := r.seen[k]
		if !still {
			delete(r.seen, k)
			r.Tell(Turn{At: at, Profile: k.profile, Subject: was.subject, Now: lang.T("watch.gone"), Was: was.words, Status: checks.Note})
			continue
		}
		r.seen[k] = n
		if known && !was.bad() && n.bad() && !strings.HasPrefix(k.what, proxyPlace) {
			r.fell[k]++
		}
		if known && was.words == n.words || !known && !n.bad() {
			continue
		}
		r.Tell(Turn{At: at, Profile: k.profile, Subject: n.subject, Now: n.words, Was: was.words, Status: n.status})
	}
}

// healthy: the last look at everything found nothing at fault and nothing unknown, and no address fails.
func (r *watching) healthy() (code int, done bool) {
	v := r.verdict()
	code = ExitCode(r.last, v)
	return code, !r.anyFails() && (code == 0 || code == 4)
}

// headline is what the last look at everything came to.
func (r *watching) headline() string {
	if len(r.last.Profiles) == 0 {
		return lang.T("watch.never")
	}
	return r.verdict().Headline
}

// code is the exit code of what was last seen.
func (r *watching) code() int {
	var all []checks.Finding
	for k, s := range r.seen {
		if s.bad() && !strings.HasPrefix(k.what, proxyPlace) {
			all = append(all, checks.Finding{Status: s.status})
		}
	}
	if len(all) == 0 {
		if code := ExitCode(r.last, r.verdict()); code != 0 {
			return code
		}
		return 3 // the look that would have confirmed it was cut off
	}
	switch checks.Overall(all) {
	case checks.Fail:
		return 1
	case checks.Warn:
		return 4
	}
	return 3
}

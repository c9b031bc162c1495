package allowlist

import (
	"context"
	"slices"
	"strings"
	"sync"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/probe"
)

// run is one run of the check. Everything but mu's members belongs to the goroutine of Run.
type run struct {
	env     checks.Env
	emit    func(checks.Event)
	names   *probe.Names
	ways    []*way
	missing map[string][]assets.Endpoint
	queue   []*leg // the product's way before comparisons, required endpoints before others
	found   []checks.Finding
	absent  map[string][]checks.Finding // by family: walks that met a machine without a route in it

	mu           sync.Mutex
	total, ended int
	waits        map[*leg]string // what each leg under way waits for
	order        []*leg          // of waits, oldest first
}

// loop keeps at most eight legs going until all are done or the time is over. It returns when none is under way.
func (r *run) loop(ctx context.Context) {
	done := make(chan *leg)
	for open := 0; open > 0 || len(r.queue) > 0 && ctx.Err() == nil; {
		for open < most && len(r.queue) > 0 && ctx.Err() == nil {
			l := r.queue[0]
			r.queue = r.queue[1:]
			open++
			go func() {
				r.walk(ctx, l)
				done <- l
			}()
		}
		if open > 0 {
			l := <-done
			open--
			r.judge(l)
			r.end(l)
			if l.scout {
				r.returned(l)
			}
		}
	}
}

// walk goes one leg: through a proxy once, directly once for each family in which the endpoint has an address, both at
// the same time, as a program that tries both would.
func (r *run) walk(ctx context.Context, l *leg) {
	l.families = []string{""}
	if l.way.proxy == nil {
		l.families, l.other = r.resolve(ctx, l)
	}
	got := make([]probe.Answer, len(l.families))
	var wg sync.WaitGroup
	for i, f := range l.families {
		wg.Go(func() { got[i] = r.try(ctx, l, f) })
	}
	wg.Wait()
	l.got = map[string]probe.Answer{}
	for i, f := range l.families {
		l.got[f] = got[i]
	}
}

// try walks; what got through too late on the product's way is tried once more, since the first walk of a busy moment
// shows little about the line. The faster one counts.
func (r *run) try(ctx context.Context, l *leg, family string) probe.Answer {
	a := r.once(ctx, l, family)
	if !l.way.own() || !probe.Late(r.env.Profile.Budget, a) {
		return a
	}
	b := r.once(ctx, l, family)
	if b.Failure != checks.NoFailure || b.Took > a.Took {
		b = a
	}
	b.Args["tries"] = "2"
	return b
}

// once walks once, whatever the profile's retry rule says: one walk waits as long as the product's longest single try,
// and repeating it for every silent endpoint would not end in time. Where the rule is to be replayed, this is the place.
func (r *run) once(ctx context.Context, l *leg, family string) probe.Answer {
	a := probe.Walk(ctx, probe.Request{
		Network: r.env.Machine.Network, Endpoint: l.endpoint, Route: l.way.proxy, Family: family,
		Roots: r.env.Roots, Names: r.names,
		OnStage: func(p checks.Path) {
			p.Product = l.way.own()
			r.emit(checks.Walking{Path: p})
			r.waiting(l, p)
		},
	})
	a.Path.Product = l.way.own()
	a.Args["tries"] = "1"
	return a
}

// resolve finds the families in which an endpoint has addresses, both at once. A family without one is left out.
func (r *run) resolve(ctx context.Context, l *leg) (families []string, other []checks.Evidence) {
	both := [...]string{"ip4", "ip6"}
	var errs [len(both)]error
	var wg sync.WaitGroup
	for i, f := range both {
		wg.Go(func() { _, _, errs[i] = r.names.Lookup(ctx, f, l.endpoint.Host) })
	}
	wg.Wait()
	for i, err := range errs {
		switch {
		case err == nil:
			families = append(families, both[i])
		case checks.Classify(checks.Resolve, err) != checks.NoSuchName:
			other = append(other, checks.Evidence{Source: "DNS", Text: l.endpoint.Host + " " + both[i] + ": " + err.Error()})
		}
	}
	if len(families) == 0 {
		return []string{""}, nil // one walk says what is wrong with the name
	}
	return families, other
}

// returned sends the rest of a comparison on its way when its scouts are back, unless all died of the same silence.
func (r *run) returned(l *leg) {
	w := l.way
	w.deaths = append(w.deaths, l.fate())
	if w.out--; w.out > 0 {
		return
	}
	held := w.held
	w.held = nil
	if f := w.deaths[0]; len(held) > 0 && hopeless(f) && !slices.ContainsFunc(w.deaths, func(d checks.Failure) bool { return d != f }) {
		w.left, w.same = held, f
		for _, l := range held {
			r.end(l)
		}
		return
	}
	r.queue = append(r.queue, held...)
}

// hopeless reports whether a failure belongs to the way and not to the endpoint.
func hopeless(f checks.Failure) bool {
	return slices.Contains([]checks.Failure{checks.NoAnswerDNS, checks.Dropped, checks.NoRoute, checks.TLSNoAnswer,
		checks.NoAnswerHTTP, checks.ProxyNoAnswer, checks.ProxyUnreachable, checks.ProxyUnresolvable, checks.ProxyRefused,
		checks.ProxyAuth, checks.ProxyNotHTTP, checks.Unclear}, f)
}

// fate is what a leg came to: a failure only where no family got through.
func (l *leg) fate() checks.Failure {
	worst := checks.NoFailure
	for _, f := range l.families {
		a := l.got[f]
		if a.Failure == checks.NoFailure {
			return checks.NoFailure
		}
		if worst == checks.NoFailure || worst == checks.NoRoute {
			worst = a.Failure
		}
	}
	return worst
}

func (r *run) end(l *leg) {
	r.mu.Lock()
	delete(r.waits, l)
	r.order = slices.DeleteFunc(r.order, func(o *leg) bool { return o == l })
	r.ended++
	r.emit(r.progress()) // under the lock, so that nobody is told an older count after a newer one
	r.mu.Unlock()
}

// waiting notes what a walk waits for; the oldest one's is shown.
func (r *run) waiting(l *leg, p checks.Path) {
	i := slices.IndexFunc(p.Stages, func(s checks.Stage) bool { return strings.HasPrefix(s.Note, probe.Waiting) })
	if i < 0 {
		return
	}
	r.mu.Lock()
	if _, ok := r.waits[l]; !ok {
		r.order = append(r.order, l)
	}
	r.waits[l] = l.endpoint.Host + ": " + p.Stages[i].Note
	r.emit(r.progress())
	r.mu.Unlock()
}

func (r *run) progress() checks.Progress {
	p := checks.Progress{Done: r.ended, Total: r.total}
	if len(r.order) > 0 {
		p.Waiting = r.waits[r.order[0]]
	}
	return p
}

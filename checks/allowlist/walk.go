package allowlist

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	"linecheck/checks"
	"linecheck/checks/host"
	"linecheck/checks/probe"
)

// walk tries a leg's routes in their order until one is taken, as the product does. Where none is the first counts: it is
// what the product would use.
func (r *run) walk(ctx context.Context, l *leg) (trips []trip, won int, took time.Duration) {
	start := time.Now()
	for i, proxy := range l.routes {
		if i > 0 {
			r.news <- func() { r.weigh(l, cost(proxy)) }
		}
		t := r.travel(ctx, l, proxy, i == 0)
		trips = append(trips, t)
		if !t.stuck() {
			won = i
			break
		}
	}
	return trips, won, time.Since(start)
}

// weigh corrects how many turns a leg under way may need.
func (r *run) weigh(l *leg, n int) {
	r.load += n - l.load
	l.load = n
}

// travel goes one route: through a proxy once, directly once for each family in which the endpoint has an address, both
// at the same time, as a program that tries both would.
func (r *run) travel(ctx context.Context, l *leg, proxy *url.URL, first bool) trip {
	t := trip{proxy: proxy, families: []string{""}, got: map[string]probe.Answer{}}
	if proxy == nil {
		t.families, t.other = r.resolve(ctx, l)
		if len(t.families) == 1 {
			r.news <- func() { r.weigh(l, 1) }
		}
	}
	got := make([]probe.Answer, len(t.families))
	var wg sync.WaitGroup
	for i, f := range t.families {
		wg.Go(func() { got[i] = r.try(ctx, l, proxy, f, l.large && first && i == 0) })
	}
	wg.Wait()
	for i, f := range t.families {
		t.got[f] = got[i]
	}
	return t
}

// forget ends the wait of a family.
func (r *run) forget(l *leg, family string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(l.since, family)
}

// try walks; what got through too late on the product's way is tried once more, since the first walk of a busy moment
// shows little about the line. The faster one counts.
func (r *run) try(ctx context.Context, l *leg, proxy *url.URL, family string, large bool) probe.Answer {
	a := r.once(ctx, l, proxy, family, large)
	a.Args["tries"] = strconv.Itoa(l.tries + 1)
	if !l.way.own() || !probe.Late(r.env.Profile.Budget, a) {
		return a
	}
	b := r.once(ctx, l, proxy, family, false)
	if b.Failure != checks.NoFailure || b.Took > a.Took {
		b = a
	} else {
		b = b.WithLarge(a) // what came late was compared all the same
	}
	b.Args["tries"] = strconv.Itoa(l.tries + 2)
	return b
}

func (r *run) once(ctx context.Context, l *leg, proxy *url.URL, family string, large bool) probe.Answer {
	var login *url.Userinfo
	var logins host.Logins
	if l.way.own() && r.route.Trusts(proxy) { // another proxy has no business with them
		login, logins = r.env.Login, r.env.Machine.Logins
	}
	a := probe.Walk(ctx, probe.Request{
		Network: r.env.Machine.Network, Endpoint: l.endpoint, Route: proxy, Family: family,
		Roots: r.env.Roots, Public: r.env.Public, Names: r.names, Turns: r.env.Turns, Login: login, Logins: logins, Large: large, Patience: r.wait(l),
		Insecure: true, // the clock check reads the other side's time, even where its certificate is out of date
		OnStage: func(p checks.Path) {
			p.Product = l.way.own()
			r.emit(checks.Walking{Path: p})
			r.waiting(l, p)
		},
	})
	a.Path.Product = l.way.own()
	r.forget(l, a.Path.Family)
	return a
}

// wait is how long the product waits for a connection in one try, on its own way; zero: nobody knows.
func (r *run) wait(l *leg) time.Duration {
	if !l.way.own() || r.env.Profile.Retry.Tries < 2 {
		return 0
	}
	return min(time.Duration(r.env.Profile.Retry.WaitMS)*time.Millisecond, maxWait)
}

// late reports whether a leg that got through took longer than the product waits.
func (r *run) late(l *leg) bool {
	t := l.trip()
	return slices.ContainsFunc(t.families, func(f string) bool { return probe.Late(r.env.Profile.Budget, t.got[f]) })
}

// again reports whether the product itself would try once more, and whether there is time for it.
func (r *run) again(ctx context.Context, l *leg) bool {
	return l.way.own() && l.tries < r.env.Profile.Retry.Tries && passing(l.fate()) && fits(ctx, l)
}

// passing reports whether another try could come to something else.
func passing(f checks.Failure) bool {
	return slices.Contains([]checks.Failure{checks.Dropped, checks.TLSNoAnswer, checks.NoAnswerHTTP, checks.ResetLater,
		checks.ProxyUnreachable, checks.ProxyNoAnswer}, f)
}

// fits reports whether one more try as long as the last one ends in time.
func fits(ctx context.Context, l *leg) bool {
	end, ok := ctx.Deadline()
	return !ok || time.Until(end) > l.took
}

// summary is what the last try came to, as evidence for those that follow.
func (l *leg) summary() checks.Evidence {
	t := l.trip()
	text := fmt.Sprintf("try %d:", l.tries)
	for _, f := range t.families {
		a := t.got[f]
		way := checks.RouteName(t.proxy)
		if w := a.Path.FamilyName(); w != "" {
			way += ", " + w
		}
		text += fmt.Sprintf(" %s: %s after %s;", way, a.Failure, a.Args["took"])
	}
	return checks.Evidence{Source: "the product's rule", Text: text[:len(text)-1]}
}

// resolve finds the families in which an endpoint has addresses, both at once. A family without one is left out.
func (r *run) resolve(ctx context.Context, l *leg) (families []string, other []checks.Evidence) {
	both := [...]string{"ip4", "ip6"}
	var errs [len(both)]error
	var wg sync.WaitGroup
	for i, f := range both {
		wg.Go(func() { _, _, errs[i] = r.names.Lookup(ctx, f, l.endpoint.Host) })
	}
	r.mu.Lock()
	l.since["DNS"] = time.Now()
	r.mu.Unlock()
	wg.Wait()
	r.forget(l, "DNS")
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

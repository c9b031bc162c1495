package allowlist

import (
	"net/url"
	"slices"
	"time"

	"linecheck/checks"
)

// compare enters the ways that an address could go instead: directly, and through the first proxies that other sources
// name. but are the routes that are the product's own business.
func (r *run) compare(l *leg, but []*url.URL) {
	r.against(l, nil, but, "no proxy", "")
	n := 0
	for _, o := range r.route.Others {
		if o.Proxy != nil && !among(but, o.Proxy) && n < maxOthers {
			r.against(l, o.Proxy, but, o.Source, o.Whose)
			n++
		}
	}
}

// maxOthers is how many of other sources' proxies a comparison tries: which of them are dead is not known yet when the
// first walks begin, and one that a forgotten setting names must not hide the one that works.
const maxOthers = 3

// against enters one comparison, once.
func (r *run) against(l *leg, proxy *url.URL, but []*url.URL, source, whose string) {
	name := checks.RouteName(proxy)
	if among(but, proxy) || slices.Contains(l.against, name) {
		return
	}
	l.against = append(l.against, name)
	i := slices.IndexFunc(r.ways, func(w *way) bool { return !w.product && same(w.proxy, proxy) })
	if i < 0 {
		i = len(r.ways)
		r.ways = append(r.ways, &way{proxy: proxy, source: source, where: whose})
	}
	w := r.ways[i]
	c := &leg{endpoint: l.endpoint, way: w, routes: []*url.URL{proxy}, since: map[string]time.Time{}}
	switch {
	case w.same != checks.NoFailure:
		w.legs, w.left = append(w.legs, c), append(w.left, c)
		return
	case w.sent < scouts:
		w.sent, w.out, c.scout = w.sent+1, w.out+1, true
	case w.out > 0:
		w.legs, w.held = append(w.legs, c), append(w.held, c)
		r.grow()
		return
	}
	r.grow()
	w.legs = append(w.legs, c)
	r.queue = append(r.queue, c)
}

// scouted sends the rest of a comparison on its way when its scouts are back, unless all died of the same silence.
func (r *run) scouted(l *leg) {
	w := l.way
	w.deaths = append(w.deaths, l.fate())
	if w.out--; w.out > 0 || w.sent < scouts {
		return
	}
	held := w.held
	w.held = nil
	if f := w.deaths[0]; hopeless(f) && !slices.ContainsFunc(w.deaths, func(d checks.Failure) bool { return d != f }) {
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

// sound reports whether every address is done, and got through at its first try on the product's way. Then comparisons
// that were begun because an answer was long in coming have nothing to explain, and nobody waits for them.
func (r *run) sound() bool {
	return r.firsts == 0 && !slices.ContainsFunc(r.ways[0].legs, func(l *leg) bool {
		return !l.walked() || r.open[l] || len(l.earlier) > 0 || l.fate() != checks.NoFailure || r.late(l) || l.borrowed()
	})
}

// spare leaves out what is left of the comparisons.
func (r *run) spare() {
	r.spared = true
	for _, w := range r.ways[1:] {
		for _, l := range w.held {
			r.end(l)
		}
		w.legs, w.held = nil, nil
	}
	r.queue = slices.DeleteFunc(r.queue, func(l *leg) bool {
		if !l.way.product {
			r.end(l)
		}
		return !l.way.product
	})
}

// overdue compares every address of the product that keeps it waiting.
func (r *run) overdue() {
	for _, l := range r.ways[0].legs {
		late := false
		r.mu.Lock()
		for _, since := range l.since {
			late = late || time.Since(since) >= patience
		}
		r.mu.Unlock()
		if late && r.open[l] {
			r.compare(l, l.routes)
		}
	}
}

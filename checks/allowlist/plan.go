package allowlist

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/probe"
)

// way is one way out: direct, or through a proxy.
type way struct {
	proxy         *url.URL
	product       bool
	assumed       bool // nobody could say which way the product goes
	source, where string

	legs   []*leg // in the order in which they are walked
	held   []*leg // a comparison's legs that wait for its scouts
	out    int    // scouts under way
	deaths []checks.Failure
	left   []*leg         // never walked
	same   checks.Failure // what the scouts died of, where the rest was left out for it
}

// own reports whether a walk on the way is the product's: where nobody could say how the product goes, whatever is seen
// on the direct way is a comparison, and neither clears nor accuses it.
func (w *way) own() bool { return w.product && !w.assumed }

// leg is one endpoint on one way.
type leg struct {
	endpoint assets.Endpoint
	way      *way
	families []string                // that are walked; "" through a proxy, and where no family has an address
	got      map[string]probe.Answer // by family; nil: never walked
	other    []checks.Evidence       // lookups that failed in a family that is left out
	scout    bool
}

// ways lists the product's way first, then at most two others to compare it with: direct, and the first proxy that
// another source names.
func ways(env checks.Env) []*way {
	route, ok := checks.Get[checks.Route](env.Facts, checks.FactRoute)
	known := ok && route.Known
	if !known {
		route.Proxy = nil
	}
	own := &way{proxy: route.Proxy, product: true, assumed: !known, source: route.Source, where: route.Where}
	out := []*way{own}
	if own.proxy != nil {
		out = append(out, &way{source: "no proxy"})
	}
	for _, o := range route.Others {
		if o.Proxy != nil && !same(o.Proxy, own.proxy) {
			return append(out, &way{proxy: o.Proxy, source: o.Source, where: o.Whose})
		}
	}
	return out
}

func same(a, b *url.URL) bool {
	return a != nil && b != nil && strings.EqualFold(a.Scheme, b.Scheme) && strings.EqualFold(a.Host, b.Host)
}

// testable splits the profile's endpoints: what can be walked, required ones first, and what has no value yet.
func testable(p *assets.Profile) (walk []assets.Endpoint, missing map[string][]assets.Endpoint) {
	missing = map[string][]assets.Endpoint{}
	for _, e := range p.Endpoints {
		if v := e.Missing(p); v != "" {
			missing[v] = append(missing[v], e)
			continue
		}
		walk = append(walk, e)
	}
	slices.SortStableFunc(walk, func(a, b assets.Endpoint) int { return cmp.Compare(rank(a.Required), rank(b.Required)) })
	return walk, missing
}

// rank puts what is so before what is not.
func rank(so bool) int {
	if so {
		return 0
	}
	return 1
}

func newRun(env checks.Env, emit func(checks.Event)) *run {
	r := &run{
		env: env, emit: emit, names: probe.NewNames(env.Machine.Network),
		waits: map[*leg]string{}, absent: map[string][]checks.Finding{},
	}
	endpoints, missing := testable(env.Profile)
	r.missing = missing
	r.ways = ways(env)
	for _, w := range r.ways {
		for _, e := range endpoints {
			w.legs = append(w.legs, &leg{endpoint: e, way: w})
		}
		r.total += len(w.legs)
		r.enter(w)
	}
	return r
}

// enter queues a way. A comparison sends scouts first.
func (r *run) enter(w *way) {
	n := len(w.legs)
	if !w.product && n > scouts {
		n = scouts
	}
	for _, l := range w.legs[:n] {
		l.scout = !w.product
		r.queue = append(r.queue, l)
	}
	if !w.product {
		w.out = n
	}
	w.held = w.legs[n:]
}

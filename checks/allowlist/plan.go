package allowlist

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/probe"
)

// way is a way out that several addresses share: the product's own, whatever it is for each of them, or one to compare
// it with.
type way struct {
	proxy         *url.URL // of a comparison; nil: direct
	product       bool
	assumed       bool // nobody could say which way the product goes
	source, where string

	legs   []*leg // in the order in which they were entered
	going  int    // legs under way
	held   []*leg // a comparison's legs that wait for its scouts
	sent   int    // scouts so far
	out    int    // scouts under way or waiting for it
	deaths []checks.Failure
	left   []*leg         // never walked
	same   checks.Failure // what the scouts died of, where the rest is left out for it
}

// own reports whether a walk on the way is the product's: where nobody could say how the product goes, whatever is seen
// on the direct way is a comparison, and neither clears nor accuses it.
func (w *way) own() bool { return w.product && !w.assumed }

// leg is one endpoint on one way.
type leg struct {
	endpoint assets.Endpoint
	way      *way
	routes   []*url.URL // in the order in which they are tried; nil among them is direct
	large    bool       // it is the one that is asked for a large greeting too
	scout    bool

	trips   []trip        // what was walked in the last try, one for each route that was tried
	won     int           // the one that counts
	tries   int           // how often the whole was walked
	took    time.Duration // the last try
	earlier []checks.Evidence

	load    int                  // turns that it may need at once
	since   map[string]time.Time // by family: since when an answer is waited for, where no turn is. Guarded by run.mu
	against []string             // routes that it is compared with
	first   bool                 // its first try has ended
}

// trip is what was walked on one route: through a proxy once, directly once for each family.
type trip struct {
	proxy    *url.URL
	families []string                // "" through a proxy, and where no family has an address
	got      map[string]probe.Answer // by family
	other    []checks.Evidence       // lookups that failed in a family that is left out
}

// stuck reports whether the product would try the next of its routes.
func (t trip) stuck() bool {
	return !slices.ContainsFunc(t.families, func(f string) bool { return !probe.PassedOver(t.got[f]) })
}

// fate is what a trip came to: a failure only where no family got through.
func (t trip) fate() checks.Failure {
	worst := checks.NoFailure
	for _, f := range t.families {
		a := t.got[f]
		if a.Failure == checks.NoFailure {
			return checks.NoFailure
		}
		if worst == checks.NoFailure || worst == checks.NoRoute {
			worst = a.Failure
		}
	}
	return worst
}

func (l *leg) walked() bool         { return len(l.trips) > 0 }
func (l *leg) trip() trip           { return l.trips[l.won] }
func (l *leg) fate() checks.Failure { return l.trip().fate() }

// borrowed reports whether a walk got through only with a login that the product need not have.
func (l *leg) borrowed() bool {
	return slices.ContainsFunc(l.trip().families, func(f string) bool { return l.trip().got[f].LoggedIn != "" })
}

// tried are the routes on which the last try went.
func (l *leg) tried() []*url.URL {
	var out []*url.URL
	for _, t := range l.trips {
		out = append(out, t.proxy)
	}
	return out
}

// cost is how many turns a route may need at once.
func cost(proxy *url.URL) int {
	if proxy == nil {
		return 2 // both families
	}
	return 1
}

func same(a, b *url.URL) bool {
	if a == nil || b == nil {
		return a == b
	}
	return strings.EqualFold(a.Scheme, b.Scheme) && strings.EqualFold(a.Host, b.Host)
}

func among(list []*url.URL, u *url.URL) bool {
	return slices.ContainsFunc(list, func(o *url.URL) bool { return same(o, u) })
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
		env: env, emit: emit, names: probe.NewNames(env.Machine.Network), news: make(chan func()),
		open: map[*leg]bool{}, waits: map[*leg]string{}, absent: map[string][]checks.Finding{},
	}
	if r.room = most; env.Turns != nil {
		r.room = 2 * most
	}
	var ok bool
	if r.route, ok = checks.Get[checks.Route](env.Facts, checks.FactRoute); !ok || !r.route.Known {
		r.route.Proxy, r.route.Each = nil, nil
	}
	own := &way{product: true, assumed: !ok || !r.route.Known, source: r.route.Source, where: r.route.Where}
	r.ways = []*way{own}
	endpoints, missing := testable(env.Profile)
	r.missing, r.firsts = missing, len(endpoints)
	for _, e := range endpoints {
		l := &leg{endpoint: e, way: own, routes: r.route.Ways(e.URL()), since: map[string]time.Time{}}
		if l.large = !r.large && e.Required && e.Scheme == "https"; l.large {
			r.large = true
		}
		r.enter(l)
	}
	if own.assumed {
		for _, l := range own.legs {
			r.compare(l, l.routes)
		}
	}
	return r
}

// enter puts a leg into the queue.
func (r *run) enter(l *leg) {
	l.way.legs = append(l.way.legs, l)
	r.queue = append(r.queue, l)
	r.total++
}

package proxy

import (
	"net/url"
	"slices"
	"strings"

	"linecheck/assets"
	"linecheck/checks"
)

// aboutRoute is the product's way out, as far as it could be told.
func (r *run) aboutRoute() checks.Finding {
	c := r.route
	source, where := r.decider()
	f := checks.Finding{Code: RouteCode, Subject: r.title(), View: view(product, c.first()), Args: map[string]string{
		"proxy": shown(c.first()), "source": source, "where": where, "account": r.account(), "known": "known", "more": "",
		"stored": checks.YesNo(c.from >= 0 && r.sources[c.from].ofProduct()),
	}}
	switch {
	case !c.known:
		f.Args["known"] = "not known"
		f.Args["proxy"], f.Args["reason"] = "unknown", c.reason
		f.Args["way"] = "not known, because " + c.reason
		f.View = product
	case c.first() == nil && len(c.ways) < 2:
		f.Status, f.Args["way"] = checks.Pass, "directly"
	case c.first() == nil:
		f.Status, f.Args["way"] = checks.Pass, "directly, then "+written(c.ways[1:])
	default:
		f.Status, f.Args["way"] = checks.Pass, "through "+written(c.ways)
	}
	if c.known && c.concluded != "" {
		f.Mark = assets.Inferred
		f.Args["more"] += " " + sentence("we conclude this: "+c.concluded)
	}
	f.Args["more"] += r.others()
	for i, s := range r.sources {
		if c.from < 0 && slices.Contains(c.asked, name(s)) || i == c.from {
			f.Evidence = append(f.Evidence, s.evidence())
		}
	}
	if c.script != nil {
		f.Evidence = append(f.Evidence, c.script.proof...)
	}
	if len(f.Evidence) == 0 {
		f.Evidence = []checks.Evidence{{Source: "system", Text: where}}
	}
	return f
}

// others says how many addresses go another way than the one that stands for them, and which cannot go through a proxy.
func (r *run) others() string {
	var other, tcp []string
	for _, e := range r.endpoints {
		switch c := r.way(e); {
		case schemeOf(e) == "tcp" && c.known && c.set && c.first() == nil:
			tcp = append(tcp, e.Host)
		case r.route.known && c.key() != r.route.key() && !c.excepted:
			other = append(other, e.Host)
		}
	}
	out := ""
	if len(other) > 0 {
		out += " Other ways are taken to " + few(other) + "."
	}
	if len(tcp) > 0 {
		out += " Plain TCP goes directly, since only a SOCKS proxy could carry it: " + few(tcp) + "."
	}
	return out
}

// bypassing notes that exceptions send some needed addresses directly; where they send all, the route says so.
func (r *run) bypassing() (checks.Finding, bool) {
	direct, required := r.except()
	if len(direct) == 0 || !r.route.known || len(direct) == required || r.route.from < 0 {
		return checks.Finding{}, false
	}
	s := r.sources[r.route.from]
	return checks.Finding{Code: Bypassed, Status: checks.Note, Subject: r.title(), View: view(s.Whose, nil),
		Args:     map[string]string{"bypassed": strings.Join(direct, ", "), "from": name(s), "where": s.Where},
		Evidence: []checks.Evidence{{Source: s.Where, Text: clean("exceptions: "+strings.Join(s.Bypass, ";"), 300)}}}, true
}

// disagree compares what the product stored with what the system tells its account now.
func (r *run) disagree() (checks.Finding, bool) {
	own, sys := r.own, r.system
	if !own.known || !own.set || !sys.known || same(own.first()) == same(sys.first()) {
		return checks.Finding{}, false
	}
	source, _ := r.origin(sys)
	f := checks.Finding{Code: Disagree, Status: checks.Warn, Subject: r.title(), View: view(product, own.first()), Mark: r.sources[own.from].mark,
		Args: map[string]string{"product": shown(own.first()), "system": shown(sys.first()), "where": r.sources[own.from].Where, "source": source, "account": r.account()}}
	if sys.first() == nil && r.works(own.first()) {
		f.Status = checks.Note // a proxy given to the product alone, and it works
	}
	f.Evidence = []checks.Evidence{r.proof(own), r.proof(sys)}
	return f, true
}

// ways that lead to the same proxies are the same way, whatever login stands in them.
func sameWays(a, b []*url.URL) bool {
	return slices.EqualFunc(a, b, func(x, y *url.URL) bool { return same(x) == same(y) })
}

package proxy

import (
	"net/url"
	"slices"
	"strings"

	"linecheck/assets"
	"linecheck/checks"
)

// decide finds every identity's ways, and the address whose way stands for the product's: the first required one that
// goes through a proxy, else the first there is.
func (r *run) decide() {
	r.choose()
	r.lead = r.target
	for _, e := range r.endpoints {
		if c := r.way(e); e.Required && c.known && c.first() != nil {
			r.lead = e
			break
		}
	}
	product, account := r.who[0], r.who[1]
	r.own = r.through(r.lead, r.able, product.steps[0])
	if r.lead == nil { // nothing to ask about: what the sources say of any address of https
		r.route = r.through(nil, r.able, product.steps...)
		r.system = r.through(nil, r.able, account.steps...)
		return
	}
	r.route, r.system = product.choice[r.lead], account.choice[r.lead]
}

// way is what the product chooses for an address.
func (r *run) way(e *assets.Endpoint) choice { return r.who[0].choice[e] }

// name tells sources of the same kind apart.
func name(s source) string {
	switch {
	case s.Source == internetOptions && s.Whose == you:
		return "your setting in " + s.Source
	case s.Source == internetOptions:
		return s.Source + " of " + s.Whose
	case s.Source == unitEnvironment:
		return "the service's environment"
	case s.Source == environment && s.Whose == you:
		return "the environment of this session"
	case s.Source == environment && s.Whose == everybody:
		return "the machine's environment"
	case s.Source == environment:
		return "the environment of " + s.Whose
	}
	return s.Source
}

// decider is the source of the product's way and where that stands.
func (r *run) decider() (source, where string) {
	source, where = r.origin(r.route)
	if direct, required := r.except(); r.route.from >= 0 && required > 0 && len(direct) == required {
		where += ", which excepts every address that is needed"
	}
	return source, where
}

// origin is the source that decides a choice and where that stands; of no source, what was asked.
func (r *run) origin(c choice) (source, where string) {
	switch {
	case c.from >= 0:
		return r.sources[c.from].Source, r.sources[c.from].Where
	case len(c.asked) == 0:
		return "no setting", "there is none to ask"
	}
	return "no setting", "asked: " + strings.Join(c.asked, ", ")
}

// proof is what the source that decides a choice says, or what was asked.
func (r *run) proof(c choice) checks.Evidence {
	if c.from >= 0 {
		return r.sources[c.from].evidence()
	}
	_, where := r.origin(c)
	return checks.Evidence{Source: "system", Text: where}
}

// except lists the required addresses that an exception of the deciding source sends directly, and counts the required
// ones.
func (r *run) except() (direct []string, required int) {
	hosts := map[string]bool{}
	for _, e := range r.endpoints {
		if !e.Required {
			continue
		}
		if hosts[e.Host] = true; r.way(e).excepted && !slices.Contains(direct, e.Host) {
			direct = append(direct, e.Host)
		}
	}
	return direct, len(hosts)
}

// leadsThrough lists the addresses for which the product has a proxy among its ways.
func (r *run) leadsThrough(u *url.URL) (out []*assets.Endpoint) {
	for _, e := range r.endpoints {
		c := r.way(e)
		if c.known && slices.ContainsFunc(c.ways, func(w *url.URL) bool { return key(w) == key(u) }) {
			out = append(out, e)
		}
	}
	return out
}

// fact is the product's ways for the checks that follow. Before the proxies were tried, the others stand in the order
// in which they were found.
func (r *run) fact() checks.Route {
	out := checks.Route{Known: r.route.known}
	out.Source, out.Where = r.decider()
	if out.Known {
		out.Proxy = r.route.first()
		for _, e := range r.endpoints {
			c := r.way(e)
			if c.known && (len(c.ways) > 1 || key(c.first()) != key(out.Proxy)) {
				if out.Each == nil {
					out.Each = map[string][]*url.URL{}
				}
				out.Each[e.URL()] = c.ways
			}
		}
	}
	out.Found = r.foundOnly()
	seen := []string{same(out.Proxy)}
	var dead []checks.Other
	add := func(u *url.URL, source, whose string) {
		if u == nil || slices.Contains(seen, same(u)) || !r.able(kindOf(u)) { // what it cannot use would not help it
			return
		}
		seen = append(seen, same(u))
		o := checks.Other{Proxy: u, Source: source, Whose: whose}
		if r.works(u) {
			out.Others = append(out.Others, o)
		} else {
			dead = append(dead, o)
		}
	}
	for _, s := range r.sources {
		for _, h := range r.hops(s) {
			add(h.url, s.Source, s.Whose)
		}
		for _, p := range r.scripts(s) {
			for _, h := range r.named(p) {
				add(h.url, "PAC file of "+s.Source, s.Whose)
			}
		}
	}
	out.Others = append(out.Others, dead...)
	return out
}

// foundOnly are the proxies of the product's ways that no setting and no script of a setting names: a search found them.
func (r *run) foundOnly() (out []*url.URL) {
	given := map[string]bool{}
	each := func(searched bool, list []*identity, f func(*url.URL)) {
		for _, id := range list {
			for _, e := range r.endpoints {
				c := id.choice[e]
				if found := c.script != nil && c.script.where != ""; c.known && found == searched {
					for _, u := range c.ways {
						f(u)
					}
				}
			}
		}
	}
	each(false, r.who, func(u *url.URL) { given[key(u)] = true })
	each(true, r.who[:min(1, len(r.who))], func(u *url.URL) {
		if u != nil && !given[key(u)] {
			given[key(u)] = true
			out = append(out, u)
		}
	})
	return out
}

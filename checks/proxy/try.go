package proxy

import (
	"context"
	"net/url"
	"slices"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/probe"
)

// try is one proxy and what a walk through it showed.
type try struct {
	proxy    *url.URL
	endpoint *assets.Endpoint // what it was asked for
	used     bool             // among the product's ways
	given    bool             // somebody set it by hand or by a script of theirs, so that a login may be sent there
	walked   bool
	answer   probe.Answer
	login    *probe.Answer // the walk with the person's or the system's login, where the proxy wants one
}

// hop is a proxy and the first address that would go through it.
type hop struct {
	url      *url.URL
	endpoint *assets.Endpoint
}

// hops are the proxies that a source names by hand for the addresses of the product.
func (r *run) hops(s source) (out []hop) {
	if s.Err != nil || s.bad != nil {
		return nil
	}
	if len(r.endpoints) == 0 {
		for _, u := range s.listed(nil) {
			out = with(out, u, nil)
		}
	}
	for _, e := range r.endpoints {
		for _, u := range s.listed(e) {
			if carries(u, e) {
				out = with(out, u, e)
			}
		}
	}
	return out
}

// named are the proxies that a script gives for the addresses of the product; of one that nobody could run, those that
// stand in it.
func (r *run) named(p *script) (out []hop) {
	if p.ran() {
		for _, e := range r.endpoints {
			for _, u := range p.given[asked(e)].ways {
				if u != nil {
					out = with(out, u, e)
				}
			}
		}
		// A script that sends the product directly may know a proxy for others.
		if e := r.target; e != nil && len(out) == 0 && len(p.given[asked(e)].ways) == 1 {
			for _, u := range p.proxies[:min(len(p.proxies), mostCandidate)] {
				out = with(out, u, e)
			}
		}
		return out
	}
	if p.fetched && p.fault == nil {
		for _, u := range p.proxies[:min(len(p.proxies), mostCandidate)] {
			out = with(out, u, r.target)
		}
	}
	return out
}

func with(list []hop, u *url.URL, e *assets.Endpoint) []hop {
	if slices.ContainsFunc(list, func(h hop) bool { return key(h.url) == key(u) }) {
		return list
	}
	return append(list, hop{u, e})
}

// want notes a proxy to be tried; spellings of the same one are tried once, another login is another try.
func (r *run) want(u *url.URL, e *assets.Endpoint) *try {
	k := key(u)
	t := r.tries[k]
	if t == nil {
		if t = (&try{proxy: u, endpoint: e}); len(r.order) >= mostProxies {
			return t
		}
		r.tries[k] = t
		r.order = append(r.order, t)
	}
	return t
}

// key is the same for all spellings of a proxy with one login; "" for the direct way.
func key(u *url.URL) string {
	if u == nil {
		return ""
	}
	k := same(u)
	if u.User != nil {
		k += " " + u.User.String()
	}
	return k
}

// list notes every proxy that some source names: first the product's, then those of the people it is compared with.
func (r *run) list() {
	for i, id := range r.who {
		for _, e := range r.endpoints {
			c := id.choice[e]
			found := c.script != nil && c.script.where != ""
			for _, u := range c.ways {
				if u == nil || !c.known {
					continue
				}
				t := r.want(u, e)
				t.used = t.used || i == 0
				t.given = t.given || !found
			}
		}
	}
	for _, s := range r.sources {
		for _, h := range r.hops(s) {
			r.want(h.url, h.endpoint)
		}
		for _, p := range r.scripts(s) {
			named := r.named(p)
			for _, h := range named[:min(len(named), mostCandidate)] {
				r.want(h.url, h.endpoint)
			}
		}
	}
}

// tryAll walks through every proxy that some source names.
func (r *run) tryAll(ctx context.Context) {
	if r.list(); r.target == nil {
		return
	}
	r.total += len(r.order)
	each(len(r.order), func(i int) {
		t := r.order[i]
		if ctx.Err() != nil || t.endpoint == nil {
			return
		}
		r.progress(0, t.proxy.Host)
		t.answer = r.walk(ctx, t, probe.Request{})
		t.walked = true
		r.logIn(ctx, t)
		r.progress(1, t.proxy.Host)
	})
	if e := r.stranded(); e != nil && ctx.Err() == nil {
		r.plain = &try{endpoint: e, walked: true}
		r.plain.answer = r.walk(ctx, r.plain, probe.Request{})
	}
}

// stranded is an address that the product needs, where it can use none of the kinds of proxy that lead there.
func (r *run) stranded() *assets.Endpoint {
	for _, e := range r.endpoints {
		c := r.way(e)
		if e.Required && c.known && c.set && !slices.ContainsFunc(c.ways, func(u *url.URL) bool { return u == nil || r.able(kindOf(u)) }) {
			return e
		}
	}
	return nil
}

// walk goes to the try's address through its proxy.
func (r *run) walk(ctx context.Context, t *try, q probe.Request) probe.Answer {
	hide := probe.Hider(t.proxy, &url.URL{User: q.Login})
	q.Tunnel = true // what lies behind it is the allowlist's to see, and the vendor's server is asked once less
	q.Network, q.Endpoint, q.Route, q.Roots, q.Turns = r.env.Machine.Network, *t.endpoint, t.proxy, r.env.Roots, r.env.Turns
	q.OnStage = func(p checks.Path) {
		p.Product = t.used && q.Login == nil && q.Logins == nil
		r.emit(checks.Walking{Path: scrubPath(p, hide)})
		if note := probe.Waits(p); note != "" && t.proxy != nil {
			r.progress(0, t.proxy.Host+": "+note)
		}
	}
	a := probe.Walk(ctx, q)
	a.Path.Product = t.used
	return a
}

// logIn walks once more with a login where the proxy wants one: the one that a person typed, else the system's own. It
// is sent only to a proxy that somebody set, never to one that a search in the network found.
func (r *run) logIn(ctx context.Context, t *try) {
	if t.answer.Failure != checks.ProxyAuth || !t.given || t.proxy.User != nil {
		return
	}
	var q probe.Request
	if r.env.Login != nil && slices.ContainsFunc(t.answer.ProxyAuth, func(s string) bool { return s == "basic" || s == probe.PasswordLogin }) {
		q.Login = r.env.Login
	}
	if slices.ContainsFunc(t.answer.ProxyAuth, func(s string) bool { return s == "ntlm" || s == "negotiate" }) && r.systemLogin(t) {
		q.Logins = r.env.Machine.Logins
	}
	if q.Login == nil && q.Logins == nil {
		return
	}
	a := r.walk(ctx, t, q)
	t.login = &a
}

// systemLogin reports whether this system can log in for the account that runs linecheck.
func (r *run) systemLogin(t *try) bool {
	for _, scheme := range []string{"negotiate", "ntlm"} {
		if l, err := r.env.Machine.Logins.Begin(scheme, t.proxy.Hostname()); err == nil {
			l.Close()
			return true
		}
	}
	return false
}

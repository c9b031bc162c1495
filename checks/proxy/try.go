package proxy

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"linecheck/checks"
	"linecheck/checks/probe"
)

// try is one proxy and what a walk through it showed.
type try struct {
	proxy  *url.URL
	used   bool // the product's way
	walked bool
	answer probe.Answer
}

// want notes a proxy to be tried; spellings of the same one are tried once, another login is another try.
func (r *run) want(u *url.URL, used bool) {
	k := key(u)
	t := r.tries[k]
	if t == nil {
		if len(r.order) >= mostProxies {
			return
		}
		t = &try{proxy: u}
		r.tries[k] = t
		r.order = append(r.order, t)
	}
	t.used = t.used || used
}

func key(u *url.URL) string {
	k := same(u)
	if u.User != nil {
		k += " " + u.User.String()
	}
	return k
}

// tryAll walks through every proxy that some source names.
func (r *run) tryAll(ctx context.Context) {
	if r.route.proxy != nil {
		r.want(r.route.proxy, true)
	}
	for _, s := range r.sources {
		if e := pick(s.entries, r.scheme()); e != nil && s.Err == nil && s.bad == nil {
			r.want(e.URL, false)
		}
		for _, p := range r.scripts(s) {
			for _, u := range p.proxies[:min(len(p.proxies), mostCandidate)] {
				r.want(u, false)
			}
		}
	}
	if r.target == nil {
		return
	}
	r.total += len(r.order)
	each(len(r.order), func(i int) {
		t := r.order[i]
		if ctx.Err() != nil {
			return
		}
		name, hide := t.proxy.Host, probe.Hider(t.proxy)
		r.progress(0, name)
		t.answer = probe.Walk(ctx, probe.Request{
			Network: r.env.Machine.Network, Endpoint: *r.target, Route: t.proxy, Roots: r.env.Roots,
			OnStage: func(p checks.Path) {
				p.Product = t.used
				r.emit(checks.Walking{Path: scrubPath(p, hide)})
			},
		})
		t.walked = true
		t.answer.Path.Product = t.used
		r.progress(1, name)
	})
}

// verdict says what the walk means for the proxy: its own failure, whether it works, and in words where neither.
func (t *try) verdict() (f checks.Failure, works bool, why string) {
	a := t.answer
	switch {
	case !t.walked:
		return "", false, "it was not tried"
	case errors.Is(a.Err, probe.ErrNotWalked):
		return "", false, a.Err.Error()
	case a.Failure == checks.NoFailure:
		return "", true, ""
	case a.Failure == checks.Cancelled:
		return "", false, "it was stopped before it was tried"
	case strings.HasPrefix(string(a.Failure), "proxy."):
		return a.Failure, false, ""
	}
	switch a.Failed {
	case checks.Resolve:
		return checks.ProxyUnresolvable, false, ""
	case checks.Connect:
		if a.Failure == checks.Refused {
			return checks.ProxyRefused, false, ""
		}
		return checks.ProxyUnreachable, false, ""
	case checks.Tunnel:
		if a.Failure == checks.ResetLater {
			return checks.ProxyNotHTTP, false, ""
		}
		return "", false, "the proxy's answer was not understood"
	}
	return "", true, string(a.Failure)
}

func (t *try) works() bool { _, ok, _ := t.verdict(); return ok }

package proxy

import (
	"cmp"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strings"

	"linecheck/checks"
	"linecheck/checks/host"
	"linecheck/checks/probe"
)

// findings are all of the run: one for each source, those about PAC files and their proxies, and what follows for the
// product.
func (r *run) findings() []checks.Finding {
	var out []checks.Finding
	for i, s := range r.sources {
		used := r.route.from == i && (r.route.set || !r.route.known)
		if p := r.script(s, host.Auto); p != nil && p.found && s.has(host.Auto) && r.route.from < 0 {
			used = slices.Contains(r.route.asked, name(s)) // its search ended in nothing, and so did all others
		}
		out = append(out, r.about(s, used)...)
	}
	out = append(out, r.aboutSearch()...)
	out = append(out, r.aboutWays()...)
	out = append(out, r.aboutLogins()...)
	out = append(out, r.aboutRoute())
	for _, f := range []func() (checks.Finding, bool){r.bypassing, r.disagree, r.choices, r.differ} {
		if f, ok := f(); ok {
			out = append(out, f)
		}
	}
	hide := probe.Hider(r.secrets()...)
	for i, f := range out {
		out[i] = scrub(f, hide)
	}
	return out
}

// secrets are all proxies whose login must not be shown.
func (r *run) secrets() []*url.URL {
	out := []*url.URL{{User: r.env.Login}}
	for _, s := range r.sources {
		for _, e := range s.entries {
			if e.URL.User != nil {
				out = append(out, e.URL)
			}
		}
		if u, err := url.Parse(s.PACURL); err == nil && u.User != nil {
			out = append(out, u)
		}
	}
	return out
}

func view(whose string, proxy *url.URL) string { return whose + ", " + checks.RouteName(proxy) }

// about is what one source says: one finding for each PAC file it leads to and for each proxy it names.
func (r *run) about(s source, used bool) []checks.Finding {
	f := checks.Finding{Code: Source, Subject: name(s), View: view(s.Whose, nil), Evidence: s.proof, Mark: s.mark, Args: map[string]string{
		"source": s.Source, "whose": s.Whose, "identity": cmp.Or(s.who, s.Whose), "where": s.Where, "raw": s.Raw, "proxy": "none",
		"mode": string(host.Direct), "used": checks.YesNo(used),
	}}
	if s.set() {
		f.Args["mode"] = string(s.Modes[0])
	}
	if s.Source == unitText {
		f.Args["late"] = "The files of the unit name another way already (" + s.Raw + "): " + s.note + "."
	}
	if len(s.Bypass) > 0 {
		f.Args["bypass"] = clean(strings.Join(s.Bypass, ";"), 200)
	}
	switch {
	case s.Err != nil:
		f.Args["state"], f.Args["detail"], f.View = "could not be read", sentence(reason(s.Err)), s.Whose
		f.Args["mode"], f.Args["proxy"] = "unknown", "unknown"
		f.Evidence = append(slices.Clone(s.proof), checks.Evidence{Source: s.Where, Text: clean(s.Err.Error(), 300)})
		if errors.Is(s.Err, host.ErrUnsupported) && !used {
			f.Status = checks.Skip
		}
		return []checks.Finding{f}
	case s.bad != nil:
		f.Args["state"], f.Args["detail"] = "is no proxy", sentence(s.bad.Error())
		f.Args["proxy"] = mask(s.Server)
		return []checks.Finding{f}
	case !s.set():
		f.Status, f.Args["state"], f.Args["detail"] = checks.Note, "none set", sentence(s.note)
		return []checks.Finding{f}
	}
	var out []checks.Finding
	for _, p := range r.scripts(s) {
		if p.found {
			out = append(out, r.aboutScript(s, p, used))
		} else {
			f.Args["detail"] = "Automatic search: " + p.where + "."
			f.Evidence = append(slices.Clone(f.Evidence), p.proof...)
		}
	}
	if !s.has(host.Manual) {
		if len(out) == 0 {
			f.Status, f.Args["state"] = checks.Note, "finds no proxy"
			delete(f.Args, "proxy")
			out = append(out, f)
		}
		return out
	}
	return append(out, r.aboutProxies(f, s, used)...)
}

// aboutProxies completes the finding of a source that names proxies by what the walks through them showed.
func (r *run) aboutProxies(f checks.Finding, s source, used bool) []checks.Finding {
	hops := r.hops(s)
	if len(hops) == 0 {
		f.Status, f.Args["state"] = checks.Note, "none set for "+schemeOf(r.target)
		f.Args["detail"] = "A proxy is named for other addresses only."
		return []checks.Finding{f}
	}
	var out []checks.Finding
	for _, h := range hops {
		f := f
		f.Args = maps.Clone(f.Args)
		f.Args["proxy"], f.View = shown(h.url), view(s.Whose, h.url)
		for _, e := range s.entries {
			if e.Assumed && e.URL == h.url {
				f.Evidence = append(slices.Clone(f.Evidence), checks.Evidence{Source: s.Where, Text: "no port is written, " + e.URL.Port() + " is assumed"})
			}
		}
		if t := r.tries[key(h.url)]; r.target == nil || t == nil {
			f.Args["state"], f.Args["detail"] = "was not tried", "The profile names no address to try it with."
			if r.target != nil {
				f.Args["detail"] = "More proxies are named here than are tried in one run."
			}
		} else {
			f = r.judge(f, t, used, r.gravity(h.url))
		}
		out = append(out, f)
	}
	return out
}

// gravity is how bad it is where a proxy among the product's ways fails: only what a required address cannot do without
// is at fault.
func (r *run) gravity(u *url.URL) checks.Status {
	among := r.leadsThrough(u)
	if len(among) == 0 && len(r.endpoints) > 0 {
		return checks.Note // it decides, and every address of the product is excepted from it
	}
	if len(among) == 0 {
		return checks.Fail // there is nothing to ask about
	}
	for _, e := range among {
		ways := r.way(e).ways
		come := slices.ContainsFunc(r.reached(ways), func(w *url.URL) bool { return key(w) == key(u) })
		if e.Required && come && r.shuts(ways) {
			return checks.Fail
		}
	}
	return checks.Warn
}

// judge turns a walk into the finding's code and status: only the product's own way can be at fault, everything else
// is a comparison.
func (r *run) judge(f checks.Finding, t *try, used bool, gravest checks.Status) checks.Finding {
	v := t.verdict()
	for k, v := range t.answer.Args {
		if _, ok := f.Args[k]; !ok {
			f.Args[k] = v
		}
	}
	f.Args["proxyhost"], f.Args["proxyport"] = t.proxy.Hostname(), t.proxy.Port()
	f.Evidence = append(slices.Clone(f.Evidence), t.answer.Evidence...)
	if t.answer.Err != nil {
		f.Evidence = append(f.Evidence, checks.Evidence{Source: string(t.answer.Failed), Text: clean(t.answer.Err.Error(), 300)})
	}
	if t.walked {
		p := t.answer.Path
		p.Product = used
		f.Path, f.Took = &p, t.answer.Took
	}
	switch {
	case v.works:
		f.Status, f.Args["state"] = checks.Pass, "works"
		if f.Args["detail"] = "It leads to " + f.Args["target"] + "."; v.why != "" {
			f.Args["detail"] = "It leads to " + f.Args["target"] + ", and what fails lies behind it (" + v.why + ")."
		}
	case v.failure != checks.NoFailure:
		f.Code, f.Args["state"] = checks.Code(v.failure), "does not work"
		f.Status = checks.Note
		if used {
			if f.Status = gravest; f.Mark.Hint() {
				f.Status = checks.Warn
			}
		}
		if v.failure == checks.ProxyAuth {
			r.login(&f, t)
			r.unsure(&f, t)
		}
	default:
		f.Args["state"], f.Args["detail"] = "could not be tried", sentence(v.why)
	}
	return f
}

func (r *run) title() string { return cmp.Or(r.env.Profile.Title, r.env.Profile.Name) }

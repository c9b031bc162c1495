package proxy

import (
	"cmp"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"linecheck/checks"
	"linecheck/checks/host"
	"linecheck/checks/probe"
)

// findings are all of the run: one for each source, those about PAC files, and what follows for the product.
func (r *run) findings() []checks.Finding {
	var out []checks.Finding
	for i, s := range r.sources {
		used := r.route.from == i && (r.route.set || !r.route.known)
		out = append(out, r.about(s, used)...)
	}
	out = append(out, r.aboutRoute())
	if direct, required := r.except(); len(direct) > 0 && r.route.known && len(direct) < required {
		s := r.sources[r.route.from]
		out = append(out, checks.Finding{Code: Bypassed, Status: checks.Note, Subject: r.title(), View: view(s.Whose, nil),
			Args:     map[string]string{"bypassed": strings.Join(direct, ", "), "from": name(s), "where": s.Where},
			Evidence: []checks.Evidence{{Source: s.Where, Text: clean("exceptions: "+strings.Join(s.Bypass, ";"), 300)}}})
	}
	if f, ok := r.disagree(); ok {
		out = append(out, f)
	}
	hide := probe.Hider(r.named()...)
	for i, f := range out {
		out[i] = scrub(f, hide)
	}
	return out
}

// named are all proxies whose login must not be shown.
func (r *run) named() []*url.URL {
	var out []*url.URL
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

// about is what one source says: one finding, and one more for each PAC file it leads to.
func (r *run) about(s source, used bool) []checks.Finding {
	f := checks.Finding{Code: Source, Subject: name(s), View: view(s.Whose, nil), Evidence: s.proof, Mark: s.mark, Args: map[string]string{
		"source": s.Source, "whose": s.Whose, "where": s.Where, "raw": s.Raw, "proxy": "none", "mode": string(host.Direct), "used": checks.YesNo(used),
	}}
	if s.set() {
		f.Args["mode"] = string(s.Modes[0])
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
			f.Args["detail"] = "Automatic search: " + p.where + "; DHCP was not asked."
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
	return append(out, r.aboutProxy(f, s, used))
}

// aboutProxy completes the finding of a source that names a proxy by what the walk through it showed.
func (r *run) aboutProxy(f checks.Finding, s source, used bool) checks.Finding {
	e := pick(s.entries, r.scheme())
	if e == nil {
		f.Status, f.Args["state"] = checks.Note, "none set for "+r.scheme()
		f.Args["detail"] = "A proxy is named for other addresses only."
		return f
	}
	f.Args["proxy"], f.View = shown(e.URL), view(s.Whose, e.URL)
	if e.Assumed {
		f.Evidence = append(slices.Clone(f.Evidence), checks.Evidence{Source: s.Where, Text: "no port is written, " + e.URL.Port() + " is assumed"})
	}
	t := r.tries[key(e.URL)]
	if r.target == nil || t == nil {
		f.Args["state"], f.Args["detail"] = "was not tried", "The profile names no address to try it with."
		return f
	}
	return r.judge(f, t, used)
}

// judge turns a walk into the finding's code and status: only the product's own way can be at fault, everything else
// is a comparison.
func (r *run) judge(f checks.Finding, t *try, used bool) checks.Finding {
	fail, works, why := t.verdict()
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
	case works:
		f.Status, f.Args["state"] = checks.Pass, "works"
		if f.Args["detail"] = "It leads to " + f.Args["target"] + "."; why != "" {
			f.Args["detail"] = "It leads to " + f.Args["target"] + ", and what fails lies behind it (" + why + ")."
		}
	case fail != checks.NoFailure:
		f.Code, f.Args["state"] = checks.Code(fail), "does not work"
		f.Status = checks.Note
		if used {
			if f.Status = checks.Fail; f.Mark.Hint() {
				f.Status = checks.Warn
			}
		}
		if fail == checks.ProxyAuth {
			r.login(&f, t)
		}
	default:
		f.Args["state"], f.Args["detail"] = "could not be tried", sentence(why)
	}
	return f
}

// login says which logins a proxy offers and whether the product can do one of them.
func (r *run) login(f *checks.Finding, t *try) {
	can := r.env.Profile.Proxy.Auth
	f.Args["schemes"] = strings.Join(t.answer.ProxyAuth, ", ")
	f.Args["auth"] = strings.Join(can, ", ")
	f.Args["able"] = "unknown"
	if len(can) > 0 && len(t.answer.ProxyAuth) > 0 {
		f.Args["able"] = checks.YesNo(slices.ContainsFunc(t.answer.ProxyAuth, func(s string) bool {
			return slices.ContainsFunc(can, func(c string) bool { return strings.EqualFold(c, s) })
		}))
	}
	for _, k := range []string{"schemes", "auth"} {
		if f.Args[k] == "" {
			f.Args[k] = "not known"
		}
	}
}

// aboutScript is what became of a PAC file that a source leads to.
func (r *run) aboutScript(s source, p *script, used bool) checks.Finding {
	f := checks.Finding{Subject: mask(p.url), View: view(s.Whose, nil), Took: p.took, Mark: s.mark, Args: map[string]string{
		"source": s.Source, "whose": s.Whose, "where": s.Where, "raw": s.Raw, "url": mask(p.url),
		"mode": string(host.PAC), "used": checks.YesNo(used), "reason": p.reason, "error": p.reason,
	}, Evidence: append(slices.Clone(s.proof), p.proof...)}
	if p.where != "" {
		f.Args["mode"] = string(host.Auto)
	}
	if p.status != 0 {
		f.Args["status"] = strconv.Itoa(p.status)
	}
	if p.failure != checks.NoFailure {
		f.Args["failure"] = string(p.failure)
	}
	bad := checks.Note
	if used {
		if bad = checks.Fail; s.mark.Hint() || p.where != "" {
			bad = checks.Warn // that a search ends there is our conclusion
		}
	}
	switch {
	case p.failure == checks.Cancelled:
		f.Code = PACNotRun
		f.Args["candidates"] = "not known: " + p.reason
	case !p.fetched:
		f.Code, f.Status = PACUnavail, bad
	case !p.valid:
		f.Code, f.Status = PACError, bad
	default:
		f.Code = PACNotRun
		f.Args["candidates"] = r.candidates(p)
	}
	return f
}

// candidates lists the proxies that stand literally in a PAC file, with what became of each.
func (r *run) candidates(p *script) string {
	var out []string
	for _, u := range p.proxies {
		text := shown(u)
		if t := r.tries[key(u)]; t != nil {
			switch fail, works, why := t.verdict(); {
			case works:
				text += " (works)"
			case fail != checks.NoFailure:
				text += " (" + string(fail) + ")"
			default:
				text += " (" + why + ")"
			}
		}
		out = append(out, text)
	}
	if len(out) == 0 {
		return "none"
	}
	return clean(strings.Join(out, ", "), 600)
}

// aboutRoute is the product's way out, as far as it could be told.
func (r *run) aboutRoute() checks.Finding {
	w := r.route
	f := checks.Finding{Code: RouteCode, Subject: r.title(), View: view(product, w.proxy), Args: map[string]string{
		"proxy": shown(w.proxy), "source": w.source, "where": w.where, "account": r.account(), "known": "known",
	}}
	switch {
	case !w.known:
		f.Args["known"] = "not known"
		f.Args["proxy"], f.Args["reason"] = "unknown", w.reason
		f.Args["way"] = "not known, because " + w.reason
		f.View = product
	case w.proxy == nil:
		f.Status, f.Args["way"] = checks.Pass, "directly"
	default:
		f.Status, f.Args["way"] = checks.Pass, "through "+shown(w.proxy)
	}
	for i, s := range r.sources {
		if w.from < 0 || i == w.from {
			f.Evidence = append(f.Evidence, checks.Evidence{Source: s.Where, Text: s.Raw})
		}
	}
	return f
}

// disagree compares what the product stored with what the system tells its account now.
func (r *run) disagree() (checks.Finding, bool) {
	own, sys := r.own, r.system
	if !own.known || !own.set || !sys.known || same(own.proxy) == same(sys.proxy) {
		return checks.Finding{}, false
	}
	f := checks.Finding{Code: Disagree, Status: checks.Warn, Subject: r.title(), View: view(product, own.proxy), Mark: r.sources[own.from].mark,
		Args: map[string]string{"product": shown(own.proxy), "system": shown(sys.proxy), "where": own.where, "source": sys.source, "account": r.account()}}
	if t := r.tries[keyOf(own.proxy)]; sys.proxy == nil && t != nil && t.works() {
		f.Status = checks.Note // a proxy given to the product alone, and it works
	}
	f.Evidence = append(f.Evidence, checks.Evidence{Source: own.where, Text: r.sources[own.from].Raw})
	if sys.from >= 0 {
		f.Evidence = append(f.Evidence, checks.Evidence{Source: sys.where, Text: r.sources[sys.from].Raw})
	} else {
		f.Evidence = append(f.Evidence, checks.Evidence{Source: "system", Text: sys.where})
	}
	return f, true
}

func keyOf(u *url.URL) string {
	if u == nil {
		return ""
	}
	return key(u)
}

func (r *run) title() string { return cmp.Or(r.env.Profile.Title, r.env.Profile.Name) }

// sentence makes a whole one of a clause.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + strings.TrimSuffix(s[size:], ".") + "."
}

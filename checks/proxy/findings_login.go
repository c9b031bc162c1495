package proxy

import (
	"slices"
	"strings"

	"linecheck/checks"
	"linecheck/checks/probe"
)

// login says which logins a proxy offers, whether the product can do one of them, and what became of a login that was
// tried.
func (r *run) login(f *checks.Finding, t *try) {
	can := r.env.Profile.Proxy.Auth
	f.Args["schemes"] = strings.Join(t.answer.ProxyAuth, ", ")
	f.Args["auth"] = strings.Join(can, ", ")
	f.Args["able"] = "unknown"
	f.Args["more"] = ""
	if len(can) > 0 && len(t.answer.ProxyAuth) > 0 {
		able := slices.ContainsFunc(t.answer.ProxyAuth, func(s string) bool {
			return slices.ContainsFunc(can, func(c string) bool { return strings.EqualFold(c, s) })
		})
		if f.Args["able"] = checks.YesNo(able); !able {
			f.Args["more"] = " The product can do none of these."
		}
	}
	for _, k := range []string{"schemes", "auth"} {
		if f.Args[k] == "" {
			f.Args[k] = "not known"
		}
	}
	switch {
	case t.proxy.User != nil:
		f.Args["login"] = "refused"
		f.Args["more"] += " The login that stands beside the proxy was refused."
	case t.login == nil:
	case t.login.Failure == checks.ProxyAuth:
		f.Args["login"] = "refused"
		f.Args["more"] += " " + sentence(r.whose(t)+" was refused")
	default:
		if judged(*t.login).works {
			f.Args["login"] = "works"
			f.Args["more"] += " " + sentence(r.whose(t)+" gets through")
		}
	}
	for _, s := range r.sources {
		if len(s.noLogins) > 0 {
			f.Args["disabled"] = strings.Join(s.noLogins, ", ")
			f.Args["more"] += " " + sentence("windows is told not to answer proxies with "+f.Args["disabled"])
			f.Evidence = append(f.Evidence, s.proof...)
		}
	}
}

// admits reports whether a proxy that wants a login may let the product in with a login of its own.
func (r *run) admits(t *try) bool {
	if t.verdict().failure != checks.ProxyAuth {
		return false
	}
	a := t.answer
	if t.login != nil {
		a = *t.login
	}
	return probe.Asked(r.env.Profile.Proxy.Auth, a, checks.Fail) != checks.Fail
}

// unsure says so, and that is no fault.
func (r *run) unsure(f *checks.Finding, t *try) {
	if f.Status >= checks.Warn && r.admits(t) {
		f.Status, f.Args["unsure"] = checks.Warn, "yes"
		f.Args["more"] += " Whether the product gets through with its own account is not known."
	}
}

// whose says which login was tried.
func (r *run) whose(t *try) string {
	switch {
	case t.login.LoggedIn == "basic" || t.login.LoggedIn == "password":
		return "the login that was typed"
	case t.login.LoggedIn != "":
		return "the login of the account that runs linecheck"
	case r.env.Login != nil:
		return "the login that was tried"
	}
	return "the login of the account that runs linecheck"
}

// aboutLogins are the proxies that a login opens: a comparison, since the product was not given it.
func (r *run) aboutLogins() []checks.Finding {
	var out []checks.Finding
	for _, t := range r.order {
		if t.login == nil || !judged(*t.login).works {
			continue
		}
		p := t.login.Path
		p.Product = false
		f := checks.Finding{Code: LoginWorks, Status: checks.Note, Subject: shown(t.proxy), View: view(you, t.proxy), Path: &p, Took: t.login.Took,
			Args:     map[string]string{"proxy": shown(t.proxy), "how": r.whose(t), "scheme": t.login.LoggedIn, "used": checks.YesNo(t.used)},
			Evidence: slices.Clone(t.login.Evidence)}
		for k, v := range t.login.Args {
			if _, ok := f.Args[k]; !ok {
				f.Args[k] = v
			}
		}
		if f.Args["scheme"] == "" {
			f.Args["scheme"] = "not known"
		}
		out = append(out, f)
	}
	return out
}

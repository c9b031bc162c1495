package proxy

import (
	"errors"
	"net/url"
	"slices"
	"strings"

	"linecheck/checks"
	"linecheck/checks/host"
)

// way is what one source, or several asked in turn, say about the way out.
type way struct {
	set    bool // something is chosen there; false with known: nothing, so the next source is asked
	known  bool // it could be read and understood
	proxy  *url.URL
	from   int // index of the deciding source, -1: none
	source string
	where  string
	reason string // why it is not known
}

// decide finds the product's way: its own store where one is in use, else what the system gives its account.
func (r *run) decide() {
	r.own = r.ask(func(s source) bool { return s.Source == ownStore })
	r.system = r.ask(r.chain()...)
	r.route = r.own
	if r.own.known && !r.own.set {
		r.route = r.system
	}
	if r.route.proxy != nil && r.allBypassed() {
		r.route.proxy = nil
		r.route.where += ", which excepts every address that is needed"
	}
}

// account is what a person calls run_as.
func (r *run) account() string {
	switch r.env.Profile.RunAs {
	case "network_service":
		return networkService
	case "local_system":
		return localSystem
	case "root":
		return "root"
	case "user":
		return "the user"
	}
	return "an account that the profile does not name"
}

// chain lists the sources that the system gives the product's account, in the order in which they are asked.
func (r *run) chain() []func(source) bool {
	is := func(name, whose string) func(source) bool {
		return func(s source) bool { return s.Source == name && (whose == "" || s.Whose == whose) }
	}
	if r.env.Machine.OS != "windows" {
		if r.env.Profile.RunAs == "user" {
			readable := func(s source) bool { return s.Source == unitEnvironment && s.Err == nil }
			return []func(source) bool{readable, is(environment, you)}
		}
		// A daemon whose environment could be read has no other; a shell's would not reach it.
		for _, s := range r.sources {
			if s.Source == unitEnvironment && !(errors.Is(s.Err, host.ErrUnsupported) && r.notHere()) {
				return []func(source) bool{is(unitEnvironment, "")}
			}
		}
		return []func(source) bool{is(environment, you)}
	}
	for _, s := range r.sources {
		if s.Source == internetOptions && s.Whose == everybody {
			return []func(source) bool{is(internetOptions, everybody), is(winHTTP, "")}
		}
	}
	whose := localSystem
	switch r.env.Profile.RunAs {
	case "network_service":
		whose = networkService
	case "user":
		whose = you
	}
	return []func(source) bool{is(internetOptions, whose), is(winHTTP, "")}
}

// notHere: the product check looked and did not find the product, so there is no service of it to ask.
func (r *run) notHere() bool {
	inst, ok := checks.Get[checks.Installed](r.env.Facts, checks.FactInstalled)
	return ok && !inst.Present
}

// ask goes through the sources of each step in turn. The first that chooses something decides; one that cannot be read
// ends the search, because it might have decided.
func (r *run) ask(steps ...func(source) bool) way {
	var asked []string
	for _, step := range steps {
		for i, s := range r.sources {
			if !step(s) {
				continue
			}
			w := r.way(s)
			w.from, w.source, w.where = i, s.Source, s.Where
			if !w.known || w.set {
				return w
			}
			asked = append(asked, name(s))
		}
	}
	w := way{known: true, from: -1, source: "no setting", where: "asked: " + strings.Join(asked, ", ")}
	if len(asked) == 0 {
		w.where = "there is none to ask"
	}
	return w
}

// name tells sources of the same kind apart.
func name(s source) string {
	switch {
	case s.Source == internetOptions:
		return s.Source + " of " + s.Whose
	case s.Source == environment && s.Whose == you:
		return "this process's environment"
	case s.Source == environment:
		return "the machine's environment"
	}
	return s.Source
}

// way is what one source says.
func (r *run) way(s source) way {
	switch {
	case s.Err != nil && errors.Is(s.Err, host.ErrUnsupported) && s.Source != unitEnvironment:
		return way{known: true} // this system has no such thing
	case s.Err != nil:
		return way{reason: name(s) + " could not be read: " + reason(s.Err)}
	case s.bad != nil:
		return way{set: true, reason: "what stands in " + name(s) + " is no proxy: " + s.bad.Error()}
	}
	w := way{known: true}
	for _, m := range s.Modes {
		switch m {
		case host.Auto, host.PAC:
			p := r.script(s, m)
			if p == nil {
				continue
			}
			if p.fetched && p.valid {
				return way{set: true, reason: "a PAC file decides, and linecheck does not run its rules yet"}
			}
			if p.failure == checks.Cancelled {
				return way{set: true, reason: "the PAC file was not read to its end"}
			}
			w.set = w.set || p.found // a file that does not come counts as direct; nothing found counts as nothing set
		case host.Manual:
			w.set = true
			if e := pick(s.entries, r.scheme()); e != nil {
				w.proxy = e.URL
			}
			return w
		}
	}
	return w
}

// script is the PAC file that a mode of a source leads to.
func (r *run) script(s source, m host.Mode) *script {
	switch m {
	case host.PAC:
		return r.pacs[s.PACURL]
	case host.Auto:
		return r.pacs[byDNS]
	}
	return nil
}

// scripts are all PAC files of a source.
func (r *run) scripts(s source) []*script {
	var out []*script
	for _, m := range s.Modes {
		if p := r.script(s, m); p != nil && s.Err == nil {
			out = append(out, p)
		}
	}
	return out
}

// except lists the required addresses that the deciding source sends directly, and counts the required ones.
func (r *run) except() (direct []string, required int) {
	if r.route.from < 0 || !r.route.set {
		return nil, 0
	}
	s := r.sources[r.route.from]
	for i := range r.env.Profile.Endpoints {
		e := &r.env.Profile.Endpoints[i]
		if !e.Required || e.Missing(r.env.Profile) != "" {
			continue
		}
		required++
		if bypassed(s.Bypass, e.Host, s.suffixes) && !slices.Contains(direct, e.Host) {
			direct = append(direct, e.Host)
		}
	}
	return direct, required
}

func (r *run) allBypassed() bool {
	s := r.sources[r.route.from]
	any := false
	for i := range r.env.Profile.Endpoints {
		if e := &r.env.Profile.Endpoints[i]; e.Required && e.Missing(r.env.Profile) == "" {
			if any = true; !bypassed(s.Bypass, e.Host, s.suffixes) {
				return false
			}
		}
	}
	return any
}

// fact is the product's way for the checks that follow.
func (r *run) fact() checks.Route {
	out := checks.Route{Known: r.route.known, Source: r.route.source, Where: r.route.where}
	if out.Known {
		out.Proxy = r.route.proxy
	}
	seen := []string{same(out.Proxy)}
	var dead []checks.Other
	add := func(u *url.URL, source, whose string) {
		if slices.Contains(seen, same(u)) {
			return
		}
		seen = append(seen, same(u))
		o := checks.Other{Proxy: u, Source: source, Whose: whose}
		if t := r.tries[key(u)]; t != nil && t.works() {
			out.Others = append(out.Others, o)
		} else {
			dead = append(dead, o)
		}
	}
	for _, s := range r.sources {
		if e := pick(s.entries, r.scheme()); e != nil && s.Err == nil && s.bad == nil {
			add(e.URL, s.Source, s.Whose)
		}
		for _, p := range r.scripts(s) {
			for _, u := range p.proxies {
				add(u, "PAC file of "+s.Source, s.Whose)
			}
		}
	}
	out.Others = append(out.Others, dead...)
	return out
}

// reason puts an error that prevented reading into words.
func reason(err error) string {
	switch {
	case host.Denied(err):
		return "this account has no right to read it"
	case errors.Is(err, host.ErrUnsupported):
		return "this system has no way to ask"
	}
	return clean(err.Error(), 200)
}

package proxy

import (
	"errors"
	"net/url"
	"slices"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

// identity is somebody on this machine whose programs go out their own way.
type identity struct {
	name   string
	steps  []step // in their order
	able   func(kind string) bool
	choice map[*assets.Endpoint]choice
}

// step picks the sources that are asked together, in the order in which they were found.
type step func(source) bool

// from is the step to the sources of a name; whose: to those of certain accounts alone.
func from(name string, whose ...string) step {
	return func(s source) bool { return s.Source == name && (len(whose) == 0 || slices.Contains(whose, s.Whose)) }
}

// only is the step to what one identity alone gets, such as a browser's policy.
func only(who string) step { return func(s source) bool { return s.who == who } }

// identities are those that are compared, the product first.
func (r *run) identities() []*identity {
	chain := r.chain()
	out := []*identity{
		{name: r.title(), steps: append([]step{from(ownStore)}, chain...), able: r.able},
		{name: r.account(), steps: chain},
	}
	if r.env.Machine.OS == "windows" {
		out = append(out, &identity{name: browser, steps: []step{only(browser), from(internetOptions, everybody), from(internetOptions, you)}})
	} else if desktop := from(host.GNOME); slices.ContainsFunc(r.sources, func(s source) bool { return desktop(s) && s.Err == nil }) {
		out = append(out, &identity{name: browser, steps: []step{only(browser), desktop, from(environment, you)}})
	}
	return append(out, &identity{name: "your " + shell, steps: []step{from(environment, you)}})
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

// chain lists the sources that the system gives the product's account, in the order in which they are asked. That
// WinHTTP's advanced settings go before its default was seen and is not documented, which their mark says.
func (r *run) chain() []step {
	if r.env.Machine.OS != "windows" {
		if r.env.Profile.RunAs == "user" {
			readable := func(s source) bool { return s.Source == unitEnvironment && s.Err == nil }
			return []step{readable, from(environment, you)}
		}
		// A daemon whose environment could be read has no other; a shell's would not reach it.
		for _, s := range r.sources {
			if s.Source == unitEnvironment && !(errors.Is(s.Err, host.ErrUnsupported) && r.notHere()) {
				return []step{from(unitEnvironment)}
			}
		}
		return []step{from(environment, you)}
	}
	for _, s := range r.sources {
		if s.Source == internetOptions && s.Whose == everybody {
			return []step{from(internetOptions, everybody), from(winHTTPAdvanced, services), from(winHTTP)}
		}
	}
	whose := localSystem
	switch r.env.Profile.RunAs {
	case "network_service":
		whose = networkService
	case "user":
		whose = you
	}
	return []step{from(internetOptions, whose), from(winHTTPAdvanced, services), from(winHTTP)}
}

// notHere: the product check looked and did not find the product, so there is no service of it to ask.
func (r *run) notHere() bool {
	inst, ok := checks.Get[checks.Installed](r.env.Facts, checks.FactInstalled)
	return ok && !inst.Present
}

// choose finds each identity's way to each address.
func (r *run) choose() {
	r.who = r.identities()
	for i, id := range r.who {
		id.choice = map[*assets.Endpoint]choice{}
		for _, e := range r.endpoints {
			if e.Direct && i < 2 { // the product and its account
				id.choice[e] = choice{known: true, set: true, ways: []*url.URL{nil}}
				continue
			}
			id.choice[e] = r.through(e, id.able, id.steps...)
		}
	}
}

package domain

import (
	"slices"

	"linecheck/assets"
)

// truth is what is known of one thing. Its zero value: nothing.
type truth uint8

const (
	unsure truth = iota
	yes
	no
)

// stand is all that the vendor's rule looks at: the option, whether there is a domain, and whether a controller of it
// answers ping. Nothing else counts for the agent: no LDAP, no Kerberos, and not whether either server is alive.
type stand struct {
	option string // optionOn, optionOff, optionUnknown
	joined truth
	pinged truth
}

// outcome is what follows from a stand.
type outcome struct {
	on     truth  // it takes itself to be on its domain
	side   string // assets.LocalServer, assets.GlobalServer; "": not known
	reason string // the rule behind it, one sentence
}

// decide is the vendor's rule (seed). A computer in no domain, or one whose controller does not answer ping, counts as off
// domain. Off domain, and with the option on, the agent uses the global server; else it stays with the local one.
func (s stand) decide() outcome {
	out := outcome{on: s.pinged}
	if s.joined == no {
		out.on = no
	}
	switch {
	case s.option == optionNone:
		out.side, out.reason = assets.LocalServer, "The option does not exist on this system, so the agent stays with the server of its policy."
	case s.option == optionOff:
		out.side, out.reason = assets.LocalServer, "The option is off, so the agent stays with the server of its policy, on its domain or off."
	case s.option != optionOn:
		out.reason = "Whether the option is on in the policy is not known, and off its domain the server depends on it."
		if out.on == yes {
			out.side, out.reason = assets.LocalServer, "A controller answers ping: the agent is on its domain, where the option changes nothing and it stays with the server of its policy."
		}
	case s.joined == no:
		out.side, out.reason = assets.GlobalServer, "The option is on, and a computer in no domain has no controller to ping: it always counts as off domain."
	case out.on == yes:
		out.side, out.reason = assets.LocalServer, "The option is on and a controller answers ping: the agent is on its domain."
	case out.on == no:
		out.side, out.reason = assets.GlobalServer, "The option is on and no controller answers ping: the agent is off its domain."
	default:
		out.reason = "Whether a controller answers ping could not be told, and the agent decides by that alone."
	}
	return out
}

// outcome is what follows from what was seen. That the option is off, or not known, does not say that the policy names a
// local server: the option is only there beside one.
func (l *looker) outcome() outcome {
	out := l.stand.decide()
	switch {
	case l.strange && out.side == "":
		out.reason = "What it finds as its controllers serves another domain, and whether the agent minds is not documented."
	case l.lost && out.side == assets.GlobalServer:
		out.reason = "The option is on and no controller can be found to ping: the agent is off its domain."
	case out.side == "" && l.option.state == optionUnknown && l.rule.Option != "":
		out.reason += " Who knows it can say so: --var " + l.rule.Option + "=on or =off."
	}
	if l.divided && out.on == yes && l.option.state == optionOn {
		out.reason += " Another controller does not, and which one the agent asks is not documented."
	}
	if out.side == assets.LocalServer && !l.hasLocal && l.option.state != optionOn {
		out.side = ""
		out.reason += " Whether that server is a local one is not known: none was named."
	}
	return out
}

// hasLocal reports whether the local server was named.
func hasLocal(p *assets.Profile) bool {
	return slices.ContainsFunc(p.Endpoints, func(e assets.Endpoint) bool { return e.Server == assets.LocalServer && e.Missing(p) == "" })
}

// change is one thing that could be otherwise, and what would follow.
type change struct {
	what string
	then outcome
}

// changes turns each thing that the rule looks at round, one at a time.
func (s stand) changes(alive bool) []change {
	var out []change
	add := func(what string, t stand) { out = append(out, change{what, t.decide()}) }
	with := func(f func(*stand)) stand { t := s; f(&t); return t }
	if s.option != optionOn {
		add("the option were on", with(func(t *stand) { t.option = optionOn }))
	}
	if s.option != optionOff {
		add("the option were off", with(func(t *stand) { t.option = optionOff }))
	}
	switch {
	case s.joined == no:
		add("the computer joined a domain whose controller answers ping", with(func(t *stand) { t.joined, t.pinged = yes, yes }))
		return out
	case s.pinged == yes:
		add("a firewall blocked ping, or the computer left the office", with(func(t *stand) { t.pinged = no }))
		// source: the manual calls a computer remote then. How the agent tells is not documented.
		add("the controllers were reached through a VPN only", with(func(t *stand) { t.pinged = unsure }))
	case s.pinged == no && alive:
		add("the firewall let ping through to the controllers", with(func(t *stand) { t.pinged = yes }))
	default:
		add("a controller of its domain answered ping", with(func(t *stand) { t.pinged = yes }))
		if s.pinged == unsure {
			add("no controller of its domain answered ping", with(func(t *stand) { t.pinged = no }))
		}
	}
	add("the computer left its domain", with(func(t *stand) { t.joined = no }))
	return out
}

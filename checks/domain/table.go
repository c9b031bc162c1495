package domain

import (
	"slices"
	"strings"
	"time"

	"linecheck/checks"
)

// shortly are the names of the signals for a list.
var shortly = [signals]string{viaPing: "ping", viaLogon: "netlogon ping", viaTicket: "Kerberos", viaLDAP: "LDAP", viaLDAPS: "LDAP over TLS",
	viaKDC: "Kerberos", viaSMB: "SMB"}

// answersOf names the ways in which any of them answers, ping left out.
func answersOf(about []*controller) string {
	var out []string
	for s := viaLogon; s < signals; s++ {
		if slices.ContainsFunc(about, func(c *controller) bool {
			return slices.ContainsFunc(c.asked, func(a answer) bool { return a.said[s].reply >= odd })
		}) {
			if name := shortly[s]; !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return strings.Join(out, ", ")
}

// silenceOf says in what way ping is not answered, and who says so where somebody does.
func silenceOf(about []*controller) string {
	var out []string
	for _, c := range about {
		for _, a := range c.asked {
			x := a.said[viaPing]
			text := ""
			switch {
			case x.here && x.reply <= unreachable:
				text = "this computer's own firewall keeps it in"
			case x.reply == silent:
				text = "no answer"
			case x.reply == unreachable && x.by.IsValid():
				text = x.by.String() + " says that there is no way"
			case x.reply == unreachable:
				text = "there is no way to it"
			}
			if text != "" && !slices.Contains(out, text) {
				out = append(out, text)
			}
		}
	}
	return strings.Join(out, "; ")
}

// keeper is who can let ping pass: this computer's own firewall stops it before any other can.
func keeper(about []*controller) string {
	if slices.ContainsFunc(about, func(c *controller) bool {
		return slices.ContainsFunc(c.asked, func(a answer) bool { return a.said[viaPing].here })
	}) {
		return "whoever keeps this computer's own firewall"
	}
	return "the network team"
}

// table compares the controllers, signal by signal. The agent looks at the column of ping alone.
func (l *looker) table(found []*controller) *checks.Table {
	t := &checks.Table{Head: []string{"Controller", "Address", "Ping", "Netlogon", "Kerberos", "389", "636", "88", "445"}}
	order := []signal{viaPing, viaLogon, viaTicket, viaLDAP, viaLDAPS, viaKDC, viaSMB}
	for _, c := range found {
		for _, a := range c.asked {
			row := []string{c.name, a.addr.String()}
			for _, s := range order {
				row = append(row, cell(s, a))
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

// cell is the shortest word for what came of a signal.
func cell(s signal, a answer) string {
	x := a.said[s]
	switch {
	case x.reply == answered && s == viaPing:
		return brief(x.took)
	case x.reply == answered && s == viaLogon && a.logon.Paused:
		return "paused"
	case x.reply == answered && s == viaTicket && a.ticket.Clock && a.ticket.Skew.Abs() > 5*time.Minute:
		return "clock off"
	case x.reply == odd && (s == viaLogon || s == viaTicket || s == viaLDAP) && a.foreign() != "":
		return "other domain"
	case x.here && x.reply <= unreachable:
		return "blocked here"
	}
	return [...]string{cut: "-", cannot: "no right", silent: "silent", unreachable: "no way", refused: "refused", odd: "odd", answered: "yes"}[x.reply]
}

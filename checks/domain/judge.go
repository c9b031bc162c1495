package domain

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"linecheck/checks"
	"linecheck/checks/host"
)

// judge draws the conclusion from what the controllers answered.
func (l *looker) judge(ctx context.Context, found []*controller) []checks.Finding {
	var on, filtered, unsure, quiet []*controller
	for _, c := range found {
		switch best, alive, some := c.summary(); {
		case len(c.asked) == 0, best == cut: // nothing was learned of it
		case best == answered:
			on = append(on, c)
		case some:
			unsure = append(unsure, c)
		case alive:
			filtered = append(filtered, c)
		default:
			quiet = append(quiet, c)
		}
	}
	switch {
	case len(on) > 0:
		f := l.finding(On, checks.Pass, on)
		f.Args["took"] = on[0].fastest().String()
		f.Args["uses"] = l.rule.OnDomain
		out := []checks.Finding{f}
		if rest := append(filtered, quiet...); len(rest) > 0 {
			note := l.finding(SomeSilent, checks.Note, rest)
			delete(note.Args, "uses") // the first finding says it
			out = append(out, note)
		}
		return out
	case ctx.Err() != nil:
		return l.unknown("the look was stopped before the controllers could answer")
	case len(unsure) > 0:
		f := l.finding(NoPing, checks.Unknown, append(unsure, filtered...))
		f.Args["why"] = "this account or system cannot send a ping"
		f.Args["tcp"] = cmp.Or(f.Args["ports"], "none of "+allPorts())
		return []checks.Finding{f}
	case len(filtered) > 0:
		return l.offDomain(Filtered, filtered)
	}
	return l.offDomain(Unreachable, quiet)
}

// summary is the best that any address of the controller gave; unsure: one that could not be pinged may have answered.
func (c *controller) summary() (best reply, alive, unsure bool) {
	for _, a := range c.asked {
		best = max(best, a.said[viaPing].reply)
		alive = alive || a.alive()
	}
	for _, a := range c.asked {
		// An address that neither answers TCP can well be left out where another address was pinged in earnest.
		unsure = unsure || a.said[viaPing].reply == cannot && (a.alive() || best == cannot)
	}
	return best, alive, unsure
}

func (c *controller) fastest() time.Duration {
	d := time.Duration(-1)
	for _, a := range c.asked {
		if x := a.said[viaPing]; x.reply == answered && (d < 0 || x.took < d) {
			d = x.took
		}
	}
	return max(d, 0).Round(100 * time.Microsecond)
}

// offDomain is a conclusion that the agent is off domain: a fault only where the option is known to be on, where the rule
// behind it is the vendor's own word, and where something is broken: away from the office, and on a computer of no domain,
// the agent does what the option says.
func (l *looker) offDomain(code checks.Code, found []*controller) []checks.Finding {
	status := checks.Note
	switch {
	case l.option.state == optionOn && (l.rule.Mark.Hint() || code == Unreachable || code == NotJoined):
		status = checks.Warn
	case l.option.state == optionOn:
		status = checks.Fail
	}
	f := l.finding(code, status, found)
	// Without the option an agent stays with its server, on domain or off.
	switch l.option.state {
	case optionOn:
		f.Args["uses"] = l.rule.OffDomain
	case optionOff:
		f.Args["uses"] = l.rule.OnDomain
	}
	return []checks.Finding{f}
}

func (l *looker) unknown(why string) []checks.Finding {
	f := l.finding(UnknownState, checks.Unknown, nil)
	f.Args["why"] = why
	return []checks.Finding{f}
}

func (l *looker) finding(code checks.Code, status checks.Status, about []*controller) checks.Finding {
	f := checks.Finding{Code: code, Status: status, View: view, At: l.began, Took: time.Since(l.began),
		Mark: l.rule.Mark, Evidence: l.evidence, Args: map[string]string{
			"domain": l.join.Domain,
			"state":  stateWords[l.join.State],
			"option": l.option.state,
			"on":     l.rule.OnDomain,
			"off":    l.rule.OffDomain,
			"uses":   "not known",
			"every":  every(time.Duration(l.rule.Every)),
		}}
	f.Subject = cmp.Or(l.join.Domain, "this computer")
	if len(about) == 0 {
		return f
	}
	names := make([]string, 0, len(about))
	var open []string
	for _, p := range ports {
		if slices.ContainsFunc(about, func(c *controller) bool { return c.opens(p) }) {
			open = append(open, fmt.Sprintf("%d (%s)", ways[p].port, ways[p].name))
		}
	}
	for _, c := range about {
		names = append(names, c.name)
	}
	f.Subject = names[0]
	f.Args["controller"] = names[0]
	f.Args["controllers"] = strings.Join(names, ", ")
	f.Args["count"] = strconv.Itoa(len(names))
	f.Args["ports"] = strings.Join(open, ", ")
	f.Args["tried"] = allPorts()
	return f
}

func allPorts() string {
	var out []string
	for _, p := range ports {
		out = append(out, fmt.Sprintf("%d (%s)", ways[p].port, ways[p].name))
	}
	return strings.Join(out, ", ")
}

var stateWords = map[host.JoinState]string{
	host.JoinUnknown:   "join state not known",
	host.NotJoined:     "not joined",
	host.WorkgroupOnly: "in a workgroup",
	host.EntraJoined:   "joined to Entra ID only, which has no domain controllers",
	host.DomainJoined:  "joined to a domain",
	host.HybridJoined:  "joined to a domain and to Entra ID",
}

// every says how often the agent looks. The number is the profile's; the manager can set another.
func every(d time.Duration) string {
	switch {
	case d <= 0:
		return "at a regular interval"
	case d == time.Minute:
		return "every minute"
	case d%time.Minute == 0:
		return fmt.Sprintf("every %d minutes", d/time.Minute)
	}
	return "every " + d.String()
}

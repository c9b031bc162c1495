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
	var on, filtered, open, quiet, foreign []*controller
	speaks := false
	for _, c := range found {
		speaks = speaks || c.speaks()
		best, alive, some := c.summary()
		l.alive = l.alive || alive
		if c.foreign() != "" && !c.speaks() {
			foreign = append(foreign, c)
		}
		switch {
		case len(c.asked) == 0, best == cut: // nothing was learned of it
		case best == answered:
			on = append(on, c)
		case some:
			open = append(open, c)
		case alive:
			filtered = append(filtered, c)
		default:
			quiet = append(quiet, c)
		}
	}
	rest := slices.Concat(filtered, quiet)
	switch {
	case len(foreign) > 0 && !speaks:
		return l.wrong(foreign)
	case len(on) > 0:
		l.stand.pinged, l.divided = yes, len(rest) > 0
		return append(l.onDomain(on, rest), l.named(found)...)
	case ctx.Err() != nil:
		return l.unknown("the look was stopped before the controllers could answer")
	case len(open) > 0:
		f := l.finding(NoPing, checks.Unknown, append(open, filtered...))
		f.Table = l.table(found)
		f.Args["why"] = "this account or system cannot send a ping"
		f.Args["tcp"] = cmp.Or(f.Args["ports"], "none of "+allPorts())
		return []checks.Finding{f}
	}
	l.stand.pinged = no
	l.divided = l.left > 0 && !slices.ContainsFunc(found, func(c *controller) bool { return c.located || c.near })
	code, about := Unreachable, quiet
	if len(filtered) > 0 {
		code, about = Filtered, filtered
	}
	out := l.offDomain(code, about)
	if code == Filtered && !speaks {
		// At home a firewall that takes every connection looks like this too, and there nothing is wrong.
		out[0].Status = min(out[0].Status, checks.Warn)
		out[0].Args["answers"] += ": connections alone, which a firewall on the way may take itself"
	}
	out[0].Table = l.table(found)
	return append(out, l.named(found)...)
}

// onDomain: a controller answers ping. What else it answers is no matter of the agent's, but of whoever reads this.
func (l *looker) onDomain(on, rest []*controller) []checks.Finding {
	f := l.finding(On, checks.Pass, on)
	f.Table = l.table(slices.Concat(on, rest))
	f.Args["took"] = brief(on[0].fastest())
	out := []checks.Finding{f}
	if !slices.ContainsFunc(slices.Concat(on, rest), func(c *controller) bool { _, alive, _ := c.summary(); return alive }) {
		out = append(out, l.finding(OnlyPing, checks.Note, on))
	}
	if len(rest) > 0 {
		note := l.finding(SomeSilent, checks.Note, rest)
		delete(note.Args, "uses") // the first finding says it
		out = append(out, note)
	}
	return out
}

// named notes that DNS names no controller where the system's own locator does: the product may look there or here.
func (l *looker) named(found []*controller) []checks.Finding {
	if l.dir.Locator.Reply != answered || l.dir.Domain.Reply != refused && l.dir.Domain.Reply != silent {
		return nil
	}
	f := l.finding(NoRecords, checks.Note, found)
	f.Args["asked"] = l.asked()
	return []checks.Finding{f}
}

// wrong: what is named as the domain's controllers says that it serves another one. Whether the agent notices is not known.
func (l *looker) wrong(foreign []*controller) []checks.Finding {
	l.strange = true
	f := l.finding(WrongDomain, l.gravity(WrongDomain), foreign)
	f.Args["other"] = foreign[0].foreign()
	f.Args["echo"] = "answers ping"
	if best, _, _ := foreign[0].summary(); best != answered {
		f.Args["echo"] = "does not answer ping"
	}
	f.Table = l.table(foreign)
	return []checks.Finding{f}
}

// asked says what was asked for controllers and how that ended.
func (l *looker) asked() string {
	var out []string
	for _, x := range []lookup{l.dir.Domain, l.dir.Near, l.dir.Locator} {
		if x.Asked == "" {
			continue
		}
		text := map[reply]string{refused: "finds none", silent: "no answer", cannot: "cannot be asked here", odd: "fails", cut: "was not asked",
			unreachable: "cannot be reached", answered: "names " + strconv.Itoa(x.Found)}[x.Reply]
		out = append(out, x.Asked+": "+text)
	}
	return strings.Join(out, "; ")
}

func (c *controller) speaks() bool { return slices.ContainsFunc(c.asked, answer.speaks) }

// foreign is the other domain that it serves, "" where none.
func (c *controller) foreign() string {
	for _, a := range c.asked {
		if d := a.foreign(); d != "" {
			return d
		}
	}
	return ""
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

// brief writes how long a ping took, in tenths of a millisecond.
func brief(d time.Duration) string {
	const least = 100 * time.Microsecond
	if d < least {
		return "under 0.1ms"
	}
	return d.Round(least).String()
}

func (c *controller) fastest() time.Duration {
	d := time.Duration(-1)
	for _, a := range c.asked {
		if x := a.said[viaPing]; x.reply == answered && (d < 0 || x.took < d) {
			d = x.took
		}
	}
	return max(d, 0)
}

// gravity of a conclusion that the agent is off domain: a fault only where the option is known to be on, where the rule
// behind it is the vendor's own word, and where something is broken: away from the office, where DNS knows nothing of the
// domain, and on a computer of no domain, the agent does what the option says.
func (l *looker) gravity(code checks.Code) checks.Status {
	switch {
	case l.option.state == optionOn && (l.rule.Mark.Hint() || code == Unreachable || code == NotJoined || code == NotFound && !l.known()):
		return checks.Warn
	case l.option.state == optionOn:
		return checks.Fail
	}
	return checks.Note
}

// known reports whether anybody named a controller.
func (l *looker) known() bool {
	return l.dir.Domain.Reply == answered || l.dir.Near.Reply == answered || l.dir.Locator.Reply == answered
}

// offDomain is a conclusion that the agent takes itself to be off domain.
func (l *looker) offDomain(code checks.Code, found []*controller) []checks.Finding {
	if code == NotFound {
		l.stand.pinged, l.lost = no, true
	}
	f := l.finding(code, l.gravity(code), found)
	f.Args["asked"] = l.asked()
	if l.left > 0 {
		f.Args["controllers"] += fmt.Sprintf(" (%d more were not)", l.left)
	}
	return []checks.Finding{f}
}

func (l *looker) unknown(why string) []checks.Finding {
	f := l.finding(UnknownState, checks.Unknown, nil)
	f.Args["why"] = why
	return []checks.Finding{f}
}

func (l *looker) finding(code checks.Code, status checks.Status, about []*controller) checks.Finding {
	l.stand.option = l.option.state
	f := checks.Finding{Code: code, Status: status, View: view, At: l.began, Took: time.Since(l.began),
		Mark: l.rule.Mark, Evidence: l.evidence, Args: map[string]string{
			"domain": l.join.Domain,
			"state":  stateWords[l.join.State],
			"option": l.option.state,
			"on":     l.rule.OnDomain,
			"off":    l.rule.OffDomain,
			"uses":   cmp.Or(l.uses(l.outcome()), "not known"),
			"site":   l.dir.Site,
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
	f.Args["answers"] = answersOf(about)
	f.Args["silence"] = silenceOf(about)
	f.Args["keeper"] = keeper(about)
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

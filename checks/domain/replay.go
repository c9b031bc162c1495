package domain

import (
	"cmp"
	"fmt"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/probe"
)

// replay plays the vendor's rule with its own times, from now on: what the agent does with the server that it uses, and
// when it looks for its domain again.
func (l *looker) replay(r assets.Retry, out outcome, s server) *checks.Table {
	t := &checks.Table{Head: []string{"At", "After", "By the vendor's rule the agent"}}
	at := func(d time.Duration, format string, args ...any) {
		t.Rows = append(t.Rows, []string{clockOf(l.began.Add(d)), after(d), fmt.Sprintf(format, args...)})
	}
	use := "a server that is not known"
	if name := l.uses(out); name != "" {
		use = "the " + name
	}
	asks := "pings a controller again"
	switch {
	case l.option.state == optionNone:
		at(0, "uses %s, whatever its domain", use)
	case l.stand.joined == no:
		asks = "looks again for a controller to ping"
		at(0, "has no controller to ping, takes itself to be off its domain and uses %s", use)
	case out.on == no && l.lost:
		asks = "looks again for a controller to ping"
		at(0, "finds no controller to ping, takes itself to be off its domain and uses %s", use)
	case out.on == yes:
		at(0, "pings a controller, is answered, takes itself to be on its domain and uses %s", use)
	case out.on == no:
		at(0, "gets no answer to a ping, takes itself to be off its domain and uses %s", use)
	case l.strange:
		at(0, "pings what it finds as controller; whether it minds that it serves another domain is not documented")
	default:
		at(0, "pings a controller; whether it is answered is not known here")
	}
	wait, every := time.Duration(r.WaitMS)*time.Millisecond, time.Duration(r.EveryMS)*time.Millisecond
	if s.state() == dead && r.Tries > 0 && wait > 0 {
		d := time.Duration(0)
		for i := range r.Tries {
			at(d, "try %d of %d: waits %s for a connection to %s", i+1, r.Tries, probe.Span(wait), s.host())
			d += wait
		}
		at(d, "marks %s as disconnected and reports it to the manager", s.host())
		if every > 0 {
			at(every, "tries %s again, and so on every %s, until it answers", s.host(), minutes(every))
		}
		switch {
		case l.option.state == optionNone:
			at(every, "still does not change to the %s: this system has no such option", l.rule.OffDomain)
		case out.side == assets.LocalServer:
			at(every, "still does not change to the %s: only a ping without an answer makes it do that, and only with the option on", l.rule.OffDomain)
		}
	}
	if s.state() == alive && every > 0 {
		at(every, "at the latest has taken back a server that it held for disconnected; the alert in the manager stays until somebody dismisses it")
	}
	switch d := time.Duration(l.rule.Every); {
	case l.option.state == optionNone:
	case d > 0:
		at(d, "%s, and changes its server at once where the answer is another one", asks)
	default:
		t.Rows = append(t.Rows, []string{"", "not known", asks + ", at an interval that is set in the manager, and changes its server where the answer is another one"})
	}
	return t
}

// timing is the same rule in one sentence.
func timing(r assets.Retry) string {
	if r.Tries < 1 || r.WaitMS < 1 {
		return ""
	}
	wait, every := time.Duration(r.WaitMS)*time.Millisecond, time.Duration(r.EveryMS)*time.Millisecond
	s := fmt.Sprintf("%d tries of %s each", r.Tries, probe.Span(wait))
	if every > 0 {
		s += ", every " + minutes(every)
	}
	return s
}

func after(d time.Duration) string {
	if d == 0 {
		return "now"
	}
	if d == time.Minute {
		return "1 minute"
	}
	return minutes(d)
}

// minutes writes a wait as people do: "5 minutes", "15 s".
func minutes(d time.Duration) string {
	if d >= time.Minute && d%time.Minute == 0 {
		if d == time.Minute {
			return "minute"
		}
		return fmt.Sprintf("%d minutes", d/time.Minute)
	}
	return probe.Span(d)
}

// uses names the server of an outcome, "" where it is not known.
func (l *looker) uses(out outcome) string {
	switch out.side {
	case assets.LocalServer:
		return l.rule.OnDomain
	case assets.GlobalServer:
		return l.rule.OffDomain
	}
	return ""
}

// conclude is what follows from the stand: which server is used now, by what rule, what each answers, and what would
// change it.
func (l *looker) conclude(p *assets.Profile, both pair) []checks.Finding {
	l.stand.option = l.option.state
	out := l.outcome()
	used := both.of(out.side)
	args := map[string]string{
		"uses": cmp.Or(l.uses(out), "not known"), "side": out.side, "rule": out.reason, "option": l.option.state,
		"domain": l.join.Domain, "on": l.rule.OnDomain, "off": l.rule.OffDomain, "host": used.host(),
		"works": l.works(out, both), "timing": timing(p.Retry), "logged": both.told(l.rule), "sure": checks.YesNo(l.sure(out, used)),
	}
	subject := cmp.Or(used.host(), l.uses(out), p.Title)
	tell := func(code checks.Code, status checks.Status, t *checks.Table) checks.Finding {
		return checks.Finding{Code: code, Status: status, Subject: subject, View: view, At: l.began, Took: time.Since(l.began),
			Mark: l.rule.Mark, Args: args, Table: t, Evidence: l.option.evidence}
	}
	found := []checks.Finding{tell(Server, checks.Note, l.replay(p.Retry, out, used))}
	if out.on == yes && l.option.state == optionOn && used.state() == dead && !used.nameless() {
		f := tell(Failover, checks.Fail, nil)
		if l.rule.Mark.Hint() {
			f.Status = checks.Warn
		}
		for _, x := range used.ports {
			for _, a := range x.walks {
				f.Evidence = append(f.Evidence, a.Evidence...)
			}
		}
		found = append(found, f)
	}
	if len(both.local.ports)+len(both.global.ports) > 0 {
		found = append(found, tell(Servers, checks.Note, both.table(l.rule, out.side)))
	}
	found = append(found, l.certificates(both.local)...)
	found = append(found, l.misspelt(p)...)
	if l.option.state == optionNone {
		return found
	}
	t := &checks.Table{Head: []string{"If", "the agent would take itself to be", "and use"}}
	changes := l.stand.changes(l.alive && !l.strange)
	for _, c := range changes {
		t.Rows = append(t.Rows, []string{c.what, map[truth]string{yes: "on its domain", no: "off its domain", unsure: "not known"}[c.then.on], l.choice(c.then, both)})
	}
	told := changes[telling(changes, out)]
	f := tell(Otherwise, checks.Note, t).With("if", told.what).With("follows", l.follows(told.then, both))
	if told.then.side != out.side {
		f = f.With("turn", told.what+": then "+cmp.Or(l.choice(told.then, both), "not known"))
	}
	return append(found, f)
}

// follows says what the agent would do, in a half sentence.
func (l *looker) follows(out outcome, both pair) string {
	place := map[truth]string{yes: "it would take itself to be on its domain", no: "it would take itself to be off its domain"}[out.on]
	switch {
	case place == "" && out.side == "":
		return "it is still not known which server it would use"
	case place == "":
		return "it would use the " + l.choice(out, both) + ", on its domain or off"
	case out.side == "":
		return place + ", and which server it would use is not known"
	}
	return place + " and use the " + l.choice(out, both)
}

// sure: nothing is left open, so that what the other server does is no matter of the agent's now.
func (l *looker) sure(out outcome, used server) bool {
	asks := l.option.state == optionOn || l.option.state == optionUnknown // else no controller's answer matters
	return out.side != "" && len(used.ports) > 0 && !l.rule.Mark.Hint() && !(asks && l.divided)
}

// works is one sentence about the server in use.
func (l *looker) works(out outcome, both pair) string {
	s := both.of(out.side)
	switch {
	case out.side == "":
		return fmt.Sprintf("To choose from: %s; %s.", l.choice(outcome{side: assets.LocalServer}, both), l.choice(outcome{side: assets.GlobalServer}, both))
	case len(s.ports) == 0:
		return "Its name is not known to linecheck, so it was not tried."
	}
	return fmt.Sprintf("%s %s.", s.host(), s.found())
}

// choice is the server of an outcome with what it answers now.
func (l *looker) choice(out outcome, both pair) string {
	name := l.uses(out)
	if name == "" {
		return "not known"
	}
	if s := both.of(out.side); len(s.ports) > 0 {
		return fmt.Sprintf("%s (%s %s)", name, s.host(), s.found())
	}
	return name + " (its name is not known to linecheck)"
}

// telling is the change that says most: one by which the agent would take itself to be elsewhere and use the other server,
// else one by which it would use the other server, else the first.
func telling(all []change, now outcome) int {
	for _, both := range []bool{true, false} {
		for i, c := range all {
			if c.then.side != now.side && (!both || c.then.on != now.on) {
				return i
			}
		}
	}
	return 0
}

package logs

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"linecheck/assets"
	"linecheck/checks"
)

const (
	// swingsKept is how many changes between failing and working are kept of one connection, the newest ones.
	swingsKept = 256
	// outagesMin is how many outages in outagesWithin make a fault that comes and goes; two may be a change and its repair.
	outagesMin    = 3
	outagesWithin = 24 * time.Hour
	// outageMin is how long one has to last: a laptop that wakes up fails for a moment each time, and nothing is wrong.
	outageMin = time.Minute
	// outagesShown is how many of the outages are named.
	outagesShown = 5
)

// swing is a line that says that a connection fails after it worked, or works after it failed, as far as its own log
// tells.
type swing struct {
	sight
	down bool
	mark assets.Mark
}

// swings is what lines say of one connection in turns. States of different readings are put together by time, so the
// order of reading makes no difference.
type swings struct {
	all  []swing
	from *int
	down bool
}

// note takes a line that says that the connection of a topic fails or works.
func (l *swings) note(e *Entry) {
	down := e.Effect == assets.Fails
	if e.moment().IsZero() || l.from == e.from && l.down == down {
		return
	}
	l.from, l.down = e.from, down
	l.all = append(l.all, swing{e.sight(), down, e.Mark})
	if len(l.all) > 2*swingsKept {
		l.forget()
	}
}

func (l *swings) merge(o *swings) {
	l.all, l.from = append(l.all, o.all...), nil
	l.forget()
}

// forget puts the turns in the order of their times and drops the oldest.
func (l *swings) forget() {
	slices.SortStableFunc(l.all, func(a, b swing) int { return a.compare(&b.sight) })
	l.all = l.all[max(0, len(l.all)-swingsKept):]
}

// outage is a time in which a connection failed.
type outage struct {
	from, back *swing // back is nil where it goes on
}

// outages are those that lasted, newest last, as of now.
func (l *swings) outages(now time.Time) []outage {
	l.forget()
	var out []outage
	for i := range l.all {
		t := &l.all[i]
		open := len(out) > 0 && out[len(out)-1].back == nil
		switch {
		case t.at.Before(now.Add(-outagesWithin)) || t.at.After(now):
		case t.down && !open:
			out = append(out, outage{from: t})
		case !t.down && open:
			out[len(out)-1].back = t
		}
	}
	return slices.DeleteFunc(out, func(o outage) bool {
		if o.back == nil {
			return now.Sub(o.from.at) < outageMin
		}
		return o.back.at.Sub(o.from.at) < outageMin
	})
}

// lasted reports whether a connection of this topic was lost for longer than a moment and came back since then.
func (g *gather) lasted(topic string, since, now time.Time) bool {
	l := g.spells[topic]
	return l != nil && slices.ContainsFunc(l.outages(now), func(o outage) bool { return o.back != nil && !o.back.at.Before(since) })
}

// swingFindings tells of connections that were lost and back again and again. One that was quiet for longer than twice
// the longest time between two of its outages is over.
func (g *gather) swingFindings(now time.Time, loc *time.Location) []checks.Finding {
	var out []checks.Finding
	for _, topic := range g.swinging() {
		all := g.spells[topic].outages(now)
		if len(all) < outagesMin {
			continue
		}
		var longest time.Duration
		for i := range all[1:] {
			longest = max(longest, all[i+1].from.at.Sub(all[i].from.at))
		}
		last := all[len(all)-1]
		if now.Sub(last.from.at) > 2*longest {
			continue
		}
		out = append(out, comesAndGoes(topic, all, loc))
	}
	return out
}

func (g *gather) swinging() []string {
	var out []string
	for t := range g.spells {
		out = append(out, t)
	}
	slices.Sort(out)
	return out
}

func comesAndGoes(topic string, all []outage, loc *time.Location) checks.Finding {
	first, last := all[0], all[len(all)-1]
	f := checks.Finding{Code: ComesAndGoes, Status: checks.Note, Subject: topic, View: view, At: last.from.instant().own(), Mark: assets.Inferred}
	var times []string
	day := ""
	for _, o := range all[max(0, len(all)-outagesShown):] {
		at := o.from.at.In(loc)
		form := "15:04"
		if d := at.Format(time.DateOnly); d != day {
			form, day = "2006-01-02 15:04", d
		}
		times = append(times, at.Format(form))
		f.Evidence = append(f.Evidence, o.from.evidence())
		if o.back != nil {
			f.Evidence = append(f.Evidence, o.back.evidence())
		}
	}
	state := "it has not come back since"
	if last.back != nil {
		state = "it is back since " + last.back.instant().in(loc)
	}
	for _, o := range all { // that it came back in between is the claim; a line that is documented to say so proves it
		if o.back != nil && !o.back.mark.Hint() {
			f.Mark = o.back.mark
		}
	}
	f.Args = map[string]string{"lost": strconv.Itoa(len(all)), "first": first.from.instant().in(loc), "last": last.from.instant().in(loc),
		"times": strings.Join(times, ", "), "state": state, "topic": topic}
	return f
}

// inTurn notes whether a connection works or fails by a line.
func (g *gather) inTurn(e *Entry) {
	if e.Effect == assets.Fails || e.Effect == assets.Recovers {
		g.spellOf(e.Topic).note(e)
	}
}

func (g *gather) spellOf(topic string) *swings {
	l, ok := g.spells[topic]
	if !ok {
		l = &swings{}
		g.spells[topic] = l
	}
	return l
}

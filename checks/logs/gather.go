package logs

import (
	"slices"
	"strings"
	"time"

	"linecheck/assets"
)

// Bounds of what one look keeps, whatever the logs hold.
const (
	maxGroups   = 256 // meanings and subjects told apart; further ones are counted together
	maxEvidence = 5
	maxNames    = 200 // hosts and server URLs

	// The lines of one event take at most three lines in the vendors' samples; those of one thread may have lines of
	// others between them.
	nearLines   = 4
	threadLines = 64
	nearTime    = 2 * time.Second
	maxMains    = 16
)

type kind struct{ code, subject, topic string }

// gather counts the lines of one log; merged, of many. It takes no more memory for many lines than for few.
type gather struct {
	groups    map[kind]*group
	recovered map[way]*Entry  // the last recovery
	turns     map[string]*int // how often each topic recovered
	names     names
	hours     hours
	latencies latencies
	spells    map[string]*swings // by topic: when it failed and worked
	servers   serverLog          // Smart Protection Servers
	clocks    []clockJump

	bound time.Time // the log's own time of change
	far   bool      // the logs may be of a computer in another time zone
	leads []Entry   // lines that announce one that has not come yet
	mains mains     // the last lines that said something by themselves

	lastKind  kind // of the line before; most lines say what that one said
	lastGroup *group
}

// way is a connection: its topic, whose lines tell of it, and the host where a line names one.
type way struct{ topic, kind, host string }

func newGather(bound time.Time) *gather {
	return &gather{bound: bound, groups: map[kind]*group{}, recovered: map[way]*Entry{}, turns: map[string]*int{}, spells: map[string]*swings{}}
}

// add takes a known line in the order of its file. It keeps a copy, if anything, and gives the line what is known of its
// time.
func (g *gather) add(e *Entry) {
	e.bound = g.bound
	g.names.note(e)
	if len(g.leads) > 0 {
		if a, b := spotOf(&g.leads[0]), spotOf(e); !together(&a, &b) {
			g.settle()
		}
	}
	switch e.Role {
	case assets.Lead, assets.Label:
		if len(g.leads) >= nearLines || e.Role == assets.Label && slices.ContainsFunc(g.leads, isLabel) {
			g.settle() // a second number begins a second event
		}
		g.leads = append(g.leads, *e)
		return
	case assets.Echo:
		if m := g.mains.find(e); m != nil {
			m.at.take(e, 0)
			if !m.timed && g.latencies.note(m.code, m.topic, e) {
				m.timed = true
			}
			return
		}
	}
	if len(g.leads) > 0 {
		g.announce(e)
		return
	}
	g.event(e, nil, true)
}

func isLabel(e Entry) bool { return e.Role == assets.Label }

// announce puts the lines that led up to e into its event, and takes over what they know better.
func (g *gather) announce(e *Entry) {
	leads, c := g.leads, *e
	g.leads, e = nil, &c
	var own []Entry // those that belong to e
	for i := range leads {
		l := &leads[i]
		switch {
		case l.Role == assets.Label:
			own = append(own, *l)
		case l.Effect != e.Effect:
			g.event(l, own, false)
			own = nil
		default:
			if l.Topic != e.Topic && l.Mark != assets.Inferred {
				e.Topic = l.Topic
			}
			own = append(own, *l)
		}
	}
	e.date(own)
	at := g.event(e, own, true)
	for i := range own {
		if at != nil {
			at.take(&own[i], 0)
		}
	}
}

// settle counts the lines that announced one which did not come: the last of them speaks for all.
func (g *gather) settle() {
	leads := g.leads
	g.leads = nil
	i := len(leads) - 1
	for i >= 0 && leads[i].Role == assets.Label {
		i--
	}
	if i < 0 {
		for j := range leads {
			g.servers.note(&leads[j], nil)
		}
		return
	}
	leads[i].date(leads)
	at := g.event(&leads[i], leads, false)
	for j := range leads[:i] {
		if at != nil && leads[j].Role != assets.Label {
			at.take(&leads[j], 0)
		}
	}
}

// event counts what a line says by itself. noted: it is the one whose names were noted last.
func (g *gather) event(e *Entry, leads []Entry, noted bool) *group {
	g.state(e)
	g.servers.note(e, leads)
	at := g.group(kind{string(e.Code), e.Subject, e.Topic}, e)
	if at == nil {
		return nil
	}
	at.take(e, 1)
	g.inTurn(e)
	timed := false
	if e.Effect == assets.Fails || e.Effect == assets.Slows {
		at.fail(e)
		if e.Effect == assets.Fails { // a slow answer is an answer
			g.hours.note(e)
			g.names.failed(e, noted)
		}
		timed = g.latencies.note(e.Code, e.Topic, e)
	}
	g.mains.push(e, at, timed)
	return at
}

// state remembers the last recovery of each connection.
func (g *gather) state(e *Entry) {
	if e.Effect != assets.Recovers {
		return
	}
	if n, ok := g.turns[e.Topic]; ok {
		*n++
	}
	w := way{topic: e.Topic, host: strings.ToLower(e.Found.Get("host"))}
	if len(e.kinds) > 0 {
		w.kind = e.kinds[0]
	}
	have, ok := g.recovered[w]
	switch {
	case ok && e.newer(have):
		*have = *e
	case !ok && len(g.recovered) < maxGroups:
		c := *e
		g.recovered[w] = &c
	}
}

// group is where a line is counted; nil where there are too many kinds.
func (g *gather) group(k kind, e *Entry) *group {
	if g.lastGroup != nil && g.lastKind == k {
		return g.lastGroup
	}
	at, ok := g.groups[k]
	if !ok && len(g.groups) >= maxGroups {
		k.subject = "others"
		at, ok = g.groups[k]
		if !ok && len(g.groups) >= maxGroups+maxNames {
			return nil
		}
	}
	if !ok {
		at = newGroup(k, e, g.turnsOf(k.topic))
		g.groups[k] = at
	}
	g.lastKind, g.lastGroup = k, at
	return at
}

func (g *gather) turnsOf(topic string) *int {
	n, ok := g.turns[topic]
	if !ok {
		n = new(int)
		g.turns[topic] = n
	}
	return n
}

// merge adds what was gathered from another log and leaves that as it is. The other one must be settled.
func (g *gather) merge(o *gather) {
	g.lastGroup = nil
	for _, k := range o.order() {
		from := o.groups[k]
		at, ok := g.groups[k]
		if !ok && len(g.groups) >= maxGroups {
			k.subject = "others"
			at, ok = g.groups[k]
		}
		if !ok {
			at = newGroup(k, &from.first, g.turnsOf(k.topic))
			at.last = from.last
			g.groups[k] = at
		}
		at.merge(from)
	}
	for _, e := range o.recovered {
		g.state(e)
	}
	for topic, l := range o.spells {
		g.spellOf(topic).merge(l)
	}
	g.names.merge(&o.names)
	g.hours.merge(&o.hours)
	g.latencies.merge(&o.latencies)
	g.servers.merge(&o.servers)
	for _, c := range o.clocks {
		g.jumped(c.path, c.jumps, c.upside)
	}
}

// oldest is the time of the first known line; zero where none has one of its own.
func (g *gather) oldest() (t time.Time) {
	for _, at := range g.groups {
		if first := at.first.At; !first.IsZero() && (t.IsZero() || first.Before(t)) {
			t = first
		}
	}
	return t
}

// order is the groups' keys, in an order that is the same every time.
func (g *gather) order() []kind {
	keys := make([]kind, 0, len(g.groups))
	for k := range g.groups {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b kind) int {
		return strings.Compare(a.code+"\x00"+a.subject+"\x00"+a.topic, b.code+"\x00"+b.subject+"\x00"+b.topic)
	})
	return keys
}

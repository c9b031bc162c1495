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
	maxRefs     = 4
	maxNames    = 200 // hosts and server URLs

	// The lines of one event take at most three lines in the vendors' samples; those of one thread may have lines of
	// others between them.
	nearLines   = 4
	threadLines = 64
	nearTime    = 2 * time.Second
	maxMains    = 16
)

type kind struct{ code, subject, topic string }

// group is every line that says the same of the same thing.
type group struct {
	kind
	count    int
	first    Entry
	last     Entry // the last line that says it by itself
	evidence []Entry
	refs     []string
}

// gather counts the lines of one log; merged, of many.
type gather struct {
	groups    map[kind]*group
	recovered map[string]Entry // the last recovery of each topic
	hosts     map[string]bool
	servers   map[string]Entry // server URLs as the logs spell them
	proxies   map[string]bool

	bound time.Time // the log's own time of change
	leads []Entry   // lines that announce one that has not come yet
	mains []Entry   // the last lines that said something by themselves
}

func newGather(bound time.Time) *gather {
	return &gather{bound: bound, groups: map[kind]*group{}, recovered: map[string]Entry{}, hosts: map[string]bool{},
		servers: map[string]Entry{}, proxies: map[string]bool{}}
}

// add takes a known line in the order of its file.
func (g *gather) add(e Entry) {
	e.bound = g.bound
	g.name(e)
	if len(g.leads) > 0 && !together(&g.leads[0], &e) {
		g.settle()
	}
	switch e.Role {
	case assets.Lead, assets.Label:
		if len(g.leads) < nearLines {
			g.leads = append(g.leads, e)
		}
		return
	case assets.Echo:
		for i := len(g.mains) - 1; i >= 0; i-- {
			if m := &g.mains[i]; m.Effect == e.Effect && together(m, &e) {
				g.say(keyOf(m), e, 0)
				return
			}
		}
	}
	g.announce(&e)
	g.alone(e)
}

// announce puts the lines that led up to e into its event, and takes over what they know better.
func (g *gather) announce(e *Entry) {
	leads := g.leads
	g.leads = nil
	for i, l := range leads {
		switch {
		case l.Role == assets.Label:
		case l.Effect != e.Effect:
			g.alone(l)
			leads[i].Path = ""
		case l.Topic != e.Topic && l.Mark != assets.Inferred:
			e.Topic = l.Topic
		}
	}
	for _, l := range leads {
		if l.Path != "" {
			g.say(keyOf(e), l, 0)
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
	if i >= 0 {
		g.alone(leads[i])
		for _, l := range leads[:i] {
			g.say(keyOf(&leads[i]), l, 0)
		}
	}
}

func (g *gather) alone(e Entry) {
	g.state(e)
	g.say(keyOf(&e), e, 1)
	if len(g.mains) >= maxMains {
		g.mains = slices.Delete(g.mains, 0, 1)
	}
	g.mains = append(g.mains, e)
}

// together reports whether two lines tell of one event.
func together(a, b *Entry) bool {
	limit := nearLines
	if a.Thread != "" && a.Thread == b.Thread {
		limit = threadLines
	}
	switch d := b.place - a.place; {
	case a.from != b.from || d < 0 || d > limit:
		return false
	case a.Thread != "" && b.Thread != "" && a.Thread != b.Thread:
		return false
	case !a.At.IsZero() && !b.At.IsZero() && b.At.Sub(a.At).Abs() > nearTime:
		return false
	}
	return true
}

func keyOf(e *Entry) kind { return kind{string(e.Code), e.Subject, e.Topic} }

// state remembers the last recovery of each connection.
func (g *gather) state(e Entry) {
	if e.Effect != assets.Recovers {
		return
	}
	if have, ok := g.recovered[e.Topic]; !ok || e.after(&have) {
		if ok || len(g.recovered) < maxGroups {
			g.recovered[e.Topic] = e
		}
	}
}

// say puts a line into a group; count is 1 where it is an event of its own.
func (g *gather) say(k kind, e Entry, count int) {
	at, ok := g.groups[k]
	if !ok && len(g.groups) >= maxGroups {
		k.subject = "others"
		at, ok = g.groups[k]
		if !ok && len(g.groups) >= maxGroups+maxNames {
			return
		}
	}
	if !ok {
		at = &group{kind: k, first: e, last: e}
		g.groups[k] = at
	}
	at.take(e, count)
}

func (g *group) take(e Entry, count int) {
	g.count += count
	if count > 0 && (g.last.Role != assets.Main || !g.last.after(&e)) {
		g.last = e
	}
	if g.first.after(&e) {
		g.first = e
	}
	for _, ref := range strings.Split(e.Ref, ", ") {
		g.ref(ref)
	}
	g.evidence = digest(append(g.evidence, e))
}

func (g *group) ref(ref string) {
	if ref != "" && len(g.refs) < maxRefs && !slices.Contains(g.refs, ref) {
		g.refs = append(g.refs, ref)
	}
}

// digest is the oldest line and the newest ones, oldest first.
func digest(all []Entry) []Entry {
	slices.SortStableFunc(all, func(a, b Entry) int {
		switch {
		case b.after(&a):
			return -1
		case a.after(&b):
			return 1
		}
		return 0
	})
	if len(all) > maxEvidence {
		all = slices.Delete(all, 1, 1+len(all)-maxEvidence)
	}
	return all
}

// name keeps the names that other checks want: hosts and servers that belong to the product's cloud, and the proxies
// that do not.
func (g *gather) name(e Entry) {
	if p := e.Found["proxy"]; p != "" && len(g.proxies) < maxNames {
		g.proxies[p] = true
	}
	if s := e.Found["server"]; s != "" && len(g.servers) < maxNames {
		if _, ok := g.servers[s]; !ok {
			g.servers[s] = e
		}
	}
	// Through a proxy, libcurl names the proxy where it could not connect; only its port tells.
	port := e.Found["port"]
	if h := e.Found["host"]; h != "" && len(g.hosts) < maxNames && (port == "" || port == "443" || port == "80") {
		g.hosts[strings.ToLower(h)] = true
	}
}

// merge adds what was gathered from another log. The other one must be settled.
func (g *gather) merge(o *gather) {
	for _, k := range o.order() {
		from := o.groups[k]
		at, ok := g.groups[k]
		if !ok && len(g.groups) >= maxGroups {
			k.subject = "others"
			at, ok = g.groups[k]
		}
		if !ok {
			c := *from
			c.kind, c.evidence, c.refs = k, slices.Clone(from.evidence), slices.Clone(from.refs)
			g.groups[k] = &c
			continue
		}
		at.count += from.count
		if from.last.after(&at.last) {
			at.last = from.last
		}
		if at.first.after(&from.first) {
			at.first = from.first
		}
		for _, r := range from.refs {
			at.ref(r)
		}
		at.evidence = digest(append(at.evidence, from.evidence...))
	}
	for _, e := range o.recovered {
		g.state(e)
	}
	for h := range o.hosts {
		g.hosts[h] = true
	}
	for p := range o.proxies {
		g.proxies[p] = true
	}
	for s, e := range o.servers {
		if _, ok := g.servers[s]; !ok {
			g.servers[s] = e
		}
	}
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

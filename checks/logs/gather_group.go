package logs

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

const (
	maxRefs  = 4  // shown
	manyRefs = 16 // kept
	// manyTurns is how many beginnings of an outage are kept of one kind of failure: one of each file.
	manyTurns = 128
)

// group is every line that says the same of the same thing.
type group struct {
	kind
	count int
	first Entry
	last  Entry // the last line that says it by itself
	trail trail
	refs  []ref
	plain []string // the last lines' numbers as they were written, all of them in refs
	from  *int     // the reading that plain is of

	turns   *int      // how often the topic recovered
	turn    int       // at the last failure
	reading *int      // of the last failure
	opens   []instant // the first failure after the last recovery, of each log
}

// ref is a number that lines name, and where it was first seen.
type ref struct {
	text  string
	first sight
	part  int // of the numbers in one line
}

func newGroup(k kind, e *Entry, turns *int) *group {
	return &group{kind: k, first: *e, last: *e, turns: turns}
}

// take puts a line into the group; count is 1 where it is an event of its own.
func (g *group) take(e *Entry, count int) {
	g.count += count
	if count > 0 && !g.last.newer(e) {
		g.last = *e
	}
	if g.first.newer(e) {
		g.first = *e
	}
	s := e.sight()
	if e.Ref != "" && (g.from != e.from || !slices.Contains(g.plain, e.Ref)) {
		if g.from != e.from || len(g.plain) >= maxRefs {
			g.from, g.plain = e.from, g.plain[:0]
		}
		g.plain = append(g.plain, e.Ref)
		for i, text := range strings.Split(e.Ref, ", ") {
			g.ref(ref{text, s, i})
		}
	}
	g.trail.take(s)
}

func (g *group) ref(r ref) {
	if i := slices.IndexFunc(g.refs, func(have ref) bool { return have.text == r.text }); i >= 0 {
		if g.refs[i].compare(&r) > 0 {
			g.refs[i] = r
		}
		return
	}
	if r.text != "" && len(g.refs) < manyRefs {
		g.refs = append(g.refs, r)
	}
}

func (r *ref) compare(o *ref) int {
	return cmp.Or(r.first.compare(&o.first), cmp.Compare(r.part, o.part), strings.Compare(r.text, o.text))
}

// numbers are the first numbers that the lines name.
func (g *group) numbers() string {
	all := slices.SortedFunc(slices.Values(g.refs), func(a, b ref) int { return a.compare(&b) })
	var out []string
	for _, r := range all[:min(len(all), maxRefs)] {
		out = append(out, r.text)
	}
	return strings.Join(out, ", ")
}

func (g *group) merge(o *group) {
	g.count += o.count
	if o.last.newer(&g.last) {
		g.last = o.last
	}
	if g.first.newer(&o.first) {
		g.first = o.first
	}
	for _, r := range o.refs {
		g.ref(r)
	}
	g.trail.merge(&o.trail)
	g.opens = append(g.opens, o.opens...)
	slices.SortFunc(g.opens, func(a, b instant) int { return a.at.Compare(b.at) })
	g.opens = g.opens[max(0, len(g.opens)-manyTurns):]
}

// fail notes since when it fails: a beginning for each reading, which a recovery in the same reading moves on.
func (g *group) fail(e *Entry) {
	switch {
	case len(g.opens) == 0 || g.reading != e.from:
		g.open(e.instant())
	case g.turn != *g.turns:
		g.opens[len(g.opens)-1] = e.instant()
	}
	g.reading, g.turn = e.from, *g.turns
}

func (g *group) open(t instant) {
	if len(g.opens) >= manyTurns {
		g.opens = slices.Delete(g.opens, 0, 1)
	}
	g.opens = append(g.opens, t)
}

// since is the first failure after a recovery that is the last one; the last failure where that is not known.
func (g *group) since(recovery time.Time) instant {
	out := g.last.instant()
	for _, t := range g.opens {
		if t.at.After(recovery) && t.at.Before(out.at) {
			out = t
		}
	}
	return out
}

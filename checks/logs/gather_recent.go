package logs

import (
	"slices"
	"time"

	"linecheck/assets"
	"linecheck/checks"
)

// spot is what it takes to tell whether two lines are of one event.
type spot struct {
	from   *int
	place  int
	at     time.Time
	thread string
	kinds  []string
}

func spotOf(e *Entry) spot { return spot{e.from, e.place, e.At, e.Thread, e.kinds} }

// kin reports whether lines with signatures of these kinds can be of one log. A file that somebody put together may
// hold the lines of several.
func kin(a, b []string) bool {
	if len(a) == 0 || len(b) == 0 || &a[0] == &b[0] {
		return true
	}
	return slices.ContainsFunc(a, func(k string) bool { return slices.Contains(b, k) })
}

// together reports whether two lines tell of one event.
func together(a, b *spot) bool {
	limit := nearLines
	if a.thread != "" && a.thread == b.thread {
		limit = threadLines
	}
	switch d := b.place - a.place; {
	case a.from != b.from || d < 0 || d > limit:
		return false
	case a.thread != "" && b.thread != "" && a.thread != b.thread:
		return false
	case !a.at.IsZero() && !b.at.IsZero() && b.at.Sub(a.at).Abs() > nearTime:
		return false
	}
	return kin(a.kinds, b.kinds)
}

// occurrence is an event that lines after it may repeat.
type occurrence struct {
	spot
	effect assets.Effect
	code   checks.Code
	topic  string
	at     *group
	timed  bool // how long it took is known
}

// mains is a ring of the last events.
type mains struct {
	all [maxMains]occurrence
	n   int // how many ever
}

func (r *mains) push(e *Entry, at *group, timed bool) {
	r.all[r.n%maxMains] = occurrence{spotOf(e), e.Effect, e.Code, e.Topic, at, timed}
	r.n++
}

// find is the newest event that e repeats.
func (r *mains) find(e *Entry) *occurrence {
	b := spotOf(e)
	for i := r.n - 1; i >= max(0, r.n-maxMains); i-- {
		if m := &r.all[i%maxMains]; m.effect == e.Effect && together(&m.spot, &b) {
			return m
		}
	}
	return nil
}

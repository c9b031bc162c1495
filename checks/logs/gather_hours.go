package logs

import (
	"maps"
	"slices"
	"time"

	"linecheck/checks"
)

const (
	// quarter is the finest that is counted: with it, hours begin where they do in every time zone.
	quarter = 15 * time.Minute
	// maxQuarters is how many quarters with a failure are kept, a month of them; older ones are one number.
	maxQuarters = 4 * 24 * 31
)

// tally counts causes. There are few, so a list is faster than a map.
type tally []caused

type caused struct {
	code checks.Code
	n    int
}

func (t *tally) add(code checks.Code, n int) {
	for i := range *t {
		if (*t)[i].code == code {
			(*t)[i].n += n
			return
		}
	}
	*t = append(*t, caused{code, n})
}

func (t *tally) merge(o tally) {
	for _, c := range o {
		t.add(c.code, c.n)
	}
}

func (t tally) sum() (n int) {
	for _, c := range t {
		n += c.n
	}
	return n
}

// hours counts failures by cause and quarter of an hour.
type hours struct {
	quarters    map[int64]*tally
	earlier     tally // before the quarters that are kept
	timeless    tally // of lines without a time of their own
	first, last time.Time

	lastQuarter int64 // of the line before
	lastTally   *tally
}

// note counts one failure.
func (h *hours) note(e *Entry) {
	if e.At.IsZero() {
		h.timeless.add(e.Code, 1)
		return
	}
	h.stretch(e.At)
	q := e.At.Unix() / int64(quarter/time.Second)
	if h.lastTally == nil || h.lastQuarter != q {
		h.lastQuarter, h.lastTally = q, h.at(q)
	}
	h.lastTally.add(e.Code, 1)
}

func (h *hours) stretch(t time.Time) {
	if h.first.IsZero() || t.Before(h.first) {
		h.first = t
	}
	if t.After(h.last) {
		h.last = t
	}
}

func (h *hours) at(q int64) *tally {
	t, ok := h.quarters[q]
	if ok {
		return t
	}
	if len(h.quarters) >= 2*maxQuarters {
		h.forget()
	}
	if h.quarters == nil {
		h.quarters = map[int64]*tally{}
	}
	t = new(tally)
	h.quarters[q] = t
	return t
}

// forget makes one number of all but the newest quarters.
func (h *hours) forget() {
	keys := slices.Sorted(maps.Keys(h.quarters))
	for _, q := range keys[:max(0, len(keys)-maxQuarters)] {
		h.earlier.merge(*h.quarters[q])
		delete(h.quarters, q)
	}
	h.lastTally = nil
}

func (h *hours) merge(o *hours) {
	for q, from := range o.quarters {
		h.at(q).merge(*from)
	}
	h.earlier.merge(o.earlier)
	h.timeless.merge(o.timeless)
	for _, t := range []time.Time{o.first, o.last} {
		if !t.IsZero() {
			h.stretch(t)
		}
	}
	h.lastTally = nil
}

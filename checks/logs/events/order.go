package events

import (
	"strconv"
	"time"

	"linecheck/checks/host"
)

// Bounds of what waits until the order of day and month is known.
const (
	maxWaiting = 256
	maxBytes   = 2 << 20
)

// order is what a file's dates tell of their order.
type order int

const (
	open order = iota
	dayFirst
	monthFirst
	torn // they contradict one another
)

// dates gives events their times, in the order of the file. While it is open whether day or month is first, events wait.
type dates struct {
	loc     *time.Location
	each    func(host.EventRecord, int) error
	problem func(line int, text, remedy string)
	order   order
	waiting []waiting
	bytes   int
	told    bool
}

type waiting struct {
	e    host.EventRecord
	when when
	line int
}

func newDates(loc *time.Location, each func(host.EventRecord, int) error, problem func(int, string, string)) *dates {
	return &dates{loc: loc, each: each, problem: problem}
}

// hand gives an event that has its time.
func (d *dates) hand(e host.EventRecord, line int) error { return d.each(e, line) }

func (d *dates) add(e host.EventRecord, text string, line int) error {
	w := readDate(text)
	if w.form == noDate && text != "" {
		d.problem(line, "its date "+strconv.Quote(cut(text, 40))+" has a form that linecheck does not know", "the event counts without a time; "+anXML)
	}
	d.learn(w)
	d.waiting = append(d.waiting, waiting{e, w, line})
	d.bytes += len(e.Message) + len(e.Raw)
	waits := d.order == open && (w.form == either || len(d.waiting) > 1)
	if waits && len(d.waiting) < maxWaiting && d.bytes < maxBytes {
		return nil
	}
	return d.flush()
}

func (d *dates) end() error { return d.flush() }

// learn takes from a date that can be read in one way which order its file has.
func (d *dates) learn(w when) {
	if w.form != certain || w.rest.IsZero() || w.first == w.second {
		return
	}
	seen := monthFirst
	if int(w.at.Month()) == w.second {
		seen = dayFirst
	}
	if d.order == open {
		d.order = seen
	} else if d.order != seen {
		d.order = torn
	}
}

func (d *dates) flush() error {
	if d.order == open {
		d.order = d.compare()
	}
	all := d.waiting
	d.waiting, d.bytes = nil, 0
	for _, w := range all {
		at, ok := w.when.at, w.when.form == certain
		if w.when.form == either {
			if at, ok = w.when.as(d.order == dayFirst); d.order == open || d.order == torn {
				ok = false
				d.tell(w.line)
			}
		}
		if ok {
			if w.when.bare {
				at = time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), at.Nanosecond(), d.loc)
			}
			w.e.At = at
		}
		if err := d.each(w.e, w.line); err != nil {
			return err
		}
	}
	return nil
}

func (d *dates) tell(line int) {
	if !d.told {
		d.told = true
		d.problem(line, "nothing in the file tells whether its dates have the day or the month first", "these events count without a time; "+anXML)
	}
}

// compare judges by all that waits: an export is in order of time, and holds nothing from the future.
func (d *dates) compare() order {
	now := time.Now().AddDate(0, 0, 1)
	day, month := d.sound(true, now), d.sound(false, now)
	switch {
	case day && !month:
		return dayFirst
	case month && !day:
		return monthFirst
	}
	return open
}

// sound reports whether the dates, read in one order, all exist, rise or fall throughout, and lie in the past.
func (d *dates) sound(dayFirst bool, now time.Time) bool {
	var before time.Time
	rises, falls := true, true
	for _, w := range d.waiting {
		at := w.when.at
		switch w.when.form {
		case noDate:
			continue
		case either:
			var ok bool
			if at, ok = w.when.as(dayFirst); !ok {
				return false
			}
		}
		if at.After(now) {
			return false
		}
		if !before.IsZero() {
			rises, falls = rises && !at.Before(before), falls && !at.After(before)
		}
		before = at
	}
	return rises || falls
}

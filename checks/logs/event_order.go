package logs

import (
	"context"
	"fmt"
	"slices"
	"time"

	"linecheck/assets"
	"linecheck/checks/host"
)

// maxKnown is how many known events of one file are kept until they are in order.
const maxKnown = 50_000

// events reads what read hands out as the events of this log, with the line where each begins; 0: not known. It returns
// how many there were.
func (c *cursor) events(ctx context.Context, profiles []*assets.Profile, read func(context.Context, func(host.EventRecord, int) error) error) (int, error) {
	t, err := newTeller(profiles)
	if err != nil {
		return 0, err
	}
	x := timeline{teller: t, computers: map[string]bool{}}
	err = read(ctx, func(r host.EventRecord, line int) error {
		x.add(&r, line)
		return ctx.Err()
	})
	x.sort()
	x.hand(c)
	if err == nil && x.left > 0 {
		err = fmt.Errorf("%d of its events that linecheck knows were left out, since there are more than %d", x.left, maxKnown)
	}
	return x.count, err
}

// timeline is the known events of one file.
type timeline struct {
	teller    *teller
	known     []moment
	count     int // events, those that nobody knows too
	left      int // known ones beyond maxKnown
	newest    time.Time
	computers map[string]bool // that wrote them
}

// moment is one known event.
type moment struct {
	entries  []Entry
	at       time.Time
	computer string
}

func (x *timeline) add(r *host.EventRecord, line int) {
	x.count++
	if r.At.After(x.newest) {
		x.newest = r.At
	}
	if len(x.computers) < maxNames {
		x.computers[r.Computer] = true
	}
	entries := x.teller.tell(r)
	switch {
	case len(entries) == 0:
		return
	case len(x.known) >= maxKnown:
		x.left++
		return
	}
	for i := range entries {
		entries[i].Number = line
	}
	x.known = append(x.known, moment{entries, r.At, r.Computer})
}

// sort puts the events into the order of time, since what ends what depends on it: exports are most often in the order
// newest first. An event without a time stays behind the one that stood before it.
func (x *timeline) sort() {
	all := x.known
	if n := len(all); n > 1 && !all[0].at.IsZero() && all[n-1].at.Before(all[0].at) {
		slices.Reverse(all)
	}
	var last time.Time
	for i := range all {
		if all[i].at.IsZero() {
			all[i].at = last
		}
		last = all[i].at
	}
	slices.SortStableFunc(all, func(a, b moment) int { return a.at.Compare(b.at) })
}

// hand gives a log's cursor its events.
func (x *timeline) hand(c *cursor) {
	for i, m := range x.known {
		for j := range m.entries {
			e := &m.entries[j]
			// The lines of one event are together, those of two never are.
			e.place = i*2*threadLines + j
			e.Path, e.File, e.from = c.path, leaf(c.path), c.stream.id
			if e.Topic == "" {
				e.Topic = c.family
			}
			// What one computer recovers from says nothing about another.
			if len(x.computers) > 1 && m.computer != "" {
				e.on = " on " + m.computer
				e.Topic += e.on
			}
			c.stream.emit(e)
		}
	}
	c.stream.place += x.count
	if x.newest.After(c.stream.newest) {
		c.stream.newest = x.newest
	}
}

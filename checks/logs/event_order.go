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

// events reads what read hands out as the events of this log, with the line where each begins; 0: not known. Exports
// are most often in the order newest first, and what ends what depends on the order, so they are put into that of
// time. An event without a time stays behind the one that stood before it.
func (c *cursor) events(ctx context.Context, profiles []*assets.Profile, read func(context.Context, func(host.EventRecord, int) error) error) (int, error) {
	t, err := newTeller(profiles)
	if err != nil {
		return 0, err
	}
	type known struct {
		entries  []Entry
		at       time.Time
		computer string
	}
	var (
		all     []known
		count   int
		left    int
		first   time.Time
		newest  time.Time
		sources = map[string]bool{}
	)
	err = read(ctx, func(r host.EventRecord, line int) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		count++
		if first.IsZero() {
			first = r.At
		}
		if r.At.After(newest) {
			newest = r.At
		}
		if len(sources) < maxNames {
			sources[r.Computer] = true
		}
		found := t.tell(&r)
		switch {
		case len(found) == 0:
			return nil
		case len(all) >= maxKnown:
			left++
			return nil
		}
		for i := range found {
			found[i].Number = line
		}
		all = append(all, known{found, r.At, r.Computer})
		return nil
	})
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
	slices.SortStableFunc(all, func(a, b known) int { return a.at.Compare(b.at) })
	for i := range all {
		for j, e := range all[i].entries {
			// The lines of one event are together, those of two never are.
			e.place = i*2*threadLines + j
			e.Path, e.File, e.from = c.path, base(c.path), c.stream.id
			if e.Topic == "" {
				e.Topic = c.family
			}
			// What one computer recovers from says nothing about another.
			if len(sources) > 1 && all[i].computer != "" {
				e.on = " on " + all[i].computer
				e.Topic += e.on
			}
			c.stream.emit(&e)
		}
	}
	c.stream.place += count
	if newest.After(c.stream.newest) {
		c.stream.newest = newest
	}
	if err == nil && left > 0 {
		err = fmt.Errorf("%d of its events that linecheck knows were left out, since there are more than %d", left, maxKnown)
	}
	return count, err
}

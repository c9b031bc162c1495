package logs

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"linecheck/checks/host"
	"linecheck/checks/logs/lines"
)

const (
	// pollMost is how much is read of all files together before it is told. A quarter of a second of a log that grows by
	// 5,000 lines a second is less; where more waits, the next round begins at once.
	pollMost = 256 << 10
	// pollLeast is how much of one file is read in a round, however many there are.
	pollLeast = 16 << 10
)

// glances looks at every file at once, and takes what was read in the order of the files. It reports whether there is
// more to read. A file that does not answer holds nobody up: its look goes on aside and is taken when it comes, and when
// the tail ends the system's own limits end it.
func (t *tail) glances(ctx context.Context) (more bool) {
	share := int64(max(pollMost/max(t.busy, 1), pollLeast))
	for _, c := range t.cursors {
		if c.live.wait == nil {
			c.live.asked = time.Now()
			c.live.wait = aside(func() func() glance {
				f, open := c.foot(), t.looks%openEvery == 0 || c.err != nil || c.live.lost || c.id == nil
				return func() glance {
					began := time.Now()
					g := f.look(ctx, t.files, open, share)
					g.took = time.Since(began)
					return g
				}
			}())
		}
	}
	t.busy = 0
	late := time.NewTimer(t.patience())
	defer late.Stop()
	for _, c := range t.cursors {
		g, ok := await(ctx, c.live.wait, late, c.live.slow)
		if !ok {
			c.live.slow = true
			continue
		}
		c.live.wait, c.live.slow = nil, g.took > t.patience()
		more = t.take(c, g) || more
	}
	return more
}

// aside makes a call of the system that knows no context.
func aside[T any](call func() T) chan T {
	out := make(chan T, 1)
	go func() { out <- call() }()
	return out
}

// await waits for it until ctx is done or late fires; not at all where it was slow before.
func await[T any](ctx context.Context, out chan T, late *time.Timer, slow bool) (v T, ok bool) {
	if !slow {
		select {
		case v = <-out:
			return v, true
		case <-late.C:
			late.Reset(0) // for those behind
		case <-ctx.Done():
		}
	}
	select {
	case v = <-out:
		return v, true
	default:
		return v, false
	}
}

// take goes on from a look. It reports whether there is more to read.
func (t *tail) take(c *cursor, g glance) (more bool) {
	c.err = g.err
	if g.moved {
		t.hurry = t.hurry || !c.live.lost
		c.live.lost = true
		return false
	}
	c.live.lost = false
	if g.cut {
		t.restart(c)
		t.hurry = true
	}
	if g.passed.bytes > 0 {
		c.leap(g)
		if len(t.gaps) < maxFiles {
			t.gaps = append(t.gaps, g.passed)
		}
		if t.passed != nil {
			t.flush()
			t.passed(g.passed)
		}
	}
	c.stand(g.foot)
	if len(g.data) > 0 {
		t.busy++
		t.feed(c, g.data)
	}
	return g.more
}

// feed decodes what was added. What was there at the start is counted and not told.
func (t *tail) feed(c *cursor, p []byte) {
	if old := c.live.mute - (c.offset - int64(len(p))); old > 0 {
		n := min(int(old), len(p))
		c.live.unheard = true
		c.stream.text.Write(p[:n])
		c.live.unheard = false
		p = p[n:]
	}
	if c.live.half {
		if c.stream.text.Enc == lines.Unknown {
			c.stream.text.Enc, _ = lines.Sniff(c.head)
		}
		next := lines.After(p, 0, c.stream.text.Enc)
		if next == 0 {
			return
		}
		p, c.live.half = p[next:], false
	}
	c.stream.text.Write(p)
}

// blocked tells of files that cannot be read now.
func (t *tail) blocked() {
	if t.waits == nil {
		return
	}
	said, more := "", 0
	say := func(path, why string) {
		if said != "" {
			more++
			return
		}
		said = base(path) + ": " + why
	}
	for _, c := range t.cursors {
		switch {
		case c.live.wait != nil && time.Since(c.live.asked) >= t.patience():
			say(c.path, "does not answer")
		case c.err != nil && !canceled(c.err):
			say(c.path, reason(c.err))
		}
	}
	for _, path := range slices.Sorted(maps.Keys(t.refused)) {
		say(path, reason(t.refused[path]))
	}
	if t.seeking != nil && time.Since(t.asked) >= t.patience() {
		say("the search for new logs", "does not answer")
	}
	if more > 0 {
		said += fmt.Sprintf("; and %d more", more)
	}
	t.waits(said)
}

func canceled(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

func reason(err error) string {
	if host.Denied(err) {
		return "may not be read now"
	}
	return "cannot be read now: " + err.Error()
}

package wizard

import (
	"time"

	"linecheck/checks"
)

// tailGathers bounds the lines between two looks of the screen; what is more is counted as dropped.
const tailGathers = 2000

// gathering is what one run said since the last look. Its cost for a line is the same however many there are.
type gathering struct {
	EventsSeen
	oldest int // where Lines begins, once it is full
}

// line keeps a line in the place of the oldest one where there are enough.
func (g *gathering) line(l checks.Line) {
	if len(g.Lines) < tailGathers {
		g.Lines = append(g.Lines, l)
		return
	}
	g.Lines[g.oldest] = l
	g.oldest = (g.oldest + 1) % tailGathers
	g.Dropped++
}

// seen is all of it, the lines in their order.
func (g *gathering) seen() EventsSeen {
	if g.oldest > 0 {
		lines := make([]checks.Line, 0, len(g.Lines))
		g.Lines = append(append(lines, g.Lines[g.oldest:]...), g.Lines[:g.oldest]...)
		g.oldest = 0
	}
	return g.EventsSeen
}

// said is event for a fix: of its progress each step is kept, because a person reads what is done to the machine.
func (r *Runner) said(k Key, e checks.Event) {
	if p, ok := e.(checks.Progress); ok {
		r.mu.Lock()
		seen := r.seenOf(k)
		seen.Steps = stepped(seen.Steps, p)
		r.mu.Unlock()
	}
	r.event(k, e)
}

// seenOf is what was gathered for the key. The caller holds mu.
func (r *Runner) seenOf(k Key) *gathering {
	if r.gathered[k] == nil {
		r.gathered[k] = &gathering{EventsSeen: EventsSeen{Key: k}}
	}
	return r.gathered[k]
}

// event adds to what was gathered for the key, so that a check that talks a lot costs no more than one that does not.
func (r *Runner) event(k Key, e checks.Event) {
	r.mu.Lock()
	seen := r.seenOf(k)
	switch e := e.(type) {
	case checks.Progress:
		seen.Progress = &e
	case checks.Found:
		seen.Found = append(seen.Found, e.Finding)
	case checks.Learned:
		seen.Learned = append(seen.Learned, e.Fact)
		r.urgent = true // somebody may be waiting for it
	case checks.Walking:
		seen.Walking = newest(seen.Walking, e.Path)
	case checks.Line:
		seen.line(e)
	}
	r.signal()
	r.mu.Unlock()
}

// flush moves what was gathered for a key behind what is pending. The caller holds mu.
func (r *Runner) flush(k Key) {
	if seen := r.gathered[k]; seen != nil {
		said := seen.seen()
		said.At = time.Now()
		r.pending = append(r.pending, said)
		delete(r.gathered, k)
	}
}

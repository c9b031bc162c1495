package wizard

import "slices"

// history is what happened to a session, the newest first. Sessions share it: nothing in it is ever changed.
type history struct {
	change Change
	before *history
	lines  int // of logs, in it and before it
}

// historyKeeps bounds the log lines of a record: a tail may be followed for a day.
const historyKeeps = 20000

// after is the history with one more change.
func (h *history) after(c Change) *history {
	next := &history{change: c, before: h}
	if h != nil {
		next.lines = h.lines
	}
	if e, ok := c.(EventsSeen); ok && len(e.Lines) > 0 {
		if next.lines+len(e.Lines) > historyKeeps {
			e.Dropped, e.Lines = e.Dropped+len(e.Lines), nil
			next.change = e
		}
		next.lines += len(e.Lines)
	}
	if e, ok := next.change.(EventsSeen); ok && onlyDropped(e) {
		if summed := h.lost(e); summed != nil {
			return summed
		}
	}
	return next
}

// lost adds lines that only are counted to those of the same run, where since then others were only counted too: a tail that
// is followed for a day loses some hundreds of thousands of times. nil: there is nothing to add them to.
func (h *history) lost(e EventsSeen) *history {
	if h == nil {
		return nil
	}
	was, ok := h.change.(EventsSeen)
	switch {
	case !ok || !onlyDropped(was):
		return nil
	case was.Key == e.Key:
		e.Dropped += was.Dropped
		return &history{e, h.before, h.lines}
	}
	if before := h.before.lost(e); before != nil {
		return &history{h.change, before, h.lines}
	}
	return nil
}

func onlyDropped(e EventsSeen) bool {
	return e.Dropped > 0 && e.Progress == nil && len(e.Steps)+len(e.Found)+len(e.Learned)+len(e.Walking)+len(e.Lines) == 0
}

// History is all that happened to a session that is recorded, the oldest first; nil where it is not.
func (s Session) History() []Change {
	var out []Change
	for h := s.history; h != nil; h = h.before {
		out = append(out, h.change)
	}
	slices.Reverse(out)
	return out
}

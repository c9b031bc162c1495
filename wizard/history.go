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
	return next
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

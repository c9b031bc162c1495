package tui

import (
	tea "charm.land/bubbletea/v2"

	"linecheck/assets/lang"
)

// Depth is how far a person has gone into one thing: the list, its evidence, everything raw.
type Depth int

// The depths. Enter goes one deeper, Esc one back.
const (
	AtList Depth = iota
	AtEvidence
	AtRaw
)

// Reader keeps the depth and scrolls the text that is read there.
type Reader struct {
	Depth Depth
	top   int
}

// Key handles Enter, Esc and, below the list, movement. It reports whether it used the key. can is false where there is
// nothing to go into.
func (r *Reader) Key(k tea.KeyPressMsg, can bool) bool {
	switch s := k.String(); {
	case s == "enter" || s == "kpenter":
		if can && r.Depth < AtRaw {
			r.Depth++
			r.top = 0
		}
		return true
	case s == "esc" && r.Depth > AtList:
		r.Depth--
		r.top = 0
		return true
	case r.Depth > AtList:
		top, ok := Step(s, r.top, 1<<20)
		if ok {
			r.top = top
		}
		return ok
	}
	return false
}

// Back returns to the list.
func (r *Reader) Back() { *r = Reader{} }

// View draws the part of lines that is scrolled to. Only here is it known how long the text is at this width, so this
// is where the position is brought back into it.
func (r *Reader) View(k Kit, lines []string, w, h int) string {
	if len(lines) > h && h > 2 {
		body := h - 1
		r.top = max(0, min(r.top, len(lines)-body))
		to := r.top + body
		where := " " + lang.T("panel.lines", "from", Count(r.top+1), "to", Count(to), "n", Count(len(lines)))
		return Box(append(append([]string(nil), lines[r.top:to]...), k.Theme.Dim.Render(k.Glyphs.PadLeft(where, w-1))), w, h)
	}
	r.top = max(0, min(r.top, len(lines)-h))
	return Box(lines[r.top:], w, h)
}

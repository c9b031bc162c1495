package logs

import (
	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/tui"
)

// tall is the height from which on there is room for the summary over a tail that is read.
const tall = 22

// View implements [tui.Panel].
func (m *model) View(w, h int) string {
	if !m.tail() {
		return m.Findings.View(w, h)
	}
	if m.inTail && (m.pane.Open() || h < tall) {
		return m.pane.View(w, h)
	}
	if s, ok := m.Deep(w, h); ok && !m.inTail {
		return s
	}
	top := m.above(w, h)
	body := tui.Box(top, w, len(top))
	if body == "" {
		return m.pane.View(w, h)
	}
	if len(top) >= h {
		return tui.Box(top, w, h)
	}
	return body + "\n" + m.pane.View(w, h-len(top))
}

// above is the summary over the tail: a quarter of the height, or half of it while the keys go there.
func (m *model) above(w, h int) []string {
	t := m.Table()
	room := h / 4
	if m.inTail {
		t.Cursor = -1
	} else {
		room = h / 2
	}
	if room < 1 || t.N == 0 {
		return nil
	}
	out := t.View(w, min(room, t.N), &m.Win)
	if it, ok := m.Selected(); ok && !m.inTail && len(out)+4 <= h/2 {
		out = append(append(out, ""), tui.Indent(m.Explain(m.Spec.ID, it.Finding, w-4), 3)...)
	}
	if len(out) > h/2 {
		out = out[:h/2]
	}
	return append(out, "")
}

// tableLines is how much of a table stands below the list; Enter shows it whole.
const tableLines = 7

// table shows a part of a finding that is a table under what is said of it: of the hours the newest, of all others the
// first rows.
func (m *model) table(it tui.Item, w int) []string {
	t := it.Finding.Table
	if t == nil || len(t.Rows) == 0 {
		return nil
	}
	var head, body []string
	n := min(len(t.Rows), tableLines)
	for ; n > 0; n-- {
		part := checks.Table{Head: t.Head, Rows: t.Rows[:n]}
		if it.Finding.Code == Hours {
			part.Rows = t.Rows[len(t.Rows)-n:]
		}
		if head, body = tui.Grid(&part, w); len(body) <= tableLines || n == 1 {
			break
		}
	}
	for i, l := range head {
		head[i] = m.Theme.Dim.Render(l)
	}
	out := append(head, body...)
	if more := len(t.Rows) - n; more > 0 {
		out = append(out, m.Theme.Dim.Render(lang.T("panels.logs.more", "n", tui.Count(more))))
	}
	return out
}

package proxy

import (
	"strings"

	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/tui"
)

// compared reports whether a run has a comparison to show.
func (m *model) compared() bool {
	for _, it := range m.Items {
		if it.Finding.Code == Choices && it.Finding.Table != nil {
			return true
		}
	}
	return false
}

// lines are those of [model.ways], kept because a view is drawn after every message.
func (m *model) lines(w int) []string {
	if m.text == nil || m.wide != w || m.deep != m.who.Depth {
		m.text, m.wide, m.deep = m.ways(w), w, m.who.Depth
		if m.deep == tui.AtRaw {
			m.text = m.rawWays(w)
		}
	}
	return m.text
}

// ways lists who goes which way: a block for each group of addresses, a line for each identity. That fits any window,
// which columns side by side do not.
func (m *model) ways(w int) []string {
	var out [][]string
	for i, r := range m.Runs {
		if len(m.Runs) > 1 {
			out = append(out, []string{" " + m.Theme.Title.Render(m.Glyphs.Fit(tui.Cell(tui.Title(r.Profile)), w-1))})
		}
		for _, it := range m.Items {
			if f := it.Finding; it.Run == i && f.Code == Choices && f.Table != nil {
				out = append(out, m.blocks(*f.Table, w)...)
			}
		}
		for _, it := range m.Items {
			if f := it.Finding; it.Run == i && f.Code == Differ {
				out = append(out, tui.Indent(tui.Wrap(tui.Cell(lang.Phrase(f.Arg("why"))), min(w-3, 92)), 1))
			}
		}
	}
	return tui.Join(out...)
}

// rawWays is everything that the comparison was made of.
func (m *model) rawWays(w int) []string {
	var out [][]string
	for _, it := range m.Items {
		if f := it.Finding; f.Code == Choices || f.Code == Differ {
			out = append(out, m.Raw(f, w))
		}
	}
	return tui.Join(out...)
}

func (m *model) blocks(t checks.Table, w int) (out [][]string) {
	const deep = 3
	label := 0
	for _, h := range t.Head[min(1, len(t.Head)):] {
		label = max(label, tui.Width(tui.Cell(lang.Phrase(h))))
	}
	label = min(label, w/2)
	for _, row := range t.Rows {
		if len(row) == 0 || w <= deep {
			continue
		}
		lines := []string{" " + m.Theme.Title.Render(m.Glyphs.Fit(tui.Cell(lang.Phrase(row[0])), w-1))}
		for i, cell := range row[1:] {
			head := ""
			if i+1 < len(t.Head) {
				head = tui.Cell(lang.Phrase(t.Head[i+1]))
			}
			mark := m.shape(cell) + " "
			if w < narrow {
				lines = append(lines, strings.Repeat(" ", deep)+m.Theme.Dim.Render(m.Glyphs.Fit(head, w-deep)))
				for n, l := range tui.Wrap(tui.Cell(lang.Phrase(cell)), w-deep-4) {
					lines = append(lines, strings.Repeat(" ", deep+2)+first(n, mark)+l)
				}
				continue
			}
			for n, l := range tui.Wrap(tui.Cell(lang.Phrase(cell)), w-deep-label-5) {
				if n > 0 {
					head = ""
				}
				lines = append(lines, strings.Repeat(" ", deep)+m.Theme.Dim.Render(m.Glyphs.Pad(head, label))+"  "+first(n, mark)+l)
			}
		}
		out = append(out, lines)
	}
	return out
}

// first puts a mark before the first line of a cell, and its room before the others.
func first(n int, mark string) string {
	if n == 0 {
		return mark
	}
	return "  "
}

// shape is what became of the first way of a cell.
func (m *model) shape(cell string) string {
	way, _, _ := strings.Cut(cell, ", then ")
	_, state, tried := strings.Cut(way, " (")
	switch {
	case strings.HasPrefix(cell, "not known"):
		return m.Glyph(checks.Unknown)
	case !tried:
		return " "
	}
	state, _, _ = strings.Cut(state, ")")
	return m.mark(state)
}

// mark is the shape of a proxy's state as [run.state] has it.
func (m *model) mark(state string) string {
	if strings.HasPrefix(state, stateWorks) {
		return m.Glyph(checks.Pass)
	}
	for _, does := range failures {
		if state == does {
			return m.Glyphs.Bad // the shape without the colour: a comparison is no alarm
		}
	}
	return m.Glyph(checks.Unknown)
}

// state is the last column of a PAC file's row.
func (m *model) state(state string) string {
	if state == "" || state == "direct" {
		return m.Theme.Dim.Render(m.Glyphs.Skip)
	}
	word := state
	if strings.HasPrefix(state, stateWorks) {
		word = lang.T("panels.proxy.word.ok")
	}
	for f, does := range failures {
		if state == does {
			word, _ = short(checks.Code(f))
		}
	}
	return m.mark(state) + " " + tui.Cell(lang.Phrase(word))
}

package wizard

import (
	"strings"

	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/tui"
)

// impact is what the lost connection means until it is mended. Where the page is longer than the window, each feature has
// one line there, and the whole sentences stand on the page that Enter leads to.
func (p verdictPage) impact(m *Model, w int, short bool) []string {
	if p.cause > 0 || len(m.verdict.Impact) == 0 {
		return nil
	}
	lines := []string{""}
	label, cut := untilThen(m.verdict), false
	for _, e := range m.verdict.Impact {
		said := e.Effect
		if i := strings.IndexAny(said, ",;"); short && i > 0 {
			said, cut = said[:i]+".", true
		}
		rows := m.field(label, lang.T("screen.page.feature", "feature", e.Feature, "effect", said), w)
		n := 1
		if w < 60 && label != "" {
			n = 2 // the label has a line of its own
		}
		if short && len(rows) > n {
			rows[n-1], cut = m.kit.Glyphs.Fit(rows[n-1]+" "+m.kit.Glyphs.Cut, w), true
			rows = rows[:n]
		}
		lines, label = append(lines, rows...), ""
	}
	if cut {
		for _, l := range m.field("", lang.T("screen.page.full"), w) {
			lines = append(lines, m.kit.Theme.Dim.Render(l))
		}
	}
	return lines
}

func untilThen(v Verdict) string {
	if mayMean(v.Impact) {
		return lang.T("screen.page.may")
	}
	return lang.T("screen.page.until")
}

func ordinal(i int) string {
	words := []string{lang.T("screen.page.first"), lang.T("screen.page.second"), lang.T("screen.page.third"), lang.T("screen.page.fourth"), lang.T("screen.page.fifth")}
	if i < len(words) {
		return words[i]
	}
	return lang.T("screen.page.nth", "n", i+1)
}

// calm is the page of a session without a cause: what was checked, or what could not be.
func (p verdictPage) calm(m *Model, w int) []string {
	var lines []string
	label := lang.T("screen.page.unknown")
	for i, miss := range first(m.verdict.Missing, 4) {
		if i == 0 {
			continue // the headline says it
		}
		if len(m.session.Profiles) == 1 {
			miss = strings.TrimPrefix(miss, tui.Title(m.session.Profiles[0])+": ")
		}
		lines, label = append(lines, m.field(label, miss, w)...), ""
	}
	if label == "" {
		lines = append(lines, "")
	}
	lines = append(lines, m.notExplained(w)...)
	if fix := m.verdict.toLearn(m.session.Seen()); fix != "" {
		lines = append(lines, append(m.field(lang.T("screen.page.fix"), fix, w), "")...)
	}
	for at, st := range m.session.Steps {
		var judged []checks.Finding
		way := ""
		for _, r := range st.Runs {
			for _, f := range r.Result.Findings {
				if w := wayOut(f.Code, f.Status, f.Args); w != "" && len(st.Runs) == 1 {
					way = ", " + w
				}
				if f.Status != checks.Note && f.Status != checks.Skip {
					judged = append(judged, f)
				}
			}
		}
		text := tui.Tally(judged) + way
		for i, r := range st.Runs {
			if why := m.session.reason(at, i); why != "" && r.Status() == st.Status() {
				text = firstLine(why)
			}
		}
		lines = append(lines, m.kit.Glyphs.Fit("   "+m.kit.Glyphs.Pad(m.kit.Glyph(st.Status())+" "+st.Spec.Title, 18)+tui.Clean(text), w))
	}
	return lines
}

// labelled are the labels that stand beside texts on the verdict; the column is as wide as the longest.
func labelled() []string {
	return []string{lang.T("screen.page.who"), lang.T("screen.page.fix"), lang.T("screen.page.seen"), lang.T("screen.page.know"), lang.T("screen.page.explains"),
		lang.T("screen.page.until"), lang.T("screen.page.may"), lang.T("screen.page.unexplained"), lang.T("role.label.why"), lang.T("role.label.vendor")}
}

// fieldWidth is the column of labels on the verdict.
func fieldWidth() int {
	width := 16
	for _, l := range labelled() {
		width = max(width, tui.Width(l))
	}
	return min(width, 24) + 2
}

// field draws a label and its text beside it, or below it where the window is narrow.
func (m *Model) field(label, text string, w int) []string {
	col, beside := fieldWidth(), w >= 60
	if !beside {
		col = 4
	}
	wrapped := tui.Wrap(tui.Clean(text), w-col-5)
	var lines []string
	if !beside && label != "" {
		lines = append(lines, "   "+m.kit.Theme.Dim.Render(m.kit.Glyphs.Fit(label, w-4)))
	}
	for i, l := range wrapped {
		head := strings.Repeat(" ", col)
		if i == 0 && beside {
			head = m.kit.Theme.Dim.Render(m.kit.Glyphs.Pad(label, col))
		}
		lines = append(lines, "   "+head+l)
	}
	return lines
}

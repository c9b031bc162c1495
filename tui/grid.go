package tui

import (
	"slices"
	"strings"

	"linecheck/assets/lang"
	"linecheck/checks"
)

const (
	gridGap  = 2
	gridWide = 3   // columns of a single row that are read side by side
	gridTall = 4   // lines of a row that can still be read side by side
	gridSlim = 50  // and the width below which a taller one is a word on every line
	gridRows = 500 // more than a person reads; whoever wants all has the JSON report
)

// Grid lays a comparison out in w cells, as clean and plain text: its columns as wide as they need, what is longer
// wrapped between words inside its column. Where not every column can hold its longest word, or one row compares many
// columns, there is no head, and each row becomes a block of lines, a cell behind the name of its column.
func Grid(t *checks.Table, w int) (head, body []string) {
	if t == nil || len(t.Head) == 0 || w <= 0 {
		return nil, nil
	}
	rows := make([][]string, 0, len(t.Rows)+1)
	for _, r := range append([][]string{t.Head}, t.Rows[:min(len(t.Rows), gridRows)]...) {
		clean := make([]string, len(t.Head))
		for i := range min(len(r), len(clean)) {
			clean[i] = strings.TrimSpace(Cell(lang.Phrase(r[i])))
		}
		rows = append(rows, clean)
	}
	widths, ok := gridWidths(rows, w)
	if !ok || len(rows) == 2 && len(rows[0]) > gridWide {
		return nil, gridBlocks(rows, w)
	}
	head = gridRow(rows[0], widths)
	for _, r := range rows[1:] {
		row := gridRow(r, widths)
		if len(row) > gridTall && w < gridSlim {
			return nil, gridBlocks(rows, w)
		}
		body = append(body, row...)
	}
	return head, body
}

// gridWidths gives every column what it wants, then takes from the widest; false where their longest words do not fit.
func gridWidths(rows [][]string, w int) ([]int, bool) {
	n := len(rows[0])
	want, least := make([]int, n), make([]int, n)
	sum, floor := gridGap*(n-1), gridGap*(n-1)
	for i := range n {
		for _, r := range rows {
			want[i] = max(want[i], Width(r[i]))
			for word := range strings.FieldsSeq(r[i]) {
				least[i] = max(least[i], Width(word))
			}
		}
		sum, floor = sum+want[i], floor+least[i]
	}
	if floor > w {
		return nil, false
	}
	for ; sum > w; sum-- {
		widest := -1
		for i := range n {
			if want[i] > least[i] && (widest < 0 || want[i] >= want[widest]) {
				widest = i
			}
		}
		want[widest]--
	}
	return want, true
}

func gridRow(cells []string, widths []int) []string {
	var parts [][]string
	height := 1
	for i, c := range cells {
		parts = append(parts, Wrap(c, widths[i]))
		height = max(height, len(parts[i]))
	}
	lines := make([]string, height)
	for l := range lines {
		var b strings.Builder
		for i, p := range parts {
			text := ""
			if l < len(p) {
				text = p[l]
			}
			b.WriteString(text + strings.Repeat(" ", max(0, widths[i]-Width(text))+gridGap))
		}
		lines[l] = strings.TrimRight(b.String(), " ")
	}
	return lines
}

// gridBlocks is the form for narrow windows: the first cell leads, the others hang below it.
func gridBlocks(rows [][]string, w int) []string {
	var out []string
	label := 0
	for _, h := range rows[0][1:] {
		label = max(label, Width(h)+2*gridGap)
	}
	for _, r := range rows[1:] {
		out = append(out, Wrap(r[0], w)...)
		for i := 1; i < len(r); i++ {
			switch {
			case r[i] == "":
			case label <= w/2 && label+20 < w:
				for n, l := range Wrap(r[i], w-label) {
					head := ""
					if n == 0 {
						head = rows[0][i]
					}
					out = append(out, strings.Repeat(" ", gridGap)+head+strings.Repeat(" ", label-gridGap-Width(head))+l)
				}
			default:
				out = append(out, Indent(Wrap(both(rows[0][i], r[i], ": "), w-gridGap), gridGap)...)
			}
		}
	}
	return out
}

// Comparison draws the table of a finding, its head dim; nil where it has none.
func (k Kit) Comparison(f checks.Finding, w int) []string {
	head, body := Grid(f.Table, w)
	out := slices.Clone(head)
	for i := range out {
		out[i] = k.Theme.Dim.Render(out[i])
	}
	out = append(out, body...)
	if f.Table != nil && len(f.Table.Rows) > gridRows {
		out = append(out, k.Theme.Dim.Render(k.Glyphs.Fit(lang.T("panel.rows_more", "n", Count(len(f.Table.Rows)-gridRows)), w)))
	}
	return out
}

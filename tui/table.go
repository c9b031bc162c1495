package tui

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Column is one column of a [Table]. Widths are in cells; Max zero means no limit.
type Column struct {
	Title    string
	Min, Max int
	Flex     bool // gives way first when there is not enough room
	Right    bool // numbers
}

// Row is one row of a [Table]: cells, or a Span over the whole width. Cells may be styled; text from outside must have
// been cleaned.
type Row struct {
	Cells []string
	Span  string
	Right string // at the right end of a Span
}

// Table draws columns with a dim header, a scroll window, and one selected row in reverse with the marker before it. It
// asks only for the rows that can be seen, and makes the columns as wide as those need.
type Table struct {
	Kit
	Columns []Column
	N       int           // how many rows there are
	Row     func(int) Row // makes one; called for those in sight
	Cursor  int           // the selected row; -1 for none
}

// Height is the number of lines that the whole table takes.
func (t Table) Height() int { return t.N + btoi(len(t.Columns) > 0 && t.N > 0) }

// margin is the room for the marker at the left.
const margin = 3

// View draws at most h lines of at most w cells, the header among them; win remembers the scroll position.
func (t Table) View(w, h int, win *Window) []string {
	if w <= 0 || h <= 0 {
		return nil
	}
	headed := h > 2 && len(t.Columns) > 0
	from, to := win.At(t.Cursor, t.N, h-btoi(headed))
	var rows []Row
	for i := from; i < to; i++ {
		rows = append(rows, t.Row(i))
	}
	widths, gap := t.widths(rows, w-margin-1)
	var out []string
	if headed {
		head := make([]string, len(t.Columns))
		for i, c := range t.Columns {
			head[i] = c.Title
		}
		out = append(out, t.Theme.Dim.Render(t.line(head, widths, gap, w)))
	}
	for i, r := range rows {
		line := strings.Repeat(" ", margin) + t.Glyphs.Ends(r.Span, r.Right, w-margin-1)
		if r.Cells != nil {
			line = t.line(r.Cells, widths, gap, w)
		}
		if from+i == t.Cursor {
			line = t.Select(line, w)
		}
		out = append(out, t.Glyphs.Fit(line, w))
	}
	return out
}

// Select draws a line as the selected row: marker, reverse, full width. The line has the marker's margin at its left.
func (k Kit) Select(line string, w int) string {
	rest := ansi.Strip(line)
	rest = strings.TrimPrefix(rest, strings.Repeat(" ", margin))
	if w < margin+1 {
		return k.Theme.Selected.Render(k.Glyphs.Pad(k.Glyphs.Here, w))
	}
	return k.Theme.Selected.Render(" " + k.Glyphs.Here + " " + k.Glyphs.Pad(rest, w-margin))
}

// line lays cells out in their columns.
func (t Table) line(cells []string, widths []int, gap, w int) string {
	var b strings.Builder
	b.WriteString(strings.Repeat(" ", margin))
	for i, c := range t.Columns {
		if widths[i] == 0 {
			continue
		}
		cell := ""
		if i < len(cells) {
			cell = cells[i]
		}
		if c.Right {
			b.WriteString(t.Glyphs.PadLeft(cell, widths[i]))
		} else {
			b.WriteString(t.Glyphs.Pad(cell, widths[i]))
		}
		b.WriteString(strings.Repeat(" ", gap))
	}
	return t.Glyphs.Fit(strings.TrimRight(b.String(), " "), w)
}

// widths gives every column what it wants, then takes from the flexible ones, then from all, the last one first.
func (t Table) widths(rows []Row, room int) ([]int, int) {
	out := make([]int, len(t.Columns))
	sum := 0
	for i, c := range t.Columns {
		n := max(Width(c.Title), c.Min)
		for _, r := range rows {
			if i < len(r.Cells) {
				n = max(n, Width(r.Cells[i]))
			}
		}
		if c.Max > 0 {
			n = min(n, c.Max)
		}
		out[i] = n
		sum += n
	}
	gap := 2
	if sum+3*(len(out)-1) <= room {
		gap = 3
	}
	over := sum + gap*(len(out)-1) - room
	over = t.shrink(out, over, func(c Column) int {
		if c.Flex {
			return c.Min
		}
		return 1 << 20
	})
	over = t.shrink(out, over, func(c Column) int { return c.Min })
	t.shrink(out, over, func(Column) int { return 0 })
	return out, gap
}

// shrink takes cells from the widest columns until nothing is over or every column is at its floor.
func (t Table) shrink(widths []int, over int, floor func(Column) int) int {
	for over > 0 {
		best := -1
		for i, c := range t.Columns {
			if widths[i] > floor(c) && (best < 0 || widths[i] >= widths[best]) {
				best = i
			}
		}
		if best < 0 {
			break
		}
		widths[best]--
		over--
	}
	return over
}

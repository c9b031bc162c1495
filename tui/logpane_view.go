package tui

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"charm.land/lipgloss/v2"

	"linecheck/checks"
)

// View draws a header line and the lines in sight, or the original of the selected one.
func (p *LogPane) View(w, h int) string {
	if w <= 0 || h <= 0 {
		return ""
	}
	if p.reader.Depth > AtList && p.count() > 0 {
		return p.reader.View(p.Kit, p.original(p.at(p.number(p.row())), w), w, h)
	}
	out := []string{p.header(w)}
	if h == 1 {
		return Box(out, w, h)
	}
	n := p.count()
	if n == 0 {
		return Box(append(out, p.Theme.Dim.Render("   "+p.nothing())), w, h)
	}
	from, to := p.sight(n, h-1)
	at := p.row()
	for row := from; row < to; row++ {
		line := p.line(p.at(p.number(row)), w)
		if row == at && (p.paused || !p.Following) {
			out = append(out, p.Select(line, w))
			continue
		}
		out = append(out, line)
	}
	return Box(out, w, h)
}

// sight chooses the rows. A running tail fills the page downwards and then jumps up by half of it: scrolling by single
// lines would send the whole page again for each of them, on Windows always.
func (p *LogPane) sight(n, h int) (from, to int) {
	if p.paused || !p.Following || n <= h {
		return p.win.At(p.row(), n, h)
	}
	half := max(1, h/2)
	shift := p.base // so that the page stands still while old lines are dropped
	if p.problems {
		shift = 0
	}
	last := shift + n
	top := (last - h + half - 1) / half * half
	p.win.top = max(0, min(top-shift, n-1))
	return p.win.top, min(n, p.win.top+h)
}

func (p *LogPane) nothing() string {
	switch {
	case p.problems && p.Len() > 0:
		return "No problems among " + Count(p.Len()) + " lines."
	case p.Following:
		return "No new line yet."
	}
	return "No lines."
}

func (p *LogPane) header(w int) string {
	if p.typing {
		return p.Glyphs.Fit(" "+p.Theme.Key.Render("/")+p.query+"_", w)
	}
	names := slices.Sorted(maps.Keys(p.files))
	word := "Lines"
	if p.Following {
		word = "Live"
	}
	left := " " + p.Theme.Title.Render(word)
	if len(names) > 0 {
		left += p.Theme.Dim.Render(": " + Clean(strings.Join(names, ", ")))
	}
	var state []string
	if p.Following && p.paused {
		state = append(state, "paused")
	}
	if p.problems {
		state = append(state, "problems only")
	}
	if p.query != "" {
		s := "/" + p.query
		if p.miss {
			s += " not found"
		}
		state = append(state, s)
	} else if p.miss {
		state = append(state, "no problem found")
	}
	if n := p.Dropped + p.base; n > 0 {
		state = append(state, Count(n)+" older left out")
	}
	state = append(state, Count(p.count())+" lines")
	right := strings.Join(state, " "+p.Glyphs.Dot+" ")
	if w < Width(right)+12 {
		return p.Glyphs.Fit(" "+right, w)
	}
	return p.Glyphs.Pad(left, w-Width(right)-3) + "  " + p.Theme.Dim.Render(right)
}

// line is one row: time, file, shape and meaning, the code at the right end. A line that no signature knows is shown as
// it is, dim.
func (p *LogPane) line(l checks.Line, w int) string {
	at, file := "", strings.TrimSuffix(Clean(head(l.File, w)), ".log")
	if !l.At.IsZero() {
		at = l.At.Format("15:04:05.000")
	}
	stamp, name := 12, 10
	if w < 70 {
		stamp, name = 8, 6
	}
	if w < 36 {
		stamp, name = 0, 0
	}
	if stamp < len(at) {
		at = at[:stamp]
	}
	left := strings.Repeat(" ", margin)
	if stamp > 0 {
		left += p.Glyphs.Pad(at, stamp) + " "
	}
	if name > 0 {
		left += p.Glyphs.Pad(file, name) + " "
	}
	text, style := Clean(head(l.Meaning, w)), lipgloss.NewStyle()
	glyph := " "
	if l.Status != checks.Unknown {
		glyph = p.Glyph(l.Status)
	}
	if l.Meaning == "" {
		text, style = Clean(head(l.Text, w)), p.Theme.Dim
	}
	right := ""
	if l.Ref != "" && w >= 50 {
		right = p.Theme.Dim.Render(Clean(l.Ref))
	}
	room := max(0, w-1-Width(left)-2)
	return p.Glyphs.Fit(p.Theme.Dim.Render(left)+glyph+" "+p.Glyphs.Ends(style.Render(text), right, room), w)
}

// original is what Enter shows of a line: what it means, where it stands, and the line itself.
func (p *LogPane) original(l checks.Line, w int) []string {
	in := w - margin - 1
	title := Clean(l.Meaning)
	if title == "" {
		title = "No signature knows this line"
	}
	where := Clean(l.Path)
	if where == "" {
		where = Clean(l.File)
	}
	if l.Number > 0 {
		where += ":" + strconv.Itoa(l.Number)
	}
	var facts []string
	facts = append(facts, p.Paragraph("File", where, in)...)
	if !l.At.IsZero() {
		facts = append(facts, p.Paragraph("Time in it", l.At.Format(time.DateTime+".000"), in)...)
	}
	facts = append(facts, p.Paragraph("Code in it", Clean(l.Ref), in)...)
	facts = append(facts, p.Paragraph("Finding", Clean(string(l.Code)), in)...)
	var raw []string
	for _, s := range Lines(l.Text) {
		raw = append(raw, Break(s, in)...)
	}
	head := " " + p.Glyph(l.Status) + " " + p.Theme.Title.Render(title)
	return append([]string{p.Glyphs.Fit(head, w), ""}, Indent(Join(facts, raw), margin)...)
}

package tui

import (
	"strconv"
	"strings"
	"time"

	"charm.land/lipgloss/v2"

	"linecheck/assets/lang"
	"linecheck/checks"
)

// View draws a header, the lines in sight, and what the one under the cursor means; or the original of that line.
func (p *LogPane) View(w, h int) string {
	if w <= 0 || h <= 0 {
		return ""
	}
	if l, ok := p.selected(); ok && p.reader.Depth > AtList {
		if p.reader.Depth == AtRaw {
			return p.reader.View(p.Kit, p.raw(l, w), w, h)
		}
		return p.reader.View(p.Kit, p.original(l, w), w, h)
	}
	out := []string{p.header(w)}
	if p.Lost > 0 && h > 4 {
		lost := " " + lang.N("logpane.lost", p.Lost)
		out = append(out, p.Theme.Warn.Render(p.Glyphs.Fit(lost, w)))
	}
	if h <= len(out) {
		return Box(out, w, h)
	}
	foot := p.foot(w, h)
	n, room := p.rows(), h-len(out)-len(foot)
	if n == 0 {
		return Box(append(out, p.Theme.Dim.Render(p.Glyphs.Fit("   "+p.none(), w))), w, h)
	}
	from, to := p.sight(n, room)
	at := p.row()
	for row := from; row < to; row++ {
		line := p.line(p.at(p.number(row)), w)
		if row == at && p.standing() {
			line = p.Select(line, w)
		}
		out = append(out, line)
	}
	for len(out) < h-len(foot) {
		out = append(out, "")
	}
	return Box(append(out, foot...), w, h)
}

// standing: a person reads, and a line is selected; else the newest line is all that matters.
func (p *LogPane) standing() bool { return p.paused || !p.Following }

// sight chooses the rows. A running tail fills the page downwards and then jumps up by half of it: scrolling by single
// lines would send the whole page again for each of them, on Windows always.
func (p *LogPane) sight(n, h int) (from, to int) {
	if p.standing() || n <= h {
		return p.win.At(p.row(), n, h)
	}
	half := max(1, h/2)
	shift := p.roll.base // so that the page stands still while old lines are dropped
	if p.only.on() {
		shift = p.gone
	}
	last := shift + n
	top := (last - h + half - 1) / half * half
	p.win.top = max(0, min(top-shift, n-1))
	return p.win.top, min(n, p.win.top+h)
}

func (p *LogPane) none() string {
	switch {
	case p.only.on() && p.Len() > 0 && p.only.words == "":
		return lang.T("logpane.none.problem", "n", Count(p.Len()))
	case p.only.on() && p.Len() > 0:
		return lang.T("logpane.none.filter", "n", Count(p.Len()))
	case p.Following:
		return lang.T("logpane.none.live")
	}
	return lang.T("logpane.none.lines")
}

// header says what is shown, and at the right end what is true of it, the most important first. What finds no room is
// left out from the end.
func (p *LogPane) header(w int) string {
	switch p.typing {
	case toSearch:
		return p.Glyphs.Fit(" "+p.Theme.Key.Render("/")+Clean(p.typed)+"_", w)
	case toFilter:
		return p.Glyphs.Fit(" "+p.Theme.Key.Render(lang.T("logpane.header.typing"))+" "+Clean(p.typed)+"_", w)
	}
	word := lang.T("logpane.header.lines")
	if p.Following {
		word = lang.T("logpane.header.live")
	}
	names := strings.Join(p.names(), ", ")
	left, full := " "+p.Theme.Title.Render(word), Width(" "+word+": "+Clean(names))
	if names != "" {
		left += p.Theme.Dim.Render(": " + Clean(names))
	}
	state := p.state()
	between := " " + p.Glyphs.Dot + " "
	right := strings.Join(state, between)
	for len(state) > 1 && Width(right)+min(full, w/3)+4 > w {
		state = state[:len(state)-1]
		right = strings.Join(state, between)
	}
	if w < Width(right)+12 {
		return p.Glyphs.Fit(" "+right, w)
	}
	return p.Glyphs.Pad(left, w-Width(right)-3) + "  " + p.Theme.Dim.Render(right)
}

// state is what the header says, the most important first.
func (p *LogPane) state() []string {
	var out []string
	if p.Following && p.paused {
		s := lang.T("logpane.state.paused")
		if p.below > 0 {
			s = lang.T("logpane.state.paused_new", "n", Count(p.below))
		}
		out = append(out, s)
	}
	if p.only.problems {
		out = append(out, lang.T("logpane.state.problems"))
	}
	if p.only.words != "" {
		out = append(out, lang.T("logpane.state.only", "words", Clean(p.only.words)))
	}
	switch {
	case p.query != "" && p.miss:
		out = append(out, lang.T("logpane.state.not_found", "words", Clean(p.query)))
	case p.query != "":
		out = append(out, "/"+Clean(p.query))
	case p.miss:
		out = append(out, lang.T("logpane.state.no_problem"))
	}
	if n := len(p.files); n > 1 {
		out = append(out, lang.T("logpane.state.files", "n", Count(n)))
	}
	if n := p.pace.per(time.Now()); n > 0 && p.Following {
		out = append(out, lang.T("logpane.state.pace", "n", Count(n)))
	}
	if n := p.roll.base; n > 0 {
		out = append(out, lang.T("logpane.state.older", "n", Count(n)))
	}
	return out
}

// Told counts the lines for a status line.
func (p *LogPane) Told() string {
	n := p.Len() - p.own
	s := lang.N("logpane.told.clean", n)
	if n == 0 {
		s = lang.T("logpane.told.none")
	} else if p.count > 0 {
		s = lang.N("logpane.told.problem", p.count, "lines", lang.N("logpane.told.lines", n))
	}
	if p.own > 0 {
		s = lang.N("logpane.told.asked", p.own, "told", s)
	}
	return s
}

// line is one row: time, file, shape and meaning, the code at the right end. A line that no signature knows is shown as
// it is, dim. What linecheck itself asked has dots for a file.
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
	if l.Own {
		file = strings.Repeat(p.Glyphs.Dot, 5)
	}
	left := strings.Repeat(" ", margin)
	if stamp > 0 {
		left += p.Glyphs.Pad(at, stamp) + " "
	}
	if name > 0 {
		left += p.Glyphs.Pad(file, name) + " "
	}
	room := max(0, w-1-Width(left)-2)
	if l.Own {
		return p.Glyphs.Fit(p.Theme.Dim.Render(left)+"  "+p.asked(l, room), w)
	}
	text, style := Clean(head(meaning(l), w)), lipgloss.NewStyle()
	glyph := " "
	if l.Status != checks.Unknown {
		glyph = p.Glyph(l.Status)
	}
	if l.Meaning == "" {
		text, style = Clean(head(l.Text, w)), p.Theme.Dim
	}
	right := ""
	if l.Ref != "" && w >= 50 {
		right = p.Theme.Dim.Render(Clean(head(l.Ref, w)))
	}
	return p.Glyphs.Fit(p.Theme.Dim.Render(left)+glyph+" "+p.Glyphs.Ends(style.Render(text), right, room), w)
}

// asked is what linecheck itself asked, and what came of it. Where both do not fit, the question gives way first: the
// foot has it whole.
func (p *LogPane) asked(l checks.Line, w int) string {
	question, answer := Clean(head(lang.Phrase(l.Meaning), w)), Clean(head(lang.Phrase(l.Text), w))
	const answers = 4 // ": √ " around the shape
	if Width(question)+answers+Width(answer) > w {
		question = strings.TrimPrefix(question, "linecheck ")
	}
	question = p.Glyphs.Fit(question, max(w-answers-Width(answer), w/2))
	return p.Glyphs.Fit(p.Theme.Dim.Render(lang.T("logpane.asked", "question", question))+" "+p.Glyph(l.Status)+" "+answer, w)
}

// original is what Enter shows of a line: what it means, where it stands, and the line itself.
func (p *LogPane) original(l checks.Line, w int) []string {
	in := w - margin - 1
	title := Clean(meaning(l))
	if title == "" {
		title = lang.T("logpane.unknown_title")
	}
	where := Clean(l.Path)
	if where == "" {
		where = Clean(l.File)
	}
	if l.Number > 0 {
		where += ":" + strconv.Itoa(l.Number)
	}
	facts := Join(p.words(l, in, true), p.Paragraph(lang.T("panel.label.do"), p.fix(l), in))
	if len(facts) > 0 {
		facts = append(facts, "")
	}
	facts = append(facts, p.Paragraph(lang.T("logpane.label.file"), where, in)...)
	if !l.At.IsZero() {
		facts = append(facts, p.Paragraph(lang.T("logpane.label.time"), l.At.Format(time.DateTime+".000"), in)...)
	}
	facts = append(facts, p.Paragraph(lang.T("logpane.label.code"), Clean(l.Ref), in)...)
	facts = append(facts, p.Paragraph(lang.T("logpane.label.finding"), Clean(string(l.Code)), in)...)
	var raw []string
	for _, s := range Lines(l.Text) {
		raw = append(raw, Break(s, in)...)
	}
	out := []string{" " + p.Glyph(l.Status)}
	for i, t := range Wrap(title, max(1, w-4)) {
		if i == 0 {
			out[0] += " " + p.Theme.Title.Render(t)
		} else {
			out = append(out, "   "+p.Theme.Title.Render(t))
		}
	}
	return append(append(out, ""), Indent(Join(facts, raw), margin)...)
}

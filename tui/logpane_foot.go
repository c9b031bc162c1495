package tui

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks"
)

// foot says below the list what the line under the cursor means, so that nobody has to open it: which line, what it says
// and what its code stands for, and what to do. While the tail runs it is about the newest problem, which stays where it
// is until the next one comes. Its height depends on the window alone.
func (p *LogPane) foot(w, h int) []string {
	n := 3
	switch {
	case h < 9 || w < 30:
		return nil
	case h < 14 && w >= 60:
		n = 2
	case h > 21:
		n = 4
	}
	l, ok := p.selected()
	which := "this"
	if !p.standing() {
		which = "newest"
		l, ok = p.worst, problem(p.worst)
	}
	if !l.At.IsZero() {
		which += "_at"
	}
	which = lang.T("logpane."+which, "at", l.At.Format("15:04:05.000"))
	in := w - margin - 1
	var text []string
	switch {
	case ok:
		text = p.meant(l, in, n, p.standing() && Width(meaning(l))+Width(l.Ref) < w-34)
	case p.Len() > 0 && p.Following:
		which = lang.T("logpane.no_problem")
		text = []string{p.Theme.Dim.Render(p.Glyphs.Fit(lang.T("logpane.told_here", "keys", KeyName(p.Glyphs.UpDown)), in))}
	default:
		return nil
	}
	rule := p.Glyphs.Line + p.Glyphs.Line + " " + which + " "
	rule += strings.Repeat(p.Glyphs.Line, max(0, w-2-Width(rule)))
	out := append([]string{" " + p.Theme.Border.Render(p.Glyphs.Fit(rule, w-2))}, Indent(text, margin)...)
	for len(out) < n+1 {
		out = append(out, "")
	}
	return out
}

// meant is what a line means in at most n lines. What to do keeps a line of its own whatever comes before it. seen: its
// row says the meaning whole.
func (p *LogPane) meant(l checks.Line, w, n int, seen bool) []string {
	words, do := p.words(l, w, seen), p.Paragraph(lang.T("panel.label.do"), p.fix(l), w)
	if over := len(words) + len(do) - n; over > 0 {
		least := min(len(do), max(1, n-len(words)))
		do = p.cut(do, least, w)
		words = p.cut(words, n-least, w)
	}
	return append(words, do...)
}

// cut keeps the first lines of a text and shows that there is more.
func (p *LogPane) cut(lines []string, n, w int) []string {
	if n >= len(lines) || n <= 0 {
		return lines[:max(0, min(n, len(lines)))]
	}
	out := append([]string(nil), lines[:n]...)
	last := fit(out[n-1], w-2, "")
	if i := strings.LastIndexByte(last, ' '); last != out[n-1] && i > 0 {
		last = last[:i] // a word is left out, not cut
	}
	out[n-1] = strings.TrimRight(last, " ") + " " + p.Glyphs.Cut
	return out
}

// words is what a line says, and what its numbers stand for; these alone where there are some and the rest was seen.
func (p *LogPane) words(l checks.Line, w int, seen bool) []string {
	switch {
	case l.Own:
		asked, answer := Clean(head(lang.Phrase(l.Meaning), 4*w)), Clean(head(lang.Phrase(l.Text), 4*w))
		return Wrap(lang.T("logpane.own", "asked", asked, "answer", answer), min(w, prose))
	case l.Meaning == "":
		return Wrap(lang.T("logpane.unknown"), min(w, prose))
	}
	text := sentence(Clean(head(meaning(l), 4*w)))
	for i, c := range codesOf(l) {
		if i == 0 && seen {
			text = ""
		}
		said := lang.T("logpane.code", "code", c.Table+" "+c.Number, "meaning", c.Meaning)
		if lang.Has("logpane.hop." + c.Hop) {
			said = lang.T("logpane.code_hop", "code", c.Table+" "+c.Number, "hop", lang.T("logpane.hop."+c.Hop), "meaning", c.Meaning)
		}
		text = both(text, said, " ")
	}
	return Wrap(text, min(w, prose))
}

// codesOf are the numbers in a line that a table explains.
func codesOf(l checks.Line) (out []assets.Code) {
	for ref := range strings.SplitSeq(head(l.Ref, 40), ", ") {
		if codes := assets.Explain(ref); len(codes) > 0 {
			out = append(out, codes[0])
		}
	}
	return out
}

// fix is what to do about a line: its own advice, else that of its finding or its code.
func (p *LogPane) fix(l checks.Line) string {
	if l.Own || l.Meaning == "" || l.Status == checks.Pass {
		return ""
	}
	fix := lang.Phrase(l.Fix)
	if fix == "" && p.Fix != nil {
		fix = p.Fix(l)
	}
	for _, c := range codesOf(l) {
		if fix == "" {
			fix = c.Do
		}
	}
	return Clean(fix)
}

// meaning is what a line says in the language that is spoken. Lines keep the English, so that a record can be read anywhere.
func meaning(l checks.Line) string { return lang.Phrase(l.Meaning) }

// sentence begins with a capital and ends with a full stop.
func sentence(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return ""
	}
	s = string(unicode.ToUpper(r)) + s[n:]
	if strings.HasSuffix(s, ".") || strings.HasSuffix(s, "?") || strings.HasSuffix(s, "。") {
		return s
	}
	return s + "."
}

package tui

import (
	"strconv"
	"time"

	"linecheck/assets/lang"
	"linecheck/checks"
)

// raw is what a second Enter shows of a line: every member, nothing left out and nothing said in other words.
func (p *LogPane) raw(l checks.Line, w int) []string {
	in := w - margin - 1
	var out []string
	add := func(name, value string) {
		if value != "" {
			out = append(out, p.Paragraph(name, Clean(value), in)...)
		}
	}
	add("file", l.File)
	add("path", l.Path)
	if l.Number > 0 {
		add("line", strconv.Itoa(l.Number))
	}
	if !l.At.IsZero() {
		add("at", l.At.Format(time.RFC3339Nano))
	}
	add("status", l.Status.String())
	add("code", string(l.Code))
	add("ref", l.Ref)
	add("meaning", l.Meaning)
	add("fix", l.Fix)
	var text []string
	for _, s := range Lines(l.Text) {
		text = append(text, Break(s, in)...)
	}
	return append([]string{" " + p.Theme.Title.Render(lang.T("panel.raw")), ""}, Indent(Join(out, text), margin)...)
}

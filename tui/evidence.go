package tui

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"linecheck/assets/lang"
	"linecheck/checks"
)

// prose is the longest line that is pleasant to read; wider windows keep air at the right.
const prose = 92

// labels is the width of the column of labels beside a paragraph.
const labels = 12

// Paragraph wraps cleaned text behind a dim label, the following lines hanging below the first.
func (k Kit) Paragraph(label, text string, w int) []string {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	if w < labels+24 {
		return append([]string{k.Theme.Dim.Render(k.Glyphs.Fit(label, w))}, Indent(Wrap(text, w-1), 1)...)
	}
	var out []string
	for i, l := range Wrap(text, min(w, prose)-labels) {
		head := ""
		if i == 0 {
			head = label
		}
		out = append(out, k.Theme.Dim.Render(k.Glyphs.Pad(head, labels))+l)
	}
	return out
}

// Headline is the first line about a finding: shape, title and subject, and its code at the right end.
func (k Kit) Headline(id checks.ID, f checks.Finding, w int) string {
	t := checks.TextOf(id, f)
	left := k.Glyph(f.Status) + " " + k.Theme.Title.Render(Clean(t.Title))
	if s := Clean(lang.Phrase(f.Subject)); s != "" && s != Clean(t.Title) {
		left += "  " + s
	}
	right := ""
	if c := string(f.Code); c != t.Title {
		right = k.Theme.Dim.Render(Clean(c))
	}
	return k.Glyphs.Ends(left, right, w)
}

// Explain says in sentences what one finding means: what was seen and what to do.
func (k Kit) Explain(id checks.ID, f checks.Finding, w int) []string {
	t := checks.TextOf(id, f)
	w = min(w, prose)
	out := Wrap(Clean(head(t.Text, 12*w)), w)
	if t.Fix != "" && f.Status != checks.Pass {
		out = append(out, k.Paragraph(lang.T("panel.label.do"), Clean(t.Fix), w)...)
	}
	return out
}

// Seen names the first evidence in one or two dim lines, so that the sentence above can be trusted at a glance.
func (k Kit) Seen(f checks.Finding, w int) []string {
	if len(f.Evidence) == 0 {
		return nil
	}
	e := f.Evidence[0]
	text := Clean(head(lang.Phrase(e.Source), 2*w))
	if e.Line > 0 {
		text += ":" + strconv.Itoa(e.Line)
	}
	if e.Text != "" {
		text += " " + k.Glyphs.Dot + " " + Clean(head(e.Text, 3*w))
	}
	text = lang.T("panel.seen", "what", text)
	lines := Wrap(text, min(w, prose))
	if len(lines) > 2 {
		end := strings.TrimRight(fit(lines[1], min(w, prose)-1, ""), " "+k.Glyphs.Cut)
		lines = append(lines[:1], end+k.Glyphs.Cut)
	}
	for i := range lines {
		lines[i] = k.Theme.Dim.Render(lines[i])
	}
	return lines
}

// Evidence is what Enter shows of a finding: the sentence, what to do, its values, and everything that was seen.
func (k Kit) Evidence(id checks.ID, f checks.Finding, w int) []string {
	t := checks.TextOf(id, f)
	in := w - margin - 1
	facts := k.Paragraph(lang.T("panel.label.by"), Clean(lang.Phrase(f.View)), in)
	facts = append(facts, k.Paragraph(lang.T("panel.label.when"), Moment(f.At), in)...)
	facts = append(facts, k.Paragraph(lang.T("panel.label.took"), Took(f.Took), in)...)
	if f.Mark.Hint() {
		facts = append(facts, k.Paragraph(lang.T("panel.label.hint"), lang.T("panel.hint."+string(f.Mark)), in)...)
	}
	if f.Path != nil {
		facts = append(facts, k.Stages(*f.Path, in)...)
	}
	body := Join(
		Wrap(Clean(t.Text), min(in, prose)),
		k.Paragraph(lang.T("panel.label.do"), Clean(t.Fix), in),
		k.Paragraph(lang.T("panel.label.say"), quoted(Clean(t.Say)), in),
		k.Comparison(f, in),
		facts,
		k.sources(f, in),
	)
	return append([]string{" " + k.Headline(id, f, w-2), ""}, Indent(body, margin)...)
}

func both(a, b, between string) string {
	switch {
	case a == "":
		return b
	case b == "":
		return a
	}
	return a + between + b
}

func quoted(s string) string {
	if s == "" {
		return ""
	}
	return lang.T("panel.quote", "text", s)
}

// sources lists the raw evidence, each with where it stands.
func (k Kit) sources(f checks.Finding, w int) []string {
	var out []string
	for _, e := range f.Evidence {
		where := Clean(lang.Phrase(e.Source))
		if e.Line > 0 {
			where += ":" + strconv.Itoa(e.Line)
		}
		for _, l := range Wrap(where, w) {
			out = append(out, k.Theme.Dim.Render(l))
		}
		for _, raw := range Lines(e.Text) {
			out = append(out, Indent(Break(raw, w-2), 2)...)
		}
	}
	return out
}

// Raw is what a second Enter shows: every member of the finding, nothing left out and nothing said in other words.
func (k Kit) Raw(f checks.Finding, w int) []string {
	in := w - margin - 1
	var out []string
	add := func(name, value string) {
		if value != "" {
			out = append(out, k.Paragraph(name, value, in)...)
		}
	}
	add("code", Clean(string(f.Code)))
	add("status", f.Status.String())
	add("subject", Clean(f.Subject))
	add("view", Clean(f.View))
	if !f.At.IsZero() {
		add("at", f.At.Format(time.RFC3339Nano))
	}
	if f.Took > 0 {
		add("took", f.Took.String())
	}
	add("mark", Clean(string(f.Mark)))
	for _, name := range slices.Sorted(maps.Keys(f.Args)) {
		add(Clean(name), Clean(f.Args[name]))
	}
	if p := f.Path; p != nil {
		add("target", Clean(p.Target))
		add("url", Clean(p.URL))
		add("route", Clean(p.Route))
		add("address", Clean(both(p.Family, p.Address, " ")))
		for _, s := range p.Stages {
			add(string(s.Name), Clean(both(both(s.Status.String(), s.Took.String(), " "), both(both(string(s.Failure), s.Error, " "), s.Note, " "), " ")))
		}
	}
	head := k.Theme.Title.Render(lang.T("panel.raw"))
	return append([]string{" " + head, ""}, Indent(Join(out, k.Comparison(f, in), k.sources(f, in)), margin)...)
}

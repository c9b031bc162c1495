package tui

import (
	"maps"
	"slices"
	"strings"

	"linecheck/checks"
)

// only is the filter of a log pane; the zero value lets everything pass.
type only struct {
	problems bool
	words    string // each of them must stand in the line, its meaning, its code or its file's name
}

func (o only) on() bool { return o.problems || o.words != "" }

// passes reports whether a line is shown. What linecheck itself asked stays beside the problems: that is what it is for.
func (o only) passes(l checks.Line) bool {
	if o.problems && !l.Own && !problem(l) {
		return false
	}
	for w := range strings.FieldsSeq(o.words) {
		if !holds(l, w) {
			return false
		}
	}
	return true
}

// holds reports whether a line has a text, whatever the case. What it means is looked at as it is shown, and as it is recorded.
func holds(l checks.Line, text string) bool {
	for _, s := range [...]string{l.Meaning, l.Ref, l.File, l.Text} {
		if contains(s, text) {
			return true
		}
	}
	told := meaning(l)
	return told != l.Meaning && contains(told, text)
}

// contains is without case, and without a copy of the line where both are ASCII.
func contains(s, text string) bool {
	if !plain(text) {
		return strings.Contains(strings.ToLower(s), strings.ToLower(text))
	}
	if text == "" {
		return true
	}
	low, up := lowUp(text[0])
	for i := 0; i+len(text) <= len(s); i++ {
		if c := s[i]; c != low && c != up {
			continue
		}
		if strings.EqualFold(s[i:i+len(text)], text) {
			return true
		}
	}
	return false
}

func lowUp(c byte) (byte, byte) {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A', c
	}
	if c >= 'a' && c <= 'z' {
		return c, c - 'a' + 'A'
	}
	return c, c
}

// names are the files that lines came from.
func (p *LogPane) names() []string { return slices.Sorted(maps.Keys(p.files)) }

// nextName is the file after the one that is typed, for whoever wants one file alone.
func (p *LogPane) nextName() string {
	names := p.names()
	if len(names) == 0 {
		return p.typed
	}
	return names[(slices.Index(names, p.typed)+1)%len(names)]
}

package tui

import (
	"linecheck/assets/lang"
	"linecheck/checks"
)

// Glyphs are the shapes of the screen. Each of the Unicode set is in the fonts of the classic Windows console and one
// cell wide there; where the code page is East Asian some are two cells wide, so the ASCII set belongs there.
type Glyphs struct {
	OK, Warn, Bad, Unknown, Skip, Note string // the shape of a status
	Here                               string // the row or hop that is looked at
	Wait                               string // something runs
	Ours, Other                        string // the product's way, and another
	Line, Bar, Up, Dot, Cut            string // rule, vertical, marker, separator, end of a cut text
	TL, TR, BL, BR                     string // corners
	UpDown, LeftRight                  string // names of keys
}

// GlyphsFor returns the ASCII or the Unicode set.
func GlyphsFor(ascii bool) Glyphs {
	if ascii {
		return Glyphs{OK: "+", Warn: "!", Bad: "x", Unknown: "?", Skip: "-", Note: "o", Here: ">", Wait: ":", Ours: "*", Other: "o",
			Line: "-", Bar: "|", Up: "^", Dot: "-", Cut: "~", TL: "+", TR: "+", BL: "+", BR: "+",
			UpDown: "Up/Down", LeftRight: "Left/Right"}
	}
	return Glyphs{OK: "√", Warn: "!", Bad: "×", Unknown: "?", Skip: "-", Note: "○", Here: "►", Wait: ":", Ours: "●", Other: "○",
		Line: "─", Bar: "│", Up: "▲", Dot: "·", Cut: "…", TL: "┌", TR: "┐", BL: "└", BR: "┘",
		UpDown: "↑↓", LeftRight: "←→"}
}

// Of is the shape of a status.
func (g Glyphs) Of(s checks.Status) string {
	switch s {
	case checks.Pass:
		return g.OK
	case checks.Warn:
		return g.Warn
	case checks.Fail:
		return g.Bad
	case checks.Skip:
		return g.Skip
	case checks.Note:
		return g.Note
	}
	return g.Unknown
}

// Word is the word that stands beside the shape of a status.
func Word(s checks.Status) string { return lang.T("panel.status." + s.String()) }

// Glyph is the coloured shape of a status.
func (k Kit) Glyph(s checks.Status) string { return k.Theme.Of(s).Render(k.Glyphs.Of(s)) }

// Mark is shape, word and colour of a status: "√ ok".
func (k Kit) Mark(s checks.Status) string {
	return k.Theme.Of(s).Render(k.Glyphs.Of(s) + " " + Word(s))
}

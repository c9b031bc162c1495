package tui

import (
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"

	"linecheck/checks"
)

// Theme is a set of styles named by what they mean. Colour only repeats what a shape and a word already say.
type Theme struct {
	Text     lipgloss.Style // the terminal's own foreground
	Title    lipgloss.Style // names of things, headings
	Question lipgloss.Style // the line that says what a screen answers
	OK       lipgloss.Style // seen to be right
	Warn     lipgloss.Style // slow, or a hint
	Bad      lipgloss.Style // the broken link, and nothing else
	Dim      lipgloss.Style // for the one who needs it: codes, sources, headers
	Key      lipgloss.Style // a key that can be pressed
	Here     lipgloss.Style // what is looked at now
	Selected lipgloss.Style // the one row with a background
	Border   lipgloss.Style
}

// NewTheme makes the styles for a colour profile. [colorprofile.ANSI] and everything richer give the 16 colours that
// the terminal's owner chose; [colorprofile.ASCII] (NO_COLOR, --color none) gives bold, dim and reverse only;
// [colorprofile.NoTTY] gives plain text.
//
// Red is the bright one: conhost's old dark red on black has a contrast of 1.9 to 1. Yellow is the dark one: the
// bright one cannot be read on white.
func NewTheme(p colorprofile.Profile) Theme {
	s := lipgloss.NewStyle()
	t := Theme{s, s, s, s, s, s, s, s, s, s, s}
	if p <= colorprofile.NoTTY {
		return t
	}
	t.Title, t.Question, t.Key, t.Here = s.Bold(true), s.Bold(true), s.Bold(true), s.Bold(true)
	t.Dim, t.Border = s.Faint(true), s.Faint(true)
	t.Selected = s.Reverse(true)
	t.Bad = s.Bold(true)
	if p >= colorprofile.ANSI {
		t.OK = s.Foreground(lipgloss.Green)
		t.Warn = s.Foreground(lipgloss.Yellow)
		t.Bad = s.Foreground(lipgloss.BrightRed)
	}
	return t
}

// Of is the style of a status.
func (t Theme) Of(s checks.Status) lipgloss.Style {
	switch s {
	case checks.Pass:
		return t.OK
	case checks.Warn:
		return t.Warn
	case checks.Fail:
		return t.Bad
	case checks.Unknown:
		return t.Text
	}
	return t.Dim
}

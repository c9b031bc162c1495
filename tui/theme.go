package tui

import (
	"image/color"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"

	"linecheck/checks"
)

// Theme is a set of styles that may be exchanged while panels hold it: a terminal tells its background only after the first
// screen stands.
type Theme struct{ *Styles }

// Styles are named by what they mean. Colour only repeats what a shape and a word already say. None is faint: terminals make
// of that what they like, down to a contrast of 2 to 1.
type Styles struct {
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

// Scheme is what a person wants of the colours.
type Scheme string

// The schemes. Auto goes by the terminal's background, and where that is not known takes what can be read on both.
const (
	Auto     Scheme = "auto"
	Dark     Scheme = "dark"
	Light    Scheme = "light"
	Contrast Scheme = "contrast" // at least 7 to 1, else no colour at all
)

// Look is what is known of a terminal's colours.
type Look struct {
	Profile    colorprofile.Profile
	Scheme     Scheme
	Background color.Color      // nil: not known
	Palette    *[16]color.Color // the sixteen colours as this terminal shows them; nil: not known
}

// NewTheme makes the styles for a colour profile on a dark background. [colorprofile.ASCII] (NO_COLOR, --color none) gives
// bold and reverse only; [colorprofile.NoTTY] gives plain text.
func NewTheme(p colorprofile.Profile) Theme { return Look{Profile: p, Scheme: Dark}.Theme() }

// Theme makes the styles for this look. Every colour holds a contrast of 4.5 to 1 (WCAG 2.2, 1.4.3) with the background, or
// is left out.
func (l Look) Theme() Theme {
	s := lipgloss.NewStyle()
	t := Theme{&Styles{s, s, s, s, s, s, s, s, s, s, s}}
	if l.Profile <= colorprofile.NoTTY {
		return t
	}
	t.Title, t.Question, t.Key, t.Here = s.Bold(true), s.Bold(true), s.Bold(true), s.Bold(true)
	t.Selected = s.Reverse(true)
	t.Bad = s.Bold(true)
	if l.Profile < colorprofile.ANSI {
		return t
	}
	for style, role := range map[*lipgloss.Style]role{&t.OK: okay, &t.Warn: warning, &t.Bad: fault, &t.Dim: aside, &t.Border: frame} {
		if c := l.colour(role); c != nil {
			*style = s.Foreground(c)
		}
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

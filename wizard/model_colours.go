package wizard

import (
	"slices"
	"strings"

	"github.com/charmbracelet/colorprofile"

	"linecheck/tui"
)

// look is how colours are chosen: by what a person wants, then by what the terminal can.
func (o Options) look(environ []string) tui.Look {
	l := tui.Look{Profile: profileOf(o.Color, environ), Scheme: tui.Scheme(o.Theme), Background: o.Console.Background, Palette: o.Console.Palette}
	if l.Scheme == "" || l.Scheme == tui.Auto {
		l.Scheme = tui.Auto
		if o.Console.HighContrast {
			l.Scheme = tui.Contrast
		}
	}
	return l
}

// profileOf is how many colours are used. NO_COLOR counts with any value (no-color.org); bold and reverse stay. The
// terminals of glass and those of monochrome have none either.
func profileOf(color string, environ []string) colorprofile.Profile {
	env := lookIn(environ)
	term := env("TERM")
	if color == "none" || env("NO_COLOR") != "" || strings.HasPrefix(term, "vt1") || strings.HasPrefix(term, "vt2") || strings.HasSuffix(term, "-m") || strings.HasSuffix(term, "-mono") {
		return colorprofile.ASCII
	}
	if color == "16" {
		return colorprofile.ANSI
	}
	environ = slices.DeleteFunc(slices.Clone(environ), func(e string) bool { return strings.HasPrefix(e, "NO_COLOR=") })
	if p := colorprofile.Env(environ); p > colorprofile.ANSI {
		return p
	}
	if strings.HasPrefix(env("TMUX"), "/") {
		return colorprofile.ANSI256
	}
	return colorprofile.ANSI
}

// lookIn returns what looks up a variable.
func lookIn(environ []string) func(string) string {
	return func(name string) string {
		for _, e := range slices.Backward(environ) {
			if v, ok := strings.CutPrefix(e, name+"="); ok {
				return v
			}
		}
		return ""
	}
}

// frames is the environment that the screen library goes by when it decides whether to ask for synchronized output (mode
// 2026), in which a terminal shows a frame only when it is whole. Over SSH it asks only a few that name themselves, since
// some print the question; tmux, foot and contour take it too, and there it helps most.
func frames(environ []string) []string {
	term := lookIn(environ)("TERM")
	for _, known := range [...]string{"tmux", "foot", "contour"} {
		if strings.HasPrefix(term, known) {
			return slices.DeleteFunc(slices.Clone(environ), func(e string) bool { return strings.HasPrefix(e, "SSH_TTY=") })
		}
	}
	return environ
}

// tellsBackground says whether the terminal is asked for its background (OSC 11). Nobody waits for the answer: it is taken
// when it comes. The console of Linux is not asked, and is black.
func tellsBackground(o Options, environ []string) bool {
	term := lookIn(environ)("TERM")
	return profileOf(o.Color, environ) > colorprofile.ASCII && (o.Theme == "" || o.Theme == string(tui.Auto)) && term != "linux" && !strings.HasPrefix(term, "screen")
}

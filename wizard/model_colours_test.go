package wizard

import (
	"image/color"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"linecheck/checks/host"
	"linecheck/tui"
)

func TestHowManyColoursAreUsed(t *testing.T) {
	for name, c := range map[string]struct {
		color, env string
		want       colorprofile.Profile
	}{
		"PuTTY":                          {"auto", "TERM=xterm", colorprofile.ANSI},
		"xterm and most others over ssh": {"auto", "TERM=xterm-256color", colorprofile.ANSI256},
		"a terminal that says it":        {"auto", "TERM=xterm-256color COLORTERM=truecolor", colorprofile.TrueColor},
		"Windows Terminal":               {"auto", "TERM=xterm-256color WT_SESSION=1", colorprofile.TrueColor},
		"tmux":                           {"auto", "TERM=tmux-256color TMUX=/tmp/x,1,0", colorprofile.ANSI256},
		"tmux that calls itself screen":  {"auto", "TERM=screen TMUX=/tmp/x,1,0 COLORTERM=truecolor", colorprofile.ANSI256},
		"the console of Linux":           {"auto", "TERM=linux", colorprofile.ANSI},
		"a terminal of glass":            {"auto", "TERM=vt220", colorprofile.ASCII},
		"monochrome":                     {"auto", "TERM=xterm-mono", colorprofile.ASCII},
		"NO_COLOR with 1":                {"auto", "TERM=xterm-256color COLORTERM=truecolor NO_COLOR=1", colorprofile.ASCII},
		"NO_COLOR with any word":         {"auto", "TERM=xterm-256color NO_COLOR=please", colorprofile.ASCII},
		"NO_COLOR with 0":                {"16", "TERM=xterm-256color NO_COLOR=0", colorprofile.ASCII},
		"NO_COLOR that is empty":         {"auto", "TERM=xterm-256color NO_COLOR=", colorprofile.ANSI256},
		"16 asked for":                   {"16", "TERM=xterm-256color COLORTERM=truecolor", colorprofile.ANSI},
		"none asked for":                 {"none", "TERM=xterm-256color", colorprofile.ASCII},
	} {
		if got := profileOf(c.color, strings.Fields(c.env)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestTheDesktopsHighContrastIsKept(t *testing.T) {
	env := []string{"TERM=xterm-256color"}
	if l := (Options{Console: host.Console{HighContrast: true}}).look(env); l.Scheme != tui.Contrast {
		t.Errorf("%s", l.Scheme)
	}
	if l := (Options{Theme: "light", Console: host.Console{HighContrast: true}}).look(env); l.Scheme != tui.Light {
		t.Errorf("asked for light: %s", l.Scheme)
	}
}

func TestTheTerminalsBackgroundIsAskedForOnlyWhereItHelps(t *testing.T) {
	for name, c := range map[string]struct {
		o    Options
		env  string
		want bool
	}{
		"an ordinary one":      {Options{}, "TERM=xterm-256color", true},
		"a theme was chosen":   {Options{Theme: "dark"}, "TERM=xterm-256color", false},
		"no colours":           {Options{Color: "none"}, "TERM=xterm-256color", false},
		"the console of Linux": {Options{}, "TERM=linux", false},
		"GNU screen":           {Options{}, "TERM=screen.xterm", false},
	} {
		if tellsBackground(c.o, strings.Fields(c.env)) != c.want {
			t.Errorf("%s: %v", name, !c.want)
		}
	}
}

func TestAFrameIsShownWholeWhereTheTerminalIsKnownToTakeIt(t *testing.T) {
	for term, kept := range map[string]bool{"xterm-256color": true, "tmux-256color": false, "foot": false} {
		if got := strings.Contains(strings.Join(frames([]string{"TERM=" + term, "SSH_TTY=/dev/pts/0"}), " "), "SSH_TTY"); got != kept {
			t.Errorf("%s: %v", term, got)
		}
	}
}

// TestABackgroundThatIsToldLateChangesTheColoursOfAllPanels: the answer comes when the panels are made already.
func TestABackgroundThatIsToldLateChangesTheColoursOfAllPanels(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newApp(t, 80, 24, "t-provider", "t-needy")
		a.m.term.look = tui.Look{Profile: colorprofile.ANSI, Scheme: tui.Auto}
		a.run(5 * time.Second)
		before := a.out.len()
		a.p.Send(tea.BackgroundColorMsg{Color: color.White})
		a.run(time.Second)
		if n := a.out.len() - before; n == 0 || n > 4096 {
			t.Errorf("the new colours cost %d bytes", n)
		}
		if a.m.kit.Theme.OK.GetForeground() == tui.NewTheme(colorprofile.ANSI).OK.GetForeground() {
			t.Error("bright green on white")
		}
		if s := a.m.screen(); strings.Contains(s, "\x1b[92m") {
			t.Errorf("a panel keeps the colours of a dark background:\n%q", s)
		}
	})
}

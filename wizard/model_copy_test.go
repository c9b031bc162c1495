package wizard

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"linecheck/assets/lang"
	"linecheck/checks/host"
)

func TestWhichWayACopyWentIsTold(t *testing.T) {
	none := fmt.Errorf("a clipboard: %w", host.ErrUnsupported)
	for name, c := range map[string]struct {
		way  host.Clipboard
		err  error
		env  []string
		key  string
		osc  bool
		last string // after the longest wait
	}{
		"a desktop":                       {host.ClipDesktop, nil, nil, "copy.desktop", false, ""},
		"a remote desktop":                {host.ClipRemote, nil, nil, "copy.remote", false, ""},
		"tmux":                            {host.ClipTmux, nil, nil, "copy.tmux", false, ""},
		"another program holds it":        {"", errors.New("held"), nil, "copy.failed", false, ""},
		"a terminal over ssh":             {"", none, []string{"TERM=xterm-256color", "SSH_TTY=/dev/pts/1"}, "copy.sent", true, ""},
		"a terminal that could tell":      {"", none, []string{"TERM=foot", "SSH_TTY=/dev/pts/1"}, "copy.begun", true, "copy.sent"},
		"the console of Linux":            {"", none, []string{"TERM=linux"}, "copy.none", false, ""},
		"GNU screen":                      {"", none, []string{"TERM=screen.xterm"}, "copy.sent", true, ""},
		"tmux whose own way did not work": {"", none, []string{"TERM=tmux-256color", "TMUX=/x,1,0"}, "copy.sent", true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := copies(t, "what was seen, password=hunter2", c.way, c.err, c.env...)
				want := lang.T(c.key, "what", "the ticket", "why", "held")
				if a.m.told != want {
					t.Errorf("told %q, want %q", a.m.told, want)
				}
				if got := strings.Contains(a.out.b.String(), "\x1b]52;"); got != c.osc {
					t.Errorf("sent to the terminal: %v", got)
				}
				a.run(copyWait + time.Second)
				if c.last != "" && a.m.told != lang.T(c.last, "what", "the ticket") {
					t.Errorf("after the wait: %q", a.m.told)
				}
			})
		})
	}
}

// copies starts the screen where the clipboard answers so, and copies a text.
func copies(t *testing.T, text string, way host.Clipboard, err error, env ...string) *app {
	t.Helper()
	o := optionsOf(t, "t-provider")
	o.Clipboard = func(_ context.Context, text string) (host.Clipboard, error) {
		if strings.Contains(text, "hunter2") {
			t.Error("a password goes onto the clipboard")
		}
		return way, err
	}
	a := launch(t, 80, 24, o)
	a.run(5 * time.Second)
	a.m.term.env = lookIn(env)
	cmd := a.m.copyText(text, "the ticket")
	a.p.Send(cmd())
	a.run(100 * time.Millisecond)
	return a
}

func TestATerminalThatGivesTheTextBackIsBelieved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := copies(t, "one\ntwo\n", "", host.ErrUnsupported, "TERM=foot")
		a.p.Send(tea.ClipboardMsg{Content: "one\ntwo", Selection: 'c'})
		a.run(5 * time.Second)
		if want := lang.T("copy.back", "what", "the ticket"); a.m.told != want {
			t.Errorf("told %q, want %q", a.m.told, want)
		}
		a.p.Send(a.m.copyText("three", "the ticket")())
		a.run(100 * time.Millisecond)
		a.p.Send(tea.ClipboardMsg{Content: "what was there before", Selection: 'c'})
		a.run(100 * time.Millisecond)
		if want := lang.T("copy.other", "what", "the ticket"); a.m.told != want {
			t.Errorf("told %q, want %q", a.m.told, want)
		}
		if strings.Contains(a.out.b.String(), "what was there before") {
			t.Error("a clipboard that is not ours is shown")
		}
	})
}

func TestATextThatNoTerminalTakesIsNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := launch(t, 80, 24, optionsOf(t, "t-provider"))
		a.run(5 * time.Second)
		if a.m.copyText(strings.Repeat("x", copyMost+1), "it") != nil || a.m.told != lang.T("copy.large", "what", "it") {
			t.Errorf("told %q", a.m.told)
		}
	})
}

func TestWhatIsToldOfACopyFitsIntoALine(t *testing.T) {
	defer func() { _ = lang.Use(lang.English) }()
	for _, l := range lang.Known() {
		if err := lang.Use(l); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"begun", "desktop", "remote", "tmux", "sent", "back", "other", "none", "large"} {
			for _, what := range []string{"ticket", "step", "verdict", "evidence"} {
				if s := lang.T("copy."+key, "what", lang.T("screen.copy."+what)); ansi.StringWidth(s) > 78 {
					t.Errorf("%s: %d cells: %s", l, ansi.StringWidth(s), s)
				}
			}
		}
	}
}

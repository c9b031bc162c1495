package wizard

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
	_ "linecheck/checks/logs"
	"linecheck/tui"
)

// asking is the program at its start screen, where look reads what a person names.
func asking(t *testing.T, look Look) *app {
	t.Helper()
	o := optionsOf(t)
	o.Ask, o.Look = true, look
	a := launch(t, 80, 24, o)
	a.run(time.Second)
	a.press(tea.Key{Code: tea.KeyEnd}, tea.Key{Code: tea.KeyUp}, tea.Key{Code: tea.KeyEnter})
	a.shows("Which log, folder or support bundle")
	return a
}

func (a *app) types(text string) {
	for _, r := range text {
		a.p.Send(tea.KeyPressMsg(char(r)))
	}
	a.run(100 * time.Millisecond)
}

func article(asOf time.Time) Looked {
	p := &assets.Profile{Name: "withsecure", Title: "WithSecure Elements Agent", Vendor: "WithSecure"}
	return Looked{Paths: []string{`C:\in\support bundle.zip`}, AsOf: asOf, Files: 3, Known: true, Profiles: []*assets.Profile{p},
		Results: []checks.Result{{Findings: []checks.Finding{
			{Code: "logs.timeout", Status: checks.Warn, Args: map[string]string{"count": "12", "meaning": "no answer in 1006 ms", "often": "12 times", "state": "still so"}},
			{Code: "logs.as_of", Status: checks.Note, At: asOf, Args: map[string]string{"time": "2021-11-12 17:43:02", "files": "3", "lines": "100"}}}}}}
}

func TestABundleIsReadFromTheStartScreen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked []string
		a := asking(t, func(_ context.Context, paths []string, tell func(checks.Progress)) (Looked, error) {
			asked = paths
			tell(checks.Progress{Waiting: "120 MB read"})
			time.Sleep(2 * time.Second)
			return article(time.Date(2021, 11, 12, 17, 43, 2, 0, time.UTC)), nil
		})
		a.types(`"C:\in\support bunq`)
		a.press(tea.Key{Code: tea.KeyBackspace})
		a.p.Send(tea.PasteMsg{Content: "dle.zip\"\r\n"})
		a.press(tea.Key{Code: tea.KeyEnter})
		a.run(time.Second)
		a.shows("support bundle.zip: 120 MB read")
		a.run(2 * time.Second)
		if len(asked) != 1 || asked[0] != `C:\in\support bundle.zip` {
			t.Errorf("read %q", asked)
		}
		a.shows("support bundle.zip as of 2021-11-12 17:43")
		a.shows("The product gets no answer in time")
		if s := a.m.screen(); strings.Contains(s, "follow") || strings.Contains(s, "again") {
			t.Errorf("what was read from a file cannot be followed and not be run again:\n%s", s)
		}
		before := a.m.session
		a.press(char('r'), char('R'), char('F'), char('f'), char('x'))
		if a.m.session.Run(Key{"logs", "withsecure"}).State != Done || len(a.m.session.Steps) != len(before.Steps) {
			t.Error("a key changed what was read")
		}
		wrote := a.out.len()
		a.run(time.Hour)
		if n := a.out.len() - wrote; n != 0 {
			t.Errorf("%d bytes in an hour in which nothing happened", n)
		}
		a.press(char('v'))
		if a.m.session.At != 1 {
			t.Errorf("v leads to step %d", a.m.session.At)
		}
	})
}

func TestAPathThatLeadsToNothingSaysWhy(t *testing.T) {
	for title, c := range map[string]struct {
		path   string
		looked Looked
		err    error
		want   string
	}{
		"no such file":      {"/x/y.zip", Looked{Problems: []error{&fs.PathError{Op: "open", Path: "/x/y.zip", Err: fs.ErrNotExist}}}, nil, "There is no such file or folder."},
		"a tilde":           {"~/y.zip", Looked{Problems: []error{&fs.PathError{Op: "open", Path: "~/y.zip", Err: fs.ErrNotExist}}}, nil, "does not fill in ~"},
		"a variable":        {`%TEMP%\y.zip`, Looked{Problems: []error{fs.ErrNotExist}}, nil, "does not fill in ~ or %NAMES%"},
		"no rights":         {"/root/y", Looked{Problems: []error{&fs.PathError{Op: "open", Path: "/root/y", Err: fs.ErrPermission}}}, nil, "It may not be read"},
		"no log":            {"/x/y.png", Looked{}, nil, "Nothing in it is a log"},
		"a look that broke": {"/x", Looked{}, errors.New("disk\x1b[2J broke"), "disk?[2J broke"},
		"nothing typed":     {"", Looked{}, nil, "Type or paste the path"},
	} {
		t.Run(title, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := asking(t, func(context.Context, []string, func(checks.Progress)) (Looked, error) { return c.looked, c.err })
				a.types(c.path)
				a.press(tea.Key{Code: tea.KeyEnter})
				a.shows(c.want)
				a.press(char('z')) // the next letter takes the sentence away
				if s := a.m.screen(); strings.Contains(s, c.want) {
					t.Errorf("it still says so:\n%s", s)
				}
				a.press(tea.Key{Code: tea.KeyEscape})
				a.shows("How do you work?")
			})
		})
	}
}

func TestEscEndsAReadingAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ended := 0
		a := asking(t, func(ctx context.Context, _ []string, _ func(checks.Progress)) (Looked, error) {
			<-ctx.Done()
			time.Sleep(10 * time.Second) // a disk that is slow to give up
			ended++
			return article(time.Time{}), nil
		})
		a.types("big.zip")
		a.press(tea.Key{Code: tea.KeyEnter})
		a.press(char('x'), tea.Key{Code: tea.KeyEscape})
		a.shows("Left before it was read to its end.")
		a.shows("big.zip_")
		a.press(tea.Key{Code: tea.KeyEnter})
		a.run(15 * time.Second)
		a.shows("reading big.zip")
		if ended != 1 || a.m.start == nil {
			t.Errorf("%d readings ended; what was left came to the screen", ended)
		}
		a.press(tea.Key{Code: tea.KeyEscape}, tea.Key{Code: tea.KeyEscape})
		a.shows("How do you work?")
		a.run(15 * time.Second)
	})
}

func TestThePathPageFits(t *testing.T) {
	m := &Model{kit: tui.Kit{Theme: tui.NewTheme(colorprofile.ANSI), Glyphs: tui.GlyphsFor(false)},
		opts: Options{Place: Place{Machine: host.Machine{}}}, start: newStart(Options{Look: func(context.Context, []string, func(checks.Progress)) (Looked, error) { return Looked{}, nil }})}
	m.start.found(nil)
	d := &pathPage{m: m, text: strings.Repeat("漢\x1b[2J", 500)}
	for _, page := range []dialog{nil, d, &pathPage{m: m, err: strings.Repeat("why ", 200)}, &pathPage{m: m, stop: func() {}, shown: checks.Progress{Waiting: d.text}}} {
		for w := 0; w <= 200; w += 3 {
			for _, h := range []int{0, 1, 2, 5, 8, 12, 24, 60, 200} {
				m.w, m.h, m.dialog = w, h, page
				lines := strings.Split(m.screen(), "\n")
				if len(lines) > max(h, 1) {
					t.Fatalf("%dx%d: %d lines", w, h, len(lines))
				}
				for _, l := range lines {
					if tui.Width(l) > w {
						t.Fatalf("%dx%d: a line of %d cells: %q", w, h, tui.Width(l), l)
					}
				}
			}
		}
	}
}

package tuitest_test

import (
	"bytes"
	"context"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"linecheck/assets"
	"linecheck/checks"
	_ "linecheck/checks/all"
	"linecheck/checks/host"
	"linecheck/checks/lab"
	"linecheck/tui"
	"linecheck/wizard"
)

// The budgets of a line of 256 kbit/s.
const (
	keyMost     = 4096 // bytes for one key, and for the first frame
	runningMost = 1500 // bytes a second while checks run
)

// recording plays a scene on the practice network once, in real time, and keeps what happened: virtual time knows no sockets.
func recording(t *testing.T, name string) (wizard.Options, wizard.Record) {
	t.Helper()
	scene, err := lab.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	profiles, err := scene.Load()
	if err != nil {
		t.Fatal(err)
	}
	l, err := lab.Start(scene, profiles)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	rules, err := assets.LoadRules()
	if err != nil {
		t.Fatal(err)
	}
	o := wizard.Options{Profiles: profiles, Checks: checks.All(), Role: wizard.Self, Rules: rules, Redact: wizard.RedactStandard, Record: true,
		Place: wizard.Place{Machine: l.Machine(), Hands: l.Hands(), Roots: l.Roots(), Practice: scene.Name, Close: func() {}}}
	r := wizard.NewRunner(t.Context(), o.Env(), o.Place.Hands)
	defer r.Close()
	s := wizard.Play(t.Context(), o.New(o.Profiles, o.Role, time.Now()), r, nil)
	var b bytes.Buffer
	if err := o.WriteRecord(&b, s, "id"); err != nil {
		t.Fatal(err)
	}
	rec, err := wizard.ReadRecord(&b, "a record")
	if err != nil {
		t.Fatal(err)
	}
	return o, rec
}

// counted is where the program's bytes go.
type counted struct {
	mu sync.Mutex
	n  int
}

func (c *counted) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n += len(p)
	return len(p), nil
}

func (c *counted) len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}

// app is the whole screen walking a record in virtual time.
type app struct {
	p    *tea.Program
	out  counted
	done chan error
}

func launch(t *testing.T, o wizard.Options, rec wizard.Record, w, h int, role wizard.Role, p colorprofile.Profile) *app {
	t.Helper()
	o.Replay, o.Role, o.Record = &rec, role, false
	o.Clipboard = func(context.Context, string) (host.Clipboard, error) { return host.ClipDesktop, nil }
	ctx, cancel := context.WithCancel(context.Background())
	a := &app{done: make(chan error, 1)}
	m := wizard.NewModel(ctx, o, tui.Kit{Theme: tui.Look{Profile: p, Scheme: tui.Auto}.Theme(), Glyphs: tui.GlyphsFor(false)})
	a.p = tea.NewProgram(m, tea.WithContext(ctx), tea.WithInput(nil), tea.WithOutput(&a.out), tea.WithWindowSize(w, h), tea.WithColorProfile(p),
		tea.WithEnvironment([]string{"TERM=xterm-256color"}), tea.WithoutSignalHandler(), tea.WithFPS(40))
	go func() {
		_, err := a.p.Run()
		a.done <- err
	}()
	t.Cleanup(func() {
		a.p.Quit()
		<-a.done
		cancel()
		time.Sleep(time.Minute) // what still waited; virtual time ends with the test
	})
	return a
}

func (a *app) run(d time.Duration) {
	a.p.Send(nil) // what was read was read before what the program now writes
	time.Sleep(d)
	synctest.Wait()
}

func (a *app) press(keys ...tea.Key) {
	for _, k := range keys {
		a.p.Send(tea.KeyPressMsg(k))
	}
	a.run(100 * time.Millisecond)
}

// to goes to a step from wherever a key led.
func (a *app) to(step int) {
	keys := []tea.Key{{Code: tea.KeyEscape}, {Code: tea.KeyEscape}, {Code: tea.KeyEscape}, {Code: tea.KeyEscape}, char('v')}
	for range len(checks.All()) - step {
		keys = append(keys, tea.Key{Code: tea.KeyLeft})
	}
	a.press(keys...)
	a.run(2 * time.Second) // what a dialog that opens by itself ignores, and what was told for a while
}

func char(r rune) tea.Key { return tea.Key{Code: r, Text: string(r)} }

// keysOfAll are the keys that a person may press on any page. q and Ctrl+C leave.
func keysOfAll() (out []tea.Key) {
	for r := '!'; r <= '~'; r++ {
		if r != 'q' {
			out = append(out, char(r))
		}
	}
	for _, c := range []rune{tea.KeyUp, tea.KeyDown, tea.KeyLeft, tea.KeyRight, tea.KeyHome, tea.KeyEnd, tea.KeyPgUp, tea.KeyPgDown, tea.KeyTab, tea.KeySpace,
		tea.KeyBackspace, tea.KeyEnter, tea.KeyEnter, tea.KeyEnter, tea.KeyPgDown, tea.KeyEscape, tea.KeyEscape, tea.KeyEscape} {
		out = append(out, tea.Key{Code: c})
	}
	for _, r := range "dufb" {
		out = append(out, tea.Key{Code: r, Mod: tea.ModCtrl})
	}
	return out
}

// TestEveryKeyOnEveryPageStaysWithinItsBytes presses all keys on all steps and the verdict, in each role, and again with a
// dialog open; then an hour passes in which nothing may be written.
func TestEveryKeyOnEveryPageStaysWithinItsBytes(t *testing.T) {
	t.Chdir(t.TempDir()) // s saves
	o, rec := recording(t, "proxy.unresolvable")
	for _, role := range []wizard.Role{wizard.Helpdesk, wizard.Guided, wizard.Self} {
		for _, size := range [][2]int{{80, 24}, {120, 40}} {
			synctest.Test(t, func(t *testing.T) {
				a := launch(t, o, rec, size[0], size[1], role, colorprofile.ANSI256)
				a.run(5 * time.Minute)
				dearest, which, pressed := 0, "", 0
				for at := range len(checks.All()) + 1 {
					for _, first := range []tea.Key{{}, char('t'), char('?')} {
						if first.Code != 0 && (at%3 != 0 || size[0] > 80) {
							continue // the dialogs are the same everywhere
						}
						a.to(at)
						if first.Code != 0 {
							a.press(first)
						}
						for _, k := range keysOfAll() {
							before := a.out.len()
							a.press(k)
							n := a.out.len() - before
							pressed++
							if n > keyMost {
								t.Errorf("%s, %dx%d, on page %d after %q the key %q costs %d bytes", role, size[0], size[1], at, first, k, n)
							}
							if n > dearest {
								dearest, which = n, k.String()
							}
							if len(a.done) > 0 {
								t.Fatalf("the key %q leaves", k)
							}
						}
					}
				}
				a.run(time.Minute)
				before := a.out.len()
				a.run(time.Hour)
				if n := a.out.len() - before; n != 0 {
					t.Errorf("%s: %d bytes in an hour in which nothing happened", role, n)
				}
				t.Logf("%s, %s, %dx%d: %d keys, the dearest is %s with %d bytes", runtime.GOOS, role, size[0], size[1], pressed, which, dearest)
			})
		}
	}
}

// TestARunStaysWithinItsBytes goes from the first frame to the end of all checks, in each role, with each number of colours.
func TestARunStaysWithinItsBytes(t *testing.T) {
	o, rec := recording(t, "every-endpoint-silent")
	for _, role := range []wizard.Role{wizard.Helpdesk, wizard.Guided, wizard.Self} {
		for name, p := range map[string]colorprofile.Profile{"no": colorprofile.ASCII, "16": colorprofile.ANSI, "256": colorprofile.ANSI256, "true": colorprofile.TrueColor} {
			synctest.Test(t, func(t *testing.T) {
				a := launch(t, o, rec, 80, 24, role, p)
				a.run(100 * time.Millisecond)
				first := a.out.len()
				if first == 0 || first > keyMost {
					t.Errorf("%s, %s colours: the first frame has %d bytes", role, name, first)
				}
				for second := range 60 {
					before := a.out.len()
					a.run(time.Second)
					if n := a.out.len() - before; n > keyMost {
						t.Errorf("%s, %s colours: %d bytes in second %d", role, name, n, second)
					}
					if n := a.out.len() - first; n > (second+1)*runningMost+keyMost {
						t.Errorf("%s, %s colours: %d bytes in %d seconds", role, name, n, second+1)
					}
				}
				t.Logf("%s, %s, %s colours: first frame %d bytes, then %d until all has ended", runtime.GOOS, role, name, first, a.out.len()-first)
			})
		}
	}
}

package wizard

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
	"linecheck/tui"
)

// counted is where the program's bytes go.
type counted struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (c *counted) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.b.Write(p)
}

func (c *counted) len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.b.Len()
}

// app is the whole program in virtual time.
type app struct {
	t    *testing.T
	m    *Model
	p    *tea.Program
	out  *counted
	done chan error
}

func newApp(t *testing.T, w, h int, ids ...checks.ID) *app {
	t.Helper()
	return launch(t, w, h, optionsOf(t, ids...))
}

func optionsOf(t *testing.T, ids ...checks.ID) Options {
	t.Helper()
	rules, err := assets.LoadRules()
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Role: Self, Rules: rules, Redact: RedactStandard, Profiles: []*assets.Profile{{Name: "p", Title: "Product"}},
		Place: Place{Close: func() {}, Machine: host.Machine{Identity: host.Identity{Host: "FIN-PC-0231", User: "jane"}}}}
	for _, id := range ids {
		c, _ := checks.Lookup(id)
		o.Checks = append(o.Checks, c)
	}
	return o
}

func launch(t *testing.T, w, h int, o Options) *app {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	a := &app{t: t, out: &counted{}, done: make(chan error, 1),
		m: NewModel(ctx, o, tui.Kit{Theme: tui.NewTheme(colorprofile.ANSI), Glyphs: tui.GlyphsFor(false)})}
	a.p = tea.NewProgram(a.m, tea.WithContext(ctx), tea.WithInput(nil), tea.WithOutput(a.out), tea.WithWindowSize(w, h),
		tea.WithColorProfile(colorprofile.ANSI), tea.WithEnvironment([]string{"TERM=xterm-256color"}), tea.WithoutSignalHandler(), tea.WithFPS(fps))
	go func() {
		_, err := a.p.Run()
		a.done <- err
	}()
	t.Cleanup(func() {
		a.p.Quit()
		<-a.done
		cancel()
		a.m.close()
		time.Sleep(time.Minute) // what the screen still waited for; virtual time ends with the test
	})
	return a
}

// run lets d of virtual time pass.
func (a *app) run(d time.Duration) {
	a.p.Send(nil) // what the test has read was read before what the program now writes
	time.Sleep(d)
	synctest.Wait()
}

func (a *app) press(keys ...tea.Key) {
	for _, k := range keys {
		a.p.Send(tea.KeyPressMsg(k))
	}
	a.run(100 * time.Millisecond)
}

func char(r rune) tea.Key { return tea.Key{Code: r, Text: string(r)} }

func (a *app) shows(text string) {
	a.t.Helper()
	if s := a.m.screen(); !strings.Contains(s, text) {
		a.t.Errorf("the screen does not show %q:\n%s", text, s)
	}
}

func TestASettledScreenWritesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newApp(t, 80, 24, "t-provider", "t-needy")
		a.run(5 * time.Second)
		before := a.out.len()
		if before == 0 {
			t.Fatal("nothing was drawn")
		}
		a.run(time.Hour)
		if n := a.out.len() - before; n != 0 {
			t.Errorf("%d bytes in an hour in which nothing happened", n)
		}
	})
}

func TestARunningScreenStaysWithinItsBytes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newApp(t, 80, 24, "t-chatty")
		a.run(time.Second)
		before := a.out.len()
		a.run(8 * time.Second)
		if perSecond := (a.out.len() - before) / 8; perSecond > 1500 {
			t.Errorf("%d bytes a second while a check runs, want at most 1500", perSecond)
		}
	})
}

func TestAKeyCostsAtMostFourKilobytes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newApp(t, 120, 40, "t-provider", "t-needy")
		a.run(5 * time.Second)
		for _, k := range []tea.Key{{Code: tea.KeyRight}, {Code: tea.KeyLeft}, char('v'), {Code: tea.KeyEnter}, {Code: tea.KeyEscape}, char('?'), {Code: tea.KeyEscape}} {
			before := a.out.len()
			a.press(k)
			if n := a.out.len() - before; n > 4096 {
				t.Errorf("key %v costs %d bytes", k, n)
			}
		}
	})
}

func TestTheVerdictSaysWhatAStepStillWaitsFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newApp(t, 80, 24, "t-provider", "t-needy")
		a.press(char('v'))
		a.shows("it waits for what the step t-provider")
	})
}

func TestQuittingAsksOnlyWhileSomethingRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newApp(t, 80, 24, "t-chatty")
		a.run(time.Second)
		a.press(char('q'))
		a.shows("Checks are still running. Leave now?")
		a.press(char('n'))
		if len(a.done) > 0 {
			t.Fatal("it left although the person said no")
		}
		a.run(30 * time.Second)
		a.press(char('q'))
		if len(a.done) != 1 {
			t.Error("it did not leave although nothing ran")
		}
	})
}

func TestStepsGoForwardBackAndToTheVerdict(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newApp(t, 80, 24, "t-provider", "t-needy")
		a.run(5 * time.Second)
		for _, want := range []int{1, 2, 2} {
			a.press(tea.Key{Code: tea.KeyRight})
			if a.m.session.At != want {
				t.Errorf("at step %d, want %d", a.m.session.At, want)
			}
		}
		a.press(tea.Key{Code: tea.KeyLeft})
		a.press(char('v'))
		if a.m.session.At != 2 {
			t.Errorf("v leads to %d", a.m.session.At)
		}
		a.shows("the product's way out")
	})
}

func TestRerunAndSkip(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newApp(t, 80, 24, "t-chatty", "t-provider")
		a.run(time.Second)
		a.press(char('x'))
		k := Key{"t-chatty", "p"}
		if a.m.session.Run(k).Status() != checks.Skip || a.m.session.At != 1 {
			t.Errorf("skipping leaves %s at step %d", a.m.session.Run(k).Status(), a.m.session.At)
		}
		a.run(15 * time.Second)
		a.press(tea.Key{Code: tea.KeyLeft})
		a.press(char('r'))
		a.run(15 * time.Second)
		if st := a.m.session.Run(k).Status(); st != checks.Pass {
			t.Errorf("run again it is %s", st)
		}
	})
}

func TestNoWindowSizeBreaksTheScreen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newApp(t, 80, 24, "t-provider", "t-needy")
		a.run(5 * time.Second)
		for _, at := range []int{0, 2} {
			for _, d := range []dialog{nil, newHelpPage(a.m), newTicketPage(a.m), &question{kit: a.m.kit, text: "Leave?"}} {
				for w := 0; w <= 250; w += 5 {
					for _, h := range []int{0, 1, 2, 5, 7, 8, 12, 24, 40, 80} {
						a.m.w, a.m.h, a.m.session.At, a.m.dialog = w, h, at, d
						lines := strings.Split(a.m.screen(), "\n")
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
		a.m.w, a.m.h = 80, 24
	})
}

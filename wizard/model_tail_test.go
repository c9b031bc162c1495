package wizard

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"linecheck/checks"
	"linecheck/tui"
)

func init() {
	asks, _ := checks.Lookup("t-asks")
	again := asks.(fake)
	again.spec = spec(asker, time.Minute)
	checks.Register(again)
	quiet := fake{spec("t-quiet", time.Minute), func(ctx context.Context, env checks.Env, emit func(checks.Event)) (checks.Result, error) {
		if env.Follow {
			emit(checks.Line{File: "a.log", Path: "/log/a.log", Number: 1, Text: "the last line"})
			<-ctx.Done()
		}
		return passing()
	}}
	quiet.spec.Follows = true
	checks.Register(quiet)
	for _, id := range []checks.ID{"t-tail", "t-quiet", "t-busy"} { // with the panel of the logs
		tui.Register(id, func(_ checks.Spec, kit tui.Kit) tui.Panel { return tui.PanelFor(checks.Spec{ID: logsCheck}, kit) })
	}
}

func (a *app) plain() string { return ansi.Strip(a.m.screen()) }

func TestATailStaysWithinItsBytes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newApp(t, 80, 24, "t-tail") // twenty lines a second
		a.run(5 * time.Second)
		a.press(char('F'))
		a.run(3 * time.Second)
		for what, want := range map[string]int{"it runs": 15_000, "it is paused": 4_000} {
			if what == "it is paused" {
				a.press(char(' '))
			}
			before := a.out.len()
			a.run(5 * time.Second)
			if n := a.out.len() - before; n == 0 || n > want {
				t.Errorf("while %s five seconds of 20 lines a second write %d bytes, want at most %d", what, n, want)
			}
			if what == "it is paused" {
				a.press(char(' '))
			}
		}
	})
}

func TestAQuietTailWritesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newApp(t, 80, 24, "t-quiet")
		a.run(5 * time.Second)
		a.press(char('F'))
		a.run(time.Second)
		a.shows("a second")
		a.run(10 * time.Second)
		if s := a.plain(); strings.Contains(s, "a second") || !strings.Contains(s, "the last line") {
			t.Errorf("it tells of lines that do not come any more:\n%s", s)
		}
		before := a.out.len()
		a.run(time.Hour)
		if n := a.out.len() - before; n != 0 {
			t.Errorf("%d bytes in an hour in which nothing was written to the logs", n)
		}
	})
}

func TestTheCloudIsAskedFromTheTail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newApp(t, 100, 30, "t-tail", asker)
		a.run(5 * time.Second)
		a.press(char('F'))
		a.run(time.Second)
		a.press(char('t'))
		a.shows("each answer gets a line among the others")
		a.press(char('t'))
		a.shows("linecheck is asking already")
		a.run(time.Second)
		a.press(char('f'))
		a.types("linecheck asked")
		a.press(tea.Key{Code: tea.KeyEnter})
		a.run(time.Second)
		s := a.plain()
		for _, want := range []string{"linecheck asked one.example: √ 182 ms", "linecheck asked two.example: √ 182 ms", "only linecheck asked"} {
			if !strings.Contains(s, want) {
				t.Errorf("no %q in\n%s", want, s)
			}
		}
		if n := strings.Count(s, "·····"); n != 2 {
			t.Errorf("%d markers for two walks:\n%s", n, s)
		}
		tail := &a.m.session.Run(Key{"t-tail", "p"}).Tail
		before := len(tail.Lines)
		a.run(time.Second)
		if now := a.m.session.Run(Key{"t-tail", "p"}).Tail; !now.Running || len(now.Lines) <= before {
			t.Error("the tail ended")
		}
		a.press(tea.Key{Code: tea.KeyEscape})
		a.press(char(' '), char('F'))
		a.run(time.Second)
		if a.m.session.Run(Key{"t-tail", "p"}).Tail.Running {
			t.Error("F does not end it")
		}
	})
}

func TestKeysOfTheTailDoNotLeaveTheStep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newApp(t, 80, 24, "t-tail", "t-provider")
		a.run(5 * time.Second)
		a.press(char('F'))
		a.run(time.Second)
		a.press(char('/'))
		a.types("q line 7")
		a.press(tea.Key{Code: tea.KeyEscape})
		a.press(char('n'), char('p'), char('N'), char('e'), tea.Key{Code: tea.KeyEscape}, tea.Key{Code: tea.KeyEnter}, tea.Key{Code: tea.KeyEscape})
		if a.m.session.At != 0 || len(a.done) > 0 {
			t.Fatalf("at step %d, left %d", a.m.session.At, len(a.done))
		}
		a.press(tea.Key{Code: tea.KeyEscape}) // to the summary
		a.press(char('l'))
		if a.m.session.At != 1 {
			t.Errorf("l on the summary leads to step %d", a.m.session.At)
		}
	})
}

func TestWhatABusyTailLosesIsToldOnTheScreen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newApp(t, 80, 24, "t-busy") // five thousand lines a second
		a.run(5 * time.Second)
		a.press(char('F'))
		before := a.out.len()
		a.run(5 * time.Second)
		if n := a.out.len() - before; n > 40_000 {
			t.Errorf("five seconds write %d bytes", n)
		}
		if s := a.plain(); !strings.Contains(s, "new a second") {
			t.Errorf("how fast it is is not said:\n%s", s)
		}
		s := a.m.session.Apply(EventsSeen{Key: Key{"t-busy", "p"}, Dropped: 1204})
		a.m.session = s
		a.m.show(0)
		a.shows("1,204 lines were too fast to show")
	})
}

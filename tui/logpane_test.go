package tui_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"linecheck/checks"
	"linecheck/tui"
	"linecheck/tui/tuitest"
)

// tail makes n lines; every tenth is a problem.
func tail(from, n int) []checks.Line {
	var out []checks.Line
	for i := from; i < from+n; i++ {
		l := checks.Line{File: "fsscorplug.log", Number: i + 1, At: time.UnixMilli(int64(i) * 40).UTC(), Text: fmt.Sprintf("raw %d", i)}
		if i%10 == 9 {
			l.Meaning, l.Ref, l.Status = fmt.Sprintf("the query got no answer (%d)", i), "curl 28", checks.Fail
		}
		out = append(out, l)
	}
	return out
}

func press(p *tui.LogPane, names ...string) {
	for _, n := range names {
		p.Key(tuitest.Key(n))
	}
}

func keys(text string) (out []string) {
	for _, r := range text {
		if r == ' ' {
			out = append(out, "space")
			continue
		}
		out = append(out, string(r))
	}
	return out
}

func selected(t *testing.T, p *tui.LogPane) string {
	t.Helper()
	for l := range strings.Lines(ansi.Strip(p.View(100, 20))) {
		if strings.HasPrefix(l, " ► ") {
			return l
		}
	}
	return ""
}

func TestNextProblemGoesRoundTheEnd(t *testing.T) {
	p := tui.NewLogPane(tuitest.Kit(false), 100)
	p.Add(tail(0, 35)...)
	for _, want := range []string{"(9)", "(19)", "(29)", "(9)"} {
		press(p, "n")
		if s := selected(t, p); !strings.Contains(s, want) {
			t.Errorf("want %s, selected %q", want, s)
		}
	}
}

func TestSearchFindsTheNewestHitFirstAndTakesLettersThatAreKeysElsewhere(t *testing.T) {
	p := tui.NewLogPane(tuitest.Kit(false), 100)
	p.Add(tail(0, 35)...)
	press(p, "/")
	if !p.Holds(tuitest.Key("q")) || !p.Holds(tuitest.Key("left")) {
		t.Error("the wizard takes keys while a search is typed")
	}
	press(p, "Q", "U", "E", "R", "y", "enter")
	if s := selected(t, p); !strings.Contains(s, "(29)") {
		t.Errorf("selected %q", s)
	}
	press(p, "n")
	if s := selected(t, p); !strings.Contains(s, "(9)") {
		t.Errorf("after n: %q", s)
	}
}

func TestAPausedPaneStandsStillWhileLinesArrive(t *testing.T) {
	p := tui.NewLogPane(tuitest.Kit(false), 1000)
	p.Following = true
	p.Add(tail(0, 200)...)
	press(p, "space", "up")
	before := strings.SplitN(p.View(80, 20), "\n", 2)[1]
	p.Add(tail(200, 100)...)
	if after := strings.SplitN(p.View(80, 20), "\n", 2)[1]; before != after {
		t.Errorf("it moved:\n%s\n%s", before, after)
	}
	press(p, "space")
	if s := p.View(80, 20); !strings.Contains(s, "(299)") {
		t.Errorf("going on does not show the newest line:\n%s", s)
	}
}

func TestARunningTailDoesNotScrollForEveryLine(t *testing.T) {
	p := tui.NewLogPane(tuitest.Kit(false), 50)
	p.Following = true
	jumps, first := 0, ""
	for i := range 200 {
		p.Add(tail(i, 1)...)
		s := p.View(80, 21)
		if !strings.Contains(s, fmt.Sprintf("raw %d", i)) && !strings.Contains(s, fmt.Sprintf("(%d)", i)) {
			t.Fatalf("line %d is not in sight:\n%s", i, s)
		}
		if top := strings.Split(s, "\n")[1]; top != first {
			jumps++
			first = top
		}
	}
	if jumps > 200/8+1 {
		t.Errorf("the page moved %d times for 200 lines in 16 rows", jumps)
	}
}

func TestOnlyProblemsAreShownWhenAskedAndOldOnesFallOut(t *testing.T) {
	p := tui.NewLogPane(tuitest.Kit(false), 100)
	p.Following = true
	p.Add(tail(0, 30)...)
	press(p, "p")
	p.Add(tail(30, 95)...)
	s := ansi.Strip(p.View(80, 20))
	if strings.Contains(s, "raw") || strings.Contains(s, "(19)") || !strings.Contains(s, "(119)") {
		t.Errorf("got\n%s", s)
	}
	if !strings.Contains(s, "25 older left out") {
		t.Errorf("what fell out is not counted:\n%s", s)
	}
}

func TestEnterShowsTheOriginalLine(t *testing.T) {
	p := tui.NewLogPane(tuitest.Kit(false), 100)
	p.Add(checks.Line{File: "a.log", Path: `C:\ProgramData\F-Secure\Log\a.log`, Number: 7, Text: "x\x1b[2Jy", Meaning: "it timed out", Status: checks.Fail})
	press(p, "enter")
	s := ansi.Strip(p.View(80, 20))
	for _, want := range []string{"it timed out", `Log\a.log:7`, "x?[2Jy"} {
		if !strings.Contains(s, want) {
			t.Errorf("no %q in\n%s", want, s)
		}
	}
}

func TestLogPaneFits(t *testing.T) {
	var views []func(w, h int) string
	for _, keys := range [][]string{{}, {"p"}, {"/", "z", "enter"}, {"/", "漢"}, {"enter"}, {"home", "down", "down", "down", "enter"},
		{"f", "x", "enter"}, {"f", "漢", "tab"}, {"home", "down"}, {"home", "down", "down"}} {
		for _, n := range []int{0, 1, 60} {
			p := tui.NewLogPane(tuitest.Kit(false), 40)
			p.Following = n == 60
			p.Lost = n / 2
			for i := range n {
				l := tuitest.Line(i)
				l.Own, l.Fix = i%5 == 4, l.Text
				p.Add(l)
			}
			press(p, keys...)
			views = append(views, p.View)
		}
	}
	tuitest.Fits(t, views...)
}

// One arriving line and one view must cost the same however many lines are kept.
func BenchmarkLogPane(b *testing.B) {
	for _, n := range []int{500, 50_000} {
		for _, filter := range []string{"all", "problems"} {
			b.Run(fmt.Sprintf("%s-of-%d", filter, n), func(b *testing.B) {
				p := tui.NewLogPane(tuitest.Kit(false), n)
				p.Following = true
				p.Add(tail(0, n)...)
				if filter == "problems" {
					press(p, "p")
				}
				one := tail(n, 1)
				b.ReportAllocs()
				for b.Loop() {
					p.Add(one...)
					p.View(80, 20)
				}
			})
		}
	}
}

func TestTheSelectionFollowsWhenItsLineFallsOut(t *testing.T) {
	p := tui.NewLogPane(tuitest.Kit(false), 10)
	p.Following = true
	p.Add(tail(0, 10)...)
	press(p, "home", "enter")
	p.Add(tail(10, 15)...)
	if s := selected(t, p); !strings.Contains(s, "raw 15") {
		t.Errorf("selected %q, the oldest line kept is 15", s)
	}
}

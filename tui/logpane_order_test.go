package tui_test

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"linecheck/checks"
	"linecheck/tui"
	"linecheck/tui/tuitest"
)

// said is one line of a file, ms after a certain moment; less than 0: without a time.
func said(file string, ms int, text string) checks.Line {
	l := checks.Line{File: file, Path: "/var/log/" + file, Text: text, Number: 1}
	if ms >= 0 {
		l.At = time.Date(2026, 11, 22, 17, 43, 0, 0, time.UTC).Add(time.Duration(ms) * time.Millisecond)
	}
	return l
}

func asked(ms int, host string) checks.Line {
	l := said("", ms, "182 ms")
	l.Path, l.Own, l.Meaning, l.Status = "", true, "linecheck asked "+host, checks.Pass
	return l
}

// order is what a pane shows, by the last words of its rows.
func order(p *tui.LogPane) (out []string) {
	for l := range strings.Lines(ansi.Strip(p.View(60, 8))) { // too low for a foot
		if f := strings.Fields(l); len(f) > 0 && f[0] != "Live" && f[0] != "Lines" && f[0] != "Live:" && f[0] != "Lines:" {
			out = append(out, f[len(f)-1])
		}
	}
	return out
}

func TestLinesStandInTheOrderOfTime(t *testing.T) {
	for title, c := range map[string]struct {
		lines []checks.Line
		want  []string
	}{
		"a line that comes after the marker of a later moment": {
			[]checks.Line{said("a", 100, "a1"), asked(900, "h"), said("a", 500, "a2"), said("a", 1200, "a3")},
			[]string{"a1", "a2", "ms", "a3"}},
		"two files that are looked at one after the other": {
			[]checks.Line{said("a", 100, "a1"), said("a", 300, "a2"), said("b", 200, "b1"), said("b", 400, "b2")},
			[]string{"a1", "b1", "a2", "b2"}},
		"a file whose clock goes back keeps its own order": {
			[]checks.Line{said("a", 900, "a1"), said("a", 100, "a2"), said("a", 200, "a3")},
			[]string{"a1", "a2", "a3"}},
		"a line without a time stays behind the one before it": {
			[]checks.Line{said("a", 100, "a1"), said("b", 300, "b1"), said("a", -1, "a2"), said("b", 400, "b2")},
			[]string{"a1", "a2", "b1", "b2"}},
		"a file that has no times stands where it arrived, and holds nobody up": {
			[]checks.Line{said("a", 100, "a1"), said("w", -1, "w1"), said("b", 50, "b1")},
			[]string{"b1", "a1", "w1"}},
		"a file in another zone is not put out of sight": {
			[]checks.Line{said("a", 3_600_000, "a1"), said("b", 100, "b1"), said("a", 3_600_100, "a2"), said("b", 300, "b2")},
			[]string{"a1", "b1", "a2", "b2"}},
		"the same moment": {
			[]checks.Line{said("a", 100, "a1"), said("b", 100, "b1"), said("a", 100, "a2")},
			[]string{"a1", "b1", "a2"}},
	} {
		p := tui.NewLogPane(tuitest.Kit(false), 100)
		p.Following = true
		p.Add(c.lines...)
		if got := order(p); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", title, got, c.want)
		}
	}
}

func TestALateLineIsPutBackABoundedWay(t *testing.T) {
	p := tui.NewLogPane(tuitest.Kit(false), 1000)
	for i := range 500 {
		p.Add(said("a", 1000+i, fmt.Sprintf("a%d", i)))
	}
	p.Add(said("b", 10, "late"))
	press(p, "/", "l", "a", "t", "e", "enter")
	if rows := order(p); !slices.Contains(rows, "a299") || !slices.Contains(rows, "a300") {
		t.Errorf("200 lines back it would stand behind a299: %q", rows)
	}
}

func TestALateLineDisturbsNeitherTheSelectionNorThePage(t *testing.T) {
	for _, filter := range []string{"", "p"} {
		p := tui.NewLogPane(tuitest.Kit(false), 1000)
		p.Following = true
		for i := range 100 {
			l := said("a", 100*i, fmt.Sprintf("a%d", i))
			l.Status, l.Meaning = checks.Fail, l.Text
			p.Add(l)
		}
		if filter != "" {
			press(p, filter)
		}
		press(p, "space", "up", "up")
		before := order(p)
		late := said("b", 9000, "late") // within the page's reach and before it
		late.Status, late.Meaning = checks.Fail, "late"
		p.Add(late)
		if after := order(p); !slices.Equal(before, after) {
			t.Errorf("%q: the page was %q and is %q", filter, before, after)
		}
		if s := selected(t, p); !strings.Contains(s, "a97") {
			t.Errorf("%q: the selection went to %q", filter, s)
		}
		press(p, "space")
		if rows := order(p); rows[len(rows)-1] != "a99" {
			t.Errorf("%q: the newest is not last: %q", filter, rows)
		}
		press(p, "/", "l", "a", "t", "e", "enter")
		if s := selected(t, p); !strings.Contains(s, "late") {
			t.Errorf("%q: the late line cannot be found: %q", filter, s)
		}
	}
}

func TestAFullPaneThatIsPausedStandsStill(t *testing.T) {
	for _, filter := range []string{"", "p"} {
		p := tui.NewLogPane(tuitest.Kit(false), 300)
		p.Following = true
		p.Add(tail(0, 300)...)
		if filter != "" {
			press(p, filter)
		}
		press(p, "space", "up")
		before := order(p)
		p.Add(tail(300, 50)...)
		if after := order(p); !slices.Equal(before, after) {
			t.Errorf("%q: the page was %q and is %q", filter, before, after)
		}
		if s := p.View(100, 20); !strings.Contains(s, "new below") {
			t.Errorf("what came below is not counted:\n%s", s)
		}
	}
}

// A million lines of a kilobyte must cost no more than what a pane may keep.
func TestMemoryStaysFlat(t *testing.T) {
	const n = 1_000_000
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	p := tui.NewLogPane(tuitest.Kit(false), 50_000)
	p.Following = true
	press(p, "p")
	raw := strings.Repeat("x", 1000)
	for i := range n {
		l := said([]string{"a.log", "b.log"}[i%2], i, "")
		l.Text = raw[:900] + raw[:i%100] // a string of its own, as a reader makes it
		if i%3 == 0 {
			l.Status, l.Meaning = checks.Fail, "the query got no answer"
		}
		p.Add(l)
	}
	if kept := p.Len(); kept < 20_000 || kept > 50_000 {
		t.Errorf("%d lines are kept", kept)
	}
	if grew := int64(heap()) - int64(before); grew > 64<<20 {
		t.Errorf("it grew by %d MB", grew>>20)
	}
	if s := p.View(120, 20); !strings.Contains(s, "older left out") {
		t.Errorf("what was dropped is not counted:\n%s", s)
	}
	runtime.KeepAlive(p)
}

func BenchmarkLogPaneTwoFiles(b *testing.B) {
	p := tui.NewLogPane(tuitest.Kit(false), 50_000)
	p.Following = true
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		i++ // each file is told in turns of 250 lines, as a busy tail tells them
		p.Add(said([]string{"a.log", "b.log"}[i/250%2], i/500*250+i%250, "raw"))
	}
}

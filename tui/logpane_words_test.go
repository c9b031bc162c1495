package tui_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/x/ansi"

	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/tui"
	"linecheck/tui/tuitest"
)

func shows(t *testing.T, p *tui.LogPane, w, h int, want ...string) {
	t.Helper()
	s := ansi.Strip(p.View(w, h))
	flat := strings.Join(strings.Fields(s), " ")
	for _, text := range want {
		if !strings.Contains(flat, text) {
			t.Errorf("no %q in\n%s", text, s)
		}
	}
}

func TestTheFootSaysWhatTheLineMeansAndWhatToDo(t *testing.T) {
	failed := said("fsscorplug.log", 100, "CurlQuery::completeWithStatus: failure 28")
	failed.Meaning, failed.Ref, failed.Status, failed.Fix = "the query got no answer in 1006 ms", "curl 28", checks.Fail, "Let the proxy's administrator look for what is slow."
	byCode := failed
	byCode.Fix, byCode.Code = "", "logs.timeout"
	for title, c := range map[string]struct {
		line checks.Line
		want []string
		not  string
	}{
		"a failure": {failed, []string{"curl 28 (any hop): No answer", "What to do", "Let the proxy's administrator"}, ""},
		"a failure whose line says nothing of a remedy": {byCode, []string{"What to do", "remedy of logs.timeout"}, ""},
		"a line that nobody knows":                      {said("a.log", 100, "W: hm"), []string{"linecheck does not know this line."}, "What to do"},
		"a marker":                                      {asked(100, "doorman.sc.fsapi.com"), []string{"linecheck asked doorman.sc.fsapi.com: 182 ms. Compare it"}, "What to do"},
	} {
		p := tui.NewLogPane(tuitest.Kit(false), 100)
		p.Fix = func(l checks.Line) string { return "remedy of " + string(l.Code) }
		p.Add(c.line)
		shows(t, p, 100, 16, c.want...)
		if s := p.View(100, 16); c.not != "" && strings.Contains(s, c.not) {
			t.Errorf("%s: %q in\n%s", title, c.not, s)
		}
	}
}

func TestAMarkerIsNoProblemAndStaysBesideThem(t *testing.T) {
	p := tui.NewLogPane(tuitest.Kit(false), 100)
	p.Following = true
	p.Add(tail(0, 20)...)
	m := asked(790, "doorman.sc.fsapi.com")
	m.At, m.Status, m.Text = time.UnixMilli(790).UTC(), checks.Fail, "TCP: no answer in 3.0 s"
	p.Add(m)
	shows(t, p, 100, 40, "····· linecheck asked doorman.sc.fsapi.com: × TCP: no answer in 3.0 s")
	press(p, "p")
	shows(t, p, 100, 40, "linecheck asked doorman.sc.fsapi.com")
	for range 4 {
		press(p, "n")
		if s := selected(t, p); strings.Contains(s, "linecheck asked") {
			t.Errorf("the next problem is what linecheck asked: %q", s)
		}
	}
	if got := p.Told(); got != "2 problems among 20 lines; linecheck asked once" {
		t.Error(got)
	}
}

func TestTheFilterTakesWordsOfTheLineAndTheFile(t *testing.T) {
	p := tui.NewLogPane(tuitest.Kit(false), 100)
	p.Add(said("fsscor.log", 1, "one red"), said("orsp.log", 2, "one blue"), said("orsp.log", 3, "two red"))
	press(p, append([]string{"f"}, keys("ORSP re")...)...)
	press(p, "enter")
	if got := order(p); len(got) != 1 || got[0] != "red" || !strings.Contains(selected(t, p), "two red") {
		t.Errorf("%q", got)
	}
	shows(t, p, 100, 20, "only ORSP re")
	press(p, "esc")
	if got := order(p); len(got) != 3 {
		t.Errorf("Esc leaves %q", got)
	}
	press(p, "f", "tab", "enter")
	if got := order(p); len(got) != 1 {
		t.Errorf("the first file alone: %q", got)
	}
	press(p, "f", "tab", "tab", "enter", "f", "backspace")
	if s := p.View(100, 20); !strings.Contains(s, "show only lines with") {
		t.Errorf("nothing is typed:\n%s", s)
	}
	press(p, "esc")
	press(p, append([]string{"f", "ctrl+u"}, keys("nowhere")...)...)
	press(p, "enter")
	shows(t, p, 100, 20, "passes the filter")
	press(p, "esc", "f", "esc")
	if got := order(p); len(got) != 3 {
		t.Errorf("a filter that was left stays: %q", got)
	}
}

func TestSearchAndProblemsHaveKeysOfTheirOwn(t *testing.T) {
	p := tui.NewLogPane(tuitest.Kit(false), 100)
	p.Add(tail(0, 40)...)
	press(p, "/", "r", "a", "w", " ", "2", "enter")
	for key, want := range map[string]string{"e": "(29)", "E": "(19)"} {
		press(p, "/", "r", "a", "w", " ", "2", "5", "enter", key)
		if s := selected(t, p); !strings.Contains(s, want) {
			t.Errorf("%s leads to %q, want %s", key, s, want)
		}
	}
}

func TestWhatIsLostAndHowFastIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := tui.NewLogPane(tuitest.Kit(false), 100)
		p.Following = true
		for i := range 10 {
			p.Add(tail(i*2, 2)...)
			time.Sleep(time.Second)
		}
		p.Lost = 1204
		shows(t, p, 100, 20, "2 new a second", "1,204 lines were too fast to show")
		time.Sleep(p.Settles())
		if s := p.View(100, 20); strings.Contains(s, "a second") {
			t.Errorf("after a pause it still tells of lines:\n%s", s)
		}
		if p.Settles() != 0 {
			t.Error("it wants to be drawn again although nothing changes")
		}
	})
}

func TestHowManyCameWhilePausedIsCounted(t *testing.T) {
	p := tui.NewLogPane(tuitest.Kit(false), 1000)
	p.Following = true
	p.Add(tail(0, 20)...)
	press(p, "space")
	p.Add(tail(20, 37)...)
	shows(t, p, 100, 20, "paused, 37 new below")
	press(p, "end")
	if s := p.View(100, 20); strings.Contains(s, "paused") {
		t.Errorf("the end of the list is where the tail goes on:\n%s", s)
	}
}

func TestTheFootStandsStillWhileLinesComeThatAreNoProblem(t *testing.T) {
	p := tui.NewLogPane(tuitest.Kit(false), 1000)
	p.Following = true
	p.Add(tail(0, 20)...)
	foot := func() string { l := strings.Split(p.View(100, 20), "\n"); return strings.Join(l[16:], "\n") }
	before := foot()
	if !strings.Contains(before, "the newest problem") {
		t.Fatal(before)
	}
	p.Add(tail(20, 9)...)
	if after := foot(); after != before {
		t.Errorf("it was\n%s\nand is\n%s", before, after)
	}
}

// Who watches the newest lines and asks for a problem means the newest one; the oldest may be an hour back.
func TestTheFirstJumpFromTheNewestLineDoesNotGoToTheOldest(t *testing.T) {
	for _, key := range []string{"n", "e"} {
		p := tui.NewLogPane(tuitest.Kit(false), 100)
		p.Following = true
		for i, status := range []checks.Status{checks.Fail, checks.Pass, checks.Fail, checks.Pass} {
			l := said("a.log", i*1000, "W: hm")
			l.Status, l.Meaning = status, "line "+string(rune('a'+i))
			p.Add(l)
		}
		press(p, key)
		if s := selected(t, p); !strings.Contains(s, "line c") {
			t.Errorf("%s goes to %s", key, s)
		}
		press(p, key)
		if s := selected(t, p); !strings.Contains(s, "line a") {
			t.Errorf("%s then goes to %s, and not round", key, s)
		}
	}
}

// Lines keep the English, so that a record of them can be read anywhere; a person reads and searches in the own language.
func TestALineOfALogIsToldAndFoundInGerman(t *testing.T) {
	if err := lang.Use("de"); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = lang.Use(lang.English) }()
	p := tui.NewLogPane(tuitest.Kit(false), 100)
	l := said("a.log", 100, "W: 28")
	l.Meaning, l.Ref, l.Status = "DNS gave no answer in 1006 ms", "curl 28", checks.Fail
	l.Fix = "Let the proxy's or firewall's administrator look for the hop that is silent or slow."
	p.Add(said("a.log", 50, "W: hm"), l, said("a.log", 150, "W: hm"))
	press(p, "/", "g", "e", "a", "n", "t", "w", "o", "r", "t", "e", "t", "enter")
	if s := selected(t, p); !strings.Contains(s, "DNS hat in 1006 ms nicht geantwortet") {
		t.Errorf("the search leads to %s", s)
	}
	if s := ansi.Strip(p.View(110, 16)); strings.Contains(s, "gave no answer") || strings.Contains(s, "Let the") {
		t.Errorf("it says English:\n%s", s)
	}
}

package logs

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

var screenSpec = tuitest.Register("logs-screen", `
logs.proxy_unresolvable: {title: The product cannot find its proxy, text: "The log says {count} times that {subject} does not resolve."}
logs.timeout: {title: The product gets no answer in time, text: "The log says it {count} times, last {last}."}
logs.quiet: {title: The logs tell of no failure, text: "Nothing."}
logs.hours: {title: When the failures were, text: "276 failures since 00:00, most between 23:00 and 24:00."}
logs.smart_protection: {title: What the manager shows of a server, text: "By the events in the logs the manager shows one of two servers as disconnected."}
`)

func screenRuns(lines int) []tui.Run {
	at := func(ms int) time.Time {
		return time.Date(2026, 11, 22, 17, 43, 2, 0, time.UTC).Add(time.Duration(ms) * time.Millisecond)
	}
	r := tui.Run{Following: lines > 0, Findings: []checks.Finding{
		{Code: "logs.proxy_unresolvable", Status: checks.Warn, Subject: "proxy.old.intern", Args: map[string]string{"count": "230"}},
		{Code: "logs.timeout", Status: checks.Note, Args: map[string]string{"count": "12", "last": "17:43:02"}},
		{Code: "logs.quiet", Status: checks.Pass, Subject: "orspplug.log"},
	}}
	kinds := []checks.Line{
		{File: "fsscorplug.log", Meaning: "the query got no answer in 1006 ms", Ref: "curl 28", Status: checks.Fail, Text: "CurlQuery::completeWithStatus: failure 28"},
		{File: "fsscorplug.log", Meaning: "vendor error 201: timed out", Ref: "fserr 201", Status: checks.Fail},
		{File: "orspplug.log", Text: "I: ipc_impl::stopRpcServer: MSRPC Server stopped"},
		{File: "fsscorplug.log", Meaning: "the cloud answers again", Ref: "fserr 0", Status: checks.Pass},
	}
	for i := range lines {
		l := kinds[i%len(kinds)]
		if i == 37 {
			l = checks.Line{Own: true, Meaning: "linecheck asked doorman.sc.fsapi.com", Text: "182 ms", Status: checks.Pass}
		}
		l.Number, l.At = i+1, at(i*424)
		r.Lines = append(r.Lines, l)
	}
	return []tui.Run{r}
}

func screen(kit tui.Kit, runs []tui.Run) tui.Panel {
	p, _, _ := newModel(screenSpec, kit).Update(tui.RunsMsg{Runs: runs})
	return p
}

func TestLogsScreens(t *testing.T) {
	for name, c := range map[string]struct {
		lines int
		keys  []string
	}{
		"summary":  {0, nil},
		"live":     {40, []string{"F", "F"}}, // stop, then follow: the keys go to the tail
		"paused":   {40, []string{"F", "F", "space", "up", "up"}},
		"problems": {40, []string{"F", "F", "p"}},
		"filtered": {40, []string{"F", "F", "f", "o", "r", "s", "p", "enter", "/", "n", "o", "p", "e", "enter"}},
		"original": {40, []string{"F", "F", "n", "enter"}},
		"raw":      {40, []string{"F", "F", "n", "enter", "enter"}},
	} {
		tuitest.Screens(t, name, func(k tui.Kit) tui.Panel {
			p, _ := tuitest.Keys(screen(k, screenRuns(c.lines)), c.keys...)
			return p
		})
	}
}

func TestTablesStandUnderWhatIsSaid(t *testing.T) {
	hours := &checks.Table{Head: []string{"Hour", "Failures", "What"}}
	for h := range 24 {
		hours.Rows = append(hours.Rows, []string{fmt.Sprintf("Fri 2021-11-12 %02d:00", h), fmt.Sprint(h), "no connection 2, feature without answer 2, proxy name 1"})
	}
	servers := &checks.Table{Head: []string{"Server", "The manager shows", "Since"}, Rows: [][]string{
		{"ds20.icrc.trendmicro.com", "disconnected", "2021-11-12 17:40:31"}, {"sps.corp.example", "connected again", "2021-11-12 17:41:02"}}}
	for name, f := range map[string]checks.Finding{
		"hours":   {Code: Hours, Status: checks.Note, Subject: "failures by hour", Table: hours},
		"servers": {Code: SmartProtection, Status: checks.Warn, Subject: "ds20.icrc.trendmicro.com", Table: servers},
	} {
		tuitest.Screens(t, name, func(k tui.Kit) tui.Panel {
			return screen(k, []tui.Run{{Findings: []checks.Finding{f}}})
		})
	}
}

func TestFollowIsAskedForAndStopped(t *testing.T) {
	p, got := tuitest.Keys(screen(tuitest.Kit(false), screenRuns(0)), "F")
	if s, ok := got.(tui.Start); !ok || !s.Follow {
		t.Errorf("F: %#v", got)
	}
	p, _, _ = p.Update(tui.RunsMsg{Runs: screenRuns(3)})
	if _, got = tuitest.Keys(p, "F"); got != (tui.Stop{}) {
		t.Errorf("F again: %#v", got)
	}
}

func TestEachLineIsTakenOnceAndANewTailBeginsEmpty(t *testing.T) {
	p := screen(tuitest.Kit(false), screenRuns(3))
	runs := screenRuns(5)
	p, _, _ = p.Update(tui.RunsMsg{Runs: runs})
	p, _, _ = p.Update(tui.RunsMsg{Runs: runs})
	m := p.(*model)
	if n := m.pane.Len(); n != 5 {
		t.Errorf("%d lines of 5", n)
	}
	runs = screenRuns(5)
	runs[0].Lines, runs[0].Dropped = runs[0].Lines[3:], 8 // ten so far, of which five were never seen here
	runs[0].Lost = 1000                                   // and these never came that far
	p, _, _ = p.Update(tui.RunsMsg{Runs: runs})
	if n, lost := m.pane.Len(), m.pane.Lost; n != 7 || lost != 1003 {
		t.Errorf("%d lines and %d lost, want 7 and 1003", n, lost)
	}
	p.Update(tui.RunsMsg{Runs: screenRuns(1)})
	if n := m.pane.Len(); n != 1 {
		t.Errorf("%d lines after a new start", n)
	}
}

func TestTheTailKeepsTheKeysThatItNeeds(t *testing.T) {
	p := screen(tuitest.Kit(false), screenRuns(8))
	if tui.Holds(p, tuitest.Key("n")) {
		t.Error("n is kept from the wizard although the tail is not looked at")
	}
	p, _ = tuitest.Keys(p, "end", "down")
	for _, k := range []string{"n", "p", "esc"} {
		if !tui.Holds(p, tuitest.Key(k)) {
			t.Errorf("%s does not come to the tail", k)
		}
	}
	if tui.Holds(p, tuitest.Key("q")) {
		t.Error("q must quit")
	}
	if p, _ = tuitest.Keys(p, "/"); !tui.Holds(p, tuitest.Key("q")) {
		t.Error("q cannot be typed into a search")
	}
	if p, _ = tuitest.Keys(p, "esc", "esc"); tui.Holds(p, tuitest.Key("n")) {
		t.Error("Esc does not leave the tail")
	}
}

func TestLogsFit(t *testing.T) {
	var views []func(w, h int) string
	for _, n := range []int{0, 1, 24, 120} {
		for _, keys := range [][]string{nil, {"F"}, {"F", "n", "enter"}, {"end", "enter"}} {
			p, _ := tuitest.Keys(screen(tuitest.Kit(n == 1), tuitest.Runs(n, "logs.timeout", "logs.quiet")), keys...)
			views = append(views, p.View)
		}
	}
	tuitest.Fits(t, views...)
}

func TestANewLineIsInSightWhateverTheHeight(t *testing.T) {
	p, _ := tuitest.Keys(screen(tuitest.Kit(false), nil), "F")
	for n := 1; n < 60; n++ {
		p, _, _ = p.Update(tui.RunsMsg{Runs: screenRuns(n)})
		want := screenRuns(n)[0].Lines[n-1].At.Format("15:04:05.000")
		for _, h := range []int{8, 12, 18} {
			if s := ansi.Strip(p.View(80, h)); !strings.Contains(s, want) {
				t.Fatal(fmt.Sprintf("line %d is not in sight in %d rows:\n", n, h) + s)
			}
		}
	}
}

func TestLogsKeysAreThoseOfAllPanels(t *testing.T) {
	for name, keys := range map[string][]string{"summary": nil, "tail": {"F", "F", "home"}} {
		t.Run(name, func(t *testing.T) {
			lines := 0
			if keys != nil {
				lines = 40
			}
			tuitest.Walk(t, func() tui.Panel { return screen(tuitest.Kit(false), screenRuns(lines)) }, keys...)
		})
	}
}

func TestLogsSpeakOtherLanguages(t *testing.T) {
	tuitest.Spoken(t, "live", func(k tui.Kit) tui.Panel {
		p, _ := tuitest.Keys(screen(k, screenRuns(40)), "F", "F", "p", "up")
		return p
	})
}

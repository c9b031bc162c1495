package clock

import (
	"testing"

	"linecheck/checks"
	"linecheck/tui"
	"linecheck/tui/tuitest"
)

var screenSpec = tuitest.Register("clock-screen", `
clock.skew:
  title: The clock is off by {skew}
  text: "This computer says {ours}, {subject} says {theirs}. No certificate is valid at that time."
  fix: Set the clock right and check what this computer takes its time from (an administrator of this computer).
`)

func screenRuns() []tui.Run {
	return []tui.Run{{Findings: []checks.Finding{{Code: "clock.skew", Status: checks.Fail, Subject: "3 servers", View: "you",
		Args:     map[string]string{"ours": "2021-11-12 17:40:30 UTC", "theirs": "2026-11-22 17:43:02 UTC", "skew": "5 years"},
		Evidence: []checks.Evidence{{Source: "doorman.sc.fsapi.com", Text: "Date: Sun, 22 Nov 2026 17:43:02 GMT"}}}}}}
}

func screen(kit tui.Kit, runs []tui.Run) tui.Panel {
	p, _, _ := newModel(screenSpec, kit).Update(tui.RunsMsg{Runs: runs})
	return p
}

func TestClockScreens(t *testing.T) {
	walk := checks.Path{Target: "doorman.sc.fsapi.com:443", URL: "https://doorman.sc.fsapi.com/", Route: "direct", Stages: []checks.Stage{
		{Name: checks.Resolve, Status: checks.Pass}, {Name: checks.Connect, Note: "waiting for TCP, 3 of 5 s"}}}
	tuitest.Screens(t, "clock", func(k tui.Kit) tui.Panel { return screen(k, screenRuns()) })
	tuitest.Screens(t, "running", func(k tui.Kit) tui.Panel {
		return screen(k, []tui.Run{{Running: true, Walking: []checks.Path{walk}}})
	})
	tuitest.Spoken(t, "clock", func(k tui.Kit) tui.Panel {
		runs := screenRuns()
		runs[0].Running, runs[0].Walking = true, []checks.Path{walk}
		return screen(k, runs)
	})
}

func TestClockFits(t *testing.T) {
	var views []func(w, h int) string
	for _, n := range []int{0, 1, 24} {
		for _, keys := range [][]string{nil, {"end"}, {"enter"}} {
			p, _ := tuitest.Keys(screen(tuitest.Kit(n == 1), tuitest.Runs(n, "clock.skew")), keys...)
			views = append(views, p.View)
		}
	}
	tuitest.Fits(t, views...)
}

func TestClockKeysAreThoseOfAllPanels(t *testing.T) {
	tuitest.Walk(t, func() tui.Panel { return screen(tuitest.Kit(false), screenRuns()) })
}

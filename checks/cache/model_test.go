package cache

import (
	"testing"
	"time"

	"linecheck/checks"
	"linecheck/tui"
	"linecheck/tui/tuitest"
)

var screenSpec = tuitest.Register("cache-screen", `
cache.recent:
  title: Cache may repeat older answers
  text: >-
    The product's cache {subject} was last written at {newest}. Answers in it are kept for {ttl}, so a fault that is mended
    by now may still show until {until}.
  fix: If the line is open and the product still says otherwise, an administrator can clean the cache, or wait until {until}.
cache.empty: {title: Cache is empty, text: "{subject} holds no files."}
`)

func screenRuns() []tui.Run {
	const dir = `C:\Windows\ServiceProfiles\NetworkService\AppData\Local\F-Secure\fsscor`
	return []tui.Run{{
		Actions: []checks.Action{{ID: "cache.clean"}},
		Findings: []checks.Finding{
			{Code: "cache.recent", Status: checks.Warn, Subject: dir, View: "you", At: time.Date(2021, 11, 12, 17, 40, 30, 0, time.UTC),
				Args: map[string]string{"files": "1,204", "size": "3.1 MB", "newest": "17:40:30", "until": "19:40", "ttl": "2 h"}},
			{Code: "cache.empty", Status: checks.Note, Subject: `C:\ProgramData\F-Secure\orsp`},
		}}}
}

func screen(kit tui.Kit, runs []tui.Run) tui.Panel {
	p, _, _ := newModel(screenSpec, kit).Update(tui.RunsMsg{Runs: runs})
	return p
}

func TestCacheScreens(t *testing.T) {
	tuitest.Screens(t, "cache", func(k tui.Kit) tui.Panel { return screen(k, screenRuns()) })
	tuitest.Screens(t, "evidence", func(k tui.Kit) tui.Panel { p, _ := tuitest.Keys(screen(k, screenRuns()), "enter"); return p })
	tuitest.Spoken(t, "cache", func(k tui.Kit) tui.Panel { return screen(k, screenRuns()) })
}

func TestCAsksToCleanTheCache(t *testing.T) {
	_, got := tuitest.Keys(screen(tuitest.Kit(false), screenRuns()), "c")
	if a, ok := got.(tui.Apply); !ok || a.Action.ID != "cache.clean" {
		t.Errorf("c: %#v", got)
	}
}

func TestCacheFits(t *testing.T) {
	var views []func(w, h int) string
	for _, n := range []int{0, 1, 24} {
		for _, keys := range [][]string{nil, {"end"}, {"enter"}} {
			p, _ := tuitest.Keys(screen(tuitest.Kit(n == 1), tuitest.Runs(n, "cache.recent", "cache.empty")), keys...)
			views = append(views, p.View)
		}
	}
	tuitest.Fits(t, views...)
}

func TestCacheKeysAreThoseOfAllPanels(t *testing.T) {
	tuitest.Walk(t, func() tui.Panel { return screen(tuitest.Kit(false), screenRuns()) })
}

package product

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"linecheck/checks"
	"linecheck/tui"
	"linecheck/tui/tuitest"
)

var screenSpec = tuitest.Register("product-screen", `
product.found: {title: The product is installed, text: "{name} {version} is on this computer, as the service shows."}
product.tester_found: {title: The vendor's own tester is here, text: "{subject} is the vendor's own tester."}
service.running: {title: The service runs, text: "{subject} is running."}
service.stopped:
  title: The service does not run
  text: "{subject} is not running; the service manager says: {state}."
  fix: Start the service, and first enable it where it is disabled (an administrator of this computer).
`)

func screenRuns() []tui.Run {
	return []tui.Run{{Findings: []checks.Finding{
		{Code: "product.found", Status: checks.Pass, Subject: "WithSecure Elements Agent", Args: map[string]string{"name": "WithSecure Elements Agent", "version": "22.3"}},
		{Code: "product.tester_found", Status: checks.Note, Subject: "fs_connection_checker.exe"},
		{Code: "service.running", Status: checks.Pass, Subject: "fshoster"},
		{Code: "service.stopped", Status: checks.Fail, Subject: "fsulnethoster", Args: map[string]string{"state": "stopped"}},
	}}}
}

func screen(kit tui.Kit, runs []tui.Run) tui.Panel {
	p, _, _ := newModel(screenSpec, kit).Update(tui.RunsMsg{Runs: runs})
	return p
}

func TestProductScreens(t *testing.T) {
	tuitest.Screens(t, "product", func(k tui.Kit) tui.Panel { return screen(k, screenRuns()) })
	tuitest.Screens(t, "running", func(k tui.Kit) tui.Panel {
		r := tui.Run{Running: true, Progress: checks.Progress{Done: 3, Total: 9, Waiting: "the service fsulnethoster, 2 s so far"}}
		return screen(k, []tui.Run{r})
	})
	tuitest.Spoken(t, "product", func(k tui.Kit) tui.Panel { return screen(k, screenRuns()) })
}

func TestWhatIsStoppedStandsAboveTheVendorsTester(t *testing.T) {
	s := ansi.Strip(screen(tuitest.Kit(false), screenRuns()).View(80, 18))
	if strings.Index(s, "fsulnethoster") > strings.Index(s, "tester") {
		t.Errorf("got\n%s", s)
	}
}

func TestProductFits(t *testing.T) {
	var views []func(w, h int) string
	for _, n := range []int{0, 1, 24} {
		for _, keys := range [][]string{nil, {"end"}, {"enter"}} {
			p, _ := tuitest.Keys(screen(tuitest.Kit(n == 1), tuitest.Runs(n, "product.found", "service.stopped")), keys...)
			views = append(views, p.View)
		}
	}
	tuitest.Fits(t, views...)
}

func TestProductKeysAreThoseOfAllPanels(t *testing.T) {
	tuitest.Walk(t, func() tui.Panel { return screen(tuitest.Kit(false), screenRuns()) })
}

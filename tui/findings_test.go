package tui_test

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/tui"
	"linecheck/tui/tuitest"
)

var spec = tuitest.Register("stand", `
stand.stopped:
  title: The service does not run
  text: "Network Hoster ({subject}) is not running; the service manager says: {state}."
  fix: Start the service, and first enable it where it is disabled (an administrator of this computer).
  say: One part of your security program is not running. We can have it started.
stand.slow: {title: The service answers late, text: "{subject} took {took}."}
stand.unread: {title: The service could not be asked about, text: "Whether {subject} runs is not known."}
stand.ok: {title: The service runs, text: "{subject} is running."}
stand.choices: {title: Who goes which way, text: "Not everybody on this computer goes out the same way."}
`)

func findings() []checks.Finding {
	ev := []checks.Evidence{{Source: "service manager", Text: "fsulnethoster: STATE 1 STOPPED, exit code 1067"}}
	return []checks.Finding{
		{Code: "stand.ok", Status: checks.Pass, Subject: "fshoster", View: "you"},
		{Code: "stand.slow", Status: checks.Warn, Subject: "fsorsp", View: "you", Args: map[string]string{"took": "4.1 s"}},
		{Code: "stand.stopped", Status: checks.Fail, Subject: "fsulnethoster", View: "you", Evidence: ev,
			At: time.Date(2021, 11, 12, 17, 40, 30, 0, time.UTC), Args: map[string]string{"state": "stopped"}},
		{Code: "stand.unread", Status: checks.Unknown, Subject: "fsdevcon", View: "you"},
	}
}

// choices is a comparison as a check of proxies makes it.
func choices() []checks.Finding {
	return []checks.Finding{{Code: "stand.choices", Status: checks.Note, Subject: "3 addresses", View: "you", Table: &checks.Table{
		Head: []string{"address", "the product", "you, in a browser", "other services"},
		Rows: [][]string{
			{"doorman.sc.fsapi.com and 8 more", "direct", "gw.corp.example:8080, then direct", "none"},
			{"guts2.sp.f-secure.com:80", "direct", "direct (bypass list: *.f-secure.com)", "none"},
			{"iaus.local.intern", "", "direct"},
		}}}}
}

func panel(kit tui.Kit, runs ...tui.Run) tui.Panel {
	p, _, _ := tui.NewFindings(spec, kit).Update(tui.RunsMsg{Runs: runs})
	return p
}

func TestDefaultPanelScreens(t *testing.T) {
	ws := &assets.Profile{Name: "withsecure", Title: "WithSecure Security Cloud"}
	tm := &assets.Profile{Name: "trendmicro", Title: "Trend Micro Smart Protection"}
	one := tui.Run{Profile: ws, Status: checks.Fail, Findings: findings()}
	for name, show := range map[string]func(tui.Kit) tui.Panel{
		"list":     func(k tui.Kit) tui.Panel { return panel(k, one) },
		"grouped":  func(k tui.Kit) tui.Panel { return panel(k, one, tui.Run{Profile: tm, Findings: findings()[:1]}) },
		"evidence": func(k tui.Kit) tui.Panel { p, _ := tuitest.Keys(panel(k, one), "enter"); return p },
		"table": func(k tui.Kit) tui.Panel {
			p, _ := tuitest.Keys(panel(k, tui.Run{Profile: ws, Findings: choices()}), "enter")
			return p
		},
		"raw":     func(k tui.Kit) tui.Panel { p, _ := tuitest.Keys(panel(k, one), "enter", "enter"); return p },
		"nothing": func(k tui.Kit) tui.Panel { return panel(k, tui.Run{Profile: ws}) },
		"running": func(k tui.Kit) tui.Panel {
			r := one
			r.Running, r.Progress = true, checks.Progress{Done: 7, Total: 14, Waiting: "orsp.f-secure.com: waiting for TCP"}
			return panel(k, r)
		},
	} {
		t.Run(name, func(t *testing.T) { tuitest.Screens(t, name, show) })
	}
}

func TestDefaultPanelFits(t *testing.T) {
	var views []func(w, h int) string
	for _, n := range []int{0, 1, 24, 500} {
		for _, keys := range [][]string{nil, {"end"}, {"down", "enter"}, {"end", "enter", "enter", "end"}} {
			p, _ := tuitest.Keys(panel(tuitest.Kit(n == 24), tuitest.Runs(n)...), keys...)
			views = append(views, p.View)
		}
	}
	tuitest.Fits(t, views...)
}

func TestTheGravestFindingIsSelectedFirst(t *testing.T) {
	p := panel(tuitest.Kit(false), tui.Run{Findings: findings()}).(*tui.Findings)
	it, _ := p.Selected()
	if it.Finding.Status != checks.Fail {
		t.Errorf("selected %v", it.Finding.Code)
	}
}

func TestTheSelectionStaysOnItsFindingWhenGraverOnesArrive(t *testing.T) {
	all := findings()
	p := panel(tuitest.Kit(false), tui.Run{Findings: all[:2]})
	p, _ = tuitest.Keys(p, "down")
	p, _, _ = p.Update(tui.RunsMsg{Runs: []tui.Run{{Findings: all}}})
	it, _ := p.(*tui.Findings).Selected()
	if it.Finding.Subject != "fshoster" {
		t.Errorf("the cursor went to %s", it.Finding.Subject)
	}
}

func TestEnterGoesTwoStepsDownAndEscBack(t *testing.T) {
	p := panel(tuitest.Kit(false), tui.Run{Findings: findings()})
	if tui.Holds(p, tuitest.Key("esc")) {
		t.Error("Esc is kept from the wizard although nothing is open")
	}
	for _, want := range []string{"What to do", "state"} {
		p, _ = tuitest.Keys(p, "enter")
		if s := ansi.Strip(p.View(80, 18)); !strings.Contains(s, want) {
			t.Errorf("no %q in\n%s", want, s)
		}
	}
	if !tui.Holds(p, tuitest.Key("esc")) || tui.Holds(p, tuitest.Key("q")) {
		t.Error("Esc must come here, q must not")
	}
	p, _ = tuitest.Keys(p, "esc", "esc")
	if p.(*tui.Findings).Reader.Depth != tui.AtList {
		t.Error("two Esc do not lead back to the list")
	}
}

func TestTheActionOfTheSelectedRunIsAskedFor(t *testing.T) {
	run := tui.Run{Profile: &assets.Profile{Name: "ws"}, Findings: findings(), Actions: []checks.Action{{ID: "start"}}}
	_, got := tuitest.Keys(panel(tuitest.Kit(false), run), "a")
	if a, ok := got.(tui.Apply); !ok || a.Profile != "ws" || a.Action.ID != "start" {
		t.Errorf("got %#v", got)
	}
	if _, got := tuitest.Keys(panel(tuitest.Kit(false), tui.Run{Findings: findings()}), "a"); got != nil {
		t.Errorf("an action without a proposal: %#v", got)
	}
}

func TestAScreenSaysTheSameWithoutColour(t *testing.T) {
	var views []string
	for _, c := range []colorprofile.Profile{colorprofile.ANSI, colorprofile.ASCII, colorprofile.NoTTY} {
		k := tui.Kit{Theme: tui.NewTheme(c), Glyphs: tui.GlyphsFor(false)}
		views = append(views, panel(k, tui.Run{Findings: findings()}).View(80, 18))
	}
	if views[2] != ansi.Strip(views[2]) {
		t.Error("escape sequences without a terminal")
	}
	if strings.Contains(views[1], "\x1b[9") || strings.Contains(views[1], "\x1b[3") {
		t.Error("a colour although none was wanted")
	}
	views[0], views[1] = ansi.Strip(views[0]), ansi.Strip(views[1])
	if views[0] != views[1] || views[1] != views[2] {
		t.Errorf("the texts differ:\n%s", strings.Join(views, "\n---\n"))
	}
}

func TestTheDefaultPanelsKeysAreThoseOfAllPanels(t *testing.T) {
	tuitest.Walk(t, func() tui.Panel {
		var many []checks.Finding
		for range 8 {
			many = append(many, findings()...)
		}
		for i := range many {
			many[i].View = strings.Repeat("x", i)
		}
		return panel(tuitest.Kit(false), tui.Run{Findings: many})
	})
}

func TestTheDefaultPanelSpeaksOtherLanguages(t *testing.T) {
	run := tui.Run{Findings: findings(), Running: true, Progress: checks.Progress{Done: 7, Total: 14, Waiting: "orsp.f-secure.com: waiting for TCP, 3 of 5 s"}}
	tuitest.Spoken(t, "list", func(k tui.Kit) tui.Panel { return panel(k, run) })
	tuitest.Spoken(t, "evidence", func(k tui.Kit) tui.Panel { p, _ := tuitest.Keys(panel(k, run), "enter"); return p })
}

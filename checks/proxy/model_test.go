package proxy

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"linecheck/checks"
	"linecheck/tui"
	"linecheck/tui/tuitest"
)

var screenSpec = tuitest.Register("proxy-screen", `
proxy.source: {title: A proxy setting, text: "{source} of {whose} says {proxy}."}
proxy.unresolvable:
  title: Proxy name does not resolve
  text: "The product uses {proxy}. That name does not exist in DNS. Your browser works because Internet Options name another proxy."
  fix: Replace the proxy in the product's policy, or add the name to DNS (the product's administrator or the network's).
proxy.sources_disagree: {title: Product and system name other proxies, text: "The product says {product}, the system {system}."}
proxy.pac_not_run: {title: "PAC file read, its rules not run", text: "{url} was read."}
`)

func screenRuns() []tui.Run {
	set := func(code checks.Code, st checks.Status, source, whose, proxy, used string, took time.Duration) checks.Finding {
		return checks.Finding{Code: code, Status: st, Subject: source, Took: took, View: whose,
			Args: map[string]string{"source": source, "whose": whose, "proxy": proxy, "used": used}}
	}
	own := set("proxy.unresolvable", checks.Fail, "the product's own setting", "the product", "proxy.old.intern:3128", "yes", 0)
	own.Evidence = []checks.Evidence{{Source: `HKLM\SOFTWARE\F-Secure\Ultralight\Settings\proxy`, Text: `value "http://proxy.old.intern:3128", access 1`}}
	return []tui.Run{{Findings: []checks.Finding{
		set("proxy.source", checks.Note, "WinHTTP", "services", "none", "", 0),
		own,
		set("proxy.source", checks.Pass, "Internet Options", "you", "gw.corp.example:8080", "", 41*time.Millisecond),
		set("proxy.refused", checks.Note, "Internet Options", "NetworkService", "automatic, wpad.dat", "", 0),
		set("proxy.source", checks.Unknown, "Internet Options", "LocalSystem", "unknown", "", 0),
		set("proxy.source", checks.Note, "the environment", "you", "none", "", 0),
		{Code: "proxy.pac_not_run", Status: checks.Unknown, Subject: "wpad.dat", Args: map[string]string{"source": "Internet Options"}},
		{Code: "proxy.sources_disagree", Status: checks.Warn, Args: map[string]string{"product": "proxy.old.intern:3128"}},
	}}}
}

func screen(kit tui.Kit, runs []tui.Run) tui.Panel {
	p, _, _ := newModel(screenSpec, kit).Update(tui.RunsMsg{Runs: runs})
	return p
}

func TestProxyScreens(t *testing.T) {
	tuitest.Screens(t, "proxy", func(k tui.Kit) tui.Panel { return screen(k, screenRuns()) })
	tuitest.Screens(t, "below", func(k tui.Kit) tui.Panel { p, _ := tuitest.Keys(screen(k, screenRuns()), "end"); return p })
	tuitest.Screens(t, "evidence", func(k tui.Kit) tui.Panel { p, _ := tuitest.Keys(screen(k, screenRuns()), "enter"); return p })
}

func TestTheProductsWayStandsFirstAndIsMarked(t *testing.T) {
	s := strings.Split(ansi.Strip(screen(tuitest.Kit(false), screenRuns()).View(80, 18)), "\n")
	if !strings.Contains(s[1], "●") || !strings.Contains(s[1], "proxy.old.intern") || strings.Count(strings.Join(s, ""), "●") != 1 {
		t.Errorf("got\n%s", strings.Join(s, "\n"))
	}
}

func TestAProxyThatOnlyOthersUseIsNotDrawnAsAnAlarm(t *testing.T) {
	k := tuitest.Kit(false)
	for l := range strings.Lines(screen(k, screenRuns()).View(80, 18)) {
		if strings.Contains(l, "refused") && strings.Contains(l, "\x1b[91m") {
			t.Errorf("red: %q", l)
		}
	}
}

func TestProxyFits(t *testing.T) {
	var views []func(w, h int) string
	for _, n := range []int{0, 1, 24, 120} {
		for _, keys := range [][]string{nil, {"end"}, {"enter"}} {
			p, _ := tuitest.Keys(screen(tuitest.Kit(n == 1), tuitest.Runs(n, "proxy.source", "proxy.refused", "proxy.route")), keys...)
			views = append(views, p.View)
		}
	}
	tuitest.Fits(t, views...)
}

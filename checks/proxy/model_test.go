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
proxy.pac_answer: {title: PAC file answers, text: "{url} was run with {engine}. What it answers: {summary}."}
proxy.choices: {title: Who uses which proxy, text: "To {address}: {summary}."}
proxy.identities_differ: {title: Others go another way than the product, text: "{why}"}
`)

func screenRuns() []tui.Run {
	var idle []checks.Finding
	set := func(code checks.Code, st checks.Status, source, whose, proxy, used string, took time.Duration) checks.Finding {
		return checks.Finding{Code: code, Status: st, Subject: source, Took: took, View: whose,
			Args: map[string]string{"source": source, "whose": whose, "proxy": proxy, "used": used}}
	}
	own := set("proxy.unresolvable", checks.Fail, "the product's own setting", "the product", "proxy.old.intern:3128", "yes", 0)
	own.Evidence = []checks.Evidence{{Source: `HKLM\SOFTWARE\F-Secure\Ultralight\Settings\proxy`, Text: `value "http://proxy.old.intern:3128", access 1`}}
	for _, place := range []string{"WinHTTP", "the environment", "Microsoft Edge's policy"} {
		f := set("proxy.source", checks.Note, place, "services", "none", "", 0)
		f.Args["state"] = "none set"
		idle = append(idle, f)
	}
	pac := set("proxy.pac_answer", checks.Note, "Internet Options", "LocalService", "http://gw.corp.example:8080, then direct", "", 0)
	pac.Args["state"], pac.Args["url"] = "works", "http://pac.corp.example/proxy.pac"
	why := "Your browser works because your setting in Internet Options sends it through http://gw.corp.example:8080; WithSecure does not, " +
		"because the product's own setting sends it through http://proxy.old.intern:3128, whose name does not resolve."
	return []tui.Run{{Findings: append(idle, []checks.Finding{
		set("proxy.source", checks.Note, "WinHTTP", "services", "none", "", 0),
		own,
		set("proxy.source", checks.Pass, "Internet Options", "you", "gw.corp.example:8080", "", 41*time.Millisecond),
		set("proxy.refused", checks.Note, "Internet Options", "NetworkService", "automatic, wpad.dat", "", 0),
		set("proxy.source", checks.Unknown, "Internet Options", "LocalSystem", "unknown", "", 0),
		set("proxy.source", checks.Note, "the environment", "you", "none", "", 0),
		pac,
		{Code: "proxy.choices", Status: checks.Note, Subject: "WithSecure", Args: map[string]string{"address": "https://a.example/", "summary": "they differ"},
			Table: &checks.Table{Head: []string{"address", "WithSecure", "its account, NetworkService", "your browser", "your command line"}, Rows: [][]string{
				{"6 addresses, such as https://a.example/", "http://proxy.old.intern:3128 (name does not resolve)", "direct",
					"http://old.example:3128 (refuses the connection), then http://gw.corp.example:8080 (works), then direct", "direct"},
				{"https://b.example/", "direct", "direct", "http://gw.corp.example:8080 (works)", "not known: the service environment could not be read"}}}},
		{Code: "proxy.identities_differ", Status: checks.Note, Subject: "your browser", Args: map[string]string{"why": why}},
		{Code: "proxy.pac_not_run", Status: checks.Unknown, Subject: "wpad.dat", Args: map[string]string{"source": "Internet Options"}},
		{Code: "proxy.sources_disagree", Status: checks.Warn, Args: map[string]string{"product": "proxy.old.intern:3128"}},
	}...)}}
}

func screen(kit tui.Kit, runs []tui.Run) tui.Panel {
	p, _, _ := newModel(screenSpec, kit).Update(tui.RunsMsg{Runs: runs})
	return p
}

func TestProxyScreens(t *testing.T) {
	tuitest.Screens(t, "proxy", func(k tui.Kit) tui.Panel { return screen(k, screenRuns()) })
	tuitest.Screens(t, "below", func(k tui.Kit) tui.Panel { p, _ := tuitest.Keys(screen(k, screenRuns()), "end"); return p })
	tuitest.Screens(t, "who", func(k tui.Kit) tui.Panel { p, _ := tuitest.Keys(screen(k, screenRuns()), "u"); return p })
	tuitest.Screens(t, "all", func(k tui.Kit) tui.Panel { p, _ := tuitest.Keys(screen(k, screenRuns()), "o"); return p })
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
		for _, keys := range [][]string{nil, {"end"}, {"enter"}, {"u"}, {"o"}} {
			p, _ := tuitest.Keys(screen(tuitest.Kit(n == 1), tuitest.Runs(n, "proxy.source", "proxy.refused", "proxy.route", "proxy.choices", "proxy.identities_differ")), keys...)
			views = append(views, p.View)
		}
	}
	tuitest.Fits(t, views...)
}

func TestWhoUsesWhatIsReachedAndLeftByKeys(t *testing.T) {
	p := screen(tuitest.Kit(false), screenRuns())
	list := p.View(80, 18)
	for _, way := range []string{"u", "esc"} {
		p, _ = tuitest.Keys(p, "u")
		if s := ansi.Strip(p.View(80, 18)); !strings.Contains(s, "6 addresses") || !strings.Contains(s, "your browser") {
			t.Fatalf("u shows\n%s", s)
		}
		if !tui.Holds(p, tuitest.Key("esc")) {
			t.Error("esc would leave the step")
		}
		if p, _ = tuitest.Keys(p, way); p.View(80, 18) != list {
			t.Errorf("%s does not lead back to\n%s", way, list)
		}
	}
	if p, _ = tuitest.Keys(screen(tuitest.Kit(false), tuitest.Runs(3, "proxy.source")), "u"); strings.Contains(p.View(80, 18), "addresses") {
		t.Error("u shows a table where there is none")
	}
}

func TestPlacesThatNameNoProxyAreFolded(t *testing.T) {
	p := screen(tuitest.Kit(false), screenRuns())
	if s := ansi.Strip(p.View(100, 40)); !strings.Contains(s, "3 other places name no proxy") || strings.Contains(s, "Edge") {
		t.Errorf("folded\n%s", s)
	}
	p, _ = tuitest.Keys(p, "o")
	if s := ansi.Strip(p.View(100, 40)); strings.Contains(s, "other places") || !strings.Contains(s, "Edge") {
		t.Errorf("unfolded\n%s", s)
	}
}

func TestAScriptsDeadProxyHasOneWordInTheTable(t *testing.T) {
	for state, want := range map[string]string{"refuses the connection": "× refused", "name does not resolve": "× name", "wants a login": "× login", "works": "√ ok"} {
		f := checks.Finding{Code: PACAnswer, Status: checks.Note, Args: map[string]string{"source": "Internet Options", "proxy": "http://gw.example:3128", "state": state, "used": "yes"}}
		got := ansi.Strip(screen(tuitest.Kit(false), []tui.Run{{Findings: []checks.Finding{f}}}).View(80, 18))
		if !strings.Contains(got, want+" ") && !strings.Contains(got, want+"\n") {
			t.Errorf("%q is not shown as %q:\n%s", state, want, got)
		}
	}
}

func TestProxyKeysAreThoseOfAllPanels(t *testing.T) {
	show := func() tui.Panel { return screen(tuitest.Kit(false), screenRuns()) }
	tuitest.Walk(t, show)
	p, _ := tuitest.Keys(show(), "u", "enter")
	if s := ansi.Strip(p.View(80, 18)); !strings.Contains(s, "Everything that was seen") {
		t.Errorf("Enter on who uses what shows\n%s", s)
	}
}

func TestProxySpeaksOtherLanguages(t *testing.T) {
	tuitest.Spoken(t, "proxy", func(k tui.Kit) tui.Panel { return screen(k, screenRuns()) })
}

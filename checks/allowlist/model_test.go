package allowlist

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"linecheck/checks"
	"linecheck/tui"
	"linecheck/tui/tuitest"
)

var screenSpec = tuitest.Register("allowlist-screen", `
path.open: {title: The way is open, text: "{subject} answered as the vendor does."}
path.too_slow: {title: Slower than the product waits, text: "{subject} answered, but the product waits 1 s only."}
path.wildcard: {title: a wildcard cannot be tested · 3 hosts in the logs, text: "{subject} stands for any name."}
tls.intercepted:
  title: Someone opened the encryption
  text: >-
    Someone on the way opened the encryption: the certificate comes from "{issuer}", not from the vendor's usual issuer.
    This computer trusts it, the product may not.
  fix: Exempt *.f-secure.com from inspection (the proxy's administrator).
tcp.dropped: {title: No connection, text: "{subject} does not take the connection."}
`)

type hop = checks.StageName

func path(host, route string, product bool, failed hop, f checks.Failure) *checks.Path {
	p := &checks.Path{Target: host + ":443", URL: "https://" + host + "/", Route: route, Family: "ipv4", Product: product, Required: true}
	for _, h := range []hop{checks.Resolve, checks.Connect, checks.Tunnel, checks.TLS, checks.HTTP, checks.Content} {
		if h == checks.Tunnel && route == "direct" {
			continue
		}
		if h == failed {
			p.Stages = append(p.Stages, checks.Stage{Name: h, Status: checks.Fail, Failure: f, Took: 9 * time.Millisecond, Error: "x509: no"})
			break
		}
		p.Stages = append(p.Stages, checks.Stage{Name: h, Status: checks.Pass, Took: 20 * time.Millisecond})
	}
	return p
}

func screenRuns(running bool) []tui.Run {
	gw := "http://gw.corp.example:8080"
	found := func(code checks.Code, st checks.Status, p *checks.Path, took time.Duration) checks.Finding {
		return checks.Finding{Code: code, Status: st, Subject: strings.TrimSuffix(p.Target, ":443"), View: "you, " + p.Route, Path: p, Took: took,
			Args: map[string]string{"issuer": "Zscaler Root CA"}}
	}
	r := tui.Run{Findings: []checks.Finding{
		found("path.open", checks.Pass, path("doorman.sc.fsapi.com", gw, true, "", ""), 182*time.Millisecond),
		found("tls.intercepted", checks.Fail, path("orsp.f-secure.com", gw, true, checks.TLS, checks.Intercepted), 61*time.Millisecond),
		found("path.too_slow", checks.Warn, path("guts2.sp.f-secure.com", gw, true, "", ""), 1900*time.Millisecond),
		found("tcp.dropped", checks.Note, path("doorman.sc.fsapi.com", "direct", false, checks.Connect, checks.Dropped), 4*time.Second),
		{Code: "path.wildcard", Status: checks.Note, Subject: "*.fsapi.com"},
	}}
	if running {
		w := path("api.sc.fsapi.com", gw, true, "", "")
		w.Stages = w.Stages[:1]
		r.Running, r.Progress, r.Walking = true, checks.Progress{Done: 9, Total: 14, Waiting: "api.sc.fsapi.com: waiting for TCP"}, []checks.Path{*w}
	}
	return []tui.Run{r}
}

func screen(kit tui.Kit, runs []tui.Run) tui.Panel {
	p, _, _ := newModel(screenSpec, kit).Update(tui.RunsMsg{Runs: runs})
	return p
}

func TestAllowlistScreens(t *testing.T) {
	for name, keys := range map[string][]string{"ribbon": nil, "compare": {"d"}, "evidence": {"enter"}} {
		tuitest.Screens(t, name, func(k tui.Kit) tui.Panel {
			// The text comes from outside the kit and may hold what ASCII has not.
			runs := screenRuns(name == "ribbon")
			runs[0].Findings[4].Code = "path.open"
			runs[0].Findings[4].Path = nil
			p, _ := tuitest.Keys(screen(k, runs), keys...)
			return p
		})
	}
}

func row(t *testing.T, view, name string) string {
	t.Helper()
	for l := range strings.Lines(ansi.Strip(view)) {
		if strings.Contains(l, name) {
			return strings.TrimRight(l, "\n ")
		}
	}
	t.Fatalf("no row for %s in\n%s", name, view)
	return ""
}

func TestADoubtfulHopIsMarkedWhereItIs(t *testing.T) {
	runs := screenRuns(false)
	for i, f := range runs[0].Findings {
		if f.Path == nil || !strings.HasPrefix(f.Path.Target, "orsp.") {
			continue
		}
		path := *f.Path
		path.Stages = []checks.Stage{{Name: checks.Resolve, Status: checks.Pass}, {Name: checks.Connect, Status: checks.Pass},
			{Name: checks.TLS, Status: checks.Warn, Failure: checks.Intercepted}, {Name: checks.HTTP, Status: checks.Pass}, {Name: checks.Content, Status: checks.Pass}}
		runs[0].Findings[i].Path, runs[0].Findings[i].Status = &path, checks.Warn
	}
	v := screen(tuitest.Kit(false), runs).View(80, 18)
	if s := row(t, v, "orsp.f-secure.com"); strings.Count(s, "√") != 2 || strings.Count(s, "!") != 2 || strings.Contains(s, "×") {
		t.Errorf("got %q", s)
	}
}

func TestNothingIsDrawnBehindTheBrokenHop(t *testing.T) {
	v := screen(tuitest.Kit(false), screenRuns(true)).View(80, 18)
	if s := row(t, v, "orsp.f-secure.com"); strings.Count(s, "√") != 3 || strings.Count(s, "×") != 1 || !strings.Contains(s, "re-signed by Zscaler") {
		t.Errorf("got %q", s)
	}
	if s := row(t, v, "api.sc.fsapi.com"); strings.Contains(s, "√") || !strings.Contains(s, "► waiting for TCP") {
		t.Errorf("got %q", s)
	}
	if s := row(t, v, "guts2"); !strings.HasSuffix(s, "1.9 s") || !strings.Contains(s, "! slow") {
		t.Errorf("got %q", s)
	}
}

func TestTheBrokenAddressStandsFirst(t *testing.T) {
	lines := strings.Split(ansi.Strip(screen(tuitest.Kit(false), screenRuns(false)).View(80, 18)), "\n")
	if !strings.Contains(lines[1], "orsp") {
		t.Errorf("got\n%s", strings.Join(lines, "\n"))
	}
}

func TestOtherWaysAreShownOnlyWhenAsked(t *testing.T) {
	p := screen(tuitest.Kit(false), screenRuns(false))
	if strings.Contains(ansi.Strip(p.View(80, 18)), "· direct") {
		t.Error("a comparison without asking")
	}
	p, _ = tuitest.Keys(p, "d")
	if s := row(t, p.View(80, 18), "· direct"); !strings.Contains(s, "silent") {
		t.Errorf("got %q", s)
	}
	p, _ = tuitest.Keys(p, "d")
	if strings.Contains(ansi.Strip(p.View(80, 18)), "· direct") {
		t.Error("it does not go away again")
	}
}

func TestAllowlistFits(t *testing.T) {
	var views []func(w, h int) string
	for _, n := range []int{0, 1, 24, 120} {
		for _, keys := range [][]string{nil, {"d"}, {"d", "end"}, {"enter"}} {
			p, _ := tuitest.Keys(screen(tuitest.Kit(n == 1), tuitest.Runs(n, "path.open", "tls.intercepted", "path.too_slow")), keys...)
			views = append(views, p.View)
		}
	}
	tuitest.Fits(t, views...)
}

func TestAnAddressThatAnswersAlikeOverBothFamiliesHasOneRow(t *testing.T) {
	walk := func(family string, code checks.Code, st checks.Status) checks.Finding {
		p := path("doorman.sc.fsapi.com", "direct", true, "", "")
		p.Family = family
		return checks.Finding{Code: code, Status: st, Subject: "doorman.sc.fsapi.com", View: "you, direct, " + family, Path: p}
	}
	for name, c := range map[string]struct {
		six  checks.Finding
		rows int
	}{
		"the same over both":      {walk("ipv6", "path.open", checks.Pass), 1},
		"IPv6 alone is cut":       {walk("ipv6", "tcp.dropped", checks.Fail), 2},
		"both are open, one slow": {walk("ipv6", "path.too_slow", checks.Warn), 2},
	} {
		t.Run(name, func(t *testing.T) {
			m := newModel(screenSpec, tui.Kit{}).(*model)
			m.Update(tui.RunsMsg{Runs: []tui.Run{{Findings: []checks.Finding{walk("ipv4", "path.open", checks.Pass), c.six}}}})
			if len(m.Items) != c.rows {
				t.Errorf("%d rows, want %d", len(m.Items), c.rows)
			}
		})
	}
}

func TestARowNamesItsWayWhereTheProductHasSeveral(t *testing.T) {
	walk := func(host, route string, product bool) checks.Finding {
		return checks.Finding{Code: "path.open", Status: checks.Pass, Subject: host, Path: path(host, route, product, "", "")}
	}
	const gw = "http://gw.corp.example:8080"
	for name, c := range map[string]struct {
		second string
		own    bool
		shown  bool
	}{
		"one way for all":                       {gw, true, false},
		"two ways":                              {"direct", true, true},
		"another way that is only a comparison": {"direct", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			v := screen(tuitest.Kit(false), []tui.Run{{Findings: []checks.Finding{walk("a.example.com", gw, true), walk("b.example.com", c.second, c.own)}}}).View(110, 18)
			if s := row(t, v, "a.example.com"); strings.Contains(s, "via gw.corp.example:8080") != c.shown {
				t.Errorf("got %q", s)
			}
		})
	}
}

func TestAllowlistKeysAreThoseOfAllPanels(t *testing.T) {
	tuitest.Walk(t, func() tui.Panel { return screen(tuitest.Kit(false), screenRuns(false)) })
}

func TestAllowlistSpeaksOtherLanguages(t *testing.T) {
	runs := screenRuns(true)
	runs[0].Walking[0].Stages = append(runs[0].Walking[0].Stages, checks.Stage{Name: checks.Connect, Note: "waiting for TCP, 3 of 5 s"})
	tuitest.Spoken(t, "ribbon", func(k tui.Kit) tui.Panel { return screen(k, runs) })
}

func TestAnAddressHasOneRowWhileBothFamiliesAreUnderWay(t *testing.T) {
	four := path("api.sc.fsapi.com", "direct", true, "", "")
	four.Stages = four.Stages[:1]
	six := *four
	six.Family = "ipv6"
	for name, c := range map[string]struct {
		walking []checks.Path
		rows    int
	}{"both": {[]checks.Path{six, *four}, 1}, "IPv6 alone": {[]checks.Path{six}, 1}} {
		v := ansi.Strip(screen(tuitest.Kit(false), []tui.Run{{Running: true, Walking: c.walking, Findings: screenRuns(false)[0].Findings[:1]}}).View(80, 18))
		if n := strings.Count(v, "api.sc.fsapi.com"); n != c.rows+1 { // and once in the line of progress
			t.Errorf("%s: %d times in\n%s", name, n, v)
		}
	}
}

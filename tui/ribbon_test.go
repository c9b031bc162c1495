package tui_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"linecheck/checks"
	"linecheck/tui"
	"linecheck/tui/tuitest"
)

// way makes a walk of hops written as "resolve ok, connect tcp.dropped": a failure's code, or a status.
func way(route, url, hops string) *checks.Path {
	p := &checks.Path{Target: "a.example:443", URL: url, Route: route}
	for hop := range strings.SplitSeq(hops, ", ") {
		name, what, _ := strings.Cut(hop, " ")
		s := checks.Stage{Name: checks.StageName(name)}
		switch what {
		case "ok":
			s.Status = checks.Pass
		case "warn":
			s.Status = checks.Warn
		case "waits":
			s.Note = "waiting for it, 3 of 5 s"
		case "":
		default:
			s.Status, s.Failure = checks.Fail, checks.Failure(what)
		}
		p.Stages = append(p.Stages, s)
	}
	return p
}

func ribbonRow(k tui.Walk, w int) (head, row string) {
	k.Name = "a.example"
	r := tui.Ribbon{Kit: tuitest.Kit(false), Walks: []tui.Walk{k}, Cursor: -1}
	lines := r.View(w, 5, &tui.Window{})
	return ansi.Strip(lines[0]), ansi.Strip(lines[1])
}

func TestTheBreakStandsUnderTheNameOfItsHop(t *testing.T) {
	const gw, url = "http://gw:8080", "https://a.example/"
	for name, c := range map[string]struct {
		path *checks.Path
		hop  string
		oks  int
	}{
		"a name that does not resolve":               {way("direct", url, "resolve dns.no_such_name"), "DNS", 0},
		"a dropped connection":                       {way("direct", url, "resolve ok, connect tcp.dropped"), "TCP", 1},
		"TLS":                                        {way("direct", url, "resolve ok, connect ok, tls tls.untrusted"), "TLS", 2},
		"the answer":                                 {way("direct", url, "resolve ok, connect ok, tls ok, http http.status"), "HTTP", 3},
		"the content":                                {way("direct", url, "resolve ok, connect ok, tls ok, http ok, content http.unexpected_content"), "content", 4},
		"a proxy's own name":                         {way(gw, url, "resolve proxy.unresolvable"), "proxy", 0},
		"a proxy that takes no connection":           {way(gw, url, "resolve ok, connect proxy.refused"), "proxy", 0},
		"a proxy that wants a login":                 {way(gw, url, "resolve ok, connect ok, tunnel proxy.auth_required"), "proxy", 0},
		"a proxy that cannot get there":              {way(gw, url, "resolve ok, connect ok, tunnel proxy.cannot_reach_target"), "TCP", 1},
		"TLS behind a proxy":                         {way(gw, url, "resolve ok, connect ok, tunnel ok, tls tls.expired"), "TLS", 3},
		"a proxy that denies a plain request":        {way(gw, "http://a.example/", "resolve ok, connect ok, http proxy.denied"), "proxy", 0},
		"a plain answer through a proxy":             {way(gw, "http://a.example/", "resolve ok, connect ok, http http.status"), "HTTP", 1},
		"a proxy by its address, which has no name":  {way(gw, url, "connect ok, tunnel ok, tls tls.reset_by_name"), "TLS", 3},
		"a walk to an address that is already known": {way("direct", url, "connect ok, tls tls.reset_by_name"), "TLS", 1},
	} {
		for _, w := range []int{80, 120, 200} {
			head, row := ribbonRow(tui.Walk{Path: c.path, Status: checks.Fail, Words: "why"}, w)
			at := strings.Index(row, "×")
			if at < 0 || strings.Count(row, "√") != c.oks || !strings.HasSuffix(row, "× why") {
				t.Errorf("%s, %d cells: %q", name, w, row)
				continue
			}
			if col := ansi.StringWidth(row[:at]); col != strings.Index(head, c.hop) {
				t.Errorf("%s, %d cells: the break does not stand under %s\n%s\n%s", name, w, c.hop, head, row)
			}
		}
		if _, row := ribbonRow(tui.Walk{Path: c.path, Status: checks.Fail, Words: "why"}, 40); !strings.HasSuffix(row, "× "+c.hop+": why") {
			t.Errorf("%s, 40 cells: %q does not name the hop", name, row)
		}
	}
}

func TestAHopThatAWalkDoesNotHaveIsALine(t *testing.T) {
	for name, c := range map[string]struct {
		path *checks.Path
		want string
	}{
		"no proxy":                 {way("direct", "https://a.example/", "resolve ok, connect ok, tls ok, http ok, content ok"), "───── ─────── √ ─── √ ─── √ ─── √ ──── √ ok"},
		"no encryption":            {way("direct", "http://a.example/", "resolve ok, connect ok, http ok, content ok"), "───── ─────── √ ─── √ ─── ───── √ ──── √ ok"},
		"a plain request by proxy": {way("http://gw", "http://a.example/", "resolve ok, connect ok, http ok, content ok"), "───── √ ───── ───── ───── ───── √ ──── √ ok"},
		"everything":               {way("http://gw", "https://a.example/", "resolve ok, connect ok, tunnel ok, tls warn, http ok, content ok"), "───── √ ───── √ ─── √ ─── ! ─── √ ──── √ ok"},
	} {
		if _, row := ribbonRow(tui.Walk{Path: c.path, Status: checks.Pass, Words: "ok"}, 120); !strings.HasSuffix(row, c.want) {
			t.Errorf("%s: %q, want %q", name, row, c.want)
		}
	}
}

func TestALiveWalkShowsWhatItWaitsForAndHowLong(t *testing.T) {
	for name, c := range map[string]struct {
		path *checks.Path
		hop  string
	}{
		"the name":               {way("direct", "https://a.example/", "resolve waits, connect , tls , http , content "), "DNS"},
		"TLS":                    {way("direct", "https://a.example/", "resolve ok, connect ok, tls waits, http , content "), "TLS"},
		"the proxy's connection": {way("http://gw", "https://a.example/", "resolve ok, connect waits, tunnel , tls "), "proxy"},
		"the content":            {way("direct", "https://a.example/", "resolve ok, connect ok, tls ok, http ok, content waits"), "content"},
	} {
		head, row := ribbonRow(tui.Walk{Path: c.path, Live: true}, 120)
		at := strings.Index(row, "► waiting for it, 3 of 5 s")
		if at < 0 || ansi.StringWidth(row[:at]) != strings.Index(head, c.hop) {
			t.Errorf("%s:\n%s\n%s", name, head, row)
		}
	}
}

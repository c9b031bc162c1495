package allowlist

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/probe"
)

var old = &url.URL{Scheme: "http", Host: "old.corp.example:3128"}

// scripted is the route of a script: for each address, the ways in their order.
func scripted(p *assets.Profile, ways ...[]*url.URL) checks.Fact {
	r := checks.Route{Known: true, Source: "PAC file", Each: map[string][]*url.URL{}}
	for i, e := range p.Endpoints {
		r.Each[e.URL()] = ways[min(i, len(ways)-1)]
	}
	return checks.Fact{Name: checks.FactRoute, Value: r}
}

func TestWaysAreTriedInTheirOrder(t *testing.T) {
	direct := (*url.URL)(nil)
	for name, c := range map[string]struct {
		set   func(*wire)
		ways  []*url.URL
		want  []string
		tried string
	}{
		"a dead first proxy is passed over": {func(w *wire) { w.oldGate(refused()) }, []*url.URL{old, gw},
			[]string{"pass path.open h00 gw.corp.example:3128"}, "http://old.corp.example:3128 (refused), http://gw.corp.example:3128"},
		"a first proxy without a name is passed over": {func(*wire) {}, []*url.URL{old, gw},
			[]string{"pass path.open h00 gw.corp.example:3128"}, "http://old.corp.example:3128 (unresolvable), http://gw.corp.example:3128"},
		"a proxy that wants a login ends it": {func(w *wire) { w.oldGate(says("HTTP/1.1 407 Login\r\nProxy-Authenticate: NTLM\r\n\r\n")) }, []*url.URL{old, direct},
			[]string{"fail proxy.auth_required h00 old.corp.example:3128", "note path.open h00 direct ipv4", "note path.open h00 direct ipv6"}, ""},
		"the first that works ends it": {func(w *wire) { w.oldGate(okay) }, []*url.URL{old, gw},
			[]string{"pass path.open h00 old.corp.example:3128"}, ""},
		"closed directly, open through the next": {func(w *wire) { w.each(0, refused(), noRoute()) }, []*url.URL{direct, gw},
			[]string{"pass path.open h00 gw.corp.example:3128"}, "direct (refused), http://gw.corp.example:3128"},
		"silent directly, open through the next": {func(w *wire) { w.each(0, silent{}, silent{}) }, []*url.URL{direct, gw},
			[]string{"pass path.open h00 gw.corp.example:3128", "warn path.first_silent h00"}, "direct (dropped), http://gw.corp.example:3128"},
		"a wrong answer is an answer, and nothing else is tried": {func(w *wire) { w.each(0, says("HTTP/1.1 500 No\r\n\r\n"), nil); w.only4(0) }, []*url.URL{direct, gw},
			[]string{"fail http.status h00 direct ipv4", "note path.open h00 gw.corp.example:3128", portalUnclear}, ""},
		"where all fail the first counts": {func(w *wire) { w.oldGate(refused()); w.gate(silent{}) }, []*url.URL{old, gw},
			[]string{"fail proxy.refused h00 old.corp.example:3128", "note path.open h00 direct ipv4", "note path.open h00 direct ipv6"},
			"http://old.corp.example:3128 (refused), http://gw.corp.example:3128 (unreachable)"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, w := product(1)
				c.set(w)
				e := env(p, w, scripted(p, c.ways))
				if c.want[0] != portalUnclear && strings.HasPrefix(c.want[0], "fail http") {
					route := e.Facts[checks.FactRoute].(checks.Route)
					route.Others = []checks.Other{{Proxy: gw, Source: "PAC file"}}
					e.Facts[checks.FactRoute] = route
				}
				res := look(t, t.Context(), e)
				if got := briefs(res.Findings); !slices.Equal(got, c.want) {
					t.Errorf("found\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(c.want, "\n  "))
				}
				f := res.Findings[0]
				if f.Arg("ways_tried") != c.tried {
					t.Errorf("tried %q, want %q", f.Arg("ways_tried"), c.tried)
				}
				if told := slices.ContainsFunc(f.Evidence, func(e checks.Evidence) bool { return e.Source == "tried too" }); told != (c.tried != "") {
					t.Errorf("the evidence of the failed ways is there: %v", told)
				}
			})
		})
	}
}

func TestEachAddressGoesItsOwnWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, w := product(3)
		for i := range 3 {
			w.only4(i)
		}
		w.each(1, refused(), nil) // only through the proxy
		w.oldGate(okay)
		res := look(t, t.Context(), env(p, w, scripted(p, []*url.URL{nil}, []*url.URL{gw}, []*url.URL{old})))
		want := []string{"pass path.open h00 direct ipv4", "pass path.open h01 gw.corp.example:3128", "pass path.open h02 old.corp.example:3128"}
		if got := briefs(res.Findings); !slices.Equal(got, want) {
			t.Errorf("found %q", got)
		}
		answers, _ := res.Facts[0].Value.([]probe.Answer)
		if len(answers) != 3 || res.Facts[0].Name != probe.FactAnswers {
			t.Errorf("%d answers are told as %s", len(answers), res.Facts[0].Name)
		}
	})
}

func TestTheProductsOwnTriesAreReplayed(t *testing.T) {
	for name, c := range map[string]struct {
		answers []any // of the first, second and third connection
		rule    assets.Retry
		want    string
		tries   string
		took    time.Duration
	}{
		"one answer is enough":                       {[]any{okay}, assets.Retry{Tries: 3, WaitMS: 5000}, "pass path.open h00 direct ipv4", "1", 0},
		"what gets through the second time counts":   {[]any{silent{}, okay}, assets.Retry{Tries: 3, WaitMS: 5000}, "pass path.open h00 direct ipv4", "2", 5 * time.Second},
		"silence three times is silence":             {[]any{silent{}, silent{}, silent{}, okay}, assets.Retry{Tries: 3, WaitMS: 5000}, "fail tcp.dropped h00 direct ipv4", "3", 15 * time.Second},
		"a product without a rule tries once":        {[]any{silent{}, okay}, assets.Retry{}, "fail tcp.dropped h00 direct ipv4", "1", 4 * time.Second},
		"a refusal is not tried again":               {[]any{refused(), okay}, assets.Retry{Tries: 3, WaitMS: 5000}, "fail tcp.refused h00 direct ipv4", "1", 0},
		"a silent answer is tried again":             {[]any{mute, okay}, assets.Retry{Tries: 2, WaitMS: 1000}, "pass path.open h00 direct ipv4", "2", 5 * time.Second},
		"a way that is cut is tried again":           {[]any{cut, cut, okay}, assets.Retry{Tries: 3, WaitMS: 1000}, "pass path.open h00 direct ipv4", "3", 0},
		"the wait is the product's, not linecheck's": {[]any{silent{}, silent{}}, assets.Retry{Tries: 2, WaitMS: 2000}, "fail tcp.dropped h00 direct ipv4", "2", 4 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, w := product(1)
				p.Retry = c.rule
				w.only4(0)
				w.each(0, turns(c.answers), nil)
				start := time.Now()
				f := look(t, t.Context(), env(p, w, checks.Fact{Name: checks.FactRoute, Value: checks.Route{Known: true}})).Findings[0]
				if brief(f) != c.want || f.Arg("tries") != c.tries {
					t.Errorf("%s after %s tries, want %s after %s", brief(f), f.Arg("tries"), c.want, c.tries)
				}
				if took := time.Since(start); took != c.took {
					t.Errorf("it took %s, want %s", took, c.took)
				}
				if text := checks.TextOf("allowlist", f).Text; (c.tries != "1") != strings.Contains(text, "tries") {
					t.Errorf("after %s tries it reads %q", c.tries, text)
				}
			})
		})
	}
}

func TestThreeTriesOfEverythingEndInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, w := product(14)
		p.Retry = assets.Retry{Tries: 3, WaitMS: 5000}
		for i := range p.Endpoints {
			w.each(i, silent{}, silent{})
		}
		w.gate(silent{})
		start := time.Now()
		res := look(t, t.Context(), env(p, w, beside))
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("it took %s", took)
		}
		for _, f := range res.Findings {
			if f.Path != nil && f.Path.Product && f.Code != "tcp.dropped" {
				t.Errorf("%s %s", brief(f), f.Arg("reason"))
			}
		}
	})
}

func TestTheHealthyAreComparedWithNothing(t *testing.T) {
	for name, route := range map[string]checks.Fact{"direct": beside, "through a proxy": viaGW} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, w := product(40)
				w.slow = 500 * time.Millisecond
				for _, f := range look(t, t.Context(), env(p, w, route)).Findings {
					if f.Path == nil || !f.Path.Product || f.Status != checks.Pass {
						t.Errorf("%s", brief(f))
					}
				}
			})
		})
	}
}

func TestOneThatKeepsWaitingIsComparedMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, w := product(2)
		w.only4(0)
		w.each(0, silent{}, nil)
		start := time.Now()
		res := look(t, t.Context(), env(p, w, beside))
		if took := time.Since(start); took != checks.ConnectWait {
			t.Errorf("the comparison added to the wait: %s", took)
		}
		if got := briefs(res.Findings); !slices.Contains(got, "note path.open h00 gw.corp.example:3128") || len(got) != 4 {
			t.Errorf("found %q", got)
		}
	})
}

func (n *wire) only4(i int) { delete(n.names, "ip6 "+name(i)) }

func (n *wire) oldGate(at any) {
	a := netip.MustParseAddr("10.0.0.9")
	n.names["ip4 old.corp.example"] = a
	n.ports[netip.AddrPortFrom(a, 3128)] = at
}

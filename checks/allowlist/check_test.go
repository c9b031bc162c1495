package allowlist

import (
	"context"
	"fmt"
	"net/netip"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/assets"
	"linecheck/checks"
)

var (
	gw     = &url.URL{Scheme: "http", Host: "gw.corp.example:3128"}
	direct = checks.Fact{Name: checks.FactRoute, Value: checks.Route{Known: true, Source: "nothing is set"}}
	viaGW  = checks.Fact{Name: checks.FactRoute, Value: checks.Route{Known: true, Proxy: gw, Source: "the product's own setting", Where: `HKLM\x`}}
	beside = checks.Fact{Name: checks.FactRoute, Value: checks.Route{Known: true, Others: []checks.Other{{Source: "PAC"}, {Proxy: gw, Source: "Internet Options", Whose: "you"}}}}
)

// portalUnclear is what comes on top where somebody answered wrongly: this wire knows no portal.
var portalUnclear = "note path.portal_unclear " + portals(runtime.GOOS)[1].Endpoint().Host

// brief writes a finding in one line: status, code, host number or subject, route and family.
func brief(f checks.Finding) string {
	s := f.Status.String() + " " + string(f.Code) + " " + strings.TrimSuffix(f.Subject, ".vendor.example")
	if f.Path != nil {
		s += " " + strings.TrimPrefix(f.Path.Route, "http://")
		if f.Path.Family != "" {
			s += " " + f.Path.Family
		}
	}
	return s
}

func briefs(found []checks.Finding) []string {
	var out []string
	for _, f := range found {
		out = append(out, brief(f))
	}
	return out
}

func TestWhatIsFound(t *testing.T) {
	for name, c := range map[string]struct {
		hosts int
		set   func(*assets.Profile, *wire)
		route checks.Fact
		want  []string
	}{
		"an open line is proven in both families": {1, func(*assets.Profile, *wire) {}, direct, []string{
			"pass path.open h00 direct ipv4", "pass path.open h00 direct ipv6"}},
		"a family without an address is left out": {1, func(_ *assets.Profile, w *wire) { delete(w.names, "ip6 "+name(0)) }, direct, []string{
			"pass path.open h00 direct ipv4"}},
		"a name without any address is told once": {1, func(_ *assets.Profile, w *wire) { delete(w.names, "ip6 "+name(0)); delete(w.names, "ip4 "+name(0)) }, direct, []string{
			"fail dns.no_such_name h00 direct"}},
		"silent DNS is told once": {1, func(_ *assets.Profile, w *wire) {
			w.names["ip4 "+name(0)], w.names["ip6 "+name(0)] = silent{}, silent{}
		}, direct, []string{"fail dns.no_answer h00 direct"}},
		"a dead IPv6 does not hide a living IPv4": {1, func(_ *assets.Profile, w *wire) { w.each(0, okay, silent{}) }, direct, []string{
			"pass path.open h00 direct ipv4", "warn tcp.family_broken h00 direct ipv6"}},
		"a dead IPv4 does not hide a living IPv6": {1, func(_ *assets.Profile, w *wire) { w.each(0, refused(), okay) }, direct, []string{
			"warn tcp.family_broken h00 direct ipv4", "pass path.open h00 direct ipv6"}},
		"a machine without IPv6 is in order and told once": {2, func(_ *assets.Profile, w *wire) { w.each(0, okay, noRoute()); w.each(1, okay, noRoute()) }, direct, []string{
			"pass path.open h00 direct ipv4", "pass path.open h01 direct ipv4", "note path.no_family IPv6"}},
		"a machine with IPv6 alone is in order": {1, func(_ *assets.Profile, w *wire) { w.each(0, noRoute(), okay) }, direct, []string{
			"pass path.open h00 direct ipv6", "note path.no_family IPv4"}},
		"a dead IPv6 is not what stops a product whose IPv4 is answered by somebody else": {1, func(_ *assets.Profile, w *wire) {
			w.each(0, says("HTTP/1.1 500 No\r\n\r\n"), silent{})
		}, direct, []string{"fail http.status h00 direct ipv4", "warn tcp.family_broken h00 direct ipv6", portalUnclear}},
		"no route in one family does not hide the other's failure": {1, func(_ *assets.Profile, w *wire) { w.each(0, refused(), noRoute()) }, direct, []string{
			"fail tcp.refused h00 direct ipv4"}},
		"no route at all is told once": {1, func(_ *assets.Profile, w *wire) { w.each(0, noRoute(), noRoute()) }, direct, []string{
			"fail tcp.no_route h00 direct ipv4"}},
		"both families dead are two failures": {1, func(_ *assets.Profile, w *wire) { w.each(0, silent{}, refused()) }, direct, []string{
			"fail tcp.dropped h00 direct ipv4", "fail tcp.refused h00 direct ipv6"}},
		"a family that fails behind the connection is a failure": {1, func(_ *assets.Profile, w *wire) { w.each(0, okay, says("HTTP/1.1 500 No\r\n\r\n")) }, direct, []string{
			"pass path.open h00 direct ipv4", "fail http.status h00 direct ipv6", portalUnclear}},
		"a filter that answers in one family alone does not stop the product": {1, func(_ *assets.Profile, w *wire) {
			w.names["ip6 "+name(0)] = netip.IPv6Unspecified()
			w.ports[netip.AddrPortFrom(netip.IPv6Unspecified(), 80)] = refused()
		}, direct, []string{"pass path.open h00 direct ipv4", "warn dns.sinkhole h00 direct ipv6"}},
		"a family whose lookup fails does not spoil the other one": {1, func(_ *assets.Profile, w *wire) { w.names["ip6 "+name(0)] = errOdd }, direct, []string{
			"pass path.open h00 direct ipv4"}},
		"an endpoint given as an address has one family": {1, func(p *assets.Profile, _ *wire) { p.Endpoints[0].Host = four(0).String() }, direct, []string{
			"pass path.open 203.0.113.0 direct ipv4"}},
		"optional and uncertain endpoints only warn": {2, func(p *assets.Profile, w *wire) {
			p.Endpoints[0].Required, p.Endpoints[1].Mark = false, assets.Inferred
			w.each(0, refused(), noRoute())
			w.each(1, refused(), noRoute())
		}, direct, []string{"warn tcp.refused h01 direct ipv4", "warn tcp.refused h00 direct ipv4"}},

		"where the product's way works nothing else is walked": {1, func(_ *assets.Profile, w *wire) { w.each(0, refused(), noRoute()) }, viaGW, []string{
			"pass path.open h00 gw.corp.example:3128"}},
		"the product's proxy is dead and direct works": {1, func(_ *assets.Profile, w *wire) { delete(w.names, "ip4 gw.corp.example") }, viaGW, []string{
			"fail proxy.unresolvable h00 gw.corp.example:3128", "note path.open h00 direct ipv4", "note path.open h00 direct ipv6"}},
		"direct is closed and another source's proxy works": {1, func(_ *assets.Profile, w *wire) { w.each(0, refused(), noRoute()) }, beside, []string{
			"fail tcp.refused h00 direct ipv4", "note path.open h00 gw.corp.example:3128"}},
		"a forgotten proxy that is dead hides the one behind it that works": {1, func(_ *assets.Profile, w *wire) { w.each(0, refused(), noRoute()) },
			checks.Fact{Name: checks.FactRoute, Value: checks.Route{Known: true, Others: []checks.Other{
				{Proxy: &url.URL{Scheme: "http", Host: "old.corp.example:3128"}, Source: "environment"}, {Proxy: gw, Source: "Internet Options", Whose: "you"}}}}, []string{
				"fail tcp.refused h00 direct ipv4", "note path.open h00 gw.corp.example:3128", "note proxy.unresolvable h00 old.corp.example:3128"}},
		"a dead family of a comparison is a note": {1, func(_ *assets.Profile, w *wire) { w.each(0, okay, refused()); w.gate(refused()) }, viaGW, []string{
			"fail proxy.refused h00 gw.corp.example:3128", "note path.open h00 direct ipv4", "note tcp.family_broken h00 direct ipv6"}},
		"only the address that fails is compared": {2, func(_ *assets.Profile, w *wire) { w.each(1, refused(), noRoute()) }, beside, []string{
			"pass path.open h00 direct ipv4", "pass path.open h00 direct ipv6",
			"fail tcp.refused h01 direct ipv4", "note path.open h01 gw.corp.example:3128"}},
		"a proxy that another source names as well is not walked twice": {1, func(_ *assets.Profile, w *wire) { w.gate(refused()) }, checks.Fact{Name: checks.FactRoute, Value: checks.Route{Known: true, Proxy: gw,
			Others: []checks.Other{{Proxy: &url.URL{Scheme: "HTTP", Host: "GW.corp.example:3128"}}}}}, []string{
			"fail proxy.refused h00 gw.corp.example:3128", "note path.open h00 direct ipv4", "note path.open h00 direct ipv6"}},
		"a closed comparison is not walked to its end": {6, func(_ *assets.Profile, w *wire) {
			w.gate(silent{})
			for i := range 6 {
				delete(w.names, "ip6 "+name(i))
				w.each(i, silent{}, silent{})
			}
		}, viaGW, []string{
			"fail proxy.unreachable h00 gw.corp.example:3128", "note tcp.dropped h00 direct ipv4",
			"fail proxy.unreachable h01 gw.corp.example:3128", "note tcp.dropped h01 direct ipv4",
			"fail proxy.unreachable h02 gw.corp.example:3128", "fail proxy.unreachable h03 gw.corp.example:3128",
			"fail proxy.unreachable h04 gw.corp.example:3128", "fail proxy.unreachable h05 gw.corp.example:3128",
			"note path.not_tried h02.vendor.example, h03.vendor.example and 2 more"}},
		"a comparison goes on when its scouts die of different things": {3, func(_ *assets.Profile, w *wire) {
			w.gate(refused())
			for i := range 3 {
				delete(w.names, "ip6 "+name(i))
			}
			w.each(0, silent{}, nil)
			w.each(1, mute, nil)
		}, viaGW, []string{
			"fail proxy.refused h00 gw.corp.example:3128", "note tcp.dropped h00 direct ipv4",
			"fail proxy.refused h01 gw.corp.example:3128", "note http.no_answer h01 direct ipv4",
			"fail proxy.refused h02 gw.corp.example:3128", "note path.open h02 direct ipv4"}},
		"a comparison goes on when its scouts meet what belongs to the endpoints": {3, func(_ *assets.Profile, w *wire) {
			w.gate(refused())
			for i := range 3 {
				delete(w.names, "ip6 "+name(i))
				w.each(i, says("HTTP/1.1 500 No\r\n\r\n"), nil)
			}
		}, viaGW, []string{
			"fail proxy.refused h00 gw.corp.example:3128", "note http.status h00 direct ipv4",
			"fail proxy.refused h01 gw.corp.example:3128", "note http.status h01 direct ipv4",
			"fail proxy.refused h02 gw.corp.example:3128", "note http.status h02 direct ipv4", portalUnclear}},
		"a kind of proxy that cannot be walked is not called broken": {1, func(_ *assets.Profile, w *wire) { w.each(0, refused(), noRoute()) }, checks.Fact{Name: checks.FactRoute, Value: checks.Route{Known: true,
			Others: []checks.Other{{Proxy: &url.URL{Scheme: "quic", Host: "gw.corp.example:1080"}}}}}, []string{
			"fail tcp.refused h00 direct ipv4", "note path.not_tried h00 quic://gw.corp.example:1080"}},

		"a variable without a value is no failure": {2, func(p *assets.Profile, w *wire) {
			p.Endpoints[1].Host, p.Endpoints[1].When = "sps.corp.example", "local_sps"
			p.Vars = map[string]assets.Var{"local_sps": {Help: "the local server"}}
		}, direct, []string{"pass path.open h00 direct ipv4", "pass path.open h00 direct ipv6", "skipped path.not_configured sps.corp.example"}},
		"wildcards are said to be untestable": {1, func(p *assets.Profile, _ *wire) { p.Wildcards = []string{"*.vendor.example", "*.other.example"} }, direct, []string{
			"pass path.open h00 direct ipv4", "pass path.open h00 direct ipv6", "note path.wildcard *.other.example", "note path.wildcard *"}},
		"a profile without endpoints passes nothing": {0, func(*assets.Profile, *wire) {}, direct, []string{"skipped path.none Test Cloud"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, w := product(c.hosts)
				c.set(p, w)
				res := look(t, t.Context(), env(p, w, c.route))
				if got := briefs(res.Findings); !slices.Equal(got, c.want) {
					t.Errorf("found\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(c.want, "\n  "))
				}
			})
		})
	}
}

// look runs the check and holds what is true of every run.
func look(t *testing.T, ctx context.Context, e checks.Env) checks.Result {
	t.Helper()
	var mu sync.Mutex
	var told []checks.Finding
	var last checks.Progress
	res, err := check{}.Run(ctx, e, func(ev checks.Event) {
		mu.Lock()
		defer mu.Unlock()
		switch ev := ev.(type) {
		case checks.Found:
			told = append(told, ev.Finding)
		case checks.Progress:
			if ev.Done < last.Done || ev.Done > ev.Total {
				t.Errorf("progress went from %+v to %+v", last, ev)
			}
			last = ev
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(told) != len(res.Findings) {
		t.Errorf("%d findings were told and %d returned", len(told), len(res.Findings))
	}
	if ctx.Err() == nil && last.Done != last.Total {
		t.Errorf("the last progress was %+v", last)
	}
	codes := check{}.Spec().Codes
	for _, f := range res.Findings {
		if !slices.Contains(codes, f.Code) {
			t.Errorf("%s is not in the spec", f.Code)
		}
		if text := checks.TextOf("allowlist", f); strings.ContainsAny(text.Title+text.Text+text.Fix+text.Say, "{}") || len([]rune(text.Title)) > 40 {
			t.Errorf("%s reads %+v", f.Code, text)
		}
		if f.Path != nil && !f.Path.Product && f.Status != checks.Note {
			t.Errorf("a comparison is %s", brief(f))
		}
	}
	return res
}

func TestEverythingSilentEndsInTime(t *testing.T) {
	const hosts = 14
	for name, c := range map[string]struct {
		set   func(*wire)
		tls   bool
		route checks.Fact
		code  checks.Code
		left  int
	}{
		"no packet comes back, the product goes direct": {func(w *wire) {
			for i := range hosts {
				w.each(i, silent{}, silent{})
			}
			w.ports[netip.AddrPortFrom(gate, 3128)] = silent{}
		}, false, beside, "tcp.dropped", 1},
		"no packet comes back, the product has a proxy": {func(w *wire) {
			for i := range hosts {
				w.each(i, silent{}, silent{})
			}
			w.ports[netip.AddrPortFrom(gate, 3128)] = silent{}
		}, false, viaGW, "proxy.unreachable", 1},
		"DNS is silent": {func(w *wire) {
			for i := range hosts {
				w.names["ip4 "+name(i)], w.names["ip6 "+name(i)] = silent{}, silent{}
			}
			w.names["ip4 gw.corp.example"] = silent{}
		}, false, beside, "dns.no_answer", 1},
		"every connection stands and every handshake is silent": {func(w *wire) {
			for i := range hosts {
				w.each(i, mute, mute)
			}
			w.ports[netip.AddrPortFrom(gate, 3128)] = mute
		}, true, beside, "tls.no_answer", 1},
		"the proxy takes every connection and says nothing": {func(w *wire) {
			for i := range hosts {
				w.each(i, silent{}, silent{})
			}
			w.ports[netip.AddrPortFrom(gate, 3128)] = mute
		}, true, viaGW, "proxy.no_answer", 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, w := product(hosts)
				c.set(w)
				if c.tls {
					for i := range p.Endpoints {
						p.Endpoints[i].Scheme = "https"
					}
				}
				start := time.Now()
				res := look(t, t.Context(), env(p, w, c.route))
				if took := time.Since(start); took > 20*time.Second {
					t.Errorf("the check took %s", took)
				}
				failed, left := map[string]bool{}, 0
				for _, f := range res.Findings {
					switch {
					case f.Status == checks.Pass:
						t.Errorf("passed: %s", brief(f))
					case f.Status == checks.Fail && f.Code == c.code:
						failed[f.Subject] = true
					case f.Status == checks.Unknown:
						t.Errorf("not walked in time: %s", brief(f))
					case f.Code == "path.not_tried":
						left++
					}
				}
				if len(failed) != hosts || left != c.left {
					t.Errorf("%d hosts failed with %s and %d comparisons were left out:\n%s", len(failed), c.code, left, strings.Join(briefs(res.Findings), "\n"))
				}
			})
		})
	}
}

func TestWalksAreBoundedAndNamesAskedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, w := product(16) // the first is optional and another one is there four times: two full rounds of required ones
		w.slow = time.Second
		p.Endpoints[0].Required = false
		for i := range 3 {
			p.Endpoints = slices.Insert(p.Endpoints, 1, p.Endpoints[1])
			p.Endpoints[1].Path = fmt.Sprint("/other", i)
		}
		look(t, t.Context(), env(p, w, beside))
		if w.most != most || w.mostTo != checks.MostToHost {
			t.Errorf("%d connections were tried at once, %d to one address, want %d and %d", w.most, w.mostTo, most, checks.MostToHost)
		}
		for q, n := range w.asked {
			if n != 1 {
				t.Errorf("%s was asked for %d times", q, n)
			}
		}
		for i, a := range w.dialled[:24] {
			if a.Addr() == four(0) || a.Addr() == six(0) || a.Addr() == gate {
				t.Errorf("%s was dialled at place %d, before all required endpoints", a, i)
			}
		}
	})
}

func TestCalledOffRunPassesAndFailsNothing(t *testing.T) {
	for _, after := range []time.Duration{0, 100 * time.Millisecond, 1500 * time.Millisecond} {
		t.Run(fmt.Sprint("after ", after), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, w := product(14)
				w.slow = time.Second
				for i := range p.Endpoints {
					p.Endpoints[i].Scheme = "https"
					w.each(i, mute, mute)
				}
				w.ports[netip.AddrPortFrom(gate, 3128)] = mute
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(after, cancel)
				if after == 0 {
					cancel()
				}
				start := time.Now()
				res := look(t, ctx, env(p, w, viaGW))
				if took := time.Since(start); took > after {
					t.Errorf("it took %s after it was called off", took-after)
				}
				hosts := map[string]bool{}
				for _, f := range res.Findings {
					if f.Status != checks.Unknown && f.Status != checks.Note {
						t.Errorf("%s although nothing was walked", brief(f))
					}
					if f.Status == checks.Unknown && f.Arg("reason") != "" {
						hosts[f.Subject] = true
					}
				}
				if len(hosts) != 14 || checks.Overall(res.Findings) != checks.Unknown {
					t.Errorf("%d hosts are accounted for, overall %s", len(hosts), checks.Overall(res.Findings))
				}
			})
		})
	}
}

func TestAnUnknownRouteIsSaidToBeAssumed(t *testing.T) {
	for name, facts := range map[string][]checks.Fact{
		"nothing was learned":    nil,
		"no source can be read":  {{Name: checks.FactRoute, Value: checks.Route{Proxy: gw}}},
		"the fact is of no kind": {{Name: checks.FactRoute, Value: "direct"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, w := product(1)
				for _, f := range look(t, t.Context(), env(p, w, facts...)).Findings {
					if f.Arg("assumed") != "yes" || f.Path.Route != "direct" || f.Path.Product || f.Status != checks.Note {
						t.Errorf("%s: assumed is %q; a way that nobody knows to be the product's clears or accuses", brief(f), f.Arg("assumed"))
					}
				}
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		p, w := product(1)
		f := look(t, t.Context(), env(p, w, viaGW)).Findings[0]
		if f.Arg("assumed") != "" || f.Arg("source") != "the product's own setting" || f.Arg("where") != `HKLM\x` || f.Arg("tries") != "1" {
			t.Errorf("%s has %v", brief(f), f.Args)
		}
	})
}

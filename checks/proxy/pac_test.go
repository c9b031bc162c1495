package proxy

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
	"linecheck/checks/host/hosttest"
)

const pacURL = "http://pac.corp.example/proxy.pac"

func TestPACFilesAreFetchedOnceAndRun(t *testing.T) {
	named := func(w *world) { w.options(nsKey, 4, "", "", pacURL) }
	cases := map[string]struct {
		setup   func(w *world)
		finding string // code, status, mode, used of the service account's first finding
		args    map[string]string
		route   string
		others  string
	}{
		"a script that is there gives the way": {func(w *world) {
			named(w)
			w.proxy("pac.corp.example", "192.0.2.80", 80, page(200, pacBody))
			w.proxy("gw.corp.example", "192.0.2.1", 8080, w.tunnel)
			w.Network.Names["old.corp.example"] = hosttest.Name{Err: hosttest.NotFound("old.corp.example")}
		}, "proxy.pac_answer note pac yes", map[string]string{
			"summary": "http://gw.corp.example:8080 (works), then http://old.corp.example:3128 (name does not resolve), then direct"},
			"http://gw.corp.example:8080", "http://old.corp.example:3128"},
		"without an engine the way is unknown and its proxies are named": {func(w *world) {
			named(w)
			w.Scripts = noEngine{}
			w.proxy("pac.corp.example", "192.0.2.80", 80, page(200, pacBody))
			w.proxy("gw.corp.example", "192.0.2.1", 8080, w.tunnel)
			w.Network.Names["old.corp.example"] = hosttest.Name{Err: hosttest.NotFound("old.corp.example")}
		}, "proxy.pac_not_run unknown pac yes", map[string]string{
			"candidates": "http://gw.corp.example:8080 (works), http://old.corp.example:3128 (proxy.unresolvable)",
			"reason":     "this system has no engine that could run it"},
			"unknown", "http://gw.corp.example:8080 http://old.corp.example:3128"},
		"an engine that says only that it failed leaves the way unknown": {func(w *world) {
			named(w)
			w.Scripts = failing{&host.ScriptError{Fault: host.ScriptUnclear, Text: "12178"}}
			w.proxy("pac.corp.example", "192.0.2.80", 80, page(200, pacBody))
			w.proxy("gw.corp.example", "192.0.2.1", 8080, w.tunnel)
			w.Network.Names["old.corp.example"] = hosttest.Name{Err: hosttest.NotFound("old.corp.example")}
		}, "proxy.pac_not_run unknown pac yes", nil, "unknown", "http://gw.corp.example:8080 http://old.corp.example:3128"},
		"a script that throws sends programs directly": {func(w *world) {
			named(w)
			w.proxy("pac.corp.example", "192.0.2.80", 80, page(200, "function FindProxyForURL(u,h){\n return nobody.home; }"))
		}, "proxy.pac_error fail pac yes", map[string]string{"fault": "error", "line": "2"}, "direct", ""},
		"an answer without the word PROXY sends programs directly": {func(w *world) {
			named(w)
			w.proxy("pac.corp.example", "192.0.2.80", 80, page(200, "function FindProxyForURL(u,h){ return 'gw.corp.example:8080'; }"))
		}, "proxy.pac_error fail pac yes", map[string]string{"fault": "no way", "reason": "its answer names no way out"}, "direct", ""},
		"a script that excepts the product names a proxy for others": {func(w *world) {
			named(w)
			w.proxy("pac.corp.example", "192.0.2.80", 80, page(200, "function FindProxyForURL(u,h){ return h == 'intranet' ? 'PROXY gw.corp.example:8080' : 'DIRECT'; }"))
			w.proxy("gw.corp.example", "192.0.2.1", 8080, w.tunnel)
		}, "proxy.pac_answer note pac yes", nil, "direct", "http://gw.corp.example:8080"},
		"a script that is no script": {func(w *world) {
			named(w)
			w.proxy("pac.corp.example", "192.0.2.80", 80, page(200, "function FindProxyForURL(u,h){\n return ; } }"))
		}, "proxy.pac_error fail pac yes", map[string]string{"fault": "syntax", "line": "2"}, "direct", ""},
		"a script that never ends": {func(w *world) {
			named(w)
			w.Scripts = failing{&host.ScriptError{Fault: host.ScriptEndless, Text: "5 s are over"}}
			w.proxy("pac.corp.example", "192.0.2.80", 80, page(200, "function FindProxyForURL(u,h){ for(;;); }"))
		}, "proxy.pac_error fail pac yes", map[string]string{"fault": "endless", "reason": "it does not come to an end"}, "direct", ""},
		"a script that only speaks of the function": {func(w *world) {
			named(w)
			w.proxy("pac.corp.example", "192.0.2.80", 80, page(200, "// FindProxyForURL stood here"))
		}, "proxy.pac_error fail pac yes", map[string]string{"fault": "no function"}, "direct", ""},
		"a script that asks for the machine's address": {func(w *world) {
			named(w)
			w.Network.Own = []netip.Addr{netip.MustParseAddr("192.0.2.77")}
			w.proxy("pac.corp.example", "192.0.2.80", 80, page(200, "function FindProxyForURL(u,h){ return isInNet(myIpAddress(),'192.0.2.0','255.255.255.0') ? 'PROXY gw.corp.example:8080' : 'DIRECT'; }"))
			w.proxy("gw.corp.example", "192.0.2.1", 8080, w.tunnel)
		}, "proxy.pac_answer note pac yes", nil, "http://gw.corp.example:8080", ""},
		"a script that asks DNS": {func(w *world) {
			named(w)
			w.Network.Name("only-inside.corp.example", "192.0.2.9")
			w.proxy("pac.corp.example", "192.0.2.80", 80, page(200, "function FindProxyForURL(u,h){ return isResolvable('only-inside.corp.example') ? 'PROXY gw.corp.example:8080' : 'DIRECT'; }"))
			w.proxy("gw.corp.example", "192.0.2.1", 8080, w.tunnel)
		}, "proxy.pac_answer note pac yes", nil, "http://gw.corp.example:8080", ""},
		"a product that by its papers runs no script goes as if there were none": {func(w *world) {
			w.profile.Proxy.Schemes = []string{"http"}
			w.profile.Proxy.Mark = assets.Source
			named(w)
			w.proxy("pac.corp.example", "192.0.2.80", 80, page(200, "function FindProxyForURL(u,h){ return 'PROXY gw.corp.example:8080'; }"))
			w.proxy("gw.corp.example", "192.0.2.1", 8080, w.tunnel)
		}, "proxy.pac_answer note pac yes", nil, "direct", "http://gw.corp.example:8080"},
		"a script that is not there any more": {func(w *world) {
			named(w)
			w.proxy("pac.corp.example", "192.0.2.80", 80, page(404, "gone"))
		}, "proxy.pac_unavailable fail pac yes", map[string]string{"status": "404", "error": "the server answers 404"}, "direct", ""},
		"a script whose server's name does not resolve": {func(w *world) {
			named(w)
			w.Network.Names["pac.corp.example"] = hosttest.Name{Err: hosttest.NotFound("pac.corp.example")}
		}, "proxy.pac_unavailable fail pac yes", map[string]string{"failure": "dns.no_such_name"}, "direct", ""},
		"a script whose server refuses": {func(w *world) {
			named(w)
			w.Network.Name("pac.corp.example", "192.0.2.80")
			w.Network.Refuse("192.0.2.80:80")
		}, "proxy.pac_unavailable fail pac yes", map[string]string{"failure": "tcp.refused"}, "direct", ""},
		"a login page in place of the script": {func(w *world) {
			named(w)
			w.proxy("pac.corp.example", "192.0.2.80", 80, page(200, "<html>log in</html>"))
		}, "proxy.pac_error fail pac yes", nil, "direct", ""},
		"a script in UTF-16 is a script": {func(w *world) {
			named(w)
			w.proxy("pac.corp.example", "192.0.2.80", 80, page(200, "f\x00u\x00n\x00c\x00t\x00i\x00o\x00n\x00 \x00"+strings.Join(strings.Split("FindProxyForURL(){return 'DIRECT'}", ""), "\x00")+"\x00"))
		}, "proxy.pac_answer note pac yes", map[string]string{"summary": "direct"}, "direct", ""},
		"a script larger than 1 MB is not read": {func(w *world) {
			named(w)
			w.proxy("pac.corp.example", "192.0.2.80", 80, page(200, pacBody+strings.Repeat(" ", pacSize)))
		}, "proxy.pac_unavailable fail pac yes", map[string]string{"error": "it is larger than 1 MB"}, "direct", ""},
		"a script that is redirected once": {func(w *world) {
			named(w)
			w.proxy("pac.corp.example", "192.0.2.80", 80, func(c net.Conn, r *http.Request) {
				if r.URL.Path == "/proxy.pac" {
					says("HTTP/1.1 302 Found\r\nLocation: /real.pac\r\nContent-Length: 0\r\n\r\n")(c, r)
					return
				}
				page(200, "function FindProxyForURL(u,h){return 'DIRECT'}")(c, r)
			})
		}, "proxy.pac_answer note pac yes", nil, "direct", ""},
		"a redirection without an end is not followed": {func(w *world) {
			named(w)
			w.proxy("pac.corp.example", "192.0.2.80", 80, says("HTTP/1.1 302 Found\r\nLocation: /proxy.pac\r\nContent-Length: 0\r\n\r\n"))
		}, "proxy.pac_unavailable fail pac yes", map[string]string{"error": "it is redirected more than three times"}, "direct", ""},
		"a script's server whose header has no end": {func(w *world) {
			named(w)
			w.proxy("pac.corp.example", "192.0.2.80", 80, says("HTTP/1.1 200 OK\r\nX: "+strings.Repeat("y", 200<<10)))
		}, "proxy.pac_unavailable fail pac yes", map[string]string{"error": "its server gives no proper answer"}, "direct", ""},
		"a script on a drive is read": {func(w *world) {
			w.options(nsKey, 4, "", "", `file://C:/proxy.pac`)
			write(w.t, w, "/C/proxy.pac", "function FindProxyForURL(u,h){return 'DIRECT'}")
		}, "proxy.pac_answer note pac yes", nil, "direct", ""},
		"a script that is gone from its drive": {func(w *world) { w.options(nsKey, 4, "", "", `file:///C:/proxy.pac`) },
			"proxy.pac_unavailable fail pac yes", map[string]string{"error": "the file is not there"}, "direct", ""},
		"a script on another computer's share is not fetched": {func(w *world) { w.options(nsKey, 4, "", "", `file://\\files\proxy.pac`) },
			"proxy.pac_unavailable fail pac yes", nil, "direct", ""},
		"a script at an address of another kind is not fetched": {func(w *world) { w.options(nsKey, 4, "", "", "ftp://pac.corp.example/x") },
			"proxy.pac_unavailable fail pac yes", map[string]string{"error": "its address is not one of http, https or file"}, "direct", ""},
		"a dead script falls back to the proxy beside it": {func(w *world) {
			w.options(nsKey, 6, "gw.corp.example:8080", "", pacURL)
			w.proxy("pac.corp.example", "192.0.2.80", 80, page(500, ""))
			w.proxy("gw.corp.example", "192.0.2.1", 8080, w.tunnel)
		}, "proxy.pac_unavailable fail pac yes", nil, "http://gw.corp.example:8080", ""},
		"automatic search without a domain finds nothing": {func(w *world) {
			w.options(nsKey, 9, "", "", "")
			w.Join = host.Join{State: host.WorkgroupOnly}
		}, "proxy.source note auto no", map[string]string{"detail": "Automatic search: DHCP offers no script; no DNS domain is known to search in."}, "direct", ""},
		"automatic search for a name that is not there finds nothing": {func(w *world) {
			w.options(nsKey, 9, "", "", "")
			w.Join = host.Join{State: host.DomainJoined, Domain: "corp.example"}
			w.Network.Names["wpad.corp.example"] = hosttest.Name{Err: hosttest.NotFound("wpad.corp.example")}
		}, "proxy.source note auto no", nil, "direct", ""},
		"automatic search takes what DHCP offers before DNS is asked": {func(w *world) {
			w.options(nsKey, 9, "", "", "")
			w.Offered = "http://pac.corp.example/offered.pac"
			w.Join = host.Join{State: host.DomainJoined, Domain: "corp.example"}
			w.proxy("pac.corp.example", "192.0.2.80", 80, page(200, "function FindProxyForURL(u,h){ return 'PROXY gw.corp.example:8080'; }"))
			w.proxy("gw.corp.example", "192.0.2.1", 8080, w.tunnel)
		}, "proxy.pac_answer note auto yes", map[string]string{"url": "http://pac.corp.example/offered.pac", "found": "DHCP offers it"}, "http://gw.corp.example:8080", ""},
		"automatic search goes on in DNS where DHCP's script is gone": {func(w *world) {
			w.options(nsKey, 9, "", "", "")
			w.Offered = "http://pac.corp.example/offered.pac"
			w.Join = host.Join{State: host.DomainJoined, Domain: "corp.example"}
			w.proxy("pac.corp.example", "192.0.2.80", 80, page(404, ""))
			w.proxy("wpad.corp.example", "192.0.2.81", 80, page(200, "function FindProxyForURL(u,h){ return 'DIRECT'; }"))
		}, "proxy.pac_answer note auto yes", map[string]string{"url": "http://wpad.corp.example/wpad.dat"}, "direct", ""},
		"automatic search whose only offer is gone": {func(w *world) {
			w.options(nsKey, 9, "", "", "")
			w.Offered = "http://pac.corp.example/offered.pac"
			w.Join = host.Join{State: host.WorkgroupOnly}
			w.proxy("pac.corp.example", "192.0.2.80", 80, page(404, ""))
		}, "proxy.pac_unavailable warn auto yes", map[string]string{"status": "404"}, "direct", ""},
		"automatic search goes up to the organisation's domain and no further": {func(w *world) {
			w.options(nsKey, 9, "", "", "")
			w.Join = host.Join{State: host.DomainJoined, Domain: "eu.branch.corp.co.uk"}
			for _, n := range []string{"wpad.eu.branch.corp.co.uk", "wpad.branch.corp.co.uk", "wpad.corp.co.uk"} {
				w.Network.Names[n] = hosttest.Name{Err: hosttest.NotFound(n)}
			}
		}, "proxy.source note auto no", map[string]string{
			"detail": "Automatic search: DHCP offers no script; no name from wpad.eu.branch.corp.co.uk to wpad.corp.co.uk is found in DNS."}, "direct", ""},
		"automatic search that is switched off asks nobody": {func(w *world) {
			w.options(nsKey, 9, "", "", "")
			w.Registry[switchKey] = map[string]host.Value{"DisableWpad": dword(1)}
		}, "proxy.source note auto no", map[string]string{"detail": "Automatic search: it is switched off on this computer."}, "direct", ""},
		"automatic search that finds a script takes its way": {func(w *world) {
			w.options(nsKey, 9, "", "", "")
			w.Join = host.Join{State: host.DomainJoined, Domain: "corp.example"}
			w.proxy("wpad.corp.example", "192.0.2.80", 80, func(c net.Conn, r *http.Request) {
				if r.URL.Path != "/wpad.dat" || r.Host != "wpad.corp.example" {
					page(404, "")(c, r)
					return
				}
				page(200, "function FindProxyForURL(u,h){return 'DIRECT'}")(c, r)
			})
		}, "proxy.pac_answer note auto yes", map[string]string{"url": "http://wpad.corp.example/wpad.dat"}, "direct", ""},
		"automatic search falls back to the proxy beside it": {func(w *world) {
			w.options(nsKey, 10, "gw.corp.example:8080", "", "")
			w.Join = host.Join{State: host.WorkgroupOnly}
			w.proxy("gw.corp.example", "192.0.2.1", 8080, w.tunnel)
		}, "proxy.source pass auto yes", nil, "http://gw.corp.example:8080", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "windows")
			c.setup(w)
			res := w.run()
			f := of(res, ofNS)[0]
			if got := strings.Join([]string{string(f.Code), f.Status.String(), f.Arg("mode"), f.Arg("used")}, " "); got != c.finding {
				t.Errorf("got %q, want %q: %v", got, c.finding, f.Args)
			}
			for k, v := range c.args {
				if f.Arg(k) != v {
					t.Errorf("%s is %q, want %q", k, f.Arg(k), v)
				}
			}
			r := route(t, res)
			got := checks.RouteName(r.Proxy)
			if !r.Known {
				got = "unknown"
			}
			if got != c.route {
				t.Errorf("the route is %s, want %s", got, c.route)
			}
			var others []string
			for _, o := range r.Others {
				others = append(others, checks.RouteName(o.Proxy))
			}
			if strings.Join(others, " ") != c.others {
				t.Errorf("others %q, want %q", others, c.others)
			}
		})
	}
}

// noEngine is a system that runs no scripts, failing one whose engine gives up.
type noEngine struct{}

func (noEngine) Engine() string { return "no engine" }
func (noEngine) Run(context.Context, host.Script, []string) ([]host.Choice, error) {
	return nil, host.ErrUnsupported
}

type failing struct{ err error }

func (failing) Engine() string { return "an engine" }
func (f failing) Run(context.Context, host.Script, []string) ([]host.Choice, error) {
	return nil, f.err
}

func TestADeadScriptOfTheBrowserIsNoFault(t *testing.T) {
	w := newWorld(t, "windows")
	w.proxy("pac.corp.example", "192.0.2.80", 80, page(404, ""))
	w.Settings[1] = host.Setting{Source: internetOptions, Whose: you, Where: "API", Modes: []host.Mode{host.PAC}, PACURL: pacURL}
	res := w.run()
	if f := of(res, ofYou)[0]; f.Code != PACUnavail || f.Status != checks.Note {
		t.Errorf("%s %s", f.Code, f.Status)
	}
	if !route(t, res).Known {
		t.Error("the browser's script made the product's way unknown")
	}
}

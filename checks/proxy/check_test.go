package proxy

import (
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
	"linecheck/checks/host/hosttest"
)

const (
	own     = ownStore + "/" + product
	ofNS    = internetOptions + "/" + networkService
	ofYou   = internetOptions + "/" + you
	ofAll   = internetOptions + "/" + everybody
	ofHTTP  = winHTTP + "/" + services
	ofEnv   = environment + "/" + you
	ofMach  = environment + "/" + everybody
	ofUnit  = unitEnvironment + "/" + product
	ofEtc   = etcEnvironment + "/logins"
	pacBody = `function FindProxyForURL(u, h) { return "PROXY gw.corp.example:8080; PROXY old.corp.example:3128; DIRECT"; }`
)

// want is what a run must say: for each source its finding in a line, the route, and the other proxies in order.
type want struct {
	sources  map[string]string
	route    string // code, status and proxy of proxy.route
	from     string // the fact's source
	proxy    string // the fact's proxy, "" for direct
	unknown  bool   // the fact is not known
	others   string
	disagree string // status, product and system; "" where there must be no such finding
}

func TestEverySourceIsReadJudgedAndRanked(t *testing.T) {
	cases := map[string]struct {
		os    string
		setup func(w *world)
		want  want
	}{
		"nothing is set anywhere on Windows, so the product goes directly": {"windows", func(w *world) {}, want{
			sources: map[string]string{own: "proxy.source note none direct used=no", ofNS: "proxy.source note none direct used=no",
				ofHTTP: "proxy.source note none direct used=no", ofEnv: "proxy.source note none direct used=no"},
			route: "proxy.route pass none", from: "no setting"}},
		"the product's stored proxy works": {"windows", func(w *world) {
			w.proxy("gw.corp.example", "192.0.2.1", 3128, w.tunnel)
			w.stored("http://gw.corp.example:3128", 1)
			w.options(nsKey, 3, "GW.corp.example:3128", "", "")
		}, want{sources: map[string]string{own: "proxy.source pass http://gw.corp.example:3128 manual used=yes",
			ofNS: "proxy.source pass http://GW.corp.example:3128 manual used=no"},
			route: "proxy.route pass http://gw.corp.example:3128", from: ownStore, proxy: "http://gw.corp.example:3128"}},
		"the stored proxy's name does not resolve while the browser's proxy works": {"windows", func(w *world) {
			w.Network.Names["proxy.old.intern"] = hosttest.Name{Err: hosttest.NotFound("proxy.old.intern")}
			w.proxy("gw.corp.example", "192.0.2.1", 8080, w.tunnel)
			w.stored("http://proxy.old.intern:3128", 1)
			w.Settings[1] = host.Setting{Source: internetOptions, Whose: you, Where: "API", Modes: []host.Mode{host.Manual}, Server: "gw.corp.example:8080"}
		}, want{sources: map[string]string{own: "proxy.unresolvable fail http://proxy.old.intern:3128 manual used=yes",
			ofYou: "proxy.source pass http://gw.corp.example:8080 manual used=no"},
			route: "proxy.route pass http://proxy.old.intern:3128", from: ownStore, proxy: "http://proxy.old.intern:3128",
			others: "http://gw.corp.example:8080", disagree: "warn http://proxy.old.intern:3128 none"}},
		"a proxy that refuses connections is at fault only for the product": {"windows", func(w *world) {
			w.Network.Name("gw.corp.example", "192.0.2.1")
			w.Network.Refuse("192.0.2.1:8080")
			w.options(nsKey, 3, "gw.corp.example:8080", "", "")
			w.options(lsKey, 3, "gw.corp.example:8080", "", "")
		}, want{sources: map[string]string{ofNS: "proxy.refused fail http://gw.corp.example:8080 manual used=yes",
			internetOptions + "/" + localSystem: "proxy.refused note http://gw.corp.example:8080 manual used=no"},
			route: "proxy.route pass http://gw.corp.example:8080", from: internetOptions, proxy: "http://gw.corp.example:8080"}},
		"a store that is only inferred gives a warning, not a fault": {"windows", func(w *world) {
			w.profile.Proxy.Stores[0].Mark = assets.Inferred
			w.Network.Name("gw.corp.example", "192.0.2.1")
			w.Network.Refuse("192.0.2.1:8080")
			w.stored("gw.corp.example:8080", 1)
		}, want{sources: map[string]string{own: "proxy.refused warn http://gw.corp.example:8080 manual used=yes"},
			route: "proxy.route pass http://gw.corp.example:8080", from: ownStore, proxy: "http://gw.corp.example:8080",
			disagree: "warn http://gw.corp.example:8080 none"}},
		"a stored proxy that is switched off is not the product's": {"windows", func(w *world) {
			w.stored("http://proxy.old.intern:3128", 0)
		}, want{sources: map[string]string{own: "proxy.source note none direct used=no"}, route: "proxy.route pass none", from: "no setting"}},
		"a stored proxy without its switch is not the product's": {"windows", func(w *world) {
			w.Registry[storeKey] = map[string]host.Value{"value": text("http://proxy.old.intern:3128")}
		}, want{sources: map[string]string{own: "proxy.source note none direct used=no"}, route: "proxy.route pass none", from: "no setting"}},
		"nonsense in the product's store is told and decides nothing": {"windows", func(w *world) {
			w.stored("http://proxy:port", 1)
		}, want{sources: map[string]string{own: "proxy.source unknown http://proxy:port manual used=yes"}, route: "proxy.route unknown unknown",
			from: ownStore, unknown: true}},
		"the product's store may not be read": {"windows", func(w *world) { w.RegistryErr[storeKey] = host.ErrDenied }, want{
			sources: map[string]string{own: "proxy.source unknown unknown unknown used=yes"}, route: "proxy.route unknown unknown", from: ownStore, unknown: true}},
		"the service account's settings may not be read": {"windows", func(w *world) {
			w.RegistryErr[nsKey+`\Connections`] = host.ErrDenied
			w.proxy("gw.corp.example", "192.0.2.1", 8080, w.tunnel)
			w.Settings[0] = host.Setting{Source: winHTTP, Whose: services, Where: "API", Modes: []host.Mode{host.Manual}, Server: "gw.corp.example:8080"}
		}, want{sources: map[string]string{ofNS: "proxy.source unknown unknown unknown used=yes", ofHTTP: "proxy.source pass http://gw.corp.example:8080 manual used=no"},
			route: "proxy.route unknown unknown", from: internetOptions, unknown: true, others: "http://gw.corp.example:8080"}},
		"the service account's settings are not loaded": {"windows", func(w *world) {
			delete(w.Registry, nsKey)
			w.Registry[`HKU\S-1-5-20`], w.Registry[nsKey] = nil, nil
		}, want{sources: map[string]string{ofNS: "proxy.source unknown unknown unknown used=yes"}, route: "proxy.route unknown unknown", from: internetOptions, unknown: true}},
		"another account that may not be read does not matter": {"windows", func(w *world) {
			w.RegistryErr[lsKey+`\Connections`] = host.ErrDenied
		}, want{sources: map[string]string{internetOptions + "/" + localSystem: "proxy.source unknown unknown unknown used=no"},
			route: "proxy.route pass none", from: "no setting"}},
		"the machine's environment may not be read": {"windows", func(w *world) { w.RegistryErr[environKey] = host.ErrDenied }, want{
			sources: map[string]string{ofMach: "proxy.source unknown unknown unknown used=no"}, route: "proxy.route pass none", from: "no setting"}},
		"LocalSystem's proxy counts for a product that runs as LocalSystem": {"windows", func(w *world) {
			w.profile.RunAs = "local_system"
			w.proxy("gw.corp.example", "192.0.2.1", 8080, w.tunnel)
			w.options(lsKey, 3, "gw.corp.example:8080", "", "")
		}, want{sources: map[string]string{internetOptions + "/" + localSystem: "proxy.source pass http://gw.corp.example:8080 manual used=yes"},
			route: "proxy.route pass http://gw.corp.example:8080", from: internetOptions, proxy: "http://gw.corp.example:8080"}},
		"WinHTTP counts where the account has no setting": {"windows", func(w *world) {
			w.proxy("gw.corp.example", "192.0.2.1", 8080, w.tunnel)
			w.Settings[0] = host.Setting{Source: winHTTP, Whose: services, Where: "API", Modes: []host.Mode{host.Manual}, Server: "http=x:1;https=gw.corp.example:8080"}
		}, want{sources: map[string]string{ofHTTP: "proxy.source pass http://gw.corp.example:8080 manual used=yes"},
			route: "proxy.route pass http://gw.corp.example:8080", from: winHTTP, proxy: "http://gw.corp.example:8080"}},
		"WinHTTP is read from the registry where its interface does not tell": {"windows", func(w *world) {
			w.proxy("gw.corp.example", "192.0.2.1", 8080, w.tunnel)
			w.Settings[0].Err = host.ErrUnsupported
			w.Registry[machineKey+`\Connections`] = map[string]host.Value{"WinHttpSettings": bytesOf(blob(0x18, 3, "gw.corp.example:8080", "<local>"))}
		}, want{sources: map[string]string{ofHTTP: "proxy.source pass http://gw.corp.example:8080 manual used=yes"},
			route: "proxy.route pass http://gw.corp.example:8080", from: winHTTP, proxy: "http://gw.corp.example:8080"}},
		"the machine-wide switch takes the accounts' own settings out of play": {"windows", func(w *world) {
			w.Registry[policyKey] = map[string]host.Value{"ProxySettingsPerUser": dword(0)}
			w.proxy("gw.corp.example", "192.0.2.1", 8080, w.tunnel)
			w.options(machineKey, 3, "gw.corp.example:8080", "", "")
			w.options(nsKey, 3, "old.corp.example:3128", "", "")
		}, want{sources: map[string]string{ofAll: "proxy.source pass http://gw.corp.example:8080 manual used=yes", ofNS: ""},
			route: "proxy.route pass http://gw.corp.example:8080", from: internetOptions, proxy: "http://gw.corp.example:8080"}},
		"a proxy that the flags do not switch on is not used": {"windows", func(w *world) {
			w.options(nsKey, 1, "old.corp.example:3128", "", "")
		}, want{sources: map[string]string{ofNS: "proxy.source note none direct used=no"}, route: "proxy.route pass none", from: "no setting"}},
		"old single values count where there is no binary one": {"windows", func(w *world) {
			w.proxy("gw.corp.example", "192.0.2.1", 80, w.tunnel)
			w.Registry[nsKey] = map[string]host.Value{"ProxyEnable": dword(1), "ProxyServer": text("gw.corp.example")}
		}, want{sources: map[string]string{ofNS: "proxy.source pass http://gw.corp.example:80 manual used=yes"},
			route: "proxy.route pass http://gw.corp.example:80", from: internetOptions, proxy: "http://gw.corp.example:80"}},
		"ProxyEnable 0 leaves the old value unused": {"windows", func(w *world) {
			w.Registry[nsKey] = map[string]host.Value{"ProxyEnable": dword(0), "ProxyServer": text("old.corp.example:80")}
		}, want{sources: map[string]string{ofNS: "proxy.source note none direct used=no"}, route: "proxy.route pass none", from: "no setting"}},
		"a broken binary value is unreadable, not direct": {"windows", func(w *world) {
			w.Registry[nsKey+`\Connections`] = map[string]host.Value{"DefaultConnectionSettings": bytesOf(blob(0x46, 3, "gw:8080")[:18])}
		}, want{sources: map[string]string{ofNS: "proxy.source unknown unknown unknown used=yes"}, route: "proxy.route unknown unknown", from: internetOptions, unknown: true}},
		"a proxy for http only leaves https direct": {"windows", func(w *world) {
			w.options(nsKey, 3, "http=gw.corp.example:8080", "", "")
		}, want{sources: map[string]string{ofNS: "proxy.source note none manual used=yes"}, route: "proxy.route pass none", from: internetOptions}},
		"exceptions that cover every needed address make the way direct": {"windows", func(w *world) {
			w.proxy("gw.corp.example", "192.0.2.1", 8080, w.tunnel)
			w.options(nsKey, 3, "gw.corp.example:8080", "*.corp.example;example.*", "")
		}, want{sources: map[string]string{ofNS: "proxy.source pass http://gw.corp.example:8080 manual used=yes"},
			route: "proxy.route pass none", from: internetOptions, others: "http://gw.corp.example:8080"}},
		"the browser's own proxy does not disagree with the product's": {"windows", func(w *world) {
			w.proxy("gw.corp.example", "192.0.2.1", 3128, w.tunnel)
			w.proxy("mine.corp.example", "192.0.2.2", 8080, w.tunnel)
			w.stored("http://gw.corp.example:3128/", 1)
			w.options(nsKey, 3, "gw.corp.example:3128", "", "")
			w.Settings[1] = host.Setting{Source: internetOptions, Whose: you, Where: "API", Modes: []host.Mode{host.Manual}, Server: "mine.corp.example:8080"}
		}, want{route: "proxy.route pass http://gw.corp.example:3128", from: ownStore, proxy: "http://gw.corp.example:3128", others: "http://mine.corp.example:8080"}},
		"the system's proxy for the account disagrees with the product's": {"windows", func(w *world) {
			w.proxy("gw.corp.example", "192.0.2.1", 3128, w.tunnel)
			w.proxy("new.corp.example", "192.0.2.2", 8080, w.tunnel)
			w.stored("http://gw.corp.example:3128", 1)
			w.options(nsKey, 3, "new.corp.example:8080", "", "")
		}, want{route: "proxy.route pass http://gw.corp.example:3128", from: ownStore, proxy: "http://gw.corp.example:3128",
			others: "http://new.corp.example:8080", disagree: "warn http://gw.corp.example:3128 http://new.corp.example:8080"}},
		"a working proxy given to the product alone is only worth a note": {"windows", func(w *world) {
			w.proxy("gw.corp.example", "192.0.2.1", 3128, w.tunnel)
			w.stored("http://gw.corp.example:3128", 1)
		}, want{route: "proxy.route pass http://gw.corp.example:3128", from: ownStore, proxy: "http://gw.corp.example:3128",
			disagree: "note http://gw.corp.example:3128 none"}},
		"working proxies come before dead ones among the others": {"windows", func(w *world) {
			w.Network.Names["dead.corp.example"] = hosttest.Name{Err: hosttest.NotFound("dead.corp.example")}
			w.proxy("gw.corp.example", "192.0.2.1", 8080, w.tunnel)
			w.options(lsKey, 3, "dead.corp.example:3128", "", "")
			w.Registry[environKey]["HTTPS_PROXY"] = text("http://gw.corp.example:8080")
		}, want{sources: map[string]string{ofMach: "proxy.source pass http://gw.corp.example:8080 manual used=no"},
			route: "proxy.route pass none", from: "no setting", others: "http://gw.corp.example:8080 http://dead.corp.example:3128"}},
		"a daemon's own environment counts, not the shell's": {"linux", func(w *world) {
			w.proxy("gw.corp.example", "192.0.2.1", 8080, w.tunnel)
			w.Env["https_proxy"] = "http://gw.corp.example:8080"
		}, want{sources: map[string]string{ofUnit: "proxy.source note none direct used=no", ofEnv: "proxy.source pass http://gw.corp.example:8080 manual used=no"},
			route: "proxy.route pass none", from: "no setting", others: "http://gw.corp.example:8080"}},
		"the unit's environment names the proxy": {"linux", func(w *world) {
			w.proxy("gw.corp.example", "192.0.2.1", 8080, w.tunnel)
			w.Variables["agent"] = map[string]string{"HTTPS_PROXY": "gw.corp.example:8080", "no_proxy": "localhost"}
		}, want{sources: map[string]string{ofUnit: "proxy.source pass http://gw.corp.example:8080 manual used=yes"},
			route: "proxy.route pass http://gw.corp.example:8080", from: unitEnvironment, proxy: "http://gw.corp.example:8080"}},
		"a unit that may not be read leaves the way unknown": {"linux", func(w *world) { w.ServiceErr["agent"] = host.ErrDenied }, want{
			sources: map[string]string{ofUnit: "proxy.source unknown unknown unknown used=yes"}, route: "proxy.route unknown unknown", from: unitEnvironment, unknown: true}},
		"without a service manager the way of an absent product is this process's": {"linux", func(w *world) {
			w.ServiceErr["agent"] = host.ErrUnsupported
			w.facts = checks.Facts{checks.FactInstalled: checks.Installed{}}
			w.proxy("gw.corp.example", "192.0.2.1", 8080, w.tunnel)
			w.Env["https_proxy"] = "gw.corp.example:8080"
		}, want{sources: map[string]string{ofUnit: "proxy.source skipped unknown unknown used=no"},
			route: "proxy.route pass http://gw.corp.example:8080", from: environment, proxy: "http://gw.corp.example:8080"}},
		"without a service manager the way of a product that is there is unknown": {"linux", func(w *world) {
			w.ServiceErr["agent"] = host.ErrUnsupported
			w.facts = checks.Facts{checks.FactInstalled: checks.Installed{Present: true}}
		}, want{route: "proxy.route unknown unknown", from: unitEnvironment, unknown: true}},
		"this process's environment counts for a product that runs as the user": {"linux", func(w *world) {
			w.profile.RunAs = "user"
			w.Services["agent"] = nil
			w.proxy("gw.corp.example", "192.0.2.1", 8080, w.tunnel)
			w.Env["all_proxy"] = "gw.corp.example:8080"
		}, want{sources: map[string]string{ofUnit: "", ofEnv: "proxy.source pass http://gw.corp.example:8080 manual used=yes"},
			route: "proxy.route pass http://gw.corp.example:8080", from: environment, proxy: "http://gw.corp.example:8080"}},
		"a desktop's proxy is a comparison": {"linux", func(w *world) {
			w.Network.Name("desk.corp.example", "192.0.2.1")
			w.Network.Refuse("192.0.2.1:8080")
			w.Settings = []host.Setting{{Source: "GNOME", Whose: you, Where: "gsettings", Modes: []host.Mode{host.Manual}, Server: "http=desk.corp.example:8080;https=desk.corp.example:8080"}}
		}, want{sources: map[string]string{"GNOME/" + you: "proxy.refused note http://desk.corp.example:8080 manual used=no"},
			route: "proxy.route pass none", from: "no setting", others: "http://desk.corp.example:8080"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, c.os)
			c.setup(w)
			compare(t, w.run(), c.want)
		})
	}
}

func compare(t *testing.T, res checks.Result, want want) {
	t.Helper()
	for who, line1 := range want.sources {
		var got []string
		for _, f := range of(res, who) {
			got = append(got, line(f))
		}
		if strings.Join(got, "\n") != line1 {
			t.Errorf("%s:\n got %q\nwant %q", who, got, line1)
		}
	}
	r := route(t, res)
	proxy := ""
	if r.Proxy != nil {
		proxy = checks.RouteName(r.Proxy)
	}
	if r.Source != want.from || proxy != want.proxy || r.Known == want.unknown {
		t.Errorf("route %q from %q known %v, want %q from %q known %v", proxy, r.Source, r.Known, want.proxy, want.from, !want.unknown)
	}
	var others []string
	for _, o := range r.Others {
		others = append(others, checks.RouteName(o.Proxy))
	}
	if got := strings.Join(others, " "); got != want.others {
		t.Errorf("others %q, want %q", got, want.others)
	}
	said := coded(res, RouteCode)
	if len(said) != 1 {
		t.Fatalf("%d findings about the route, want 1", len(said))
	}
	if got := strings.Join([]string{string(said[0].Code), said[0].Status.String(), said[0].Arg("proxy")}, " "); got != want.route {
		t.Errorf("route finding %q, want %q", got, want.route)
	}
	got := ""
	for _, f := range coded(res, Disagree) {
		got += strings.Join([]string{f.Status.String(), f.Arg("product"), f.Arg("system")}, " ")
	}
	if got != want.disagree {
		t.Errorf("disagreement %q, want %q", got, want.disagree)
	}
	for _, f := range res.Findings {
		if f.Arg("state") == "could not be read" && (f.Arg("raw") != "not known" || strings.Contains(f.View, "direct")) {
			t.Errorf("what could not be read is told as %q, seen by %q", f.Arg("raw"), f.View)
		}
		if len(f.Evidence) == 0 || f.View == "" || f.At.IsZero() {
			t.Errorf("%s of %s has no evidence, view or time: %+v", f.Code, f.Subject, f)
		}
		if !slices.Contains(check{}.Spec().Codes, f.Code) {
			t.Errorf("%s is not among the codes of the check", f.Code)
		}
		if x := checks.TextOf("proxy", f); len(x.Title) > 40 || x.Text == "" || strings.Contains(x.Title+x.Text+x.Fix+x.Say, "{") || strings.Contains(x.Text, "..") {
			t.Errorf("%s reads badly: %q, %q", f.Code, x.Title, x.Text)
		}
	}
}

func TestWhatAProxyAnswersBecomesItsCode(t *testing.T) {
	behind := func(w *world) func(net.Conn, *http.Request) {
		return func(c net.Conn, _ *http.Request) {
			io.WriteString(c, "HTTP/1.1 200 Connection established\r\n\r\n")
			io.ReadAtLeast(c, make([]byte, 5), 5)
			io.WriteString(c, "HTTP/1.1 400 this is no TLS\r\n\r\n")
		}
	}
	cases := map[string]struct {
		serve func(w *world) func(net.Conn, *http.Request)
		code  checks.Code
		want  checks.Status
		args  map[string]string
	}{
		"a proxy that tunnels works":                  {func(w *world) func(net.Conn, *http.Request) { return w.tunnel }, Source, checks.Pass, nil},
		"a proxy behind which TLS fails works itself": {behind, Source, checks.Pass, map[string]string{"state": "works"}},
		"a proxy that offers a login the product can do": {func(*world) func(net.Conn, *http.Request) {
			return says("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Negotiate\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n")
		}, "proxy.auth_required", checks.Fail, map[string]string{"able": "yes", "auth": "basic"}},
		"a proxy that offers a login the product cannot do": {func(*world) func(net.Conn, *http.Request) {
			return says("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n")
		}, "proxy.auth_required", checks.Fail, map[string]string{"able": "no", "schemes": "ntlm"}},
		"a proxy that forbids the address": {func(*world) func(net.Conn, *http.Request) {
			return says("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
		}, "proxy.denied", checks.Fail, nil},
		"a proxy that has no way out": {func(*world) func(net.Conn, *http.Request) {
			return says("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
		}, "proxy.cannot_reach_target", checks.Fail, nil},
		"a mail server on the proxy's port": {func(*world) func(net.Conn, *http.Request) {
			return says("220 mail.corp.example ESMTP\r\n")
		}, "proxy.not_a_proxy", checks.Fail, nil},
		"something that hangs up on CONNECT": {func(*world) func(net.Conn, *http.Request) {
			return func(net.Conn, *http.Request) {}
		}, "proxy.not_a_proxy", checks.Fail, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "windows")
			w.proxy("gw.corp.example", "192.0.2.1", 8080, c.serve(w))
			w.options(nsKey, 3, "gw.corp.example:8080", "", "")
			got := of(w.run(), ofNS)
			if len(got) != 1 || got[0].Code != c.code || got[0].Status != c.want {
				t.Fatalf("got %d findings, first %s, want %s %s", len(got), line(got[0]), c.code, c.want)
			}
			for k, v := range c.args {
				if got[0].Arg(k) != v {
					t.Errorf("%s is %q, want %q", k, got[0].Arg(k), v)
				}
			}
			if got[0].Path == nil || !got[0].Path.Product {
				t.Error("the walk is not kept as the product's path")
			}
		})
	}
}

func TestOneProxyOfManySourcesIsTriedOnce(t *testing.T) {
	w := newWorld(t, "windows")
	asked := w.proxy("gw.corp.example", "192.0.2.1", 8080, w.tunnel)
	w.stored("http://gw.corp.example:8080/", 1)
	w.options(nsKey, 3, "GW.CORP.EXAMPLE:8080", "", "")
	w.options(lsKey, 3, "https=gw.corp.example:8080", "", "")
	w.Env["https_proxy"] = "http://gw.corp.example:8080"
	res := w.run()
	for _, who := range []string{own, ofNS, internetOptions + "/" + localSystem, ofEnv} {
		if f := of(res, who); len(f) != 1 || f[0].Status != checks.Pass {
			t.Errorf("%s did not pass: %+v", who, f)
		}
	}
	if n := asked.Load(); n != 1 {
		t.Errorf("the proxy was asked %d times, want once", n)
	}
}

func TestAnAddressWithoutItsValueIsNeverAskedForAProxy(t *testing.T) {
	const unfilled = "ds${version}.vendor.example"
	for name, c := range map[string]struct {
		endpoints []assets.Endpoint
		bypass    string
		asked     int32
		state     string
	}{
		"the next required address is tried instead": {[]assets.Endpoint{{Host: unfilled, Scheme: "https", Port: 443, Required: true},
			{Host: vendor, Scheme: "https", Port: 443, Path: "/", Required: true}}, "", 1, "works"},
		"no address is left to try": {[]assets.Endpoint{{Host: unfilled, Scheme: "https", Port: 443, Required: true}}, "", 0, "was not tried"},
		"it does not count among those that bypass it": {[]assets.Endpoint{{Host: vendor, Scheme: "https", Port: 443, Path: "/", Required: true},
			{Host: unfilled, Scheme: "https", Port: 443, Required: true}}, vendor, 1, "works"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "windows")
			w.profile.Endpoints = c.endpoints
			asked := w.proxy("gw.corp.example", "192.0.2.1", 8080, w.tunnel)
			w.options(nsKey, 3, "gw.corp.example:8080", c.bypass, "")
			res := w.run()
			if f := of(res, ofNS); len(f) != 1 || f[0].Arg("state") != c.state {
				t.Errorf("the proxy is told as %+v", f)
			}
			if n := asked.Load(); n != c.asked {
				t.Errorf("the proxy was asked %d times, want %d", n, c.asked)
			}
			if direct := route(t, res).Proxy == nil; direct != (c.bypass != "") {
				t.Errorf("the product goes directly: %t", direct)
			}
		})
	}
}

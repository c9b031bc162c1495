package proxy

import (
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
	"linecheck/checks/host/hosttest"
)

func TestWhatAListOfWaysMeansForTheProduct(t *testing.T) {
	for name, c := range map[string]struct {
		setup func(w *world)
		want  map[checks.Code]string // status and what matters of each finding; "": there is none
		args  map[string]string      // of the first of them
		of    checks.Code
	}{
		"a dead proxy before one that works only costs time": {func(w *world) {
			w.gw()
			w.dead("old.corp.example", "192.0.2.5", "3128")
			w.pac("return 'PROXY old.corp.example:3128; PROXY gw.corp.example:8080';")
		}, map[checks.Code]string{FirstDead: "warn", "proxy.refused": "warn", DirectHead: "", RouteCode: "pass"},
			map[string]string{"first": "http://old.corp.example:3128", "works": "http://gw.corp.example:8080, which works", "firstfailure": "refuses the connection"}, FirstDead},
		"a dead proxy before the direct way": {func(w *world) {
			w.dead("old.corp.example", "192.0.2.5", "3128")
			w.pac("return 'PROXY old.corp.example:3128; DIRECT';")
		}, map[checks.Code]string{FirstDead: "warn", "proxy.refused": "warn"}, map[string]string{"works": "the direct way"}, FirstDead},
		"a list of dead proxies alone is a fault": {func(w *world) {
			w.dead("old.corp.example", "192.0.2.5", "3128")
			w.pac("return 'PROXY old.corp.example:3128';")
		}, map[checks.Code]string{FirstDead: "", "proxy.refused": "fail"}, map[string]string{"source": "PAC file of " + internetOptions, "used": "yes"}, "proxy.refused"},
		"the direct way before a proxy": {func(w *world) {
			w.gw()
			w.pac("return 'DIRECT; PROXY gw.corp.example:8080';")
		}, map[checks.Code]string{DirectHead: "note", FirstDead: ""}, map[string]string{"later": "http://gw.corp.example:8080"}, DirectHead},
		"a list whose first proxy works says nothing": {func(w *world) {
			w.gw()
			w.pac("return 'PROXY gw.corp.example:8080; DIRECT';")
		}, map[checks.Code]string{DirectHead: "", FirstDead: "", Unusable: ""}, nil, ""},
		"a SOCKS proxy is no use to a product that knows only HTTP": {func(w *world) {
			w.dead("socks.corp.example", "192.0.2.5", "1080")
			w.dead("example.com", "192.0.2.80", "443")
			w.options(nsKey, 3, "socks=socks.corp.example:1080", "", "")
		}, map[checks.Code]string{Unusable: "fail"}, map[string]string{"kind": "a SOCKS 4 proxy", "can": "an HTTP proxy, a PAC file"}, Unusable},
		"what the product can do is only inferred": {func(w *world) {
			w.profile.Proxy.Mark = assets.Inferred
			w.dead("socks.corp.example", "192.0.2.5", "1080")
			w.options(nsKey, 3, "socks=socks.corp.example:1080", "", "")
		}, map[checks.Code]string{Unusable: "warn"}, nil, Unusable},
		"a script is no use to a product that runs none": {func(w *world) {
			w.profile.Proxy.Schemes = []string{"http"}
			w.gw()
			w.pac("return 'PROXY gw.corp.example:8080';")
		}, map[checks.Code]string{Unusable: "warn", PACAnswer: "note"}, map[string]string{"kind": "a PAC file"}, Unusable},
		"an HTTP proxy that comes before one it cannot use": {func(w *world) {
			w.gw()
			w.dead("socks.corp.example", "192.0.2.5", "1080")
			w.pac("return 'PROXY gw.corp.example:8080; SOCKS5 socks.corp.example:1080';")
		}, map[checks.Code]string{Unusable: "note"}, map[string]string{"kind": "a SOCKS 5 proxy"}, Unusable},
		"a dead HTTP proxy that comes before one it cannot use": {func(w *world) {
			w.dead("gw.corp.example", "192.0.2.1", "8080")
			w.dead("socks.corp.example", "192.0.2.5", "1080")
			w.pac("return 'PROXY gw.corp.example:8080; SOCKS5 socks.corp.example:1080';")
		}, map[checks.Code]string{Unusable: "warn"}, map[string]string{"kind": "a SOCKS 5 proxy"}, Unusable},
		"what the product can do is not known": {func(w *world) {
			w.profile.Proxy.Schemes = nil
			w.dead("socks.corp.example", "192.0.2.5", "1080")
			w.options(nsKey, 3, "socks=socks.corp.example:1080", "", "")
		}, map[checks.Code]string{Unusable: ""}, nil, ""},
		"searching is switched off where somebody searches": {func(w *world) {
			w.options(nsKey, 9, "", "", "")
			w.Registry[switchKey] = map[string]host.Value{"DisableWpad": dword(1)}
		}, map[checks.Code]string{SearchOff: "note"}, map[string]string{"who": "Internet Options of NetworkService"}, SearchOff},
		"searching is switched off where nobody searches": {func(w *world) {
			w.Registry[switchKey] = map[string]host.Value{"DisableWpad": dword(1)}
		}, map[checks.Code]string{SearchOff: ""}, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "windows")
			c.setup(w)
			res := w.run()
			for code, status := range c.want {
				var got []string
				for _, f := range coded(res, code) {
					if f.Arg("used") != "no" {
						got = append(got, f.Status.String())
					}
				}
				if strings.Join(got, " ") != status {
					t.Errorf("%s is %q, want %q", code, got, status)
				}
			}
			for k, v := range c.args {
				if f := coded(res, c.of); len(f) == 0 || f[0].Arg(k) != v {
					t.Errorf("%s of %s: %+v, want %q", k, c.of, f, v)
				}
			}
			compare(t, res, want{route: line3(coded(res, RouteCode)[0]), from: route(t, res).Source, unknown: !route(t, res).Known,
				proxy: proxyOf(route(t, res).Proxy), others: others(route(t, res)), disagree: disagreement(res)})
		})
	}
}

// guarded is a proxy that lets one login through.
func (w *world) guarded(user, password string) func(net.Conn, *http.Request) {
	return func(c net.Conn, r *http.Request) {
		b := http.Request{Header: http.Header{"Authorization": r.Header["Proxy-Authorization"]}}
		if u, p, ok := b.BasicAuth(); !ok || u != user || p != password {
			says("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")(c, r)
			return
		}
		w.tunnel(c, r)
	}
}

func TestATypedLoginIsAComparison(t *testing.T) {
	for name, c := range map[string]struct {
		typed  *url.Userinfo
		setup  func(w *world)
		works  int
		login  string
		status string
	}{
		"a login that the proxy takes": {url.UserPassword("anna", canary), func(w *world) { w.options(nsKey, 3, "gw.corp.example:8080", "", "") }, 1, "works", "fail"},
		"a login that it refuses":      {url.UserPassword("anna", "wrong-"+canary), func(w *world) { w.options(nsKey, 3, "gw.corp.example:8080", "", "") }, 0, "refused", "fail"},
		"nobody typed one":             {nil, func(w *world) { w.options(nsKey, 3, "gw.corp.example:8080", "", "") }, 0, "", "fail"},
		"a proxy that a search found gets no login": {url.UserPassword("anna", canary), func(w *world) {
			w.options(nsKey, 9, "", "", "")
			w.Join = host.Join{State: host.DomainJoined, Domain: "corp.example"}
			w.proxy("wpad.corp.example", "192.0.2.80", 80, page(200, "function FindProxyForURL(u,h){return 'PROXY gw.corp.example:8080'}"))
		}, 0, "", "fail"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "windows")
			w.proxy("gw.corp.example", "192.0.2.1", 8080, w.guarded("anna", canary))
			c.setup(w)
			res, err := check{}.Run(t.Context(), checks.Env{Machine: w.Machine(), Profile: w.profile, Roots: w.roots, Login: c.typed}, func(checks.Event) {})
			if err != nil {
				t.Fatal(err)
			}
			asks := coded(res, "proxy.auth_required")
			if len(asks) != 1 || asks[0].Status.String() != c.status || asks[0].Arg("login") != c.login {
				t.Errorf("%+v", asks)
			}
			f := coded(res, LoginWorks)
			if len(f) != c.works {
				t.Fatalf("%d logins work", len(f))
			}
			for _, f := range f {
				if f.Status != checks.Note || f.Arg("scheme") != "basic" || f.Path == nil || f.Path.Product || f.View != "you, http://gw.corp.example:8080" {
					t.Errorf("%+v", f)
				}
			}
		})
	}
}

func TestATypedLoginIsNeverShown(t *testing.T) {
	w := newWorld(t, "windows")
	w.login = url.UserPassword("anna", canary)
	w.proxy("gw.corp.example", "192.0.2.1", 8080, func(c net.Conn, r *http.Request) {
		if r.Header.Get("Proxy-Authorization") == "" {
			w.guarded("", canary)(c, r)
			return
		}
		says("HTTP/1.1 403 No, anna:"+canary+"\r\nX-Seen: "+r.Header.Get("Proxy-Authorization")+"\r\nContent-Length: 0\r\n\r\n")(c, r)
	})
	w.options(nsKey, 3, "gw.corp.example:8080", "", "")
	if out := w.shownText(); strings.Contains(out, canary) || strings.Contains(out, "C4n4ry") {
		t.Error("the typed password is shown")
	}
}

func TestLoginsThatWindowsMustNotUseAreTold(t *testing.T) {
	w := newWorld(t, "windows")
	w.Registry[switchKey] = map[string]host.Value{"DisableProxyAuthenticationSchemes": dword(0x15)}
	w.proxy("gw.corp.example", "192.0.2.1", 8080, w.guarded("x", "y"))
	w.options(nsKey, 3, "gw.corp.example:8080", "", "")
	f := coded(w.run(), "proxy.auth_required")
	if len(f) != 1 || f[0].Arg("disabled") != "basic, ntlm, negotiate" || !strings.Contains(checks.TextOf("proxy", f[0]).Text, "basic, ntlm, negotiate") {
		t.Errorf("%+v", f)
	}
}

func TestSearchStaysInsideTheOrganisation(t *testing.T) {
	for domain, want := range map[string]string{
		"corp.example":          "wpad.corp.example",
		"eu.corp.example":       "wpad.eu.corp.example wpad.corp.example",
		"Eu.Corp.CO.UK.":        "wpad.eu.corp.co.uk wpad.corp.co.uk",
		"co.uk":                 "",
		"CORP":                  "",
		"":                      "",
		"a.b.c.d.e.f.g.h.i.com": "wpad.a.b.c.d.e.f.g.h.i.com wpad.b.c.d.e.f.g.h.i.com wpad.c.d.e.f.g.h.i.com wpad.d.e.f.g.h.i.com wpad.e.f.g.h.i.com wpad.f.g.h.i.com",
		"eu.corp.intern":        "wpad.eu.corp.intern wpad.corp.intern",
	} {
		if got := strings.Join(searched(domain), " "); got != want {
			t.Errorf("%q: %q, want %q", domain, got, want)
		}
	}
}

func TestAScriptThatTwoNameIsFetchedOnce(t *testing.T) {
	w := newWorld(t, "windows")
	n := w.proxy("pac.corp.example", "192.0.2.80", 80, page(200, "function FindProxyForURL(u,h){return 'DIRECT'}"))
	w.options(nsKey, 12, "", "", pacURL)
	w.options(lsKey, 4, "", "", pacURL)
	w.Offered = pacURL
	w.Network.Names["wpad.corp.example"] = hosttest.Name{Err: hosttest.NotFound("wpad.corp.example")}
	w.run()
	if n.Load() != 1 {
		t.Errorf("fetched %d times", n.Load())
	}
}

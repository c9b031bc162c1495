package allowlist

import (
	"crypto/x509"
	"net/http"
	"net/netip"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"linecheck/checks"
	"linecheck/checks/probe"
)

func TestALoginPageIsLookedForOnlyWithReason(t *testing.T) {
	wrong := says("HTTP/1.1 500 No\r\n\r\n")
	first, second := portals(runtime.GOOS)[0], portals(runtime.GOOS)[1]
	right := says("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n" + first.Body)
	for name, c := range map[string]struct {
		vendor, at any // what stands at the product's address, and at the portal's
		wanted     bool
		code       checks.Code
		asked      int // portals
	}{
		"all is well, and nobody asks":                      {okay, right, false, "", 0},
		"a silent vendor is no reason":                      {silent{}, right, false, "", 0},
		"a wrong answer, and the network is open":           {wrong, right, false, PortalNone, 1},
		"a wrong answer, and a redirect to a login page":    {wrong, says("HTTP/1.1 302 Found\r\nLocation: http://login.hotel.example/?x=1\r\n\r\n"), false, Portal, 1},
		"a wrong answer, and a page where a word should be": {wrong, says("HTTP/1.1 200 OK\r\n\r\n<html>Welcome, please log in</html>"), false, Portal, 1},
		"a wrong answer, and no portal can be reached":      {wrong, silent{}, false, PortalUnclear, 2},
		"a filter's refusal is no login page":               {wrong, says("HTTP/1.1 403 Forbidden\r\n\r\n"), false, PortalUnclear, 2},
		"a person wants to know":                            {okay, right, true, PortalNone, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, w := product(1)
				w.only4(0)
				w.each(0, c.vendor, nil)
				a := netip.MustParseAddr("198.51.100.1")
				w.names["ip4 "+first.Endpoint().Host] = a
				w.ports[netip.AddrPortFrom(a, 80)] = c.at
				e := env(p, w, direct)
				e.Portals = c.wanted
				res := look(t, t.Context(), e)
				got := checks.Code("")
				for _, f := range res.Findings {
					if strings.HasPrefix(string(f.Code), "path.portal") {
						got = f.Code
						if want := f.Code == Portal; want != (f.Status == checks.Warn) || len(f.Evidence) == 0 {
							t.Errorf("%s with %d pieces of evidence", brief(f), len(f.Evidence))
						}
					}
				}
				if got != c.code {
					t.Errorf("found %q, want %q", got, c.code)
				}
				asked := 0
				for _, p := range probe.Portals(runtime.GOOS) {
					asked += min(1, w.asked["ip4 "+p.Endpoint().Host])
				}
				if asked != c.asked {
					t.Errorf("%d portals were asked, want %d (%s and %s)", asked, c.asked, first.URL, second.URL)
				}
			})
		})
	}
}

func TestAWildcardOffersNamesToTest(t *testing.T) {
	logs := func(list ...string) []checks.Fact {
		return []checks.Fact{direct, {Name: checks.FactHosts, Value: list}}
	}
	for name, c := range map[string]struct {
		facts  []checks.Fact
		cached []string
		seen   string
		rows   int
		says   string
	}{
		"nothing was seen":                   {logs(), []string{}, "", 0, "No further name of this kind"},
		"names of the logs, in any case":     {logs("b.fsapi.com", "A.FSAPI.COM"), nil, "a.fsapi.com, b.fsapi.com", 2, "Add one to a profile"},
		"names of the cache":                 {logs(), []string{"x.fsapi.com.", "www.example.com"}, "x.fsapi.com", 1, "Add one to a profile"},
		"a name of both has one row":         {logs("x.fsapi.com"), []string{"x.fsapi.com"}, "x.fsapi.com", 1, ""},
		"the domain itself is no such name":  {logs("fsapi.com", "xfsapi.com"), nil, "", 0, ""},
		"what is tested already is no news":  {logs("doorman.fsapi.com"), nil, "", 0, ""},
		"what is no name of a host":          {logs("a b.fsapi.com", "\x1b[2J.fsapi.com", ".fsapi.com", "a..fsapi.com"), nil, "", 0, ""},
		"many names":                         {logs(many(120)...), nil, "n000.fsapi.com, n001.fsapi.com, n002.fsapi.com, n003.fsapi.com, n004.fsapi.com", 100, "and 115 more"},
		"the logs have not been read so far": {[]checks.Fact{direct}, nil, "", 0, "had not been read"},
		"the logs take too long to wait for": {[]checks.Fact{direct, {Name: checks.FactHosts}}, nil, "", 0, "had not been read"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, w := product(1)
				p.Endpoints[0].Host = "doorman.fsapi.com"
				p.Wildcards, w.cached = []string{"*.fsapi.com"}, c.cached
				res := look(t, t.Context(), env(p, w, c.facts...))
				i := slices.IndexFunc(res.Findings, func(f checks.Finding) bool { return f.Code == Wildcard })
				f := res.Findings[i]
				rows := 0
				if f.Table != nil {
					rows = len(f.Table.Rows)
				}
				text := checks.TextOf("allowlist", f).Text
				if f.Arg("seen") != c.seen || rows != c.rows || !strings.Contains(text, c.says) {
					t.Errorf("seen %q in %d rows, want %q in %d; it reads %q", f.Arg("seen"), rows, c.seen, c.rows, text)
				}
			})
		})
	}
}

func many(n int) []string {
	var out []string
	for i := range n {
		out = append(out, strings.Replace(strings.TrimSuffix(name(i), ".vendor.example"), "h", "n0", 1)+".fsapi.com")
		if i >= 100 {
			out[i] = strings.Replace(out[i], "n0", "n", 1)
		}
	}
	return out
}

func TestOneIssuerForManyOwnersIsToldAsEvidence(t *testing.T) {
	signed := func(host, issuer string, code checks.Code) checks.Finding {
		return checks.Finding{Code: code, Subject: host, Args: map[string]string{"issuer": issuer}}
	}
	for name, c := range map[string]struct {
		found []checks.Finding
		told  int
	}{
		"two owners, one issuer":                  {[]checks.Finding{signed("a.f-secure.com", "Corp CA", "tls.intercepted"), signed("b.fsapi.com", "Corp CA", "tls.untrusted")}, 2},
		"one owner":                               {[]checks.Finding{signed("a.f-secure.com", "Corp CA", "tls.intercepted"), signed("b.f-secure.com", "Corp CA", "tls.intercepted")}, 0},
		"two owners, two issuers":                 {[]checks.Finding{signed("a.f-secure.com", "Corp CA", "tls.intercepted"), signed("b.fsapi.com", "Other CA", "tls.intercepted")}, 0},
		"a good certificate is nobody's evidence": {[]checks.Finding{signed("a.f-secure.com", "Public CA", "path.open"), signed("b.fsapi.com", "Public CA", "path.open")}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			r := &run{found: c.found}
			r.owners()
			told := 0
			for _, f := range r.found {
				if f.Arg("owners") != "" && len(f.Evidence) > 0 && strings.Contains(f.Evidence[0].Text, "2 owners: f-secure.com, fsapi.com") {
					told++
				}
			}
			if told != c.told {
				t.Errorf("%d findings tell it, want %d", told, c.told)
			}
		})
	}
}

func TestATypedLoginGoesToTheProductsProxyAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, w := product(1)
		var seen []string
		wants := func(tell string) func(r *http.Request) string {
			return func(r *http.Request) string {
				if h := r.Header.Get("Proxy-Authorization"); h != "" {
					seen = append(seen, tell)
				}
				return "HTTP/1.1 407 Login\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n"
			}
		}
		w.oldGate(reads(wants("another's proxy")))
		w.gate(reads(wants("the product's proxy")))
		e := env(p, w, checks.Fact{Name: checks.FactRoute, Value: checks.Route{Known: true, Proxy: gw, Others: []checks.Other{{Proxy: old, Source: "WinHTTP"}}}})
		e.Login = url.UserPassword("anna", "geheim")
		for _, f := range look(t, t.Context(), e).Findings {
			for _, ev := range f.Evidence {
				if strings.Contains(ev.Text, "geheim") || strings.Contains(ev.Text, "YW5uYTpnZWhlaW0=") {
					t.Errorf("%s tells the password: %s", brief(f), ev.Text)
				}
			}
		}
		if slices.Contains(seen, "another's proxy") || !slices.Contains(seen, "the product's proxy") {
			t.Errorf("the login went to %q", seen)
		}
	})
}

func TestNoLoginGoesToAProxyThatASearchFound(t *testing.T) {
	for name, found := range map[string][]*url.URL{"a proxy that was set gets it": nil, "a proxy that a search found gets none": {gw}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, w := product(1)
				sent := false
				w.gate(reads(func(r *http.Request) string {
					sent = sent || r.Header.Get("Proxy-Authorization") != ""
					return "HTTP/1.1 407 Login\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n"
				}))
				e := env(p, w, checks.Fact{Name: checks.FactRoute, Value: checks.Route{Known: true, Proxy: gw, Found: found}})
				e.Login = url.UserPassword("anna", "geheim")
				look(t, t.Context(), e)
				if sent != (found == nil) {
					t.Errorf("a login was sent: %v", sent)
				}
			})
		})
	}
}

func TestALostLargeGreetingStandsBesideTheOpenWay(t *testing.T) {
	p, w := product(1)
	p.Endpoints[0].Scheme, p.Endpoints[0].Port = "https", 443
	e := env(p, w, direct)
	var told []checks.Finding
	r := newRun(e, func(ev checks.Event) {
		if f, ok := ev.(checks.Found); ok {
			told = append(told, f.Finding)
		}
	})
	l := r.queue[0]
	if !l.large {
		t.Error("the first required encrypted address is not asked for a large greeting")
	}
	l.trips = []trip{{families: []string{"ip4"}, got: map[string]probe.Answer{"ip4": {
		Status: 200, Large: probe.LargeLost, Chain: []*x509.Certificate{}, Args: map[string]string{},
		Path: checks.Path{Product: true, Required: true, Route: "direct"}}}}}
	r.close(l)
	if got := briefs(told); !slices.Equal(got, []string{"pass path.open h00 direct", "warn tls.large_hello h00 direct"}) {
		t.Errorf("told %q", got)
	}
}

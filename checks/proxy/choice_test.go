package proxy

import (
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
	"linecheck/checks/host/hosttest"
)

const (
	second = "up.vendor.test"
	plainA = "http://old.vendor.test/x"
)

// wide gives the product addresses of every kind.
func (w *world) wide() {
	w.profile.Endpoints = append(w.profile.Endpoints,
		assets.Endpoint{Host: second, Scheme: "https", Port: 443, Path: "/", Required: true, Mark: assets.Seed},
		assets.Endpoint{Host: "old.vendor.test", Scheme: "http", Port: 80, Path: "/x", Mark: assets.Seed},
		assets.Endpoint{Host: "relay.vendor.test", Scheme: "tcp", Port: 4122, Mark: assets.Seed})
}

func (w *world) pac(body string) {
	w.options(nsKey, 4, "", "", pacURL)
	w.proxy("pac.corp.example", "192.0.2.80", 80, page(200, "function FindProxyForURL(url, host) { "+body+" }"))
}

// gw is a proxy that works.
func (w *world) gw() { w.proxy("gw.corp.example", "192.0.2.1", 8080, w.tunnel) }

// dead is a proxy that refuses.
func (w *world) dead(name, addr, port string) {
	w.Network.Name(name, addr)
	w.Network.Refuse(addr + ":" + port)
}

func ways(r checks.Route) string {
	var out []string
	for _, address := range slices.Sorted(maps.Keys(r.Each)) {
		out = append(out, address+" "+written(r.Each[address]))
	}
	return strings.Join(out, "\n")
}

func TestEachAddressHasItsOwnWays(t *testing.T) {
	const secondURL, firstURL, tcp = "https://" + second + "/", "https://" + vendor + "/", "tcp://relay.vendor.test:4122"
	for name, c := range map[string]struct {
		setup       func(w *world)
		proxy, each string
	}{
		"an exception sends one address directly": {func(w *world) {
			w.gw()
			w.options(nsKey, 3, "gw.corp.example:8080", "*.vendor.test", "")
		}, "http://gw.corp.example:8080", plainA + " direct\n" + secondURL + " direct\n" + tcp + " direct"},
		"the first required address that is not excepted stands for the way": {func(w *world) {
			w.proxy("gw.corp.example", "192.0.2.1", 8080, says("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"))
			w.options(nsKey, 3, "gw.corp.example:8080", vendor, "")
		}, "http://gw.corp.example:8080", firstURL + " direct\n" + tcp + " direct"},
		"http goes through the http proxy and https through the https one": {func(w *world) {
			w.gw()
			w.proxy("plain.corp.example", "192.0.2.3", 81, page(200, "ok"))
			w.options(nsKey, 3, "http=plain.corp.example:81;https=gw.corp.example:8080", "", "")
		}, "http://gw.corp.example:8080", plainA + " http://plain.corp.example:81\n" + tcp + " direct"},
		"a proxy for http alone leaves https direct": {func(w *world) {
			w.proxy("plain.corp.example", "192.0.2.3", 81, page(200, "ok"))
			w.options(nsKey, 3, "http=plain.corp.example:81", "", "")
		}, "direct", plainA + " http://plain.corp.example:81"},
		"plain TCP goes through SOCKS": {func(w *world) {
			w.profile.Proxy.Schemes = nil
			w.dead("socks.corp.example", "192.0.2.4", "1080")
			w.gw()
			w.options(nsKey, 3, "https=gw.corp.example:8080;socks=socks.corp.example:1080", "", "")
		}, "http://gw.corp.example:8080", plainA + " socks://socks.corp.example:1080\n" + tcp + " socks://socks.corp.example:1080"},
		"a script answers by address, and a list is kept in its order": {func(w *world) {
			w.gw()
			w.dead("spare.corp.example", "192.0.2.5", "3128")
			w.pac("if (dnsDomainIs(host, '.vendor.test')) return 'DIRECT'; return 'PROXY gw.corp.example:8080; PROXY spare.corp.example:3128; DIRECT';")
		}, "http://gw.corp.example:8080", plainA + " direct\n" + firstURL + " http://gw.corp.example:8080, then http://spare.corp.example:3128, then direct\n" +
			secondURL + " direct\n" + tcp + " direct"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, "windows")
			w.wide()
			c.setup(w)
			r := route(t, w.run())
			if got := checks.RouteName(r.Proxy); got != c.proxy || !r.Known {
				t.Errorf("the way is %s, known %v; want %s", got, r.Known, c.proxy)
			}
			if got := ways(r); got != c.each {
				t.Errorf("ways\n%s\nwant\n%s", got, c.each)
			}
		})
	}
}

func TestTheRouteIsToldBeforeAProxyIsTried(t *testing.T) {
	w := newWorld(t, "windows")
	var mu sync.Mutex
	var told []checks.Route
	late := false
	w.proxy("gw.corp.example", "192.0.2.1", 8080, func(c net.Conn, r *http.Request) {
		mu.Lock()
		late = late || len(told) == 0
		mu.Unlock()
		w.tunnel(c, r)
	})
	w.pac("return 'PROXY gw.corp.example:8080; DIRECT';")
	res, err := check{}.Run(t.Context(), checks.Env{Machine: w.Machine(), Profile: w.profile, Roots: w.roots}, func(e checks.Event) {
		if l, ok := e.(checks.Learned); ok {
			mu.Lock()
			defer mu.Unlock()
			told = append(told, l.Fact.Value.(checks.Route))
		}
	})
	if err != nil || len(told) != 1 || late {
		t.Fatalf("%v, told %d times, a proxy was asked first: %v", err, len(told), late)
	}
	if a, b := told[0], route(t, res); checks.RouteName(a.Proxy) != checks.RouteName(b.Proxy) || ways(a) != ways(b) || a.Where != b.Where {
		t.Errorf("told %+v, in the end %+v", a, b)
	}
}

// table writes a finding's table, one row in a line.
func table(f checks.Finding) string {
	if f.Table == nil {
		return "no table"
	}
	out := []string{strings.Join(f.Table.Head, " | ")}
	for _, row := range f.Table.Rows {
		out = append(out, strings.Join(row, " | "))
	}
	return strings.Join(out, "\n")
}

func TestTheTableTellsWhoGoesWhichWay(t *testing.T) {
	for name, c := range map[string]struct {
		os    string
		setup func(w *world)
		table string
		why   string
	}{
		"the browser works and the product's own proxy is dead": {"windows", func(w *world) {
			w.gw()
			w.Network.Names["proxy.old.intern"] = hosttest.Name{Err: hosttest.NotFound("proxy.old.intern")}
			w.stored("http://proxy.old.intern:3128", 1)
			w.Settings[1] = host.Setting{Source: internetOptions, Whose: you, Where: "API", Modes: []host.Mode{host.Manual}, Server: "gw.corp.example:8080"}
		}, "address | Vendor Agent | its account, NetworkService | your browser | your command line\n" +
			"both addresses | http://proxy.old.intern:3128 (name does not resolve) | direct | http://gw.corp.example:8080 (works) | direct",
			"Your browser works because your setting in Internet Options sends it through http://gw.corp.example:8080; " +
				"Vendor Agent does not, because the product's own setting sends it through http://proxy.old.intern:3128, whose name does not resolve."},
		"the browser has a script and the service has nothing": {"windows", func(w *world) {
			w.gw()
			w.proxy("pac.corp.example", "192.0.2.80", 80, page(200, "function FindProxyForURL(u,h){ return h == '"+vendor+"' ? 'PROXY gw.corp.example:8080' : 'DIRECT'; }"))
			w.Settings[1] = host.Setting{Source: internetOptions, Whose: you, Where: "API", Modes: []host.Mode{host.PAC}, PACURL: pacURL}
		}, "address | Vendor Agent | its account, NetworkService | your browser | your command line\n" +
			"https://" + vendor + "/ | direct | direct | http://gw.corp.example:8080 (works) | direct\n" +
			"https://" + second + "/ | direct | direct | direct | direct",
			"Your browser goes through http://gw.corp.example:8080, which works, because the PAC file " + pacURL + " says so (your setting in Internet Options); " +
				"Vendor Agent goes directly, because neither the product's own setting, Internet Options of NetworkService nor WinHTTP names a proxy."},
		"nobody names a proxy": {"windows", func(w *world) {}, "address | Vendor Agent | its account, NetworkService | your browser | your command line\n" +
			"both addresses | direct | direct | direct | direct", ""},
		"the shell has a proxy and the daemon has none": {"linux", func(w *world) {
			w.gw()
			w.Env["https_proxy"] = "http://gw.corp.example:8080"
		}, "address | Vendor Agent | its account, root | your command line\n" +
			"both addresses | direct | direct | http://gw.corp.example:8080 (works)",
			"Your command line goes through http://gw.corp.example:8080, which works, because the environment of this session says so; " +
				"Vendor Agent goes directly, because the service's environment names no proxy."},
		"what may not be read is not told as direct": {"windows", func(w *world) { w.RegistryErr[storeKey] = host.ErrDenied },
			"address | Vendor Agent | its account, NetworkService | your browser | your command line\n" +
				"both addresses | not known: the product's own setting could not be read: this account has no right to read it | direct | direct | direct", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, c.os)
			w.profile.Endpoints = append(w.profile.Endpoints, assets.Endpoint{Host: second, Scheme: "https", Port: 443, Path: "/", Mark: assets.Seed})
			if c.os == "linux" {
				w.profile.Proxy.Stores = nil
			}
			c.setup(w)
			res := w.run()
			f := coded(res, Choices)
			if len(f) != 1 || f[0].Status != checks.Note {
				t.Fatalf("%d tables", len(f))
			}
			if got := table(f[0]); got != c.table {
				t.Errorf("got\n%s\nwant\n%s", got, c.table)
			}
			got := ""
			for _, f := range coded(res, Differ) {
				got += f.Arg("why")
			}
			if got != c.why {
				t.Errorf("why\n%q\nwant\n%q", got, c.why)
			}
			compare(t, res, want{route: line3(coded(res, RouteCode)[0]), from: route(t, res).Source, unknown: !route(t, res).Known,
				proxy: proxyOf(route(t, res).Proxy), others: others(route(t, res)), disagree: disagreement(res)})
		})
	}
}

func line3(f checks.Finding) string {
	return strings.Join([]string{string(f.Code), f.Status.String(), f.Arg("proxy")}, " ")
}

func proxyOf(u *url.URL) string {
	if u == nil {
		return ""
	}
	return checks.RouteName(u)
}

func others(r checks.Route) string {
	var out []string
	for _, o := range r.Others {
		out = append(out, checks.RouteName(o.Proxy))
	}
	return strings.Join(out, " ")
}

func disagreement(res checks.Result) string {
	for _, f := range coded(res, Disagree) {
		return strings.Join([]string{f.Status.String(), f.Arg("product"), f.Arg("system")}, " ")
	}
	return ""
}

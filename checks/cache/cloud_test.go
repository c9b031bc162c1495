package cache

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host/hosttest"
	"linecheck/checks/probe"
)

func TestCloudIsAskedOnTheProductsWay(t *testing.T) {
	must := func(s string) *url.URL {
		u, err := url.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	dead, good, found := must("http://dead:1"), must("http://good:1"), must("http://found:1")
	https := assets.Endpoint{Host: "door.example", Scheme: "https", Port: 443, Required: true, Mark: assets.Seed}
	extra := assets.Endpoint{Host: "extra.example", Scheme: "https", Port: 443, Mark: assets.Seed}
	plain := assets.Endpoint{Host: "plain.example", Scheme: "http", Port: 80, Mark: assets.Seed}
	guess := assets.Endpoint{Host: "guess.example", Scheme: "https", Port: 443, Mark: assets.Inferred, Expect: assets.Expect{Body: "ok"}}
	later := assets.Endpoint{Host: "${region}.example", Scheme: "https", Port: 443, When: "region", Mark: assets.Seed}
	for name, c := range map[string]struct {
		endpoints []assets.Endpoint
		route     *checks.Route
		answers   string // "host way" of the walk that gets through
		failure   checks.Failure
		asked     []string
		says      string
	}{
		"the direct way clears a line that the product does not use": {
			[]assets.Endpoint{https}, &checks.Route{Known: true, Proxy: good}, "door.example direct", checks.ProxyDenied,
			[]string{"door.example http://good:1 login"}, "proxy.denied on the way http://good:1",
		},
		"a dead first proxy hides the second": {
			[]assets.Endpoint{https}, &checks.Route{Known: true, Each: map[string][]*url.URL{https.URL(): {dead, good}}}, "door.example http://good:1", checks.ProxyUnreachable,
			[]string{"door.example http://dead:1 login", "door.example http://good:1 login"}, "",
		},
		"a proxy that says no is passed over": {
			[]assets.Endpoint{https}, &checks.Route{Known: true, Each: map[string][]*url.URL{https.URL(): {dead, good}}}, "door.example http://good:1", checks.ProxyAuth,
			[]string{"door.example http://dead:1 login"}, "proxy.auth_required",
		},
		"a login goes to a proxy that nobody set": {
			[]assets.Endpoint{https}, &checks.Route{Known: true, Proxy: found, Found: []*url.URL{found}}, "door.example http://found:1", "",
			[]string{"door.example http://found:1"}, "",
		},
		"a way that nobody could tell is taken from a guess": {
			[]assets.Endpoint{https}, &checks.Route{Proxy: dead}, "door.example direct", "", []string{"door.example direct"}, "",
		},
		"one address that answers is not enough": {
			[]assets.Endpoint{extra, https}, nil, "extra.example direct", checks.Dropped, []string{"door.example direct", "extra.example direct"}, "",
		},
		"a login page on an unsecured address clears the line": {
			[]assets.Endpoint{plain, https}, nil, "plain.example direct", checks.Dropped, []string{"door.example direct"}, "https://door.example/: tcp.dropped",
		},
		"an address that is all there is is not asked": {
			[]assets.Endpoint{plain}, nil, "plain.example direct", "", []string{"plain.example direct"}, "",
		},
		"a guessed answer is wanted to the letter": {
			[]assets.Endpoint{guess}, nil, "guess.example direct", "", []string{"guess.example direct"}, "",
		},
		"an address without its variable is asked": {
			[]assets.Endpoint{later}, nil, "", "", nil, "names no address",
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBed(t)
			b.profile.Endpoints = c.endpoints
			b.env.Login = url.UserPassword("u", "p")
			if c.route != nil {
				b.env.Facts = checks.Facts{checks.FactRoute: *c.route}
			}
			var mu sync.Mutex
			var asked []string
			err := newCloud(b.env, func(_ context.Context, r probe.Request) probe.Answer {
				key := r.Endpoint.Host + " " + checks.RouteName(r.Route)
				a := probe.Answer{Failure: c.failure, Failed: checks.Connect}
				if key == c.answers {
					a = probe.Answer{}
				}
				if r.Login != nil && r.Route != nil {
					key += " login"
				}
				if !r.Endpoint.Expect.Empty() {
					key += " expecting"
				}
				mu.Lock()
				defer mu.Unlock()
				asked = append(asked, key)
				return a
			}).answers(t.Context(), func(string, ...any) {})
			if (err != nil) != (c.says != "") || err != nil && !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v, want %q", err, c.says)
			}
			slices.Sort(asked)
			if !slices.Equal(asked, c.asked) && !(len(asked) == 1 && len(c.endpoints) > 1 && err == nil) {
				t.Errorf("asked %q, want %q", asked, c.asked)
			}
		})
	}
}

func TestManyAddressesAreAskedAllAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBed(t)
		b.profile.Endpoints = nil
		for i := range 40 {
			b.profile.Endpoints = append(b.profile.Endpoints, assets.Endpoint{Host: fmt.Sprintf("h%d.example", i), Scheme: "https", Port: 443, Mark: assets.Seed})
		}
		var mu sync.Mutex
		now, most := 0, 0
		began := time.Now()
		err := newCloud(b.env, func(ctx context.Context, _ probe.Request) probe.Answer {
			mu.Lock()
			now++
			most = max(most, now)
			mu.Unlock()
			select {
			case <-ctx.Done():
			case <-time.After(12 * time.Second):
			}
			mu.Lock()
			now--
			mu.Unlock()
			return probe.Answer{Failure: checks.Dropped}
		}).answers(t.Context(), func(string, ...any) {})
		if err == nil || most > cloudMost || now != 0 || time.Since(began) > cloudWait {
			t.Errorf("%v, %d at once, %d left, %v", err, most, now, time.Since(began))
		}
	})
}

// TestARealLineIsAsked goes to a real listener, which stops answering as the vendor.
func TestARealLineIsAsked(t *testing.T) {
	body := "ok"
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) }))
	defer srv.Close()
	b := newBed(t)
	b.profile.Endpoints = []assets.Endpoint{{Host: "line.example", Scheme: "http", Port: 80, Path: "/", Mark: assets.Seed,
		Expect: assets.Expect{Status: []int{200}, Body: "ok"}}}
	b.Network.Names["line.example"] = hosttest.Name{IP4: []netip.Addr{netip.MustParseAddr("192.0.2.1")}}
	b.Network.Targets[netip.MustParseAddrPort("192.0.2.1:80")] = hosttest.Target{To: strings.TrimPrefix(srv.URL, "http://")}
	b.renew()
	b.put(t, "a", 1, time.Hour)
	action := b.plan(t)
	body = "please log in"
	if _, err := (check{}).Fix(t.Context(), b.env, b.hands, action, quiet); err == nil || !strings.Contains(err.Error(), "http.unexpected_content") || len(b.left()) != 1 {
		t.Errorf("%v, left %v", err, b.left())
	}
	body = "ok"
	if _, err := (check{}).Fix(t.Context(), b.env, b.hands, action, quiet); err != nil || len(b.left()) != 0 {
		t.Errorf("%v, left %v", err, b.left())
	}
}

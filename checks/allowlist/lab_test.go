package allowlist

import (
	"context"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
	"linecheck/checks/lab"
)

// recorder is the practice network with a list of all that was asked of it.
type recorder struct {
	host.Network
	mu            sync.Mutex
	asked         map[string]bool // names
	told          map[netip.Addr]string
	strange       []string // dialled addresses that no name led to
	dialling      int
	to            map[netip.AddrPort]int
	most, mostTo  int
	standing, top int // connections that stand
}

func newRecorder(n host.Network) *recorder {
	return &recorder{Network: n, asked: map[string]bool{}, told: map[netip.Addr]string{}, to: map[netip.AddrPort]int{}}
}

func (r *recorder) ask(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked[strings.ToLower(name)] = true
}

func (r *recorder) Lookup(ctx context.Context, family, name string) ([]netip.Addr, error) {
	r.ask(name)
	addrs, err := r.Network.Lookup(ctx, family, name)
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, a := range addrs {
		r.told[a] = strings.ToLower(name)
	}
	return addrs, err
}

func (r *recorder) LookupSRV(ctx context.Context, name string) ([]*net.SRV, error) {
	r.ask(name)
	return r.Network.LookupSRV(ctx, name)
}

func (r *recorder) Records(ctx context.Context, family, name string) []host.Records {
	r.ask(name)
	return r.Network.Records(ctx, family, name)
}

func (r *recorder) Dial(ctx context.Context, network string, a netip.AddrPort) (net.Conn, error) {
	r.mu.Lock()
	if r.told[a.Addr()] == "" {
		r.strange = append(r.strange, a.String())
	}
	inside := a.Addr().IsPrivate() // a proxy: there the target counts
	r.dialling++
	r.to[a]++
	r.most = max(r.most, r.dialling)
	if !inside {
		r.mostTo = max(r.mostTo, r.to[a])
	}
	r.mu.Unlock()
	c, err := r.Network.Dial(ctx, network, a)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.dialling--
	r.to[a]--
	if err != nil {
		return nil, err
	}
	r.standing++
	r.top = max(r.top, r.standing)
	return &counted{Conn: c, closed: sync.OnceFunc(func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.standing--
	})}, nil
}

type counted struct {
	net.Conn
	closed func()
}

func (c *counted) Close() error { c.closed(); return c.Conn.Close() }

// practice runs the check for two products at once in a practice network, as a session does.
func practice(t testing.TB, s lab.Scene, route func(*assets.Profile) checks.Route) (found []checks.Finding, r *recorder, profiles []*assets.Profile, took time.Duration) {
	t.Helper()
	s.Name = "practice"
	for _, name := range []string{"withsecure", "deepsecurity"} {
		p, err := assets.LoadProfile(name, nil)
		if err != nil {
			t.Fatal(err)
		}
		profiles = append(profiles, p)
	}
	if s.Machine.OS == "" {
		s.Machine.OS = "windows"
	}
	l, err := lab.Start(s, profiles)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	m := l.Machine()
	r = newRecorder(m.Network)
	m.Network = r
	turns := checks.NewTurns()
	var mu sync.Mutex
	var wg sync.WaitGroup
	start := time.Now()
	for _, p := range profiles {
		wg.Go(func() {
			e := checks.Env{Machine: m, Profile: p, Roots: l.Roots(), Turns: turns, Facts: checks.Facts{checks.FactRoute: route(p)}}
			res, err := check{}.Run(t.Context(), e, func(checks.Event) {})
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
			}
			found = append(found, res.Findings...)
		})
	}
	wg.Wait()
	return found, r, profiles, time.Since(start)
}

const company, former = "proxy.example.intern", "former.example.intern"

func via(name string) *url.URL { return &url.URL{Scheme: "http", Host: name + ":3128"} }

func straight(*assets.Profile) checks.Route { return checks.Route{Known: true} }

func proxied(*assets.Profile) checks.Route { return checks.Route{Known: true, Proxy: via(company)} }

// script sends every other address through the former proxy first.
func script(p *assets.Profile) checks.Route {
	r := checks.Route{Known: true, Each: map[string][]*url.URL{}}
	for i, e := range p.Endpoints {
		r.Each[e.URL()] = [][]*url.URL{{via(former), via(company)}, {via(company)}}[i%2]
	}
	return r
}

func TestNobodyElseIsAsked(t *testing.T) {
	open := map[string]lab.Proxy{company + ":3128": {Mode: "open"}, former + ":3128": {Mode: "refuse"}}
	page := "<html><title>Blocked</title>Powered By FortiGuard</html>"
	for name, c := range map[string]struct {
		net     lab.Network
		route   func(*assets.Profile) checks.Route
		others  []string // names beside the profiles'
		portals bool
		code    checks.Code // that is among the findings
	}{
		"a healthy line":              {lab.Network{}, straight, nil, false, "path.open"},
		"a healthy line with a proxy": {lab.Network{Direct: "dropped", Proxies: open}, proxied, []string{company}, false, "path.open"},
		"a script's list of proxies":  {lab.Network{Direct: "dropped", Proxies: open}, script, []string{company, former}, false, "path.open"},
		"one address dropped": {lab.Network{Servers: map[string]lab.Server{"orsp.f-secure.com": {TCP: "drop"}}}, straight, nil, false,
			"tcp.dropped"},
		"a filter's page": {lab.Network{Servers: map[string]lab.Server{"doorman.sc.fsapi.com": {HTTP: &lab.HTTP{Status: 200, Body: &page}}}}, straight, nil, true,
			"http.block_page"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found, r, profiles, _ := practice(t, lab.Scene{Network: c.net}, c.route)
			allowed := slices.Clone(c.others)
			for _, p := range profiles {
				for _, e := range p.Endpoints {
					allowed = append(allowed, e.Host)
				}
			}
			seen := 0
			for n := range r.asked {
				portal := slices.ContainsFunc(portals("windows"), func(p assets.Portal) bool { return p.Endpoint().Host == n })
				if portal {
					seen++
				} else if !slices.Contains(allowed, n) {
					t.Errorf("%s was asked for, and belongs to nobody", n)
				}
			}
			if (seen > 0) != c.portals || seen > maxPortals {
				t.Errorf("%d portals were asked for", seen)
			}
			if len(r.strange) > 0 {
				t.Errorf("dialled without a name: %v", r.strange)
			}
			// A large greeting is tried beside the walk, on a connection of its own, once for each product.
			if r.most > checks.MostAtOnce || r.mostTo > checks.MostToHost || r.top > checks.MostAtOnce+len(profiles) {
				t.Errorf("%d dials at once, %d to one address, %d connections stood", r.most, r.mostTo, r.top)
			}
			if r.standing != 0 || r.dialling != 0 {
				t.Errorf("%d connections and %d dials were left", r.standing, r.dialling)
			}
			if !slices.ContainsFunc(found, func(f checks.Finding) bool { return f.Code == c.code }) {
				t.Errorf("no %s among\n  %s", c.code, strings.Join(briefs(found), "\n  "))
			}
			for _, f := range found {
				if f.Path != nil && strings.HasPrefix(f.Subject, "ds20.") && f.Arg("vars") != "version = 20 (default)" {
					t.Errorf("%s was made with %q", f.Subject, f.Arg("vars"))
				}
			}
		})
	}
}

// BenchmarkHealthyPath tells how much longer a healthy run of two products takes than its slowest single walk, in a
// network whose servers take 200 ms to answer. The aim: at most 1.2 times that walk, plus 100 ms.
func BenchmarkHealthyPath(b *testing.B) {
	slow := map[string]lab.Server{"*": {HTTP: &lab.HTTP{Delay: 200 * time.Millisecond}}}
	for name, c := range map[string]struct {
		net   lab.Network
		route func(*assets.Profile) checks.Route
	}{
		"direct":    {lab.Network{Servers: slow}, straight},
		"proxied":   {lab.Network{Servers: slow, Proxies: map[string]lab.Proxy{company + ":3128": {Mode: "open"}}}, proxied},
		"ipv4_only": {lab.Network{Servers: slow, Names: map[string]lab.Name{"*": {AAAA: []string{"none"}}}}, straight},
	} {
		b.Run(name, func(b *testing.B) {
			var ratio, over time.Duration
			for b.Loop() {
				slowest := time.Duration(1)
				found, _, _, took := practice(b, lab.Scene{Network: c.net}, c.route)
				for _, f := range found {
					if f.Path != nil {
						slowest = max(slowest, f.Took)
					}
				}
				ratio += 1000 * took / slowest
				over += took - slowest*12/10
			}
			b.ReportMetric(float64(ratio)/1000/float64(b.N), "run/slowest")
			b.ReportMetric(float64(over.Milliseconds())/float64(b.N), "ms-over-1.2")
		})
	}
}

package probe

import (
	"crypto/tls"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"linecheck/assets"
	"linecheck/checks"
)

const (
	vendor = "doorman.vendor.example"
	gate   = "gw.corp.example"
)

var (
	vendor4 = netip.MustParseAddr("203.0.113.10")
	vendor6 = netip.MustParseAddr("2001:db8::10")
	gate4   = netip.MustParseAddr("10.0.0.8")
)

// hasty are limits for scenes in which somebody is silent for ever: long enough for a busy machine's loopback, short
// enough for a test.
var hasty = limits{
	resolve: 900 * time.Millisecond, connect: 900 * time.Millisecond, tunnel: 900 * time.Millisecond,
	tls: 900 * time.Millisecond, http: 900 * time.Millisecond, stagger: 20 * time.Millisecond, doubt: 20 * time.Millisecond,
	second: 900 * time.Millisecond, page: 100 * time.Millisecond, records: time.Second, whole: 10 * time.Second,
}

// patient are limits for scenes in which everybody answers in the end.
var patient = limits{
	resolve: time.Minute, connect: time.Minute, tunnel: time.Minute, tls: time.Minute, http: time.Minute,
	stagger: 20 * time.Millisecond, doubt: time.Minute, second: time.Minute, page: time.Second, records: time.Minute, whole: time.Minute,
}

// lab is a vendor whose endpoint answers "ok", as a scene then changes it.
type lab struct {
	*world
	ca   authority
	cert tls.Certificate
	req  Request
}

func newLab(t testing.TB) *lab {
	l := &lab{world: newWorld(t), ca: newAuthority(t, "Public Root", "Good Trust")}
	l.cert = l.ca.leaf(t, -1, 24, vendor)
	l.names["ip4 "+vendor] = []netip.Addr{vendor4}
	l.names["ip4 "+gate] = []netip.Addr{gate4}
	l.req = Request{
		Network: l.world,
		Roots:   l.ca.pool(),
		Family:  "ip4",
		Endpoint: assets.Endpoint{Host: vendor, Scheme: "https", Port: 443, Path: "/", Required: true, Mark: assets.Seed,
			Expect: assets.Expect{Status: []int{200}, Body: "ok"}},
	}
	return l
}

// there puts something at the vendor's port.
func (l *lab) there(what any) {
	l.ports[netip.AddrPortFrom(vendor4, uint16(l.req.Endpoint.Port))] = what
}

// up lets the vendor's port do handle with each connection.
func (l *lab) up(handle func(net.Conn)) { l.there(serve(l.t, handle)) }

// says lets the vendor answer so over TLS.
func (l *lab) says(raw string) { l.up(secure(l.cert, answer(raw))) }

// plain makes the endpoint a plain http one.
func (l *lab) plain(raw string) {
	l.req.Endpoint.Scheme, l.req.Endpoint.Port = "http", 80
	l.up(answer(raw))
}

// through makes the way lead through a proxy; what stands on its port.
func (l *lab) through(what any) {
	l.req.Route, l.req.Family = &url.URL{Scheme: "http", Host: gate + ":3128"}, ""
	if f, ok := what.(func(net.Conn)); ok {
		what = serve(l.t, f)
	}
	l.ports[netip.AddrPortFrom(gate4, 3128)] = what
}

// behind puts the proxy in front of a vendor that does handle.
func (l *lab) behind(handle func(net.Conn)) { l.through(gateway(serve(l.t, handle))) }

func (l *lab) expect(e assets.Expect) { l.req.Endpoint.Expect = e }

func four() *int { n := 4; return &n }

// scene is one network and what a walk in it has to say.
type scene struct {
	set   func(*lab)
	want  checks.Failure
	at    checks.StageName
	args  map[string]string // parts that these arguments have to hold
	hurry bool              // somebody is silent for ever
	code  checks.Code       // where it is not the failure
	warns bool              // the way is open, and there is a warning or a fault
}

func (s scene) run(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	s.set(l)
	lim := patient
	if s.hurry {
		lim = hasty
	}
	var told []checks.Path
	l.req.OnStage = func(p checks.Path) { told = append(told, p) }
	a := walk(t.Context(), l.req, lim)
	if a.Failure != s.want || a.Failed != s.at {
		t.Errorf("the walk ended with %q at %q (%v), want %q at %q", a.Failure, a.Failed, a.Err, s.want, s.at)
	}
	for k, v := range s.args {
		if got := a.Args[k]; !strings.Contains(got, v) || v == "" && got != "" {
			t.Errorf("argument %s is %q, want %q in it", k, got, v)
		}
	}
	holds(t, a)
	if len(told) == 0 || !samePath(told[len(told)-1], a.Path) {
		t.Error("the last thing that was told is not how the walk ended")
	}
	a.Path.Product = true
	f := Judge(&assets.Profile{}, l.req.Endpoint, a)
	want := s.code
	if want == "" {
		want = checks.Code(s.want)
	}
	if want == "" {
		want = Open
	}
	if f.Code != want {
		t.Errorf("the finding is %s, want %s", f.Code, want)
	}
	grave := checks.Fail
	if s.warns {
		grave = checks.Warn
	}
	if s.want != "" && s.code == "" && f.Status != grave && !f.Mark.Hint() {
		t.Errorf("%s of a required endpoint is %s", f.Code, f.Status)
	}
	if last := a.Path.Stages[len(a.Path.Stages)-1]; s.warns && s.want != "" && last.Status != checks.Pass {
		t.Errorf("%s is %s, though what lies behind %s was reached", last.Name, last.Status, s.at)
	}
	if s.code == NotTried && f.Status != checks.Unknown {
		t.Errorf("what was not tried is %s", f.Status)
	}
	if s.want == "" && (f.Status >= checks.Warn) != s.warns || s.want == "" && !s.warns && f.Status != checks.Pass {
		t.Errorf("%s is %s", f.Code, f.Status)
	}
}

// holds checks what is true of every walk.
func holds(t testing.TB, a Answer) {
	t.Helper()
	ended, opened := false, false
	for _, s := range a.Path.Stages {
		opened = opened || s.Failure == checks.Intercepted && s.Status == checks.Warn // what came through all the same
		if strings.HasPrefix(s.Note, Waiting) {
			t.Errorf("%s still waits after the walk", s.Name)
		}
		if ended && (s.Status != checks.Unknown || s.Note != NotTested) {
			t.Errorf("%s is %s %q behind the hop that failed", s.Name, s.Status, s.Note)
		}
		ended = ended || s.Failure != "" && s.Status != checks.Warn
	}
	if a.Failure == "" && ended || a.Failure != "" && !ended && !opened && a.Failed != "" {
		t.Errorf("failure %q does not fit the stages %+v", a.Failure, a.Path.Stages)
	}
	if a.Failure != "" && len(a.Evidence) == 0 && a.Failed != "" {
		t.Error("a failure without evidence")
	}
	for k, v := range a.Args {
		if clean(v) != v || len([]rune(v)) > maxArg {
			t.Errorf("argument %s is not clean: %q", k, v)
		}
	}
	for _, e := range a.Evidence {
		if len(e.Text) > maxEvidence {
			t.Errorf("%d bytes of evidence", len(e.Text))
		}
	}
}

func samePath(a, b checks.Path) bool {
	if len(a.Stages) != len(b.Stages) || a.Target != b.Target || a.Address != b.Address {
		return false
	}
	for i := range a.Stages {
		if a.Stages[i] != b.Stages[i] {
			return false
		}
	}
	return true
}

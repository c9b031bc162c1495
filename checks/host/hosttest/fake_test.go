package hosttest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/checks/host"
	"linecheck/checks/host/hosttest"
)

// recorder is a test that only notes its failures.
type recorder struct {
	testing.TB
	said []string
}

func (r *recorder) Helper()                   {}
func (r *recorder) Errorf(f string, a ...any) { r.said = append(r.said, fmt.Sprintf(f, a...)) }

// Each question is asked twice: of a strict machine, which must complain and name it, and of a lenient one, which must
// answer that the thing is not there.
func TestSurprises(t *testing.T) {
	for name, c := range map[string]struct {
		ask  func(context.Context, host.Machine, host.Hands) error
		says string
		want error
	}{
		"a registry value": {func(_ context.Context, m host.Machine, _ host.Hands) error {
			_, err := m.Registry.Value(`HKLM\SOFTWARE\X`, "v")
			return err
		}, `HKLM\\SOFTWARE\\X`, host.ErrNotFound},
		"registry keys": {func(_ context.Context, m host.Machine, _ host.Hands) error {
			_, err := m.Registry.Keys(`HKLM\SOFTWARE\X`)
			return err
		}, `HKLM\\SOFTWARE\\X`, host.ErrNotFound},
		"a service": {func(ctx context.Context, m host.Machine, _ host.Hands) error {
			_, err := m.Services.Query(ctx, "svc")
			return err
		}, "svc", host.ErrNotFound},
		"a service to stop": {func(ctx context.Context, _ host.Machine, h host.Hands) error { return h.Services.Stop(ctx, "svc") }, "svc", host.ErrNotFound},
		"a file": {func(_ context.Context, m host.Machine, _ host.Hands) error {
			_, err := m.Files.Open(`C:\x`)
			return err
		}, `C:\\x`, fs.ErrNotExist},
		"a folder to move aside": {func(ctx context.Context, _ host.Machine, h host.Hands) error {
			_, err := h.Files.Shelve(ctx, `C:\x`, host.Shelf(`C:\x`, "01234567"), nil)
			return err
		}, `C:\\x`, fs.ErrNotExist},
		"an echo": {func(ctx context.Context, m host.Machine, _ host.Hands) error {
			_, err := m.Ping.Ping(ctx, netip.MustParseAddr("192.0.2.1"))
			return err
		}, "192.0.2.1", os.ErrDeadlineExceeded},
		"a controller": {func(ctx context.Context, m host.Machine, _ host.Hands) error {
			_, err := m.Domain.Locate(ctx, "corp.example")
			return err
		}, "corp.example", host.ErrNotFound},
		"a connection": {func(ctx context.Context, m host.Machine, _ host.Hands) error {
			_, err := m.Network.Dial(ctx, "tcp", netip.MustParseAddrPort("192.0.2.1:443"))
			return err
		}, "192.0.2.1:443", hosttest.NoRoute},
	} {
		t.Run(name, func(t *testing.T) {
			strict := &recorder{TB: t}
			f := hosttest.New(strict)
			err := c.ask(t.Context(), f.Machine(), f.Hands())
			if len(strict.said) != 1 || !strings.Contains(strict.said[0], c.says) || len(f.Surprises()) != 1 {
				t.Errorf("a strict machine said %q", strict.said)
			}
			if !errors.Is(err, c.want) {
				t.Errorf("answer %v, want %v", err, c.want)
			}
			lenient := hosttest.New(nil)
			defer lenient.Close()
			if err := c.ask(t.Context(), lenient.Machine(), lenient.Hands()); !errors.Is(err, c.want) {
				t.Errorf("a lenient machine answers %v, want %v", err, c.want)
			}
		})
	}
}

func TestSurprisingNames(t *testing.T) {
	strict := &recorder{TB: t}
	n := hosttest.New(strict).Machine().Network
	var de *net.DNSError
	if _, err := n.Lookup(t.Context(), "ip4", "a.example"); !errors.As(err, &de) || !de.IsNotFound {
		t.Errorf("Lookup: %v", err)
	}
	if _, err := n.LookupSRV(t.Context(), "_ldap._tcp.example"); !errors.As(err, &de) || !de.IsNotFound {
		t.Errorf("LookupSRV: %v", err)
	}
	if len(strict.said) != 2 {
		t.Errorf("said %q", strict.said)
	}
}

func TestRegistryOfValues(t *testing.T) {
	f := hosttest.New(t)
	f.Registry[`HKLM\SOFTWARE\Vendor\Proxy`] = map[string]host.Value{"Value": {Kind: "REG_SZ", Text: "http://p"}}
	f.Registry[`HKLM\SOFTWARE\Vendor\Other`] = nil
	f.RegistryErr[`HKLM\SOFTWARE\Closed`] = host.ErrDenied
	r := f.Machine().Registry
	if v, err := r.Value(`hklm\software\VENDOR\proxy`, "value"); err != nil || v.Text != "http://p" || v.Key == "" {
		t.Errorf("in any case: %+v, %v", v, err)
	}
	if _, err := r.Value(`HKLM\SOFTWARE\Vendor\Proxy`, "nothing"); !errors.Is(err, host.ErrNotFound) {
		t.Errorf("a missing value of a known key: %v", err)
	}
	if _, err := r.Value(`HKLM\SOFTWARE\Vendor\Other`, ""); !errors.Is(err, host.ErrNotFound) {
		t.Errorf("a key known not to exist: %v", err)
	}
	if got, err := r.Keys(`HKLM\SOFTWARE\Vendor`); err != nil || !slices.Equal(got, []string{"Proxy"}) {
		t.Errorf("sub-keys: %q, %v", got, err)
	}
	if _, err := r.Keys(`HKLM\SOFTWARE\Closed`); !errors.Is(err, host.ErrDenied) {
		t.Errorf("a closed key: %v", err)
	}
	f.OS = "linux"
	if _, err := f.Machine().Registry.Value(`HKLM\SOFTWARE\Vendor\Proxy`, "Value"); !errors.Is(err, host.ErrUnsupported) {
		t.Errorf("on Linux: %v", err)
	}
}

func TestServicesFollowTheirScript(t *testing.T) {
	f := hosttest.New(t)
	f.Services["base"] = &host.Service{Name: "base", State: host.Running, PID: 1}
	f.Services["need"] = &host.Service{Name: "need", State: host.Stopped}
	f.Services["gone"] = nil
	f.Dependents["base"] = []string{"need"}
	f.Root = t.TempDir()
	must(t, os.MkdirAll(filepath.Join(f.Root, "C", "Cache"), 0o755))
	must(t, os.WriteFile(filepath.Join(f.Root, "C", "Cache", "x"), []byte("123"), 0o644))
	m, h, ctx := f.Machine(), f.Hands(), t.Context()
	if got, err := m.Services.Dependents(ctx, "base"); err != nil || len(got) != 0 {
		t.Errorf("a stopped dependent is named: %q, %v", got, err)
	}
	must(t, h.Services.Start(ctx, "need"))
	if got, err := m.Services.Dependents(ctx, "base"); err != nil || !slices.Equal(got, []string{"need"}) {
		t.Errorf("Dependents = %q, %v", got, err)
	}
	must(t, h.Services.Stop(ctx, "BASE"))
	shelf := host.Shelf(`C:\Cache`, "01234567")
	if n, err := h.Files.Shelve(ctx, `C:\Cache`, shelf, nil); n != 1 || err != nil {
		t.Errorf("Shelve = %d, %v", n, err)
	}
	if n, err := h.Files.Return(ctx, `C:\Cache`, shelf); n != 1 || err != nil {
		t.Errorf("Return = %d, %v", n, err)
	}
	f.OnShelf = func(verb, _ string) error { return map[string]error{"discard": host.ErrDenied}[verb] }
	if _, _, err := h.Files.Discard(ctx, `C:\Cache`, shelf); !errors.Is(err, host.ErrDenied) {
		t.Errorf("Discard: %v", err)
	}
	g, err := h.Guards.Watch(ctx, "p")
	must(t, err)
	if len(g.Told()) == 0 {
		t.Error("a watchdog says nothing")
	}
	must(t, g.Leave())
	must(t, g.Dismiss())
	f.StartErr["base"] = host.ErrDenied
	if err := h.Services.Start(ctx, "base"); !errors.Is(err, host.ErrDenied) {
		t.Errorf("a scripted failure: %v", err)
	}
	if q, err := m.Services.Query(ctx, "base"); err != nil || q.State != host.Stopped || q.PID != 0 {
		t.Errorf("after it: %+v, %v", q, err)
	}
	if _, err := m.Services.Query(ctx, "gone"); !errors.Is(err, host.ErrNotFound) {
		t.Errorf("known not to exist: %v", err)
	}
	want := []string{"start need", "stop BASE", `shelve C:\Cache`, `return C:\Cache`, `discard C:\Cache`, "watch", "leave", "dismiss", "start base"}
	if got := f.Calls(); !slices.Equal(got, want) {
		t.Errorf("calls %q, want %q", got, want)
	}
	j := h.Journal
	must(t, j.Promise(host.Promise{ID: "p", Action: "clean", Services: []string{"base"}}))
	if got, err := f.Hands().Journal.Open(); err != nil || len(got) != 1 {
		t.Errorf("the journal is not the same for every pair of hands: %+v, %v", got, err)
	}
}

func TestStuckServiceHangsUntilItsContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := hosttest.New(t)
		f.Services["svc"] = &host.Service{State: host.Running}
		f.Stuck["svc"] = true
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		began := time.Now()
		err := f.Hands().Services.Stop(ctx, "svc")
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != time.Minute {
			t.Errorf("Stop = %v after %v", err, time.Since(began))
		}
		if q, _ := f.Machine().Services.Query(t.Context(), "svc"); q.State != host.StopPending {
			t.Errorf("state %q", q.State)
		}
	})
}

func TestNetworkLeadsToListeners(t *testing.T) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = c.Write([]byte("hello"))
			c.Close()
		}
	}()
	f := hosttest.New(t)
	f.Network.Name("Doorman.example", "192.0.2.10", "2001:db8::10")
	f.Network.Lead("192.0.2.10:443", l.Addr().String())
	f.Network.Refuse("192.0.2.11:443")
	f.Network.Drop("192.0.2.12:443")
	f.Network.Hosts["doorman.example"] = []string{"192.0.2.10 doorman.example"}
	var dialed []string
	f.Network.Dialed = func(_ string, a netip.AddrPort) { dialed = append(dialed, a.String()) }
	n := f.Machine().Network
	a, err := n.Lookup(t.Context(), "ip4", "doorman.EXAMPLE.")
	if err != nil || len(a) != 1 {
		t.Fatal(a, err)
	}
	if six, err := n.Lookup(t.Context(), "ip6", "doorman.example"); err != nil || len(six) != 1 || !six[0].Is6() {
		t.Errorf("ip6: %v, %v", six, err)
	}
	c, err := n.Dial(t.Context(), "tcp", netip.AddrPortFrom(a[0], 443))
	must(t, err)
	defer c.Close()
	if b, err := io.ReadAll(c); string(b) != "hello" || err != nil {
		t.Errorf("read %q, %v", b, err)
	}
	if _, err := n.Dial(t.Context(), "tcp", netip.MustParseAddrPort("192.0.2.11:443")); !errors.Is(err, hosttest.Refused) {
		t.Errorf("refused: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	var ne net.Error
	if _, err := n.Dial(ctx, "tcp", netip.MustParseAddrPort("192.0.2.12:443")); !errors.As(err, &ne) || !ne.Timeout() {
		t.Errorf("dropped: %v", err)
	}
	if want := []string{"192.0.2.10:443", "192.0.2.11:443", "192.0.2.12:443"}; !slices.Equal(dialed, want) {
		t.Errorf("dialed %q", dialed)
	}
	if path, lines, err := n.HostsFile("DOORMAN.example"); len(lines) != 1 || path == "" || err != nil {
		t.Errorf("HostsFile = %q, %q, %v", path, lines, err)
	}
}

func TestAnswersAsPrepared(t *testing.T) {
	f := hosttest.New(t)
	f.OS, f.Env = "linux", map[string]string{"https_proxy": "http://p"}
	f.Join = host.Join{State: host.DomainJoined, Domain: "corp.example"}
	f.Settings = []host.Setting{}
	f.Pings["192.0.2.1"] = hosttest.Pong{Took: time.Millisecond}
	f.Services["svc"] = &host.Service{}
	f.Variables["svc"] = map[string]string{"A": "1"}
	m, ctx := f.Machine(), t.Context()
	if m.Environ.Get("https_proxy") != "http://p" || m.Environ.Get("HTTPS_PROXY") != "" {
		t.Error("case does not count in a Linux environment")
	}
	if j, err := m.Domain.Join(ctx); err != nil || j.Domain != "corp.example" {
		t.Errorf("Join = %+v, %v", j, err)
	}
	if s := m.Proxies.Settings(ctx); len(s) != 0 {
		t.Errorf("Settings = %+v", s)
	}
	if took, err := m.Ping.Ping(ctx, netip.MustParseAddr("::ffff:192.0.2.1")); took != time.Millisecond || err != nil {
		t.Errorf("Ping = %v, %v", took, err)
	}
	if env, err := m.Services.Environment(ctx, "svc"); env["A"] != "1" || err != nil {
		t.Errorf("Environment = %v, %v", env, err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Small packets are a way of their own: a target without it cannot be dialled so, and one that nobody gave is a surprise.
func TestDialSmallOfAFake(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	with, without := netip.MustParseAddrPort("192.0.2.1:443"), netip.MustParseAddrPort("192.0.2.2:443")
	f := hosttest.New(t)
	f.Network.Targets[with] = hosttest.Target{Silent: true, Small: ln.Addr().String()}
	f.Network.Targets[without] = hosttest.Target{To: ln.Addr().String()}
	n := f.Machine().Network
	c, err := n.DialSmall(t.Context(), with)
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	if _, err := n.DialSmall(t.Context(), without); !errors.Is(err, host.ErrUnsupported) {
		t.Errorf("%v", err)
	}
}

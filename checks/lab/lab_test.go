package lab

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"linecheck/assets"
)

// small is a profile with one endpoint of every kind that the lab builds answers for.
func small() *assets.Profile {
	four := 4
	return &assets.Profile{
		Name: "small", Vendor: "Vendor", Products: []string{"Product"}, RunAs: "network_service",
		Detect: assets.Detect{Services: []string{"svc"}, Registry: []string{`HKLM\SOFTWARE\Vendor`}, Paths: []string{`C:\Program Files\Vendor`}},
		Endpoints: []assets.Endpoint{
			{Host: "ok.vendor.example", Scheme: "https", Port: 443, Path: "/", Required: true, Expect: assets.Expect{Status: []int{200}, Body: "ok"}},
			{Host: "four.vendor.example", Scheme: "https", Port: 443, Path: "/tmcss/?LCRC=08", Expect: assets.Expect{BodyLength: &four, ContentType: "binary/octet-stream"}},
			{Host: "plain.vendor.example", Scheme: "http", Port: 80, Path: "/", Expect: assets.Expect{Status: []int{204}}},
			{Host: "socket.vendor.example", Scheme: "tcp", Port: 4120},
		},
		Proxy:    assets.ProxyRules{Stores: []assets.Store{{Registry: `HKLM\SOFTWARE\Vendor\proxy`, URL: "value", Enabled: "access"}}},
		Services: []assets.Service{{Name: "svc", Title: "Service", Required: true}},
		Cache:    &assets.Cache{Dir: `C:\Cache\vendor`, Service: "svc"},
		Logs:     []assets.Log{{Name: "plug", Files: []string{`C:\ProgramData\Vendor\**\plug.log*`}, Format: "fsecure"}},
	}
}

// begin starts a scene of the small profile, written as YAML without its first lines.
func begin(t *testing.T, body string) *Lab {
	t.Helper()
	s, err := Parse("test.yaml", []byte("name: test\ntitle: t\nstory: s\nexpect: {status: warning}\n"+body))
	if err != nil {
		t.Fatal(err)
	}
	l, err := Start(s, []*assets.Profile{small()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return l
}

// patience is longer than anything that answers and short enough for what never does.
const patience = 300 * time.Millisecond

func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

func long(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// address resolves a name in the lab and puts the port to it.
func address(t *testing.T, l *Lab, family, name string, port uint16) netip.AddrPort {
	t.Helper()
	a, err := l.Machine().Network.Lookup(long(t), family, name)
	if err != nil || len(a) == 0 {
		t.Fatalf("lookup %s %s: %v %v", family, name, a, err)
	}
	return netip.AddrPortFrom(a[0], port)
}

func connect(t *testing.T, l *Lab, family, name string, port uint16) net.Conn {
	t.Helper()
	c, err := l.Machine().Network.Dial(long(t), "tcp", address(t, l, family, name, port))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	return c
}

// get asks over a connection that stands and returns the answer with its body.
func get(t *testing.T, c net.Conn, host, path string) (*http.Response, string) {
	t.Helper()
	if _, err := fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", path, host); err != nil {
		t.Fatal(err)
	}
	r, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r, string(b)
}

// secure makes the TLS handshake as a program of the practice machine would.
func secure(l *Lab, c net.Conn, name string) (*tls.Conn, error) {
	t := tls.Client(c, &tls.Config{ServerName: name, RootCAs: l.Roots()})
	return t, t.Handshake()
}

func TestHealthyNetworkAnswersAsTheProfileExpects(t *testing.T) {
	l := begin(t, "")
	for _, family := range []string{"ip4", "ip6"} {
		for _, e := range small().Endpoints {
			c := connect(t, l, family, e.Host, endpointPort(e))
			if e.Scheme == "tcp" {
				continue
			}
			if e.Scheme == "https" {
				var err error
				if c, err = secure(l, c, e.Host); err != nil {
					t.Errorf("%s %s: %v", family, e.Host, err)
					continue
				}
			}
			r, body := get(t, c, e.Host, e.Path)
			if want := 200; len(e.Expect.Status) > 0 {
				want = e.Expect.Status[0]
				if r.StatusCode != want {
					t.Errorf("%s: status %d, want %d", e.Host, r.StatusCode, want)
				}
			}
			if e.Expect.Body != "" && body != e.Expect.Body {
				t.Errorf("%s: body %q", e.Host, body)
			}
			if e.Expect.BodyLength != nil && len(body) != *e.Expect.BodyLength {
				t.Errorf("%s: %d bytes", e.Host, len(body))
			}
			if got := r.Header.Get("Content-Type"); e.Expect.ContentType != "" && got != e.Expect.ContentType {
				t.Errorf("%s: content type %q", e.Host, got)
			}
		}
	}
	if s := l.Surprises(); len(s) > 0 {
		t.Errorf("surprises: %q", s)
	}
}

func TestAddressesShownAreThePracticeNetworksOwn(t *testing.T) {
	l := begin(t, "")
	to := address(t, l, "ip6", "ok.vendor.example", 443)
	c := connect(t, l, "ip6", "ok.vendor.example", 443)
	if c.RemoteAddr().String() != to.String() || !strings.HasPrefix(c.LocalAddr().String(), "[2001:db8:") {
		t.Errorf("connected from %s to %s, want %s", c.LocalAddr(), c.RemoteAddr(), to)
	}
}

func TestStrangeAddressIsNoRouteAndNoted(t *testing.T) {
	l := begin(t, "")
	n := l.Machine().Network
	if _, err := n.Dial(soon(t), "tcp", netip.MustParseAddrPort("192.0.2.7:443")); err == nil {
		t.Error("connected to nobody")
	}
	pt := address(t, l, "ip4", "ok.vendor.example", 4444)
	if _, err := n.Dial(soon(t), "tcp", pt); err == nil {
		t.Error("connected to a closed port")
	}
	if _, err := l.Machine().Ping.Ping(soon(t), netip.MustParseAddr("192.0.2.8")); err == nil {
		t.Error("nobody answered a ping")
	}
	want := []string{"tcp 192.0.2.7:443", "tcp " + pt.String(), "icmp 192.0.2.8"}
	if got := l.Surprises(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("surprises %q, want %q", got, want)
	}
}

func TestCloseLeavesNothingBehind(t *testing.T) {
	l := begin(t, `
machine: {grow: [{name: plug, lines: [".W: x"]}]}
network:
  names: {slow.example: {slow: 1h, a: [192.0.2.1]}}
  servers: {"ok.vendor.example": {tls: silent}, "plain.vendor.example": {http: {delay: 1h}}, "socket.vendor.example": {tcp: drop}}
  proxies: {"proxy.example:3128": {mode: silent}}
`)
	dir := l.dir
	// Something hangs in every kind of wait when the lab closes.
	done := make(chan struct{}, 4)
	hang := func(f func()) { go func() { f(); done <- struct{}{} }() }
	silent := connect(t, l, "ip4", "ok.vendor.example", 443)
	hang(func() { _, _ = secure(l, silent, "ok.vendor.example") })
	delayed := connect(t, l, "ip4", "plain.vendor.example", 80)
	hang(func() {
		_, _ = io.WriteString(delayed, "GET / HTTP/1.1\r\nHost: plain.vendor.example\r\n\r\n")
		_, _ = io.ReadAll(delayed)
	})
	to := address(t, l, "ip4", "socket.vendor.example", 4120)
	hang(func() { _, _ = l.Machine().Network.Dial(context.Background(), "tcp", to) })
	hang(func() { _, _ = l.Machine().Network.Lookup(context.Background(), "ip4", "slow.example") })
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	for range 4 {
		<-done
	}
	buf := make([]byte, 1<<20)
	stacks := string(buf[:runtime.Stack(buf, true)])
	for stack := range strings.SplitSeq(stacks, "\n\n") {
		if strings.Contains(stack, "lab.(*Lab)") && !strings.Contains(stack, "testing.tRunner") {
			t.Errorf("still running:\n%s", stack)
		}
	}
	if _, err := (&net.Dialer{}).DialContext(long(t), "tcp", l.names[0].tcp.Listener.Addr().String()); err == nil {
		t.Error("the DNS server still listens")
	}
	if exists(dir) {
		t.Errorf("%s was not removed", dir)
	}
	if err := l.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
}

func TestCloseLeavesNoFiles(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	t.Setenv("TMP", temp)
	l, err := Start(Scene{Name: "x", Machine: Machine{OS: "windows"}}, []*assets.Profile{small()})
	if err != nil {
		t.Fatal(err)
	}
	l.Hands()
	if made, err := os.ReadDir(temp); err != nil || len(made) == 0 {
		t.Fatalf("the lab keeps its files elsewhere: %v, %v", made, err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestTwoHostsAtOneAddressAreAnError(t *testing.T) {
	p := small()
	p.Endpoints = append(p.Endpoints, assets.Endpoint{Host: "203.0.113.1", Scheme: "tcp", Port: 1})
	if l, err := Start(Scene{Name: "x"}, []*assets.Profile{p}); err == nil {
		l.Close()
		t.Error("accepted")
	}
}

package clock

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
	"linecheck/checks/host/hosttest"
)

const year = 365 * 24 * time.Hour

// town is a network of loopback listeners and an authority that signs for them.
type town struct {
	hosttest.Plain
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey

	mu    sync.Mutex
	ports map[string]string // "host:port" -> loopback address
	order []string          // hosts by address
	asked []string
}

func newTown(t *testing.T) *town {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tpl := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Root"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Now().Add(-30 * year), NotAfter: time.Now().Add(30 * year)}
	der, err := x509.CreateCertificate(rand.Reader, tpl, tpl, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, _ := x509.ParseCertificate(der)
	return &town{t: t, cert: cert, key: key, ports: map[string]string{}}
}

func (n *town) roots() *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(n.cert)
	return p
}

// server answers for a host with a certificate that is valid for a year around now+valid, and the header lines given.
func (n *town) server(name string, valid time.Duration, head string) {
	key, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	mid := time.Now().Add(valid)
	tpl := &x509.Certificate{SerialNumber: big.NewInt(2), DNSNames: []string{name}, NotBefore: mid.Add(-year / 2), NotAfter: mid.Add(year / 2)}
	der, err := x509.CreateCertificate(rand.Reader, tpl, n.cert, key.Public(), n.key)
	if err != nil {
		n.t.Fatal(err)
	}
	cfg := &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	n.listen(name+":443", func(c net.Conn) {
		tc := tls.Server(c, cfg)
		if _, err := http.ReadRequest(bufio.NewReader(tc)); err == nil {
			io.WriteString(tc, "HTTP/1.1 200 OK\r\n"+head+"\r\n")
		}
	})
}

func (n *town) listen(at string, handle func(net.Conn)) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		n.t.Fatal(err)
	}
	n.ports[at] = l.Addr().String()
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			wg.Go(func() { defer c.Close(); handle(c) })
		}
	})
	n.t.Cleanup(func() { l.Close(); wg.Wait() })
}

func (n *town) Lookup(_ context.Context, family, name string) ([]netip.Addr, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if family == "ip4" {
		for i, h := range n.order {
			if h == name {
				return []netip.Addr{netip.AddrFrom4([4]byte{203, 0, 113, byte(i)})}, nil
			}
		}
		for at := range n.ports {
			if strings.HasPrefix(at, name+":") {
				n.order = append(n.order, name)
				return []netip.Addr{netip.AddrFrom4([4]byte{203, 0, 113, byte(len(n.order) - 1)})}, nil
			}
		}
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (n *town) Dial(ctx context.Context, network string, a netip.AddrPort) (net.Conn, error) {
	n.mu.Lock()
	at := fmt.Sprintf("%s:%d", n.order[a.Addr().As4()[3]], a.Port())
	n.asked = append(n.asked, at)
	to := n.ports[at]
	n.mu.Unlock()
	if to == "" {
		return nil, errors.New("nobody is there")
	}
	return (&net.Dialer{}).DialContext(ctx, network, to)
}

// says is a Date header of a server whose clock differs from ours.
func says(ahead time.Duration) string {
	return "Date: " + time.Now().Add(ahead).UTC().Format(http.TimeFormat) + "\r\n"
}

func endpoint(name string, required bool) assets.Endpoint {
	return assets.Endpoint{Host: name, Scheme: "https", Port: 443, Path: "/", Required: required}
}

func TestClock(t *testing.T) {
	const a, b = "a.vendor.example", "b.vendor.example"
	gw := &url.URL{Scheme: "http", Host: "gw.corp.example:3128"}
	for name, c := range map[string]struct {
		set    func(*town)
		list   []assets.Endpoint
		route  *url.URL
		want   checks.Code
		status checks.Status
		args   map[string]string
		skew   time.Duration // of the fact, to the minute
	}{
		"two clocks that agree": {set: func(n *town) { n.server(a, 0, says(0)); n.server(b, 0, says(0)) },
			want: OK, status: checks.Pass},
		"four minutes disturb nobody": {set: func(n *town) { n.server(a, 0, says(4*time.Minute)) },
			want: OK, status: checks.Pass, skew: -4 * time.Minute, args: map[string]string{"direction": "behind"}},
		"an hour off is a warning while certificates are valid": {set: func(n *town) { n.server(a, 0, says(-time.Hour)); n.server(b, 0, says(-time.Hour)) },
			want: Skew, status: checks.Warn, skew: time.Hour, args: map[string]string{"skew": "min", "direction": "ahead", "breaks": "all the same"}},
		"ten years behind breaks certificates that are valid": {set: func(n *town) { n.server(a, 10*year, says(10*year)); n.server(b, 10*year, says(10*year)) },
			want: Skew, status: checks.Fail, skew: -10 * year, args: map[string]string{"direction": "behind", "skew": "3650 d 0 h"}},
		"a clock ahead breaks certificates that are valid": {set: func(n *town) { n.server(a, -10*year, says(-10*year)) },
			want: Skew, status: checks.Fail, skew: 10 * year, args: map[string]string{"direction": "ahead"}},
		"a certificate that is out of date by both clocks is not the clock's fault": {set: func(n *town) { n.server(a, -10*year, says(0)) },
			want: OK, status: checks.Pass},
		"one certificate out of date does not accuse the clock beside a good one": {set: func(n *town) { n.server(a, -10*year, says(0)); n.server(b, 0, says(0)) },
			want: OK, status: checks.Pass},
		"an answer from a cache is older than its Date": {set: func(n *town) { n.server(a, 0, says(-time.Hour)+"Age: 3600\r\n") },
			want: OK, status: checks.Pass},
		"an Age that is no number changes nothing": {set: func(n *town) { n.server(a, 0, says(0)+"Age: -1e99\r\n") },
			want: OK, status: checks.Pass},
		"two servers that disagree prove nothing": {set: func(n *town) { n.server(a, 0, says(0)); n.server(b, 0, says(2*time.Hour)) },
			want: Unknown, args: map[string]string{"reason": "disagree"}},
		"one server without a time is helped out by the other": {set: func(n *town) { n.server(a, 0, ""); n.server(b, 0, says(0)) },
			want: OK, status: checks.Pass},
		"a stranger's clock accuses ours": {set: func(n *town) { n.server(a, 0, says(-time.Hour)); n.cert = newTown(n.t).cert },
			want: Unknown, args: map[string]string{"reason": "did not prove who it is"}},
		"a stranger's clock clears ours": {set: func(n *town) { n.server(a, 0, says(0)); n.cert = newTown(n.t).cert },
			want: Unknown, args: map[string]string{"reason": "did not prove who it is"}},
		"no time from anybody is unknown": {set: func(n *town) { n.server(a, 0, "Date: yesterday\r\n") },
			want: Unknown, args: map[string]string{"reason": "does not tell the time"}},
		"nobody there is unknown, not right": {set: func(*town) {},
			want: Unknown, args: map[string]string{"reason": "dns.no_such_name"}},
		"no encrypted endpoint is unknown": {set: func(*town) {}, list: []assets.Endpoint{{Host: a, Scheme: "http", Port: 80}},
			want: Unknown, args: map[string]string{"reason": "no encrypted address"}},
		"a dead proxy does not keep the clock unknown": {set: func(n *town) { n.server(a, 0, says(0)) }, route: gw,
			want: OK, status: checks.Pass},
		"a proxy that leads there is used": {set: func(n *town) {
			n.server(a, 0, says(0))
			n.listen("gw.corp.example:3128", func(c net.Conn) {
				in := bufio.NewReader(c)
				if _, err := http.ReadRequest(in); err != nil {
					return
				}
				out, err := net.Dial("tcp", n.ports[a+":443"])
				if err != nil {
					return
				}
				defer out.Close()
				io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
				go func() { io.Copy(out, in); out.(*net.TCPConn).CloseWrite() }()
				io.Copy(c, out)
			})
		}, list: []assets.Endpoint{endpoint(a, true)}, route: gw, want: OK, status: checks.Pass},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newTown(t)
			c.set(n)
			list := c.list
			if list == nil {
				list = []assets.Endpoint{endpoint("optional.vendor.example", false), endpoint(a, true), endpoint(b, true)}
			}
			env := checks.Env{Machine: host.Machine{Network: n}, Roots: n.roots(), Profile: &assets.Profile{Title: "Cloud", Endpoints: list}, Facts: checks.Facts{}}
			if c.route != nil {
				env.Facts[checks.FactRoute] = checks.Route{Known: true, Proxy: c.route}
			}
			res, err := check{}.Run(t.Context(), env, func(checks.Event) {})
			if err != nil || len(res.Findings) != 1 {
				t.Fatalf("%d findings, %v", len(res.Findings), err)
			}
			f := res.Findings[0]
			if f.Code != c.want || f.Status != c.status {
				t.Errorf("the finding is %s %s (%v), want %s %s", f.Status, f.Code, f.Args, c.status, c.want)
			}
			for k, v := range c.args {
				if !strings.Contains(f.Args[k], v) {
					t.Errorf("argument %s is %q, want %q in it", k, f.Args[k], v)
				}
			}
			if text := checks.TextOf("clock", f); strings.ContainsAny(text.Title+text.Text+text.Fix, "{}") || len([]rune(text.Title)) > 40 {
				t.Errorf("it reads %+v", text)
			}
			skew, known := time.Duration(0), false
			for _, fact := range res.Facts {
				skew, known = fact.Value.(time.Duration), fact.Name == checks.FactSkew
			}
			if known != (c.want != Unknown) || (skew-c.skew).Abs() > time.Minute {
				t.Errorf("the fact is %s, known %v, want about %s", skew, known, c.skew)
			}
			if c.want != Unknown && len(f.Evidence) == 0 {
				t.Error("no evidence")
			}
			for _, at := range n.asked {
				if strings.HasPrefix(at, "optional") {
					t.Error("an optional endpoint was asked although two required ones are there")
				}
				if c.route != nil && n.ports["gw.corp.example:3128"] != "" && at == a+":443" {
					t.Error("the vendor was asked past a proxy that works")
				}
			}
		})
	}
}

func TestDifferencesAreSaidInTwoUnits(t *testing.T) {
	for d, want := range map[time.Duration]string{
		400 * time.Millisecond:                 "0 s",
		59*time.Second + 600*time.Millisecond:  "1 min 0 s",
		5*time.Minute + time.Second:            "5 min 1 s",
		3*time.Hour + 59*time.Minute:           "3 h 59 min",
		49*time.Hour + 59*time.Minute:          "2 d 1 h",
		10*year + 23*time.Hour + 1*time.Minute: "3650 d 23 h",
	} {
		if got := words(d); got != want {
			t.Errorf("%s is %q, want %q", d, got, want)
		}
	}
}

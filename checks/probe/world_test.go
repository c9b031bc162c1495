package probe

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
	"io"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"os"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"

	"linecheck/checks/host"
	"linecheck/checks/host/hosttest"
)

// authority is a certificate authority made for one test.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

var serial = struct {
	sync.Mutex
	n int64
}{}

func number() *big.Int {
	serial.Lock()
	defer serial.Unlock()
	serial.n++
	return big.NewInt(serial.n)
}

func newAuthority(t testing.TB, cn, org string) authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	name := pkix.Name{CommonName: cn}
	if org != "" {
		name.Organization = []string{org}
	}
	tpl := &x509.Certificate{SerialNumber: number(), Subject: name, NotBefore: time.Now().AddDate(-5, 0, 0), NotAfter: time.Now().AddDate(5, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, tpl, tpl, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	c, _ := x509.ParseCertificate(der)
	return authority{c, key}
}

func (a authority) pool() *x509.CertPool {
	p := x509.NewCertPool()
	p.AddCert(a.cert)
	return p
}

// leaf issues a certificate that is valid from and until so many hours from now.
func (a authority) leaf(t testing.TB, from, until int, names ...string) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tpl := &x509.Certificate{SerialNumber: number(), Subject: pkix.Name{CommonName: names[0]}, DNSNames: names,
		NotBefore: time.Now().Add(time.Duration(from) * time.Hour), NotAfter: time.Now().Add(time.Duration(until) * time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	der, err := x509.CreateCertificate(rand.Reader, tpl, a.cert, key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// world is a network of loopback listeners with proper addresses and names in front of them.
type world struct {
	hosttest.Plain
	t     testing.TB
	mu    sync.Mutex
	names map[string]any // "ip4 name" -> []netip.Addr, error, or silence
	ports map[netip.AddrPort]any
	small map[netip.AddrPort]any // for small packets; what is not there cannot be dialled so
	hosts []string
	said  map[string]any // "ip4 name" -> []host.Records, or silence
	own   []netip.Addr
	calls map[string]int
}

// silence in place of an answer: nothing comes until the asker gives up.
type silence struct{}

// partly is one DNS server that answers and one that does not.
type partly struct{ answered host.Records }

func newWorld(t testing.TB) *world {
	return &world{t: t, names: map[string]any{}, ports: map[netip.AddrPort]any{}, said: map[string]any{}, small: map[netip.AddrPort]any{}, calls: map[string]int{}}
}

func (n *world) count(what string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.calls[what]++
}

func (n *world) called(what string) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.calls[what]
}

func (n *world) Lookup(ctx context.Context, family, name string) ([]netip.Addr, error) {
	n.count(family + " " + name)
	switch v := n.names[family+" "+name].(type) {
	case []netip.Addr:
		return v, nil
	case error:
		return nil, v
	case silence:
		<-ctx.Done()
		return nil, &net.DNSError{Err: "i/o timeout", Name: name, IsTimeout: true, UnwrapErr: ctx.Err()}
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (n *world) Dial(ctx context.Context, network string, addr netip.AddrPort) (net.Conn, error) {
	n.count("dial " + addr.String())
	fail := func(err error) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Net: network, Addr: net.TCPAddrFromAddrPort(addr), Err: err}
	}
	switch v := n.ports[addr].(type) {
	case string:
		return (&net.Dialer{}).DialContext(ctx, network, v)
	case error:
		return fail(v)
	case silence:
		<-ctx.Done()
		return fail(ctx.Err())
	case func() net.Conn:
		return v(), nil
	}
	n.t.Errorf("nobody prepared %s", addr)
	return fail(errors.New("not prepared"))
}

func (n *world) DialSmall(ctx context.Context, addr netip.AddrPort) (net.Conn, error) {
	v, ok := n.small[addr]
	if !ok {
		return nil, host.ErrUnsupported
	}
	n.count("small " + addr.String())
	if f, ok := v.(func() net.Conn); ok {
		return f(), nil
	}
	return (&net.Dialer{}).DialContext(ctx, "tcp", v.(string))
}

func (n *world) Records(ctx context.Context, family, name string) []host.Records {
	n.count("records " + family + " " + name)
	switch v := n.said[family+" "+name].(type) {
	case []host.Records:
		return v
	case partly: // and another server is silent
		<-ctx.Done()
		return []host.Records{{Server: "192.0.2.99", Err: ctx.Err()}, v.answered}
	case silence:
		<-ctx.Done()
		return []host.Records{{Server: "192.0.2.53", Err: ctx.Err()}}
	}
	return nil
}

func (n *world) Addresses() []netip.Addr { return n.own }

func (n *world) HostsFile(string) (string, []string, error) { return "/etc/hosts", n.hosts, nil }

// noNet is the system's "network is unreachable".
func noNet() error {
	if runtime.GOOS == "windows" {
		return os.NewSyscallError("connectex", syscall.Errno(10051))
	}
	return os.NewSyscallError("connect", syscall.Errno(101))
}

// serve runs handle for each connection until the test ends, and returns the address.
func serve(t testing.TB, handle func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	var open []net.Conn
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open = append(open, c)
			mu.Unlock()
			wg.Go(func() { defer c.Close(); handle(c) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		mu.Lock()
		for _, c := range open {
			c.Close()
		}
		mu.Unlock()
		wg.Wait()
	})
	return l.Addr().String()
}

func closedPort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// What a server does with a connection.

func mute(c net.Conn)   { io.Copy(io.Discard, c) }
func hangUp(c net.Conn) { readSome(c); fin(c) }
func slam(c net.Conn)   { readSome(c); rst(c) }
func fin(c net.Conn)    { c.(interface{ CloseWrite() error }).CloseWrite(); mute(c) }
func rst(c net.Conn)    { c.(*net.TCPConn).SetLinger(0); c.Close() }

func readSome(c net.Conn) { c.Read(make([]byte, 1)) }

func say(text string) func(net.Conn) {
	return func(c net.Conn) { readSome(c); io.WriteString(c, text); fin(c) }
}

// answer reads a request's head and writes raw.
func answer(raw string) func(net.Conn) {
	return func(c net.Conn) {
		if _, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
			io.WriteString(c, raw)
		}
	}
}

// stall answers and then keeps the connection open without a word.
func stall(raw string) func(net.Conn) {
	return func(c net.Conn) { answer(raw)(c); mute(c) }
}

func ok(body string) string { return "HTTP/1.1 200 OK\r\nServer: vendor\r\n\r\n" + body }

// secure speaks TLS with that certificate and then does as next does.
func secure(cert tls.Certificate, next func(net.Conn), change ...func(*tls.Config)) func(net.Conn) {
	cfg := &tls.Config{Certificates: []tls.Certificate{cert}}
	for _, f := range change {
		f(cfg)
	}
	return func(c net.Conn) {
		tc := tls.Server(c, cfg)
		if tc.Handshake() == nil {
			next(tc)
			tc.Close()
		}
	}
}

// byName looks into the ClientHello and hands the connections that name the host to bad.
func byName(name string, bad func(net.Conn), cert tls.Certificate) func(net.Conn) {
	return func(c net.Conn) {
		cfg := &tls.Config{GetConfigForClient: func(h *tls.ClientHelloInfo) (*tls.Config, error) {
			if h.ServerName == name {
				bad(c)
				return nil, errors.New("cut")
			}
			return &tls.Config{Certificates: []tls.Certificate{cert}}, nil
		}}
		tls.Server(c, cfg).Handshake()
	}
}

// gateway is an HTTP proxy that opens every tunnel to target.
func gateway(target string) func(net.Conn) {
	return func(c net.Conn) {
		in := bufio.NewReader(c)
		req, err := http.ReadRequest(in)
		if err != nil || req.Method != http.MethodConnect {
			return
		}
		out, err := net.Dial("tcp", target)
		if err != nil {
			io.WriteString(c, "HTTP/1.1 502 Bad Gateway\r\n\r\n")
			return
		}
		defer out.Close()
		io.WriteString(c, "HTTP/1.1 200 Connection established\r\n\r\n")
		go func() { io.Copy(out, in); out.(*net.TCPConn).CloseWrite() }()
		io.Copy(c, out)
	}
}

package allowlist

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"runtime"
	"sync"
	"syscall"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
	"linecheck/checks/host/hosttest"
)

// wire is a network in virtual time. Every host of the product has an address in each family, and an HTTP server that
// says ok, unless a test changes it.
type wire struct {
	hosttest.Plain
	mu    sync.Mutex
	names map[string]any         // "ip4 host" -> netip.Addr, error, silent
	ports map[netip.AddrPort]any // -> func(net.Conn), error, silent
	slow  time.Duration          // how long a connection takes

	asked     map[string]int
	dialled   []netip.AddrPort
	now, most int
	to        map[netip.AddrPort]int
	cached    []string // the system's DNS cache; nil: it cannot be asked
	mostTo    int
}

type silent struct{}

// turns are what stands at an address for each connection in turn; the last one stays.
type turns []any

func newWire() *wire {
	return &wire{names: map[string]any{}, ports: map[netip.AddrPort]any{}, asked: map[string]int{}, to: map[netip.AddrPort]int{}}
}

func (n *wire) Lookup(ctx context.Context, family, name string) ([]netip.Addr, error) {
	n.mu.Lock()
	n.asked[family+" "+name]++
	v := n.names[family+" "+name]
	n.mu.Unlock()
	switch v := v.(type) {
	case netip.Addr:
		return []netip.Addr{v}, nil
	case error:
		return nil, v
	case silent:
		<-ctx.Done()
		return nil, &net.DNSError{Err: "i/o timeout", Name: name, IsTimeout: true}
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (n *wire) Dial(ctx context.Context, network string, a netip.AddrPort) (net.Conn, error) {
	n.mu.Lock()
	n.dialled = append(n.dialled, a)
	n.now++
	n.to[a]++
	n.most = max(n.most, n.now)
	if a.Addr() != gate { // through a proxy the target counts
		n.mostTo = max(n.mostTo, n.to[a])
	}
	v := n.ports[a]
	if list, ok := v.(turns); ok {
		if v = list[0]; len(list) > 1 {
			n.ports[a] = list[1:]
		}
	}
	n.mu.Unlock()
	defer func() {
		n.mu.Lock()
		n.now--
		n.to[a]--
		n.mu.Unlock()
	}()
	fail := func(err error) (net.Conn, error) { return nil, &net.OpError{Op: "dial", Net: network, Err: err} }
	select {
	case <-ctx.Done():
		return fail(ctx.Err())
	case <-time.After(n.slow):
	}
	switch v := v.(type) {
	case func(net.Conn):
		ours, theirs := net.Pipe()
		go func() { defer theirs.Close(); v(theirs) }()
		return ours, nil
	case error:
		return fail(v)
	}
	<-ctx.Done()
	return fail(ctx.Err())
}

func (n *wire) Cached(context.Context) ([]string, error) {
	if n.cached == nil {
		return nil, host.ErrUnsupported
	}
	return n.cached, nil
}

// refused and noRoute are the system's own errors.
func refused() error { return number(10061, 111) }
func noRoute() error { return number(10051, 101) }

func number(windows, linux syscall.Errno) error {
	if runtime.GOOS == "windows" {
		return os.NewSyscallError("connectex", windows)
	}
	return os.NewSyscallError("connect", linux)
}

var errOdd = errors.New("flux capacitor")

// cut takes the request and ends the connection.
func cut(c net.Conn) { http.ReadRequest(bufio.NewReader(c)) }

func mute(c net.Conn) { io.Copy(io.Discard, c) }

func says(raw string) func(net.Conn) {
	return func(c net.Conn) {
		if _, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
			io.WriteString(c, raw)
		}
	}
}

// reads answers every request on a connection with what f makes of it.
func reads(f func(*http.Request) string) func(net.Conn) {
	return func(c net.Conn) {
		in := bufio.NewReader(c)
		for {
			r, err := http.ReadRequest(in)
			if err != nil {
				return
			}
			io.WriteString(c, f(r))
		}
	}
}

var okay = says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

// product is a profile with n endpoints on a wire where all is well.
func product(n int) (*assets.Profile, *wire) {
	p, w := &assets.Profile{Name: "test", Title: "Test Cloud", Values: map[string]string{}}, newWire()
	for i := range n {
		e := assets.Endpoint{Host: name(i), Scheme: "http", Port: 80, Path: "/", Required: true, Mark: assets.Seed,
			Expect: assets.Expect{Status: []int{200}, Body: "ok"}}
		p.Endpoints = append(p.Endpoints, e)
		w.names["ip4 "+name(i)], w.names["ip6 "+name(i)] = four(i), six(i)
		w.each(i, okay, okay)
	}
	w.names["ip4 gw.corp.example"] = gate
	w.ports[netip.AddrPortFrom(gate, 3128)] = okay
	return p, w
}

var gate = netip.MustParseAddr("10.0.0.8")

func name(i int) string     { return fmt.Sprintf("h%02d.vendor.example", i) }
func four(i int) netip.Addr { return netip.AddrFrom4([4]byte{203, 0, 113, byte(i)}) }
func six(i int) netip.Addr  { return netip.MustParseAddr(fmt.Sprintf("2001:db8::%x", i+1)) }

// each says what stands at the addresses of one endpoint.
func (n *wire) each(i int, at4, at6 any) {
	n.ports[netip.AddrPortFrom(four(i), 80)], n.ports[netip.AddrPortFrom(six(i), 80)] = at4, at6
}

// gate says what stands at the company's proxy.
func (n *wire) gate(at any) { n.ports[netip.AddrPortFrom(gate, 3128)] = at }

func env(p *assets.Profile, w *wire, facts ...checks.Fact) checks.Env {
	e := checks.Env{Machine: host.Machine{OS: runtime.GOOS, Network: w}, Profile: p, Facts: checks.Facts{}, Turns: checks.NewTurns()}
	for _, f := range facts {
		e.Facts[f.Name] = f.Value
	}
	return e
}

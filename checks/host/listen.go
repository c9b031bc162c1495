package host

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
)

// barredWait is how long a connection that failed waits for the ICMP message that may say why. The system has it
// already when it fails the connection; only this program's listener may not have been given its turn yet.
const barredWait = 50 * time.Millisecond

// maxDeaf is how many errors of a raw socket are passed over: one message too long for the buffer is one on Windows.
const maxDeaf = 16

// ear hears the ICMP messages of one family while connections are being made, through one raw socket for all of them.
// That needs root, CAP_NET_RAW or an administrator; and Windows's own firewall may still keep the messages from it.
type ear struct {
	network, any string
	unquote      func([]byte) (quote, bool)

	mu    sync.Mutex
	conn  net.PacketConn
	ended chan struct{} // closed when the reader of conn has ended
	calls map[*call]struct{}
}

var (
	ear4 = &ear{network: "ip4:icmp", any: "0.0.0.0", unquote: unquote4, calls: map[*call]struct{}{}}
	ear6 = &ear{network: "ip6:ipv6-icmp", any: "::", unquote: unquote6, calls: map[*call]struct{}{}}
)

// call is one connection that is being made.
type call struct {
	ear   *ear
	to    netip.AddrPort
	from  atomic.Uint32 // our own port; 0: not known
	heard chan Barred
}

// hear begins to listen for what is said about connections to an address; nil where that cannot be heard.
func hear(to netip.AddrPort) *call {
	to = netip.AddrPortFrom(to.Addr().Unmap().WithZone(""), to.Port())
	e := ear4
	if to.Addr().Is6() {
		e = ear6
	}
	c := &call{ear: e, to: to, heard: make(chan Barred, 1)}
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.calls) == 0 && !e.open() {
		return nil
	}
	e.calls[c] = struct{}{}
	return c
}

// open needs e.mu.
func (e *ear) open() bool {
	conn, err := net.ListenPacket(e.network, e.any)
	if err != nil {
		return false
	}
	// Where the system can leave the rest out (Linux), it does.
	if e == ear4 {
		var f ipv4.ICMPFilter
		f.SetAll(true)
		f.Accept(ipv4.ICMPTypeDestinationUnreachable)
		_ = ipv4.NewPacketConn(conn).SetICMPFilter(&f)
	} else {
		var f ipv6.ICMPFilter
		f.SetAll(true)
		f.Accept(ipv6.ICMPTypeDestinationUnreachable)
		_ = ipv6.NewPacketConn(conn).SetICMPFilter(&f)
	}
	e.conn, e.ended = conn, make(chan struct{})
	go e.listen(conn, e.ended)
	return true
}

func (e *ear) listen(conn net.PacketConn, ended chan struct{}) {
	defer close(ended)
	buf := make([]byte, 2048)
	for failed := 0; failed < maxDeaf; {
		n, from, err := conn.ReadFrom(buf)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil && n == 0 {
			failed++
			continue
		}
		a, ok := from.(*net.IPAddr)
		if !ok {
			continue
		}
		by, ok := netip.AddrFromSlice(a.IP)
		if q, is := e.unquote(buf[:n]); ok && is {
			e.tell(by.Unmap(), q)
		}
	}
}

func (e *ear) tell(by netip.Addr, q quote) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for c := range e.calls {
		own := uint16(c.from.Load())
		if q.to != c.to || own != 0 && q.from.Port() != own {
			continue
		}
		select {
		case c.heard <- Barred{By: by, Code: q.code}:
		default: // the first one counts
		}
	}
}

// close ends the listening; the last one closes the socket and waits for its reader.
func (c *call) close() {
	e := c.ear
	e.mu.Lock()
	delete(e.calls, c)
	conn, ended := e.conn, e.ended
	last := len(e.calls) == 0
	e.mu.Unlock()
	if last {
		conn.Close()
		<-ended
	}
}

// explain adds what was heard to the error of a connection.
func (c *call) explain(ctx context.Context, err error) error {
	wait := barredWait
	if ctx.Err() != nil || errors.Is(err, os.ErrDeadlineExceeded) {
		wait = 0 // whoever spoke has spoken long ago
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case b := <-c.heard:
		b.Err = err
		return &b
	default:
	}
	select {
	case b := <-c.heard:
		b.Err = err
		return &b
	case <-t.C:
	case <-ctx.Done():
	}
	return err
}

// dial connects and listens meanwhile.
func dial(ctx context.Context, d net.Dialer, network string, addr netip.AddrPort) (net.Conn, error) {
	c := hear(addr)
	if c == nil {
		return d.DialContext(ctx, network, addr.String())
	}
	defer c.close()
	d.Control = func(_, _ string, raw syscall.RawConn) error {
		c.from.Store(uint32(ownPort(raw, addr.Addr().Unmap().Is6())))
		return nil
	}
	conn, err := d.DialContext(ctx, network, addr.String())
	if err != nil {
		return nil, c.explain(ctx, err)
	}
	return conn, nil
}

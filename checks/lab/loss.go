package lab

import (
	"net"
	"sync/atomic"
)

// segment is what a packet carries at most on an Ethernet.
const segment = 1460

// lossy is the server's end of a connection on which large packets vanish. What comes after a lost one never arrives
// either: TCP hands bytes on in their order.
type lossy struct {
	net.Conn
	loss      Loss
	in        []byte // read and not yet handed on
	out, back atomic.Bool
}

// Read takes what comes in pieces as the machine sent them, which on loopback they nearly are.
func (c *lossy) Read(p []byte) (int, error) {
	for len(c.in) == 0 {
		b := make([]byte, 64<<10)
		n, err := c.Conn.Read(b)
		if n > 0 && (c.out.Load() || min(n, segment) > c.loss.LargeLost) {
			c.out.Store(true)
			n = 0
		}
		if c.in = b[:n]; err != nil && n == 0 {
			return 0, err
		}
	}
	n := copy(p, c.in)
	c.in = c.in[n:]
	return n, nil
}

func (c *lossy) Write(p []byte) (int, error) {
	if c.loss.LargeWay != "out" && (c.back.Load() || min(len(p), segment) > c.loss.LargeLost) {
		c.back.Store(true)
		return len(p), nil
	}
	return c.Conn.Write(p)
}

// serve serves the connection. One on which something was lost is never seen to end by the machine.
func (l Loss) serve(c net.Conn, serve func(net.Conn)) {
	x := &lossy{Conn: c, loss: l}
	serve(x)
	if x.out.Load() || x.back.Load() {
		drain(c)
	}
}

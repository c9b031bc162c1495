package lab

import (
	"io"
	"net"
)

// listen opens a loopback listener for every port that somebody may connect to.
func (l *Lab) listen() error {
	for _, pl := range l.world.places {
		for _, pt := range pl.ports {
			if pt.tcp != "" && pt.tcp != "open" && (pt.family == "" || pt.family == "both") {
				continue
			}
			ln, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return err
			}
			l.mu.Lock()
			l.listeners = append(l.listeners, ln)
			l.mu.Unlock()
			pt.listener = ln.Addr()
			l.wg.Go(func() { l.accept(ln, pt.usual) })
			if pt.loss.LargeLost > 0 {
				if pt.small, err = l.also(pt.serve); err != nil {
					return err
				}
			}
			if pt.datagram == nil {
				continue
			}
			p, err := net.ListenPacket("udp", "127.0.0.1:0")
			if err != nil {
				return err
			}
			l.mu.Lock()
			l.packets = append(l.packets, p)
			l.mu.Unlock()
			pt.udp = p.LocalAddr()
			l.wg.Go(func() { l.datagrams(p, pt.datagram) })
		}
	}
	return nil
}

// also opens a second listener for the machine's connections with small packets.
func (l *Lab) also(serve func(net.Conn)) (net.Addr, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	l.listeners = append(l.listeners, ln)
	l.mu.Unlock()
	l.wg.Go(func() { l.accept(ln, serve) })
	return ln.Addr(), nil
}

func (l *Lab) accept(ln net.Listener, serve func(net.Conn)) {
	for {
		c, err := ln.Accept()
		if err != nil {
			return
		}
		if !l.hold(c) {
			return
		}
		l.wg.Go(func() {
			defer l.release(c)
			if serve == nil {
				drain(c)
				return
			}
			serve(c)
		})
	}
}

// hold remembers a connection so that Close can end it; where the lab is closing already it is closed at once.
func (l *Lab) hold(c net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		c.Close()
		return false
	}
	l.open[c] = true
	return true
}

func (l *Lab) release(c net.Conn) {
	c.Close()
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.open, c)
}

// drain takes everything and says nothing, until the other side or the lab closes.
func drain(c net.Conn) { _, _ = io.Copy(io.Discard, c) }

// reset ends a connection with RST instead of FIN.
func reset(c net.Conn) {
	if t, ok := c.(*net.TCPConn); ok {
		_ = t.SetLinger(0)
	}
	c.Close()
}

package host

import (
	"net"
	"syscall"
)

// Packets is what the system knows of the packets of a TCP connection.
type Packets struct {
	Path    int // bytes of the largest packet that the way is believed to carry
	Segment int // bytes of payload in the largest packet that this side sends
	Early   int // packets that came although one before them had not: that one was lost, or is late
}

// PacketsOf asks the system about a connection. false: it cannot be asked, or this is no connection of the system's.
func PacketsOf(c net.Conn) (Packets, bool) {
	s, ok := c.(syscall.Conn)
	if !ok {
		return Packets{}, false
	}
	raw, err := s.SyscallConn()
	if err != nil {
		return Packets{}, false
	}
	var p Packets
	if raw.Control(func(fd uintptr) { p, ok = packets(fd) }) != nil {
		return Packets{}, false
	}
	return p, ok
}

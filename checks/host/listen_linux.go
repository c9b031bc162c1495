package host

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// ownPort gives a socket its port before it connects, so that it is known by the time somebody speaks of it; 0 where
// that fails.
func ownPort(raw syscall.RawConn, six bool) uint16 {
	var any unix.Sockaddr = &unix.SockaddrInet4{}
	if six {
		any = &unix.SockaddrInet6{}
	}
	var port int
	_ = raw.Control(func(fd uintptr) {
		if unix.Bind(int(fd), any) != nil {
			return
		}
		switch a, _ := unix.Getsockname(int(fd)); a := a.(type) {
		case *unix.SockaddrInet4:
			port = a.Port
		case *unix.SockaddrInet6:
			port = a.Port
		}
	})
	return uint16(port)
}

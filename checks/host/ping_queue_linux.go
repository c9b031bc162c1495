package host

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"os"

	"golang.org/x/sys/unix"
)

// reported adds to the error of an echo who said so, where the socket's queue of errors holds it (ip(7), IP_RECVERR).
func reported(f *os.File, err error) error {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return err
	}
	c, cerr := f.SyscallConn()
	if cerr != nil {
		return err
	}
	buf, oob := make([]byte, 512), make([]byte, 512)
	var n int
	var rerr error
	if cerr = c.Control(func(fd uintptr) {
		_, n, _, _, rerr = unix.Recvmsg(int(fd), buf, oob, unix.MSG_ERRQUEUE|unix.MSG_DONTWAIT)
	}); cerr != nil || rerr != nil {
		return err
	}
	if b := queued(oob[:n]); b != nil {
		b.Err = bare(err)
		return b
	}
	return err
}

// queued reads who sent an ICMP error "destination unreachable" and its code; nil where it is another kind, or this
// machine's own. A sock_extended_err is 16 bytes, with its origin, type and code at 4, and the sender's address behind.
func queued(oob []byte) *Barred {
	messages, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		return nil
	}
	const (
		byICMP, byICMP6           = 2, 3 // SO_EE_ORIGIN_ICMP, SO_EE_ORIGIN_ICMP6
		unreachable, unreachable6 = 3, 1
		size                      = 16
	)
	for _, m := range messages {
		b := m.Data
		if len(b) < size+8 {
			continue
		}
		origin, kind, code, sender := b[4], b[5], b[6], b[size:]
		switch family := binary.NativeEndian.Uint16(sender); {
		case m.Header.Level == unix.IPPROTO_IP && m.Header.Type == unix.IP_RECVERR && origin == byICMP && kind == unreachable && family == unix.AF_INET:
			by, _ := netip.AddrFromSlice(sender[4:8])
			return &Barred{By: by, Code: int(code)}
		case m.Header.Level == unix.IPPROTO_IPV6 && m.Header.Type == unix.IPV6_RECVERR && origin == byICMP6 && kind == unreachable6 &&
			family == unix.AF_INET6 && len(sender) >= 24:
			by, _ := netip.AddrFromSlice(sender[8:24])
			return &Barred{By: by, Code: int(code)}
		}
	}
	return nil
}

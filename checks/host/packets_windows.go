package host

import "golang.org/x/sys/windows"

// The options of learn.microsoft.com/windows/win32/winsock/ipproto-ip-socket-options and its page for IPv6; since
// Windows 10, version 2004.
const (
	ipUserMTU   = 76
	ipv6UserMTU = 76
)

// shrink keeps the window of a connection that is not yet made so small that the other side cannot send more than that in
// one packet (RFC 9293, 3.8.6): Windows lets no program choose the segment size that it announces. What this side sends is
// bounded by the option for it, where there is one.
func shrink(fd uintptr, six bool) error {
	h := windows.Handle(fd)
	if six {
		_ = windows.SetsockoptInt(h, windows.IPPROTO_IPV6, ipv6UserMTU, 1280) // the least that IPv6 allows
	} else {
		_ = windows.SetsockoptInt(h, windows.IPPROTO_IP, ipUserMTU, SmallSegment+40)
	}
	return windows.SetsockoptInt(h, windows.SOL_SOCKET, windows.SO_RCVBUF, SmallSegment)
}

func packets(uintptr) (Packets, bool) { return Packets{}, false }

package host

import "golang.org/x/sys/unix"

// shrink announces a small segment size in the greeting of a connection that is not yet made; both sides keep to it
// (tcp(7), TCP_MAXSEG).
func shrink(fd uintptr, _ bool) error {
	return unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_MAXSEG, SmallSegment)
}

// packets reads TCP_INFO. A kernel before 5.4 counts no early packets and says 0.
func packets(fd uintptr) (Packets, bool) {
	i, err := unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO)
	if err != nil {
		return Packets{}, false
	}
	return Packets{Path: int(i.Pmtu), Segment: int(i.Snd_mss), Early: int(i.Rcv_ooopack)}, true
}

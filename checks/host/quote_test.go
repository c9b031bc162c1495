package host

import (
	"bytes"
	"encoding/binary"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/net/icmp"
	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
)

// tcp4 is the beginning of a SYN from 192.0.2.9:40000 to 198.51.100.7:443, with options words in its IP header.
func tcp4(options int) []byte {
	b := make([]byte, 20+4*options)
	b[0], b[9] = 0x45+byte(options), protoTCP
	copy(b[12:], []byte{192, 0, 2, 9, 198, 51, 100, 7})
	return append(b, 0x9c, 0x40, 0x01, 0xbb, 0, 0, 0, 1)
}

// tcp6 is the same from 2001:db8::9 to 2001:db8::7, behind extension headers.
func tcp6(extensions ...byte) []byte {
	b := make([]byte, 40)
	from, to := netip.MustParseAddr("2001:db8::9").As16(), netip.MustParseAddr("2001:db8::7").As16()
	b[0], b[6] = 0x60, protoTCP
	copy(b[8:], from[:])
	copy(b[24:], to[:])
	last := 6
	for _, kind := range extensions {
		b[last] = kind
		last = len(b)
		b = append(b, protoTCP, 0, 0, 0, 0, 0, 0, 0)
	}
	return append(b, 0x9c, 0x40, 0x01, 0xbb, 0, 0, 0, 1)
}

func message(t testing.TB, kind icmp.Type, code int, packet []byte) []byte {
	t.Helper()
	b, err := (&icmp.Message{Type: kind, Code: code, Body: &icmp.DstUnreach{Data: packet}}).Marshal(nil)
	must(t, err)
	return b
}

func changed(b []byte, at int, to byte) []byte {
	b = bytes.Clone(b)
	b[at] = to
	return b
}

func TestQuotes(t *testing.T) {
	four := message(t, ipv4.ICMPTypeDestinationUnreachable, 13, tcp4(0))
	six := message(t, ipv6.ICMPTypeDestinationUnreachable, 1, tcp6())
	for name, c := range map[string]struct {
		read func([]byte) (quote, bool)
		b    []byte
		code int // -1: none
	}{
		"a forbidden SYN is read":                         {unquote4, four, 13},
		"options in the header are passed over":           {unquote4, message(t, ipv4.ICMPTypeDestinationUnreachable, 1, tcp4(3)), 1},
		"another kind of ICMP is none":                    {unquote4, changed(four, 0, 11), -1},
		"a quoted UDP packet is none":                     {unquote4, changed(four, 8+9, 17), -1},
		"a later fragment has no ports":                   {unquote4, changed(four, 8+7, 5), -1},
		"an IPv6 packet in an IPv4 message is none":       {unquote4, changed(four, 8, 0x65), -1},
		"a header that ends before it began is none":      {unquote4, changed(four, 8, 0x41), -1},
		"a header that is longer than the packet is none": {unquote4, changed(four, 8, 0x4f)[:8+28], -1},
		"a forbidden SYN of IPv6 is read":                 {unquote6, six, 1},
		"extension headers are passed over":               {unquote6, message(t, ipv6.ICMPTypeDestinationUnreachable, 4, tcp6(0, 60, 43)), 4},
		"more extension headers than anybody sends":       {unquote6, message(t, ipv6.ICMPTypeDestinationUnreachable, 4, tcp6(60, 60, 60, 60, 60, 60, 60, 60, 60)), -1},
		"an extension header longer than the packet":      {unquote6, changed(message(t, ipv6.ICMPTypeDestinationUnreachable, 4, tcp6(60)), 8+40+1, 200), -1},
		"another kind of ICMPv6 is none":                  {unquote6, changed(six, 0, 3), -1},
		"an IPv4 packet in an IPv6 message is none":       {unquote6, changed(six, 8, 0x45), -1},
		"a quoted packet of another protocol is none":     {unquote6, changed(six, 8+6, 17), -1},
	} {
		t.Run(name, func(t *testing.T) {
			q, ok := c.read(c.b)
			if ok != (c.code >= 0) {
				t.Fatalf("read: %v, %+v", ok, q)
			}
			if ok && (q.code != c.code || q.from.Port() != 40000 || q.to.Port() != 443 ||
				!slices.Contains([]string{"198.51.100.7", "2001:db8::7"}, q.to.Addr().String())) {
				t.Errorf("got %+v", q)
			}
			for n := range c.b { // cut anywhere
				c.read(c.b[:n])
			}
		})
	}
}

func FuzzQuotes(f *testing.F) {
	f.Add(message(f, ipv4.ICMPTypeDestinationUnreachable, 13, tcp4(0)))
	f.Add(message(f, ipv4.ICMPTypeDestinationUnreachable, 3, tcp4(10)))
	f.Add(message(f, ipv6.ICMPTypeDestinationUnreachable, 1, tcp6(0, 43, 60)))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, read := range []func([]byte) (quote, bool){unquote4, unquote6} {
			q, ok := read(b)
			if !ok {
				continue
			}
			var to [2]byte
			binary.BigEndian.PutUint16(to[:], q.to.Port())
			if !q.to.IsValid() || !q.from.IsValid() || q.code < 0 || q.code > 255 || !bytes.Contains(b, to[:]) {
				t.Errorf("%x gives %+v", b, q)
			}
		}
	})
}

func TestBarredMeans(t *testing.T) {
	four, six := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::1")
	for name, c := range map[string]struct {
		by                   netip.Addr
		code                 int
		prohibited, pathless bool
		says                 string
	}{
		"a rule of a router":                       {four, 13, true, false, "administratively prohibited"},
		"a rule against a network":                 {four, 9, true, false, "network administratively prohibited"},
		"a rule against a host":                    {four, 10, true, false, "host administratively prohibited"},
		"no way to a host":                         {four, 1, false, true, "host unreachable"},
		"no way to a network":                      {four, 0, false, true, "network unreachable"},
		"a closed port is no rule and no lost way": {four, 3, false, false, "port unreachable"},
		"a code that nobody has defined":           {four, 99, false, false, "unreachable"},
		"IPv6 counts its own codes":                {six, 1, true, false, "administratively prohibited"},
		"no way in IPv6":                           {six, 0, false, true, "no route"},
		"no neighbour in IPv6":                     {six, 3, false, true, "address unreachable"},
		"a closed port in IPv6":                    {six, 4, false, false, "port unreachable"},
		"a policy about source addresses":          {six, 5, true, false, "policy"},
		"a route that rejects":                     {six, 6, true, false, "rejects"},
		"13 means nothing in IPv6":                 {six, 13, false, false, "unreachable"},
	} {
		t.Run(name, func(t *testing.T) {
			b := &Barred{By: c.by, Code: c.code, Err: syscall.Errno(5)}
			if b.Prohibited() != c.prohibited || b.Pathless() != c.pathless || !strings.Contains(b.Error(), c.says) || !strings.Contains(b.Error(), c.by.String()) {
				t.Errorf("%v: prohibited %v, pathless %v", b, b.Prohibited(), b.Pathless())
			}
			var no syscall.Errno
			if !errors.As(b, &no) || no != 5 {
				t.Error("the system's number is lost")
			}
		})
	}
}

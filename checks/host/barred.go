package host

import (
	"fmt"
	"net/netip"
)

// Barred is a connection or an echo that a machine on the way answered with ICMP "destination unreachable". For a
// connection only an administrator's linecheck can hear that. By tells the family, and so what Code means.
type Barred struct {
	By   netip.Addr // who said so: a router, the target, or this machine itself
	Code int        // of ICMP type 3 (RFC 792, RFC 1812 5.2.7.1) from an IPv4 address, of ICMPv6 type 1 (RFC 4443 3.1) from an IPv6 one
	Err  error      // what the system said
}

func (b *Barred) Error() string {
	return fmt.Sprintf("%v (ICMP from %s: %s, code %d)", b.Err, b.By, b.Meaning(), b.Code)
}

func (b *Barred) Unwrap() error { return b.Err }

// words of both families. Codes 6 to 8, 11, 12, 14 and 15 of IPv4 are old and hardly sent.
var (
	meaning4 = map[int]string{
		0: "network unreachable", 1: "host unreachable", 2: "protocol unreachable", 3: "port unreachable",
		5: "source route failed", 6: "network unknown", 7: "host unknown", 9: "network administratively prohibited",
		10: "host administratively prohibited", 11: "network unreachable for this kind of service",
		12: "host unreachable for this kind of service", 13: "communication administratively prohibited",
	}
	meaning6 = map[int]string{
		0: "no route", 1: "communication administratively prohibited", 2: "beyond the scope of the source address",
		3: "address unreachable", 4: "port unreachable", 5: "the source address fails a policy", 6: "the route rejects it",
	}
)

// Meaning is what the code says in words.
func (b *Barred) Meaning() string {
	m := meaning4
	if b.six() {
		m = meaning6
	}
	if s := m[b.Code]; s != "" {
		return s
	}
	return "unreachable"
}

func (b *Barred) six() bool { return b.By.Is6() && !b.By.Is4In6() }

// Prohibited reports whether it says that a rule forbids the connection: 9, 10 and 13 of IPv4, and 1, 5 and 6 of IPv6,
// where RFC 4443 calls 5 and 6 kinds of 1.
func (b *Barred) Prohibited() bool {
	if b.six() {
		return b.Code == 1 || b.Code == 5 || b.Code == 6
	}
	return b.Code == 9 || b.Code == 10 || b.Code == 13
}

// Pathless reports whether it says that there is no way to the network or host, and not that a rule or a closed port
// is the reason.
func (b *Barred) Pathless() bool {
	if b.six() {
		return b.Code == 0 || b.Code == 2 || b.Code == 3
	}
	switch b.Code {
	case 0, 1, 5, 6, 7, 8, 11, 12:
		return true
	}
	return false
}

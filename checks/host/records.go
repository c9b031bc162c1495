package host

import (
	"fmt"
	"net/netip"
	"time"
)

// Records is what one DNS server answered when it was asked itself, past the hosts file and the system's cache.
type Records struct {
	Server  string        // its address
	Rcode   string        // "NOERROR", "NXDOMAIN", "SERVFAIL", "REFUSED"; "" where it did not answer
	Aliases []string      // the chain of CNAMEs, in order, without the name that was asked for
	Addrs   []netip.Addr  // of the family asked for
	TTL     time.Duration // the least of the answer
	Took    time.Duration
	Err     error // it did not answer
}

// Barred is a connection that a router on the way forbade by ICMP, which only an administrator's linecheck can hear.
type Barred struct {
	By   netip.Addr // the router
	Code int        // of ICMP "destination unreachable": 1 host unreachable, 9, 10 and 13 administratively prohibited
	Err  error      // what the system said
}

func (b *Barred) Error() string {
	return fmt.Sprintf("%v (ICMP unreachable, code %d, from %s)", b.Err, b.Code, b.By)
}

func (b *Barred) Unwrap() error { return b.Err }

// Prohibited reports whether the router said that a rule forbids it (RFC 1812, 5.2.7.1), and not that there is no way.
func (b *Barred) Prohibited() bool { return b.Code == 9 || b.Code == 10 || b.Code == 13 }

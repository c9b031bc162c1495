package host

import (
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
	Err     error // it did not answer, or, where Rcode is set, not in full
}

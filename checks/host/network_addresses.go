package host

import (
	"net"
	"net/netip"
	"slices"
)

// maxOwn is how many addresses of this machine are kept.
const maxOwn = 64

// outside are addresses that nobody has (RFC 5737, RFC 3849), so that only the default route leads there. Connecting a
// UDP socket sends nothing; it asks the system for the route.
var outside = [...]string{"192.0.2.1:9", "[2001:db8::1]:9"}

// Addresses asks for the source address of the default route of each family, then lists the rest as the system does.
func (network) Addresses() []netip.Addr {
	var out []netip.Addr
	add := func(a netip.Addr) {
		a = a.Unmap().WithZone("")
		if a.IsGlobalUnicast() && len(out) < maxOwn && !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	for _, to := range outside {
		if c, err := net.Dial("udp", to); err == nil {
			add(c.LocalAddr().(*net.UDPAddr).AddrPort().Addr())
			c.Close()
		}
	}
	all, _ := net.Interfaces()
	for _, i := range all {
		if i.Flags&net.FlagUp == 0 || i.Flags&net.FlagLoopback != 0 {
			continue
		}
		addrs, _ := i.Addrs()
		for _, a := range addrs {
			if n, ok := a.(*net.IPNet); ok {
				if ip, ok := netip.AddrFromSlice(n.IP); ok {
					add(ip)
				}
			}
		}
	}
	return out
}

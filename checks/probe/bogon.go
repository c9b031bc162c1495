package probe

import "net/netip"

// bogons are addresses that no server on the internet has, by the text that says why. A transparent proxy, a VPN or split
// DNS may give one on purpose, so it is evidence and no proof. IANA's special-purpose registries (RFC 6890).
var bogons = []struct {
	in   netip.Prefix
	kind string
}{
	{netip.MustParsePrefix("0.0.0.0/8"), "this network"},
	{netip.MustParsePrefix("10.0.0.0/8"), "private"},
	{netip.MustParsePrefix("100.64.0.0/10"), "carrier's own (CGNAT)"},
	{netip.MustParsePrefix("127.0.0.0/8"), "loopback"},
	{netip.MustParsePrefix("169.254.0.0/16"), "link-local"},
	{netip.MustParsePrefix("172.16.0.0/12"), "private"},
	{netip.MustParsePrefix("192.0.2.0/24"), "documentation"},
	{netip.MustParsePrefix("192.168.0.0/16"), "private"},
	{netip.MustParsePrefix("198.18.0.0/15"), "benchmarking"},
	{netip.MustParsePrefix("198.51.100.0/24"), "documentation"},
	{netip.MustParsePrefix("203.0.113.0/24"), "documentation"},
	{netip.MustParsePrefix("224.0.0.0/4"), "multicast"},
	{netip.MustParsePrefix("240.0.0.0/4"), "reserved"},
	{netip.MustParsePrefix("::/128"), "no address"},
	{netip.MustParsePrefix("::1/128"), "loopback"},
	{netip.MustParsePrefix("100::/64"), "discard-only"},
	{netip.MustParsePrefix("2001:db8::/32"), "documentation"},
	{netip.MustParsePrefix("3fff::/20"), "documentation"},
	{netip.MustParsePrefix("fc00::/7"), "private"},
	{netip.MustParsePrefix("fe80::/10"), "link-local"},
	{netip.MustParsePrefix("ff00::/8"), "multicast"},
}

// blockers are where DNS filters send the names that they block: addresses of theirs, so none of another vendor's. From
// Cisco's "Learn the Umbrella Block Page IP Addresses" (document 224799), which has the same ones as mapped IPv6.
var blockers = map[netip.Addr]string{
	netip.MustParseAddr("146.112.61.104"): "Cisco Umbrella, list of domains",
	netip.MustParseAddr("146.112.61.105"): "Cisco Umbrella, command and control",
	netip.MustParseAddr("146.112.61.106"): "Cisco Umbrella, category or application",
	netip.MustParseAddr("146.112.61.107"): "Cisco Umbrella, malware",
	netip.MustParseAddr("146.112.61.108"): "Cisco Umbrella, phishing",
	netip.MustParseAddr("146.112.61.110"): "Cisco Umbrella, security integration",
}

// blocker names the DNS filter that has the address for what it blocks, "" where none is known to.
func blocker(a netip.Addr) string { return blockers[a.Unmap().WithZone("")] }

// bogon says what kind of address that no vendor has an address is, "" for an ordinary one.
func bogon(a netip.Addr) string {
	a = a.Unmap().WithZone("")
	for _, b := range bogons {
		if b.in.Contains(a) {
			return b.kind
		}
	}
	return ""
}

// strange notes the first address of a vendor's name that no vendor has.
func (w *walker) strange(source string, addrs []netip.Addr) {
	for _, a := range addrs {
		if kind := bogon(a); kind != "" {
			w.arg("bogon", "yes")
			w.arg("bogon_address", a.String())
			w.arg("bogon_kind", kind)
			w.seen(source, "%s is no address of the internet (%s)", a, kind)
			return
		}
	}
}

package host

import (
	"context"
	"net"
	"net/netip"
	"strings"
)

type network struct{}

// Lookup asks the system's resolver. Addresses come without a zone and IPv4 ones as IPv4.
func (network) Lookup(ctx context.Context, family, name string) ([]netip.Addr, error) {
	if err := hostName(name); err != nil {
		return nil, err
	}
	addrs, err := net.DefaultResolver.LookupNetIP(ctx, family, name)
	for i, a := range addrs {
		addrs[i] = a.Unmap().WithZone("")
	}
	return addrs, err
}

// LookupSRV asks for a full name; the answers come sorted by priority.
func (network) LookupSRV(ctx context.Context, name string) ([]*net.SRV, error) {
	if err := hostName(name); err != nil {
		return nil, err
	}
	_, out, err := net.DefaultResolver.LookupSRV(ctx, "", "", name)
	return out, err
}

// Dial connects to an address.
func (network) Dial(ctx context.Context, network string, addr netip.AddrPort) (net.Conn, error) {
	var d net.Dialer
	return d.DialContext(ctx, network, addr.String())
}

// hostName refuses what no resolver should be given.
func hostName(name string) error {
	if name == "" || len(name) > 255 || strings.ContainsAny(name, "\x00/\\ \t\r\n") {
		return &net.DNSError{Err: "not a host name", Name: name, IsNotFound: true}
	}
	return nil
}

func (network) Resolvers() []string { return nil }

func (network) HostsFile(string) (string, []string, error) { return "", nil, ErrUnsupported }

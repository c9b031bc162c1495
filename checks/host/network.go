package host

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"slices"
	"strings"
	"syscall"
)

// maxAnswers is how many answers of one lookup are kept.
const maxAnswers = 64

type network struct{}

// Lookup asks the system's resolver. Addresses come without a zone and IPv4 ones as IPv4.
func (network) Lookup(ctx context.Context, family, name string) ([]netip.Addr, error) {
	if err := hostName(name); err != nil {
		return nil, err
	}
	if family != "ip4" && family != "ip6" {
		return nil, fmt.Errorf("lookup %s: no address family %q", name, family)
	}
	addrs, err := net.DefaultResolver.LookupNetIP(ctx, family, name)
	addrs = addrs[:min(len(addrs), maxAnswers)]
	for i, a := range addrs {
		addrs[i] = a.Unmap().WithZone("")
	}
	return addrs, dnsError(name, err)
}

// LookupSRV asks for a full name, so the system's search list is left out. The answers come in the order in which they
// are to be tried.
func (network) LookupSRV(ctx context.Context, name string) ([]*net.SRV, error) {
	if err := hostName(name); err != nil {
		return nil, err
	}
	// Windows asks without looking at a context.
	out, err := within(ctx, func() ([]*net.SRV, error) {
		_, out, err := net.DefaultResolver.LookupSRV(ctx, "", "", strings.TrimSuffix(name, ".")+".")
		return out, err
	})
	if len(out) > 0 {
		return out[:min(len(out), maxAnswers)], nil // an error beside answers only says that some of them were no host names
	}
	return nil, dnsError(name, err)
}

// Dial connects to an address. A link-local address without its zone cannot be reached; the system says why. What
// machines on the way say of a TCP connection that fails is in its error, where this account may hear it.
func (network) Dial(ctx context.Context, network string, addr netip.AddrPort) (net.Conn, error) {
	if !addr.IsValid() {
		return nil, &net.OpError{Op: "dial", Net: network, Err: &net.AddrError{Err: "not an address", Addr: addr.String()}}
	}
	if strings.HasPrefix(network, "tcp") {
		return dial(ctx, net.Dialer{}, network, addr)
	}
	return (&net.Dialer{}).DialContext(ctx, network, addr.String())
}

// SmallSegment is how many bytes a packet of [Network.DialSmall] carries at most: what every IPv4 line has to pass on in
// one piece (RFC 9293, 3.7.1).
const SmallSegment = 536

func (network) DialSmall(ctx context.Context, addr netip.AddrPort) (net.Conn, error) {
	if !addr.IsValid() {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &net.AddrError{Err: "not an address", Addr: addr.String()}}
	}
	d := net.Dialer{Control: func(_, _ string, raw syscall.RawConn) error {
		var err error
		if failed := raw.Control(func(fd uintptr) { err = shrink(fd, addr.Addr().Unmap().Is6()) }); failed != nil {
			return failed
		}
		if err != nil {
			return fmt.Errorf("small packets: %w: %w", ErrUnsupported, err)
		}
		return nil
	}}
	return d.DialContext(ctx, "tcp", addr.String())
}

// Resolvers names the servers without a zone, each once.
func (network) Resolvers() []string {
	var out []string
	for _, a := range nameServers() {
		if s := a.WithZone("").String(); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// HostsFile reads the hosts file of this machine. A file that is not there names nobody.
func (network) HostsFile(name string) (string, []string, error) {
	path := hostsPath()
	if err := hostName(name); err != nil {
		return path, nil, err
	}
	f, err := openShared(path)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		return path, nil, err
	}
	defer f.Close()
	lines, err := hostsLines(f, name)
	return path, lines, err
}

// dnsError makes every error of a lookup one of the resolver.
func dnsError(name string, err error) error {
	var de *net.DNSError
	if err == nil || errors.As(err, &de) {
		return err
	}
	timeout := errors.Is(err, context.DeadlineExceeded)
	return &net.DNSError{UnwrapErr: err, Err: err.Error(), Name: name, IsTimeout: timeout, IsTemporary: timeout}
}

// hostName refuses what no resolver should be given.
func hostName(name string) error {
	if name == "" || len(name) > 255 || strings.ContainsAny(name, "\x00/\\ \t\r\n") {
		return &net.DNSError{Err: "not a host name", Name: name, IsNotFound: true}
	}
	return nil
}

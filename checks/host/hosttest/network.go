package hosttest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"

	"linecheck/checks/host"
)

// Network is what names resolve to and where connections lead. Nothing of it leaves the machine: an address that no
// target is given for has no route.
type Network struct {
	// Names are host names in any case, without the last dot.
	Names map[string]Name
	// SRV are records by full name; an empty list: known not to exist.
	SRV map[string][]*net.SRV
	// SRVErr answers for a record's name.
	SRVErr map[string]error
	// Targets say what happens at an address.
	Targets map[netip.AddrPort]Target
	// Servers are the DNS servers that the machine asks.
	Servers []string
	// HostsPath is the hosts file's name; "": the usual one.
	HostsPath string
	// Hosts are the lines of the hosts file by host name.
	Hosts map[string][]string
	// Records are what DNS servers say when they are asked themselves, by "ip4 name"; what is not there has no record.
	Records map[string][]host.Records
	// Own are the machine's addresses.
	Own []netip.Addr
	// Cached are the names in the system's DNS cache; nil: it cannot be asked.
	Cached []string
	// CachedErr answers for the cache instead: host.ErrDenied.
	CachedErr error
	// Dialed, where set, is told each connection that is tried.
	Dialed func(network string, addr netip.AddrPort)
}

// Name is what a name resolves to. No address in a family and no error means that it has none there.
type Name struct {
	IP4, IP6 []netip.Addr
	Err      error // for both families; a *net.DNSError, as the resolver would give
	Silent   bool  // no answer until the caller gives up
}

// Target is what happens at an address.
type Target struct {
	To     string // the real address, "127.0.0.1:34567"
	UDP    string // the real address for UDP; "": the same
	Err    error  // it fails at once: [Refused], [NoRoute], or a *host.Barred without its Err
	Silent bool   // no answer until the caller gives up
	Small  string // the real address for small packets; "": they cannot be asked for
}

func newNetwork() Network {
	return Network{
		Names: map[string]Name{}, SRV: map[string][]*net.SRV{}, SRVErr: map[string]error{},
		Targets: map[netip.AddrPort]Target{}, Hosts: map[string][]string{},
	}
}

// Name gives a host addresses. It panics on what is no address.
func (n *Network) Name(name string, addrs ...string) {
	var e Name
	for _, s := range addrs {
		if a := netip.MustParseAddr(s); a.Is4() {
			e.IP4 = append(e.IP4, a)
		} else {
			e.IP6 = append(e.IP6, a)
		}
	}
	n.Names[strings.ToLower(name)] = e
}

// Lead sends connections for an address ("192.0.2.10:443") to a real one ("127.0.0.1:34567"). It panics on what is no
// address.
func (n *Network) Lead(addr, to string) { n.Targets[netip.MustParseAddrPort(addr)] = Target{To: to} }

// Drop swallows connections to an address, as a firewall does.
func (n *Network) Drop(addr string) { n.Targets[netip.MustParseAddrPort(addr)] = Target{Silent: true} }

// Refuse refuses connections to an address.
func (n *Network) Refuse(addr string) {
	n.Targets[netip.MustParseAddrPort(addr)] = Target{Err: Refused}
}

// Forbid refuses connections to an address as a router with a rule does: by ICMP code 13, or ICMPv6 code 1, which this
// machine hears. It panics on what is no address.
func (n *Network) Forbid(addr, router string) {
	b := &host.Barred{By: netip.MustParseAddr(router), Code: 13}
	if b.By.Is6() {
		b.Code = 1
	}
	n.Targets[netip.MustParseAddrPort(addr)] = Target{Err: b}
}

// NotFound is the resolver's answer for a name that does not exist.
func NotFound(name string) error {
	return &net.DNSError{Err: "no such host", Name: name, Server: "192.0.2.53:53", IsNotFound: true}
}

func noAnswer(name string) error {
	return &net.DNSError{Err: "i/o timeout", Name: name, Server: "192.0.2.53:53", IsTimeout: true, IsTemporary: true}
}

type network struct{ *Fake }

var _ host.Network = (*network)(nil)

func (f network) Lookup(ctx context.Context, family, name string) ([]netip.Addr, error) {
	f.mu.Lock()
	n, ok := fold(f.Network.Names, strings.TrimSuffix(name, "."))
	if !ok {
		f.surprise(fmt.Sprintf("Network.Lookup(%q, %q)", family, name))
	}
	f.mu.Unlock()
	if n.Silent {
		<-ctx.Done()
		return nil, noAnswer(name)
	}
	if n.Err != nil {
		return nil, n.Err
	}
	addrs := n.IP4
	if family == "ip6" {
		addrs = n.IP6
	}
	if len(addrs) == 0 {
		return nil, NotFound(name)
	}
	return append([]netip.Addr(nil), addrs...), nil
}

func (f network) LookupSRV(_ context.Context, name string) ([]*net.SRV, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := strings.TrimSuffix(name, ".")
	if err, ok := fold(f.Network.SRVErr, key); ok {
		return nil, err
	}
	out, ok := fold(f.Network.SRV, key)
	if !ok {
		f.surprise(fmt.Sprintf("Network.LookupSRV(%q)", name))
	}
	if len(out) == 0 {
		return nil, NotFound(name)
	}
	return append([]*net.SRV(nil), out...), nil
}

func (f network) Dial(ctx context.Context, network string, addr netip.AddrPort) (net.Conn, error) {
	f.mu.Lock()
	t, ok := f.Network.Targets[addr]
	if !ok {
		f.surprise(fmt.Sprintf("Network.Dial(%q, %s)", network, addr))
		t.Err = NoRoute
	}
	tell := f.Network.Dialed
	f.mu.Unlock()
	if tell != nil {
		tell(network, addr)
	}
	fail := func(err error) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Net: network, Addr: net.TCPAddrFromAddrPort(addr), Err: err}
	}
	var barred *host.Barred
	switch {
	case t.Silent:
		<-ctx.Done()
		if ctx.Err() == context.DeadlineExceeded {
			return fail(os.ErrDeadlineExceeded)
		}
		return fail(ctx.Err())
	case errors.As(t.Err, &barred):
		_, err := fail(os.NewSyscallError("connect", NoRoute))
		return nil, &host.Barred{By: barred.By, Code: barred.Code, Err: err}
	case t.Err != nil:
		return fail(os.NewSyscallError("connect", t.Err))
	}
	to := t.To
	if strings.HasPrefix(network, "udp") && t.UDP != "" {
		to = t.UDP
	}
	var d net.Dialer
	return d.DialContext(ctx, network, to)
}

func (f network) DialSmall(ctx context.Context, addr netip.AddrPort) (net.Conn, error) {
	f.mu.Lock()
	t, ok := f.Network.Targets[addr]
	if !ok {
		f.surprise(fmt.Sprintf("Network.DialSmall(%s)", addr))
	}
	tell := f.Network.Dialed
	f.mu.Unlock()
	if t.Small == "" {
		return nil, host.ErrUnsupported
	}
	if tell != nil {
		tell("tcp", addr)
	}
	var d net.Dialer
	return d.DialContext(ctx, "tcp", t.Small)
}

func (f network) Resolvers() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.Network.Servers...)
}

func (f network) HostsFile(name string) (string, []string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	path := f.Network.HostsPath
	switch {
	case path != "":
	case f.OS == "windows":
		path = `C:\Windows\System32\drivers\etc\hosts`
	default:
		path = "/etc/hosts"
	}
	lines, _ := fold(f.Network.Hosts, name)
	return path, append([]string(nil), lines...), nil
}

func (f network) Records(ctx context.Context, family, name string) []host.Records {
	f.mu.Lock()
	defer f.mu.Unlock()
	out, _ := fold(f.Network.Records, family+" "+strings.TrimSuffix(name, "."))
	if err := ctx.Err(); err != nil {
		late := make([]host.Records, len(out))
		for i, r := range out {
			late[i] = host.Records{Server: r.Server, Err: err}
		}
		return late
	}
	return slices.Clone(out)
}

func (f network) Addresses() []netip.Addr { return slices.Clone(f.Network.Own) }

func (f network) Cached(ctx context.Context) ([]string, error) {
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case f.Network.CachedErr != nil:
		return nil, f.Network.CachedErr
	case f.Network.Cached == nil:
		return nil, host.ErrUnsupported
	}
	return slices.Clone(f.Network.Cached), nil
}

// Plain answers what a network of a test's own has nothing to say to; it is embedded there.
type Plain struct{}

// Records tells none.
func (Plain) Records(context.Context, string, string) []host.Records { return nil }

// Addresses tells none.
func (Plain) Addresses() []netip.Addr { return nil }

// Cached cannot be asked.
func (Plain) Cached(context.Context) ([]string, error) { return nil, host.ErrUnsupported }

// DialSmall cannot be done.
func (Plain) DialSmall(context.Context, netip.AddrPort) (net.Conn, error) {
	return nil, host.ErrUnsupported
}

// LookupSRV cannot be asked.
func (Plain) LookupSRV(context.Context, string) ([]*net.SRV, error) { return nil, host.ErrUnsupported }

// Resolvers names the one server 192.0.2.53.
func (Plain) Resolvers() []string { return []string{"192.0.2.53"} }

// HostsFile cannot be read.
func (Plain) HostsFile(string) (string, []string, error) { return "", nil, host.ErrUnsupported }

package lab

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"strings"

	"linecheck/checks/host"
	"linecheck/checks/host/hosttest"
)

// view is the network as the practice machine sees it.
type view struct{ *Lab }

var _ host.Network = view{}

// Lookup asks the hosts file, then the lab's DNS server over a real socket.
func (v view) Lookup(ctx context.Context, family, name string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(name); err == nil {
		return []netip.Addr{a}, nil
	}
	if out, ok := v.fromHosts(family, name); ok {
		if len(out) == 0 {
			return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
		}
		return out, nil
	}
	ctx, cancel := v.during(asked(ctx))
	defer cancel()
	addrs, err := v.resolver.LookupNetIP(ctx, family, rooted(name))
	if err != nil {
		return nil, v.renamed(err, name)
	}
	for i, a := range addrs {
		addrs[i] = a.Unmap()
	}
	return addrs, nil
}

// LookupSRV asks the lab's DNS server.
func (v view) LookupSRV(ctx context.Context, name string) ([]*net.SRV, error) {
	ctx, cancel := v.during(asked(ctx))
	defer cancel()
	_, out, err := v.resolver.LookupSRV(ctx, "", "", rooted(name))
	if err != nil {
		return nil, v.renamed(err, name)
	}
	return out, nil
}

// Resolvers names the practice network's DNS servers.
func (v view) Resolvers() []string {
	var out []string
	for _, n := range v.names {
		out = append(out, n.at.String())
	}
	return out
}

// HostsFile returns the scene's lines that name the host.
func (v view) HostsFile(name string) (string, []string, error) {
	var out []string
	for _, line := range v.scene.Machine.Hosts {
		if names(line, name) {
			out = append(out, line)
		}
	}
	return v.hostsPath(), out, nil
}

func (v view) fromHosts(family, name string) (out []netip.Addr, found bool) {
	for _, line := range v.scene.Machine.Hosts {
		if !names(line, name) {
			continue
		}
		found = true
		a, err := netip.ParseAddr(strings.Fields(line)[0])
		if err == nil && a.Is4() == (family == "ip4") {
			out = append(out, a)
		}
	}
	return out, found
}

// names reports whether a line of a hosts file names the host.
func names(line, name string) bool {
	line, _, _ = strings.Cut(line, "#")
	f := strings.Fields(line)
	for i := 1; i < len(f); i++ {
		if strings.EqualFold(f[i], name) {
			return true
		}
	}
	return false
}

// Dial connects to the loopback listener that stands for the address.
func (v view) Dial(ctx context.Context, network string, to netip.AddrPort) (net.Conn, error) {
	to = netip.AddrPortFrom(to.Addr().Unmap(), to.Port())
	fate, pt := v.fate(network, to)
	v.dialTo(network, to)
	switch fate {
	case "no_route":
		return nil, failed(network, to, hosttest.NoRoute)
	case "prohibited":
		return nil, failed(network, to, v.barred(to.Addr()))
	case "refuse":
		return nil, failed(network, to, hosttest.Refused)
	case "drop":
		ctx, cancel := v.during(ctx)
		defer cancel()
		<-ctx.Done()
		return nil, failed(network, to, waited(ctx))
	}
	if strings.HasPrefix(network, "udp") {
		return (&net.Dialer{}).DialContext(ctx, "udp", pt.udp.String())
	}
	at := pt.listener
	if pt.small != nil && !pt.concerns(to.Addr()) {
		at = pt.small // nothing is lost in this family
	}
	return dialled(ctx, at, to)
}

func dialled(ctx context.Context, at net.Addr, to netip.AddrPort) (net.Conn, error) {
	c, err := (&net.Dialer{}).DialContext(ctx, "tcp", at.String())
	if err != nil {
		return nil, err
	}
	return conn{TCPConn: c.(*net.TCPConn), remote: to}, nil
}

// DialSmall connects as Dial does, with small packets.
func (v view) DialSmall(ctx context.Context, to netip.AddrPort) (net.Conn, error) {
	to = netip.AddrPortFrom(to.Addr().Unmap(), to.Port())
	fate, pt := v.fate("tcp", to)
	if fate != "open" || pt.small == nil {
		return v.Dial(ctx, "tcp", to)
	}
	v.dialTo("tcp", to)
	return dialled(ctx, pt.small, to)
}

// fate says what becomes of a connection from the machine to an address: open, refuse, drop or no_route.
func (v view) fate(network string, to netip.AddrPort) (string, *port) {
	if v.scene.Network.Down {
		return "no_route", nil
	}
	a := to.Addr()
	pl := v.world.at[a]
	if fate := v.world.fates[a]; fate != "" && fate != "open" && strings.HasPrefix(network, "tcp") {
		return fate, nil
	}
	switch {
	case pl == nil && v.world.given[a] && (a.IsLoopback() || a.IsUnspecified()):
		return "refuse", nil
	case pl == nil && v.world.given[a]:
		return "drop", nil
	case pl == nil || !strings.HasPrefix(network, "tcp") && (pl.ports[to.Port()] == nil || pl.ports[to.Port()].datagram == nil):
		v.surprise(network + " " + to.String())
		return "no_route", nil
	case pl.outside && v.scene.Network.Direct == "dropped":
		return "drop", nil
	case pl.outside && v.scene.Network.Direct == "refused":
		return "refuse", nil
	case pl.outside && v.scene.Network.Direct == "prohibited":
		return "prohibited", nil
	}
	pt := pl.ports[to.Port()]
	if pt == nil {
		v.surprise(network + " " + to.String())
		return "refuse", nil
	}
	switch {
	case !pt.concerns(a):
	case pt.tcp != "" && pt.tcp != "open":
		return pt.tcp, pt
	case v.flakes(to, pt.flaky):
		return "drop", nil
	}
	return "open", pt
}

// flakes reports whether a connection is one of the first that a flaky server drops.
func (l *Lab) flakes(to netip.AddrPort, first int) bool {
	if first == 0 {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tried[to]++
	return l.tried[to] <= first
}

// barred is what an administrator's program hears where a rule of a router forbids a connection; any other program gets
// the system's word alone.
func (l *Lab) barred(to netip.Addr) error {
	if l.scene.Machine.Limited {
		return hosttest.NoRoute
	}
	b := &host.Barred{By: gatewayAddress, Code: 13, Err: os.NewSyscallError("connect", hosttest.NoRoute)}
	if to.Is6() {
		b.By, b.Code = gatewayAddress6, 1 // RFC 4443, 3.1
	}
	return b
}

func (l *Lab) dialTo(network string, to netip.AddrPort) {
	what := network + " " + to.String()
	if pl := l.world.at[to.Addr()]; pl != nil {
		what += " " + pl.name
	}
	l.dial(what)
}

// during returns a context that also ends when the lab closes.
func (l *Lab) during(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	off := context.AfterFunc(l.ctx, cancel)
	return ctx, func() { off(); cancel() }
}

// asked is the context of a question to a DNS server; it knows how long the asker would wait.
func asked(ctx context.Context) context.Context {
	if d, ok := ctx.Deadline(); ok {
		return context.WithValue(ctx, asker{}, d)
	}
	return ctx
}

// renamed puts the name that was asked for and the practice network's server into a DNS error, in place of the search
// form and of this machine's own server, which was never asked.
func (l *Lab) renamed(err error, name string) error {
	var de *net.DNSError
	if !errors.As(err, &de) {
		return err
	}
	out := *de
	out.Name = name
	if out.Server != "" {
		out.Server = netip.AddrPortFrom(dnsAddress, 53).String()
	}
	return &out
}

// rooted keeps the resolver from trying this machine's own search list.
func rooted(name string) string { return strings.TrimSuffix(name, ".") + "." }

// conn shows the addresses of the practice network instead of loopback's.
type conn struct {
	*net.TCPConn
	remote netip.AddrPort
}

func (c conn) RemoteAddr() net.Addr { return net.TCPAddrFromAddrPort(c.remote) }

func (c conn) LocalAddr() net.Addr {
	a := ourAddress
	if c.remote.Addr().Is6() {
		a = ourAddress6
	}
	n := c.TCPConn.LocalAddr().(*net.TCPAddr).Port
	return net.TCPAddrFromAddrPort(netip.AddrPortFrom(a, uint16(n)))
}

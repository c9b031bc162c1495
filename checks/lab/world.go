package lab

import (
	"cmp"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"linecheck/assets"
)

// world is who is where: every name that the profiles and the scene speak of, with its addresses and open ports.
type world struct {
	places map[string]*place // by lower-case name
	at     map[netip.Addr]*place
	given  map[netip.Addr]bool // addresses that only DNS or the hosts file hand out: nobody lives there
	fates  map[netip.Addr]string
	domain string
}

// place is one computer.
type place struct {
	name    string
	outside bool // behind the company's firewall, where network.direct counts
	v4, v6  netip.Addr
	ports   map[uint16]*port
	echo    string // what becomes of a ping: "" or yes, no, prohibited
}

// port is one port of a place: what becomes of a connection, and who answers it.
type port struct {
	tcp, family string
	flaky       int
	serve       func(net.Conn) // nil: the connection is held and nothing is ever said
	listener    net.Addr       // on loopback; nil where nobody can connect
	datagram    func([]byte) []byte
	udp         net.Addr // on loopback, for datagrams; nil where nobody answers them
	loss        Loss
	small       net.Addr // on loopback, for small packets; nil: they fare as all do
}

// concerns reports whether what is told of the port is about connections to that address.
func (pt *port) concerns(a netip.Addr) bool {
	family := "ip6"
	if a.Is4() {
		family = "ip4"
	}
	return pt.family == "" || pt.family == "both" || pt.family == family
}

// usual serves a connection with packets of the usual size.
func (pt *port) usual(c net.Conn) {
	switch {
	case pt.serve == nil:
		drain(c)
	case pt.loss.LargeLost > 0:
		pt.loss.serve(c, pt.serve)
	default:
		pt.serve(c)
	}
}

// Outside the addresses are those reserved for documentation (RFC 5737, RFC 3849), so that a mistake reaches nobody;
// inside they are private ones, as in a company.
var (
	insideNet  = netip.MustParsePrefix("10.11.12.0/24")
	outsideNet = netip.MustParsePrefix("203.0.113.0/24")
	sixNet     = netip.MustParsePrefix("2001:db8::/64")

	ourAddress  = netip.MustParseAddr("10.11.12.200")
	ourAddress6 = netip.MustParseAddr("2001:db8:0:1::200")
	dnsAddress  = netip.MustParseAddr("10.11.12.253")
	resolverNet = netip.MustParsePrefix("10.11.12.240/28") // where DNS servers are
	insideCount = 199                                      // above are we, the DNS servers and the router

	gatewayAddress  = netip.MustParseAddr("10.11.12.254")
	gatewayAddress6 = netip.MustParseAddr("2001:db8:0:1::254")
	outsideCount    = 254
)

// lay builds the world of a scene: the profiles' endpoints outside, the scene's own servers inside.
func (l *Lab) lay(profiles []*assets.Profile) error {
	w := &world{places: map[string]*place{}, at: map[netip.Addr]*place{}, given: map[netip.Addr]bool{}, fates: map[netip.Addr]string{}, domain: strings.ToLower(l.scene.Machine.Domain)}
	l.world = w
	answers := map[*port]*site{}
	for _, p := range profiles {
		for _, e := range p.Endpoints {
			if e.Missing(p) != "" {
				continue
			}
			pl, err := w.place(e.Host, !w.inside(e.Host))
			if err != nil {
				return err
			}
			n := endpointPort(e)
			pt := pl.ports[n]
			if pt == nil {
				rule := ruleFor(l.scene.Network.Servers, pl.name, n)
				s := &site{lab: l, host: pl.name, port: n, rule: rule, scheme: e.Scheme, want: map[string]assets.Expect{}, issuer: e.Expect.Issuer, own: e.Own}
				pt = &port{tcp: rule.TCP, family: rule.Family, flaky: rule.Flaky, serve: s.serve, loss: rule.Loss}
				pl.ports[n], answers[pt] = pt, s
			}
			if s := answers[pt]; s != nil {
				s.want[cmp.Or(e.Path, "/")] = e.Expect
			}
		}
	}
	if err := l.layPortals(w); err != nil {
		return err
	}
	if err := l.layScene(w); err != nil {
		return err
	}
	w.give(l.scene)
	return nil
}

// ruleFor is the rule of a server: "host:port" before every pattern.
func ruleFor(rules map[string]Server, host string, port uint16) Server {
	if r, ok := rules[authorityOf(host, port)]; ok {
		return r
	}
	r, _ := longest(rules, host)
	return r
}

// layPortals adds the pages that systems ask to see whether their network wants a login.
func (l *Lab) layPortals(w *world) error {
	boxes, err := assets.LoadMiddleboxes()
	if err != nil {
		return err
	}
	for _, p := range boxes.Portals {
		e := p.Endpoint()
		pl, err := w.place(e.Host, true)
		if err != nil {
			return err
		}
		n := endpointPort(e)
		if pl.ports[n] == nil {
			s := &site{lab: l, host: pl.name, port: n, scheme: "http", rule: ruleFor(l.scene.Network.Servers, pl.name, n),
				want: map[string]assets.Expect{cmp.Or(e.Path, "/"): e.Expect}}
			pl.ports[n] = &port{tcp: s.rule.TCP, family: s.rule.Family, serve: s.serve}
		}
	}
	return nil
}

// layScene adds what the scene itself brings. It goes in the order of names, so that addresses are the same every time.
func (l *Lab) layScene(w *world) error {
	net_ := l.scene.Network
	for _, at := range slices.Sorted(maps.Keys(net_.Proxies)) {
		rule := net_.Proxies[at]
		host, number, _ := net.SplitHostPort(at)
		n, err := strconv.ParseUint(number, 10, 16)
		if err != nil {
			return fmt.Errorf("network.proxies: %q is not name:port", at)
		}
		pl, err := w.place(host, false)
		if err != nil {
			return err
		}
		x := &proxy{lab: l, rule: rule, host: pl.name}
		pl.ports[uint16(n)] = &port{tcp: tcpOf(rule.Mode), serve: x.serve, loss: rule.Loss}
	}
	for _, at := range slices.Sorted(maps.Keys(net_.PAC)) {
		u, err := url.Parse(at)
		if err != nil {
			return err
		}
		pl, err := w.place(u.Hostname(), false)
		if err != nil {
			return err
		}
		n := uint16(80)
		if v, err := strconv.ParseUint(u.Port(), 10, 16); err == nil {
			n = uint16(v)
		}
		if pl.ports[n] == nil {
			pl.ports[n] = &port{tcp: net_.PAC[at].TCP, serve: (&pacServer{lab: l, host: u.Host}).serve}
		}
	}
	for _, c := range net_.Controllers {
		pl, err := w.place(c.Name, false)
		if err != nil {
			return err
		}
		d := l.directory(c)
		pl.echo = c.ICMP
		pl.ports[389] = &port{tcp: c.LDAP, serve: d.root, datagram: d.ldap}
		pl.ports[636] = &port{tcp: c.LDAP}
		pl.ports[445] = &port{tcp: c.LDAP}
		pl.ports[88] = &port{tcp: c.Kerberos, serve: d.kerberos, datagram: d.ticket}
	}
	return nil
}

// tcpOf says what becomes of a connection to a proxy: the proxy's mode where that is about TCP.
func tcpOf(mode string) string {
	if mode == "refuse" || mode == "drop" || mode == "no_route" {
		return mode
	}
	return "open"
}

// place returns the computer of that name, with new addresses where it is new. A host that is an address is its own.
func (w *world) place(host string, outside bool) (*place, error) {
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	if p := w.places[name]; p != nil {
		return p, nil
	}
	p := &place{name: name, outside: outside, ports: map[uint16]*port{}}
	if a, err := netip.ParseAddr(name); err == nil {
		if p.v4 = a.Unmap(); w.at[p.v4] != nil {
			return nil, fmt.Errorf("%s is already %s", name, w.at[p.v4].name)
		}
	} else if err := w.address(p); err != nil {
		return nil, err
	}
	w.places[name], w.at[p.v4] = p, p
	return p, nil
}

// address gives a place the next addresses that nobody has. Only those outside have IPv6, as in many companies.
func (w *world) address(p *place) error {
	base, last := insideNet.Addr().As4(), insideCount
	if p.outside {
		base, last = outsideNet.Addr().As4(), outsideCount
	}
	for n := 1; n <= last; n++ {
		base[3] = byte(n)
		if p.v4 = netip.AddrFrom4(base); w.at[p.v4] != nil {
			continue
		}
		if p.outside {
			six := sixNet.Addr().As16()
			six[15] = byte(n)
			p.v6 = netip.AddrFrom16(six)
			w.at[p.v6] = p
		}
		return nil
	}
	return fmt.Errorf("more than %d hosts in one practice network", last)
}

// inside reports whether a host is the company's own: of its domain, a short name, or a private address.
func (w *world) inside(host string) bool {
	if a, err := netip.ParseAddr(host); err == nil {
		return a.IsPrivate()
	}
	return !strings.Contains(host, ".") || w.domain != "" && strings.HasSuffix(strings.ToLower(host), "."+w.domain)
}

// give notes the addresses that the scene hands out for names and at which nobody lives.
func (w *world) give(s Scene) {
	note := func(text string) {
		if a, err := netip.ParseAddr(text); err == nil && w.at[a.Unmap()] == nil {
			w.given[a.Unmap()] = true
		}
	}
	rules := []map[string]Name{s.Network.Names}
	for _, r := range s.Network.Resolvers {
		rules = append(rules, r.Names)
	}
	for _, names := range rules {
		for _, n := range names {
			for _, a := range slices.Concat(n.A, n.AAAA) {
				note(a)
			}
		}
	}
	for at, fate := range s.Network.Addresses {
		if a, err := netip.ParseAddr(at); err == nil {
			w.fates[a.Unmap()] = fate
		}
	}
	for _, line := range s.Machine.Hosts {
		if f := strings.Fields(line); len(f) > 0 {
			note(f[0])
		}
	}
}

// endpointPort is the endpoint's port; the scheme's own where none is told.
func endpointPort(e assets.Endpoint) uint16 {
	switch {
	case e.Port > 0:
		return uint16(e.Port)
	case e.Scheme == "http":
		return 80
	}
	return 443
}

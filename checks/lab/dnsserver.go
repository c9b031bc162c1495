package lab

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/miekg/dns"

	"linecheck/checks/host/hosttest"
)

// nameServer is one DNS server of the practice network, on UDP and TCP.
type nameServer struct {
	lab      *Lab
	at       netip.Addr
	rule     Resolver
	udp, tcp *dns.Server
}

func (l *Lab) serveAllNames() error {
	rules := l.scene.Network.Resolvers
	if len(rules) == 0 {
		rules = []Resolver{{Address: dnsAddress.String()}}
	}
	for _, r := range rules {
		n, err := l.serveNames(r)
		if err != nil {
			return err
		}
		l.names = append(l.names, n)
	}
	return nil
}

// stub is the DNS server that programs of the machine ask: the first that answers.
func (l *Lab) stub() *nameServer {
	for _, n := range l.names {
		if !n.rule.Silent {
			return n
		}
	}
	return l.names[0]
}

func (l *Lab) serveNames(rule Resolver) (*nameServer, error) {
	at, err := netip.ParseAddr(rule.Address)
	if err != nil {
		return nil, err
	}
	pc, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		pc.Close()
		return nil, err
	}
	n := &nameServer{lab: l, at: at, rule: rule}
	n.udp = &dns.Server{PacketConn: pc, Handler: n}
	n.tcp = &dns.Server{Listener: ln, Handler: n}
	if err := errors.Join(l.activate(n.udp), l.activate(n.tcp)); err != nil {
		n.close()
		return nil, err
	}
	return n, nil
}

// activate returns when the server answers, or cannot.
func (l *Lab) activate(s *dns.Server) error {
	up := make(chan error, 2)
	s.NotifyStartedFunc = func() { up <- nil }
	l.wg.Go(func() { up <- s.ActivateAndServe() })
	return <-up
}

func (n *nameServer) close() error { return errors.Join(n.udp.Shutdown(), n.tcp.Shutdown()) }

// dialNames takes the resolver to the lab's server, whatever server this machine itself would ask.
func (l *Lab) dialNames(ctx context.Context, network, _ string) (net.Conn, error) {
	if l.scene.Network.Down {
		return nil, failed(network, netip.AddrPortFrom(dnsAddress, 53), hosttest.NoRoute)
	}
	n := l.stub()
	if strings.HasPrefix(network, "tcp") {
		return (&net.Dialer{}).DialContext(ctx, network, n.tcp.Listener.Addr().String())
	}
	c, err := net.DialUDP("udp", nil, n.udp.PacketConn.LocalAddr().(*net.UDPAddr))
	if err != nil {
		return nil, err
	}
	until := time.Now().Add(nameWait)
	if d, ok := ctx.Value(asker{}).(time.Time); ok && d.Before(until) {
		until = d
	}
	return question{c, until}, nil
}

// nameWait is how long the practice machine waits for one answer of a DNS server.
const nameWait = 5 * time.Second

// asker is the key of a context's own deadline, which the resolver replaces by an earlier one.
type asker struct{}

// question is a datagram socket that waits as long as the practice machine does. The resolver would set what the real
// machine's resolv.conf says, and where that is short, slow DNS would be silent DNS.
type question struct {
	*net.UDPConn
	until time.Time
}

func (q question) SetDeadline(time.Time) error { return q.UDPConn.SetDeadline(q.until) }

var rcodes = map[string]int{"nxdomain": dns.RcodeNameError, "servfail": dns.RcodeServerFailure, "refused": dns.RcodeRefused}

// ServeDNS answers one question.
func (n *nameServer) ServeDNS(w dns.ResponseWriter, r *dns.Msg) {
	m := new(dns.Msg)
	m.SetReply(r)
	m.RecursionAvailable = true
	if len(r.Question) != 1 {
		m.Rcode = dns.RcodeFormatError
		_ = w.WriteMsg(m)
		return
	}
	q := r.Question[0]
	name := strings.ToLower(strings.TrimSuffix(q.Name, "."))
	n.lab.question(dns.TypeToString[q.Qtype] + " " + name)
	rule, own := longest(n.rule.Names, name)
	if !own {
		rule, _ = longest(n.lab.scene.Network.Names, name)
	}
	if rule.Slow > 0 {
		t := time.NewTimer(rule.Slow)
		defer t.Stop()
		select {
		case <-t.C:
		case <-n.lab.ctx.Done():
			return
		}
	}
	if rule.Rcode == "silent" || n.rule.Silent {
		return
	}
	_, udp := w.RemoteAddr().(*net.UDPAddr)
	if rule.Cut != "" && udp {
		m.Truncated = true
		_ = w.WriteMsg(m)
		return
	}
	if rule.Cut == "no_tcp" {
		<-n.lab.ctx.Done()
		return
	}
	if code, ok := rcodes[rule.Rcode]; ok {
		m.Rcode = code
	} else {
		n.answer(m, q, name, rule)
	}
	_ = w.WriteMsg(m)
}

// answer fills in the records, or that there is no such name.
func (n *nameServer) answer(m *dns.Msg, q dns.Question, name string, rule Name) {
	w := n.lab.world
	hdr := dns.RR_Header{Name: q.Name, Rrtype: q.Qtype, Class: dns.ClassINET, Ttl: uint32(cmp.Or(rule.TTL, time.Minute) / time.Second)}
	if q.Qtype == dns.TypeSRV && w.domain != "" && strings.HasSuffix(name, "."+w.domain) {
		named := slices.DeleteFunc(slices.Clone(n.lab.scene.Network.Controllers), func(c Controller) bool { return c.Records == "no" })
		if p := srvPort(name); p > 0 && len(named) > 0 {
			for i, c := range named {
				m.Answer = append(m.Answer, &dns.SRV{Hdr: hdr, Priority: 0, Weight: uint16(100 - i), Port: p, Target: dns.Fqdn(c.Name)})
			}
			return
		}
	}
	pl := w.places[name]
	if pl == nil && rule.A == nil && rule.AAAA == nil {
		m.Rcode = dns.RcodeNameError
		return
	}
	var right netip.Addr
	told := rule.A
	if pl != nil {
		right = pl.v4
	}
	if q.Qtype == dns.TypeAAAA {
		right, told = netip.Addr{}, rule.AAAA
		if pl != nil {
			right = pl.v6
		}
	}
	for _, alias := range rule.CNAME {
		link := hdr
		link.Rrtype, hdr.Name = dns.TypeCNAME, dns.Fqdn(alias)
		m.Answer = append(m.Answer, &dns.CNAME{Hdr: link, Target: hdr.Name})
	}
	for _, a := range chosen(told, right) {
		switch q.Qtype {
		case dns.TypeA:
			m.Answer = append(m.Answer, &dns.A{Hdr: hdr, A: a.AsSlice()})
		case dns.TypeAAAA:
			m.Answer = append(m.Answer, &dns.AAAA{Hdr: hdr, AAAA: a.AsSlice()})
		}
	}
}

// chosen are the addresses that the scene tells, else the right one.
func chosen(told []string, right netip.Addr) []netip.Addr {
	if told == nil {
		if right.IsValid() {
			return []netip.Addr{right}
		}
		return nil
	}
	var out []netip.Addr
	for _, t := range told {
		if a, err := netip.ParseAddr(t); err == nil {
			out = append(out, a)
		} else if t == "right" && right.IsValid() {
			out = append(out, right)
		}
	}
	return out
}

// srvPort is the port of the service that an SRV name of Active Directory asks for, 0 for any other name.
func srvPort(name string) uint16 {
	switch {
	case strings.HasPrefix(name, "_ldap._tcp."):
		return 389
	case strings.HasPrefix(name, "_kerberos._tcp."):
		return 88
	}
	return 0
}

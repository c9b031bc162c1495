package lab

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/miekg/dns"

	"linecheck/checks/host/hosttest"
)

// nameServer is the practice network's DNS server, on UDP and TCP.
type nameServer struct {
	lab      *Lab
	udp, tcp *dns.Server
}

func (l *Lab) serveNames() (*nameServer, error) {
	pc, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		pc.Close()
		return nil, err
	}
	n := &nameServer{lab: l}
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
	to := l.names.udp.PacketConn.LocalAddr()
	if strings.HasPrefix(network, "tcp") {
		to = l.names.tcp.Listener.Addr()
	}
	return (&net.Dialer{}).DialContext(ctx, network, to.String())
}

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
	rule, _ := longest(n.lab.scene.Network.Names, name)
	if rule.Slow > 0 {
		t := time.NewTimer(rule.Slow)
		defer t.Stop()
		select {
		case <-t.C:
		case <-n.lab.ctx.Done():
			return
		}
	}
	if rule.Rcode == "silent" {
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
	hdr := dns.RR_Header{Name: q.Name, Rrtype: q.Qtype, Class: dns.ClassINET, Ttl: 60}
	if q.Qtype == dns.TypeSRV && w.domain != "" && strings.HasSuffix(name, "."+w.domain) {
		if p := srvPort(name); p > 0 && len(n.lab.scene.Network.Controllers) > 0 {
			for i, c := range n.lab.scene.Network.Controllers {
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

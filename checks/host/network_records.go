package host

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/miekg/dns"
)

// Bounds of asking DNS servers themselves.
const (
	recordsWait    = 2 * time.Second
	recordsAgain   = 700 * time.Millisecond // a packet may be lost
	recordsServers = 4
	recordsChain   = 16   // aliases that are followed
	recordsStray   = 32   // packets of others that are passed over
	recordsEDNS    = 1232 // bytes, the size that DNS servers agreed on in 2020 (dnsflagday.net/2020)
)

// Records asks the first four of the machine's servers.
func (network) Records(ctx context.Context, family, name string) []Records {
	var at []string
	for _, a := range nameServers() {
		at = append(at, net.JoinHostPort(a.String(), "53"))
	}
	return askServers(ctx, at, family, name)
}

// askServers asks each server, given as host:port, all at once.
func askServers(ctx context.Context, at []string, family, name string) []Records {
	at = at[:min(len(at), recordsServers)]
	out := make([]Records, len(at))
	ctx, cancel := context.WithTimeout(ctx, recordsWait)
	defer cancel()
	var all sync.WaitGroup
	for i, to := range at {
		all.Go(func() { out[i] = askServer(ctx, to, family, name) })
	}
	all.Wait()
	return out
}

func askServer(ctx context.Context, at, family, name string) Records {
	server, _, _ := net.SplitHostPort(at)
	if a, err := netip.ParseAddr(server); err == nil {
		server = a.WithZone("").String()
	}
	r := Records{Server: server}
	kind, ok := map[string]uint16{"ip4": dns.TypeA, "ip6": dns.TypeAAAA}[family]
	if !ok {
		r.Err = fmt.Errorf("ask %s: no address family %q", server, family)
		return r
	}
	if r.Err = hostName(name); r.Err != nil {
		return r
	}
	q := new(dns.Msg).SetQuestion(dns.Fqdn(name), kind).SetEdns0(recordsEDNS, false)
	began := time.Now()
	m, err := exchange(ctx, "udp", at, q)
	if err == nil && m.Rcode == dns.RcodeFormatError {
		q.Extra = nil // an old server that knows no EDNS
		m, err = exchange(ctx, "udp", at, q)
	}
	if err == nil && m.Truncated {
		whole, terr := exchange(ctx, "tcp", at, q)
		if terr != nil {
			r.Err = fmt.Errorf("ask %s: its answer is cut short, and not to be had by TCP: %w", server, terr)
		} else {
			m = whole
		}
	}
	r.Took = time.Since(began)
	if err != nil {
		r.Err = fmt.Errorf("ask %s: %w", server, err)
		return r
	}
	r.read(m, kind)
	return r
}

// read takes what belongs to the question: the chain of aliases from its name on, and the addresses of the chain's end.
func (r *Records) read(m *dns.Msg, kind uint16) {
	if r.Rcode = dns.RcodeToString[m.Rcode]; r.Rcode == "" {
		r.Rcode = fmt.Sprintf("RCODE%d", m.Rcode)
	}
	least := func(h *dns.RR_Header) {
		ttl := time.Duration(h.Ttl) * time.Second
		if h.Ttl > 1<<31-1 {
			ttl = 0 // RFC 2181, 8
		}
		if len(r.Aliases)+len(r.Addrs) == 1 || ttl < r.TTL {
			r.TTL = ttl
		}
	}
	name := m.Question[0].Name
	seen := map[string]bool{strings.ToLower(name): true}
	for len(r.Aliases) < recordsChain {
		c := alias(m.Answer, name)
		if c == nil || seen[strings.ToLower(c.Target)] {
			break
		}
		name = c.Target
		seen[strings.ToLower(name)] = true
		r.Aliases = append(r.Aliases, strings.TrimSuffix(name, "."))
		least(&c.Hdr)
	}
	for _, rr := range m.Answer {
		if len(r.Addrs) == maxAnswers || !strings.EqualFold(rr.Header().Name, name) || rr.Header().Rrtype != kind {
			continue
		}
		var ip net.IP
		switch a := rr.(type) {
		case *dns.A:
			ip = a.A.To4()
		case *dns.AAAA:
			ip = a.AAAA.To16()
		}
		if a, ok := netip.AddrFromSlice(ip); ok {
			r.Addrs = append(r.Addrs, a)
			least(rr.Header())
		}
	}
}

func alias(all []dns.RR, name string) *dns.CNAME {
	for _, rr := range all {
		if c, ok := rr.(*dns.CNAME); ok && strings.EqualFold(c.Hdr.Name, name) {
			return c
		}
	}
	return nil
}

// errStray says that packets came, but no answer to the question.
var errStray = errors.New("what it sends is no answer to the question")

// exchange sends a question and waits for its own answer. Packets that are none are passed over, because anybody can
// send some; over UDP the question is sent a second time.
func exchange(ctx context.Context, network, at string, q *dns.Msg) (*dns.Msg, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, network, at)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	end, _ := ctx.Deadline()
	_ = conn.SetDeadline(end)
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	c := &dns.Conn{Conn: conn, UDPSize: recordsEDNS}
	packed, err := q.Pack()
	if err != nil {
		return nil, err
	}
	if _, err := c.Write(packed); err != nil {
		return nil, err
	}
	if network == "udp" {
		t := time.AfterFunc(recordsAgain, func() { _, _ = conn.Write(packed) })
		defer t.Stop()
	}
	var stray error
	for range recordsStray {
		m, err := c.ReadMsg()
		switch {
		case err == nil && answers(m, q):
			return m, nil
		case err == nil:
			stray = errStray
		case isNet(err):
			return nil, errors.Join(err, stray)
		default:
			stray = fmt.Errorf("%w: %w", errStray, err)
		}
		if network == "tcp" {
			break
		}
	}
	return nil, stray
}

func answers(m, q *dns.Msg) bool {
	return m.Response && m.Id == q.Id && len(m.Question) == 1 && m.Question[0].Qtype == q.Question[0].Qtype &&
		m.Question[0].Qclass == q.Question[0].Qclass && strings.EqualFold(m.Question[0].Name, q.Question[0].Name)
}

// isNet tells an error of the connection from one of the message.
func isNet(err error) bool {
	var ne net.Error
	return errors.As(err, &ne) || errors.Is(err, net.ErrClosed)
}

package lab

import (
	"context"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/miekg/dns"

	"linecheck/checks/host"
	"linecheck/checks/host/hosttest"
)

// recordsWait is how long one DNS server is waited for.
const recordsWait = 2 * time.Second

// Records asks each DNS server of the practice network over its own socket.
func (v view) Records(ctx context.Context, family, name string) []host.Records {
	out := make([]host.Records, len(v.names))
	var wg sync.WaitGroup
	for i, n := range v.names {
		wg.Go(func() { out[i] = v.record(ctx, n, family, name) })
	}
	wg.Wait()
	return out
}

func (v view) record(ctx context.Context, n *nameServer, family, name string) host.Records {
	r := host.Records{Server: n.at.String()}
	if v.scene.Network.Down {
		r.Err = failed("udp", netip.AddrPortFrom(n.at, 53), hosttest.NoRoute)
		return r
	}
	ctx, cancel := v.during(ctx)
	defer cancel()
	ctx, cancel2 := context.WithTimeout(ctx, recordsWait)
	defer cancel2()
	q := new(dns.Msg)
	q.SetQuestion(dns.Fqdn(name), dns.TypeA)
	if family == "ip6" {
		q.SetQuestion(dns.Fqdn(name), dns.TypeAAAA)
	}
	begun := time.Now()
	m, _, err := new(dns.Client).ExchangeContext(ctx, q, n.udp.PacketConn.LocalAddr().String())
	if r.Took = time.Since(begun); err != nil {
		r.Err = failed("udp", netip.AddrPortFrom(n.at, 53), timeout{})
		return r
	}
	r.Rcode = dns.RcodeToString[m.Rcode]
	for i, rr := range m.Answer {
		if ttl := time.Duration(rr.Header().Ttl) * time.Second; i == 0 || ttl < r.TTL {
			r.TTL = ttl
		}
		switch rr := rr.(type) {
		case *dns.CNAME:
			r.Aliases = append(r.Aliases, strings.TrimSuffix(rr.Target, "."))
		case *dns.A:
			a, _ := netip.AddrFromSlice(rr.A)
			r.Addrs = append(r.Addrs, a.Unmap())
		case *dns.AAAA:
			a, _ := netip.AddrFromSlice(rr.AAAA)
			r.Addrs = append(r.Addrs, a)
		}
	}
	return r
}

// Addresses are the practice machine's own.
func (v view) Addresses() []netip.Addr { return []netip.Addr{ourAddress, ourAddress6} }

// Cached are the names that the scene tells.
func (v view) Cached(context.Context) ([]string, error) {
	if v.scene.Machine.Cached == nil {
		return nil, host.ErrUnsupported
	}
	return v.scene.Machine.Cached, nil
}

package domain

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"

	"linecheck/checks"
)

// nearWait is the patience with a second look, for controllers of this computer's own site.
const nearWait = 1500 * time.Millisecond

// nearer looks for the controllers of this computer's own site, where only a controller could say which site that is. The
// answers of those that were asked already stay.
func (l *looker) nearer(ctx context.Context, found []*controller) []*controller {
	for _, c := range found {
		for _, a := range c.asked {
			l.site(a.logon.Near, "netlogon ping to "+c.name)
		}
	}
	if l.dir.Site == "" || l.dir.Near.Asked != "" {
		return found
	}
	limit, cancel := context.WithTimeout(ctx, nearWait)
	defer cancel()
	var near []*net.SRV
	l.dir.Near, near = l.records(limit, plainName(l.join.Domain), l.dir.Site)
	if l.dir.Near.Reply != answered {
		l.saw(l.dir.Near.Asked, l.dir.Near.Text)
	}
	all := l.add(found, near, l.dir.Near, len(found)+maxNear)
	for _, c := range all {
		c.near = slices.ContainsFunc(near, func(r *net.SRV) bool { return plainName(r.Target) == c.name })
	}
	if more := all[len(found):]; len(more) > 0 {
		l.resolve(limit, more)
		l.probe(limit, more)
	}
	return all
}

// resolve fills in the addresses, at most maxAddrs a controller. The locator's own address stays the first.
func (l *looker) resolve(ctx context.Context, found []*controller) {
	ctx, cancel := context.WithTimeout(ctx, nameWait)
	defer cancel()
	var wg sync.WaitGroup
	for _, c := range found {
		if a, err := netip.ParseAddr(c.name); err == nil {
			c.add(a)
			continue
		}
		wg.Go(func() {
			var (
				both [2][]netip.Addr
				errs [2]error
				two  sync.WaitGroup
			)
			for i, family := range []string{"ip4", "ip6"} {
				two.Go(func() { both[i], errs[i] = l.machine.Network.Lookup(ctx, family, c.name) })
			}
			two.Wait()
			for _, addrs := range both {
				for _, a := range addrs {
					c.add(a)
				}
			}
			if len(c.addrs) == 0 {
				c.raw = append(c.raw, checks.Evidence{Source: "DNS " + c.name, Text: fmt.Sprint(cmp.Or(errs[0], errs[1], errNoAddress))})
			}
		})
	}
	wg.Wait()
	for _, c := range found {
		l.evidence = append(l.evidence, c.raw...)
		c.raw = nil
	}
}

func (c *controller) add(a netip.Addr) {
	a = a.Unmap()
	if a.IsValid() && len(c.addrs) < maxAddrs && !slices.Contains(c.addrs, a) {
		c.addrs = append(c.addrs, a)
	}
}

package domain

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"linecheck/checks"
	"linecheck/checks/host"
)

// Bounds: a large forest has hundreds of controllers, and an agent asks a near one.
const (
	maxControllers = 8
	maxAddrs       = 3
)

// controller is one domain controller, with what it answered.
type controller struct {
	name    string // lower case, without the last dot
	located bool   // the system's locator chose it, so Windows itself uses it
	addrs   []netip.Addr
	asked   []answer // one for each address
	raw     []checks.Evidence
}

func plainName(s string) string {
	return strings.ToLower(strings.TrimSuffix(strings.TrimLeft(strings.TrimSpace(s), `\`), "."))
}

// find asks DNS and the system's locator at the same time and merges what they name, the located one first.
func (l *looker) find(ctx context.Context) []*controller {
	ctx, cancel := context.WithTimeout(ctx, findWait)
	defer cancel()
	domain := plainName(l.join.Domain)
	var (
		wg      sync.WaitGroup
		located host.LocatedController
		locErr  error
		srv     []*net.SRV
		srvErr  error
	)
	wg.Go(func() { located, locErr = l.machine.Domain.Locate(ctx, l.join.Domain) })
	name := "_ldap._tcp.dc._msdcs." + domain
	if domain != "" {
		wg.Go(func() { srv, srvErr = l.machine.Network.LookupSRV(ctx, name) })
	}
	wg.Wait()

	var out []*controller
	if locErr != nil {
		l.saw("locator", locErr.Error())
	} else if n := plainName(cmp.Or(located.Name, located.Address)); n != "" {
		c := &controller{name: n, located: true}
		if a, err := netip.ParseAddr(strings.TrimLeft(located.Address, `\`)); err == nil {
			c.addrs = []netip.Addr{a.Unmap()}
		}
		out = append(out, c)
		l.saw(cmp.Or(located.How, "locator"), fmt.Sprintf("%s, address %s, site %s", located.Name, located.Address, located.Site))
	}
	if domain == "" {
		l.saw("DNS SRV", "not asked: the domain's name is not known")
	}
	if srvErr != nil {
		l.saw("DNS SRV "+name, srvErr.Error())
	}
	for i, r := range srv {
		if i >= maxControllers {
			l.saw("DNS SRV "+name, fmt.Sprintf("%d more are not looked at", len(srv)-i))
			break
		}
		l.saw("DNS SRV "+name, fmt.Sprintf("%s:%d, priority %d, weight %d", r.Target, r.Port, r.Priority, r.Weight))
		n := plainName(r.Target)
		if n != "" && !slices.ContainsFunc(out, func(c *controller) bool { return c.name == n }) {
			out = append(out, &controller{name: n})
		}
	}
	return out
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

func (l *looker) saw(source, text string) {
	l.evidence = append(l.evidence, checks.Evidence{Source: source, Text: text})
}

package domain

import (
	"cmp"
	"context"
	"errors"
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
	maxNear        = 4 // beside those, of this computer's own site
)

// controller is one domain controller, with what it answered.
type controller struct {
	name    string // lower case, without the last dot
	located bool   // the system's locator chose it, so Windows itself uses it
	near    bool   // it is of this computer's own site, as DNS says
	addrs   []netip.Addr
	asked   []answer // one for each address
	raw     []checks.Evidence
}

func plainName(s string) string {
	return strings.ToLower(strings.TrimSuffix(strings.TrimLeft(strings.TrimSpace(s), `\`), "."))
}

// find asks DNS and the system's locator at the same time and merges what they name: the located one first, then those of
// this computer's own site.
func (l *looker) find(ctx context.Context) []*controller {
	ctx, cancel := context.WithTimeout(ctx, findWait)
	defer cancel()
	domain := plainName(l.join.Domain)
	var (
		wg          sync.WaitGroup
		located     host.LocatedController
		names, near []*net.SRV
	)
	l.site(l.join.Site, l.join.How)
	wg.Go(func() { located = l.locate(ctx) })
	wg.Go(func() { l.dir.Domain, names = l.records(ctx, domain, "") })
	if l.dir.Site != "" {
		wg.Go(func() { l.dir.Near, near = l.records(ctx, domain, l.dir.Site) })
	}
	wg.Wait()
	if l.dir.Site == "" && located.Near != "" {
		l.site(located.Near, located.How)
		l.dir.Near, near = l.records(ctx, domain, l.dir.Site)
	}

	var out []*controller
	if n := plainName(cmp.Or(located.Name, located.Address)); n != "" {
		c := &controller{name: n, located: true}
		if a, err := netip.ParseAddr(strings.TrimLeft(located.Address, `\`)); err == nil {
			c.addrs = []netip.Addr{a.Unmap()}
		}
		out = append(out, c)
	}
	out = l.add(out, near, l.dir.Near, maxControllers)
	for _, c := range out {
		c.near = slices.ContainsFunc(near, func(r *net.SRV) bool { return plainName(r.Target) == c.name })
	}
	out = l.add(out, names, l.dir.Domain, maxControllers)
	for _, x := range []lookup{l.dir.Locator, l.dir.Near, l.dir.Domain} {
		if x.Text != "" {
			l.saw(x.Asked, x.Text)
		}
	}
	return out
}

// site notes which site this computer is in. Who said it first is believed.
func (l *looker) site(name, from string) {
	if l.dir.Site == "" && name != "" {
		l.dir.Site, l.dir.SiteFrom = name, from
	}
}

func (l *looker) locate(ctx context.Context) host.LocatedController {
	located, err := l.machine.Domain.Locate(ctx, l.join.Domain)
	x := &l.dir.Locator
	if x.Asked = cmp.Or(located.How, "locator"); err != nil {
		x.Text = err.Error()
		switch {
		case errors.Is(err, host.ErrUnsupported), errors.Is(err, host.ErrDenied):
			x.Reply = cannot
		case errors.Is(err, host.ErrNotFound):
			x.Reply = refused
		case errors.Is(err, context.DeadlineExceeded):
			x.Reply = silent
		case errors.Is(err, context.Canceled):
		default:
			x.Reply = odd
		}
		return host.LocatedController{}
	}
	x.Reply, x.Found = answered, 1
	x.Text = fmt.Sprintf("%s, address %s, site %s", located.Name, located.Address, located.Site)
	if located.Near != "" {
		x.Text += ", this computer's site " + located.Near
	}
	if located.Flags != "" {
		x.Text += "; " + located.Flags
	}
	return located
}

// records asks for the controllers of a domain, or of one site of it (MS-ADTS 6.3.2.3).
func (l *looker) records(ctx context.Context, domain, site string) (lookup, []*net.SRV) {
	x := lookup{Asked: "DNS SRV"}
	if domain == "" {
		x.Text = "not asked: the domain's name is not known"
		return x, nil
	}
	name := "_ldap._tcp.dc._msdcs." + domain
	if site != "" {
		name = "_ldap._tcp." + site + "._sites.dc._msdcs." + domain
	}
	x.Asked += " " + name
	srv, err := l.machine.Network.LookupSRV(ctx, name)
	switch f := checks.Classify(checks.Resolve, err); {
	case err == nil:
		x.Reply, x.Found = answered, len(srv)
		return x, srv
	case f == checks.NoSuchName:
		x.Reply = refused
	case f == checks.Cancelled:
	case f == checks.NoAnswerDNS:
		x.Reply = silent
	default:
		x.Reply = odd
	}
	x.Text = err.Error()
	return x, nil
}

// add takes the controllers of some records that are not known yet, until there are as many as are looked at.
func (l *looker) add(out []*controller, srv []*net.SRV, from lookup, most int) []*controller {
	left := 0
	for _, r := range srv {
		n := plainName(r.Target)
		known := slices.ContainsFunc(out, func(c *controller) bool { return c.name == n })
		switch {
		case n == "":
			continue
		case !known && len(out) >= most:
			left++
			continue
		case !known:
			out = append(out, &controller{name: n})
		}
		l.saw(from.Asked, fmt.Sprintf("%s:%d, priority %d, weight %d", r.Target, r.Port, r.Priority, r.Weight))
	}
	l.left = max(l.left, left)
	if left > 0 {
		l.saw(from.Asked, fmt.Sprintf("%d more are not looked at", left))
	}
	return out
}

func (l *looker) saw(source, text string) {
	l.evidence = append(l.evidence, checks.Evidence{Source: source, Text: text})
}

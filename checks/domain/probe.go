package domain

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"linecheck/checks"
	"linecheck/checks/host"
)

var errNoAddress = errors.New("the name has no address")

// ports are what a controller listens on; what answers there is alive, whatever ping says.
var ports = []struct {
	number uint16
	name   string
}{{389, "LDAP"}, {88, "Kerberos"}, {445, "SMB"}}

// pong is what came back for a ping.
type pong uint8

const (
	cut    pong = iota // the run ended before anything was known
	cannot             // this account or system cannot send one
	silent             // no answer, or the network says that it cannot
	answered
)

// answer is what one address said.
type answer struct {
	addr netip.Addr
	ping pong
	took time.Duration
	open []bool // by ports
	raw  []checks.Evidence
}

// alive reports whether it took a connection.
func (a answer) alive() bool {
	for _, o := range a.open {
		if o {
			return true
		}
	}
	return false
}

// probe pings every address and tries its ports, all at the same time, so that the last does not wait for the first:
// maxControllers and maxAddrs bound how many there are.
func (l *looker) probe(ctx context.Context, found []*controller) {
	var wg sync.WaitGroup
	run := func(f func(context.Context)) {
		wg.Go(func() {
			limit, cancel := context.WithTimeout(ctx, probeWait)
			defer cancel()
			f(limit)
		})
	}
	for _, c := range found {
		c.asked = make([]answer, len(c.addrs))
		for i, addr := range c.addrs {
			a := &c.asked[i]
			a.addr, a.open, a.raw = addr, make([]bool, len(ports)), make([]checks.Evidence, len(ports)+1)
			run(func(limit context.Context) { l.ping(ctx, limit, c, a) })
			for k := range ports {
				run(func(limit context.Context) { l.dial(limit, c, a, k) })
			}
		}
	}
	wg.Wait()
	for _, c := range found {
		for _, a := range c.asked {
			l.evidence = append(l.evidence, a.raw...)
		}
	}
}

// ping tries twice: the first echo to a neighbour is easily lost while its hardware address is asked for.
func (l *looker) ping(whole, limit context.Context, c *controller, a *answer) {
	source := fmt.Sprintf("ping %s (%s)", a.addr, c.name)
	var err error
	for range 2 {
		var took time.Duration
		one, cancel := context.WithTimeout(limit, probeWait/2)
		took, err = l.machine.Ping.Ping(one, a.addr)
		cancel()
		if err == nil {
			a.ping, a.took = answered, took
			a.raw[0] = checks.Evidence{Source: source, Text: "answered in " + took.Round(time.Microsecond).String()}
			return
		}
		if errors.Is(err, host.ErrDenied) || errors.Is(err, host.ErrUnsupported) || limit.Err() != nil {
			break
		}
	}
	switch {
	case errors.Is(err, host.ErrDenied), errors.Is(err, host.ErrUnsupported):
		a.ping = cannot
	case whole.Err() != nil:
		a.ping = cut
	default:
		a.ping = silent
	}
	a.raw[0] = checks.Evidence{Source: source, Text: err.Error()}
}

func (l *looker) dial(limit context.Context, c *controller, a *answer, k int) {
	to := netip.AddrPortFrom(a.addr, ports[k].number)
	began := time.Now()
	conn, err := l.machine.Network.Dial(limit, "tcp", to)
	e := checks.Evidence{Source: fmt.Sprintf("TCP %s (%s, %s)", to, c.name, ports[k].name)}
	if err != nil {
		e.Text = err.Error()
	} else {
		conn.Close()
		a.open[k] = true
		e.Text = "connected in " + time.Since(began).Round(time.Microsecond).String()
	}
	a.raw[k+1] = e
}

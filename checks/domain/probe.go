package domain

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"syscall"
	"time"

	"linecheck/checks"
	"linecheck/checks/host"
)

var errNoAddress = errors.New("the name has no address")

// probe asks every address in all ways, at the same time, so that the last does not wait for the first: maxControllers
// and maxAddrs bound how many there are.
func (l *looker) probe(ctx context.Context, found []*controller) {
	var wg sync.WaitGroup
	for _, c := range found {
		c.asked = make([]answer, len(c.addrs))
		for i, addr := range c.addrs {
			a := &c.asked[i]
			a.addr = addr
			run := func(s signal, ask func(limit context.Context, a *answer) said) {
				wg.Go(func() {
					limit, cancel := context.WithTimeout(ctx, probeWait)
					defer cancel()
					a.said[s] = ask(limit, a)
				})
			}
			run(viaPing, l.ping)
			run(viaLogon, l.logon)
			run(viaTicket, l.ticket) // and viaKDC
			run(viaLDAP, l.directory)
			for _, s := range [...]signal{viaLDAPS, viaSMB} {
				run(s, func(limit context.Context, a *answer) said { return l.dial(limit, a.addr, ways[s].port) })
			}
		}
	}
	wg.Wait()
	for _, c := range found {
		for i := range c.asked {
			a := &c.asked[i]
			for s := range a.said {
				if ctx.Err() != nil && a.said[s].reply == silent {
					a.said[s].reply = cut // its time was cut short
				}
			}
			l.evidence = append(l.evidence, a.evidence(c)...)
		}
	}
}

func source(s signal, addr netip.Addr, c *controller) string {
	if n := ways[s].port; n > 0 {
		return fmt.Sprintf("TCP %s (%s, %s)", netip.AddrPortFrom(addr, n), c.name, ways[s].name)
	}
	return fmt.Sprintf("%s %s (%s)", ways[s].name, addr, c.name)
}

// ping tries twice: the first echo to a neighbour is easily lost while its hardware address is asked for. The second has
// the more time, since an answer through a satellite or a crowded tunnel takes longer than a second.
func (l *looker) ping(limit context.Context, a *answer) said {
	var err error
	for _, wait := range [...]time.Duration{probeWait / 4, probeWait} {
		var took time.Duration
		one, cancel := context.WithTimeout(limit, wait)
		took, err = l.machine.Ping.Ping(one, a.addr)
		cancel()
		if err == nil {
			return came("answered", took)
		}
		if errors.Is(err, host.ErrDenied) || errors.Is(err, host.ErrUnsupported) || limit.Err() != nil {
			break
		}
	}
	return failed(err)
}

func (l *looker) dial(limit context.Context, addr netip.Addr, port uint16) said {
	began := time.Now()
	conn, err := l.machine.Network.Dial(limit, "tcp", netip.AddrPortFrom(addr, port))
	if err != nil {
		return failed(err)
	}
	conn.Close()
	return came("connected", time.Since(began))
}

func came(what string, took time.Duration) said {
	return said{reply: answered, took: took, text: what + " in " + took.Round(time.Microsecond).String()}
}

// failed sorts an error of a question. What is none of these is a system's word that there is no way there.
func failed(err error) said {
	out := said{reply: unreachable, text: err.Error()}
	var barred *host.Barred
	if errors.As(err, &barred) {
		out.by = barred.By
	}
	f := checks.Classify(checks.Connect, err)
	switch {
	case errors.Is(err, host.ErrDenied), errors.Is(err, host.ErrUnsupported):
		out.reply = cannot
		return out
	case f == checks.Dropped, f == checks.Cancelled:
		out.reply = silent
	case f == checks.Refused && barred == nil:
		out.reply = refused
	}
	// Linux gives EACCES for what a router forbids in IPv6 too.
	out.here = errors.Is(err, syscall.EPERM) || f == checks.LocalBlock && !errors.Is(err, syscall.EACCES)
	return out
}

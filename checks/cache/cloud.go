package cache

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/probe"
)

// How the line is asked.
const (
	cloudWait  = 30 * time.Second // for all addresses together
	cloudMost  = 4                // walks at once
	againTries = 2
	againPause = 3 * time.Second
)

// cloud asks whether the product's cloud answers on the product's own way.
type cloud struct {
	env       checks.Env
	route     checks.Route
	endpoints []assets.Endpoint // the ones that prove the most first
	walk      func(context.Context, probe.Request) probe.Answer
}

func newCloud(env checks.Env, walk func(context.Context, probe.Request) probe.Answer) cloud {
	c := cloud{env: env, walk: walk}
	if c.walk == nil {
		c.walk = probe.Walk
	}
	// Where nobody could say how the product goes, the direct way is all there is to ask.
	if c.route, _ = checks.Get[checks.Route](env.Facts, checks.FactRoute); !c.route.Known {
		c.route = checks.Route{}
	}
	strong := false
	for _, e := range env.Profile.Endpoints {
		if e.Missing(env.Profile) != "" {
			continue
		}
		if e.ExpectMark().Hint() {
			e.Expect = assets.Expect{} // another answer than a guessed one is an answer
		}
		c.endpoints = append(c.endpoints, e)
		strong = strong || proves(e)
	}
	if strong {
		c.endpoints = slices.DeleteFunc(c.endpoints, func(e assets.Endpoint) bool { return !proves(e) })
	}
	slices.SortStableFunc(c.endpoints, func(a, b assets.Endpoint) int { return cmp.Compare(need(a), need(b)) })
	return c
}

// proves reports whether an answer can only be the vendor's: a login page answers everything that is not secured.
func proves(e assets.Endpoint) bool {
	return e.Scheme == "https" || e.Scheme == "http" && !e.Expect.Empty()
}

func need(e assets.Endpoint) int {
	if e.Required {
		return 0
	}
	return 1
}

// answers walks until one address answers; nil: one did.
func (c cloud) answers(ctx context.Context, tell func(string, ...any)) error {
	if len(c.endpoints) == 0 {
		return errors.New("the profile names no address that could be asked")
	}
	limit, cancel := context.WithTimeout(ctx, cloudWait)
	defer cancel()
	var (
		wg    sync.WaitGroup
		found atomic.Bool
		errs  = make([]error, len(c.endpoints))
		room  = make(chan struct{}, cloudMost)
	)
	names := probe.NewNames(c.env.Machine.Network)
	for i, e := range c.endpoints {
		select {
		case room <- struct{}{}:
		case <-limit.Done():
		}
		if limit.Err() != nil {
			break
		}
		tell("%s: waiting for an answer", e.Host)
		wg.Go(func() {
			defer func() { <-room }()
			err := guarded(func() error { return c.ask(limit, e, names) })
			if err != nil {
				errs[i] = fmt.Errorf("%s: %w", e.URL(), err)
				return
			}
			found.Store(true)
			cancel()
		})
	}
	wg.Wait()
	switch {
	case found.Load():
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return cmp.Or(errs[0], error(context.DeadlineExceeded)) // the first is the one that matters most
}

// ask goes to one address on its ways in the product's order.
func (c cloud) ask(ctx context.Context, e assets.Endpoint, names *probe.Names) error {
	var last error
	for _, proxy := range c.route.Ways(e.URL()) {
		r := probe.Request{Network: c.env.Machine.Network, Endpoint: e, Route: proxy, Roots: c.env.Roots, Public: c.env.Public, Names: names, Turns: c.env.Turns}
		if c.route.Trusts(proxy) {
			r.Login, r.Logins = c.env.Login, c.env.Machine.Logins
		}
		a := c.walk(ctx, r)
		if a.Failure == checks.NoFailure {
			return nil
		}
		last = fmt.Errorf("%s on the way %s: %w", a.Failure, checks.RouteName(proxy), cmp.Or(a.Err, errors.New("it gave no reason")))
		if !probe.PassedOver(a) {
			break
		}
	}
	return last
}

// again is the same after the services were started: a first try may come too early.
func (c cloud) again(ctx context.Context, tell func(string, ...any)) error {
	for try := 1; ; try++ {
		err := c.answers(ctx, tell)
		if err == nil || try == againTries || !pause(ctx, againPause) {
			return err
		}
	}
}

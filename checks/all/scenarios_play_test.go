package all

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/lab"
)

// outcome is what the checks found.
type outcome struct {
	err       error
	mu        sync.Mutex
	found     []checks.Finding
	facts     checks.Facts
	events    []string
	strangers []string
	surprises []string
	asked     []string
	dialled   []string
}

// play runs the scenario's checks one after the other; each learns what those before it have found out.
func (s scenario) play(ctx context.Context, out *outcome) {
	out.err = s.run(ctx, out)
}

func (s scenario) run(ctx context.Context, out *outcome) (err error) {
	sc, err := s.scene()
	if err != nil {
		return err
	}
	p, err := s.rules(sc)
	if err != nil {
		return err
	}
	l, err := lab.Start(sc, []*assets.Profile{p})
	if err != nil {
		return err
	}
	defer func() {
		if cerr := l.Close(); err == nil {
			err = cerr
		}
	}()
	env := checks.Env{Machine: l.Machine(), Profile: p, Facts: checks.Facts{}, Roots: l.Roots(), Public: l.Public(), Turns: checks.NewTurns(), Portals: s.Portals}
	if name, password, ok := strings.Cut(s.Login, ":"); ok {
		env.Login = url.UserPassword(name, password)
	}
	order := s.Checks
	if len(order) == 0 {
		order = []string{"proxy", "allowlist"}
	}
	for _, id := range order {
		c, ok := checks.Lookup(checks.ID(id))
		if !ok {
			return fmt.Errorf("no check %q", id)
		}
		within, cancel := context.WithTimeout(ctx, c.Spec().Timeout)
		res, err := c.Run(within, env, out.hear)
		cancel()
		if err != nil {
			return fmt.Errorf("%s: %w", id, err)
		}
		out.found = append(out.found, res.Findings...)
		known := checks.Facts{}
		for k, v := range env.Facts {
			known[k] = v
		}
		for _, f := range res.Facts {
			known[f.Name] = f.Value
		}
		env.Facts = known
	}
	out.facts, out.surprises, out.asked, out.dialled = env.Facts, l.Surprises(), l.Asked(), l.Dialled()
	portals := s.Portals || slices.ContainsFunc(out.found, func(f checks.Finding) bool { return strings.HasPrefix(string(f.Code), "path.portal") })
	out.strangers = newCompany(p, sc, portals).strangers(out.asked, out.dialled)
	return nil
}

// hear keeps what the screen would show while a check runs. A fact is no part of it: a route holds its login.
func (o *outcome) hear(e checks.Event) {
	text := ""
	switch e := e.(type) {
	case checks.Walking:
		text = fmt.Sprintf("%+v", e.Path)
	case checks.Progress:
		text = e.Waiting
	default:
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.events = append(o.events, text)
}

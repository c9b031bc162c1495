package logs

import (
	"context"
	"slices"
	"strconv"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

// Own is what a profile's own logs on this machine say, as the live check says it, and judged from logs alone as of now.
// files is how many logs were found; tell, which may be nil, hears every known line that is not older than since.
func Own(ctx context.Context, m host.Machine, p *assets.Profile, since time.Duration, tell func(Entry)) (r checks.Result, files int, err error) {
	r, err = check{}.Run(ctx, checks.Env{Machine: m, Profile: p, Since: since}, func(checks.Event) {})
	if err != nil {
		return r, 0, err
	}
	found := find(ctx, m, p)
	now := time.Now()
	r.Findings = append(r.Findings, checks.Finding{Code: AsOf, Status: checks.Note, Subject: p.Title, View: view, At: now,
		Args: map[string]string{"time": clock(now), "from": clock(now.Add(-since)), "files": strconv.Itoa(len(found.sources)),
			"read": amount(len(found.sources), -1), "now": "yes"}})
	alone(r.Findings, " of a whole run")
	if tell == nil {
		return r, len(found.sources), ctx.Err()
	}
	start := now.Add(-since)
	for _, src := range found.sources {
		c, err := newCursor(src, time.Local, false, func(e *Entry) {
			if e.When.IsZero() || !e.When.Before(start) {
				tell(*e)
			}
		})
		if err != nil {
			return r, len(found.sources), err
		}
		c.start = start
		if c.look(ctx, m.Files) == nil { // what cannot be read is among the findings
			c.end()
		}
	}
	return r, len(found.sources), ctx.Err()
}

// Nothing is what can be said where the logs concern no product: what was read, and what could not be.
func (l *Looked) Nothing() checks.Result {
	f := l.asOf(&assets.Profile{Title: "the logs"}, nil)
	return checks.Result{Findings: slices.Concat([]checks.Finding{f}, l.Refused(), l.unread())}
}

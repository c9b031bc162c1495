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

// ownResult is what a profile's own logs on this machine say, as the live check says it, and judged from logs alone as of
// now. files is how many logs were found; tell, which may be nil, hears every known line that is not older than since.
func ownResult(ctx context.Context, m host.Machine, p *assets.Profile, since time.Duration, tell func(Entry)) (r checks.Result, files int, err error) {
	r, files, err = once(ctx, checks.Env{Machine: m, Profile: p, Since: since}, since, tell, func(checks.Event) {})
	if err != nil {
		return r, 0, err
	}
	now := time.Now()
	r.Findings = append(r.Findings, checks.Finding{Code: AsOf, Status: checks.Note, Subject: p.Title, View: view, At: now,
		Args: map[string]string{"time": clock(now), "from": clock(now.Add(-since)), "files": strconv.Itoa(files),
			"read": amount(files, -1), "now": "yes"}})
	alone(r.Findings, " of a whole run")
	return r, files, ctx.Err()
}

// nothing is what can be said where the logs concern no product: what was read, and what could not be.
func (l *Looked) nothing() checks.Result {
	f := l.asOf(&assets.Profile{Title: "the logs"}, nil)
	return checks.Result{Findings: slices.Concat([]checks.Finding{f}, l.refusals(), l.unread())}
}

package cache

import (
	"context"
	"slices"
	"strings"
	"time"

	"linecheck/checks"
	"linecheck/checks/host"
)

// finding says what is true after the work.
func (j *job) finding(ctx context.Context, err error) checks.Finding {
	now := time.Now()
	down, state := j.down(ctx), j.state(ctx)
	f := checks.Finding{Code: Cleaned, Status: checks.Pass, Subject: j.plan.dir, View: view, At: now, Evidence: j.notes,
		Args: map[string]string{
			"service": j.plan.service, "state": state, "at": clock(now, now),
			"runs":    checks.YesNo(state == string(host.Running)),
			"removed": number(j.removed), "freed": size(j.freed), "before": j.before.count(),
			"command": byHandStart(j.os, j.plan.service, down), "dir": j.plan.dir, "content": string(j.content),
		}}
	if c := j.env.Profile.Cache; c != nil {
		f.Mark = c.Mark
	}
	for _, c := range j.changes {
		f.Evidence = append(f.Evidence, checks.Evidence{Source: "change " + c.When.Format(time.RFC3339), Text: c.What + ": " + c.Result})
	}
	switch {
	case err == nil && j.before.nothing():
		f.Code = Empty
	case err == nil:
		f.Args["note"] = j.rest()
		if len(j.plan.stops) == 0 {
			f.Args["note"] = ", as it was before" + f.Args["note"]
		}
	case !j.begun, len(down) == 0 && j.content == inPlace:
		f.Code, f.Status, f.Subject = RolledBack, checks.Warn, j.plan.service
	default:
		f.Code, f.Status, f.Subject = Failed, checks.Fail, j.plan.service
		if len(down) > 0 && !slices.Contains(down, j.plan.service) { // one that needs it did not come back
			f.Subject, f.Args["state"] = down[0], j.stateOf(ctx, down[0])
		}
		f.Args["note"], f.Args["emptied"] = j.rest(), checks.YesNo(j.content == aside || j.content == deleted)
	}
	if err != nil {
		f.Args["error"] = oneLine(err)
		f.Evidence = append(f.Evidence, checks.Evidence{Source: ActionClean, Text: err.Error()})
	}
	return f
}

// rest says what is not at its end, "" where all is.
func (j *job) rest() string {
	switch {
	case !j.begun || j.open == nil:
		return ""
	case j.content == aside || j.content == between:
		return ". What is left in " + j.promise.Shelf + " is tried again for ten minutes, and when linecheck is started"
	}
	return ". It is tried again for ten minutes, and when linecheck is started"
}

// state is the product's service now, in words.
func (j *job) state(ctx context.Context) string { return j.stateOf(ctx, j.plan.service) }

func (j *job) stateOf(ctx context.Context, name string) string {
	state, err := j.ask(ctx, name)
	if err != nil || state == "" {
		return "in a state that could not be told"
	}
	return string(state)
}

// down lists the services that ran before and do not now, in the order in which to start them.
func (j *job) down(ctx context.Context) []string {
	var out []string
	for _, name := range slices.Backward(j.plan.stops) {
		if state, err := j.ask(ctx, name); err != nil || state != host.Running {
			out = append(out, name)
		}
	}
	return out
}

func (j *job) ask(ctx context.Context, name string) (state host.ServiceState, err error) {
	err = guarded(func() error {
		if name == "" {
			return host.ErrNotFound
		}
		svc, err := query(ctx, j.services, name)
		state = svc.State
		return err
	})
	return state, err
}

// byHandStart writes what starts the services by hand; where none is known to be down, the product's own.
func byHandStart(os, service string, down []string) string {
	if len(down) == 0 {
		down = []string{service}
	}
	var out []string
	for _, name := range down {
		out = append(out, command(os, "start", name))
	}
	return strings.Join(out, ", then ")
}

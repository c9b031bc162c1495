package wizard

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"linecheck/checks"
)

// entryOf writes a change down.
func entryOf(c Change) entry {
	switch c := c.(type) {
	case RunStarted:
		return keyed("run_started", c.Key, c.At, entry{Follow: c.Follow})
	case EventsSeen:
		e := keyed("events_seen", c.Key, c.At, entry{Found: written(c.Found), Dropped: c.Dropped})
		if c.Progress != nil {
			e.Progress = new(entryProgress(*c.Progress))
		}
		for _, p := range c.Steps {
			e.Steps = append(e.Steps, entryProgress(p))
		}
		for _, p := range c.Walking {
			e.Walking = append(e.Walking, write(Seen{Finding: checks.Finding{Path: &p}}).Detail)
		}
		for _, f := range c.Learned {
			e.Learned = append(e.Learned, f.Name)
		}
		for _, l := range c.Lines {
			e.Lines = append(e.Lines, entryLine{l.File, l.Path, l.Number, precise(l.At), l.Text, l.Meaning, l.Code, l.Ref, l.Status, l.Fix, l.Own})
		}
		return e
	case RunFinished:
		return keyed("run_finished", c.Key, c.At, ended(c.Result, c.Err, c.Follow))
	case RerunAsked:
		e := entry{Change: "rerun_asked"}
		for _, k := range c.Keys {
			e.Keys = append(e.Keys, entryKey(k))
		}
		return e
	case StepSkipped:
		return entry{Change: "step_skipped", Check: c.Check}
	case RoleChosen:
		return entry{Change: "role_chosen", Role: c.Role}
	case Moved:
		return entry{Change: "moved", To: c.To}
	case FixStarted:
		return keyed("fix_started", c.Key, c.Approved.At, entry{Actions: actionsOf([]checks.Action{c.Action}),
			Approved: &entryApproval{precise(c.Approved.At), c.Approved.How, c.Approved.Customer}})
	case FixFinished:
		return keyed("fix_finished", c.Key, c.At, ended(c.Result, c.Err, false))
	}
	return entry{Change: "interrupted"}
}

func keyed(change string, k Key, at time.Time, e entry) entry {
	e.Change, e.Check, e.Profile, e.At = change, k.Check, k.Profile, precise(at)
	return e
}

func ended(r checks.Result, err error, follow bool) entry {
	e := entry{Found: written(r.Findings), Actions: actionsOf(r.Actions), Changes: r.Changes, Reason: r.Reason, Follow: follow}
	for _, f := range r.Facts {
		e.Learned = append(e.Learned, f.Name)
	}
	if err != nil {
		e.Error = err.Error()
	}
	return e
}

// precise is a time to the nanosecond: how long a run took is the same in the report of a replay.
func precise(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339Nano)
}

// written are findings as reports have them. Their sentences are left out: they are told anew.
func written(found []checks.Finding) []FindingReport {
	var out []FindingReport
	for _, f := range found {
		r := write(Seen{Finding: f})
		r.Summary = ""
		out = append(out, r)
	}
	return out
}

func actionsOf(list []checks.Action) []entryAction {
	var out []entryAction
	for _, a := range list {
		out = append(out, entryAction{a.ID, a.Title, a.Why, a.Steps, a.Effect, a.Takes, a.Undo, a.Confirm, a.Ask, a.Commands, a.Blocked, a.Again})
	}
	return out
}

// change reads a line of a record back.
func (e entry) change() (Change, error) {
	at, err := e.time(e.At)
	if err != nil {
		return nil, err
	}
	k := Key{e.Check, e.Profile}
	switch e.Change {
	case "run_started":
		return RunStarted{Key: k, At: at, Follow: e.Follow}, nil
	case "events_seen":
		return e.events(k, at)
	case "run_finished":
		return RunFinished{Key: k, At: at, Result: e.result(), Err: e.err(), Follow: e.Follow}, nil
	case "rerun_asked":
		var keys []Key
		for _, k := range e.Keys {
			keys = append(keys, Key(k))
		}
		return RerunAsked{Keys: keys}, nil
	case "step_skipped":
		return StepSkipped{Check: e.Check}, nil
	case "role_chosen":
		if !slices.Contains(roles, e.Role) {
			return nil, fmt.Errorf("there is no role %q", e.Role)
		}
		return RoleChosen{Role: e.Role}, nil
	case "moved":
		return Moved{To: e.To}, nil
	case "fix_started":
		if len(e.Actions) != 1 || e.Approved == nil {
			return nil, fmt.Errorf("fix_started needs one action and its approval")
		}
		yes, err := e.time(e.Approved.At)
		return FixStarted{Key: k, Action: e.actions()[0], Approved: Approval{yes, e.Approved.How, e.Approved.Customer}}, err
	case "fix_finished":
		return FixFinished{Key: k, At: at, Result: e.result(), Err: e.err()}, nil
	case "interrupted":
		return Interrupted{}, nil
	}
	return nil, fmt.Errorf("there is no change %q", e.Change)
}

func (e entry) events(k Key, at time.Time) (Change, error) {
	out := EventsSeen{Key: k, At: at, Found: read(e.Found), Dropped: e.Dropped}
	if e.Progress != nil {
		out.Progress = new(checks.Progress(*e.Progress))
	}
	for _, p := range e.Steps {
		out.Steps = append(out.Steps, checks.Progress(p))
	}
	for _, d := range e.Walking {
		if p := (FindingReport{Detail: d}).finding().Path; p != nil {
			out.Walking = append(out.Walking, *p)
		}
	}
	out.Learned = e.facts()
	for _, l := range e.Lines {
		when, err := e.time(l.At)
		if err != nil {
			return nil, err
		}
		out.Lines = append(out.Lines, checks.Line{File: l.File, Path: l.Path, Number: l.Number, At: when, Text: l.Text,
			Meaning: l.Meaning, Code: l.Code, Ref: l.Ref, Status: l.Status, Fix: l.Fix, Own: l.Own})
	}
	return out, nil
}

func (e entry) facts() []checks.Fact {
	var out []checks.Fact
	for _, name := range e.Learned {
		out = append(out, checks.Fact{Name: name})
	}
	return out
}

func (e entry) result() checks.Result {
	return checks.Result{Findings: read(e.Found), Facts: e.facts(), Actions: e.actions(), Changes: e.Changes, Reason: e.Reason}
}

func (e entry) actions() []checks.Action {
	var out []checks.Action
	for _, a := range e.Actions {
		out = append(out, checks.Action{ID: a.ID, Title: a.Title, Why: a.Why, Steps: a.Steps, Effect: a.Effect, Takes: a.Takes, Undo: a.Undo,
			Confirm: a.Confirm, Ask: a.Ask, Commands: a.Commands, Blocked: a.Blocked, Again: a.Again})
	}
	return out
}

func (e entry) err() error {
	if e.Error == "" {
		return nil
	}
	return errors.New(e.Error)
}

func (entry) time(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	return time.Parse(time.RFC3339, s)
}

func read(list []FindingReport) []checks.Finding {
	var out []checks.Finding
	for _, f := range list {
		out = append(out, f.finding())
	}
	return out
}

package wizard

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"linecheck/checks"
)

// Approval is a person's yes to a change, as the report holds it.
type Approval struct {
	At       time.Time
	How      How
	Customer string // [Agreed] where one was asked; "" where nobody listens
}

// How says by what a change was approved.
type How string

// The ways to approve a change.
const (
	OnScreen How = "screen" // the word, typed in the full screen
	InLines  How = "lines"  // the word, typed in the line mode
	ByFlag   How = "flag"   // linecheck clean --yes
)

// Agreed is what a customer said who was asked before a change.
const Agreed = "agreed"

// Outcome is how a repair ended; "" while it is under way.
type Outcome string

// The outcomes.
const (
	Repaired   Outcome = "done"
	RolledBack Outcome = "rolled back"
	Refused    Outcome = "refused" // nothing was changed
	Broken     Outcome = "failed"
)

// Repair is one change that a person approved, and what was known before it.
type Repair struct {
	Key      Key
	Action   checks.Action
	Approved Approval
	Before   Session           // as it was when the person said yes, without its repairs
	Steps    []checks.Progress // what it did and waited for, one for each step it came to; bounded
	Found    []checks.Finding  // what is true after it, as the fix says
	Changes  []checks.Change
	Outcome  Outcome
	Why      string // why it was not completed; "" where it was
	Ended    time.Time
}

// underWay is the result of a repair that has not ended.
const underWay = "under way"

// Result is the outcome with its reason, in words: "rolled back: the service did not start".
func (r Repair) Result() string {
	if r.Outcome == "" {
		return underWay
	}
	if r.Why == "" {
		return string(r.Outcome)
	}
	return string(r.Outcome) + ": " + r.Why
}

// Name is the action as a thing that was done: "Clean the product's cache".
func (r Repair) Name() string { return strings.TrimSuffix(r.Action.Title, "?") }

// repairSteps bounds what is kept of one repair's steps; a cleanup has about ten.
const repairSteps = 64

// codes of findings that a fix leaves where it was not completed.
const (
	repairFailed     checks.Code = "repair.failed"
	repairRolledBack checks.Code = "repair.rolled_back"
)

// repairing opens a repair: what is known now is what was known before it.
func (s Session) repairing(c FixStarted) Session {
	before := s
	before.Repairs = nil
	s = s.edit(c.Key, func(r *Run) { r.Fixing = true })
	s.Repairs = append(slices.Clone(s.Repairs), Repair{Key: c.Key, Action: c.Action, Approved: c.Approved, Before: before})
	return s
}

// repaired closes the repair and asks again whatever it may have changed, where the person has not left.
func (s Session) repaired(c FixFinished) Session {
	i := s.openRepair(c.Key)
	s = s.edit(c.Key, func(r *Run) {
		r.Fixing = false
		r.Progress = checks.Progress{}
		// A fix that worked leaves another truth behind than the run saw; one that did not adds to it.
		if c.Err == nil {
			r.Result.Findings = c.Result.Findings
		} else {
			known := r.Result.Findings
			if i >= 0 { // the fix may have told its findings on the way
				known = s.Repairs[i].Before.Run(c.Key).Result.Findings
			}
			r.Result.Findings = append(withFailure(c), known...)
		}
		r.Result.Actions = c.Result.Actions // the offer is used up
	})
	s.Changes = append(slices.Clone(s.Changes), c.Result.Changes...)
	if i < 0 {
		return s
	}
	s.Repairs = slices.Clone(s.Repairs)
	p := &s.Repairs[i]
	p.Found, p.Changes, p.Ended, p.Outcome = c.Result.Findings, c.Result.Changes, c.At, Repaired
	if c.Err != nil {
		p.Outcome, p.Why = Broken, firstLine(strings.TrimPrefix(c.Err.Error(), p.Action.ID+": "))
		switch {
		case !hasCode(c.Result.Findings, repairRolledBack):
		case len(p.Changes) == 0:
			p.Outcome, p.Why = Refused, strings.TrimPrefix(p.Why, "nothing was changed: ")
		default:
			p.Outcome = RolledBack
		}
	}
	if s.Ended || s.Past != nil {
		return s
	}
	for _, id := range p.Action.Again {
		if id != c.Key.Check {
			s = s.again(Key{id, c.Key.Profile})
		}
	}
	return s
}

// again makes a run wait for another turn. One under way saw half of the old truth, so it has to begin anew when it ends.
// Nothing becomes stale by it: a repair changes what is true, not the way that others build on.
func (s Session) again(k Key) Session {
	return s.edit(k, func(r *Run) {
		switch {
		case r.State == Skipped || r.Fixing:
		case r.State == Running:
			r.Again = true
		default:
			*r = Run{Check: r.Check, State: Waiting, Tail: r.Tail}
		}
	})
}

// saidStep adds to an open repair what its fix said: the newest words of each step.
func (s Session) saidStep(k Key, steps []checks.Progress) Session {
	i := s.openRepair(k)
	if i < 0 || len(steps) == 0 {
		return s
	}
	s.Repairs = slices.Clone(s.Repairs)
	p := &s.Repairs[i]
	p.Steps = slices.Clone(p.Steps)
	for _, st := range steps {
		p.Steps = stepped(p.Steps, st)
	}
	return s
}

// stepped puts the newest words of a step in the place of its older ones, and a new step behind the others.
func stepped(list []checks.Progress, p checks.Progress) []checks.Progress {
	if n := len(list); n > 0 && (list[n-1].Done == p.Done || n == repairSteps) {
		list[n-1] = p
		return list
	}
	return append(list, p)
}

// openRepair is the repair of that key which is under way; -1 where none is.
func (s Session) openRepair(k Key) int {
	return slices.IndexFunc(s.Repairs, func(p Repair) bool { return p.Key == k && p.Outcome == "" })
}

// unmended reports whether the last repair of any action was not completed.
func (s Session) unmended() bool {
	last := map[Key]Outcome{}
	for _, p := range s.Repairs {
		last[p.Key] = cmp.Or(p.Outcome, last[p.Key])
	}
	for _, o := range last {
		if o != "" && o != Repaired {
			return true
		}
	}
	return false
}

func hasCode(found []checks.Finding, code checks.Code) bool {
	return slices.ContainsFunc(found, func(f checks.Finding) bool { return f.Code == code })
}

// With is the session with more checks, each of which waits. A check that is there stays as it is.
func (s Session) With(list []checks.Check) Session {
	s.Steps = slices.Clone(s.Steps)
	for _, st := range New(s.Role, s.Profiles, list, s.Started).Steps {
		if s.step(st.Spec.ID) < 0 {
			s.Steps = append(s.Steps, st)
		}
	}
	slices.SortStableFunc(s.Steps, func(a, b Step) int {
		return cmp.Or(cmp.Compare(a.Spec.Order, b.Spec.Order), cmp.Compare(a.Spec.ID, b.Spec.ID))
	})
	return s
}

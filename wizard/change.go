package wizard

import (
	"maps"
	"slices"
	"time"

	"linecheck/checks"
)

// Change is something that happened. Changes are values: the same changes give the same session.
type Change interface{ change() }

// The changes.
type (
	// RunStarted: a run began.
	RunStarted struct {
		Key    Key
		At     time.Time
		Follow bool
	}
	// EventsSeen: a run said something. Progress is the newest; Walking holds the newest state of each walk; Steps the
	// newest words of each step that a fix came to.
	EventsSeen struct {
		Key      Key
		At       time.Time // when it was told
		Progress *checks.Progress
		Steps    []checks.Progress
		Found    []checks.Finding
		Learned  []checks.Fact
		Walking  []checks.Path
		Lines    []checks.Line
		Dropped  int // lines that the session was never told
	}
	// RunFinished: a run ended.
	RunFinished struct {
		Key    Key
		At     time.Time
		Result checks.Result
		Err    error
		Follow bool
	}
	// RerunAsked: the runs wait again, and what builds on them is stale.
	RerunAsked struct{ Keys []Key }
	// StepSkipped: the person does not want this step; runs that had not ended are left out.
	StepSkipped struct{ Check checks.ID }
	// RoleChosen: the person works in another way from now on.
	RoleChosen struct{ Role Role }
	// Moved: the person looks at another step.
	Moved struct{ To int }
	// FixStarted: an approved action is being carried out.
	FixStarted struct {
		Key      Key
		Action   checks.Action
		Approved Approval
	}
	// FixFinished: it ended, well or not.
	FixFinished struct {
		Key    Key
		At     time.Time
		Result checks.Result
		Err    error
	}
	// Interrupted: the person stopped everything.
	Interrupted struct{}
)

func (RunStarted) change()  {}
func (EventsSeen) change()  {}
func (RunFinished) change() {}
func (RerunAsked) change()  {}
func (StepSkipped) change() {}
func (RoleChosen) change()  {}
func (Moved) change()       {}
func (FixStarted) change()  {}
func (FixFinished) change() {}
func (Interrupted) change() {}

// Apply returns the session after a change. The receiver stays as it was.
func (s Session) Apply(c Change) Session {
	if s.Recorded {
		s.history = s.history.after(c)
	}
	switch c := c.(type) {
	case RunStarted:
		return s.edit(c.Key, func(r *Run) {
			if c.Follow {
				r.Tail = Tail{Running: true}
				return
			}
			if r.State != Skipped { // skipped between the start and the news of it: the person's word stands
				*r = Run{Check: r.Check, State: Running, Started: c.At, Tail: r.Tail}
			}
		})
	case EventsSeen:
		if len(c.Found) > 0 {
			s = s.mark(c.Key, c.Found, nil)
		}
		return s.saidStep(c.Key, c.Steps).edit(c.Key, func(r *Run) { r.see(c) })
	case RunFinished:
		if r := s.Run(c.Key); !c.Follow && r != nil && r.State == Running {
			s = s.mark(c.Key, c.Result.Findings, r.Result.Findings)
		}
		return s.edit(c.Key, func(r *Run) {
			if c.Follow {
				r.Tail.Running = false
				return
			}
			if r.State != Running {
				return // skipped meanwhile: the person's word stands
			}
			if r.Again {
				*r = Run{Check: r.Check, State: Waiting, Tail: r.Tail}
				return
			}
			r.State, r.Result, r.Err, r.Walking = Done, c.Result, c.Err, nil
			r.Took, r.Progress = c.At.Sub(r.Started), checks.Progress{}
		})
	case RerunAsked:
		if s.Past != nil && !s.Past.Replay {
			return s // what was read stays as it is
		}
		for _, k := range c.Keys {
			s = s.edit(k, func(r *Run) { *r = Run{Check: r.Check, State: Waiting, Tail: r.Tail} })
			s = s.stale(k)
		}
		s.Ended = false
	case StepSkipped:
		for _, p := range s.Profiles {
			s = s.edit(Key{c.Check, p.Name}, func(r *Run) {
				if r.State != Done {
					r.State, r.Walking = Skipped, nil
				}
			})
		}
	case RoleChosen:
		s.Role = c.Role
	case Moved:
		s.At = min(max(c.To, 0), len(s.Steps))
	case FixStarted:
		return s.repairing(c)
	case FixFinished:
		return s.repaired(c)
	case Interrupted:
		s.Ended = true
	}
	return s
}

// withFailure is what a fix found that did not complete. One that broke down says nothing by itself, and nobody knows what
// it left behind.
func withFailure(c FixFinished) []checks.Finding {
	found := slices.Clone(c.Result.Findings)
	if hasCode(found, repairFailed) || hasCode(found, repairRolledBack) {
		return found
	}
	return append(found, checks.Finding{Code: repairFailed, Status: checks.Fail, Subject: "the product's service", View: "you",
		Args: map[string]string{"error": firstLine(c.Err.Error()), "state": "in a state that is not known", "removed": "not known",
			"dir": "the cache", "content": "in a place that is not known", "command": "in the list of services"}})
}

// edit copies the way down to one run and changes the copy.
func (s Session) edit(k Key, f func(*Run)) Session {
	i, j := s.step(k.Check), s.profile(k.Profile)
	if i < 0 || j < 0 {
		return s
	}
	s.Steps = slices.Clone(s.Steps)
	s.Steps[i].Runs = slices.Clone(s.Steps[i].Runs)
	f(&s.Steps[i].Runs[j])
	return s
}

// stale marks the runs that build on what k provides.
func (s Session) stale(k Key) Session {
	i := s.step(k.Check)
	if i < 0 {
		return s
	}
	for _, fact := range s.Steps[i].Spec.Provides {
		for _, st := range s.Steps {
			if slices.Contains(st.Spec.Needs, fact) {
				s = s.edit(Key{st.Spec.ID, k.Profile}, func(r *Run) { r.Stale = r.State == Done })
			}
		}
	}
	return s
}

func (r *Run) see(c EventsSeen) {
	if len(c.Lines)+c.Dropped > 0 {
		r.Tail.add(c.Lines, c.Dropped)
	}
	if r.State != Running && !r.Fixing {
		return
	}
	if c.Progress != nil {
		r.Progress = *c.Progress
	}
	for _, f := range c.Learned {
		told := maps.Clone(r.Told)
		if told == nil {
			told = checks.Facts{}
		}
		told[f.Name] = f.Value
		r.Told = told
	}
	if len(c.Found) > 0 {
		r.Result.Findings = append(slices.Clone(r.Result.Findings), c.Found...)
	}
	r.Walking = slices.Clone(r.Walking)
	for _, p := range c.Walking {
		r.Walking = newest(r.Walking, p)
	}
	for _, f := range c.Found {
		if f.Path != nil {
			r.Walking = slices.DeleteFunc(r.Walking, func(o checks.Path) bool { return sameWalk(o, *f.Path) })
		}
	}
}

// newest puts a walk's newest state in the place of its last one, so that no row of a screen jumps. It changes list.
func newest(list []checks.Path, p checks.Path) []checks.Path {
	if i := slices.IndexFunc(list, func(o checks.Path) bool { return sameWalk(o, p) }); i >= 0 {
		list[i] = p
		return list
	}
	return append(list, p)
}

func sameWalk(a, b checks.Path) bool {
	return a.Target == b.Target && a.Route == b.Route && a.Family == b.Family && a.URL == b.URL
}

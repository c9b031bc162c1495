package wizard

import (
	"maps"
	"slices"
	"time"

	"linecheck/assets"
	"linecheck/checks"
)

// Role is who sits in front of linecheck. It changes wording, never a result.
type Role string

// The roles.
const (
	Helpdesk Role = "helpdesk"
	Guided   Role = "guided" // a customer listens
	Self     Role = "self"
)

// roles is the order in which they are offered.
var roles = []Role{Helpdesk, Guided, Self}

// State is where a run of one check for one profile is.
type State uint8

// The states of a run.
const (
	Waiting State = iota // for its turn, or for a fact
	Running
	Done
	Skipped // by the person
)

// Session is all that is known in one troubleshooting run. It is a value: Apply returns a new one and changes nothing.
type Session struct {
	Role     Role
	Started  time.Time
	Profiles []*assets.Profile
	Steps    []Step
	At       int // the step that is looked at; len(Steps) is the verdict
	Changes  []checks.Change
	Repairs  []Repair // changes that a person approved in this session, oldest first
	Ended    bool     // interrupted by the person
	Past     *Looked  // what was read in place of this machine, which nothing can be run against; nil: this machine
	Recorded bool     // what happens is kept: see [Session.History]
	history  *history
	place    *Place // where it looks; nil: where the options say
}

// Step is one check, with a run for each profile.
type Step struct {
	Spec checks.Spec
	Runs []Run // in the order of Session.Profiles
}

// Run is one check for one profile.
type Run struct {
	Check    checks.ID
	State    State
	Stale    bool // a check that it builds on ran again since
	Started  time.Time
	Took     time.Duration
	Told     checks.Facts // what it learned before it had ended; nil: nothing
	Result   checks.Result
	Err      error // it could not do its work
	Progress checks.Progress
	Walking  []checks.Path
	Tail     Tail
	Fixing   bool
	Again    bool // a repair ended while it ran: it runs once more when it has
}

// Tail is a live view of the product's logs.
type Tail struct {
	Running bool
	Lines   []checks.Line // the newest, oldest first; at most tailKeeps
	Dropped int           // older ones that are no longer here
	Lost    int           // lines that came too fast and never were here
}

// tailKeeps bounds the lines a session holds: a person scrolls through some thousands at most, and the file has the rest.
const tailKeeps = 5000

// Key names a run.
type Key struct {
	Check   checks.ID
	Profile string
}

// New returns a session that has not begun: every run of the given checks waits.
func New(role Role, profiles []*assets.Profile, list []checks.Check, at time.Time) Session {
	s := Session{Role: role, Started: at, Profiles: profiles}
	for _, c := range list {
		st := Step{Spec: c.Spec(), Runs: make([]Run, len(profiles))}
		for i := range st.Runs {
			st.Runs[i].Check = st.Spec.ID
		}
		s.Steps = append(s.Steps, st)
	}
	return s
}

// Status is what the run is known to be: computed, never set.
func (r Run) Status() checks.Status {
	switch {
	case r.State == Skipped:
		return checks.Skip
	case r.State != Done:
		return checks.Unknown
	}
	st := checks.Overall(r.Result.Findings)
	if r.Err != nil && st == checks.Pass {
		return checks.Unknown // it stopped half-way: what it proved is not all it was asked
	}
	return st
}

// Reason says why the status is skipped or unknown, "" otherwise.
func (r Run) Reason() string {
	switch {
	case r.State == Skipped:
		return "skipped by the person"
	case r.State == Waiting:
		return "it did not run"
	case r.State == Running:
		return "it is still running"
	case r.Err != nil:
		return r.Err.Error()
	}
	switch r.Status() {
	case checks.Unknown, checks.Skip:
		if r.Result.Reason != "" {
			return r.Result.Reason
		}
		for _, f := range r.Result.Findings {
			if f.Status == r.Status() {
				return checks.TextOf(r.Check, f).Title
			}
		}
		if len(r.Result.Findings) > 0 {
			return reasonOf(r.Status(), r.Result.Findings[0].Status, checks.TextOf(r.Check, r.Result.Findings[0]).Title)
		}
		return "it found nothing to judge"
	}
	return ""
}

// Status of a step is the gravest of its runs; Unknown while one is missing.
func (st Step) Status() checks.Status {
	var all []checks.Finding
	for _, r := range st.Runs {
		all = append(all, checks.Finding{Status: r.Status()})
	}
	return checks.Overall(all)
}

// Busy reports whether a run of the step is under way.
func (st Step) Busy() bool {
	return slices.ContainsFunc(st.Runs, func(r Run) bool { return r.State == Running || r.Fixing })
}

// Follows reports whether a live tail runs in the step.
func (st Step) Follows() bool {
	return slices.ContainsFunc(st.Runs, func(r Run) bool { return r.Tail.Running })
}

// Busy reports whether anything runs, tails left out.
func (s Session) Busy() bool { return slices.ContainsFunc(s.Steps, Step.Busy) }

// Settled reports whether every run has ended or was skipped.
func (s Session) Settled() bool {
	for _, st := range s.Steps {
		for _, r := range st.Runs {
			if r.State == Waiting || r.State == Running || r.Fixing {
				return false
			}
		}
	}
	return true
}

// Facts is what the profile's runs have learned so far, those under way too.
func (s Session) Facts(profile string) checks.Facts {
	facts := checks.Facts{}
	if i := s.profile(profile); i >= 0 {
		for _, st := range s.Steps {
			maps.Copy(facts, st.Runs[i].Told)
			for _, f := range st.Runs[i].Result.Facts {
				facts[f.Name] = f.Value
			}
		}
	}
	return facts
}

// Ready names the runs that may begin: they wait, and each fact they need is known, or whoever provides it has ended.
func (s Session) Ready() []Key {
	if s.Ended || s.Past != nil {
		return nil
	}
	var out []Key
	for i, p := range s.Profiles {
		for _, st := range s.Steps {
			if st.Runs[i].State == Waiting && !s.blocked(st.Spec, i) {
				out = append(out, Key{st.Spec.ID, p.Name})
			}
		}
	}
	return out
}

func (s Session) blocked(spec checks.Spec, profile int) bool { return s.waitsFor(spec, profile) != "" }

// waitsFor names the step that still has to find something out before this one can begin; "" where none has.
func (s Session) waitsFor(spec checks.Spec, profile int) string {
	for _, st := range s.Steps {
		r := st.Runs[profile]
		if st.Spec.ID == spec.ID || r.State == Done || r.State == Skipped {
			continue
		}
		for _, need := range spec.Needs {
			if _, told := r.Told[need]; !told && slices.Contains(st.Spec.Provides, need) {
				return st.Spec.Title
			}
		}
	}
	return ""
}

// Run returns the run of that key; nil where there is none.
func (s Session) Run(k Key) *Run {
	i, j := s.step(k.Check), s.profile(k.Profile)
	if i < 0 || j < 0 {
		return nil
	}
	return &s.Steps[i].Runs[j]
}

// Action is the first thing that could be mended, of any profile.
func (s Session) Action() (Key, checks.Action, bool) {
	for _, st := range s.Steps {
		for i, r := range st.Runs {
			if len(r.Result.Actions) > 0 && r.State == Done && !r.Fixing {
				return Key{st.Spec.ID, s.Profiles[i].Name}, r.Result.Actions[0], true
			}
		}
	}
	return Key{}, checks.Action{}, false
}

func (s Session) step(id checks.ID) int {
	return slices.IndexFunc(s.Steps, func(st Step) bool { return st.Spec.ID == id })
}

func (s Session) profile(name string) int {
	return slices.IndexFunc(s.Profiles, func(p *assets.Profile) bool { return p.Name == name })
}

package checks

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"net/url"
	"time"

	"linecheck/assets"
	"linecheck/checks/host"
)

// ID names a check: the name of its folder.
type ID string

// Spec is what the rest of the program knows of a check before it runs.
type Spec struct {
	ID              ID
	Title           string        // one or two words for the row of steps
	Question        string        // the question the step answers, shown above its panel
	Summary         string        // one sentence, shown before the first run: what it looks at
	Timeout         time.Duration // the longest it may run; zero: until stopped (a live tail)
	Needs, Provides []FactName    // lets the wizard order steps and mark one stale, without knowing what a fact means
	Texts           []byte        // YAML: code -> title, text, fix, say
	Codes           []Code        // every code it can report; registration wants a text for each
	Order           int           // its place in the row of steps; lower is earlier
	Follows         bool          // with Env.Follow it runs until stopped and tells every new line
}

// Check looks at one thing and changes nothing. Implementations are values without state: one may run several times
// at once, for several profiles.
type Check interface {
	Spec() Spec
	// Run looks and returns when all its work has stopped, at the latest soon after ctx is done; what it found by then
	// is in the Result. The error says that it could not do its work; a network failure is a finding, not an error.
	// emit never blocks for long and may be called from any goroutine, until Run returns.
	Run(ctx context.Context, env Env, emit func(Event)) (Result, error)
}

// Fixer is a check that can also change the machine: the only code that may, and only for an action that its own last
// Run proposed and a person approved after seeing the plan.
type Fixer interface {
	Check
	// Fix carries out one action. ctx outlives the screen. It returns what is true afterwards, and an error where the
	// action was not completed; Result.Changes holds what was changed either way.
	Fix(ctx context.Context, env Env, hands host.Hands, action Action, emit func(Event)) (Result, error)
}

// Env is what a check may use. It is read-only and may be shared by checks that run at the same time.
type Env struct {
	Machine host.Machine
	Profile *assets.Profile // variables already filled in
	Facts   Facts           // what earlier checks learned
	Roots   *x509.CertPool  // whom this machine trusts; nil: the system's own
	// Public are the public authorities, to tell a company's own from; nil: Mozilla's list where Roots is the system's.
	Public  []*x509.Certificate
	Since   time.Duration // how far back logs are read; zero: 24 h
	Follow  bool          // a live tail is wanted: run until stopped
	Login   *url.Userinfo // a proxy login that a person typed for this session; never stored and never shown
	Turns   *Turns        // bounds the probes of the whole session; nil: nobody does
	Portals bool          // look for the network's login page even where no answer points to one
}

// Result is what one run learned.
type Result struct {
	Findings []Finding
	Facts    []Fact
	Actions  []Action // what could be mended here, each with its whole plan
	Changes  []Change // what Fix changed; empty after Run
	Reason   string   // why the status is skipped or unknown, in one sentence; "" where the findings say it
}

// Action is a change that is proposed, with its whole plan. Nothing of it happens before a person approved it.
type Action struct {
	ID       string   // unique within the check: "cache.clean"
	Title    string   // a question: "Clean the product's cache?"
	Why      string   // what will be better afterwards
	Steps    []string // every step in order, in words
	Effect   string   // what the user notices while it runs
	Takes    string   // how long, in words: "about 5 seconds, at most 3 minutes"
	Undo     string   // how to take it back, or that it cannot be
	Confirm  string   // the word to type to approve it
	Ask      string   // what to ask the customer before it, where somebody helps one; one or two calm sentences
	Commands []string // the same by hand, for a person without the rights or the trust
	Blocked  string   // why it cannot be done from here (missing rights, …); "" where it can
	Again    []ID     // checks whose findings it may change: they run again after it
	Data     any      // what Fix needs; owned by the check
}

// Change is one thing that was changed on the machine.
type Change struct {
	What   string    `json:"what"`
	When   time.Time `json:"when"`
	Result string    `json:"result"` // "done", "failed: …", "rolled back: …"
	Undo   string    `json:"undo"`
}

// MarshalJSON writes the time as the report writes all of them: RFC 3339 with milliseconds.
func (c Change) MarshalJSON() ([]byte, error) {
	type plain Change
	return json.Marshal(struct {
		plain
		When string `json:"when"`
	}{plain(c), c.When.Format("2006-01-02T15:04:05.000Z07:00")})
}

// Gather is how long events are collected before a reader sees them: four updates a second are as many as a person
// reads and as a 256 kbit line carries.
const Gather = 250 * time.Millisecond

// Event is what a run says while it is under way.
type Event interface{ event() }

// Progress tells how far a run is and what it waits for.
type Progress struct {
	Done, Total int
	Waiting     string // "proxy.example.intern: waiting for TCP, 3 of 5 s"
	Back        bool   // of a fix: step Done+1 went wrong, and what was done is being taken back
}

// Found hands over a finding as soon as it is made. The Result holds it again: a reader replaces, never adds up.
type Found struct{ Finding Finding }

// Walking shows a walk that is not finished, so that the screen can draw its ribbon.
type Walking struct{ Path Path }

// Learned hands over a fact before the run has ended, so that others need not wait for the rest. The Result holds it
// again; it is the same, or no reason to look again.
type Learned struct{ Fact Fact }

// Line is one log line of a live tail, already decoded.
type Line struct {
	File    string    // base name
	Path    string    // full path
	Number  int       // 1-based; 0 where a tail began in the middle
	At      time.Time // the time in the line; zero where it has none
	Text    string    // the raw line, cut at 4 KiB
	Meaning string    // what it says in plain words; "" where no signature knows it
	Code    Code      // the finding code of its signature, "" where none
	Ref     string    // the code in it: "curl 28"
	Status  Status    // Fail, Warn, Pass; Unknown where it means nothing to us
	Fix     string    // what to do about it, one sentence; "" where nothing, or where nobody knows
	Own     bool      // a marker, no line of any log: Meaning is what linecheck itself asked, Text what came of it
}

func (Progress) event() {}
func (Found) event()    {}
func (Walking) event()  {}
func (Learned) event()  {}
func (Line) event()     {}

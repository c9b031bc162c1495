package wizard

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"net/url"
	"slices"
	"time"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/checks/host"
)

// Place is where a session looks: this machine, or the practice network.
type Place struct {
	Machine  host.Machine
	Hands    host.Hands
	Roots    *x509.CertPool      // nil: the system's
	Public   []*x509.Certificate // the public authorities; nil: see [checks.Env]
	Practice string              // the scene, "" on a real machine
	Close    func()              // ends the practice network; never nil
}

// Options are what a person asked for.
type Options struct {
	Profiles []*assets.Profile
	Checks   []checks.Check
	Role     Role
	// RoleKnown: the role was said by a flag or the settings, so that nobody is asked.
	RoleKnown bool
	// Remember keeps the role for other days, in the person's own settings; nil: it is kept nowhere.
	Remember func(Role) error
	// LangKnown: the language was said by a flag or the settings, and is not the system's.
	LangKnown bool
	Since     time.Duration
	Login     *url.Userinfo // at the proxy, typed for this session; never stored and never shown
	Portals   bool          // look for the network's login page even where no answer points to one
	Redact    RedactLevel
	Color     string // auto, 16, none
	ASCII     bool
	Theme     string       // auto, dark, light, contrast
	Console   host.Console // what the terminal can do; the zero one: nothing is known
	Notice    string       // what a person is to know before anything else, such as why another language is spoken
	Width     int          // columns of the terminal, for the line mode; 0: not known
	Tool      Tool
	Rules     assets.Rules
	Place     Place
	// Practise opens the practice network with a scene, for the start screen's offer.
	Practise func(ctx context.Context, scene string) (Place, []*assets.Profile, error)
	// Look reads logs and support bundles that a person names, for the start screen's offer; nil: there is no such offer.
	Look Look
	// Clipboard puts a text onto the desktop's clipboard, see [host.CopyText]; nil: only the terminal is asked.
	Clipboard func(context.Context, string) (host.Clipboard, error)
	// Kept is what was done before the session began, because an earlier linecheck was cut off: by its watchdog, or now.
	Kept []checks.Change
	// Owed are sentences about what could not be made good of it.
	Owed []string
	// Record keeps what happens in the session, for [Options.WriteRecord].
	Record bool
	// Replay is a recorded session to walk in place of one of this machine; nil: there is none.
	Replay *Record
	// Ask shows the start screen before the session; false where flags said everything already.
	Ask bool
}

// Env is what the checks of a session get.
func (o Options) Env() checks.Env {
	return checks.Env{Machine: o.Place.Machine, Roots: o.Place.Roots, Public: o.Place.Public, Since: o.Since, Login: o.Login, Portals: o.Portals,
		Turns: checks.NewTurns()}
}

// New returns a session that has not begun. What was made good before it stands in it.
func (o Options) New(profiles []*assets.Profile, role Role, at time.Time) Session {
	s := New(role, profiles, o.Checks, at)
	s.Changes, s.Recorded, s.place = slices.Clone(o.Kept), o.Record, &o.Place
	return s
}

// Report writes the session down, redacted as asked.
func (o Options) Report(s Session, runID string) Report {
	r := Build(s, o.Rules, o.about(runID))
	if o.Replay != nil {
		r.Redaction = o.Replay.hidden // its stand-ins stay
	}
	return r.Redact(o.Redact, o.Place.Machine.Identity)
}

// about is what a report of the session says beside it; of a replay, what the record says.
func (o Options) about(runID string) About {
	a := About{Tool: o.Tool, Identity: o.Place.Machine.Identity, RunID: runID, Practice: o.Place.Practice, Finished: time.Now()}
	if rec := o.Replay; rec != nil {
		a.Tool, a.RunID, a.Practice = rec.Tool, rec.Run.ID, rec.Run.Practice
		a.Finished, _ = time.Parse(time.RFC3339, rec.Run.Finished)
	}
	return a
}

// TicketFor takes out of the session what is for one reader.
func (o Options) TicketFor(whose Whose, s Session, runID string) Ticket {
	t := Build(s, o.Rules, o.about(runID)).TicketFor(whose, o.Redact, o.Place.Machine.Identity)
	if !s.Settled() {
		t.Lead = append(t.Lead, lang.T("report.unfinished"))
	}
	return t
}

// NewRunID returns an id that tells two runs apart.
func NewRunID() string {
	var b [6]byte
	rand.Read(b[:]) // never fails: crypto/rand crashes the program instead
	return hex.EncodeToString(b[:])
}

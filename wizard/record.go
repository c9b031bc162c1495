package wizard

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"reflect"

	"linecheck/checks"
)

// RecordSchema names the form of a session record.
const RecordSchema = "linecheck.session/1"

// recordHead is the first line of a record: what the session was of. Its changes follow, each in a line of its own.
type recordHead struct {
	Schema    string        `json:"schema" redact:"no"`
	Tool      Tool          `json:"tool"`
	Run       RunInfo       `json:"run"`
	Profiles  []ProfileInfo `json:"profiles"`
	Checks    []checks.ID   `json:"checks"` // the steps, in their order
	Redaction Redaction     `json:"redaction" redact:"no"`
}

// entry is one change as a record holds it. What a key means is said at the change of that name in change.go. Facts have
// no values here: they are for engines, which do not run again.
type entry struct {
	Change   string            `json:"change" redact:"no"`
	At       string            `json:"at,omitempty" redact:"no"` // RFC 3339, to the nanosecond
	Check    checks.ID         `json:"check,omitempty"`
	Profile  string            `json:"profile,omitempty" redact:"no"`
	Follow   bool              `json:"follow,omitempty"`
	To       int               `json:"to,omitempty"`
	Role     Role              `json:"role,omitempty" redact:"no"`
	Keys     []entryKey        `json:"keys,omitempty"`
	Progress *entryProgress    `json:"progress,omitempty"`
	Steps    []entryProgress   `json:"steps,omitempty"`
	Found    []FindingReport   `json:"found,omitempty"`
	Walking  []Detail          `json:"walking,omitempty"`
	Learned  []checks.FactName `json:"learned,omitempty"`
	Lines    []entryLine       `json:"lines,omitempty"`
	Dropped  int               `json:"dropped,omitempty"`
	Actions  []entryAction     `json:"actions,omitempty"`
	Changes  []checks.Change   `json:"changes,omitempty"`
	Reason   string            `json:"reason,omitempty"`
	Error    string            `json:"error,omitempty"`
	Approved *entryApproval    `json:"approved,omitempty"`
}

type entryKey struct {
	Check   checks.ID `json:"check"`
	Profile string    `json:"profile" redact:"no"`
}

type entryProgress struct {
	Done    int    `json:"done"`
	Total   int    `json:"total"`
	Waiting string `json:"waiting,omitempty"`
	Back    bool   `json:"back,omitempty"`
}

type entryLine struct {
	File    string        `json:"file,omitempty"`
	Path    string        `json:"path,omitempty"`
	Number  int           `json:"number,omitempty"`
	At      string        `json:"at,omitempty" redact:"no"`
	Text    string        `json:"text"`
	Meaning string        `json:"meaning,omitempty"`
	Code    checks.Code   `json:"code,omitempty"`
	Ref     string        `json:"ref,omitempty"`
	Status  checks.Status `json:"status"`
	Fix     string        `json:"fix,omitempty"`
	Own     bool          `json:"own,omitempty"`
}

type entryAction struct {
	ID       string      `json:"id" redact:"no"`
	Title    string      `json:"title"`
	Why      string      `json:"why,omitempty"`
	Steps    []string    `json:"steps,omitempty"`
	Effect   string      `json:"effect,omitempty"`
	Takes    string      `json:"takes,omitempty"`
	Undo     string      `json:"undo,omitempty"`
	Confirm  string      `json:"confirm,omitempty" redact:"no"`
	Ask      string      `json:"ask,omitempty"`
	Commands []string    `json:"commands,omitempty"`
	Blocked  string      `json:"blocked,omitempty"`
	Again    []checks.ID `json:"again,omitempty"`
}

type entryApproval struct {
	At       string `json:"at" redact:"no"`
	How      How    `json:"how"`
	Customer string `json:"customer,omitempty" redact:"no"`
}

// WriteRecord writes what happened in a session that was recorded, redacted like a report of it: names are gathered from
// the whole session before the first is replaced.
func (o Options) WriteRecord(w io.Writer, s Session, runID string) error {
	if s.place != nil {
		o.Place = *s.place // a person may have gone to the practice network from the first screen
	}
	who := o.Place.Machine.Identity
	r := Build(s, o.Rules, o.about(runID))
	head := recordHead{Schema: RecordSchema, Tool: r.Tool, Run: r.Run, Profiles: r.Profiles,
		Redaction: Redaction{Level: RedactOff, Replaced: map[string]int{}}}
	for _, st := range s.Steps {
		head.Checks = append(head.Checks, st.Spec.ID)
	}
	var list []entry
	for _, c := range s.History() {
		list = append(list, entryOf(c))
	}
	said := Discreet
	if o.Redact != RedactOff {
		d := newRedactor(o.Redact, who)
		d.goOn(r)
		d.gather(r)
		copied(reflect.ValueOf(list), func(s string) string { d.learn(s); return s })
		d.frozen = true
		said = d.text
		head = copied(reflect.ValueOf(head), said).Interface().(recordHead)
		d.run(&head.Run, r.Run)
		list = copied(reflect.ValueOf(list), said).Interface().([]entry)
		head.Redaction = Redaction{Level: d.level, Replaced: d.replaced}
	} else {
		head, list = tidied(head), tidied(list)
	}
	b := bufio.NewWriter(w)
	j := json.NewEncoder(b)
	j.SetEscapeHTML(false)
	if err := j.Encode(head); err != nil {
		return fmt.Errorf("the session record: %w", err)
	}
	for _, e := range list {
		if err := j.Encode(e); err != nil {
			return fmt.Errorf("the session record: %w", err)
		}
	}
	return b.Flush()
}

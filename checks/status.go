package checks

import "fmt"

// Status is what is known of one thing. Its zero value is [Unknown]: nothing passes by default.
type Status uint8

// The order is by how much was learned, not by gravity: see [Overall].
const (
	Unknown Status = iota // not looked at, or could not be told
	Skip                  // deliberately not looked at, with a reason
	Note                  // seen, and neither right nor wrong: something to know, or a comparison
	Pass                  // seen to be right, with evidence
	Warn                  // works, but not as it should; or a hint
	Fail                  // seen to be wrong, with evidence
)

var statusWords = [...]string{Unknown: "unknown", Skip: "skipped", Note: "note", Pass: "pass", Warn: "warn", Fail: "fail"}

// String returns the word the JSON report uses.
func (s Status) String() string {
	if int(s) < len(statusWords) {
		return statusWords[s]
	}
	return fmt.Sprintf("status(%d)", uint8(s))
}

// MarshalText writes the word the JSON report uses.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads that word back; any other word is an error.
func (s *Status) UnmarshalText(b []byte) error {
	for i, w := range statusWords {
		if w == string(b) {
			*s = Status(i)
			return nil
		}
	}
	return fmt.Errorf("no status %q: one of unknown, skipped, note, pass, warn, fail", b)
}

// Overall is the status of a check that made these findings: the gravest of fail and warn; else unknown where any
// finding is unknown; else pass where at least one finding proves it; else skipped; else unknown. Notes alone prove
// nothing.
func Overall(found []Finding) Status {
	var n [len(statusWords)]int
	for _, f := range found {
		n[f.Status]++
	}
	for _, s := range [...]Status{Fail, Warn, Unknown, Pass, Skip} {
		if n[s] > 0 {
			return s
		}
	}
	return Unknown
}

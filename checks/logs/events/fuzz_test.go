package events

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"linecheck/checks/host"
)

// Any bytes, in every form: no panic, nothing larger than its bound, no line that is not there.
func FuzzEvents(f *testing.F) {
	for _, s := range []string{scm, "<Events>" + scm + scm, german, wide(german, false), wide(german, true), "Event[0]:\n  Event ID: 1\n  Description:\nx\n",
		"Log Name: System\nSource: X\nEvent ID: 1\n", "TimeCreated;Id;LevelDisplayName\n\"3/4/2026 1:2:3 AM\";1;\"a\nb\"\n", "#TYPE x\n\"", "sep=;"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		Sniff(b)
		for _, k := range []Kind{XML, CSV, Text} {
			lines := bytes.Count(b, []byte("\n")) + bytes.Count(b, []byte("\n\x00")) + 1
			err := read(context.Background(), bytes.NewReader(b), k, "x", time.UTC, func(e host.EventRecord, line int) error {
				if line < 1 || line > lines || len(e.Message) > maxRecord || len(e.Raw) > maxRaw+8 {
					t.Errorf("line %d of %d, %d and %d bytes", line, lines, len(e.Message), len(e.Raw))
				}
				return nil
			})
			var bad *Problems
			if errors.As(err, &bad) && (len(bad.First) > maxProblems || bad.Count < len(bad.First)) {
				t.Errorf("%d of %d problems", len(bad.First), bad.Count)
			}
		}
	})
}

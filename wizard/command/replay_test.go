package command_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"linecheck/wizard"
)

// told is a report without what is of the minute in which it was written.
func told(t *testing.T, report string) string {
	t.Helper()
	var r wizard.Report
	if err := json.Unmarshal([]byte(report), &r); err != nil {
		t.Fatalf("%v in %s", err, report)
	}
	r.Run.Finished, r.Run.DurationMS = "", 0
	r.Redaction.Replaced = nil // a record has lines that a report has not
	b, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return standIn.ReplaceAllString(string(b), "$1")
}

// standIn is one of a report with its number: which value was met first is another matter in a record.
var standIn = regexp.MustCompile(`(\\u003c[a-z]+)-\d+`)

// TestAReplayEndsInTheReportOfItsSession records whole sessions in the practice network and walks the records: the same
// findings, the same verdict, the same exit code.
func TestAReplayEndsInTheReportOfItsSession(t *testing.T) {
	for _, scene := range []string{"proxy.unresolvable", "cache.stale_failures", "healthy-two-products", "domain.icmp_filtered", "tls.intercepted", "limited-rights"} {
		t.Run(scene, func(t *testing.T) {
			t.Parallel()
			for _, level := range []string{"off", "standard", "strict"} {
				file := filepath.Join(t.TempDir(), "session.jsonl")
				code, report, errs := linecheck(t, "lab", "--run", scene, "--format", "json", "--redact", level, "--record", file)
				if code == 2 {
					t.Fatal(errs)
				}
				again, replayed, errs := linecheck(t, "replay", file, "--format", "json", "--redact", level)
				if again != code {
					t.Errorf("%s: the session ended with %d, its replay with %d: %s", level, code, again, errs)
				}
				if a, b := told(t, report), told(t, replayed); a != b {
					t.Errorf("%s: %s", level, firstDifference(a, b))
				}
			}
		})
	}
}

func TestARecordThatCannotBeWrittenIsToldBeforeAnythingIsRun(t *testing.T) {
	for _, file := range []string{filepath.Join(t.TempDir(), "none", "session.jsonl"), "-"} {
		code, out, errs := linecheck(t, "lab", "--run", "healthy", "--record", file)
		if code != 2 || out != "" || errs == "" {
			t.Errorf("%s: %d, %q, %q", file, code, out, errs)
		}
	}
}

func TestWhatIsNoRecordIsNotWalked(t *testing.T) {
	file := filepath.Join(t.TempDir(), "report.json")
	if err := os.WriteFile(file, []byte(`{"schema":"linecheck.report/1"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := linecheck(t, "replay", file); code != 2 || !strings.Contains(errs, "report.json:1: ") {
		t.Errorf("%d, %q", code, errs)
	}
}

package wizard

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"linecheck/assets"
	"linecheck/checks/host"
)

// FuzzSavedReport does with a file from anywhere what `linecheck report` does with it: it is judged, redacted, compared
// with itself, and written in every form. Nothing of it steers a terminal, and what is written reads as the same report.
func FuzzSavedReport(f *testing.F) {
	rules, err := assets.LoadRules()
	if err != nil {
		f.Fatal(err)
	}
	for at := range uint16(3) {
		f.Add(reportText(f, blockedPage(), "json"), 9+at, "\x1b]0;x\a\u202e")
	}
	f.Add([]byte(`{"schema":"`+ReportSchema+`","verdict":{"causes":[null]},"checks":[null,{"findings":[null,{"id":"f1","detail":{"table":{"rows":[null]}}}]}],"repairs":[null]}`), uint16(0), "")
	f.Add([]byte(`{"schema":"`+ReportSchema+`","profiles":[null,{"name":"withsecure"}],"checks":[{"id":"logs","status":"\u001b[2J","findings":[{"status":"odd","at":"never","view":"x","detail":{"stages":[null,{"name":"tls"}],"evidence":[{"text":"\u202e"}],"args":{"count":"-9","first":""}}}]}]}`), uint16(3), "-1")
	f.Fuzz(func(t *testing.T, b []byte, at uint16, text string) {
		r, err := ReadReport(bytes.NewReader(withString(b, int(at), text)), "the file")
		if err != nil {
			return
		}
		r = r.Rejudge(rules)
		first := reportText(t, r, "json")
		again, err := ReadReport(bytes.NewReader(first), "what was written")
		if err != nil {
			t.Fatalf("%v in %s", err, first)
		}
		if second := reportText(t, again.Rejudge(rules), "json"); !bytes.Equal(first, second) {
			t.Errorf("shown once and shown again:\n%s\n%s", first, second)
		}
		level := []RedactLevel{RedactOff, RedactStandard, RedactStrict}[at%3]
		hidden := r.Redact(level, host.Identity{User: r.Run.User, Host: r.Run.Host})
		for _, format := range Formats {
			tame(t, format, reportText(t, hidden, format))
		}
		for _, whose := range []Whose{ForNetwork, ForCustomer, ForVendor} {
			for _, format := range TicketFormats {
				var out bytes.Buffer
				if err := r.TicketFor(whose, level, host.Identity{}).Write(&out, format); err != nil {
					t.Fatal(err)
				}
				tame(t, format, out.Bytes())
			}
		}
		for _, format := range DiffFormats {
			var out bytes.Buffer
			if err := Compare(r, again).Redact(level).Write(&out, format); err != nil {
				t.Fatal(err)
			}
			tame(t, format, out.Bytes())
		}
	})
}

var jsonString = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// withString puts text in the place of one string of a report: chance alone seldom leaves a report readable.
func withString(b []byte, at int, text string) []byte {
	all := jsonString.FindAllIndex(b, -1)
	if len(all) == 0 {
		return b
	}
	i := all[at%len(all)]
	in, err := json.Marshal(text)
	if err != nil {
		return b
	}
	return slices.Concat(b[:i[0]], in, b[i[1]:])
}

func reportText(t testing.TB, r Report, format string) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := r.Write(&out, format); err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return out.Bytes()
}

// tame holds one output against what a screen and a JSON reader can stand.
func tame(t *testing.T, format string, out []byte) {
	t.Helper()
	if i := strings.IndexFunc(string(out), steers); i >= 0 {
		t.Errorf("%s steers a terminal: %q", format, out[max(0, i-40):min(len(out), i+40)])
	}
	if format == "json" && !json.Valid(out) {
		t.Errorf("no JSON: %s", out)
	}
}

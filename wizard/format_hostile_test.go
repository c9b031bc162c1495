package wizard

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"linecheck/checks"
)

// TestASavedReportBringsNoMarkup: whoever sends a report decides each word of it.
func TestASavedReportBringsNoMarkup(t *testing.T) {
	const bad = "x\n\n# head\n<script>alert(1)</script> [a](javascript:b)\u202e\x1b[31m"
	r := Report{Schema: ReportSchema, Tool: Tool{Version: bad}, Run: RunInfo{ID: bad, Started: bad, Host: bad, Practice: bad},
		Profiles: []ProfileInfo{{Name: "elements", Product: bad}}, Redaction: Redaction{Level: bad},
		Checks:  []CheckReport{{ID: "allowlist", Profile: "elements", Title: bad, Reason: bad, Findings: []FindingReport{{ID: bad, Subject: bad, Summary: bad, Status: checks.Fail}}}},
		Verdict: Verdict{Status: bad, Headline: bad, Causes: []Cause{{ID: bad, Title: bad, Headline: bad, Explanation: bad, Fix: []string{bad}, Severity: bad}}}}
	for format, never := range map[string]string{"markdown": `(?m)^# head|<script|[^\\]\[a\]`, "junit": `<script`, "html": `<script|<h1>head`, "text": `$.`} {
		var b bytes.Buffer
		if err := r.Write(&b, format); err != nil {
			t.Fatal(format, err)
		}
		if m := regexp.MustCompile(never).FindString(b.String()); m != "" || strings.ContainsAny(b.String(), "\u202e\x1b") {
			t.Errorf("%s holds %q, or steers a terminal", format, m)
		}
	}
}

package wizard

import (
	"bytes"
	"encoding/xml"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"linecheck/checks"
)

// formed writes a report that was changed before.
func formed(t *testing.T, format string, change func(*Report)) string {
	t.Helper()
	r := sample(t)
	change(&r)
	var b bytes.Buffer
	if err := r.Write(&b, format); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A build server is red exactly where the exit code speaks of a fault, of something unknown, or of a failed repair.
func TestAJUnitFileIsRedWhereTheVerdictIs(t *testing.T) {
	type reds struct{ failures, errors bool }
	for name, tt := range map[string]struct {
		change func(*Report)
		want   reds
	}{
		"a fault": {func(*Report) {}, reds{failures: true}},
		"a failed check that accuses nobody": {func(r *Report) {
			r.Verdict = Verdict{Status: Warning, Causes: []Cause{{ID: "path.too_slow", Severity: Warning, Evidence: []string{"f1"}}}}
		}, reds{}},
		"a healthy line with a check that was not run": {func(r *Report) {
			r.Verdict = Verdict{Status: Healthy}
			r.Checks[0].Status, r.Checks[1].Status = checks.Pass, checks.Unknown
		}, reds{}},
		"what could not be told": {func(r *Report) {
			r.Verdict = Verdict{Status: Inconclusive, Missing: []string{"DNS"}}
			r.Checks[0].Status, r.Checks[1].Status = checks.Pass, checks.Unknown
		}, reds{errors: true}},
		"a fault that nothing explains": {func(r *Report) {
			r.Verdict = Verdict{Status: Fault, Headline: "broken", Unexplained: []string{"f1"}}
		}, reds{failures: true}},
		"a repair that was taken back": {func(r *Report) {
			r.Verdict, r.Checks = Verdict{Status: Healthy}, nil
			r.Repairs = []RepairReport{{Profile: "p", Title: "Clean the cache", Result: "rolled back: no"}}
		}, reds{failures: true}},
		"a repair that was done": {func(r *Report) {
			r.Verdict, r.Checks = Verdict{Status: Healthy}, nil
			r.Repairs = []RepairReport{{Profile: "p", Title: "Clean the cache", Result: "done"}}
		}, reds{}},
	} {
		t.Run(name, func(t *testing.T) {
			var got junitSuites
			text := formed(t, "junit", tt.change)
			if err := xml.Unmarshal([]byte(text), &got); err != nil {
				t.Fatal(err)
			}
			if (reds{got.Failures > 0, got.Errors > 0}) != tt.want {
				t.Errorf("failures %d, errors %d, want %+v in\n%s", got.Failures, got.Errors, tt.want, text)
			}
			var sum junitCount
			for _, s := range got.Suites {
				var cases junitCount
				for _, c := range s.Cases {
					cases.add(c.count())
				}
				if cases != s.junitCount {
					t.Errorf("suite %s counts %+v, and has %+v", s.Name, s.junitCount, cases)
				}
				sum.add(cases)
			}
			if sum != got.junitCount {
				t.Errorf("the file counts %+v, and has %+v", got.junitCount, sum)
			}
		})
	}
}

// hostile is what a server or a log may say.
const hostile = "a\"b\\c\nd\x00\x1b[2J\u202e\xff ]]> </testcase> &#0; {x=\"1\"} 7"

func TestNothingFromOutsideBreaksAJUnitFile(t *testing.T) {
	text := formed(t, "junit", func(r *Report) {
		r.Run.Host, r.Run.Practice, r.Checks[0].Reason, r.Checks[1].Reason = hostile, hostile, hostile, hostile
		r.Checks[0].Findings[0].Summary, r.Verdict.Headline = hostile, hostile
		for i := range r.Verdict.Causes {
			r.Verdict.Causes[i].Headline, r.Verdict.Causes[i].Explanation, r.Verdict.Causes[i].Fix = hostile, hostile, []string{hostile}
		}
	})
	var got junitSuites
	if err := xml.Unmarshal([]byte(text), &got); err != nil || strings.ContainsAny(text, "\x00\x1b\u202e") || !utf8.ValidString(text) {
		t.Errorf("%v in\n%q", err, text)
	}
}

var (
	promHelp   = regexp.MustCompile(`^# HELP (linecheck_[a-z_]+) .+$`)
	promType   = regexp.MustCompile(`^# TYPE (linecheck_[a-z_]+) gauge$`)
	promSample = regexp.MustCompile(`^(linecheck_[a-z_]+)(\{(?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)+\})? [0-9.e+-]+$`)
)

// TestAPrometheusTextfileIsOne holds every line against the exposition format: help and type once and first, no series twice.
func TestAPrometheusTextfileIsOne(t *testing.T) {
	text := formed(t, "prometheus", func(r *Report) {
		f := r.Checks[0].Findings[0]
		f.Detail.URL, f.Detail.Route = hostile, hostile
		r.Checks[0].ID, r.Tool.Version = "allowlist", hostile
		r.Checks[0].Findings = append(r.Checks[0].Findings, f, f)
	})
	if !strings.HasSuffix(text, "\n") {
		t.Error("the last line has no end")
	}
	metrics, series, now := map[string]bool{}, map[string]bool{}, ""
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if m := promHelp.FindStringSubmatch(line); m != nil {
			if metrics[m[1]] {
				t.Errorf("%s has two helps", m[1])
			}
			metrics[m[1]], now = true, m[1]
			continue
		}
		m := promType.FindStringSubmatch(line)
		if m == nil {
			m = promSample.FindStringSubmatch(line)
			if m != nil && series[line[:strings.LastIndexByte(line, ' ')]] {
				t.Errorf("twice: %s", line)
			}
			series[line[:max(0, strings.LastIndexByte(line, ' '))]] = true
		}
		if m == nil || m[1] != now {
			t.Errorf("no line of a textfile, or below another metric's help: %q", line)
		}
	}
	for _, want := range []string{`linecheck_verdict{status="fault"} 1`, `linecheck_verdict{status="healthy"} 0`, `cause="tcp.dropped"`, `linecheck_run_duration_seconds 2`,
		`linecheck_endpoint_up{profile="p",target="a.example:443",url="",route="direct",family="ipv4",way="product",required="true"} 0`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
}

// What could not be told is neither up nor down.
func TestAnUnknownAddressHasNoSeries(t *testing.T) {
	text := formed(t, "prometheus", func(r *Report) {
		r.Checks[0].ID, r.Checks[0].Findings[0].Status = "allowlist", checks.Unknown
	})
	if strings.Contains(text, "linecheck_endpoint_up") {
		t.Errorf("an address that nobody looked at has a series:\n%s", text)
	}
}

package wizard

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"linecheck/assets/lang"
	"linecheck/checks"
)

// The elements of a JUnit file that build servers have in common.
type (
	junitSuites struct {
		XMLName xml.Name `xml:"testsuites"`
		Name    string   `xml:"name,attr"`
		junitCount
		Time   string       `xml:"time,attr"`
		Suites []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name string `xml:"name,attr"`
		junitCount
		Time      string          `xml:"time,attr"`
		Timestamp string          `xml:"timestamp,attr"`
		Host      string          `xml:"hostname,attr,omitempty"`
		Set       []junitProperty `xml:"properties>property"`
		Cases     []junitCase     `xml:"testcase"`
	}
	junitCount struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
		Skipped  int `xml:"skipped,attr"`
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitCase struct {
		Class   string     `xml:"classname,attr"`
		Name    string     `xml:"name,attr"`
		Time    string     `xml:"time,attr"`
		Skipped *junitText `xml:"skipped"`
		Failure *junitText `xml:"failure"`
		Error   *junitText `xml:"error"`
		Out     string     `xml:"system-out,omitempty"`
	}
	junitText struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
)

func (c *junitCount) add(o junitCount) {
	c.Tests, c.Failures, c.Errors, c.Skipped = c.Tests+o.Tests, c.Failures+o.Failures, c.Errors+o.Errors, c.Skipped+o.Skipped
}

// count counts what became of a case.
func (c *junitCase) count() junitCount {
	n := junitCount{Tests: 1}
	switch {
	case c.Failure != nil:
		n.Failures = 1
	case c.Error != nil:
		n.Errors = 1
	case c.Skipped != nil:
		n.Skipped = 1
	}
	return n
}

// junit writes the report in the form that build servers read as test results. It is red exactly where the exit code says
// that something is at fault (failure), could not be told (error), or was not repaired (failure): what a check saw beside
// that stands in the output of a case that passed.
func (r Report) junit(w io.Writer) error {
	all := junitSuites{Name: "linecheck", Time: seconds(r.Run.DurationMS)}
	first := r.junitSuite("verdict", r.Run.DurationMS, r.junitVerdict())
	if len(r.Repairs) > 0 {
		all.Suites = append(all.Suites, first, r.junitSuite("repairs", 0, r.junitRepairs()))
	} else {
		all.Suites = append(all.Suites, first)
	}
	for _, p := range r.Profiles {
		var took int64
		var cases []junitCase
		for _, c := range r.Checks {
			if c.Profile == p.Name {
				took += c.DurationMS
				cases = append(cases, r.junitCheck(c))
			}
		}
		all.Suites = append(all.Suites, r.junitSuite(p.Name, took, cases))
	}
	for _, s := range all.Suites {
		all.add(s.junitCount)
	}
	b, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, xml.Header+string(b)+"\n")
	return err
}

func (r Report) junitSuite(name string, took int64, cases []junitCase) junitSuite {
	s := junitSuite{Name: "linecheck." + xmlText(name), Time: seconds(took), Host: xmlText(r.Run.Host), Cases: cases,
		Set: []junitProperty{{"version", xmlText(r.Tool.Version)}, {"run", xmlText(r.Run.ID)}, {"status", xmlText(r.Verdict.Status)}, {"redaction", xmlText(string(r.Redaction.Level))}}}
	if t, err := time.Parse(time.RFC3339, r.Run.Started); err == nil {
		s.Timestamp = t.UTC().Format("2006-01-02T15:04:05") // the form's own, which knows no zone
	}
	if r.Run.Practice != "" {
		s.Set = append(s.Set, junitProperty{"practice network", xmlText(r.Run.Practice)})
	}
	for _, c := range cases {
		s.add(c.count())
	}
	return s
}

// junitVerdict is a case for the line as a whole, and one for each cause.
func (r Report) junitVerdict() []junitCase {
	v := r.Verdict
	line := junitCase{Class: "linecheck.verdict", Name: lang.T("report.junit_line"), Time: seconds(r.Run.DurationMS), Out: xmlText(r.headline())}
	switch v.Status {
	case Inconclusive:
		line.Error = &junitText{xmlText(v.Headline), Inconclusive, xmlText(strings.Join(v.Missing, "\n"))}
	case Fault:
		if len(v.Causes) == 0 {
			line.Failure = &junitText{xmlText(v.Headline), "unexplained", xmlText(strings.Join(v.Unexplained, " "))}
		}
	}
	out := []junitCase{line}
	for _, c := range v.Causes {
		jc := junitCase{Class: "linecheck." + xmlText(c.Profile) + ".cause", Name: xmlText(c.ID + ": " + c.Title), Time: seconds(0)}
		text := xmlText(fmt.Sprintf("%s\n%s\n%s", c.Explanation, lang.T("report.todo_by", "who", whoFor(c), "what", strings.Join(c.Fix, " ")),
			lang.T("report.how_sure_of", "sure", SureWord(c.Confidence), "evidence", strings.Join(c.Evidence, " "))))
		if c.Severity == Fault {
			jc.Failure = &junitText{xmlText(c.Headline), c.ID, text}
		} else {
			jc.Out = xmlText(lang.T("report.headline", "status", lang.T("report.status.warning"), "headline", c.Headline)) + "\n" + text
		}
		out = append(out, jc)
	}
	return out
}

func (r Report) junitRepairs() []junitCase {
	var out []junitCase
	for _, rep := range r.Repairs {
		jc := junitCase{Class: "linecheck." + xmlText(rep.Profile) + ".repair", Name: xmlText(rep.Title), Time: seconds(0)}
		if rep.Result == string(Repaired) {
			jc.Out = xmlText(strings.Join(rep.Plan, "\n"))
		} else {
			jc.Failure = &junitText{Message: xmlText(saidResult(rep.Result)), Type: xmlText(rep.Action)}
		}
		out = append(out, jc)
	}
	return out
}

// junitCheck is one check. Its own status makes it red only where the verdict agrees: a fault on a way that the product
// does not take is no reason for a red build.
func (r Report) junitCheck(c CheckReport) junitCase {
	jc := junitCase{Class: "linecheck." + xmlText(c.Profile), Name: xmlText(c.Title), Time: seconds(c.DurationMS)}
	lines := xmlText(strings.Join(notable(c.Findings), "\n"))
	reason := xmlText(cmp.Or(lang.Phrase(c.Reason), resultWord(c.Status)))
	switch {
	case c.Status == checks.Skip:
		jc.Skipped = &junitText{Message: reason}
	case c.Status == checks.Fail && r.Verdict.Status == Fault && r.accused(c):
		jc.Failure = &junitText{firstLine(cmp.Or(lines, reason)), string(c.ID), lines}
	case c.Status == checks.Unknown && r.Verdict.Status == Inconclusive:
		jc.Error = &junitText{reason, string(c.ID), lines}
	case c.Status == checks.Unknown:
		jc.Skipped = &junitText{Message: lang.T("report.junit_unknown", "reason", reason)}
	default:
		jc.Out = lines
	}
	return jc
}

// accused reports whether something that the check found is evidence of a fault, or a fault that no cause explains.
func (r Report) accused(c CheckReport) bool {
	guilty := map[string]bool{}
	for _, id := range r.Verdict.Unexplained {
		guilty[id] = true
	}
	for _, cause := range r.Verdict.Causes {
		for _, id := range cause.Evidence {
			guilty[id] = guilty[id] || cause.Severity == Fault
		}
	}
	for _, f := range c.Findings {
		if guilty[f.ID] && f.Status == checks.Fail {
			return true
		}
	}
	return false
}

// seconds writes milliseconds as the form wants them.
func seconds(ms int64) string { return fmt.Sprintf("%.3f", float64(ms)/1000) }

// xmlText takes out what XML cannot hold, and what could steer a terminal.
func xmlText(s string) string { return Printable(strings.ToValidUTF8(s, "·")) }

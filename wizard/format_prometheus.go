package wizard

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"linecheck/checks"
)

// metric is one of a textfile: every sample of it stands below its help and type.
type metric struct {
	name, help string
	samples    []string
	seen       map[string]bool
}

// put adds a sample; labels are names and values in turn. Of two with the same labels the first stays, as the form wants.
func (m *metric) put(value float64, labels ...string) {
	var b strings.Builder
	for i := 0; i < len(labels); i += 2 {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(labels[i] + `="` + promLabel.Replace(Printable(strings.ToValidUTF8(labels[i+1], "·"))) + `"`)
	}
	key := b.String()
	if m.seen[key] {
		return
	}
	if m.seen == nil {
		m.seen = map[string]bool{}
	}
	m.seen[key] = true
	if key != "" {
		key = "{" + key + "}"
	}
	m.samples = append(m.samples, m.name+key+" "+strconv.FormatFloat(value, 'g', -1, 64))
}

var promLabel = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", " ")

// prometheus writes the report as a textfile for a node exporter: gauges of this one run, each with help and type. A word
// out of a fixed set (a verdict, a check's status) has a series for each word, 1 for the one that holds, so that an alert
// does not have to know when a series ends.
func (r Report) prometheus(w io.Writer) error {
	verdict := metric{name: "linecheck_verdict", help: "The verdict of the last run: 1 for the one that holds."}
	for _, s := range []string{Healthy, Warning, Fault, Inconclusive} {
		verdict.put(bit(r.Verdict.Status == s), "status", s)
	}
	cause := metric{name: "linecheck_cause", help: "A cause that was found; its meaning: linecheck explain cause:ID."}
	for _, c := range r.Verdict.Causes {
		cause.put(1, "profile", c.Profile, "cause", c.ID, "severity", c.Severity, "confidence", c.Confidence, "who", c.Who)
	}
	unexplained := metric{name: "linecheck_unexplained_findings", help: "Findings at fault that no cause explains."}
	unexplained.put(float64(len(r.Verdict.Unexplained)))
	status := metric{name: "linecheck_check_status", help: "What each check came to: 1 for the status that holds."}
	took := metric{name: "linecheck_check_duration_seconds", help: "How long each check took."}
	up := metric{name: "linecheck_endpoint_up", help: "Whether an address of the product answered as the vendor does: 1 yes, 0 no. way=\"product\" is the product's own, \"you\" another one."}
	answer := metric{name: "linecheck_endpoint_duration_seconds", help: "How long a walk to an address took until its end, whatever the end was."}
	stage := metric{name: "linecheck_endpoint_stage_duration_seconds", help: "How long each step of a walk took."}
	for _, c := range r.Checks {
		for _, s := range []checks.Status{checks.Pass, checks.Warn, checks.Fail, checks.Unknown, checks.Skip} {
			status.put(bit(c.Status == s), "profile", c.Profile, "check", string(c.ID), "status", s.String())
		}
		took.put(float64(c.DurationMS)/1000, "profile", c.Profile, "check", string(c.ID))
		if c.ID != "allowlist" { // what others walk, it walks too
			continue
		}
		for _, f := range c.Findings {
			d := f.Detail
			if d.Target == "" || f.Status == checks.Skip || f.Status == checks.Unknown { // not known is neither up nor down
				continue
			}
			labels := []string{"profile", c.Profile, "target", d.Target, "url", d.URL, "route", d.Route, "family", d.Family, "way", wayLabel(d.Product),
				"required", strconv.FormatBool(d.Required)}
			up.put(bit(slices.Contains([]checks.Code{"path.open", "path.answered", "path.too_slow"}, f.Code)), labels...)
			answer.put(float64(d.TookMS)/1000, labels...)
			for _, st := range d.Stages {
				if st.Status == checks.Pass || st.Status == checks.Warn || st.Status == checks.Fail { // the others were not reached
					stage.put(float64(st.DurationMS)/1000, append(slices.Clone(labels), "stage", string(st.Name))...)
				}
			}
		}
	}
	ran := metric{name: "linecheck_run_timestamp_seconds", help: "When the run ended, in seconds since 1970."}
	if t, err := time.Parse(time.RFC3339, r.Run.Finished); err == nil {
		ran.put(float64(t.UnixMilli()) / 1000)
	}
	run := metric{name: "linecheck_run_duration_seconds", help: "How long the run took."}
	run.put(float64(r.Run.DurationMS) / 1000)
	info := metric{name: "linecheck_info", help: "Which linecheck ran, and whether it was the practice network and nothing real."}
	info.put(1, "version", r.Tool.Version, "commit", r.Tool.Commit, "practice", r.Run.Practice)

	var b strings.Builder
	for _, m := range []metric{verdict, cause, unexplained, status, took, up, answer, stage, ran, run, info} {
		if len(m.samples) > 0 {
			fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s gauge\n%s\n", m.name, m.help, m.name, strings.Join(m.samples, "\n"))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func wayLabel(product bool) string {
	if product {
		return "product"
	}
	return "you"
}

func bit(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

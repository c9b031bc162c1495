package wizard

import (
	"fmt"
	"slices"
	"strings"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks"
)

// RepairReport is one change that a person approved. The report around it tells what is true after it.
type RepairReport struct {
	Profile  string         `json:"profile" redact:"no"`
	Action   string         `json:"action" redact:"no"`
	Title    string         `json:"title" redact:"no"`
	Plan     []string       `json:"plan"` // the steps that were approved
	Approved ApprovalReport `json:"approved"`
	Before   BeforeReport   `json:"before"`
	Ended    string         `json:"ended" redact:"no"` // "" while it is under way
	Result   string         `json:"result"`            // "done", "refused: …", "rolled back: …", "failed: …", "under way"
}

// ApprovalReport says who approved a change, when, and by what.
type ApprovalReport struct {
	At       string `json:"at" redact:"no"`
	How      How    `json:"how"`
	Role     Role   `json:"role"`
	Customer string `json:"customer" redact:"no"` // "agreed", or "" where nobody was asked
}

// BeforeReport is what was known of the product when the change was approved. Its findings have ids of their own, behind
// those of the checks after it.
type BeforeReport struct {
	At      string        `json:"at" redact:"no"`
	Verdict Verdict       `json:"verdict"`
	Checks  []CheckReport `json:"checks"`
}

// repairReports writes the session's repairs down; used is how many ids of findings are taken.
func repairReports(s Session, rules assets.Rules, used int) []RepairReport {
	out := []RepairReport{}
	for _, r := range s.Repairs {
		i := r.Before.profile(r.Key.Profile)
		if i < 0 {
			continue
		}
		p := r.Before.Profiles[i]
		seen := slices.DeleteFunc(r.Before.Seen(), func(f Seen) bool { return f.Profile != p.Name })
		for j := range seen {
			used++
			seen[j].ID = fmt.Sprintf("f%d", used)
		}
		out = append(out, RepairReport{Profile: p.Name, Action: r.Action.ID, Title: r.Name(), Ended: stamp(r.Ended), Result: r.Result(),
			Plan:     append([]string{}, r.Action.Steps...),
			Approved: ApprovalReport{At: stamp(r.Approved.At), How: r.Approved.How, Role: s.Role, Customer: r.Approved.Customer},
			Before: BeforeReport{At: stamp(r.Approved.At), Checks: checkReports(r.Before, i, seen),
				Verdict: Judge(rules, products([]ProfileInfo{profileInfo(p)}), seen)}})
	}
	return out
}

// checkReports are the runs of one profile.
func checkReports(s Session, profile int, seen []Seen) []CheckReport {
	var out []CheckReport
	name := s.Profiles[profile].Name
	for _, st := range s.Steps {
		run := st.Runs[profile]
		c := CheckReport{ID: st.Spec.ID, Title: st.Spec.Title, Profile: name, Started: stamp(run.Started),
			DurationMS: run.Took.Milliseconds(), Status: run.Status(), Reason: run.Reason(), Findings: []FindingReport{}}
		for _, f := range seen {
			if f.Profile == name && f.Check == st.Spec.ID {
				c.Findings = append(c.Findings, write(f))
				if c.ReasonFrom == "" && run.State == Done && run.Err == nil && run.Result.Reason == "" &&
					c.Reason == reasonOf(c.Status, f.Status, checks.TextOf(f.Check, f.Finding).Title) {
					c.ReasonFrom = f.ID
				}
			}
		}
		out = append(out, c)
	}
	return out
}

// rejudge judges what was found before a repair again. anew: in another language than it was written in.
func (r RepairReport) rejudge(rules assets.Rules, infos []ProfileInfo, anew bool) RepairReport {
	infos = slices.DeleteFunc(slices.Clone(infos), func(i ProfileInfo) bool { return i.Name != r.Profile })
	if anew {
		r.Before.Checks = saidAnew(r.Before.Checks)
	}
	r.Before.Verdict = Judge(rules, products(infos), recorded(r.Before.Checks))
	return r
}

// recorded are the findings of written checks.
func recorded(list []CheckReport) []Seen {
	var seen []Seen
	for _, c := range list {
		for _, f := range c.Findings {
			seen = append(seen, Seen{ID: f.ID, Check: c.ID, Profile: c.Profile, Finding: f.finding()})
		}
	}
	return seen
}

// RepairLines tells as repairsIn does, for whoever reads no report.
func (r Report) RepairLines() []string {
	if len(r.Repairs) == 0 {
		return nil
	}
	return strings.Split(strings.TrimSpace(r.repairsIn(plain)), "\n")
}

// repairsIn tells in prose what was repaired, what was known before it and what is different now; "" where nothing was.
func (r Report) repairsIn(st style) string {
	b := &strings.Builder{}
	p := func(format string, a ...any) { fmt.Fprintf(b, format+"\n", a...) }
	for _, rep := range r.Repairs {
		name := rep.Title
		if len(r.Profiles) > 1 {
			name += ", " + rep.Profile
		}
		p("%s", st.head(lang.T("repair.head", "name", name, "result", saidResult(rep.Result))))
		p("%s", st.item(lang.T("repair.approved", "time", clockOf(rep.Approved.At), "how", approvedBy(rep.Approved.How, rep.Approved.Role, rep.Approved.Customer))))
		p("%s", st.item(lang.T("repair.before", "headline", headlineOf(rep.Before.Verdict))))
		p("%s", st.item(lang.T("repair.now", "headline", r.headline())))
		for _, line := range different(rep.Before.Checks, r.Checks, rep.Profile) {
			p("%s", st.item(line))
		}
		p("")
	}
	return b.String()
}

// different names the checks whose status is another one than before.
func different(before, after []CheckReport, profile string) []string {
	was := map[checks.ID]checks.Status{}
	for _, c := range before {
		was[c.ID] = c.Status
	}
	var out []string
	for _, c := range after {
		if s, ok := was[c.ID]; ok && c.Profile == profile && s != c.Status {
			out = append(out, lang.T("repair.different", "check", c.Title, "before", resultWord(s), "now", resultWord(c.Status)))
		}
	}
	return out
}

// clockOf is the time of day of a written time; the report says its day at its end.
func clockOf(stamp string) string {
	if len(stamp) < len("2006-01-02T15:04:05") {
		return stamp
	}
	return stamp[11:19]
}

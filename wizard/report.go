package wizard

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/checks/host"
)

// ReportSchema names the form of the JSON report.
const ReportSchema = "linecheck.report/1"

// Report is the JSON report. Unknown keys may be added over time; none changes its meaning.
type Report struct {
	Schema    string          `json:"schema" redact:"no"`
	Tool      Tool            `json:"tool"`
	Run       RunInfo         `json:"run"`
	Profiles  []ProfileInfo   `json:"profiles"`
	Verdict   Verdict         `json:"verdict"`
	Checks    []CheckReport   `json:"checks"`
	Changes   []checks.Change `json:"changes"`
	Repairs   []RepairReport  `json:"repairs"`
	Redaction Redaction       `json:"redaction" redact:"no"`
}

// Tool says which linecheck made the report.
type Tool struct {
	Version string `json:"version" redact:"no"`
	Commit  string `json:"commit" redact:"no"`
	OS      string `json:"os" redact:"no"`
	Arch    string `json:"arch" redact:"no"`
}

// RunInfo says when, where and by whom.
type RunInfo struct {
	ID         string `json:"id" redact:"no"`
	Started    string `json:"started" redact:"no"`
	Finished   string `json:"finished" redact:"no"`
	DurationMS int64  `json:"duration_ms"`
	Role       Role   `json:"role"`
	User       string `json:"user"`
	Elevated   bool   `json:"elevated"`
	Host       string `json:"host"`
	Machine    string `json:"machine,omitempty" redact:"no"`  // tells two computers apart and says nothing else: see [host.Identity]
	Practice   string `json:"practice,omitempty" redact:"no"` // the scene, where it was the practice network and no real machine
	Lang       string `json:"lang,omitempty" redact:"no"`     // the language of its sentences; none: English
}

// ProfileInfo names a profile that was checked.
type ProfileInfo struct {
	Name      string              `json:"name" redact:"no"`
	Vendor    string              `json:"vendor" redact:"no"`
	Product   string              `json:"product" redact:"no"`
	Revision  string              `json:"revision" redact:"no"`
	Source    string              `json:"source"`
	Wildcards []string            `json:"wildcards" redact:"no"`
	Impact    []map[string]string `json:"impact" redact:"no"`         // feature and effect, so that a report can be judged again without its profile
	Help      []string            `json:"help,omitempty" redact:"no"` // the vendor's own pages, for the ticket
	Articles  []ArticleInfo       `json:"articles,omitempty" redact:"no"`
	Vars      map[string]string   `json:"vars,omitempty"`
	VarsFrom  map[string]string   `json:"vars_from,omitempty"`
}

// ArticleInfo is a public page of the vendor that causes and effects rest on.
type ArticleInfo struct {
	Key    string   `json:"key"`
	Title  string   `json:"title"`
	URL    string   `json:"url,omitempty"`
	Behind []string `json:"behind,omitempty"` // the causes whose claim it is
}

// CheckReport is one run of one check for one profile.
type CheckReport struct {
	ID         checks.ID       `json:"id"`
	Title      string          `json:"title" redact:"no"`
	Profile    string          `json:"profile" redact:"no"`
	Started    string          `json:"started" redact:"no"`
	DurationMS int64           `json:"duration_ms"`
	Status     checks.Status   `json:"status"`
	Reason     string          `json:"reason"`
	ReasonFrom string          `json:"reason_from,omitempty" redact:"no"` // the finding whose title the reason is; none: the check's own words
	Findings   []FindingReport `json:"findings"`
}

// FindingReport is one finding as it is written down.
type FindingReport struct {
	ID       string        `json:"id" redact:"no"`
	Code     checks.Code   `json:"code"`
	Severity string        `json:"severity" redact:"no"` // info, warn, error
	Status   checks.Status `json:"status"`
	Subject  string        `json:"subject"`
	Summary  string        `json:"summary"`
	Detail   Detail        `json:"detail"`
	At       string        `json:"at" redact:"no"`
	View     string        `json:"view"`
	Mark     assets.Mark   `json:"mark,omitempty"`
}

// Detail holds everything behind a finding. Target, route, family and stages are there where it is a walk.
type Detail struct {
	Target   string            `json:"target,omitempty"`
	URL      string            `json:"url,omitempty"`
	Route    string            `json:"route,omitempty"`
	Family   string            `json:"family,omitempty" redact:"no"`
	Address  string            `json:"address,omitempty"`
	Product  bool              `json:"product_route,omitempty"`
	Required bool              `json:"required,omitempty"`
	Stages   []StageReport     `json:"stages,omitempty"`
	TookMS   int64             `json:"took_ms,omitempty"`
	Args     map[string]string `json:"args,omitempty"`
	Evidence []checks.Evidence `json:"evidence,omitempty"`
	Table    *checks.Table     `json:"table,omitempty"`
}

// StageReport is one hop of a walk.
type StageReport struct {
	Name       checks.StageName `json:"name"`
	Status     checks.Status    `json:"status"`
	DurationMS int64            `json:"duration_ms"`
	Error      string           `json:"error,omitempty"`
	Code       checks.Failure   `json:"code,omitempty"`
	Note       string           `json:"note,omitempty"`
}

// About is what the report says of the program and the person, beside the session.
type About struct {
	Tool     Tool
	Identity host.Identity
	RunID    string
	Practice string
	Finished time.Time
}

// Build writes the session down. It is not redacted yet: see [Report.Redact].
func Build(s Session, rules assets.Rules, about About) Report {
	r := Report{Schema: ReportSchema, Tool: about.Tool, Changes: s.Changes,
		Run: RunInfo{ID: about.RunID, Started: stamp(s.Started), Finished: stamp(about.Finished),
			DurationMS: about.Finished.Sub(s.Started).Milliseconds(), Role: s.Role, User: about.Identity.User,
			Elevated: about.Identity.Elevated, Host: about.Identity.Host, Machine: about.Identity.Machine, Practice: about.Practice, Lang: lang.Code()},
		Redaction: Redaction{Level: RedactOff, Replaced: map[string]int{}}}
	if r.Changes == nil {
		r.Changes = []checks.Change{}
	}
	for _, p := range s.Profiles {
		r.Profiles = append(r.Profiles, profileInfo(p))
	}
	seen := s.Seen()
	for i := range s.Profiles {
		r.Checks = append(r.Checks, checkReports(s, i, seen)...)
	}
	r.Repairs = repairReports(s, rules, len(seen))
	r.Verdict = Judge(rules, products(r.Profiles), seen)
	return r
}

// Seen lists the findings of the session with their ids, in the order of the report.
func (s Session) Seen() []Seen {
	var out []Seen
	for i, p := range s.Profiles {
		for _, st := range s.Steps {
			run := st.Runs[i]
			found := run.Result.Findings
			if run.State == Skipped || run.State == Waiting {
				found = nil
			}
			for _, f := range found {
				if run.Stale && f.Path != nil {
					f = outdated(f)
				}
				out = append(out, Seen{ID: fmt.Sprintf("f%d", len(out)+1), Check: st.Spec.ID, Profile: p.Name, Finding: f})
			}
		}
	}
	return out
}

// outdated is a walk made before something it builds on was looked at again: the product's way may be another one now,
// so it neither clears nor accuses.
func outdated(f checks.Finding) checks.Finding {
	p := *f.Path
	p.Product = false
	f = f.With("stale", "yes")
	f.Path, f.Status = &p, checks.Note
	return f
}

// Verdict judges the session as it stands.
func (s Session) Verdict(rules assets.Rules) Verdict { return s.judge(rules, s.Seen()) }

func (s Session) judge(rules assets.Rules, seen []Seen) Verdict {
	infos := make([]ProfileInfo, 0, len(s.Profiles))
	for _, p := range s.Profiles {
		infos = append(infos, profileInfo(p))
	}
	return Judge(rules, products(infos), seen)
}

func profileInfo(p *assets.Profile) ProfileInfo {
	info := ProfileInfo{Name: p.Name, Vendor: p.Vendor, Product: p.Title, Revision: p.Revision, Source: p.Origin,
		Wildcards: p.Wildcards, Help: p.Help, Vars: p.Values, VarsFrom: p.From, Impact: []map[string]string{}}
	for _, i := range p.Impact {
		effect := map[string]string{"feature": i.Feature, "effect": i.Effect}
		if i.Article != "" {
			effect["article"] = i.Article
		}
		info.Impact = append(info.Impact, effect)
	}
	for _, a := range p.Articles {
		info.Articles = append(info.Articles, ArticleInfo{a.Key, a.Title, a.URL, a.Behind})
	}
	if info.Wildcards == nil {
		info.Wildcards = []string{}
	}
	return info
}

func products(infos []ProfileInfo) []Product {
	var out []Product
	for _, i := range infos {
		p := Product{Name: i.Name, Title: i.Product, Wildcards: i.Wildcards}
		for _, e := range i.Impact {
			p.Impact = append(p.Impact, assets.Impact{Feature: e["feature"], Effect: e["effect"], Article: e["article"]})
		}
		for _, a := range i.Articles {
			p.Articles = append(p.Articles, assets.Article{Key: a.Key, Title: a.Title, URL: a.URL, Behind: a.Behind})
		}
		out = append(out, p)
	}
	return out
}

// stamp writes RFC 3339 with milliseconds; a time that never was is empty.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("2006-01-02T15:04:05.000Z07:00")
}

func write(f Seen) FindingReport {
	out := FindingReport{ID: f.ID, Code: f.Code, Status: f.Status, Severity: severity(f.Status), Subject: f.Subject,
		Summary: checks.TextOf(f.Check, f.Finding).Text, At: stamp(f.At), View: f.View, Mark: f.Mark,
		Detail: Detail{TookMS: f.Took.Milliseconds(), Args: f.Args, Evidence: f.Evidence, Table: f.Table}}
	if p := f.Path; p != nil {
		d := &out.Detail
		d.Target, d.URL, d.Route, d.Family, d.Address, d.Product, d.Required = p.Target, p.URL, p.Route, p.Family, p.Address, p.Product, p.Required
		for _, st := range p.Stages {
			d.Stages = append(d.Stages, StageReport{st.Name, st.Status, st.Took.Milliseconds(), st.Error, st.Failure, st.Note})
		}
	}
	return out
}

func severity(s checks.Status) string {
	switch s {
	case checks.Fail:
		return "error"
	case checks.Warn, checks.Unknown:
		return "warn"
	}
	return "info"
}

// Rejudge judges the recorded findings again with the given rules; everything else stays. Where another language is spoken
// now than the report was written in, its sentences are said anew.
func (r Report) Rejudge(rules assets.Rules) Report {
	anew := cmp.Or(r.Run.Lang, lang.English) != lang.Code()
	if anew {
		r.Run.Lang, r.Checks, r.Profiles = lang.Code(), saidAnew(r.Checks), profilesAnew(r.Profiles)
	}
	r.Verdict = Judge(rules, products(r.Profiles), recorded(r.Checks))
	r.Repairs = slices.Clone(r.Repairs)
	for i := range r.Repairs {
		r.Repairs[i] = r.Repairs[i].rejudge(rules, r.Profiles, anew)
	}
	return r
}

// saidAnew is what checks found, each sentence that follows from a code in the language that is spoken. What this version
// knows no sentence for stays as it was written.
func saidAnew(list []CheckReport) []CheckReport {
	list = slices.Clone(list)
	for i, c := range list {
		if key := "step." + string(c.ID) + ".title"; lang.Has(key) {
			list[i].Title = lang.T("step." + string(c.ID) + ".title")
		}
		list[i].Findings = slices.Clone(c.Findings)
		for j, f := range c.Findings {
			t := checks.TextOf(c.ID, f.finding())
			if t.Title == string(f.Code) {
				continue
			}
			list[i].Findings[j].Summary = t.Text
			if f.ID == c.ReasonFrom {
				list[i].Reason = reasonOf(c.Status, f.Status, t.Title)
			}
		}
	}
	return list
}

// reasonOf is why a check has that status, by the title of the finding that shows it.
func reasonOf(check, finding checks.Status, title string) string {
	if check == finding {
		return title
	}
	return lang.T("report.neither", "what", title)
}

// profilesAnew are profiles, of those that this version knows too what a lost connection means, said as it says it now.
func profilesAnew(list []ProfileInfo) []ProfileInfo {
	known, _ := assets.Profiles()
	list = slices.Clone(list)
	for i, info := range list {
		for _, p := range known {
			if p.Name == info.Name && p.Revision == info.Revision && len(p.Impact) == len(info.Impact) {
				now := profileInfo(p)
				list[i].Impact, list[i].Help = now.Impact, now.Help
			}
		}
	}
	return list
}

func (f FindingReport) finding() checks.Finding {
	d := f.Detail
	at, _ := time.Parse(time.RFC3339, f.At)
	out := checks.Finding{Code: f.Code, Status: f.Status, Subject: f.Subject, View: f.View, Mark: f.Mark, At: at,
		Args: d.Args, Evidence: d.Evidence, Table: d.Table, Took: time.Duration(d.TookMS) * time.Millisecond}
	if len(d.Stages) > 0 || d.Target != "" {
		out.Path = &checks.Path{Target: d.Target, URL: d.URL, Route: d.Route, Family: d.Family, Address: d.Address,
			Product: d.Product, Required: d.Required}
		for _, s := range d.Stages {
			out.Path.Stages = append(out.Path.Stages, checks.Stage{Name: s.Name, Status: s.Status, Error: s.Error,
				Failure: s.Code, Note: s.Note, Took: time.Duration(s.DurationMS) * time.Millisecond})
		}
	}
	return out
}

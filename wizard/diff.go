package wizard

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"linecheck/assets/lang"
	"linecheck/checks/host"
)

// DiffSchema names the form of a comparison in JSON.
const DiffSchema = "linecheck.diff/1"

// Comparison is what is different between two runs, in words. Unknown keys may be added over time.
type Comparison struct {
	Schema  string        `json:"schema" redact:"no"`
	Old     Compared      `json:"old"`
	New     Compared      `json:"new"`
	Swapped bool          `json:"swapped"`           // the newer one was named first
	Trend   string        `json:"trend" redact:"no"` // better, worse, same, other: of the verdict
	Summary string        `json:"summary"`
	Causes  []CauseChange `json:"causes"`
	Changes []Difference  `json:"changes"`
	Apart   []string      `json:"not_compared"` // what could not be compared, and why

	of [2]Report // the two, as they were read
}

// Compared is one of the two runs.
type Compared struct {
	Run       string      `json:"run" redact:"no"`
	Started   string      `json:"started" redact:"no"`
	Host      string      `json:"host"`
	Version   string      `json:"version" redact:"no"`
	Practice  string      `json:"practice,omitempty" redact:"no"`
	Redaction RedactLevel `json:"redaction"`
	Status    string      `json:"status" redact:"no"`
	Headline  string      `json:"headline"`
}

// The trends of a verdict, and the ways in which one thing may have changed.
const (
	Better = "better"
	Worse  = "worse"
	Same   = "same"
	Other  = "other" // different, and neither better nor worse
)

// What became of a cause.
const (
	Gone  = "gone"
	Fresh = "new"
	Still = "still"
	Apart = "not_looked" // one of the two runs did not look at what it rests on
)

// CauseChange is a cause of one run or both.
type CauseChange struct {
	ID      string `json:"id" redact:"no"`
	Profile string `json:"profile" redact:"no"`
	Now     string `json:"now" redact:"no"` // gone, new, still, not_looked
	Title   string `json:"title" redact:"no"`
	Text    string `json:"text"`
}

// Difference is something that is seen otherwise than before.
type Difference struct {
	Kind     string   `json:"kind" redact:"no"` // address, proxy, setting, service, version, finding, log, repair
	Profile  string   `json:"profile" redact:"no"`
	Subjects []string `json:"subjects"`
	Trend    string   `json:"trend" redact:"no"`
	Text     string   `json:"text"`
	Old      []string `json:"old" redact:"no"` // findings of the old report
	New      []string `json:"new" redact:"no"` // and of the new one
}

// Compare tells what is different between two reports that were judged by the same rules. Where the newer one is named
// first, it is noticed by their times.
func Compare(old, r Report) Comparison { return compare(old, r, false) }

// compare is Compare; sure: both are known to be of one computer.
func compare(old, r Report, sure bool) Comparison {
	c := Comparison{Schema: DiffSchema, Causes: []CauseChange{}, Changes: []Difference{}, Apart: []string{}}
	if a, b, ok := began(old, r); ok && b.Before(a) {
		old, r, c.Swapped = r, old, true
	}
	c.Old, c.New = comparedOf(old), comparedOf(r)
	c.of = [2]Report{old, r}
	p := pair{sure: sure}
	p.old, p.new = p.bounded(old), p.bounded(r)
	p.reservations()
	for _, name := range p.profiles() {
		p.causes(name)
		p.addresses(name)
		p.ways(name)
		p.settings(name)
		p.product(name)
		p.findings(name)
	}
	p.repairs()
	c.Causes, c.Changes, c.Apart = append(c.Causes, p.causeChanges...), append(c.Changes, p.changes...), append(c.Apart, p.apart...)
	slices.SortStableFunc(c.Causes, func(a, b CauseChange) int { return causeOrder[a.Now] - causeOrder[b.Now] })
	slices.SortStableFunc(c.Changes, func(a, b Difference) int { return trendOrder[a.Trend] - trendOrder[b.Trend] })
	c.Trend, c.Summary = c.trend()
	return c
}

var (
	causeOrder = map[string]int{Fresh: 0, Gone: 1, Still: 2, Apart: 3}
	trendOrder = map[string]int{Worse: 0, Better: 1, Other: 2}
)

func began(a, b Report) (time.Time, time.Time, bool) {
	x, err1 := time.Parse(time.RFC3339, a.Run.Started)
	y, err2 := time.Parse(time.RFC3339, b.Run.Started)
	return x, y, err1 == nil && err2 == nil
}

func comparedOf(r Report) Compared {
	return Compared{Run: r.Run.ID, Started: r.Run.Started, Host: r.Run.Host, Version: r.Tool.Version, Practice: r.Run.Practice,
		Redaction: r.Redaction.Level, Status: r.Verdict.Status, Headline: r.Verdict.Headline}
}

// Redact replaces in the words of the comparison what must not leave, after both reports were compared as they are: a
// stand-in hides whether two names are the same. A value has the same stand-in in both.
func (c Comparison) Redact(level RedactLevel) Comparison {
	if level == RedactOff {
		return copied(reflect.ValueOf(c), Discreet).Interface().(Comparison)
	}
	d := newRedactor(level, host.Identity{})
	for _, r := range c.of {
		d.identity(host.Identity{User: r.Run.User, Host: r.Run.Host})
		d.goOn(r)
	}
	for _, r := range c.of {
		d.gather(r)
	}
	d.frozen = true
	return copied(reflect.ValueOf(c), d.text).Interface().(Comparison)
}

// trend is the change of the verdict, in a word and in a sentence.
func (c Comparison) trend() (string, string) {
	rank := map[string]int{Healthy: 0, Warning: 1, Fault: 2}
	a, known := rank[c.Old.Status]
	b, tells := rank[c.New.Status]
	switch {
	case c.Old.Run == c.New.Run && c.Old.Run != "":
		return Same, lang.T("diff.same_run")
	case !tells && !known:
		return Same, lang.T("diff.never_known", "headline", c.New.Headline)
	case !tells:
		return Other, lang.T("diff.not_known", "headline", c.New.Headline)
	case !known:
		return Other, lang.T("diff.was_not_known", "headline", inner(c.New.Headline))
	case b < a && c.New.Status == Healthy:
		return Better, lang.T("diff.works", "headline", inner(c.Old.Headline))
	case b < a:
		return Better, lang.T("diff.better", "headline", inner(c.New.Headline))
	case b > a && c.Old.Status == Healthy:
		return Worse, lang.T("diff.fell", "headline", inner(c.New.Headline))
	case b > a:
		return Worse, lang.T("diff.worse", "headline", inner(c.New.Headline))
	case c.New.Status == Healthy && len(c.Changes) == 0:
		return Same, lang.T("diff.well_unchanged")
	case c.New.Status == Healthy:
		return Same, lang.T("diff.well")
	}
	return c.sameStatus()
}

// sameStatus: as good or as bad as before, by the same causes or by others.
func (c Comparison) sameStatus() (string, string) {
	has := func(now string) bool {
		return slices.ContainsFunc(c.Causes, func(x CauseChange) bool { return x.Now == now })
	}
	fresh, gone, still := has(Fresh), has(Gone), has(Still)
	switch {
	case still && !fresh && !gone:
		return Same, lang.T("diff.as_it_was", "headline", inner(c.New.Headline))
	case has(Apart):
		return Other, lang.T("diff.others", "headline", inner(c.New.Headline))
	case fresh && gone && !still:
		return Other, lang.T("diff.else", "headline", inner(c.New.Headline))
	case fresh && !gone:
		return Worse, lang.T("diff.added", "headline", inner(c.New.Headline))
	case gone && !fresh:
		return Better, lang.T("diff.part_gone", "headline", inner(c.New.Headline))
	case fresh:
		return Other, lang.T("diff.part_other", "headline", inner(c.New.Headline))
	}
	return Same, lang.T("diff.as_it_was", "headline", inner(c.New.Headline))
}

// inner is a sentence as it goes on behind a colon.
func inner(s string) string { return small(strings.TrimSpace(s)) }

// pair is two reports while they are compared.
type pair struct {
	old, new     Report
	sure         bool // they are of one computer
	causeChanges []CauseChange
	changes      []Difference
	apart        []string
}

// comparedAtMost bounds the findings of one check, each of which is looked for among those of the other run. A check of a
// real computer has some dozens.
const comparedAtMost = 1000

func (p *pair) bounded(r Report) Report {
	r.Checks = slices.Clone(r.Checks)
	for i, c := range r.Checks {
		if len(c.Findings) > comparedAtMost {
			r.Checks[i].Findings = c.Findings[:comparedAtMost]
			p.say(lang.T("diff.too_many", "check", c.Title, "all", len(c.Findings), "n", comparedAtMost))
		}
	}
	return r
}

func (p *pair) say(s string) {
	if !slices.Contains(p.apart, s) {
		p.apart = append(p.apart, s)
	}
}

// profiles are the products of both.
func (p *pair) profiles() []string {
	var out []string
	for _, n := range p.new.Profiles {
		if slices.ContainsFunc(p.old.Profiles, func(o ProfileInfo) bool { return o.Name == n.Name }) {
			out = append(out, n.Name)
		}
	}
	return out
}

// of is the name of a product before what concerns it, where there are several.
func (p *pair) of(profile string) string {
	if len(p.new.Profiles) < 2 && len(p.old.Profiles) < 2 {
		return ""
	}
	return lang.T("diff.of", "product", p.new.profile(profile).Product)
}

func (p *pair) causes(profile string) {
	before := slices.DeleteFunc(slices.Clone(p.old.Verdict.Causes), func(c Cause) bool { return c.Profile != profile })
	put := func(c Cause, now, text string) {
		p.causeChanges = append(p.causeChanges, CauseChange{c.ID, profile, now, c.Title, p.of(profile) + text})
	}
	for _, c := range p.new.Verdict.Causes {
		if c.Profile != profile {
			continue
		}
		i := slices.IndexFunc(before, func(o Cause) bool { return o.ID == c.ID })
		switch {
		case i < 0 && !lookedAt(c, p.new, p.old):
			put(c, Apart, lang.T("diff.old_did_not", "cause", c.Headline))
		case i < 0:
			put(c, Fresh, c.Headline)
		default:
			text := c.Headline
			if o := before[i].Headline; !alike(o, text) {
				text = lang.T("diff.cause_before", "cause", text, "before", inner(o))
			}
			put(c, Still, text)
			before = slices.Delete(before, i, i+1)
		}
	}
	for _, o := range before {
		if lookedAt(o, p.old, p.new) {
			put(o, Gone, o.Headline)
		} else {
			put(o, Apart, lang.T("diff.new_did_not", "cause", o.Headline))
		}
	}
}

// lookedAt: the other run judged by each check that a cause of this one rests on, and tried at least one of its addresses.
// What nobody looked at is neither gone nor new.
func lookedAt(c Cause, this, other Report) bool {
	tried, walks := false, false
	for _, check := range this.Checks {
		for _, f := range check.Findings {
			if check.Profile != c.Profile || !slices.Contains(c.Evidence, f.ID) {
				continue
			}
			if !slices.ContainsFunc(other.Checks, func(o CheckReport) bool { return o.Profile == c.Profile && o.ID == check.ID && looks(o) }) {
				return false
			}
			if check.ID == "allowlist" && f.Detail.Target != "" {
				walks = true
				tried = tried || slices.ContainsFunc(other.found(c.Profile, check.ID), func(o FindingReport) bool {
					return alike(o.Detail.Target, f.Detail.Target) && o.Code != "path.not_tried"
				})
			}
		}
	}
	return tried || !walks
}

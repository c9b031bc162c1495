package wizard

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"linecheck/assets"
	"linecheck/checks"
)

// asOfCode marks findings that come from logs alone: they are judged as of the newest line and by the rules for logs.
const asOfCode = "logs.as_of"

const (
	// logClock is how findings of logs write times.
	logClock = "2006-01-02 15:04:05"
	// soon is how long after an answer that is only concluded a new failure counts as the old one going on, and how much
	// later another failure has to be to show that an older one is over.
	soon = time.Hour
)

// fromLogs is the finding that says as of when logs were judged; false where more than logs was looked at.
func fromLogs(mine []Seen) (Seen, bool) {
	i := slices.IndexFunc(mine, func(f Seen) bool { return f.Code == asOfCode })
	if i < 0 {
		return Seen{}, false
	}
	return mine[i], true
}

// logged judges one product by its logs alone. said is what its verdict would say where nothing is at fault.
type logged struct {
	at      time.Time // as of when; zero where no line has a time
	time    string    // the same in the words of the logs
	causes  []Cause
	missing []string // why it cannot be called well
	mute    bool     // no known line tells of the product
	well    string   // where it can: the time of the log's newest word
}

func judgeLogs(rules assets.LogsRules, p Product, mine []Seen, asOf Seen) logged {
	out := logged{at: asOf.At, time: asOf.Args["time"]}
	mine = told(rules, mine)
	p.Args = maps.Clone(p.Args)
	if p.Args == nil {
		p.Args = map[string]string{}
	}
	p.Args["time"] = out.time
	out.causes, _ = causesOf(assets.Rules{Causes: rules.Causes}, p, mine, false)
	for i := range out.causes {
		out.causes[i].Confidence = confidenceOfLogs(rules, out.causes[i], mine)
	}
	out.mute = mute(mine)
	fault := slices.ContainsFunc(out.causes, func(c Cause) bool { return c.Severity == Fault })
	out.well, out.missing = proofOfLogs(rules, p, mine, fault)
	return out
}

// addLogs takes over what one product's logs say. What a lost connection means is only possible then.
func (v *Verdict) addLogs(l logged, p Product, mine []Seen) {
	v.Causes = append(v.Causes, l.causes...)
	v.Missing = append(v.Missing, l.missing...)
	if at := stamp(l.at); v.AsOf == "" || at != "" && later(at, v.AsOf) {
		v.AsOf = at
	}
	for _, f := range mine {
		if f.Status == checks.Fail && !slices.ContainsFunc(l.causes, func(c Cause) bool { return slices.Contains(c.Evidence, f.ID) }) {
			v.Unexplained = append(v.Unexplained, f.ID)
		}
	}
	if slices.ContainsFunc(l.causes, func(c Cause) bool { return c.Severity == Fault }) {
		for _, i := range p.Impact {
			v.Impact = append(v.Impact, Effect{Profile: p.Name, Feature: i.Feature, Effect: i.Effect, May: true})
		}
	}
}

// rankLogs puts the causes of all products in the order of the rules, and says whose each is where there are several.
func (v *Verdict) rankLogs(rules assets.LogsRules, products []Product) {
	rank := func(c Cause) int {
		return slices.IndexFunc(rules.Causes, func(r assets.Rule) bool { return r.ID == c.ID })
	}
	slices.SortStableFunc(v.Causes, func(a, b Cause) int {
		return cmp.Or(cmp.Compare(grave(a.Severity), grave(b.Severity)), cmp.Compare(rank(a), rank(b)))
	})
	if len(products) < 2 {
		return
	}
	for i, c := range v.Causes {
		for _, p := range products {
			if p.Name == c.Profile {
				v.Causes[i].Headline = p.Title + ": " + small(c.Headline)
			}
		}
	}
}

// later reports whether one time of a report is after another.
func later(a, b string) bool {
	x, _ := time.Parse(time.RFC3339, a)
	y, _ := time.Parse(time.RFC3339, b)
	return x.After(y)
}

// told puts the newest finding first and gives every one what the texts of causes want to say of it.
func told(rules assets.LogsRules, mine []Seen) []Seen {
	out := slices.Clone(mine)
	for i, f := range out {
		f.Finding = f.With("number", numberOf(f))
		f.Args["name"] = nameOf(f)
		if f.Subject == f.Args["file"] {
			f.Subject = "the vendor's addresses" // a file is nothing that anybody could allow
		}
		f.Args["there"] = cmp.Or(f.Args["name"], "its cloud")
		if f.Status == checks.Warn && f.Code == "logs.suppressed" {
			f.Args["silent"] = f.Args["last"]
		}
		out[i] = f
	}
	for i, f := range out {
		switch {
		case f.Status == checks.Note && failsAgain(f, mine):
			f.Args["unsure"], f.Args["again"] = "yes", f.Args["recovered"]
		case f.Status == checks.Warn && overtaken(rules, f, mine):
			out[i].Status = checks.Note
		}
	}
	slices.SortStableFunc(out, func(a, b Seen) int { return b.At.Truncate(time.Millisecond).Compare(a.At.Truncate(time.Millisecond)) })
	return out
}

func numberOf(f Seen) string {
	if f.Args["ref"] == "" {
		return ""
	}
	return "(" + f.Args["ref"] + ")"
}

// nameOf is the host or proxy that a finding is about; "" where its subject is a file or stands for many.
func nameOf(f Seen) string {
	if n := cmp.Or(f.Args["proxy"], f.Args["host"]); n != "" {
		return n
	}
	if f.Subject == f.Args["file"] || f.Subject == "others" || !strings.Contains(f.Subject, ".") {
		return ""
	}
	return f.Subject
}

// failsAgain: a connection recovered, as far as can be concluded, and by the last word of the logs fails again soon after.
func failsAgain(f Seen, mine []Seen) bool {
	back, ok := logTime(f.Args["recovered"])
	if !ok {
		return false
	}
	return slices.ContainsFunc(mine, func(o Seen) bool {
		at, ok := logTime(o.Args["last"])
		return ok && o.Status == checks.Warn && o.Args["topic"] == f.Args["topic"] && !at.Before(back) && at.Sub(back) < soon
	})
}

// overtaken: the same connection failed at another hop long after, so that this failure was over by then.
func overtaken(rules assets.LogsRules, f Seen, mine []Seen) bool {
	at, ok := logTime(f.Args["last"])
	if !ok || !slices.Contains(rules.Hops, string(f.Code)) {
		return false
	}
	return slices.ContainsFunc(mine, func(o Seen) bool {
		later, ok := logTime(o.Args["last"])
		return ok && o.Status == checks.Warn && o.Code != f.Code && slices.Contains(rules.Hops, string(o.Code)) &&
			o.Args["topic"] == f.Args["topic"] && later.Sub(at) > soon
	})
}

func logTime(s string) (time.Time, bool) {
	t, err := time.Parse(logClock, s)
	return t, err == nil
}

// proofOfLogs says since when a log clears the product, or why none does. Silence clears nothing.
func proofOfLogs(rules assets.LogsRules, p Product, mine []Seen, fault bool) (well string, missing []string) {
	for _, m := range rules.Needed {
		for _, f := range mine {
			if fits(m, f) {
				missing = append(missing, p.Title+": "+checks.TextOf(f.Check, f.Finding).Title+" ("+f.Subject+")")
				break
			}
		}
	}
	if fault {
		return "", missing
	}
	if i := slices.IndexFunc(mine, failing); i >= 0 {
		return "", append(missing, p.Title+": "+checks.TextOf(mine[i].Check, mine[i].Finding).Title)
	}
	i := slices.IndexFunc(mine, func(f Seen) bool { return fits(rules.Proof, f) }) // the newest
	switch {
	case mute(mine):
		return "", append([]string{p.Title + ": no line tells of its connection"}, missing...)
	case i < 0:
		return "", append([]string{p.Title + ": " + rules.Proof.Missing}, missing...)
	}
	for _, f := range mine {
		if fits(rules.Ends, f) && f.At.After(mine[i].At) {
			return "", append(missing, p.Title+": "+checks.Fill(rules.Ends.Missing, f.Finding))
		}
	}
	return mine[i].Args["last"], missing
}

// mute: no known line tells of the product.
func mute(mine []Seen) bool {
	return !slices.ContainsFunc(mine, func(f Seen) bool {
		return f.Args["count"] != "" || f.Status == checks.Warn || f.Status == checks.Fail
	})
}

// failing: a log says that something does not work, and nothing that it does again. A slow answer is an answer.
func failing(f Seen) bool {
	return f.Check == logsCheck && (f.Status == checks.Warn || f.Status == checks.Fail) &&
		!slices.Contains([]checks.Code{"logs.slow", "logs.latency", "logs.clock_changed", "product.url_case"}, f.Code)
}

// confidenceOfLogs is likely where two independent things agree: two logs, or two numbering systems, or the words and
// the number of a line. Nothing that a log says about another machine's line is certain.
func confidenceOfLogs(rules assets.LogsRules, c Cause, mine []Seen) string {
	rule, _ := rules.Cause(c.ID)
	hint, unsure := true, true
	files, systems := map[string]bool{}, map[string]bool{}
	agree, sure := false, !rule.Sure.Set()
	for _, f := range mine {
		if !slices.Contains(c.Evidence, f.ID) {
			continue
		}
		if hit(rule, f) {
			hint = hint && f.Mark.Hint()
			unsure = unsure && f.Args["unsure"] == "yes"
			for ref := range strings.SplitSeq(f.Args["ref"], ", ") {
				system, _, _ := strings.Cut(ref, " ")
				systems[system] = system != ""
			}
			agree = agree || f.Args["curl"] != "" && (f.Args["text"] != "" || f.Args["proxy"]+f.Args["host"]+f.Args["status"] != "")
		}
		for _, e := range f.Evidence {
			sure = sure || rule.Sure.Fits(e.Text)
			files[e.Source] = true
		}
	}
	delete(systems, "")
	if hint || unsure || !sure || rule.Confidence == "possible" || len(files) < 2 && len(systems) < 2 && !agree {
		return "possible"
	}
	return "likely"
}

func hit(rule assets.Rule, f Seen) bool {
	return slices.ContainsFunc(rule.When, func(m assets.Match) bool { return fits(m, f) })
}

// overallOfLogs is the verdict's status and sentence where logs alone were judged.
func overallOfLogs(v Verdict, products []Product, each []logged) (status, headline string) {
	names := make([]string, 0, len(products))
	for _, p := range products {
		names = append(names, p.Title)
	}
	who, prefix := strings.Join(names, " and "), "In these logs, which name no time: "
	newest := slices.MaxFunc(each, func(a, b logged) int { return a.at.Compare(b.at) })
	if v.AsOf != "" {
		prefix = "As of " + newest.time + ": "
	}
	switch {
	case len(v.Causes) > 0 && v.Causes[0].Severity == Fault:
		return Fault, prefix + small(v.Causes[0].Headline)
	case len(v.Unexplained) > 0:
		return Fault, prefix + "something is broken that no rule of linecheck explains; the evidence is in the report."
	case len(v.Missing) > 0 && len(v.Causes) > 0:
		return Inconclusive, prefix + small(strings.TrimSuffix(v.Causes[0].Headline, ".")) + "; whether the cloud was reached all the same, these logs do not say."
	case !slices.ContainsFunc(each, func(l logged) bool { return !l.mute }):
		return Inconclusive, strings.TrimSuffix(prefix, ": ") + ", no line tells whether " + who + " reached " + plural(products, "its cloud", "their clouds") + "."
	case len(v.Missing) > 0:
		return Inconclusive, prefix + "whether " + who + " reached " + plural(products, "its cloud", "their clouds") + " cannot be told: " + shortly(v.Missing[0], products) + "."
	case len(v.Causes) > 0:
		return Warning, prefix + small(v.Causes[0].Headline)
	case len(products) == 0:
		return Inconclusive, prefix + "no product was looked at."
	case len(products) == 1:
		return Healthy, prefix + who + " had its cloud; its log says so at " + each[0].well + ", and tells of no failure after that."
	}
	return Healthy, prefix + who + " had their clouds; the logs of each say so, and tell of no failure after that."
}

// namedLogs says as of when logs were judged that a person named: they may be of any computer.
func (r Report) namedLogs() (when string, named bool) {
	for _, c := range r.Checks {
		for _, f := range c.Findings {
			if f.Code == asOfCode && f.Detail.Args["now"] == "" {
				when = cmp.Or(when, "they name no time")
				if r.Verdict.AsOf != "" {
					when = "as of " + f.Detail.Args["time"]
				}
				named = true
			}
		}
	}
	return when, named
}

// small makes a sentence go on after a colon.
func small(s string) string {
	if strings.HasPrefix(s, "The ") {
		return "the " + s[4:]
	}
	return s
}

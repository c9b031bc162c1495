package wizard

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks"
)

// asOfCode marks findings that come from logs alone: they are judged as of the newest line and by the rules for logs.
const asOfCode = "logs.as_of"

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
	for i, c := range out.causes {
		out.causes[i].Confidence = confidenceOfLogs(rules, c, mine)
		if last := longSilent(rules, c, mine, asOf); last != "" {
			out.causes[i].Headline = lang.T("verdict.logs.long_silent", "cause", strings.TrimSuffix(c.Headline, "."), "time", lang.Phrase(last))
		}
	}
	out.mute = mute(mine)
	fault := slices.ContainsFunc(out.causes, func(c Cause) bool { return c.Severity == Fault })
	out.well, out.missing = proofOfLogs(rules, p, mine, asOf, fault)
	return out
}

// longSilent is the time of the newest line that speaks of a cause, where the logs went on long after it without a word
// of it: nobody can say that it was so until their end.
func longSilent(rules assets.LogsRules, c Cause, mine []Seen, asOf Seen) string {
	rule, _ := rules.Cause(c.ID)
	var newest Seen
	for _, f := range mine {
		if slices.Contains(c.Evidence, f.ID) && hit(rule, f) && f.At.After(newest.At) {
			newest = f
		}
	}
	if newest.At.IsZero() || asOf.At.Sub(newest.At) <= soon || newest.Args["is"] == "silent" {
		return ""
	}
	return newest.Args["last"]
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
		v.Impact = append(v.Impact, p.losses(true)...)
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
				v.Causes[i].Headline = p.of(small(c.Headline))
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

// overallOfLogs is the verdict's status and sentence where logs alone were judged.
func overallOfLogs(v Verdict, products []Product, each []logged) (status, headline string) {
	names := make([]string, 0, len(products))
	for _, p := range products {
		names = append(names, p.Title)
	}
	who, n := lang.List(names), len(products)
	newest := slices.MaxFunc(each, func(a, b logged) int { return a.at.Compare(b.at) })
	dated := func(what string) string {
		if v.AsOf != "" {
			return lang.T("verdict.logs.as_of", "time", lang.Phrase(newest.time), "what", what)
		}
		return lang.T("verdict.logs.timeless", "what", what)
	}
	switch {
	case len(v.Causes) > 0 && v.Causes[0].Severity == Fault:
		return Fault, dated(small(v.Causes[0].Headline))
	case len(v.Unexplained) > 0:
		return Fault, dated(lang.T("verdict.logs.unexplained"))
	case len(v.Missing) > 0 && len(v.Causes) > 0:
		return Inconclusive, dated(lang.T("verdict.logs.not_sure", "cause", small(strings.TrimSuffix(v.Causes[0].Headline, "."))))
	case !slices.ContainsFunc(each, func(l logged) bool { return !l.mute }):
		if v.AsOf != "" {
			return Inconclusive, lang.N("verdict.logs.mute", n, "time", lang.Phrase(newest.time), "who", who)
		}
		return Inconclusive, lang.N("verdict.logs.timeless_mute", n, "who", who)
	case len(v.Missing) > 0:
		return Inconclusive, dated(lang.N("verdict.logs.cannot_tell", n, "who", who, "why", shortly(v.Missing[0], products)))
	case len(v.Causes) > 0:
		return Warning, dated(small(v.Causes[0].Headline))
	case n == 0:
		return Inconclusive, dated(lang.T("verdict.logs.no_product"))
	case n == 1:
		return Healthy, dated(lang.T("verdict.logs.healthy", "who", who, "time", lang.Phrase(each[0].well)))
	}
	return Healthy, dated(lang.T("verdict.logs.all_healthy", "who", who))
}

// namedLogs says as of when logs were judged that a person named: they may be of any computer.
func (r Report) namedLogs() (when string, named bool) {
	for _, c := range r.Checks {
		for _, f := range c.Findings {
			if f.Code == asOfCode && f.Detail.Args["now"] == "" {
				when = cmp.Or(when, lang.T("verdict.logs.named_timeless"))
				if r.Verdict.AsOf != "" {
					when = lang.T("verdict.logs.named_as_of", "time", lang.Phrase(f.Detail.Args["time"]))
				}
				named = true
			}
		}
	}
	return when, named
}

// small makes an English sentence go on after a colon.
func small(s string) string {
	if lang.Code() == lang.English && strings.HasPrefix(s, "The ") {
		return "the " + s[4:]
	}
	return s
}

package wizard

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks"
)

// Verdict is the opinion about one run: what follows from the findings by the rules, and nothing else.
type Verdict struct {
	Status      string   `json:"status" redact:"no"` // healthy, warning, fault, inconclusive
	Headline    string   `json:"headline"`
	AsOf        string   `json:"as_of,omitempty" redact:"no"` // where logs alone were judged: the time of their newest line
	Causes      []Cause  `json:"causes"`                      // the first names the verdict
	Impact      []Effect `json:"impact" redact:"no"`          // what a lost connection means; empty where none is lost
	Times       Times    `json:"times"`
	Missing     []string `json:"missing,omitempty"`
	Unexplained []string `json:"unexplained,omitempty" redact:"no"` // findings at fault that no cause explains
}

// The statuses of a verdict.
const (
	Healthy      = "healthy"
	Warning      = "warning"
	Fault        = "fault"
	Inconclusive = "inconclusive"
)

// Cause is something that explains findings.
type Cause struct {
	ID          string   `json:"id" redact:"no"`
	Profile     string   `json:"profile" redact:"no"`
	Severity    string   `json:"severity" redact:"no"` // fault, warning
	Confidence  string   `json:"confidence" redact:"no"`
	Title       string   `json:"title" redact:"no"`
	Headline    string   `json:"headline"`
	Explanation string   `json:"explanation"`
	Who         string   `json:"who" redact:"no"`
	Fix         []string `json:"fix"`
	Say         string   `json:"say,omitempty"`                 // for a customer
	Send        string   `json:"send,omitempty"`                // for the network team: what is asked of them, and of which names
	Sources     []Source `json:"sources,omitempty" redact:"no"` // the vendor's own pages behind the claim
	Evidence    []string `json:"evidence" redact:"no"`          // ids of findings
	Hides       []string `json:"hides" redact:"no"`

	aside bool // a warning about nothing but addresses that the product can do without
}

// Source is a public page of the vendor that says what a report says after it.
type Source struct {
	URL   string `json:"url"`
	Title string `json:"title"`
}

// Effect is what the lost connection means for one feature.
type Effect struct {
	Profile string `json:"profile"`
	Feature string `json:"feature"`
	Effect  string `json:"effect"`
	May     bool   `json:"may,omitempty"`   // nobody saw it: it is concluded from logs alone
	Source  Source `json:"source,omitzero"` // the vendor's page that says so
}

// Seen is a finding with where it came from.
type Seen struct {
	ID      string // "f3": unique within a report
	Check   checks.ID
	Profile string
	checks.Finding
}

// Product is what a verdict has to know of a profile.
type Product struct {
	Name, Title string
	Wildcards   []string
	Impact      []assets.Impact
	Articles    []assets.Article
	Args        map[string]string // more values for the texts of causes
}

// Judge is the pure function from findings to a verdict: the same findings, in any order, give the same words.
func Judge(rules assets.Rules, products []Product, found []Seen) Verdict {
	found = slices.Clone(found)
	slices.SortStableFunc(found, func(a, b Seen) int {
		return cmp.Or(cmp.Compare(a.Profile, b.Profile), cmp.Compare(idNumber(a.ID), idNumber(b.ID)), cmp.Compare(a.ID, b.ID))
	})
	v := Verdict{Causes: []Cause{}, Impact: []Effect{}, Times: Times{Then: []Past{}}}
	var each []logged
	for _, p := range products {
		mine := slices.DeleteFunc(slices.Clone(found), func(f Seen) bool { return f.Profile != p.Name })
		if asOf, ok := fromLogs(mine); ok {
			each = append(each, judgeLogs(rules.Logs, p, mine, asOf))
			v.addLogs(each[len(each)-1], p, mine)
			v.addTimes(rules, p, mine, false)
			continue
		}
		v.addTimes(rules, p, mine, true)
		mine, gaps := weighed(rules, p, mine)
		open := len(gaps) == 0 && len(unproven(rules.Proof, p, mine)) == 0
		gaps = append(gaps, missing(rules, p, mine)...)
		causes, explained := causesOf(rules, p, mine, open)
		v.Causes = append(v.Causes, causes...)
		for _, f := range mine {
			if !explained[f.ID] && f.Status == checks.Fail && !f.Mark.Hint() {
				v.Unexplained = append(v.Unexplained, f.ID)
			}
		}
		v.Missing = append(v.Missing, gaps...)
		if slices.ContainsFunc(causes, func(c Cause) bool { return c.Severity == Fault && !reached(rules, c, mine) }) {
			v.Impact = append(v.Impact, p.losses(false)...)
		}
	}
	slices.SortStableFunc(v.Causes, func(a, b Cause) int {
		return cmp.Or(cmp.Compare(grave(a.Severity), grave(b.Severity)), cmp.Compare(second(a), second(b)))
	})
	if v.Status, v.Headline = overall(v, products); len(each) > 0 {
		v.rankLogs(rules.Logs, products)
		v.Status, v.Headline = overallOfLogs(v, products, each)
	}
	v.Times.settle(rules, v.Causes)
	return v
}

// reached: the cause leaves the cloud within reach, so that it costs no feature. A cleanup that did not end well leaves it
// there too, where the product's own service runs and something beside it does not.
func reached(rules assets.Rules, c Cause, mine []Seen) bool {
	rule, _ := rules.Cause(c.ID)
	return rule.Reaches || rule.ReachesWhere != nil && slices.ContainsFunc(mine, func(f Seen) bool {
		return slices.Contains(c.Evidence, f.ID) && fits(*rule.ReachesWhere, f)
	})
}

func idNumber(id string) int {
	n, _ := strconv.Atoi(strings.TrimPrefix(id, "f"))
	return n
}

func grave(severity string) int {
	if severity == Fault {
		return 0
	}
	return 1
}

// second puts what the product can do without behind what touches its line.
func second(c Cause) int {
	if c.aside {
		return 1
	}
	return 0
}

func overall(v Verdict, products []Product) (status, headline string) {
	names := make([]string, 0, len(products))
	for _, p := range products {
		names = append(names, p.Title)
	}
	who, n := lang.List(names), len(products)
	switch {
	case len(v.Causes) > 0 && v.Causes[0].Severity == Fault:
		return Fault, v.Causes[0].Headline
	case len(v.Unexplained) > 0:
		return Fault, lang.T("verdict.unexplained")
	case len(v.Missing) > 0:
		return Inconclusive, lang.N("verdict.cannot_tell", n, "who", who, "why", shortly(v.Missing[0], products))
	case len(v.Causes) > 0:
		return Warning, v.Causes[0].Headline
	case n == 0:
		return Inconclusive, lang.T("verdict.no_product")
	}
	return Healthy, lang.N("verdict.healthy", n, "who", who)
}

// of says something of a product.
func (p Product) of(what string) string {
	return lang.T("verdict.of", "product", p.Title, "what", what)
}

// saw says of a product what a finding is called, and of what it is.
func (p Product) saw(f Seen) string {
	return lang.T("verdict.of_what", "product", p.Title, "what", checks.TextOf(f.Check, f.Finding).Title, "subject", lang.Phrase(f.Subject))
}

// shortly leaves the product's name out of what is missing, where the sentence has it already.
func shortly(missing string, products []Product) string {
	for _, p := range products {
		if len(products) == 1 {
			missing = strings.TrimPrefix(missing, p.of(""))
		}
		missing = strings.TrimSuffix(missing, " ("+p.Title+")")
	}
	if strings.HasPrefix(missing, "The ") || strings.HasPrefix(missing, "A ") {
		missing = lower(missing)
	}
	return missing
}

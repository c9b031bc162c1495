package wizard

import (
	"cmp"
	"slices"
	"strings"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks"
)

// Times keeps apart what probes see now and what logs tell of before.
type Times struct {
	Now     string `json:"now"` // one sentence; empty where nothing was probed
	Then    []Past `json:"then"`
	Differs string `json:"differs" redact:"no"` // how the two differ: "", cache, stale_alert, comes_and_goes
}

// The ways in which now and then differ.
const (
	DiffersCache = "cache"          // the line is open, and the product may still answer from its cache
	DiffersAlert = "stale_alert"    // it is connected, and the manager's alert stays until somebody dismisses it
	DiffersComes = "comes_and_goes" // the fault comes and goes
)

// Past is something that the logs of a product tell of.
type Past struct {
	Profile  string   `json:"profile" redact:"no"`
	What     string   `json:"what"`
	At       string   `json:"at" redact:"no"` // when it was last so, RFC 3339 with milliseconds; empty where the log names no time
	Evidence []string `json:"evidence" redact:"no"`
}

// pastMax is how many things of the past a verdict tells of one product; the newest ones.
const pastMax = 20

// addTimes takes over what one product's probes say now, and what its logs tell of before. live: it was probed.
func (v *Verdict) addTimes(rules assets.Rules, p Product, mine []Seen, live bool) {
	if live {
		v.Times.Now = strings.TrimSpace(v.Times.Now + " " + nowOf(rules.Proof, p, mine))
	}
	var then []Past
	for _, f := range mine {
		if what := pastOf(f); what != "" {
			then = append(then, Past{Profile: p.Name, What: what, At: stamp(f.At), Evidence: []string{f.ID}})
		}
	}
	slices.SortStableFunc(then, func(a, b Past) int {
		switch {
		case a.At == b.At:
			return 0
		case a.At == "":
			return 1
		case b.At == "" || later(a.At, b.At):
			return -1
		case later(b.At, a.At):
			return 1
		}
		return 0
	})
	v.Times.Then = append(v.Times.Then, then[:min(len(then), pastMax)]...)
}

// nowOf says in a sentence how many of the addresses that were tried on the product's own way answer.
func nowOf(proof assets.Proof, p Product, mine []Seen) string {
	var tried, silent []string
	slow := 0
	walked := func(f Seen) bool { return f.Check == "allowlist" && f.Path != nil && f.Path.Product }
	answering := goals(mine, func(f Seen) bool { return walked(f) && fits(proof.Each, f) })
	late := goals(mine, func(f Seen) bool { return walked(f) && f.Code == "path.too_slow" })
	told := map[goal]bool{}
	for _, f := range mine {
		if !walked(f) || told[goalOf(f)] {
			continue
		}
		at := goalOf(f)
		told[at] = true
		name := strings.TrimSuffix(f.Path.Target, ":443")
		tried = append(tried, name)
		switch {
		case !answering[at]:
			silent = append(silent, name)
		case late[at]:
			slow++
		}
	}
	n := len(tried)
	var said string
	switch {
	case n == 0:
		return lang.T("verdict.now.none", "product", p.Title)
	case n == 1 && len(silent) == 0:
		said = lang.T("verdict.now.one", "product", p.Title)
	case n == 1:
		return lang.T("verdict.now.one_silent", "product", p.Title, "name", silent[0])
	case n == 2 && len(silent) == 0:
		said = lang.T("verdict.now.two", "product", p.Title)
	case n == 2 && len(silent) == 2:
		return lang.T("verdict.now.two_silent", "product", p.Title)
	case len(silent) == 0:
		said = lang.T("verdict.now.all", "n", lang.Count(n), "product", p.Title)
	case len(silent) == n:
		return lang.T("verdict.now.all_silent", "n", lang.Count(n), "product", p.Title)
	case len(silent) == 1:
		said = lang.T("verdict.now.silent", "n", lang.Count(n), "product", p.Title, "name", silent[0])
	default:
		said = lang.T("verdict.now.some_silent", "n", lang.Count(n), "product", p.Title, "silent", lang.Count(len(silent)))
	}
	if slow > 0 {
		said += lang.T("verdict.now.slow", "n", lang.Count(slow))
	}
	return lang.Stop(said)
}

// pastOf is what a finding of the logs tells of before, in words; "" where it tells of no failure.
func pastOf(f Seen) string {
	if f.Check != logsCheck || f.Status == checks.Unknown {
		return ""
	}
	switch {
	case f.Code == checks.Code("logs.comes_and_goes") || f.Code == "logs.smart_protection":
		return strings.TrimSuffix(checks.TextOf(f.Check, f.Finding).Text, ".")
	case f.Args["is"] == "" || f.Args["often"] == "":
		return ""
	}
	what := checks.TextOf(f.Check, f.Finding).Title
	if f.Subject != "" && f.Subject != f.Args["file"] {
		what += " (" + lang.Phrase(f.Subject) + ")"
	}
	return lang.T("verdict.past", "what", what, "often", lower(lang.Phrase(f.Args["often"])), "state", cmp.Or(lang.Phrase(f.Args["state"]), lang.T("verdict.past_unknown")))
}

// settle says how now and then differ, by the first cause that tells.
func (t *Times) settle(rules assets.Rules, causes []Cause) {
	for _, c := range causes {
		rule, known := rules.Cause(c.ID)
		if !known || rule.Differs == "" {
			rule, _ = rules.Logs.Cause(c.ID)
		}
		if rule.Differs != "" {
			t.Differs = rule.Differs
			return
		}
	}
}

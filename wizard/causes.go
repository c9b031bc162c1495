package wizard

import (
	"slices"
	"strings"

	"linecheck/assets"
	"linecheck/checks"
)

// standing is a rule whose conditions are met.
type standing struct {
	rule     assets.Rule
	legs     [][]Seen // the findings that meet each of its conditions
	severity string
	raised   bool // from a warning, by the product's own word
}

// hits are the findings that make it stand, those of its first condition first.
func (s standing) hits() []Seen { return slices.Concat(s.legs...) }

// hides reports whether s explains t away. What is only a warning never hides a fault.
func (s standing) hides(t standing) bool {
	if s.rule.ID == t.rule.ID || grave(s.severity) > grave(t.severity) {
		return false
	}
	if glob(s.rule.Hides, t.rule.ID) || s.raised && glob(s.rule.Settles, t.rule.ID) {
		return true
	}
	if !glob(s.rule.Covers, t.rule.ID) {
		return false
	}
	mine := map[string]bool{}
	for _, f := range s.hits() {
		mine[f.ID] = true
	}
	return !slices.ContainsFunc(t.hits(), func(f Seen) bool { return f.Status == checks.Fail && !mine[f.ID] })
}

// causesOf finds the causes of one product and which findings they explain. open: its line is proven open.
func causesOf(rules assets.Rules, p Product, mine []Seen, open bool) ([]Cause, map[string]bool) {
	var stand []standing
	_, byLogs := fromLogs(mine)
	for _, rule := range rules.Causes {
		if legs, ok := matches(rule, mine); ok {
			severity := severityOf(rule, legs, open)
			if !byLogs && !accused(legs) { // logs alone make no more of it than a possible cause
				severity = Warning
			}
			up := severity == Warning && raised(rule, mine)
			if up {
				severity = Fault
			}
			stand = append(stand, standing{rule, legs, severity, up})
		}
	}
	explained := map[string]bool{}
	var out []Cause
	for _, s := range stand {
		for _, h := range s.hits() {
			explained[h.ID] = true
		}
		if slices.ContainsFunc(stand, func(t standing) bool { return t.hides(s) && !s.hides(t) }) {
			continue
		}
		c := compose(s, p, mine)
		for _, t := range stand {
			if s.hides(t) && !t.hides(s) {
				c.Hides = append(c.Hides, t.rule.ID)
			}
		}
		out = append(out, c)
	}
	return out, explained
}

// raised reports whether the product itself says that it suffers of what else is only seen from here.
func raised(rule assets.Rule, mine []Seen) bool {
	return slices.ContainsFunc(rule.Raise, func(m assets.Match) bool {
		return slices.ContainsFunc(mine, func(f Seen) bool { return fits(m, f) && !f.Mark.Hint() })
	})
}

func severityOf(rule assets.Rule, legs [][]Seen, open bool) string {
	switch {
	case open && rule.Open != "":
		return rule.Open
	case rule.Severity != "":
		return rule.Severity
	case slices.ContainsFunc(slices.Concat(legs...), func(f Seen) bool { return f.Status == checks.Fail }):
		return Fault
	}
	return Warning
}

// matches returns the findings that make a rule stand, a list for each of its conditions.
func matches(rule assets.Rule, mine []Seen) ([][]Seen, bool) {
	for _, m := range rule.Unless {
		if slices.ContainsFunc(mine, func(f Seen) bool { return fits(m, f) }) {
			return nil, false
		}
	}
	var legs [][]Seen
	var first []Seen
	var there map[goal]bool // where the first lead
	for i, m := range rule.When {
		var here []Seen
		for _, f := range mine {
			if fits(m, f) && (!m.Instead || f.Path != nil && there[goalOf(f)]) {
				here = append(here, f)
			}
		}
		if len(here) == 0 || m.Instead && !allHave(first, here) {
			return nil, false
		}
		if i == 0 {
			first, there = here, goals(here, anywhere)
		}
		legs = append(legs, here)
	}
	return legs, true
}

// goal is the address that a walk went to, whatever the way.
type goal struct{ target, url string }

// goals are where those of the findings lead that want takes.
func goals(found []Seen, want func(Seen) bool) map[goal]bool {
	out := map[goal]bool{}
	for _, f := range found {
		if f.Path != nil && want(f) {
			out[goalOf(f)] = true
		}
	}
	return out
}

func goalOf(f Seen) goal { return goal{f.Path.Target, f.Path.URL} }

func anywhere(Seen) bool { return true }

// allHave reports whether every required address that the product does not reach has its counterpart: one that nobody
// reaches is not mended by another way.
func allHave(first, here []Seen) bool {
	there := goals(here, anywhere)
	return !slices.ContainsFunc(first, func(f Seen) bool { return f.Path != nil && f.Path.Required && !there[goalOf(f)] })
}

func fits(m assets.Match, f Seen) bool {
	if len(m.Any) > 0 {
		return slices.ContainsFunc(m.Any, func(a assets.Match) bool { return fits(a, f) })
	}
	if len(m.Code) > 0 && !glob(m.Code, string(f.Code)) {
		return false
	}
	if len(m.Status) == 0 && f.Status != checks.Fail && f.Status != checks.Warn {
		return false
	}
	if len(m.Status) > 0 && !slices.Contains(m.Status, f.Status.String()) {
		return false
	}
	if m.Check != "" && m.Check != string(f.Check) {
		return false
	}
	if m.Product != nil && (f.Path == nil || f.Path.Product != *m.Product) {
		return false
	}
	if m.Required != nil && (f.Path == nil || f.Path.Required != *m.Required) {
		return false
	}
	if m.Route != "" && (f.Path == nil || (f.Path.Route == "direct") != (m.Route == "direct")) {
		return false
	}
	for k, v := range m.Where {
		if f.Args[k] != v {
			return false
		}
	}
	return !m.Says.Set() || slices.ContainsFunc(f.Evidence, func(e checks.Evidence) bool { return m.Says.Fits(e.Text) })
}

// glob reports whether a word is in the list; "area.*" stands for a whole area.
func glob(list []string, word string) bool {
	return slices.ContainsFunc(list, func(p string) bool {
		area, all := strings.CutSuffix(p, "*")
		return p == word || all && strings.HasPrefix(word, area)
	})
}

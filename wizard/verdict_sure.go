package wizard

import (
	"slices"

	"linecheck/checks"
)

// confidence is earned: certain needs two independent observations of something that is documented, and hints for none of
// its conditions; one makes a cause likely. What rests on hints alone is possible.
func confidence(s standing, support []Seen) string {
	rule, legs := s.rule, s.legs
	switch {
	case len(rule.Raise) > 0 && s.severity == Warning:
		return "possible" // it is seen for certain; that the product suffers of it is not
	case s.raised && allHints(s.hits()):
		return "likely" // our walk and the product's log agree
	case allHints(s.hits()) || rule.Confidence == "possible":
		return "possible"
	case rule.Confidence == "likely" || slices.ContainsFunc(legs, allHints), independent(support) < 2 && !rule.Own:
		return "likely"
	}
	return "certain"
}

// accused reports whether something that is documented was seen to fail: what others only told of, or what was concluded,
// never makes a fault alone.
func accused(legs [][]Seen) bool {
	return slices.ContainsFunc(slices.Concat(legs...), func(f Seen) bool {
		return !f.Mark.Hint() && (f.Status == checks.Fail || f.Status == checks.Warn)
	})
}

func allHints(found []Seen) bool {
	return !slices.ContainsFunc(found, func(f Seen) bool { return !f.Mark.Hint() })
}

// independent counts the observations that do not follow from each other: by different checks, of different addresses, or
// of the two families of one. The product's log and a walk of ours are two checks. Who looked makes no second observation.
func independent(support []Seen) int {
	type place struct{ check, subject, family string }
	seen := map[place]bool{}
	for _, f := range support {
		if f.Mark.Hint() {
			continue
		}
		at := place{check: string(f.Check), subject: f.Subject}
		if f.Path != nil {
			at.subject, at.family = f.Path.Target, f.Path.Family
		}
		seen[at] = true
	}
	return len(seen)
}

package wizard

import (
	"slices"

	"linecheck/assets"
)

// confidence is earned: certain needs two independent observations of something that is documented; one makes a cause
// likely. A cause is no surer than the weakest of its conditions: where one of them is met by hints alone it is possible.
func confidence(rule assets.Rule, legs [][]Seen, support []Seen) string {
	switch {
	case hinted(legs) || rule.Confidence == "possible":
		return "possible"
	case rule.Confidence == "likely" || independent(support) < 2 && !rule.Own:
		return "likely"
	}
	return "certain"
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

// hinted reports whether one of the conditions is met by nothing but hints.
func hinted(legs [][]Seen) bool {
	return slices.ContainsFunc(legs, func(leg []Seen) bool {
		return !slices.ContainsFunc(leg, func(f Seen) bool { return !f.Mark.Hint() })
	})
}

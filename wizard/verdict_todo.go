package wizard

import (
	"slices"

	"linecheck/assets"
	"linecheck/checks"
)

// toLearn is what to do where nobody can tell yet: the way to what is missing for the verdict, in one sentence; "" where
// there is none, or where a cause says what to do.
func (v Verdict) toLearn(found []Seen) string {
	if v.Status != Inconclusive || len(v.Causes) > 0 {
		return ""
	}
	rules, _ := assets.LoadRules()
	ways := []func(Seen) bool{
		func(f Seen) bool {
			return slices.ContainsFunc(rules.Needed, func(m assets.Match) bool { return fits(m, f) })
		},
		func(f Seen) bool { // the value that is named as missing
			if f.Code != "path.not_configured" {
				return false
			}
			of, _ := weighed(rules, Product{Name: f.Profile}, slices.DeleteFunc(slices.Clone(found), func(o Seen) bool { return o.Profile != f.Profile }))
			return !requires(of) && f.Arg("variable") == unsetOf(of)
		},
		func(f Seen) bool { return f.Status == checks.Unknown && f.Check != "clock" }, // a clock by eye settles nothing about the line
	}
	for _, fits := range ways {
		for _, f := range found {
			if fix := checks.TextOf(f.Check, f.Finding).Fix; fix != "" && fits(f) {
				return fix
			}
		}
	}
	return ""
}

package command

import (
	"slices"
	"strings"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks"
)

// inLogs says how logs alone show a cause; "" where they never do.
func inLogs(rules assets.LogsRules, id string) string {
	rule, ok := rules.Cause(id)
	if !ok {
		return ""
	}
	var titles []string
	var add func([]assets.Match)
	add = func(list []assets.Match) {
		for _, m := range list {
			for _, code := range m.Code {
				title := checks.TextOf("logs", checks.Finding{Code: checks.Code(code)}).Title
				for _, number := range []string{"curl", "status"} {
					if v := m.Where[number]; v != "" {
						title += " (" + number + " " + v + ")"
					}
				}
				if !slices.Contains(titles, title) {
					titles = append(titles, title)
				}
			}
			add(m.Any)
		}
	}
	add(rule.When)
	sure := "likely"
	if rule.Confidence == "possible" {
		sure = "possible"
	}
	return lang.T("explain.in_logs."+sure, "what", strings.Join(titles, "; "))
}

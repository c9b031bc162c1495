package wizard

import (
	"slices"
	"strings"
	"time"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks"
)

// proofOfLogs says since when a log clears the product, or why none does. Silence clears nothing.
func proofOfLogs(rules assets.LogsRules, p Product, mine []Seen, asOf Seen, fault bool) (well string, missing []string) {
	for _, m := range rules.Needed {
		for _, f := range mine {
			if fits(m, f) {
				missing = append(missing, p.saw(f))
				break
			}
		}
	}
	for _, f := range mine {
		if f.Status == checks.Unknown && f.Args["is"] == "unknown" {
			missing = append(missing, p.of(lang.T("verdict.logs.lost", "subject", lang.Phrase(f.Subject), "time", lang.Phrase(f.Args["last"]), "state", lang.Phrase(f.Args["state"]))))
		}
	}
	if fault {
		return "", missing
	}
	if i := slices.IndexFunc(mine, failing); i >= 0 {
		return "", append(missing, p.of(checks.TextOf(mine[i].Check, mine[i].Finding).Title))
	}
	i := slices.IndexFunc(mine, func(f Seen) bool { return fits(rules.Proof, f) }) // the newest
	switch {
	case mute(mine):
		return "", append([]string{p.of(lang.T("verdict.logs.no_connection"))}, missing...)
	case i < 0:
		return "", append([]string{p.of(rules.Proof.Missing)}, missing...)
	}
	if mine[i].Mark.Hint() {
		j := slices.IndexFunc(mine, func(f Seen) bool { return fits(rules.Proof, f) && !f.Mark.Hint() })
		if j < 0 {
			return "", append([]string{p.of(checks.Fill(rules.Unsure, mine[i].Finding))}, missing...)
		}
		i = j
	}
	for _, f := range mine {
		if fits(rules.Ends, f) && f.At.After(mine[i].At) {
			return "", append(missing, p.of(checks.Fill(rules.Ends.Missing, f.Finding)))
		}
	}
	if asOf.At.Sub(mine[i].At) > stale {
		return "", append([]string{p.of(lang.T("verdict.logs.too_old", "time", lang.Phrase(mine[i].Args["last"])))}, missing...)
	}
	return mine[i].Args["last"], missing
}

// stale is how much older than a log's end its word that all is well may be.
const stale = 24 * time.Hour

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
	disorder := slices.ContainsFunc(mine, func(f Seen) bool { return f.Code == "logs.clock_changed" && f.Status == checks.Unknown })
	if disorder || hint || unsure || !sure || rule.Confidence == "possible" || len(files) < 2 && len(systems) < 2 && !agree {
		return "possible"
	}
	return "likely"
}

func hit(rule assets.Rule, f Seen) bool {
	return slices.ContainsFunc(rule.When, func(m assets.Match) bool { return fits(m, f) })
}

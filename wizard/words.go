package wizard

import (
	"slices"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/tui"
)

// resultWord is a status as reports for people write it.
func resultWord(s checks.Status) string { return lang.T("report.result." + s.String()) }

// SureWord says how sure a cause is; a word that this version does not know stays as it is.
func SureWord(confidence string) string {
	if !slices.Contains([]string{"certain", "likely", "possible"}, confidence) {
		return confidence
	}
	return lang.T("report.sure." + confidence)
}

// whoWord says who can mend something; "" for whom this version does not know.
func whoWord(who string) string {
	if !slices.Contains([]string{"user", "admin", "network", "proxy", "vendor"}, who) {
		return ""
	}
	return lang.T("report.mender." + who)
}

// differWord says how what probes see now and what logs tell of before differ; "" where they do not.
func differWord(how string) string {
	if !slices.Contains([]string{DiffersCache, DiffersAlert, DiffersComes}, how) {
		return ""
	}
	return lang.T("verdict.differs." + how)
}

// SaidChange is a change in words: what it was, and what came of it.
func SaidChange(c checks.Change) string {
	return lang.T("report.label", "label", lang.Phrase(c.What), "what", lang.Phrase(c.Result))
}

// Cells is how many cells of a terminal a text takes.
func Cells(s string) int { return tui.Width(s) }

// Pieces are the words of a text, each with the blank behind it; where a script has no blanks, what stands between two places
// at which a line may be broken.
func Pieces(s string) []string { return parts(s) }

// helpSaid names the pages that a profile names, in the language that is spoken.
func helpSaid(texts []string) []string {
	out := make([]string, len(texts))
	for i, s := range texts {
		out[i] = assets.Spoken(s)
	}
	return out
}

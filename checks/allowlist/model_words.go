package allowlist

import (
	"strings"

	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/tui"
)

// words is what stands at the end of a ribbon. Most codes have a word that is shorter than their title.
func words(id checks.ID, f checks.Finding) string {
	s := checks.TextOf(id, f).Title
	if lang.Has("ribbon.word." + string(f.Code)) {
		s = lang.T("ribbon.word." + string(f.Code))
	}
	if by := f.Arg("issuer"); by != "" && f.Code == checks.Code(checks.Intercepted) {
		by, _, _ = strings.Cut(by, ",")
		s = lang.T("ribbon.issuer", "word", s, "issuer", by)
	}
	return tui.Cell(s)
}

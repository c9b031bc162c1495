package wizard

import (
	"strings"

	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/tui"
)

// wayOut says how the product goes out, "directly" or "through gw.example:3128", where the proxy check found it out: without that nobody knows what was tested.
func wayOut(code checks.Code, status checks.Status, args map[string]string) string {
	if code != "proxy.route" || status != checks.Pass || args["way"] == "" {
		return ""
	}
	return tui.Clean(lang.Phrase(strings.ReplaceAll(args["way"], "http://", "")))
}

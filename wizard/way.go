package wizard

import (
	"linecheck/checks"
	"linecheck/tui"
)

// wayOut says how the product goes out, where the proxy check found it out: without that nobody knows what was tested.
func wayOut(code checks.Code, status checks.Status, args map[string]string) string {
	if code != "proxy.route" || status != checks.Pass || args["way"] == "" {
		return ""
	}
	return "the product goes out " + tui.Clean(args["way"])
}

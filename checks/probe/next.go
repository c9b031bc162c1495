package probe

import (
	"slices"

	"linecheck/checks"
)

// PassedOver reports whether programs that have a list of ways try the next one after a walk that ended so: nothing came
// about as far as the way's first hop. A proxy that answered and said no is not passed over. Browsers stop there on
// purpose, since scripts are written that rely on it (Chromium, net/http/proxy_fallback.cc).
func PassedOver(a Answer) bool {
	switch a.Failure {
	case checks.NoFailure, checks.Cancelled, checks.Unclear, checks.ProxyAuth, checks.ProxyDenied, checks.ProxyTarget:
		return false
	case checks.ProxyUnresolvable, checks.ProxyUnreachable, checks.ProxyRefused, checks.ProxyNoAnswer, checks.ProxyTLS:
		return true
	case checks.ResetLater:
		return a.Failed != checks.TLS && a.Failed != checks.HTTP && a.Failed != checks.Content
	}
	return slices.Contains([]checks.StageName{checks.Resolve, checks.Connect}, a.Failed)
}

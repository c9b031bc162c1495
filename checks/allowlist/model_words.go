package allowlist

import (
	"strings"

	"linecheck/checks"
	"linecheck/tui"
)

// words is what stands at the end of a ribbon. Most codes have a word that is shorter than their title.
func words(id checks.ID, f checks.Finding) string {
	s, ok := short[f.Code]
	if !ok {
		s = checks.TextOf(id, f).Title
	}
	if by := f.Arg("issuer"); by != "" && f.Code == checks.Code(checks.Intercepted) {
		by, _, _ = strings.Cut(by, ",")
		s += " by " + by
	}
	return tui.Cell(s)
}

var short = map[checks.Code]string{
	"path.open":     "ok",
	"path.answered": "answers",
	"path.too_slow": "slow",

	"dns.no_such_name":   "no such name",
	"dns.server_failure": "DNS failure",
	"dns.no_answer":      "DNS is silent",
	"dns.sinkhole":       "sent to a sinkhole",
	"dns.hosts_file":     "hosts file",

	"tcp.dropped":    "silent",
	"tcp.refused":    "refused",
	"tcp.no_route":   "no route",
	"tcp.reset":      "cut off",
	"tcp.local_deny": "blocked on this computer",

	"proxy.unresolvable":        "proxy: no such name",
	"proxy.unreachable":         "proxy is silent",
	"proxy.refused":             "proxy refuses",
	"proxy.auth_required":       "proxy wants a login",
	"proxy.no_answer":           "proxy gives no answer",
	"proxy.denied":              "proxy denies it",
	"proxy.cannot_reach_target": "proxy cannot get there",
	"proxy.not_a_proxy":         "not a proxy",
	"proxy.tls":                 "proxy: TLS fails",

	"tls.reset_by_name": "cut off at its name",
	"tls.no_answer":     "silent",
	"tls.intercepted":   "re-signed",
	"tls.untrusted":     "not trusted",
	"tls.expired":       "certificate expired",
	"tls.name_mismatch": "another's certificate",
	"tls.protocol":      "TLS version",
	"tls.not_tls":       "no TLS",
	"tls.large_hello":   "large greeting lost",

	"path.mtu": "large packets lost",

	"path.portal":         "login page",
	"path.portal_none":    "no login page",
	"path.portal_unclear": "login page: no word",

	"http.block_page":         "block page",
	"http.captive_portal":     "login page",
	"http.unexpected_content": "not the vendor",
	"http.status":             "error",
	"http.no_answer":          "no answer",
	"http.not_http":           "no HTTP",
}

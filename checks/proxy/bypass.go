package proxy

import (
	"net"
	"net/netip"
	"path"
	"strings"
)

// bypassed reports whether a list of exceptions sends a host directly. Windows writes patterns with * and <local> for
// names without a dot; the environment writes suffixes, which also hold without a leading dot (curl's reading).
func bypassed(list []string, host string, suffixes bool) bool {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	addr, notAddr := netip.ParseAddr(host)
	for _, p := range list {
		p = strings.ToLower(strings.TrimSpace(p))
		if i := strings.Index(p, "://"); i >= 0 {
			p = p[i+3:]
		}
		if h, _, err := net.SplitHostPort(p); err == nil && h != "" {
			p = h
		}
		switch {
		case p == "":
		case p == "*", p == host:
			return true
		case p == "<local>":
			if notAddr != nil && !strings.Contains(host, ".") {
				return true
			}
		case strings.Contains(p, "/"):
			if net, err := netip.ParsePrefix(p); err == nil && notAddr == nil && net.Contains(addr) {
				return true
			}
		case strings.ContainsAny(p, "*?"):
			if ok, err := path.Match(strings.NewReplacer("[", `\[`, `\`, `\\`).Replace(p), host); err == nil && ok {
				return true
			}
		case suffixes && notAddr != nil:
			if strings.HasSuffix(host, "."+strings.TrimPrefix(p, ".")) || "."+host == p {
				return true
			}
		}
	}
	return false
}

// exceptions splits a list of hosts that go direct.
func exceptions(s string) []string {
	if len(s) > 16*mostText {
		s = s[:16*mostText]
	}
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(";, \t\r\n\x00", r) })
}

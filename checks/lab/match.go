package lab

import "strings"

// fits reports whether a host fits a scene's pattern: "host", "*.example.com" (not the bare domain) or "*".
func fits(pattern, host string) bool {
	pattern, host = strings.ToLower(pattern), strings.ToLower(host)
	if suffix, ok := strings.CutPrefix(pattern, "*"); ok {
		return len(host) > len(suffix) && strings.HasSuffix(host, suffix)
	}
	return pattern == host
}

// longest returns the entry whose pattern fits best: the name itself before any pattern, then the longest pattern.
func longest[T any](m map[string]T, host string) (best T, ok bool) {
	length := -1
	for pattern, v := range m {
		n := len(pattern)
		if !strings.HasPrefix(pattern, "*") {
			n += 1 << 10
		}
		if n > length && fits(pattern, host) {
			best, length, ok = v, n, true
		}
	}
	return best, ok
}

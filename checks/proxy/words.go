package proxy

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"linecheck/assets"
	"linecheck/checks/host"
)

// sentence makes a whole one of a clause.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	return capital(strings.TrimSuffix(s, ".")) + "."
}

// capital writes the first letter large.
func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + s[size:]
}

// few lists the first names of many.
func few(names []string) string {
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) > 3 {
		return strings.Join(names[:3], ", ") + " and " + strconv.Itoa(len(names)-3) + " more"
	}
	return strings.Join(names, ", ")
}

// stem is an address without its query, which no person reads.
func stem(e *assets.Endpoint) string {
	u, _, _ := strings.Cut(e.URL(), "?")
	return u
}

// reason puts an error that prevented reading into words.
func reason(err error) string {
	switch {
	case host.Denied(err):
		return "this account has no right to read it"
	case errors.Is(err, host.ErrUnsupported):
		return "this system has no way to ask"
	}
	return clean(err.Error(), 200)
}

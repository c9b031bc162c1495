package proxy

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

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

// span writes how long something took, as a person would say it.
func span(d time.Duration) string {
	if d < time.Second {
		return d.Round(time.Millisecond).String()
	}
	return d.Round(100 * time.Millisecond).String()
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

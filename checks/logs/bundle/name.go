package bundle

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// nameMax is how much of a name is shown: more than Windows allows of a path in general.
	nameMax = 300
	// Inside stands between an archive and what is in it, in a [Member]'s name.
	Inside = " > "
)

// label is how a member is called; name is as the archive has it.
func label(archive, name string) string {
	name = tame(name)
	if archive != "" {
		return archive + Inside + name
	}
	return name
}

// tame takes out of a name what leads somewhere: roots, drives, folders above.
func tame(name string) string {
	var parts []string
	for _, p := range strings.Split(strings.ReplaceAll(clean(name), `\`, "/"), "/") {
		if len(p) == 2 && p[1] == ':' && len(parts) == 0 || strings.Trim(p, ". ") == "" {
			continue
		}
		parts = append(parts, p)
	}
	if len(parts) == 0 {
		return "(a member without a name)"
	}
	return short(strings.Join(parts, "/"))
}

// clean takes out what a terminal could act on.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError {
			return '?'
		}
		return r
	}, s)
}

// short leaves out the middle of a long name: its end is what the file is called.
func short(s string) string {
	if len(s) <= nameMax {
		return s
	}
	from, to := nameMax/3, len(s)-nameMax*2/3
	for !utf8.RuneStart(s[from]) {
		from--
	}
	for !utf8.RuneStart(s[to]) {
		to++
	}
	return s[:from] + "..." + s[to:]
}

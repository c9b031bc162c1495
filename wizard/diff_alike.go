package wizard

import (
	"regexp"
	"strings"
)

// standIns are what the redactor leaves: "<host-1>".
var standIns = regexp.MustCompile(`<[a-z]+(?:[_ -][a-z]+)*-\d+>`)

// hidden: a part of the text was replaced, so that nobody knows what stood there.
func hidden(s string) bool { return strings.IndexByte(s, '<') >= 0 && standIns.MatchString(s) }

// alike: two texts say the same as far as can be told. A stand-in is the same as whatever stands in its place, because
// its number means nothing in another report.
func alike(a, b string) bool {
	if a == b {
		return true
	}
	if !hidden(a) && !hidden(b) {
		return false
	}
	return standIns.ReplaceAllString(a, "<>") == standIns.ReplaceAllString(b, "<>") || fitsIn(a, b) || fitsIn(b, a)
}

// longestPattern bounds what is compared piece by piece; longer texts are compared as they are.
const longestPattern = 4096

// fitsIn: b is a, with something in place of each stand-in of a.
func fitsIn(a, b string) bool {
	if !hidden(a) || len(a) > longestPattern {
		return false
	}
	pieces := standIns.Split(a, -1)
	if !strings.HasPrefix(b, pieces[0]) {
		return false
	}
	b = b[len(pieces[0]):]
	for i, piece := range pieces[1:] {
		if i == len(pieces)-2 { // the last one ends the text
			return len(b) > len(piece) && strings.HasSuffix(b, piece)
		}
		at := 0
		if len(b) > 0 {
			at = strings.Index(b[1:], piece)
		}
		if len(b) == 0 || at < 0 {
			return false
		}
		b = b[1+at+len(piece):]
	}
	return true
}

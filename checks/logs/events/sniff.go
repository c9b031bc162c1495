package events

import (
	"bytes"
	"io"
	"regexp"
	"strings"
)

var element = regexp.MustCompile(`<Event(?:\s[^<>]*)?>\s*<System>`)

// Sniff tells the form of an export by its beginning, [SniffSize] bytes of it or all; None: it is no export of events
// that linecheck knows.
func Sniff(head []byte) Kind {
	if len(head) > SniffSize {
		head = head[:SniffSize]
	}
	b, _ := io.ReadAll(newDecoder(bytes.NewReader(head)))
	text := strings.TrimLeft(string(b), " \t\r\n")
	first, rest, more := strings.Cut(text, "\n")
	for more && blank(strings.TrimRight(first, "\r")) {
		first, rest, more = strings.Cut(rest, "\n")
	}
	first = strings.TrimRight(first, "\r")
	switch {
	case strings.HasPrefix(first, "<"):
		if element.MatchString(text) {
			return XML
		}
	case numbered.MatchString(first):
		return Text
	case copied(first, rest):
		return Text
	case tableOf(first).delimiter != 0:
		return CSV
	}
	under, _, _ := strings.Cut(rest, "\n")
	if t, _ := guess(first, under); t.delimiter != 0 {
		return CSV
	}
	return None
}

// copied is what Event Viewer copies: a channel, then at least a source and a number in the lines after it.
func copied(first, rest string) bool {
	if f, value := key(first); f != channel || value == "" {
		return false
	}
	var has [tags + 1]bool
	for range 12 {
		l, after, ok := strings.Cut(rest, "\n")
		f, _ := key(l)
		has[f] = true
		if rest = after; !ok {
			break
		}
	}
	return has[source] && has[number]
}

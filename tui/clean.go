package tui

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// marks is how many combining characters one letter may carry; more only serve to paint over other rows.
const marks = 3

// Clean makes text from outside safe to draw on one line: control and escape characters, direction overrides, invalid
// UTF-8, invisible characters and those whose width terminals disagree about become "?"; line breaks, tabs and other
// blanks become a space. It is idempotent.
func Clean(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	run := marks // a mark at the very beginning would join whatever stands before the text
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch {
		case r >= ' ' && r <= '~':
			b.WriteByte(byte(r))
		case r == utf8.RuneError || odd(r):
			b.WriteByte('?')
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case !unicode.IsPrint(r):
			b.WriteByte('?')
		case unicode.Is(unicode.M, r):
			if run++; run <= marks {
				b.WriteRune(r)
			}
			continue
		default:
			b.WriteRune(r)
		}
		run = 0
	}
	return b.String()
}

// Lines splits text from outside at its line breaks and cleans each line.
func Lines(s string) []string {
	out := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for i := range out {
		out[i] = Clean(out[i])
	}
	return out
}

func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// odd tells the printable characters that cannot be trusted on a screen: blank letters, the halves of flags, skin
// tones, variation selectors and jamo that join with their neighbours.
func odd(r rune) bool {
	switch {
	case r >= 0x1100 && r <= 0x11ff, r >= 0xa960 && r <= 0xa97f, r >= 0xd7b0 && r <= 0xd7ff:
		return true
	case r == 0x3164, r == 0xffa0, r == 0x2800:
		return true
	case r >= 0xfe00 && r <= 0xfe0f, r >= 0xe0100 && r <= 0xe01ef, r >= 0x180b && r <= 0x180f:
		return true
	case r >= 0x1f1e6 && r <= 0x1f1ff, r >= 0x1f3fb && r <= 0x1f3ff:
		return true
	}
	return false
}

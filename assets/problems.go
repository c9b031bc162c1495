package assets

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Problem is one mistake in a file that a person wrote.
type Problem struct {
	File   string
	Line   int    // 1-based; 0 where no line can be named
	Key    string // endpoints[2].host; "" where the whole file is meant
	Text   string // what is wrong
	Remedy string // what to write instead
}

// String is one line: "file:line: key: what is wrong; remedy".
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(plain(p.File))
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
	}
	b.WriteString(": ")
	if p.Key != "" {
		b.WriteString(plain(p.Key) + ": ")
	}
	b.WriteString(plain(p.Text))
	if p.Remedy != "" {
		b.WriteString("; " + plain(p.Remedy))
	}
	return b.String()
}

// Problems is every mistake of a file, in the order of its lines.
type Problems []Problem

// Error is one line for each problem.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = one.String()
	}
	return strings.Join(lines, "\n")
}

// most bounds what a hopeless file can make a person read.
const most = 200

// orNil sorts and bounds the problems, and returns a nil error where there is none.
func (p Problems) orNil() error {
	if len(p) == 0 {
		return nil
	}
	slices.SortStableFunc(p, func(a, b Problem) int { return cmp.Or(a.Line-b.Line, strings.Compare(a.Key, b.Key)) })
	if n := len(p) - most; n > 0 {
		p = append(p[:most:most], Problem{File: p[0].File, Text: fmt.Sprintf("%d more problems", n), Remedy: "mend these first"})
	}
	return p
}

// plain makes any text safe for a terminal: what cannot be seen becomes "?".
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if hidden(r) {
			return '?'
		}
		return r
	}, s)
}

// hidden reports characters that a screen acts upon instead of showing them: control codes, and the marks that turn
// the direction of text.
func hidden(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) || r == unicode.ReplacementChar
}

// quote shows a value that somebody else wrote, cut and without control codes.
func quote(s string) string {
	if r := []rune(s); len(r) > 60 {
		s = string(r[:60]) + "…"
	}
	return `"` + plain(s) + `"`
}

// nearest is the known word that was probably meant, "" where none is near.
func nearest(word string, known []string) string {
	best, name := 1+max(1, min(len(word)/3, 3)), ""
	if len(word) > 64 {
		return ""
	}
	for _, k := range known {
		if d := distance(strings.ToLower(word), k); d < best {
			best, name = d, k
		}
	}
	return name
}

// meant is a remedy: the nearest known word, else all of them.
func meant(word string, known []string) string {
	if k := nearest(word, known); k != "" {
		return "did you mean " + k + "?"
	}
	return "known: " + strings.Join(known, ", ")
}

// distance counts the letters to insert, drop, replace or swap with their neighbour (restricted Damerau-Levenshtein).
func distance(a, b string) int {
	before, last, row := []int(nil), make([]int, len(b)+1), []int(nil)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row = make([]int, len(b)+1)
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(row[j]+1, last[j+1]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}

package command

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"

	"linecheck/checks"
	"linecheck/wizard"
)

// A log can hold millions of known lines; nobody reads them. Of each meaning the first ones are told, and how many there are.
const (
	eachMeaning  = 200
	mostMeanings = 500
)

// saying is the known lines as a person reads them, bounded.
type saying struct {
	redact func(string) string
	lines  []string
	each   map[string]*alike
	order  []*alike
}

// alike are lines of one file that say the same but for numbers.
type alike struct {
	meaning string
	told    int
	over    int
}

func newSaying(redact func(string) string) *saying {
	return &saying{redact: redact, each: map[string]*alike{}}
}

func (s *saying) tell(l checks.Line) {
	key := string(l.Code) + "\x00" + l.File + "\x00" + numberless(l.Meaning)
	a, ok := s.each[key]
	if !ok && len(s.each) >= mostMeanings {
		key = string(l.Code)
		a, ok = s.each[key]
	}
	if !ok {
		a = &alike{meaning: s.clean(l.File + ": " + l.Meaning)}
		s.each[key] = a
		s.order = append(s.order, a)
	}
	if a.told++; a.told > eachMeaning {
		a.over++
		return
	}
	s.lines = append(s.lines, s.line(l))
}

func (s *saying) line(l checks.Line) string {
	at, where, ref := "-", l.File, ""
	if !l.At.IsZero() {
		at = l.At.Local().Format("2006-01-02 15:04:05.000")
	}
	if l.Number > 0 {
		where += ":" + strconv.Itoa(l.Number)
	}
	if l.Ref != "" {
		ref = " [" + l.Ref + "]"
	}
	return s.clean(at + " " + where + " " + l.Meaning + ref)
}

// clean is one line without what could steer a terminal or must not leave.
func (s *saying) clean(text string) string {
	text = wizard.Printable(s.redact(text))
	return strings.NewReplacer("\n", "·", "\t", " ").Replace(text)
}

func (s *saying) write(w io.Writer) error {
	b := bufio.NewWriter(w)
	for _, l := range s.lines {
		fmt.Fprintln(b, l)
	}
	for _, a := range s.order {
		if a.over > 0 {
			fmt.Fprintf(b, "and %s more like this in %s\n", thousands(a.over), a.meaning)
		}
	}
	if len(s.lines) > 0 {
		fmt.Fprintln(b)
	}
	return b.Flush()
}

// numberless is a sentence without its numbers, so that "no answer in 1006 ms" and "in 1012 ms" are one meaning.
func numberless(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return -1
		}
		return r
	}, s)
}

// thousands writes a number as people read it: 1,240.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

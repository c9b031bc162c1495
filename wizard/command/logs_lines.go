package command

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"linecheck/assets/lang"
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
	newest bool // the last lines of each meaning are kept, else the first ones
	each   map[string]*alike
	order  []*alike
	seq    int
}

// alike are lines of one file that say the same but for numbers.
type alike struct {
	meaning string
	kept    []spoken
	all     int
}

type spoken struct {
	seq  int
	line checks.Line
}

// newSaying keeps the first lines of each meaning; the last ones where only lines of some time are wanted, which is
// known at the end.
func newSaying(redact func(string) string, since time.Duration) *saying {
	return &saying{redact: redact, newest: since > 0, each: map[string]*alike{}}
}

func (s *saying) tell(l checks.Line) {
	key := string(l.Code) + "\x00" + l.File + "\x00" + numberless(l.Meaning)
	a, ok := s.each[key]
	if !ok && len(s.each) >= mostMeanings {
		key = string(l.Code)
		a, ok = s.each[key]
	}
	if !ok {
		a = &alike{meaning: l.File + ": " + lang.Phrase(l.Meaning)}
		s.each[key] = a
		s.order = append(s.order, a)
	}
	l.Text = "" // it may be long, and is not told
	switch s.seq++; {
	case len(a.kept) < eachMeaning:
		a.kept = append(a.kept, spoken{s.seq, l})
	case s.newest:
		a.kept[a.all%eachMeaning] = spoken{s.seq, l}
	}
	a.all++
}

// write writes the lines in the order in which they were told. Those before from are left out; zero: none is.
func (s *saying) write(w io.Writer, from time.Time) error {
	var lines []spoken
	for _, a := range s.order {
		for _, l := range a.kept {
			if from.IsZero() || l.line.At.IsZero() || !l.line.At.Before(from) {
				lines = append(lines, l)
			}
		}
	}
	slices.SortFunc(lines, func(a, b spoken) int { return a.seq - b.seq })
	b := bufio.NewWriter(w)
	for _, l := range lines {
		fmt.Fprintln(b, s.line(l.line))
	}
	for _, a := range s.order {
		if over := a.all - len(a.kept); over > 0 {
			fmt.Fprintln(b, lang.T("command.more_lines", "n", lang.Count(over), "what", s.clean(a.meaning)))
		}
	}
	if len(lines) > 0 {
		fmt.Fprintln(b)
	}
	return b.Flush()
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
	return s.clean(at + " " + where + " " + lang.Phrase(l.Meaning) + ref)
}

// clean is one line without what could steer a terminal or must not leave.
func (s *saying) clean(text string) string {
	text = wizard.Printable(s.redact(text))
	return strings.NewReplacer("\n", "·", "\t", " ").Replace(text)
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

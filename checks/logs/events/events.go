// Package events reads events that somebody exported to a file: from the Windows Event Viewer, wevtutil, PowerShell, or
// Trend Micro's manager.
package events

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"linecheck/checks/host"
)

// Kind is the form of an export.
type Kind string

// The forms.
const (
	None Kind = ""     // no export of events that linecheck knows
	XML  Kind = "xml"  // Event Viewer's "Save as XML", wevtutil qe /f:XML
	CSV  Kind = "csv"  // Event Viewer, PowerShell's Export-Csv, Trend Micro's manager; comma, semicolon or tab
	Text Kind = "text" // wevtutil qe /f:text, or what Event Viewer copies
)

// Manager is the provider of events that Trend Micro's manager exported. Its file names none; it is known by its columns.
const Manager = "Trend Micro manager"

// Bounds of an export.
const (
	maxRecord  = host.MaxEvent
	maxLine    = 1 << 20
	maxMessage = 16 << 10
	maxRaw     = 4 << 10
	// SniffSize is how much of a file's beginning is enough for [Sniff].
	SniffSize = 16 << 10
)

// Problem is one record that could not be read, or not wholly.
type Problem struct {
	Name   string // the file
	Line   int    // 1-based, where the record begins
	Text   string // what is wrong
	Remedy string // what to do instead
}

func (p Problem) Error() string {
	return fmt.Sprintf("%s:%d: %s; %s", clean(p.Name), p.Line, clean(p.Text), p.Remedy)
}

// Problems are the bad records of one file; the others were read.
type Problems struct {
	First []Problem // at most 20
	Count int
}

const maxProblems = 20

func (p *Problems) Error() string {
	lines := make([]string, len(p.First))
	for i, one := range p.First {
		lines[i] = one.Error()
	}
	if more := p.Count - len(p.First); more > 0 {
		lines = append(lines, fmt.Sprintf("%s: %d more records like these", clean(p.First[0].Name), more))
	}
	return strings.Join(lines, "\n")
}

// Read reads an export to its end, in any of UTF-8, UTF-16 and Windows-1252, and hands out every event with the line
// where it begins. A date without a zone is one of this machine's zone; one that may be read in two ways is zero. The
// error is each's own, that of r or ctx, or a [*Problems] that tells the bad records after the others were read.
func Read(ctx context.Context, r io.Reader, kind Kind, name string, each func(e host.EventRecord, line int) error) error {
	return read(ctx, r, kind, name, time.Local, each)
}

func read(ctx context.Context, r io.Reader, kind Kind, name string, loc *time.Location, each func(host.EventRecord, int) error) error {
	in := &input{ctx: ctx, name: name, r: bufio.NewReaderSize(newDecoder(r), 64<<10)}
	in.dates = newDates(loc, each, in.problem)
	var err error
	switch kind {
	case XML:
		err = in.xml()
	case CSV:
		err = in.csv()
	case Text:
		err = in.text()
	default:
		return fmt.Errorf("%s is no export of events that linecheck knows; save it as XML in Event Viewer", clean(name))
	}
	if err == nil {
		err = in.dates.end()
	}
	if err == nil && in.bad.Count > 0 {
		return &in.bad
	}
	return err
}

// input is one export that is being read.
type input struct {
	ctx   context.Context
	name  string
	r     *bufio.Reader // UTF-8
	place int           // lines read
	size  int           // bytes of them
	dates *dates
	bad   Problems
	back  []line // lines that were read and are to be read again
	again int    // bytes that were
}

// line is a line without its end.
type line struct {
	text   string
	number int
}

func (in *input) problem(number int, text, remedy string) {
	in.bad.Count++
	if len(in.bad.First) < maxProblems {
		in.bad.First = append(in.bad.First, Problem{in.name, number, text, remedy})
	}
}

// line returns the next line, cut at maxLine; io.EOF at the end.
func (in *input) line() (line, error) {
	if n := len(in.back); n > 0 {
		l := in.back[0]
		in.back = in.back[1:]
		return l, nil
	}
	if in.place%64 == 0 {
		if err := in.ctx.Err(); err != nil {
			return line{}, err
		}
	}
	var b []byte
	long := false
	for {
		part, err := in.r.ReadSlice('\n')
		if room := maxLine - len(b); len(part) > room {
			part, long = part[:room], true
		}
		b = append(b, part...)
		switch {
		case err == bufio.ErrBufferFull:
			if err := in.ctx.Err(); err != nil {
				return line{}, err
			}
			continue
		case err == io.EOF && len(b) > 0:
		case err != nil:
			return line{}, err
		}
		in.place++
		in.size += len(b)
		if long {
			in.problem(in.place, fmt.Sprintf("the line has more than %d bytes", maxLine), "the rest of it was left out")
		}
		return line{strings.TrimRight(string(b), "\r\n"), in.place}, nil
	}
}

// clean takes out of a name or text what a terminal could act on.
func clean(s string) string {
	if len(s) > 300 {
		s = strings.ToValidUTF8(s[:300], "") + "…"
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) {
			return '?'
		}
		return r
	}, s)
}

// cut shortens at the edge of a letter.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

package events

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

const (
	// maxRows is how many lines one record may take: a message in quotes has line feeds.
	maxRows = 1000
	// maxCells is how many columns a row may have before its last one.
	maxCells = 255
	// againMax and againTimes bound how many bytes are read again because quotes did not end: so many, and so many times
	// what was read. A file of nothing but such quotes would be read a thousand times.
	againMax   = 4 << 20
	againTimes = 4
)

// csv reads rows with or without a line of names above them.
func (in *input) csv() error {
	var t table
	for {
		l, err := in.line()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if blank(l.text) {
			continue
		}
		if t.delimiter == 0 {
			named := true
			if t = tableOf(l.text); t.delimiter == 0 {
				if t, named, err = in.ahead(l); err != nil {
					return err
				}
			}
			if t.delimiter == 0 {
				return fmt.Errorf("%s: no column of events is known in it; %s", clean(in.name), anXML)
			}
			if named {
				continue
			}
		}
		cells, raw, err := in.row(l, t.delimiter)
		if err != nil {
			return err
		}
		if cells == nil {
			continue
		}
		e, date, text, remedy := t.record(cells)
		if text != "" {
			in.problem(l.number, text, remedy)
			continue
		}
		e.Raw = cut(raw, maxRaw)
		if err := in.dates.add(e, date, l.number); err != nil {
			return err
		}
	}
}

// blank is a line that is no record: an empty one, the type that PowerShell writes first, Excel's word for the
// delimiter.
func blank(s string) bool {
	return strings.TrimSpace(s) == "" || strings.HasPrefix(s, "#TYPE ") || len(s) == 5 && strings.HasPrefix(s, "sep=")
}

// ahead tells the columns by the row under the first as well, which is read again.
func (in *input) ahead(first line) (table, bool, error) {
	under, err := in.line()
	switch {
	case err == nil:
		in.back = append([]line{under}, in.back...)
	case !errors.Is(err, io.EOF):
		return table{}, false, err
	}
	t, named := guess(first.text, under.text)
	return t, named, nil
}

// row reads the record that begins in l. Where its quotes do not end, only its first line is given up; where that
// happened very often, it is given up without a look at the next.
func (in *input) row(l line, delimiter rune) (cells []string, raw string, err error) {
	var s splitter
	s.delimiter = delimiter
	s.feed(l.text)
	took := []line{l}
	size := len(l.text)
	for s.open {
		var next line
		err := io.EOF
		if in.again <= againMax+againTimes*in.size {
			next, err = in.line()
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, "", err
		}
		if err == nil {
			took = append(took, next)
			size += len(next.text) + 1
		}
		if err != nil || size > maxRecord || len(took) > maxRows {
			in.problem(l.number, "a quotation mark is opened and not closed", "look at this line; "+anXML)
			if len(took) > 1 {
				in.back = append(took[1:], in.back...)
				in.again += size
			}
			return nil, "", nil
		}
		s.feed("\n" + next.text)
	}
	if size > maxRecord {
		in.problem(l.number, fmt.Sprintf("the record has more than %d bytes", maxRecord), anXML)
		return nil, "", nil
	}
	var b strings.Builder
	for i, one := range took {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(one.text)
	}
	return s.end(), b.String(), nil
}

// splitter cuts a record into cells. It takes what others write as they write it: a mark inside a cell that did not
// begin with one is a letter.
type splitter struct {
	delimiter rune
	cells     []string
	cell      strings.Builder
	open      bool // inside quotes
	closed    bool // behind them
}

func (s *splitter) feed(text string) {
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case s.open && c == '"' && i+1 < len(text) && text[i+1] == '"':
			s.cell.WriteByte('"')
			i++
		case s.open && c == '"':
			s.open, s.closed = false, true
		case s.open:
			s.cell.WriteByte(c)
		case rune(c) == s.delimiter && len(s.cells) < maxCells:
			s.cells = append(s.cells, s.cell.String())
			s.cell.Reset()
			s.closed = false
		case c == '"' && !s.closed && strings.TrimSpace(s.cell.String()) == "":
			s.cell.Reset()
			s.open = true
		default:
			s.cell.WriteByte(c)
		}
	}
}

func (s *splitter) end() []string { return append(s.cells, s.cell.String()) }

func split(text string, delimiter rune) []string {
	s := splitter{delimiter: delimiter}
	s.feed(text)
	return s.end()
}

package logs

import (
	"bytes"
	"time"

	"linecheck/assets"
	"linecheck/checks/logs/lines"
)

// decoder finds known lines and decodes them. It is for one goroutine at a time.
type decoder struct {
	book   *book
	loc    *time.Location
	reader assets.Reader
	hits   []lines.Hit
}

// line decodes a line that a signature knows.
func (d *decoder) line(e *Entry, p []byte) bool {
	d.hits = d.book.matcher.Find(d.hits[:0], p)
	if len(d.hits) == 0 {
		return false
	}
	return d.read(e, p, d.hits)
}

// read decodes a line in which literals stand: the first signature that knows it counts.
func (d *decoder) read(e *Entry, p []byte, hits []lines.Hit) bool {
	b := d.book
	whole := string(p)
	tried := -1
	for {
		next := -1
		for _, h := range hits {
			if h.Literal > tried && (next < 0 || h.Literal < next) {
				next = h.Literal
			}
		}
		if next < 0 {
			return false
		}
		if r, ok := d.reader.Read(b.sigs[next], whole); ok {
			b.entry(e, b.sigs[next], &r, whole, d.loc)
			return true
		}
		tried = next
	}
}

// block decodes the known lines of a block.
func (d *decoder) block(j *job) {
	p := j.block.Text()
	j.found, j.first, j.last = j.found[:0], time.Time{}, time.Time{}
	j.lines = bytes.Count(p, []byte{'\n'})
	j.cut = tooLong(p)
	d.hits = d.book.matcher.Find(d.hits[:0], p)
	var (
		n     int       // lines before end
		end   int       // of the last line looked at
		clock time.Time // of the last line with a time before end
	)
	j.first = d.forward(p)
	for i := 0; i < len(d.hits); {
		at := d.hits[i].Pos
		from := bytes.LastIndexByte(p[:at], '\n') + 1
		to := at + bytes.IndexByte(p[at:], '\n')
		next := i + 1
		for next < len(d.hits) && d.hits[next].Pos < to {
			next++
		}
		n += bytes.Count(p[end:from], []byte{'\n'})
		line, _ := lines.Tidy(p[from:to], false)
		j.found = append(j.found, found{line: n})
		f := &j.found[len(j.found)-1].Entry
		if !d.read(f, line, d.hits[i:next]) {
			j.found = j.found[:len(j.found)-1]
			if t := d.back(p, end, to); !t.IsZero() {
				clock = t
			}
			i, n, end = next, n+1, to+1
			continue
		}
		if f.When = f.At; f.At.IsZero() {
			if t := d.back(p, end, to); !t.IsZero() {
				clock = t
			}
			f.When = clock
		} else if stamped(line) {
			clock = f.At
		}
		i, n, end = next, n+1, to+1
	}
	if j.last = d.back(p, end, len(p)); j.last.IsZero() {
		j.last = clock
	}
}

// forward is the first time in a text, as far as it is near.
func (d *decoder) forward(p []byte) time.Time {
	for range 64 {
		if t, ok := d.book.stamp(p, d.loc); ok {
			return t
		}
		i := bytes.IndexByte(p, '\n')
		if i < 0 || i+1 == len(p) {
			break
		}
		p = p[i+1:]
	}
	return time.Time{}
}

// back is the time of the last line between two places that has one; zero where none has.
func (d *decoder) back(p []byte, from, to int) time.Time {
	for to > from {
		if p[to-1] == '\n' {
			to--
		}
		begin := from + bytes.LastIndexByte(p[from:to], '\n') + 1
		if t, ok := d.book.stamp(p[begin:to], d.loc); ok {
			return t
		}
		to = begin
	}
	return time.Time{}
}

// tooLong counts the lines that are longer than linecheck keeps.
func tooLong(p []byte) (n int) {
	for len(p) > lineMax {
		i := bytes.IndexByte(p, '\n')
		if i < 0 {
			break
		}
		if i > lineMax {
			n++
		}
		p = p[i+1:]
	}
	return n
}

package logs

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"linecheck/assets"
	"linecheck/checks/logs/lines"
)

// decoder finds known lines and decodes them. It is for one goroutine at a time.
type decoder struct {
	book   *book
	clock  assets.Clock
	reader assets.Reader
	hits   []lines.Hit
	piece  piece
	partly bool            // the line read last was not read with every signature whose literal it has
	ctx    context.Context // nil: nobody ends it
}

// mostTried is how many signatures a line is read with. Of the vendors' lines none has the literals of more than two;
// one with those of all was made to take time.
const mostTried = 16

func newDecoder(b *book, loc *time.Location) decoder {
	return decoder{book: b, clock: assets.Clock{Loc: loc}}
}

// line decodes a line that a signature knows.
func (d *decoder) line(e *Entry, p []byte) bool {
	d.partly = false
	d.hits = d.book.matcher.Find(d.hits[:0], p)
	if len(d.hits) == 0 {
		return false
	}
	return d.read(e, string(p), d.hits)
}

// read decodes a line in which literals stand: the first signature that knows it counts.
func (d *decoder) read(e *Entry, line string, hits []lines.Hit) bool {
	b := d.book
	tried := -1
	d.partly = false
	for n := 0; ; n++ {
		next := -1
		for _, h := range hits {
			if h.Literal > tried && (next < 0 || h.Literal < next) {
				next = h.Literal
			}
		}
		if next < 0 {
			return false
		}
		if n == mostTried || d.ended() {
			d.partly = true
			return false
		}
		if r, ok := d.reader.Read(b.sigs[next], line); ok {
			b.entry(e, b.sigs[next], &r, line, &d.clock)
			return true
		}
		tried = next
	}
}

// ended reports whether nobody waits for it any more. A line of 1 MB may take a second with many signatures.
func (d *decoder) ended() bool { return d.ctx != nil && d.ctx.Err() != nil }

// block decodes the known lines of a block.
func (d *decoder) block(j *job) {
	d.ctx = j.ctx
	p := j.block.Text()
	j.found, j.first, j.last = j.found[:0], time.Time{}, time.Time{}
	j.cut = tooLong(p)
	d.hits = d.book.matcher.Find(d.hits[:0], p)
	d.piece = piece{}
	var (
		n     int       // lines before end
		end   int       // of the last line looked at
		clock time.Time // of the last line with a time before end
	)
	j.first = d.forward(p)
	for i := 0; i < len(d.hits) && !d.ended(); {
		at := d.hits[i].Pos
		from := bytes.LastIndexByte(p[:at], '\n') + 1
		to := at + bytes.IndexByte(p[at:], '\n')
		next := i + 1
		for next < len(d.hits) && d.hits[next].Pos < to {
			next++
		}
		n += bytes.Count(p[end:from], []byte{'\n'})
		line := d.text(p, from, to, d.hits[i:])
		j.found = slices.Grow(j.found, 1)[:len(j.found)+1]
		f := &j.found[len(j.found)-1]
		*f = found{line: n}
		if !d.read(&f.Entry, line, d.hits[i:next]) {
			j.found = j.found[:len(j.found)-1]
			if d.partly && to-from <= lineMax {
				j.cut++
			}
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
		} else {
			clock = f.At
		}
		i, n, end = next, n+1, to+1
	}
	j.lines = n + bytes.Count(p[end:], []byte{'\n'})
	if j.last = d.back(p, end, len(p)); j.last.IsZero() {
		j.last = clock
	}
}

// piece is a part of a block in which many lines are known. They share one string, which is so short that a line that
// is kept does not hold much more than itself.
type piece struct {
	text     string
	from, to int
}

const (
	pieceMax = 4 << 10
	// manyHits in a piece are worth it.
	manyHits = 16
)

// text is the line between two places; hits begin with those in it.
func (d *decoder) text(p []byte, from, to int, hits []lines.Hit) string {
	if to > d.piece.to && len(hits) > manyHits && hits[manyHits].Pos < from+pieceMax {
		d.piece = pieceOf(p, from)
	}
	if from >= d.piece.from && to <= d.piece.to {
		return strings.TrimSuffix(d.piece.text[from-d.piece.from:to-d.piece.from], "\r")
	}
	line, _ := lines.Tidy(p[from:to], false)
	return string(line)
}

// pieceOf is the whole lines from a place on; none where one may be of another encoding.
func pieceOf(p []byte, from int) piece {
	part := p[from:min(from+pieceMax, len(p))]
	part = part[:bytes.LastIndexByte(part, '\n')+1]
	if !utf8.Valid(part) {
		return piece{}
	}
	return piece{string(part), from, from + len(part)}
}

// forward is the first time in a text, as far as it is near.
func (d *decoder) forward(p []byte) time.Time {
	for range 64 {
		if t, ok := d.book.stamp(p, &d.clock); ok {
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
		if t, ok := d.book.stamp(p[begin:to], &d.clock); ok {
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

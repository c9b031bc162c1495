package logs

import (
	"bytes"
	"context"
	"errors"
	"io"
	"time"

	"linecheck/checks/logs/lines"
)

// stream decodes one log, fed in pieces or in blocks.
type stream struct {
	text   lines.Text
	book   *book
	path   string
	file   string // its name alone
	family string
	loc    *time.Location
	every  bool         // unknown lines are handed on too
	emit   func(*Entry) // it may keep a copy

	id    *int  // tells this reading from every other
	begun bool  // reading began in the middle of the file: line numbers are not known
	at    int64 // where the block began that was read last
	place int   // lines read
	cut   int   // of them longer than lineMax, or read with too few signatures

	decoder decoder   // for lines that come in pieces
	stamp   []byte    // the beginning of the last line with a time, not read yet
	time    time.Time // of the last line with a time that was read
	newest  time.Time // as far as the file can have it
	limit   time.Time // no line of the file is from after it; zero: not known
	ahead   time.Time // the newest one of those that are from after it all the same
	onward  int       // how often the time went on from one known line to the next
	back    int       // how often it went back

	jumped func(from, to time.Time) // nil: nobody listens
}

func newStream(b *book, path, family string, loc *time.Location, emit func(*Entry)) *stream {
	s := &stream{book: b, family: family, loc: loc, emit: emit, id: new(int)}
	s.rename(path)
	s.decoder = newDecoder(b, loc)
	s.text.Emit = s.line
	return s
}

func (s *stream) line(p []byte, cut bool) {
	place := s.place
	s.place++
	has := stamped(p)
	dated := false // has is a look, and dated is certain: what only looks like a time must not take the place of one
	if has {
		if _, dated = s.book.stamp(p, &s.decoder.clock); dated {
			s.stamp = append(s.stamp[:0], p[:min(len(p), stampMax)]...)
		}
	}
	var e Entry
	ok := s.decoder.line(&e, p)
	if cut || s.decoder.partly {
		s.cut++
	}
	if !ok && !s.every {
		return
	}
	if !ok {
		e.Text = short(p)
	}
	if !ok && dated {
		e.At = s.now()
	}
	if e.When = e.At; e.At.IsZero() {
		e.When = s.now()
	} else {
		if !has {
			s.now() // this one's time is later than one that waits
		}
		e.At = s.unfolded(e.At)
		e.When = e.At
		s.tick(e.At)
		s.stamp = s.stamp[:0]
	}
	s.hand(&e, place)
}

// hand gives an entry what it has of its place, and hands it on.
func (s *stream) hand(e *Entry, place int) {
	e.File, e.Path, e.place, e.from = s.file, s.path, place, s.id
	if !s.begun {
		e.Number = place + 1
	}
	if e.Topic == "" {
		e.Topic = s.family
	}
	s.emit(e)
}

// now is the time of the last line that had one; zero before the first.
func (s *stream) now() time.Time {
	if len(s.stamp) > 0 {
		if t, ok := s.book.stamp(s.stamp, &s.decoder.clock); ok {
			s.tick(s.unfolded(t))
		}
		s.stamp = s.stamp[:0]
	}
	return s.time
}

// jumpMin is how far a clock goes back before it is told: threads write a little out of order.
const jumpMin = 2 * time.Second

// tick takes the time of a line, in the order of the file.
func (s *stream) tick(t time.Time) {
	switch {
	case s.time.IsZero():
	case t.Before(s.time.Add(-jumpMin)):
		s.back++
		if s.jumped != nil {
			s.jumped(s.time, t)
		}
	case t.After(s.time.Add(jumpMin)):
		s.onward++
	}
	s.time = t
	s.see(t)
}

// unfolded is the second of two times where a clock shows both alike, in the hour that comes twice when summer ends, and
// the line before is from after the first.
func (s *stream) unfolded(t time.Time) time.Time {
	if s.time.IsZero() || !t.Before(s.time.Add(-jumpMin)) {
		return t
	}
	again := t.Add(time.Hour)
	if again.Before(s.time.Add(-jumpMin)) || again.Format(clockForm) != t.Format(clockForm) {
		return t
	}
	return again
}

// zoneMost is how far the times of a log without a zone can be from what they are taken for.
const zoneMost = 26 * time.Hour

// see keeps the newest time. One that is later than the file itself was written by a clock that was wrong.
func (s *stream) see(t time.Time) {
	switch {
	case !s.limit.IsZero() && t.After(s.limit.Add(zoneMost)):
		if t.After(s.ahead) {
			s.ahead = t
		}
	case t.After(s.newest):
		s.newest = t
	}
}

// take takes the known lines of a block, in the order of the file.
func (s *stream) take(j *job) {
	began := j.first.IsZero()
	begin := func() {
		if !began {
			began = true
			s.tick(s.unfolded(j.first))
		}
	}
	for i := range j.found {
		e := &j.found[i].Entry
		if e.When.IsZero() {
			e.When = s.time // no line of this block before it has a time
		} else {
			begin()
			if e.When = s.unfolded(e.When); !e.At.IsZero() {
				e.At = e.When
			}
			s.tick(e.When)
		}
		s.hand(e, s.place+j.found[i].line)
	}
	begin()
	if !j.last.IsZero() {
		s.tick(s.unfolded(j.last))
	}
	s.place += j.lines
	s.cut += j.cut
}

// pour reads a text to its end; p: with whose workers, nil: with its own where the text is long.
func (s *stream) pour(ctx context.Context, r io.Reader, p *pool) error {
	head := make([]byte, firstPart)
	n, err := lines.Fill(r, head)
	if err != nil || s.every {
		s.text.Write(head[:n])
	}
	switch {
	case errors.Is(err, io.EOF):
		return ctx.Err()
	case err != nil:
		return err
	case !s.every:
		if p == nil {
			p = newPool()
			defer p.close()
		}
		return p.read(ctx, io.MultiReader(bytes.NewReader(head), r), 0, s)
	}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := r.Read(head)
		s.text.Write(head[:n])
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// rename goes on under another name, as a log does that was rotated away.
func (s *stream) rename(path string) { s.path, s.file = path, leaf(path) }

package logs

import (
	"time"
)

// stream decodes one log, fed in pieces.
type stream struct {
	text   text
	book   *book
	path   string
	family string
	loc    *time.Location
	every  bool // unknown lines are handed on too
	emit   func(Entry)

	id    *int // tells this reading from every other
	begun bool // reading began in the middle of the file: line numbers are not known
	place int  // lines read
	cut   int  // of them longer than lineMax

	stamp  []byte    // the beginning of the last line with a time, not read yet
	time   time.Time // of the last line with a time that was read
	newest time.Time
}

// stampMax holds a time with fraction and zone, in any form that a grammar knows.
const stampMax = 48

func newStream(b *book, path, family string, loc *time.Location, emit func(Entry)) *stream {
	s := &stream{book: b, path: path, family: family, loc: loc, emit: emit, id: new(int)}
	s.text.emit = s.line
	return s
}

func (s *stream) line(p []byte, cut bool) {
	place := s.place
	s.place++
	if cut {
		s.cut++
	}
	if stamped(p) {
		s.stamp = append(s.stamp[:0], p[:min(len(p), stampMax)]...)
	}
	e, ok := s.book.read(p, s.loc)
	if !ok && !s.every {
		return
	}
	e.File, e.Path, e.Text, e.place = base(s.path), s.path, short(p), place
	e.from = s.id
	if !s.begun {
		e.Number = place + 1
	}
	if !ok && len(s.stamp) > 0 && stamped(p) {
		e.At = s.now()
	}
	if e.When = e.At; e.At.IsZero() {
		e.When = s.now()
	}
	if e.Topic == "" {
		e.Topic = s.family
	}
	s.emit(e)
}

// now is the time of the last line that had one; zero before the first.
func (s *stream) now() time.Time {
	if len(s.stamp) > 0 {
		if f, ok := s.book.plain.Split(string(s.stamp), s.loc); ok && !f.Time.IsZero() {
			s.time = f.Time
			if s.time.After(s.newest) {
				s.newest = s.time
			}
		}
		s.stamp = s.stamp[:0]
	}
	return s.time
}

// rename goes on under another name, as a log does that was rotated away.
func (s *stream) rename(path string) { s.path = path }

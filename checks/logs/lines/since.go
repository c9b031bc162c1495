package lines

import (
	"errors"
	"io"
	"time"
)

// Stamp reads the time at the beginning of a line; false where it has none. It is given no more than the first
// StampMax bytes.
type Stamp func(head []byte) (time.Time, bool)

const (
	// StampMax holds a time with fraction and zone, in any form that a log uses.
	StampMax = 48
	headRaw  = 4 * StampMax

	// near is how close to the place the search ends and reading on begins.
	near = 64 << 10
	// far is how much is read at most on the way to the next line with a time.
	far      = 4 << 20
	smallest = 4 << 10
	largest  = 256 << 10
	// slack is how far clocks of several threads may differ in one log.
	slack = 2 * time.Second
	// starts is how often a search begins anew where the clock went back.
	starts = 8
)

// Place is where in a text a time begins.
type Place struct {
	At      int64 // the first byte of a line
	Ordered bool  // false: samples before At were younger, or too few lines have a time, so At is earlier than it might be
	Read    int64 // bytes that were read to find it
}

// Since finds the first line that is not older than t in a text whose lines are ordered by time, by bisection. Lines
// without a time belong to the line before them. Where samples before the place are not older, since the clock went
// back, it begins at the earlier one. A text in which nothing is so young gives its size.
func Since(r io.ReaderAt, size int64, t time.Time, stamp Stamp) (Place, error) {
	s := search{r: r, size: size, stamp: stamp}
	head := make([]byte, sniffed)
	n, err := r.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return Place{}, err
	}
	enc, mark := Sniff(head[:n])
	s.enc, s.base, s.read = enc, int64(mark), int64(n)
	out := Place{At: size, Ordered: true}
	for range starts {
		at, sure, err := s.bisect(t, out.At)
		if err != nil {
			return Place{}, err
		}
		out.At, out.Ordered = at, out.Ordered && sure
		before, err := s.younger(t, at)
		if err != nil {
			return Place{}, err
		}
		if before < 0 {
			out.Read = s.read
			return out, nil
		}
		out.At, out.Ordered = before, false
	}
	return Place{At: s.base, Read: s.read}, nil // the clock went back so often that nothing can be left out
}

type search struct {
	r     io.ReaderAt
	size  int64
	base  int64 // behind the byte order mark
	enc   Encoding
	stamp Stamp
	buf   []byte
	from  int64 // where buf stands
	read  int64
}

// bisect finds the first line from t on before the place end; sure: enough lines have a time.
func (s *search) bisect(t time.Time, end int64) (at int64, sure bool, err error) {
	low, high, known := s.base, end, end
	for high-low > near {
		mid := low + (high-low)/2
		if s.enc != UTF8 {
			mid &^= 1
		}
		at, when, ok, err := s.first(mid, high)
		switch {
		case errors.Is(err, errFar):
			return low, false, nil
		case err != nil:
			return 0, false, err
		case !ok:
			high = mid
		case when.Before(t):
			low = at
		default:
			known, high = at, mid
		}
	}
	for low < known {
		at, when, ok, err := s.first(low, known)
		switch {
		case errors.Is(err, errFar):
			return low, false, nil
		case err != nil:
			return 0, false, err
		case !ok:
			return known, true, nil
		case !when.Before(t):
			return at, true, nil
		}
		if low, err = s.after(at); err != nil {
			return 0, false, err
		}
	}
	return known, true, nil
}

// younger looks back from a place, further and further, for a line that is not older than t; -1: none.
func (s *search) younger(t time.Time, at int64) (int64, error) {
	from := at
	for back := int64(near); from > s.base; back *= 2 {
		from = max(at-back, s.base)
		if s.enc != UTF8 && from > s.base {
			from &^= 1
		}
		found, when, ok, err := s.first(from, at)
		if err != nil && !errors.Is(err, errFar) {
			return 0, err
		}
		if ok && !when.Before(t.Add(slack)) {
			return found, nil
		}
	}
	return -1, nil
}

// errFar says that no line with a time is near.
var errFar = errors.New("no line with a time is near")

// first finds the first line with a time that begins at from or behind it, and before to.
func (s *search) first(from, to int64) (at int64, when time.Time, ok bool, err error) {
	inside := from > s.base
	if inside {
		from -= s.feed() // where a line begins at from, the line feed before it tells
	}
	want := smallest
	for left := int64(far); from < to; {
		if left <= 0 {
			return 0, time.Time{}, false, errFar
		}
		p, err := s.window(from, want)
		if err != nil || len(p) == 0 {
			return 0, time.Time{}, false, err
		}
		left -= int64(len(p))
		want = min(2*want, largest)
		i := 0
		for {
			if inside {
				n := After(p, i, s.enc)
				if n == 0 {
					i = len(p)
					if s.enc != UTF8 && i%2 == 1 && i > 1 {
						i--
					}
					break
				}
				i, inside = n, false
			}
			last := from+int64(len(p)) >= s.size
			if from+int64(i) >= to || last && i >= len(p) {
				return 0, time.Time{}, false, nil
			}
			if len(p)-i < headRaw && !last {
				break
			}
			if when, ok := s.stamp(s.head(p[i:])); ok {
				return from + int64(i), when, true, nil
			}
			inside = true
		}
		from += int64(i)
	}
	return 0, time.Time{}, false, nil
}

// after is where the line behind the one at a place begins, or the end.
func (s *search) after(at int64) (int64, error) {
	want := smallest
	for from := at; ; {
		p, err := s.window(from, want)
		if err != nil {
			return 0, err
		}
		if n := After(p, 0, s.enc); n > 0 {
			return from + int64(n), nil
		}
		n := int64(len(p))
		if s.enc != UTF8 {
			n &^= 1
		}
		if from += n; n == 0 || from >= s.size {
			return s.size, nil
		}
		want = min(2*want, largest)
	}
}

// head is the beginning of a line as UTF-8.
func (s *search) head(p []byte) []byte {
	p = p[:min(len(p), headRaw)]
	if n := After(p, 0, s.enc); n > 0 {
		p = p[:n-int(s.feed())]
	}
	if s.enc != UTF8 {
		p, _ = Decode16(nil, p, s.enc)
	}
	return p[:min(len(p), StampMax)]
}

// window is the text from a place on: at least headRaw bytes where there are so many.
func (s *search) window(from int64, want int) ([]byte, error) {
	if end := s.from + int64(len(s.buf)); from >= s.from && (from+headRaw <= end || from < end && end == s.size) {
		return s.buf[from-s.from:], nil
	}
	if cap(s.buf) < want {
		s.buf = make([]byte, want)
	}
	n, err := s.r.ReadAt(s.buf[:min(int64(want), max(0, s.size-from))], from)
	s.buf, s.from = s.buf[:n], from
	s.read += int64(n)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return s.buf, err
}

func (s *search) feed() int64 { return feedSize(s.enc) }

// Next is where the first line begins that stands at a place or behind it; size where none does.
func Next(r io.ReaderAt, size, at int64, enc Encoding) (int64, error) {
	s := search{r: r, size: size, enc: enc}
	if enc != UTF8 {
		at &^= 1
	}
	return s.after(max(0, at-s.feed()))
}

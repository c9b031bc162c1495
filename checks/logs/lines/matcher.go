package lines

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"sync"
)

// Matcher finds many literals at once. It is Wu and Manber's method: of every literal it takes a window, all of the
// same length, and a table says for each three bytes how far a window that ends there can be moved on. Most of a text
// is never looked at.
//
// Chosen by measuring, on one core, with the 21 literals of the first signatures in 64 MB of log:
//
//	one literal at a time with bytes.Index       0.40 GB/s
//	this with two bytes, one place at a time     1.10 GB/s
//	this with three bytes, one place at a time   0.80 GB/s
//	this with three bytes, at two places         1.35 GB/s
//	this with two bytes, at four places          1.68 GB/s
//	this with three bytes, at four places        1.89 GB/s, and 4.5 where the shortest literal has 19 bytes and not 7
//	this with four bytes, at four places         1.84 GB/s
//	ripgrep -c -F -f                             0.58 GB/s
//
// With the 112 literals of today, windows that end with rare letters, and other work going on beside it: 2.6 GB/s, and
// one literal at a time 0.04 (go test -bench Find ./checks/logs).
//
// At four places at once because each step waits for the table; a processor has time for four.
type Matcher struct {
	literals [][]byte
	length   int // of the windows
	shift    [slots]uint8
	first    [slots]uint16 // of the entries whose window ends here; 0: none
	entries  []entry
	lone     []int // literals too short for a window: found one by one
}

type entry struct {
	literal int
	offset  int // of the window in the literal
	next    uint16
}

// Hit is a place where a literal stands.
type Hit struct {
	Pos     int // a byte in it, so of its line
	Literal int
}

const (
	slotBits = 15
	slots    = 1 << slotBits
	// block is how many bytes the table looks at.
	block = 3
	// shortest is the shortest window that is worth it.
	shortest = 6
	longest  = 64
)

func slot(v uint32) uint32 { return (v & 0xFFFFFF) * 0x9E3779B1 >> (32 - slotBits) }

// NewMatcher looks for literals; none may be empty or hold a line feed.
func NewMatcher(literals []string) (*Matcher, error) {
	m := &Matcher{length: longest, entries: make([]entry, 1)}
	for i, l := range literals {
		if l == "" || bytes.IndexByte([]byte(l), '\n') >= 0 {
			return nil, errors.New("a literal is empty or has a line feed")
		}
		m.literals = append(m.literals, []byte(l))
		if len(l) < shortest {
			m.lone = append(m.lone, i)
			continue
		}
		m.length = min(m.length, len(l))
	}
	for i := range m.shift {
		m.shift[i] = uint8(m.length - block + 1)
	}
	for i, l := range m.literals {
		if len(l) >= shortest {
			m.enter(i, l)
		}
	}
	return m, nil
}

// enter takes the window of a literal that ends with the rarest letters: a place where those stand is compared, which
// costs more than to go on. Of equals it takes the one that moves others' windows least, since names begin alike.
func (m *Matcher) enter(i int, l []byte) {
	best, cost := 0, -1
	for o := 0; o+m.length <= len(l); o++ {
		w := l[o : o+m.length]
		c := usual(w[len(w)-block:]) * 64
		for j := 0; j+block <= len(w); j++ {
			if far, now := m.length-block-j, int(m.shift[slot(triple(w[j:]))]); far < now {
				c += now - far
			}
		}
		if cost < 0 || c <= cost {
			best, cost = o, c
		}
	}
	w := l[best : best+m.length]
	for j := 0; j+block <= len(w); j++ {
		h := slot(triple(w[j:]))
		m.shift[h] = min(m.shift[h], uint8(m.length-block-j))
	}
	h := slot(triple(w[m.length-block:]))
	m.entries = append(m.entries, entry{i, best, m.first[h]})
	m.first[h] = uint16(len(m.entries) - 1)
}

// usual says how often three letters stand in a log, roughly: small letters make most of it, and a few of them most of
// that; figures are everywhere, but each three of them are rare.
func usual(p []byte) (n int) {
	for _, c := range p {
		switch {
		case bytes.IndexByte([]byte(" aeinorst"), c) >= 0:
			n += 5
		case c >= 'a' && c <= 'z', c == ':':
			n += 3
		case c >= '0' && c <= '9', c == '.', c == ',', c == '[', c == ']', c == '-':
			n += 2
		default:
			n++
		}
	}
	return n
}

func triple(p []byte) uint32 { return uint32(p[0]) | uint32(p[1])<<8 | uint32(p[2])<<16 }

// Find appends every place in p where a literal stands, in the order of lines; in one line they may stand in any order.
// It may find a literal of a line twice.
func (m *Matcher) Find(to []Hit, p []byte) []Hit {
	begin := len(to)
	if len(m.entries) > 1 {
		to = m.windows(to, p)
	}
	if len(m.lone) == 0 {
		return to
	}
	for _, i := range m.lone {
		for at := 0; ; {
			n := bytes.Index(p[at:], m.literals[i])
			if n < 0 {
				break
			}
			to = append(to, Hit{at + n, i})
			at += n + 1
		}
	}
	slices.SortStableFunc(to[begin:], func(a, b Hit) int { return a.Pos - b.Pos })
	return to
}

// lanes is how many places are looked at together; a text shorter than lanesMin is not worth it.
const (
	lanes    = 4
	lanesMin = 1 << 10
)

// rooms hold what was found in each part.
var rooms = sync.Pool{New: func() any { return new([lanes][]Hit) }}

func (m *Matcher) windows(to []Hit, p []byte) []Hit {
	from := m.length - block
	last := len(p) - block // the last place where three bytes are
	if last < from {
		return to
	}
	if len(p) >= lanesMin {
		to, from = m.four(to, p, from)
	}
	for i := from; i <= last; {
		h := slot(triple(p[i:]))
		s := int(m.shift[h])
		if s == 0 {
			to, s = m.check(to, p, i, h), 1
		}
		i += s
	}
	return to
}

// four looks at four parts of p at once. It returns the place up to which everything was looked at.
func (m *Matcher) four(to []Hit, p []byte, from int) ([]Hit, int) {
	var (
		found      = rooms.Get().(*[lanes][]Hit)
		part       = (len(p) - 4 - from) / lanes
		ea, eb, ec = from + part, from + 2*part, from + 3*part
		ed         = from + 4*part
		a, b, c, d = from, ea, eb, ec
	)
	defer rooms.Put(found)
	for i := range found {
		found[i] = found[i][:0]
	}
	for a < ea && b < eb && c < ec && d < ed {
		ha := slot(binary.LittleEndian.Uint32(p[a:]))
		hb := slot(binary.LittleEndian.Uint32(p[b:]))
		hc := slot(binary.LittleEndian.Uint32(p[c:]))
		hd := slot(binary.LittleEndian.Uint32(p[d:]))
		sa, sb, sc, sd := int(m.shift[ha]), int(m.shift[hb]), int(m.shift[hc]), int(m.shift[hd])
		if sa == 0 {
			found[0], sa = m.check(found[0], p, a, ha), 1
		}
		if sb == 0 {
			found[1], sb = m.check(found[1], p, b, hb), 1
		}
		if sc == 0 {
			found[2], sc = m.check(found[2], p, c, hc), 1
		}
		if sd == 0 {
			found[3], sd = m.check(found[3], p, d, hd), 1
		}
		a, b, c, d = a+sa, b+sb, c+sc, d+sd
	}
	next := 0
	for i, l := range [lanes]struct{ at, end int }{{a, ea}, {b, eb}, {c, ec}, {d, ed}} {
		for l.at < l.end {
			h := slot(binary.LittleEndian.Uint32(p[l.at:]))
			s := int(m.shift[h])
			if s == 0 {
				found[i], s = m.check(found[i], p, l.at, h), 1
			}
			l.at += s
		}
		to = append(to, found[i]...)
		next = l.at
	}
	return to, next
}

// check compares the literals whose window ends with the three bytes at i.
func (m *Matcher) check(to []Hit, p []byte, i int, h uint32) []Hit {
	start := i - (m.length - block)
	for n := m.first[h]; n != 0; n = m.entries[n].next {
		e := &m.entries[n]
		l := m.literals[e.literal]
		if at := start - e.offset; at >= 0 && at+len(l) <= len(p) && string(p[at:at+len(l)]) == string(l) {
			to = append(to, Hit{i, e.literal})
		}
	}
	return to
}

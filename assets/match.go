package assets

import (
	"encoding/binary"
	"strings"
)

// found is where a match and its groups stand: begin and end of each, -1 where it took no part.
type found [2 * maxGroups]int32

// group is what a group holds; "" where it took no part.
func (f *found) group(text string, i int) string {
	if i < 0 || f[2*i] < 0 {
		return ""
	}
	return text[f[2*i]:f[2*i+1]]
}

// attempt is one try to match a text.
type attempt struct {
	p     *pattern
	text  string
	tries int // that may still be made
	at    *found
}

// triesPerLetter bounds the work on one text; beyond it package regexp, which never tries twice, is the faster one.
const triesPerLetter = 16

// find looks for the first match. It answers as regexp.Regexp.FindStringSubmatchIndex would.
func (p *pattern) find(text string, at *found) bool {
	if p.steps == nil || !ascii(text) {
		return p.slow(text, at)
	}
	a := attempt{p: p, text: text, tries: triesPerLetter * (len(text) + 16), at: at}
	ok := a.search()
	if a.tries < 0 {
		return p.slow(text, at)
	}
	return ok
}

func (p *pattern) slow(text string, at *found) bool {
	m := p.re.FindStringSubmatchIndex(text)
	for i := range min(len(m), len(at)) {
		at[i] = int32(m[i])
	}
	return m != nil
}

func (a *attempt) search() bool {
	p := a.p
	n := 2 * len(p.names)
	first := &p.steps[p.begin].first
	for from := 0; from <= len(a.text); from++ {
		switch {
		case p.prefix != "":
			i := strings.Index(a.text[from:], p.prefix)
			if i < 0 {
				return false
			}
			from += i
		case p.edge:
		default:
			for from < len(a.text) && !first.has(a.text[from]) {
				from++
			}
		}
		for i := range a.at[:n] {
			a.at[i] = -1
		}
		if end, ok := a.match(p.begin, from); ok {
			a.at[0], a.at[1] = int32(from), int32(end)
			return true
		}
		if a.tries < 0 || p.edge {
			return false
		}
	}
	return false
}

// match tries the steps from one on, and returns where the match ends.
func (a *attempt) match(at, pos int) (end int, ok bool) {
	steps, text := a.p.steps, a.text
	for {
		if a.tries--; a.tries < 0 {
			return 0, false
		}
		n := &steps[at]
		switch n.op {
		case opAccept:
			return pos, true
		case opText:
			if len(text)-pos < len(n.text) || text[pos:pos+len(n.text)] != n.text {
				return 0, false
			}
			pos += len(n.text)
		case opFixed:
			if len(text)-pos < len(n.sets) {
				return 0, false
			}
			for i, c := range []byte(text[pos : pos+len(n.sets)]) {
				if !n.sets[i].has(c) {
					return 0, false
				}
			}
			pos += len(n.sets)
		case opMark:
			a.at[n.mark] = int32(pos)
		case opEither:
			if pos == len(text) || steps[n.next].first.has(text[pos]) {
				old := *a.at
				if end, ok := a.match(n.next, pos); ok {
					return end, true
				}
				*a.at = old
			}
			at = n.other
			continue
		case opStart:
			if pos != 0 {
				return 0, false
			}
		case opEnd:
			if pos != len(text) {
				return 0, false
			}
		case opWord, opNoWord:
			if a.edge(pos) != (n.op == opWord) {
				return 0, false
			}
		case opRun:
			if n.lazy || !n.sure {
				return a.run(n, pos)
			}
			from := pos
			if pos = a.reach(n, pos); pos-from < n.min {
				return 0, false
			}
		}
		at = n.next
	}
}

// lettersPerTry is how many letters a run may go over for the price of one try: to look at a letter costs less.
const lettersPerTry = 16

// reach is how far a run can go.
func (a *attempt) reach(n *step, pos int) int {
	end := a.extent(n, pos)
	a.tries -= (end - pos) / lettersPerTry
	return end
}

func (a *attempt) extent(n *step, pos int) int {
	most := len(a.text)
	if n.max >= 0 {
		most = min(most, pos+n.max)
	}
	if n.only {
		if i := strings.IndexByte(a.text[pos:most], n.stop); i >= 0 {
			return pos + i
		}
		return most
	}
	for pos < most && n.set.has(a.text[pos]) {
		pos++
	}
	return pos
}

// run tries as many letters as there are and then fewer, or the other way round where it is lazy.
func (a *attempt) run(n *step, pos int) (end int, ok bool) {
	first := &a.p.steps[n.next].first
	low, high := pos+n.min, a.reach(n, pos)
	if !n.lazy {
		for to := high; to >= low; to-- {
			if to == len(a.text) || first.has(a.text[to]) {
				if end, ok := a.match(n.next, to); ok || a.tries < 0 {
					return end, ok
				}
			}
		}
		return 0, false
	}
	for to := low; to <= high; to++ {
		if n.sole && to < len(a.text) {
			last := min(high+1, len(a.text)) // no further than reach has looked, and paid for
			i := strings.IndexByte(a.text[to:last], n.lead)
			if i < 0 {
				i = last - to
			}
			if to += i; to > high {
				break
			}
		}
		if to == len(a.text) || first.has(a.text[to]) {
			if end, ok := a.match(n.next, to); ok || a.tries < 0 {
				return end, ok
			}
		}
	}
	return 0, false
}

// edge reports whether a word begins or ends here.
func (a *attempt) edge(pos int) bool {
	before := pos > 0 && word.has(a.text[pos-1])
	return before != (pos < len(a.text) && word.has(a.text[pos]))
}

var word = func() (s set) {
	for c := range byte(128) {
		if c == '_' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' {
			s.add(c)
		}
	}
	return s
}()

// ascii reports whether a text has no letter beyond ASCII.
func ascii(s string) bool {
	for len(s) >= 32 {
		a, b := binary.LittleEndian.Uint64([]byte(s[:8])), binary.LittleEndian.Uint64([]byte(s[8:16]))
		c, d := binary.LittleEndian.Uint64([]byte(s[16:24])), binary.LittleEndian.Uint64([]byte(s[24:32]))
		if (a|b|c|d)&0x8080808080808080 != 0 {
			return false
		}
		s = s[32:]
	}
	for len(s) >= 8 {
		if binary.LittleEndian.Uint64([]byte(s[:8]))&0x8080808080808080 != 0 {
			return false
		}
		s = s[8:]
	}
	for i := range len(s) {
		if s[i]&0x80 != 0 {
			return false
		}
	}
	return true
}

package assets

import (
	"slices"
	"strings"
)

// Reader reads lines with signatures and remembers what the last ones meant: a log says few things, and those often.
// It answers as [Signature.Read] does. It is for one goroutine at a time.
type Reader struct {
	known map[*Signature]map[string]*outcome
	size  int
	key   []byte
}

// outcome is what a signature made of a line with certain captures.
type outcome struct {
	Outcome
	ok    bool
	names []string  // of the pattern's groups, where the line has more than is known
	known []capture // those that the outcome depends on or that the cases found
}

type capture struct{ name, value string }

// Said is what a [Reader] read in a line.
type Said struct {
	*Outcome // shared: it must not be changed
	Captures Captures
}

const (
	// memoMax is how many outcomes are remembered, and keyMax how long what they depend on may be: some 2 MB.
	memoMax = 2048
	keyMax  = 400
	// lineMax is how long a line may be that a capture holds in memory; captures of longer ones are copied.
	lineMax = 4 << 10
)

// Read reads a line; false where it is none of its kind.
func (r *Reader) Read(s *Signature, line string) (Said, bool) {
	var at found
	if !s.pattern.find(line, &at) {
		return Said{}, false
	}
	if len(line) > lineMax {
		return share(s.whole(line, &at))
	}
	key := r.key[:0]
	for _, i := range s.weighs {
		v := at.group(line, i)
		if len(key)+len(v) > keyMax {
			return share(s.whole(line, &at))
		}
		key = append(append(key, v...), 0, byte(len(v)), byte(len(v)>>8))
	}
	r.key = key
	m := r.known[s][string(key)]
	if m == nil {
		m = r.learn(s, line, &at)
	}
	out, ok := share(m)
	if ok && m.names != nil {
		out.Captures.line = line
		for i := range m.names {
			if at[2*i] >= 0 {
				out.Captures.at[i] = span{uint16(at[2*i]), uint16(at[2*i+1])}
			}
		}
	}
	return out, ok
}

func share(m *outcome) (Said, bool) {
	if !m.ok {
		return Said{}, false
	}
	return Said{&m.Outcome, Captures{of: m}}, true
}

// whole is an outcome with copies of all captures.
func (s *Signature) whole(line string, at *found) *outcome {
	got, ok := s.read(line, at)
	m := &outcome{Outcome: got.Outcome, ok: ok, known: list(got.Captures)}
	for i := range m.known {
		m.known[i].value = strings.Clone(m.known[i].value) // what is remembered must not hold the line
	}
	return m
}

func (r *Reader) learn(s *Signature, line string, at *found) *outcome {
	if r.size >= memoMax || r.known == nil {
		r.known, r.size = map[*Signature]map[string]*outcome{}, 0
	}
	m := s.whole(line, at)
	if m.ok && !s.all {
		plain := map[string]string{}
		s.pattern.keep(plain, line, at)
		m.names = s.pattern.names
		m.known = slices.DeleteFunc(m.known, func(c capture) bool { v, ok := plain[c.name]; return ok && v == c.value })
	}
	if r.known[s] == nil {
		r.known[s] = map[string]*outcome{}
	}
	r.known[s][string(r.key)] = m
	r.size++
	return m
}

// weigh finds the groups that what a line means depends on: those that a case tests or a text names.
func (s *Signature) weigh() {
	asked := map[string]bool{s.Known: true}
	texts := func(o *Outcome) {
		for _, text := range []string{o.Meaning, o.Ref, o.Subject, o.Topic, o.Remedy} {
			for _, m := range blank.FindAllStringSubmatch(text, -1) {
				asked[m[1]] = true
			}
		}
	}
	texts(&s.Outcome)
	for i := range s.tries {
		texts(&s.tries[i].Outcome)
		for _, t := range s.tries[i].tests {
			asked[t.capture] = true
			for _, name := range t.pattern.names {
				asked[name] = true // a case may find the same once more
			}
		}
	}
	s.all = true
	for i, name := range s.pattern.names {
		switch {
		case name == "":
		case asked[name]:
			s.weighs = append(s.weighs, i)
		default:
			s.all = false
		}
	}
}

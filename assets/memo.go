package assets

import "strings"

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
	ok       bool
	captures map[string]string // all of them, where what a line means depends on all
	extra    []capture         // else those that the cases found
}

type capture struct{ name, value string }

const (
	// memoMax is how many outcomes are remembered, and keyMax how long what they depend on may be: some 2 MB.
	memoMax = 2048
	keyMax  = 400
	// lineMax is how long a line may be that a capture holds in memory; captures of longer ones are copied.
	lineMax = 4 << 10
)

// Read reads a line; false where it is none of its kind. The reading's captures are shared and must not be changed.
func (r *Reader) Read(s *Signature, line string) (Reading, bool) {
	var at found
	if !s.pattern.find(line, &at) {
		return Reading{}, false
	}
	if len(line) > lineMax {
		got, ok := s.read(line, &at)
		for name, v := range got.Captures {
			got.Captures[name] = strings.Clone(v)
		}
		return got, ok
	}
	key := r.key[:0]
	for _, i := range s.weighs {
		v := at.group(line, i)
		if len(key)+len(v) > keyMax {
			return s.read(line, &at)
		}
		key = append(append(key, v...), 0, byte(len(v)), byte(len(v)>>8))
	}
	r.key = key
	m := r.known[s][string(key)]
	if m == nil {
		m = r.learn(s, line, &at)
	}
	if !m.ok {
		return Reading{}, false
	}
	if m.captures != nil {
		return Reading{m.Outcome, m.captures}, true
	}
	captures := map[string]string{} // of eight at most, usually: no larger than it has to be
	s.pattern.keep(captures, line, &at)
	for _, c := range m.extra {
		captures[c.name] = c.value
	}
	return Reading{m.Outcome, captures}, true
}

func (r *Reader) learn(s *Signature, line string, at *found) *outcome {
	if r.size >= memoMax || r.known == nil {
		r.known, r.size = map[*Signature]map[string]*outcome{}, 0
	}
	got, ok := s.read(line, at)
	for name, v := range got.Captures {
		got.Captures[name] = strings.Clone(v) // what is remembered must not hold the line
	}
	m := &outcome{Outcome: got.Outcome, ok: ok}
	if s.all {
		m.captures = got.Captures
	} else if ok {
		plain := map[string]string{}
		s.pattern.keep(plain, line, at)
		for name, v := range got.Captures {
			if w, ok := plain[name]; !ok || w != v {
				m.extra = append(m.extra, capture{name, v})
			}
		}
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

package logs

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"linecheck/checks"
)

// sight is where and when a line was seen: what remains of one that is only counted.
type sight struct {
	path, text string
	number     int // 0: not known
	place      int
	from       *int
	at         time.Time // as near as it is known; zero: not at all
	how        dating
}

func (e *Entry) sight() sight {
	return sight{path: e.Path, text: e.Text, number: e.Number, place: e.place, from: e.from, at: e.moment(), how: e.dating()}
}

// compare orders lines of several files: by time, then by name and place, so that it says nothing in which order the
// files were read.
func (s *sight) compare(o *sight) int {
	if c := s.at.Compare(o.at); c != 0 {
		return c
	}
	return cmp.Or(strings.Compare(s.path, o.path), cmp.Compare(s.place, o.place))
}

// newer orders by place in one reading, whatever its clock did, else as compare does.
func (s *sight) newer(o *sight) bool {
	if s.from == o.from {
		return s.place > o.place
	}
	return s.compare(o) > 0
}

// newer is [sight.newer] for whole lines.
func (e *Entry) newer(o *Entry) bool {
	if e.from == o.from {
		return e.place > o.place
	}
	a, b := e.sight(), o.sight()
	return a.compare(&b) > 0
}

// evidence is the line as it stands in the file.
func (s *sight) evidence() checks.Evidence {
	v := checks.Evidence{Source: s.path, Line: s.number, Text: s.text}
	if s.number == 0 {
		v.Source += ", near the end"
	}
	return v
}

// trail is the oldest line and the newest ones. A line that comes in order costs one copy.
type trail struct {
	oldest sight
	late   [maxEvidence - 1]sight // a ring
	begin  int                    // the oldest of the ring
	n      int                    // how many are in it
	any    bool
}

func (t *trail) take(s sight) {
	switch {
	case !t.any:
		t.oldest, t.any = s, true
		return
	case t.oldest.newer(&s):
		s, t.oldest = t.oldest, s
	}
	if t.n == 0 || s.newer(&t.late[(t.begin+t.n-1)%len(t.late)]) {
		t.push(s)
		return
	}
	all := append(t.ring(), s)
	slices.SortStableFunc(all, func(a, b sight) int {
		switch {
		case a.newer(&b):
			return 1
		case b.newer(&a):
			return -1
		}
		return 0
	})
	t.fill(all)
}

func (t *trail) push(s sight) {
	if t.n < len(t.late) {
		t.late[(t.begin+t.n)%len(t.late)] = s
		t.n++
		return
	}
	t.late[t.begin] = s
	t.begin = (t.begin + 1) % len(t.late)
}

// fill puts the newest into the ring.
func (t *trail) fill(all []sight) {
	t.begin, t.n = 0, 0
	for _, s := range all[max(0, len(all)-len(t.late)):] {
		t.push(s)
	}
}

func (t *trail) ring() []sight {
	out := make([]sight, 0, len(t.late)+1)
	for i := range t.n {
		out = append(out, t.late[(t.begin+i)%len(t.late)])
	}
	return out
}

// list is what was kept, oldest first.
func (t *trail) list() []sight {
	if !t.any {
		return nil
	}
	return append([]sight{t.oldest}, t.ring()...)
}

// merge takes the trail of other files.
func (t *trail) merge(o *trail) {
	all := append(t.list(), o.list()...)
	if len(all) == 0 {
		return
	}
	slices.SortStableFunc(all, func(a, b sight) int { return a.compare(&b) })
	t.oldest, t.any = all[0], true
	t.fill(all[1:])
}

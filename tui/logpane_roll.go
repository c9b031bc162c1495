package tui

import (
	"time"

	"linecheck/checks"
)

// kept is one line with its place in time: its own, or that of the line before it.
type kept struct {
	checks.Line
	when time.Time
}

// roll keeps the newest lines in the order of time. Each has a number, which only grows along the roll.
type roll struct {
	ring  []kept
	size  int
	base  int // number of the oldest line kept
	next  int // one more than the number of the newest
	bytes int
	last  map[string]time.Time // by file: the place of its newest line
}

const (
	// rollBytes bounds what is kept beside the number of lines: a line may have 4 KB.
	rollBytes = 32 << 20
	// lineBytes is what a line costs beside its text.
	lineBytes = 256
	// lookBack is how many lines a late one may be put before. Files are looked at four times a second, one after the
	// other, and what linecheck itself asked is told at once.
	lookBack = 200
	// lateness is how late a line may be and still be put in order. What differs more was not late: its clock was set, or
	// its file is written in another zone, and a new line must not go out of sight.
	lateness = 5 * time.Second
)

func newRoll(size int) roll {
	return roll{size: max(1, size), last: map[string]time.Time{}}
}

func (r *roll) len() int { return r.next - r.base }

// at is the line of a number. There is one more place than lines are kept: that of a new one, until the oldest is shed.
func (r *roll) at(no int) *kept { return &r.ring[no%(r.size+1)] }

func (l kept) cost() int { return lineBytes + len(l.Text) + len(l.Meaning) + len(l.Ref) }

// add gives a line its place, behind all that were before it in its own file, and returns its number.
func (r *roll) add(l checks.Line) int {
	k := kept{l, r.when(l)}
	if len(r.ring) <= r.size {
		r.ring = append(r.ring, kept{})
	}
	r.bytes += k.cost()
	no := r.next
	r.next++
	for range lookBack {
		if no == r.base || !r.at(no-1).after(k) {
			break
		}
		*r.at(no) = *r.at(no - 1)
		no--
	}
	*r.at(no) = k
	return no
}

// after reports whether l, which was told first, belongs behind k.
func (l kept) after(k kept) bool {
	if l.Path == k.Path && l.File == k.File && !l.Own && !k.Own {
		return false
	}
	d := l.when.Sub(k.when)
	return d > 0 && d <= lateness
}

// when is a line's place in time. One without a time belongs to the line before it in its file; in a file that has none
// it belongs where it arrived.
func (r *roll) when(l checks.Line) time.Time {
	if l.Own {
		return l.At
	}
	file := l.Path + "\x00" + l.File
	at := l.At
	if at.IsZero() {
		at = r.last[file]
	}
	if at.IsZero() && r.len() > 0 {
		at = r.at(r.next - 1).when
	}
	if _, ok := r.last[file]; ok || len(r.last) < 1000 {
		r.last[file] = at
	}
	return at
}

// shed drops the oldest line where there are too many lines or bytes. It is asked after every line that is added.
func (r *roll) shed() (checks.Line, bool) {
	if r.len() <= r.size && (r.bytes <= rollBytes || r.len() <= 1) {
		return checks.Line{}, false
	}
	old := *r.at(r.base)
	*r.at(r.base) = kept{} // its text is to be freed
	r.bytes -= old.cost()
	r.base++
	return old.Line, true
}

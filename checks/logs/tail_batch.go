package logs

import (
	"cmp"
	"slices"
)

const (
	// batchLines and batchBytes bound what waits to be told; what is more is told before the round ends.
	batchLines = 8 << 10
	batchBytes = 4 << 20
)

// batch is lines of several files that are told together, in the order of time.
type batch struct {
	lines  []Entry
	order  []slot
	weight int
	round  int // one more for each batch
	files  int // that have lines in it
}

// slot is a line's place in a batch: by time, and among lines of one time by file.
type slot struct {
	at int64
	i  int
}

// hold keeps a line until its round is told. A line without a time stays behind the one before it in its file, and so
// does a line whose clock went back: no file is told out of its own order.
func (t *tail) hold(c *cursor, e Entry) {
	if c.live.unheard {
		return
	}
	b := &t.batch
	if c.live.round != b.round+1 {
		c.live.round, c.live.newest = b.round+1, 0
		b.files++
	}
	if !e.When.IsZero() {
		c.live.newest = max(c.live.newest, e.When.UnixNano())
	}
	b.order = append(b.order, slot{c.live.newest, len(b.lines)})
	b.lines = append(b.lines, e)
	if b.weight += len(e.Text); len(b.lines) >= batchLines || b.weight >= batchBytes {
		t.flush()
	}
}

// flush tells what is held.
func (t *tail) flush() {
	b := &t.batch
	if b.files > 1 {
		slices.SortFunc(b.order, func(a, b slot) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.i, b.i)) })
	}
	for _, o := range b.order {
		t.tell(b.lines[o.i])
	}
	clear(b.lines) // the texts of lines that were told are no longer held
	b.lines, b.order, b.weight, b.files = b.lines[:0], b.order[:0], 0, 0
	b.round++
}

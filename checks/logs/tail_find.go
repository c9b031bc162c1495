package logs

import (
	"context"
	"maps"
	"os"
	"slices"
	"strconv"
	"time"
)

// doubtsMost is how often a file that may be a copy on its way is left for the next search.
const doubtsMost = 4

// seek starts a search where one is wanted, one at a time, and takes what it found. It reports whether there is
// something new to read.
func (t *tail) seek(ctx context.Context, wanted bool) bool {
	if t.seeking == nil {
		if !wanted || ctx.Err() != nil {
			return false
		}
		t.hurry, t.asked = false, time.Now()
		q := t.quest()
		t.seeking = aside(func() sought { return q.run(ctx) })
	}
	late := time.NewTimer(t.patience())
	defer late.Stop()
	s, ok := await(ctx, t.seeking, late, t.balks)
	if t.balks = !ok || s.took > t.patience(); !ok {
		return false
	}
	t.seeking = nil
	if ctx.Err() != nil {
		return false // it was ended, and what it did not find may be there
	}
	return t.found(s)
}

func (t *tail) quest() quest {
	q := quest{files: t.files, search: t.search, was: map[*cursor][]string{}, taken: maps.Clone(t.known), gone: maps.Clone(t.gone)}
	for _, c := range t.cursors {
		if c.live.lost {
			q.lost = append(q.lost, missed{c: c, foot: c.foot()})
		} else {
			q.taken[c.path] = true
		}
		if f := c.live.former; f != nil {
			q.lost = append(q.lost, missed{c: c, foot: f.foot, cut: true})
		}
		q.live, q.of, q.was[c] = append(q.live, c.foot()), append(q.of, c), append([]string(nil), c.live.was...)
	}
	q.links = slices.Collect(maps.Keys(t.refused))
	for _, m := range q.lost {
		if !m.cut {
			q.links = append(q.links, m.foot.path)
		}
	}
	for path := range t.known {
		if _, ok := t.gone[path]; ok {
			delete(q.taken, path) // it may have grown since
		}
	}
	return q
}

// found follows what a search found.
func (t *tail) found(s sought) (more bool) {
	t.refused = s.refused
	for _, f := range s.fates {
		more = t.meet(f) || more
	}
	there := map[string]bool{}
	for _, src := range s.sources {
		there[src.path] = true
	}
	maps.DeleteFunc(t.known, func(path string, _ bool) bool { return !there[path] })
	maps.DeleteFunc(t.doubts, func(path string, _ int) bool { return !there[path] })
	for _, f := range slices.Backward(s.fresh) { // the oldest first
		more = t.welcome(f) || more
	}
	return more
}

// meet takes what became of a file.
func (t *tail) meet(f fate) bool {
	c := f.c
	switch {
	case f.cut && (c.live.former == nil || c.live.former.foot.at != f.foot.at):
		return false // it was settled meanwhile
	case f.cut && f.path == "":
		t.bury(c)
		return false
	case f.cut:
		old := *c.live.former
		c.live.former = nil
		t.heir(c, f.path, old)
		return true
	case !c.live.lost:
		return false // it is back
	case f.copy:
		old := former{c.foot(), c.stream}
		c.stream, c.offset = c.renew(), 0
		t.heir(c, f.path, old)
		t.retire(c)
		t.remove(c)
		return true
	case f.path != "":
		if f.path != c.path {
			c.live.was = append(c.live.was, c.path)
			c.path = f.path
			c.stream.rename(f.path)
		}
		delete(t.known, f.path)
		t.seen[f.path] = true
		c.live.lost, c.size = false, -1
		return true
	}
	t.retire(c)
	t.remove(c)
	return true
}

// heir follows a copy with what was not read of the file before it was cut.
func (t *tail) heir(c *cursor, path string, old former) {
	src := c.source
	src.path = path
	h, err := newCursor(src, t.loc, t.every, nil)
	if err != nil {
		t.failed = err
		return
	}
	h.inherit(old)
	t.listen(h)
	delete(t.known, path)
	t.cursors = append([]*cursor{h}, t.cursors...)
}

// welcome follows a file that nobody follows, unless it is a copy of one that somebody does.
func (t *tail) welcome(f fresh) bool {
	switch {
	case t.taken(f.path):
		return false
	case f.copy:
		t.known[f.path] = true
		return false
	case f.unsure && !t.seen[f.path] && t.doubts[f.path] < doubtsMost:
		t.doubts[f.path]++
		return false
	case f.back != nil && t.known[f.path] && f.length <= f.back.foot.size:
		return false // as quiet as when it was left
	case f.key != "" && f.length <= f.back.foot.size:
		t.forget(f) // the same under another name
		r := *f.back
		r.foot.path = f.path
		t.known[f.path] = true
		t.keep(f.path, r)
		return false
	case t.known[f.path] && f.back == nil && !f.anew:
		return false
	}
	if len(t.cursors) >= maxFiles {
		t.drop()
	}
	c, err := newCursor(f.source, t.loc, t.every, nil)
	if err != nil {
		t.failed = err
		return false
	}
	t.listen(c)
	if f.back != nil {
		c.resume(*f.back)
	}
	t.forget(f)
	delete(t.known, f.path)
	delete(t.gone, f.path)
	delete(t.doubts, f.path)
	t.cursors = append(t.cursors, c)
	return true
}

// taken reports whether a path is followed.
func (t *tail) taken(path string) bool {
	for _, c := range t.cursors {
		if c.path == path && !c.live.lost {
			return true
		}
	}
	return false
}

// retire keeps what a file said that is not followed any more, and where reading stood in it.
func (t *tail) retire(c *cursor) {
	if c.offset > 0 && len(c.live.mark) > 0 {
		t.keep(c.path, c.rest())
	}
	t.bury(c)
	c.end()
	t.lines += c.stream.place
	t.done.merge(c.got)
}

// goneMost bounds what is remembered of files that are not followed.
const goneMost = 1024

func (t *tail) keep(path string, r rest) {
	if len(t.gone) >= goneMost {
		for other := range t.gone {
			delete(t.gone, other)
			break
		}
	}
	// Under one path stood several, where logs are rotated: each is known by itself.
	if old, ok := t.gone[path]; ok && old.foot.id != nil && r.foot.id != nil && !os.SameFile(old.foot.id, r.foot.id) {
		t.lost++
		t.gone[path+"\x00"+strconv.Itoa(t.lost)] = old
	}
	t.gone[path] = r
}

// forget drops what was kept of a file under its former name, unless another one stands for that name now.
func (t *tail) forget(f fresh) {
	if r, ok := t.gone[f.key]; ok && f.key != "" && r.foot.id != nil && os.SameFile(r.foot.id, f.back.foot.id) {
		delete(t.gone, f.key)
	}
}

func (t *tail) remove(c *cursor) {
	for i, o := range t.cursors {
		if o == c {
			t.cursors = append(t.cursors[:i:i], t.cursors[i+1:]...)
			return
		}
	}
}

// drop retires the file that has been quiet the longest, so that another one can be followed. Should it grow again it is
// taken up where it was left. One that waits to be read goes only where all do: nothing of it was told.
func (t *tail) drop() {
	oldest := slices.MinFunc(t.cursors, func(a, b *cursor) int {
		if x, y := a.waits(), b.waits(); x != y {
			if x {
				return 1
			}
			return -1
		}
		return a.since().Compare(b.since())
	})
	// One that nothing was read of cannot be taken up where it was left.
	if !oldest.live.lost && oldest.offset > 0 && len(oldest.live.mark) > 0 {
		t.known[oldest.path] = true
	}
	t.retire(oldest)
	t.remove(oldest)
}

// waits reports whether the file was not looked at yet, or has more than was read.
func (c *cursor) waits() bool { return c.touched.IsZero() || c.err == nil && c.offset < c.size }

// since is when the file was last written to, as far as is known: one that was not looked at yet was found by its date.
func (c *cursor) since() time.Time {
	if c.touched.IsZero() {
		return c.changed
	}
	return c.touched
}

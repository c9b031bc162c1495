package logs

import (
	"slices"
	"time"
)

// live is what a cursor of a live tail remembers beside its place.
type live struct {
	mark    []byte      // the bytes before the place of reading
	wait    chan glance // a look that has not answered yet
	asked   time.Time   // when it began
	slow    bool        // the last one took longer than waitMost
	lost    bool        // its path no longer leads to the file
	was     []string    // paths that the file had before
	mute    int64       // what stands before this place was there at the start, and is not told
	half    bool        // reading begins inside a line that was told already
	former  *former     // what was read of the file before it was cut
	round   int         // the last batch with lines of it
	newest  int64       // the newest time in that batch
	unheard bool        // counted, not told
}

// former is the reading of a file that was cut since: a copy of it may hold the rest.
type former struct {
	foot   foot
	stream *stream
}

// rest is where reading stood in a file that is not followed any more. The same file may come back: a network share
// does, and so does a file that was quiet for long.
type rest struct {
	foot  foot
	place int
	begun bool
	half  bool
	time  time.Time
}

func (c *cursor) foot() foot {
	return foot{path: c.path, at: c.offset, id: c.id, head: c.head, mark: c.live.mark, enc: c.stream.text.Enc, size: c.size, touched: c.touched}
}

// stand puts the cursor where a look left it.
func (c *cursor) stand(f foot) {
	c.offset, c.id, c.head, c.size, c.touched, c.live.mark = f.at, f.id, f.head, f.size, f.touched, f.mark
	c.got.bound = f.touched
}

// renew is a stream for the same file that has read nothing yet.
func (c *cursor) renew() *stream {
	s := newStream(c.stream.book, c.path, c.family, c.stream.loc, c.stream.emit)
	s.every, s.jumped = c.stream.every, c.stream.jumped
	return s
}

// restart begins the file anew: what was read of it is no longer in it.
func (t *tail) restart(c *cursor) {
	t.bury(c)
	c.live.former = &former{c.foot(), c.stream}
	c.stream, c.live.half, c.live.mute = c.renew(), false, 0
}

// bury ends the reading of a file that was cut, after it was looked for in copies.
func (t *tail) bury(c *cursor) {
	if f := c.live.former; f != nil {
		f.stream.text.End()
		f.stream.now()
		c.got.settle()
		t.lines += f.stream.place
		c.live.former = nil
	}
}

// leap goes on behind lines that nobody read; the one that had begun is among them.
func (c *cursor) leap(g glance) {
	old := c.stream
	s := c.renew()
	s.id, s.place, s.cut, s.time, s.newest, s.begun = old.id, old.place+max(g.passed.lines, 0), old.cut, old.time, old.newest, old.begun || g.passed.lines < 0
	s.text.Enc = g.enc
	c.stream, c.live.half = s, false
}

// inherit makes c go on with what another cursor had read of the same text.
func (c *cursor) inherit(f former) {
	old, s := f.stream, c.stream
	s.id, s.place, s.time, s.newest, s.begun = old.id, old.place, old.time, old.newest, old.begun
	s.stamp = slices.Clone(old.stamp)
	emit := s.text.Emit
	s.text = old.text
	s.text.Emit = emit
	c.offset, c.head, c.live.mark = f.foot.at, f.foot.head, f.foot.mark
}

// resume makes c go on in a file that comes back.
func (c *cursor) resume(r rest) {
	c.offset, c.id, c.head, c.live.mark, c.live.half = r.foot.at, r.foot.id, r.foot.head, r.foot.mark, r.half
	c.stream.place, c.stream.begun, c.stream.time, c.stream.text.Enc = r.place, r.begun, r.time, r.foot.enc
}

// rest is where a cursor stands.
func (c *cursor) rest() rest {
	r := rest{foot: c.foot(), place: c.stream.place, begun: c.stream.begun, half: !c.stream.text.Idle(), time: c.stream.now()}
	if r.half {
		r.place++ // it is told as it stands
	}
	return r
}

package logs

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"sync"
	"time"

	"linecheck/checks/host"
)

const (
	chunk = 64 << 10
	// headMax is how much of a file's beginning shows that it is still the same one.
	headMax = 64
	readers = 4
	// maxJumps is how many changes of the clock are kept of one file.
	maxJumps = 16
)

// cursor reads one file, now and, in a live tail, on.
type cursor struct {
	source
	stream *stream
	got    *gather
	tell   func(*Entry) // it may keep a copy; nil: nobody listens
	offset int64        // where reading goes on
	id     fs.FileInfo  // the file's identity, taken from an open handle
	head   []byte       // the file's first bytes

	start time.Time // lines before it are not asked for: a large file is searched for it; zero: from the beginning
	jumps []jump    // where the clock went back, at most maxJumps
	given int       // of jumps: how many the gather has
	deaf  bool      // got is not asked for: whoever listens gathers
	pool  *pool     // nil: one of its own for each look

	size    int64     // at the last look
	touched time.Time // at the last look
	err     error     // why it could not be read the last time

	live live // what only a live tail needs
}

// jump is a place where a log's clock went back, or came back from a time ahead.
type jump struct {
	at       int64 // the byte of the file near which it was noticed
	from, to time.Time
}

// newCursor is a cursor at the beginning of a file; every: lines that nobody knows are handed to tell too.
func newCursor(src source, loc *time.Location, every bool, tell func(*Entry)) (*cursor, error) {
	b, err := open(src.kinds)
	if err != nil {
		return nil, err
	}
	c := &cursor{source: src, got: newGather(src.changed), tell: tell}
	c.stream = newStream(b, src.path, src.family, loc, func(e *Entry) {
		if e.Meaning != "" && !c.deaf {
			c.got.add(e)
		}
		if c.tell != nil {
			c.tell(e)
		}
	})
	c.stream.every, c.stream.limit = every, src.changed
	c.stream.jumped = func(from, to time.Time) {
		if len(c.jumps) < maxJumps {
			c.jumps = append(c.jumps, jump{max(c.stream.at, c.offset), from, to})
		}
	}
	return c, nil
}

// look reads a file from where the cursor stands to its present end. Where it stands at the beginning and lines before
// start are not asked for, it begins there.
func (c *cursor) look(ctx context.Context, files host.Files) error {
	f, err := files.Open(c.path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	c.meet(f, info)
	if zipped(c.head) {
		c.offset = info.Size()
		return c.unzip(ctx, f, info.Size())
	}
	if c.offset == 0 && !c.start.IsZero() {
		if err := c.seek(f, info.Size()); err != nil {
			return err
		}
	}
	return c.read(ctx, f, info.Size())
}

// pour reads a text that is no file of this machine to its end: a member of an archive, standard input.
func (c *cursor) pour(ctx context.Context, r io.Reader) error {
	err := c.stream.pour(ctx, r, c.pool)
	c.end()
	return err
}

// meet remembers which file this is.
func (c *cursor) meet(f host.File, info fs.FileInfo) {
	c.id, c.size, c.touched = info, info.Size(), info.ModTime()
	c.got.bound, c.stream.limit = info.ModTime(), info.ModTime()
	if len(c.head) < headMax {
		head := make([]byte, min(headMax, info.Size()))
		n, _ := f.ReadAt(head, 0)
		c.head = head[:n]
	}
}

// read reads on to a place in the file.
func (c *cursor) read(ctx context.Context, f io.ReaderAt, end int64) error {
	if end-c.offset >= firstPart && !c.stream.every && c.stream.text.Idle() {
		p := c.pool
		if p == nil {
			p = newPool()
			defer p.close()
		}
		part := io.NewSectionReader(f, c.offset, end-c.offset)
		err := p.read(ctx, part, c.offset, c.stream)
		n, _ := part.Seek(0, io.SeekCurrent)
		c.offset += n
		return err
	}
	buf := make([]byte, chunk)
	for c.offset < end {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := f.ReadAt(buf[:min(chunk, end-c.offset)], c.offset)
		c.offset += int64(n)
		c.stream.text.Write(buf[:n])
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if n == 0 {
			return nil // it was cut meanwhile
		}
	}
	return nil
}

// end counts what still waits for a line feed or for the line it announces.
func (c *cursor) end() {
	c.stream.text.End()
	c.settle()
	if c.stream.newest.IsZero() { // then it is the file's time that is wrong
		c.stream.newest = c.stream.ahead
	}
}

// settle gives the gather what it has not heard yet.
func (c *cursor) settle() {
	c.stream.now()
	c.got.settle()
	c.got.jumped(c.path, c.jumps[c.given:], c.stream.back > c.stream.onward)
	c.given = len(c.jumps)
}

// scanned is what one look over all files learned.
type scanned struct {
	cursors  []*cursor // those that could be read
	problems []problem
	unread   int // files that no time was left for
	lines    int
	cut      int // lines longer than linecheck keeps
	newest   time.Time
	total    *gather
}

// scan reads the files, so many at once, all with the same workers. done is called after each, from one goroutine at a time.
func scan(ctx context.Context, files host.Files, cursors []*cursor, atOnce int, done func(n int, c *cursor)) {
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		n    int
		next = make(chan *cursor)
		p    = newPool()
	)
	defer p.close()
	for range min(atOnce, len(cursors)) {
		wg.Go(func() {
			for c := range next {
				if c.err = ctx.Err(); c.err == nil {
					c.pool = p
					c.err = c.look(ctx, files)
					c.pool = nil
				}
				mu.Lock()
				n++
				done(n, c)
				mu.Unlock()
			}
		})
	}
	for _, c := range cursors {
		next <- c
	}
	close(next)
	wg.Wait()
}

// sum puts together what the cursors read.
func sum(ctx context.Context, cursors []*cursor) *scanned {
	s := &scanned{total: newGather(time.Time{})}
	for _, c := range cursors {
		switch {
		case c.err == nil:
			s.cursors = append(s.cursors, c)
			s.count(c)
		case ctx.Err() != nil && errors.Is(c.err, ctx.Err()):
			s.unread++
			s.count(c)
		case !host.Absent(c.err): // a log that went away between the search and the look is rotated, not unreadable
			s.problems = append(s.problems, problem{c.path, c.err})
			s.count(c)
		}
	}
	return s
}

// count adds what a cursor has read.
func (s *scanned) count(c *cursor) {
	c.settle()
	s.total.merge(c.got)
	s.lines += c.stream.place
	s.cut += c.stream.cut
	for _, t := range []time.Time{c.stream.newest, c.touched} {
		if t.After(s.newest) {
			s.newest = t
		}
	}
}

package logs

import (
	"context"
	"errors"
	"maps"
	"os"
	"strings"
	"time"

	"linecheck/checks"
	"linecheck/checks/host"
)

const (
	// pollEvery is how often a log is looked at, as often as a screen is told (checks.Gather).
	pollEvery = 250 * time.Millisecond
	// openEvery: a file whose size and time look unchanged is opened every fourth time all the same, since Windows may
	// be late to tell them. A rotation is noticed within a second.
	openEvery = 4
	// searchEvery: new files are looked for every two seconds, and at once where one was rotated away.
	searchEvery = 8
	// pollMost is how much of one file is read in one round, so that a busy one does not hold up the others.
	pollMost = 8 << 20
)

// tail follows files as they grow, are rotated, cut, deleted and made anew. It keeps none of them open: an open handle
// would keep a product from making a deleted file anew on older Windows.
type tail struct {
	files  host.Files
	loc    *time.Location
	search func(context.Context) []source
	tell   func(Entry)
	every  bool // lines that nobody knows are told too
	waits  func(string)

	cursors []*cursor
	known   map[string]bool // paths that were there at the start and are not followed
	done    *gather         // what was gathered from files that are gone
	lines   int
	failed  error
}

// run follows until ctx is done.
func (t *tail) run(ctx context.Context) error {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for n := 0; ; n++ {
		moved := false
		for _, c := range t.cursors {
			if ctx.Err() != nil {
				return t.failed
			}
			moved = t.poll(ctx, c, n) || moved
		}
		if moved || n%searchEvery == searchEvery-1 {
			t.find(ctx)
		}
		t.blocked()
		select {
		case <-ctx.Done():
			return t.failed
		case <-tick.C:
		}
	}
}

// poll reads what was added to a file. It reports whether the path no longer leads to the file.
func (t *tail) poll(ctx context.Context, c *cursor, n int) (moved bool) {
	info, err := t.files.Stat(c.path)
	if err != nil {
		if c.err = nil; !host.Absent(err) {
			c.err = err
		}
		return host.Absent(err)
	}
	if c.err == nil && n%openEvery != 0 && info.Size() == c.size && info.ModTime().Equal(c.touched) && c.offset >= c.size {
		return false
	}
	f, err := t.files.Open(c.path)
	if err != nil {
		if c.err = nil; !host.Absent(err) {
			c.err = err // another program may hold it for a moment
		}
		return host.Absent(err)
	}
	defer f.Close()
	if info, err = f.Stat(); err != nil {
		c.err = err
		return false
	}
	c.err = nil
	switch {
	case c.other(info):
		return true
	case !c.grown(f, info):
		c.restart() // cut, or made anew under the old identity
	}
	c.meet(f, info)
	c.err = c.read(ctx, f, min(info.Size(), c.offset+pollMost))
	return false
}

// restart begins the file anew: what was read of it is no longer in it.
func (c *cursor) restart() {
	c.end()
	old := c.stream
	c.stream = newStream(old.book, c.path, c.family, old.loc, old.emit)
	c.stream.every = old.every
	c.offset, c.head, c.id = 0, nil, nil
}

// find looks for files that are new, and for those that were renamed.
func (t *tail) find(ctx context.Context) {
	sources := t.search(ctx)
	live := t.cursors[:0]
	taken := map[string]bool{}
	for _, c := range t.cursors {
		if t.still(c) {
			live = append(live, c)
			taken[c.path] = true
			continue
		}
		if path := t.renamed(ctx, c, sources); path != "" {
			c.path = path
			c.stream.rename(path)
			t.poll(ctx, c, 0)
			live = append(live, c)
			taken[path] = true
			continue
		}
		t.retire(c)
	}
	t.cursors = live
	there := map[string]bool{}
	for _, src := range sources {
		there[src.path] = true
	}
	maps.DeleteFunc(t.known, func(path string, _ bool) bool { return !there[path] })
	for _, src := range sources {
		if ctx.Err() != nil || taken[src.path] || t.known[src.path] || len(t.cursors) >= maxFiles && !t.drop() {
			continue
		}
		c, err := newCursor(src, t.loc, t.every, t.tell)
		if err != nil {
			t.failed = err
			return
		}
		t.cursors = append(t.cursors, c)
		t.poll(ctx, c, 0)
	}
}

// still reports whether a cursor's path leads to its file, as far as can be told.
func (t *tail) still(c *cursor) bool {
	f, err := t.files.Open(c.path)
	if err != nil {
		return !host.Absent(err)
	}
	defer f.Close()
	info, err := f.Stat()
	return err != nil || !c.other(info)
}

// renamed finds the file under its new name: among the sources, else among its neighbours with the same beginning.
func (t *tail) renamed(ctx context.Context, c *cursor, sources []source) string {
	paths := make([]string, 0, len(sources))
	for _, s := range sources {
		paths = append(paths, s.path)
	}
	folder := strings.TrimSuffix(c.path, base(c.path))
	near, _ := t.files.Glob(folder + family(c.path) + "*")
	for _, path := range append(paths, near...) {
		if ctx.Err() != nil {
			return ""
		}
		if path != c.path && c.id != nil && t.holds(path, c) {
			return path
		}
	}
	return ""
}

func (t *tail) holds(path string, c *cursor) bool {
	f, err := t.files.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	info, err := f.Stat()
	return err == nil && os.SameFile(c.id, info) && c.grown(f, info)
}

// retire keeps what a file said that is no longer there.
func (t *tail) retire(c *cursor) {
	c.end()
	t.lines += c.stream.place
	t.done.merge(c.got)
}

// drop retires the file that has been quiet the longest, so that a new one can be followed.
func (t *tail) drop() bool {
	oldest := 0
	for i, c := range t.cursors {
		if c.touched.Before(t.cursors[oldest].touched) {
			oldest = i
		}
	}
	t.known[t.cursors[oldest].path] = true
	t.retire(t.cursors[oldest])
	t.cursors = append(t.cursors[:oldest], t.cursors[oldest+1:]...)
	return true
}

// blocked tells of files that cannot be read now.
func (t *tail) blocked() {
	if t.waits == nil {
		return
	}
	said := ""
	for _, c := range t.cursors {
		if c.err != nil && !errors.Is(c.err, context.Canceled) {
			said = base(c.path) + ": " + reason(c.err)
		}
	}
	t.waits(said)
}

func reason(err error) string {
	if host.Denied(err) {
		return "may not be read now"
	}
	return "cannot be read now: " + err.Error()
}

// end is everything that was gathered.
func (t *tail) end() *scanned {
	for _, c := range t.cursors {
		c.end()
		c.err = nil
	}
	s := sum(context.Background(), t.cursors)
	s.total.merge(t.done)
	s.lines += t.lines
	return s
}

// follow is Run for a live tail.
func follow(ctx context.Context, env checks.Env, since time.Duration, emit func(checks.Event)) (checks.Result, error) {
	found := find(ctx, env.Machine, env.Profile)
	if len(found.patterns) == 0 {
		return none(env)
	}
	t := &tail{files: env.Machine.Files, loc: time.Local, every: true, done: newGather(time.Time{}), known: map[string]bool{},
		search: func(ctx context.Context) []source { return find(ctx, env.Machine, env.Profile).all },
		tell:   func(e Entry) { emit(e.Line) }}
	waiting := ""
	t.waits = func(s string) {
		if s != waiting {
			waiting = s
			emit(checks.Progress{Waiting: s})
		}
	}
	if err := t.begin(ctx, found); err != nil {
		return checks.Result{}, err
	}
	err := t.run(ctx)
	return result(t.end(), found, env, since), err
}

// begin reads what is there already, silently, so that lines have their numbers and failures their count.
func (t *tail) begin(ctx context.Context, found finds) error {
	tell, every := t.tell, t.every
	loud := false
	for _, src := range found.sources {
		c, err := newCursor(src, t.loc, false, func(e Entry) {
			if loud {
				tell(e)
			}
		})
		if err != nil {
			return err
		}
		t.cursors = append(t.cursors, c)
	}
	for _, s := range found.all {
		t.known[s.path] = true
	}
	scan(ctx, t.files, t.cursors, func(int, source) {})
	loud = true
	for _, c := range t.cursors {
		c.stream.every = every
		delete(t.known, c.path)
	}
	return nil
}

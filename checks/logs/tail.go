package logs

import (
	"cmp"
	"context"
	"time"

	"linecheck/checks/host"
)

const (
	// pollEvery is how often a log is looked at, as often as a screen is told (checks.Gather).
	pollEvery = 250 * time.Millisecond
	// openEvery: a file whose size and time look unchanged is opened every fourth time all the same, since Windows may
	// be late to tell them. A rotation is noticed within a second.
	openEvery = 4
	// searchEvery: new files are looked for every two seconds, and at once where one was rotated away or cut.
	searchEvery = 8
	// waitMost is how long a round waits for a file or a search that does not answer, a share that vanished for one.
	waitMost = time.Second
)

// tail follows files as they grow, are rotated, cut, deleted and made anew. It keeps none of them open between two
// looks: an open handle would keep a product from making a deleted file anew on older Windows. What is written between
// the last look and a deletion is lost with the file.
//
// A line is told when its line feed has come, or when it is certain that none will: its file was rotated away, cut or
// deleted. Half a line reads as something else: "failed with 2" of "failed with 28".
type tail struct {
	files  host.Files
	loc    *time.Location
	search func(context.Context) []source
	tell   func(Entry)
	every  bool // lines that nobody knows are told too
	waits  func(string)
	passed func(gap) // lines that were not read; nil: nobody is told

	cursors []*cursor
	known   map[string]bool // paths that are not followed: copies, and files that were too many
	done    *gather         // what was gathered from files that are gone
	lines   int
	failed  error

	looks   int              // so far
	wait    time.Duration    // how long a round waits; zero: waitMost
	gone    map[string]rest  // where reading stood in files that are not followed any more, by their last path
	lost    int              // of gone, those whose path was another's afterwards
	seen    map[string]bool  // paths that were followed
	doubts  map[string]int   // how often it could not be told whether a new file is a copy
	refused map[string]error // see sought
	gaps    []gap
	hurry   bool // a file was lost or cut: a search should not wait
	seeking chan sought
	asked   time.Time // when the search under way began
	balks   bool      // the last search took longer than waitMost
	busy    int       // files that had something to read the last time
	batch   batch
}

// run follows until ctx is done.
func (t *tail) run(ctx context.Context) error {
	t.adopt()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		t.look(ctx)
		select {
		case <-ctx.Done():
			return t.failed
		case <-tick.C:
		}
	}
}

// adopt makes the tail listen to cursors that somebody else began.
func (t *tail) adopt() {
	if t.known == nil {
		t.known = map[string]bool{}
	}
	if t.gone == nil {
		t.gone = map[string]rest{}
	}
	t.seen, t.doubts, t.refused = map[string]bool{}, map[string]int{}, map[string]error{}
	all := t.cursors
	t.cursors = nil
	for _, c := range all {
		if squeezed(c.path) || zipped(c.head) { // a compressed log is history: nobody writes to it
			t.known[c.path] = true
			t.retire(c)
			continue
		}
		t.listen(c)
		t.cursors = append(t.cursors, c)
	}
}

// patience is how long a round waits for what does not answer.
func (t *tail) patience() time.Duration { return cmp.Or(t.wait, waitMost) }

func (t *tail) listen(c *cursor) {
	t.seen[c.path] = true
	c.stream.every = t.every
	c.tell = func(e *Entry) { t.hold(c, *e) }
}

// look reads and tells everything that was added to the files since the last look.
func (t *tail) look(ctx context.Context) {
	due := t.looks%searchEvery == searchEvery-1
	for more := true; more && ctx.Err() == nil; due = false {
		more = t.round(ctx, due)
	}
	t.looks++
	t.blocked()
}

// round reads a part of what was added to each file, and tells it in the order of time. It reports whether there is
// more to read at once.
func (t *tail) round(ctx context.Context, due bool) (more bool) {
	more = t.glances(ctx)
	if t.seek(ctx, due || t.hurry) {
		more = true
	}
	t.flush()
	return more
}

// end is everything that was gathered.
func (t *tail) end() *scanned {
	for _, c := range t.cursors {
		t.bury(c)
		c.end()
		if c.id != nil || canceled(c.err) {
			c.err = nil // it was read once; what came later is not the last word
		}
	}
	t.flush()
	s := sum(context.Background(), t.cursors)
	s.total.merge(t.done)
	s.lines += t.lines
	for _, g := range t.gaps {
		s.problems = append(s.problems, problem{g.path, g})
	}
	return s
}

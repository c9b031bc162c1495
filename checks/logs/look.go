package logs

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"linecheck/assets"
	"linecheck/checks/host"
	"linecheck/checks/logs/bundle"
)

// Looked is what the logs that somebody named said: those of another machine perhaps, and of another day.
type Looked struct {
	AsOf     time.Time // the newest time in what was read; zero where nothing has one
	Problems []error   // files that could not be read; the rest was
	From     time.Time // the oldest known line's time; zero where none has one
	Files    int       // logs that were read, those inside archives too
	Lines    int
	Cut      int // lines longer than linecheck keeps
	Passed   int // files and members that are no logs

	since  time.Duration
	sorter *sorter
	shares []*share // one for each profile
	rest   []*share // lines that may be anybody's, in logs that are nobody's, as each profile takes them

	refused     []bundle.Refused // archives and members that were not read, or not whole
	moreRefused int              // further ones
	exports     []export
}

// Look reads files, folders with everything in them, and in (the path "-") to their ends, each once and with every
// signature, and tells every known line in the order of its file. since is how far back lines count as of now, where
// now is the newest time in what was read; 0: all do. The error says what kept it from looking at all, or that ctx was
// done before the end; what was read by then is in Looked.
func Look(ctx context.Context, m host.Machine, profiles []*assets.Profile, paths []string, in io.Reader, since time.Duration, tell func(Entry)) (*Looked, error) {
	sorter, err := newSorter(profiles)
	if err != nil {
		return nil, err
	}
	l := &looker{files: m.Files, events: m.Events, tell: tell, seen: map[string]bool{}, Looked: &Looked{since: since, sorter: sorter}}
	l.pool = newPool()
	defer l.pool.close()
	for range profiles {
		l.shares, l.rest = append(l.shares, newShare()), append(l.rest, newShare())
	}
	for _, p := range paths {
		if err := ctx.Err(); err != nil {
			return l.Looked, err
		}
		if p == "-" {
			if !l.seen[p] {
				l.note(l.stream(ctx, in))
			}
			l.seen[p] = true
			continue
		}
		found, folder, err := under(m.Files, p)
		l.note(err)
		for _, f := range found {
			if ctx.Err() == nil && !l.seen[f] {
				l.seen[f] = true
				l.note(l.open(ctx, f, !folder))
			}
		}
	}
	return l.Looked, ctx.Err()
}

type looker struct {
	*Looked
	files  host.Files
	events host.Events
	tell   func(Entry)
	pool   *pool
	seen   map[string]bool // paths that were read
	buf    *bufio.Reader   // of the member that is being read
}

// note keeps a problem; that ctx is done is told once, at the end.
func (l *looker) note(err error) {
	if err != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		l.Problems = append(l.Problems, err)
	}
}

func (l *looker) stream(ctx context.Context, in io.Reader) error {
	b := bufio.NewReaderSize(in, headLook)
	b.Peek(1) // waits for the first bytes and takes no more than are there
	head, _ := b.Peek(b.Buffered())
	if k := bundle.KindOf(head); k != bundle.None {
		return fmt.Errorf("%s: is packed (%s), and an archive can only be read from a file; name the file", stdin, k)
	}
	return l.log(source{path: stdin, family: family(stdin)}, func(c *cursor) error { return c.pour(ctx, b) })
}

// stdin is what standard input is called.
const stdin = "standard input"

// log reads one log and gives every profile its share of it.
func (l *looker) log(src source, read func(*cursor) error) error {
	got := newReading(l.sorter, src)
	c, err := newCursor(src, time.Local, false, func(e *Entry) {
		got.add(e)
		if l.tell != nil {
			l.tell(*e)
		}
	})
	if err != nil {
		return err
	}
	c.pool, c.deaf = l.pool, true
	err = read(c)
	c.end()
	c.pool = nil
	if err == nil || c.stream.place > 0 {
		l.keep(c, got)
	}
	if err != nil {
		var pe *fs.PathError
		if errors.As(err, &pe) {
			return err
		}
		return fmt.Errorf("%s: %w", printable(src.path), err)
	}
	return nil
}

// keep counts a log that was read, as far as it was.
func (l *looker) keep(c *cursor, got *reading) {
	l.Files++
	l.Lines += c.stream.place
	l.Cut += c.stream.cut
	if got.knows() {
		if t := c.stream.newest; t.After(l.AsOf) {
			l.AsOf = t
		}
		if !got.from.IsZero() && (l.From.IsZero() || got.from.Before(l.From)) {
			l.From = got.from
		}
	}
	got.share(c, l.shares, l.rest)
}

package host

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"
)

// Bounds of one carrying.
const (
	maxCarried   = 2_000_000 // entries of the folder itself; a folder inside moves as one
	heldTries    = 20        // waits for other programs to let go of what they hold, in all
	heldInterval = 250 * time.Millisecond
	maxConflicts = 3 // times that an entry's place is cleared
)

// carrier moves entries between a folder and its shelf. Both are held open while it does: whatever becomes of their
// names, nothing is moved to or from anywhere else.
type carrier struct {
	ctx   context.Context
	moved func(int)
	batch int                        // names that are read before they are moved
	pause func(context.Context) bool // false: no more waiting
	waits int
	reads int // listings, for the tests
	tries int // moves, for the tests
}

func newCarrier(ctx context.Context) *carrier {
	return &carrier{ctx: ctx, batch: emptyBatch, pause: func(ctx context.Context) bool {
		t := time.NewTimer(heldInterval)
		defer t.Stop()
		select {
		case <-t.C:
			return true
		case <-ctx.Done():
			return false
		}
	}}
}

// wait waits a little for a program that holds something, a bounded number of times in one carrying.
func (c *carrier) wait() bool {
	c.waits++
	return c.waits <= heldTries && c.pause(c.ctx)
}

func (c *carrier) shelve(d Disk, dir, shelf string) (n int, err error) {
	s, err := d.bench(dir, shelf)
	if err != nil {
		return 0, err
	}
	defer s.parent.Close()
	from, err := s.board(s.dir)
	if err != nil {
		return 0, err
	}
	defer from.close()
	if err := apart(s.parent, from.file); err != nil {
		return 0, err
	}
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	if err := makeShelf(s.parent, s.shelf); err != nil {
		return 0, fmt.Errorf("the folder %s beside it cannot be made: %w", legible(s.shelf), bare(err))
	}
	to, err := s.board(s.shelf)
	if err == nil {
		defer to.close() // also where moved panics: on Windows an open folder cannot be removed
		n, err = c.all(from, to)
		if err == nil {
			err = errors.Join(s.still(s.dir, from), s.still(s.shelf, to))
		}
		flush(from.file, to.file)
		to.close()
	}
	if err != nil && n == 0 {
		_ = s.parent.Remove(s.shelf) // it is empty: nothing is left of the attempt
	}
	return n, err
}

// all moves every entry and ends at the first that cannot be moved.
func (c *carrier) all(from, to board) (n int, err error) {
	var gone []string
	for {
		names, full, err := c.list(from)
		if err != nil {
			return n, err
		}
		before := n
		for _, name := range names {
			if err := c.ctx.Err(); err != nil {
				return n, err
			}
			err := c.move(from, to, name)
			if missing(err) && len(gone) < maxEmptyErrors {
				gone = append(gone, name) // somebody else was faster
				continue
			}
			if err != nil {
				return n, c.blame(err, from, name)
			}
			if n++; c.moved != nil {
				c.moved(n)
			}
		}
		switch {
		case !full:
			return n, c.absent(from, gone)
		case n == before:
			return n, fmt.Errorf("%s: %w", legible(names[0]), errUnnamed)
		case n >= maxCarried:
			return n, ErrTooMany
		}
	}
}

// absent makes sure that what could not be found is no longer listed either.
func (c *carrier) absent(from board, gone []string) error {
	if len(gone) == 0 {
		return nil
	}
	names, _, err := c.list(from)
	if err != nil {
		return err
	}
	listed := map[string]bool{}
	for _, name := range names {
		listed[name] = true
	}
	for _, name := range gone {
		if listed[name] {
			return fmt.Errorf("%s: %w", legible(name), errUnnamed)
		}
	}
	return nil
}

// list reads at most a batch of names; full says that there are more.
func (c *carrier) list(b board) (names []string, full bool, err error) {
	c.reads++
	entries, err := readSome(b.root, c.batch)
	if full = errors.Is(err, ErrTooMany); full {
		err = nil
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names, full, err
}

// move moves one entry as it is, a link as a link, and takes nothing's place. It waits where another program holds it.
func (c *carrier) move(from, to board, name string) error {
	for {
		c.tries++
		err := rename(from.file, to.file, name, name)
		if err == nil || !held(err) || !c.wait() {
			return err
		}
	}
}

func (c *carrier) giveBack(d Disk, dir, shelf string) (n int, err error) {
	s, err := d.bench(dir, shelf)
	if nowhere(err) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	defer s.parent.Close()
	from, err := s.shelfBoard()
	if missing(err) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	n, err = c.backAll(s, from)
	from.close()
	if err == nil {
		err = c.drop(s)
	}
	return n, err
}

func (c *carrier) backAll(s bench, from board) (n int, err error) {
	to, err := s.board(s.dir)
	if err != nil {
		return 0, err
	}
	defer to.close()
	if err := apart(s.parent, to.file); err != nil {
		return 0, err
	}
	defer flush(to.file, from.file)
	for {
		names, full, err := c.list(from)
		if err != nil {
			return n, err
		}
		before := n
		e := emptier{ctx: c.ctx} // keeps the errors
		for _, name := range names {
			if err := c.ctx.Err(); err != nil {
				return n, errors.Join(append(e.failed, err)...)
			}
			switch err := c.back(from, to, name); {
			case err == nil:
				n++
			case !missing(err):
				e.fail(name, c.blame(err, from, name))
			}
		}
		if !full || n == before {
			if e.more > 0 {
				e.failed = append(e.failed, fmt.Errorf("and %d more", e.more))
			}
			return n, errors.Join(e.failed...)
		}
	}
}

// back moves one entry back, and removes what took its place.
func (c *carrier) back(from, to board, name string) error {
	var err error
	for range maxConflicts {
		if err = c.move(from, to, name); !errors.Is(err, fs.ErrExist) {
			return err
		}
		if err := c.clear(to, name); err != nil {
			return err
		}
	}
	return err
}

func (c *carrier) clear(b board, name string) error {
	here, err := b.root.Stat(".")
	if err != nil {
		return err
	}
	for {
		e := emptier{ctx: c.ctx}
		if e.remove(b.root, here, name, name, 0) {
			return nil
		}
		if !e.held || !c.wait() {
			return fmt.Errorf("what took its place cannot be removed: %w", errors.Join(append(e.failed, c.ctx.Err())...))
		}
	}
}

func (c *carrier) discard(d Disk, dir, shelf string) (n int, bytes int64, err error) {
	s, err := d.bench(dir, shelf)
	if nowhere(err) {
		return 0, 0, nil
	}
	if err != nil {
		return 0, 0, err
	}
	defer s.parent.Close()
	for {
		b, err := s.shelfBoard()
		if missing(err) {
			return n, bytes, nil
		}
		if err != nil {
			return n, bytes, err
		}
		e := emptier{ctx: c.ctx}
		ok := e.empty(b.root, "", 0)
		b.close()
		n, bytes = n+e.removed, bytes+e.bytes
		if ok {
			return n, bytes, c.drop(s)
		}
		if !e.held || !c.wait() {
			return n, bytes, e.err(s.shelf)
		}
	}
}

// drop removes the empty shelf. Windows removes what is deleted only when the last program has closed it.
func (c *carrier) drop(s bench) error {
	for {
		err := s.parent.Remove(s.shelf)
		switch {
		case err == nil, missing(err):
			return nil
		case !lingers(err) || !c.wait():
			return fmt.Errorf("%s: %w", legible(s.shelf), bare(err))
		}
	}
}

// blame says of an error which entry it is about, and who holds it.
func (c *carrier) blame(err error, from board, name string) error {
	if held(err) {
		if who := holders(c.ctx, from.file, name); who != "" {
			return fmt.Errorf("%s is held open by %s: %w", legible(name), who, bare(err))
		}
	}
	return fmt.Errorf("%s: %w", legible(name), bare(err))
}

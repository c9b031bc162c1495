package host

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
)

// Bounds of one emptying.
const (
	maxNesting     = 128    // folders inside each other, each an open handle while it is emptied
	maxEmptyErrors = 100    // errors that are kept; the rest is counted
	emptyBatch     = 10_000 // names that are read before they are removed
)

var errWhole = errors.New("linecheck does not empty a whole volume")

// reach opens a folder name by name, and refuses a link anywhere on the way. seen is told of the volume's top and of each
// folder below it, the last one too, while it is open; it may be nil, and its error ends the way.
func (d Disk) reach(s spelling, seen func(path string, dir *os.Root) error) (*os.Root, error) {
	top, rest := d.Root, s.parts
	if d.Root == "" {
		if _, err := s.native(); err != nil {
			return nil, err
		}
		top = spelling{windows: s.windows, volume: s.volume}.String()
	}
	root, err := os.OpenRoot(top)
	if err != nil {
		return nil, err
	}
	if d.Root != "" {
		rest = nil
		if under := s.under(root); under != "." {
			rest = strings.Split(under, "/")
		}
	}
	above := len(rest) - len(s.parts) // folders that stand for the volume, under a root
	for i := 0; ; i++ {
		if seen != nil && i >= above {
			at := spelling{windows: s.windows, volume: s.volume, parts: s.parts[:i-above]}
			if err := seen(at.String(), root); err != nil {
				root.Close()
				return nil, err
			}
		}
		if i == len(rest) {
			return root, nil
		}
		next, err := place{root, rest[i]}.openDir()
		root.Close()
		if err != nil {
			return nil, fmt.Errorf("folder %d of the path, %q: %w", i+1, rest[i], bare(err))
		}
		root = next
	}
}

// emptier removes everything in a folder, deepest first. A link inside is removed itself, never what it leads to. Folders
// are held open, so that one that is swapped for a link meanwhile leads nowhere else.
type emptier struct {
	ctx     context.Context
	removed int   // files and links, not folders
	bytes   int64 // their sizes
	failed  []error
	more    int
	held    bool // an entry was held by another program
}

// empty works on one open folder; rel is its path for errors. It reports whether nothing is left.
func (e *emptier) empty(dir *os.Root, rel string, depth int) bool {
	here, err := dir.Stat(".")
	if err != nil {
		e.fail(rel, err)
		return false
	}
	for {
		entries, err := readSome(dir, emptyBatch)
		full := errors.Is(err, ErrTooMany)
		if err != nil && !full {
			e.fail(rel, err)
			return false
		}
		left := 0
		for _, entry := range entries {
			if e.ctx.Err() != nil {
				return false
			}
			if !e.remove(dir, here, entry.Name(), rel+"/"+entry.Name(), depth) {
				left++
			}
		}
		if !full || left == len(entries) {
			return left == 0 && !full
		}
	}
}

// remove takes one entry away, and what is in it first.
func (e *emptier) remove(dir *os.Root, parent fs.FileInfo, name, rel string, depth int) bool {
	name, err := plainName(dir, name)
	if err != nil {
		return e.fail(rel, err)
	}
	info, err := dir.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return true // somebody else was faster
	}
	if err != nil {
		return e.fail(rel, err)
	}
	if !info.IsDir() {
		if err := dir.Remove(name); err != nil {
			return e.fail(rel, err)
		}
		e.removed++
		if info.Mode().IsRegular() {
			e.bytes += info.Size()
		}
		return true
	}
	if depth >= maxNesting {
		return e.fail(rel, fmt.Errorf("more than %d folders inside each other", maxNesting))
	}
	if !sameVolume(parent, info) {
		return e.fail(rel, errors.New("another volume is mounted there"))
	}
	sub, err := place{dir, name}.openDir()
	if err != nil {
		return e.fail(rel, err)
	}
	ok := e.empty(sub, rel, depth+1)
	sub.Close()
	if !ok {
		return false
	}
	if err := dir.Remove(name); err != nil {
		return e.fail(rel, err)
	}
	return true
}

func (e *emptier) fail(rel string, err error) bool {
	e.held = e.held || held(err)
	if len(e.failed) >= maxEmptyErrors {
		e.more++
		return false
	}
	e.failed = append(e.failed, fmt.Errorf("%s: %w", legible(rel), bare(err)))
	return false
}

func (e *emptier) err(dir string) error {
	if e.more > 0 {
		e.failed = append(e.failed, fmt.Errorf("and %d more", e.more))
	}
	if err := e.ctx.Err(); err != nil {
		e.failed = append(e.failed, err)
	}
	if len(e.failed) == 0 {
		return nil
	}
	return fmt.Errorf("not everything in %s was removed: %w", dir, errors.Join(e.failed...))
}

// legible writes a name for a message: as it is, or quoted where it could not be read or would change a screen.
func legible(name string) string {
	if q := strconv.Quote(name); len(q) == len(name)+2+strings.Count(name, `\`) {
		return name
	}
	return strconv.Quote(name)
}

// bare drops the path that os.Root puts before an error: it is only the last part of the real one.
func bare(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

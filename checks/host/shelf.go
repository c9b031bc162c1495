package host

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"
)

// shelfMark stands between a folder's name and the number of its shelf.
const shelfMark = ".linecheck-"

var (
	shelfTail = regexp.MustCompile(`^[0-9a-f]{8,32}$`)

	errNoShelf  = errors.New("is no shelf of that folder")
	errStranger = fmt.Errorf("another account made it or may write to it: %w", ErrDenied)
	errMount    = errors.New("it is on another volume than the folder that it lies in, so its content cannot be moved aside")
	errUnnamed  = errors.New("cannot be reached by the name that it is listed under")
)

// Shelf is the path of the shelf beside dir for a number in hexadecimal.
func Shelf(dir, number string) string { return strings.TrimRight(dir, `/\`) + shelfMark + number }

// IsShelf reports whether shelf is a name that [Shelf] makes for dir.
func IsShelf(dir, shelf string) bool {
	tail, ok := strings.CutPrefix(shelf, strings.TrimRight(dir, `/\`)+shelfMark)
	return ok && shelfTail.MatchString(tail)
}

// Shelve implements [Shelver]. The shelf is open to administrators only, so that nobody puts something there that
// [Disk.Return] would bring into dir. Where the first entry cannot be moved, no shelf is left.
func (d Disk) Shelve(ctx context.Context, dir, shelf string, moved func(int)) (int, error) {
	c := newCarrier(ctx)
	c.moved = moved
	n, err := c.shelve(d, dir, shelf)
	return n, named("move aside", dir, err)
}

// Return implements [Shelver]. It goes on after an entry that cannot be moved, and leaves the shelf to that.
func (d Disk) Return(ctx context.Context, dir, shelf string) (int, error) {
	n, err := newCarrier(ctx).giveBack(d, dir, shelf)
	return n, named("move back", dir, err)
}

// Discard implements [Shelver].
func (d Disk) Discard(ctx context.Context, dir, shelf string) (int, int64, error) {
	c := newCarrier(ctx)
	n, bytes, err := c.discard(d, dir, shelf)
	return n, bytes, named("remove", shelf, err)
}

// Movable implements [Files].
func (d Disk) Movable(dir string) error {
	s, err := d.bench(dir, Shelf(dir, strings.Repeat("0", 8)))
	if err == nil {
		defer s.parent.Close()
		var b board
		if b, err = s.board(s.dir); err == nil {
			defer b.close()
			err = apart(s.parent, b.file)
		}
	}
	return named("look at", dir, err)
}

// bench is the folder that both a folder and its shelf lie in, held open.
type bench struct {
	parent     *os.Root
	dir, shelf string // their names in it
}

func (d Disk) bench(dir, shelf string) (bench, error) {
	if !IsShelf(dir, shelf) {
		return bench{}, fmt.Errorf("%s %w", legible(shelf), errNoShelf)
	}
	s, err := parse(dir)
	if err != nil {
		return bench{}, err
	}
	if len(s.parts) == 0 {
		return bench{}, errWhole
	}
	name := s.parts[len(s.parts)-1]
	s.parts = s.parts[:len(s.parts)-1]
	parent, err := d.reach(s, nil)
	if err != nil {
		return bench{}, err
	}
	spelled := func(name string) string {
		if _, err := parent.Lstat(name); err != nil && s.windows {
			if found, ok := foldName(parent, "", name); ok {
				return found
			}
		}
		return name
	}
	tail := strings.TrimPrefix(shelf, strings.TrimRight(dir, `/\`))
	return bench{parent, spelled(name), spelled(name + tail)}, nil
}

// board is an open folder: root for what is in it, file for its handle.
type board struct {
	root *os.Root
	file *os.File
}

func (b board) close() {
	b.file.Close()
	b.root.Close()
}

// board opens one of the two, never through a link.
func (s bench) board(name string) (board, error) {
	root, err := place{s.parent, name}.openDir()
	if err != nil {
		return board{}, fmt.Errorf("%s: %w", legible(name), bare(err))
	}
	file, err := root.Open(".")
	if err != nil {
		root.Close()
		return board{}, err
	}
	return board{root, file}, nil
}

// shelfBoard opens the shelf, and refuses one that somebody else put there.
func (s bench) shelfBoard() (board, error) {
	b, err := s.board(s.shelf)
	if err != nil {
		return b, err
	}
	if err := ours(b.file); err != nil {
		b.close()
		return board{}, fmt.Errorf("%s: %w", legible(s.shelf), err)
	}
	return b, nil
}

// still reports an error where the name leads to another folder by now.
func (s bench) still(name string, b board) error {
	there, err := s.parent.Lstat(name)
	if err != nil {
		return err
	}
	here, err := b.root.Stat(".")
	if err == nil && !os.SameFile(there, here) {
		err = fmt.Errorf("%s %w", legible(name), errReplaced)
	}
	return err
}

var errReplaced = errors.New("was replaced by another folder meanwhile")

func missing(err error) bool { return errors.Is(err, fs.ErrNotExist) }

// nowhere reports whether a folder on the way is not there, and so no shelf in it. Another system's path says nothing.
func nowhere(err error) bool { return missing(err) && !errors.Is(err, ErrUnsupported) }

package host

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"regexp"
	"strings"
)

// shelfMark stands between a folder's name and the number of its shelf.
const shelfMark = ".linecheck-"

var shelfTail = regexp.MustCompile(`^[0-9a-f]{8,32}$`)

// Shelf is the path of the shelf beside dir for a number in hexadecimal.
func Shelf(dir, number string) string { return strings.TrimRight(dir, `/\`) + shelfMark + number }

// IsShelf reports whether shelf is a name that [Shelf] makes for dir.
func IsShelf(dir, shelf string) bool {
	tail, ok := strings.CutPrefix(shelf, strings.TrimRight(dir, `/\`)+shelfMark)
	return ok && shelfTail.MatchString(tail)
}

// Shelve implements [Shelver].
func (d Disk) Shelve(ctx context.Context, dir, shelf string, moved func(int)) (int, error) {
	return d.carry(ctx, dir, shelf, false, moved)
}

// Return implements [Shelver].
func (d Disk) Return(ctx context.Context, dir, shelf string) (int, error) {
	return d.carry(ctx, dir, shelf, true, nil)
}

func (d Disk) carry(ctx context.Context, dir, shelf string, back bool, moved func(int)) (n int, err error) {
	if !IsShelf(dir, shelf) {
		return 0, errors.New("no shelf of that folder: " + shelf)
	}
	s, err := parse(dir)
	if err != nil {
		return 0, err
	}
	from := s.parts[len(s.parts)-1]
	to := from + strings.TrimPrefix(shelf, strings.TrimRight(dir, `/\`))
	s.parts = s.parts[:len(s.parts)-1]
	parent, err := d.hold(s.String())
	if err != nil {
		return 0, err
	}
	defer parent.Close()
	if back {
		from, to = to, from
	} else if err := parent.Mkdir(to, 0o700); err != nil {
		return 0, err
	}
	source, err := parent.OpenRoot(from)
	if back && errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	defer source.Close()
	entries, err := readSome(source, maxEntries)
	for _, e := range entries {
		if ctx.Err() != nil {
			return n, ctx.Err()
		}
		if back {
			_ = parent.RemoveAll(to + "/" + e.Name())
		}
		if err := parent.Rename(from+"/"+e.Name(), to+"/"+e.Name()); err != nil {
			return n, err
		}
		if n++; moved != nil {
			moved(n)
		}
	}
	if back && err == nil {
		err = parent.Remove(from)
	}
	return n, err
}

// Discard implements [Shelver].
func (d Disk) Discard(ctx context.Context, dir, shelf string) (int, int64, error) {
	n, bytes, err := d.Empty(ctx, shelf)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, 0, nil
	}
	if err != nil {
		return n, bytes, err
	}
	native, err := nativePath(shelf)
	if d.Root != "" {
		s, _ := parse(shelf)
		root, rerr := os.OpenRoot(d.Root)
		if rerr != nil {
			return n, bytes, rerr
		}
		defer root.Close()
		return n, bytes, root.Remove(s.under(root))
	}
	if err != nil {
		return n, bytes, err
	}
	return n, bytes, os.Remove(native)
}

// Exposed implements [Files].
func (d Disk) Exposed(dir, account string) ([]Exposure, error) { return nil, nil }

package host

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Disk reads and removes files. Paths are absolute, in the style of the system they were written for. With Root empty
// they are this machine's own; a path of the other system is then both fs.ErrNotExist and [ErrUnsupported]. With Root
// set every path is mapped under that folder and cannot lead out of it, on either system: C:\ProgramData\x is
// Root/C/ProgramData/x, /etc/x is Root/etc/x. Errors match those of io/fs.
type Disk struct{ Root string }

var (
	_ Files   = Disk{}
	_ Shelver = Disk{}

	errLink    = errors.New("is a link, which linecheck does not follow")
	errSpecial = errors.New("is not a regular file")
	errFolder  = errors.New("is not a folder")
	errSwapped = errors.New("was replaced while it was opened")
	errStyle   = fmt.Errorf("%w: a path of another system (%w)", fs.ErrNotExist, ErrUnsupported)
)

// Entries and folders that one search looks at.
const (
	maxEntries = 10_000
	maxDepth   = 12
)

// Open opens a regular file for reading, and shares deletion and renaming with everybody else.
func (d Disk) Open(path string) (File, error) {
	f, err := d.open(path)
	if err != nil {
		return nil, named("open", path, err)
	}
	return f, nil
}

func (d Disk) open(path string) (*os.File, error) {
	if d.Root == "" {
		native, err := nativePath(path)
		if err != nil {
			return nil, err
		}
		return openNative(native)
	}
	p, err := d.at("open", path)
	if err != nil {
		return nil, err
	}
	defer p.root.Close()
	return p.openFile()
}

// Stat describes the path itself: a link is described as a link.
func (d Disk) Stat(path string) (fs.FileInfo, error) {
	if d.Root == "" {
		native, err := nativePath(path)
		if err != nil {
			return nil, named("stat", path, err)
		}
		info, err := os.Lstat(native)
		return info, named("stat", path, err)
	}
	p, err := d.at("stat", path)
	if err != nil {
		return nil, err
	}
	defer p.root.Close()
	info, err := p.root.Lstat(p.rel)
	if err != nil {
		return nil, named("stat", path, err)
	}
	return info, nil
}

// ReadDir returns the entries of a folder by name. After 10,000 it stops and returns those with [ErrTooMany].
func (d Disk) ReadDir(path string) ([]fs.DirEntry, error) {
	p, err := d.at("read", path)
	if err != nil {
		return nil, err
	}
	defer p.root.Close()
	dir, err := p.openDir()
	if err != nil {
		return nil, named("read", path, err)
	}
	defer dir.Close()
	out, err := readSome(dir, maxEntries)
	slices.SortFunc(out, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return out, named("read", path, err)
}

// place is a path inside an open folder. Whoever holds it closes root.
type place struct {
	root *os.Root
	rel  string
}

// at opens the folder that a path lies in. Without Root that is the path's own parent, whose links are the system's
// business; with Root it is Root, which nothing leaves.
func (d Disk) at(op, path string) (place, error) {
	s, err := parse(path)
	if err != nil {
		return place{}, named(op, path, err)
	}
	if d.Root == "" {
		native, err := s.native()
		if err != nil {
			return place{}, named(op, path, err)
		}
		dir, rel := filepath.Dir(native), filepath.Base(native)
		if dir == native {
			rel = "."
		}
		root, err := os.OpenRoot(dir)
		return place{root, rel}, named(op, path, err)
	}
	root, err := os.OpenRoot(d.Root)
	if err != nil {
		return place{}, named(op, path, err)
	}
	return place{root, s.under(root)}, nil
}

// openFile opens a regular file. os.Root would follow a link at the last step, so what was opened must be what was
// seen before.
func (p place) openFile() (*os.File, error) {
	seen, err := p.root.Lstat(p.rel)
	if err != nil {
		return nil, err
	}
	if err := regular(seen); err != nil {
		return nil, err
	}
	f, err := p.root.OpenFile(p.rel, os.O_RDONLY|openFlags, 0)
	if err != nil {
		return nil, err
	}
	if got, err := f.Stat(); err != nil || !os.SameFile(seen, got) {
		f.Close()
		return nil, errors.Join(errSwapped, err)
	}
	return f, nil
}

// regular refuses everything that is no ordinary file; Go calls a junction irregular.
func regular(info fs.FileInfo) error {
	switch m := info.Mode(); {
	case m&(fs.ModeSymlink|fs.ModeIrregular) != 0:
		return errLink
	case !m.IsRegular():
		return errSpecial
	}
	return nil
}

// openDir opens a folder, never through a link.
func (p place) openDir() (*os.Root, error) {
	seen, err := p.root.Lstat(p.rel)
	if err != nil {
		return nil, err
	}
	switch m := seen.Mode(); {
	case m&(fs.ModeSymlink|fs.ModeIrregular) != 0:
		return nil, errLink
	case !m.IsDir():
		return nil, errFolder
	}
	dir, err := p.root.OpenRoot(p.rel)
	if err != nil {
		return nil, err
	}
	if got, err := dir.Stat("."); err != nil || !os.SameFile(seen, got) {
		dir.Close()
		return nil, errors.Join(errSwapped, err)
	}
	return dir, nil
}

// readSome lists a folder up to limit entries, unsorted; there are more where the error is ErrTooMany.
func readSome(dir *os.Root, limit int) ([]fs.DirEntry, error) {
	f, err := dir.Open(".")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []fs.DirEntry
	for len(out) <= limit {
		part, err := f.ReadDir(min(512, limit+1-len(out)))
		out = append(out, part...)
		if err != nil {
			return out, notEOF(err)
		}
	}
	return out[:limit], ErrTooMany
}

// named puts the caller's path into an error in place of the part of it that was opened.
func named(op, path string, err error) error {
	if err == nil {
		return nil
	}
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return &fs.PathError{Op: op, Path: path, Err: err}
}

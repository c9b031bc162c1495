package logs

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"

	"linecheck/checks/host"
	"linecheck/checks/logs/lines"
)

// markMax is how many bytes before the place where reading goes on show that the file is still the same one.
const markMax = 64

// foot is where reading stands in a file, and what the file is known by. It is a value: looks aside work on a copy.
type foot struct {
	path    string
	at      int64       // where reading goes on
	id      fs.FileInfo // taken from an open handle; nil: it was never opened
	head    []byte      // the file's first bytes
	mark    []byte      // the bytes before at
	enc     lines.Encoding
	size    int64     // at the last look
	touched time.Time // at the last look
}

// glance is one look at a file: where reading stands afterwards, and what was read.
type glance struct {
	foot
	opened bool
	moved  bool // the path no longer leads to the file
	cut    bool // the file holds no more what was read of it, and was begun anew
	data   []byte
	passed gap // what was not read before data
	more   bool
	err    error
	took   time.Duration
}

// look reads what was added to a file, at most share bytes. open: also where it looks unchanged.
func (f foot) look(ctx context.Context, files host.Files, open bool, share int64) (g glance) {
	g.foot = f
	info, err := files.Stat(f.path)
	switch {
	case err != nil && absent(err):
		g.moved = true
		return g
	case err != nil:
		g.err = err
		return g
	case !info.Mode().IsRegular():
		g.moved = true
	case !open && info.Size() == f.size && info.ModTime().Equal(f.touched) && f.at >= f.size:
		return g
	}
	h, err := files.Open(f.path)
	if err != nil {
		if g.moved = g.moved || absent(err); !absent(err) {
			g.err = err // another program may hold it for a moment
		}
		return g
	}
	defer h.Close()
	if info, err = h.Stat(); err != nil {
		g.err = err
		return g
	}
	if g.moved = f.other(info); g.moved {
		return g
	}
	g.opened, g.id, g.size, g.touched = true, info, info.Size(), info.ModTime()
	if !f.holds(h, g.size) {
		g.cut, g.at, g.head, g.mark, g.enc = true, 0, nil, nil, lines.Unknown
	}
	if len(g.mark) == 0 && g.at > 0 {
		g.mark = part(h, max(g.at-markMax, 0), min(g.at, markMax))
	}
	g.err = g.read(ctx, h, share)
	if len(g.head) < headMax { // only what was read: behind it may be room that is not written yet
		g.head = part(h, 0, min(headMax, g.at))
	}
	return g
}

// absent: also where a folder of the path is a file now.
func absent(err error) bool { return host.Absent(err) || errors.Is(err, syscall.ENOTDIR) }

// other reports whether a path now leads to another file. Descriptions that do not come from the operating system are
// not the same even as themselves; then nothing can be told.
func (f foot) other(info fs.FileInfo) bool {
	return f.id != nil && os.SameFile(f.id, f.id) && !os.SameFile(f.id, info)
}

// holds reports whether a file still holds what was read of it, as far as its head, its size and the bytes before the
// place of reading tell. A system may give a new file the identity of one that was deleted, and a file that was cut may
// have grown beyond its old size since.
func (f foot) holds(h io.ReaderAt, size int64) bool {
	return size >= f.at && bytes.Equal(part(h, 0, int64(len(f.head))), f.head) &&
		bytes.Equal(part(h, f.at-int64(len(f.mark)), int64(len(f.mark))), f.mark)
}

// copied reports whether another file is a copy of this one. unsure: it is too short to tell, and may be on its way.
func (f foot) copied(h io.ReaderAt, size int64) (yes, unsure bool) {
	const least = 8 // bytes; less is no evidence
	if len(f.mark) < least || len(f.head) < least {
		return false, false
	}
	if size < f.at {
		n := min(size, int64(len(f.head)))
		return false, n >= least && bytes.Equal(part(h, 0, n), f.head[:n])
	}
	return f.holds(h, size), false
}

// part is n bytes of a file, or those that it has.
func part(h io.ReaderAt, at, n int64) []byte {
	buf := make([]byte, n)
	got, _ := h.ReadAt(buf, at)
	return buf[:got]
}

// read reads on. What lies too far behind is passed over and counted.
func (g *glance) read(ctx context.Context, h io.ReaderAt, share int64) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if g.size-g.at > behindMost && written(h, g.size) {
		if err := g.pass(ctx, h); err != nil {
			return err
		}
	}
	if g.at >= g.size {
		return nil
	}
	buf := make([]byte, min(share, g.size-g.at))
	n, err := h.ReadAt(buf, g.at)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	skip, keep := g.zeros(buf[:n])
	if skip == n && n > 0 && written(h, g.size) {
		g.more = g.leave(ctx, h)
		return err
	}
	if keep > skip {
		g.data = buf[skip:keep]
		g.at += int64(keep)
		g.mark = last(g.mark, g.data)
		g.more = g.at < g.size
	}
	return err
}

// last is what stands before the place of reading after p was read.
func last(mark, p []byte) []byte {
	if len(p) >= markMax {
		return bytes.Clone(p[len(p)-markMax:])
	}
	all := append(bytes.Clone(mark), p...)
	return all[max(len(all)-markMax, 0):]
}

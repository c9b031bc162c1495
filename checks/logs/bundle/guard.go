package bundle

import (
	"archive/tar"
	"archive/zip"
	"compress/flate"
	"compress/gzip"
	"errors"
	"io"
)

// guard reads unpacked bytes up to the bounds, and remembers why it ended where that was not the end.
type guard struct {
	w      *walker
	r      io.Reader
	most   int64
	packed sized // what the bytes came from; nil: they were not packed
	counts bool  // its bytes count for the walk
	n      int64
	err    error
}

// sized says how many packed bytes were read.
type sized interface{ size() int64 }

// tally counts what is read of packed bytes.
type tally struct {
	r io.Reader
	n int64
}

func (t *tally) size() int64 { return t.n }

func (t *tally) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	t.n += int64(n)
	return n, err
}

// fixed is a size that is known before.
type fixed int64

func (f fixed) size() int64 { return int64(f) }

var (
	errLong = errors.New("too long")
	errBomb = errors.New("grows without end")
)

func (g *guard) Read(p []byte) (int, error) {
	if g.err != nil {
		return 0, g.err
	}
	if g.err = g.w.ctx.Err(); g.err != nil {
		return 0, g.err
	}
	n, err := g.r.Read(p)
	g.n += int64(n)
	if g.counts {
		g.w.Bytes += int64(n)
	}
	switch {
	case g.counts && g.w.Bytes > g.w.most.total:
		err = errSpent
	case g.n > g.most:
		err = errLong
	case g.packed != nil && g.n > g.w.most.from && g.n/g.w.most.ratio > g.packed.size():
		err = errBomb
	}
	if err != nil && !errors.Is(err, io.EOF) {
		g.err = err
	}
	return n, err
}

// reason says why something was not read, and what to do.
type reason struct{ why, do string }

const (
	unpackIt    = "Unpack it with a program that you trust, and name the folder"
	unpackOuter = "Unpack the outer archive with a program that you trust, and name the folder"
	getAnew     = "Get the file anew from where it was made"
)

// why puts an error into words.
func why(err error) reason {
	var (
		corrupt flate.CorruptInputError
		inner   flate.InternalError
	)
	switch {
	case errors.Is(err, errBomb):
		return reason{"it unpacks to many times more than logs do, as an archive made to do harm does, and the rest of it was not read", "Ask who made this archive; do not unpack it"}
	case errors.Is(err, errLong):
		return reason{"it is longer than linecheck reads of one member, and only its beginning was read", unpackIt}
	case errors.Is(err, errSpent):
		return reason{"it unpacks to more than linecheck reads of one archive, and the rest was not read", unpackIt}
	case errors.Is(err, zip.ErrChecksum), errors.Is(err, gzip.ErrChecksum):
		return reason{"its checksum is wrong: it was read, but something in it is damaged", getAnew}
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return reason{"it ends too early: what came before was read", getAnew}
	case errors.As(err, &corrupt), errors.As(err, &inner), errors.Is(err, gzip.ErrHeader), errors.Is(err, tar.ErrHeader), errors.Is(err, zip.ErrFormat), isBzip2(err):
		return reason{"it is damaged: what came before was read", getAnew}
	}
	return reason{"it could not be read: " + clean(err.Error()), getAnew}
}

package bundle

import (
	"archive/zip"
	"cmp"
	"compress/bzip2"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// directoryMax is how much of a zip is read to learn what is in it: 20,000 members with 400 bytes each.
const directoryMax = 8 << 20

// methods are the packings of a zip that linecheck does not read, by their numbers in the format's description.
var methods = map[uint16]string{1: "shrink", 6: "implode", 9: "Deflate64", 14: "LZMA", 20: "zstd", 93: "zstd", 95: "xz", 98: "PPMd", 99: "AES"}

const (
	stored   = 0
	deflated = 8
	bzipped  = 12
)

// zip reads a zip by its directory, or without it where that is damaged.
func (w *walker) zip(r io.ReaderAt, size int64, archive string, depth int) error {
	opening := &budget{r: r, left: directoryMax}
	z, err := zip.NewReader(opening, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // the names lead nowhere: nothing is written
		if e := w.ctx.Err(); e != nil {
			return e
		}
		if errors.Is(err, errDirectory) {
			w.refuse(archive, reason{"its directory is larger than those of support bundles, and it was not read", unpackIt})
			return nil
		}
		return w.broken(r, size, archive, depth)
	}
	opening.left = -1
	z.RegisterDecompressor(bzipped, func(r io.Reader) io.ReadCloser { return io.NopCloser(bzip2.NewReader(r)) })
	files := w.disjoint(z.File, archive)
	for _, f := range files {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		if !w.count(archive) {
			return nil
		}
		if err := w.packed(f, r, archive, depth); err != nil {
			return err
		}
	}
	return nil
}

// disjoint are the regular files that lie in the zip by themselves. In an archive made to do harm, the same packed bytes
// are many members.
func (w *walker) disjoint(all []*zip.File, archive string) []*zip.File {
	type span struct{ from, to int64 }
	var spans []span
	at := map[*zip.File]span{}
	var files []*zip.File
	for _, f := range all {
		switch m := f.Mode(); {
		case m.IsDir():
			continue
		case !m.IsRegular():
			w.Links++
			continue
		}
		files = append(files, f)
		if from, err := f.DataOffset(); err == nil && f.CompressedSize64 > 0 && f.CompressedSize64 < 1<<62 {
			at[f] = span{from, from + int64(f.CompressedSize64)}
			spans = append(spans, at[f])
		}
		if len(files) > w.most.members {
			break // that there are too many is told where they are read
		}
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	// taken are the stretches that more than one member claims.
	var taken []span
	for i, end := 1, int64(0); i < len(spans); i++ {
		end = max(end, spans[i-1].to)
		if spans[i].from < end {
			taken = append(taken, span{spans[i].from, min(end, spans[i].to)})
		}
	}
	if len(taken) == 0 {
		return files
	}
	over := 0
	out := slices.DeleteFunc(files, func(f *zip.File) bool {
		s, ok := at[f]
		bad := ok && slices.ContainsFunc(taken, func(t span) bool { return s.from < t.to && t.from < s.to })
		if bad {
			over++
		}
		return bad
	})
	w.Members += over
	w.refuse(archive, reason{fmt.Sprintf("%d of its members lie over one another, as in an archive made to do harm, and were not read", over), "Ask who made this archive; do not unpack it"})
	return out
}

// packed reads one member.
func (w *walker) packed(f *zip.File, r io.ReaderAt, archive string, depth int) error {
	m := Member{Name: label(archive, f.Name), Size: int64(min(f.UncompressedSize64, 1<<62)), Changed: zoned(f)}
	if r := sealed(f.Flags, f.Method); r != (reason{}) {
		w.refuse(m.Name, r)
		return nil
	}
	if f.Method == stored && depth == 0 {
		if at, err := f.DataOffset(); err == nil {
			part := io.NewSectionReader(r, at, int64(min(f.CompressedSize64, 1<<62)))
			head := make([]byte, headSize)
			if n, _ := part.ReadAt(head, 0); KindOf(head[:n]) == Zip { // it is as it is, and need not be held
				return w.zip(part, part.Size(), m.Name, depth+1)
			}
		}
	}
	in, err := f.Open()
	if err != nil {
		return w.ended(m.Name, nil, err)
	}
	defer in.Close()
	g := &guard{w: w, r: in, most: w.most.member, packed: fixed(f.CompressedSize64), counts: true}
	m.Read = g
	return w.content(m, g, depth+1)
}

// sealed says why a member cannot be read; nothing where it can.
func sealed(flags, method uint16) reason {
	switch {
	case flags&0x2041 != 0 || method == 99:
		return reason{"it is encrypted, and linecheck asks for no password", unpackIt}
	case method == stored, method == deflated, method == bzipped:
		return reason{}
	case methods[method] != "":
		return reason{"it is packed with " + methods[method] + ", which linecheck does not read", unpackIt}
	}
	return reason{fmt.Sprintf("it is packed in a way that linecheck does not know (method %d)", method), unpackIt}
}

// zoned is a member's time where the zip says in which zone it is. The old field is a local time of an unknown place.
func zoned(f *zip.File) time.Time {
	for e := f.Extra; len(e) >= 4; {
		id, size := binary.LittleEndian.Uint16(e), int(binary.LittleEndian.Uint16(e[2:]))
		if id == 0x5455 || id == 0x000a || id == 0x5855 {
			return f.Modified
		}
		if size+4 > len(e) {
			break
		}
		e = e[4+size:]
	}
	return time.Time{}
}

// budget bounds how much is read while a zip is opened.
type budget struct {
	r    io.ReaderAt
	left int64 // negative: no bound
}

var errDirectory = errors.New("too large a directory")

func (b *budget) ReadAt(p []byte, at int64) (int, error) {
	if b.left >= 0 {
		if b.left -= int64(len(p)); b.left < 0 {
			b.left = 0
			return 0, errDirectory
		}
	}
	return b.r.ReadAt(p, at)
}

package bundle

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/flate"
	"encoding/binary"
	"errors"
	"hash"
	"hash/crc32"
	"io"
)

// local is the fixed part of what stands before each member, without its mark.
const local = 26

// broken reads a zip whose directory is damaged or was cut off, by what stands before each member.
func (w *walker) broken(r io.ReaderAt, size int64, archive string, depth int) error {
	found := 0
	for at := int64(0); ; {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		at = next(r, at, size)
		if at < 0 {
			break
		}
		if !w.count(archive) {
			return nil
		}
		found++
		end, err := w.headed(r, at, size, archive, depth)
		if err != nil {
			return err
		}
		at = max(end, at+4)
	}
	if found == 0 {
		w.refuse(archive, reason{"it is damaged, and nothing in it can be read", getAnew})
	} else {
		w.refuse(archive, reason{"its directory is damaged or was cut off, and what was found without it was read", getAnew})
	}
	return nil
}

// next is where the next member begins; negative where there is none.
func next(r io.ReaderAt, at, size int64) int64 {
	mark := []byte("PK\x03\x04")
	buf := make([]byte, 64<<10)
	for at+int64(len(mark)+local) <= size {
		n, err := r.ReadAt(buf[:min(int64(len(buf)), size-at)], at)
		if i := bytes.Index(buf[:n], mark); i >= 0 {
			return at + int64(i)
		}
		if err != nil || n < len(mark) {
			break
		}
		at += int64(n - len(mark) + 1)
	}
	return -1
}

// headed reads the member at an offset, and says where it ends.
func (w *walker) headed(r io.ReaderAt, at, size int64, archive string, depth int) (end int64, err error) {
	head := make([]byte, 4+local)
	if n, _ := r.ReadAt(head, at); n < len(head) {
		return size, nil
	}
	le := binary.LittleEndian
	flags, method, sum, packed, whole := le.Uint16(head[6:]), le.Uint16(head[8:]), le.Uint32(head[14:]), int64(le.Uint32(head[18:])), int64(le.Uint32(head[22:]))
	name := make([]byte, le.Uint16(head[26:]))
	n, _ := r.ReadAt(name, at+int64(len(head)))
	from := at + int64(len(head)+len(name)) + int64(le.Uint16(head[28:]))
	if n < len(name) || from > size {
		return size, nil
	}
	if bytes.HasSuffix(name, []byte("/")) {
		w.Members--
		return from, nil
	}
	m := Member{Name: label(archive, string(name)), Size: whole}
	open := flags&8 != 0 || packed == 0xffffffff // how long it is stands behind it, or in a field for large ones
	if no := sealed(flags, method); no != (reason{}) || open && method == stored {
		if no == (reason{}) {
			no = reason{"how long it is stood in the directory, which is damaged", getAnew}
		}
		w.refuse(m.Name, no)
		if open {
			packed = 0
		}
		return from + packed, nil
	}
	if open {
		packed, m.Size = size-from, -1
	}
	raw := &bytewise{in: bufio.NewReader(io.NewSectionReader(r, from, min(packed, size-from)))}
	in := &summed{r: unpack(method, raw), sum: crc32.NewIEEE(), short: packed > size-from}
	if !open {
		in.want = &sum
	}
	g := &guard{w: w, r: in, most: w.most.member, packed: raw, counts: true}
	m.Read = g
	if err := w.content(m, g, depth+1); err != nil {
		return 0, err
	}
	if !open {
		return from + packed, nil
	}
	// Only what unpacks it knows where it ends.
	if _, err := io.Copy(io.Discard, g); errors.Is(err, errSpent) || w.ctx.Err() != nil {
		return 0, w.ended(m.Name, g, err)
	}
	return from + raw.n, nil
}

func unpack(method uint16, r *bytewise) io.Reader {
	switch method {
	case deflated:
		return flate.NewReader(r)
	case bzipped:
		return bzip2.NewReader(r)
	}
	return r
}

// bytewise lets its reader take no byte more than it needs, and counts.
type bytewise struct {
	in *bufio.Reader
	n  int64
}

func (b *bytewise) size() int64 { return b.n }

func (b *bytewise) ReadByte() (byte, error) {
	c, err := b.in.ReadByte()
	if err == nil {
		b.n++
	}
	return c, err
}

func (b *bytewise) Read(p []byte) (int, error) {
	n, err := b.in.Read(p)
	b.n += int64(n)
	return n, err
}

// summed checks at the end that what was read is what was packed.
type summed struct {
	r    io.Reader
	sum  hash.Hash32
	want *uint32
	// short: there are fewer bytes than there should be.
	short bool
}

func (s *summed) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	s.sum.Write(p[:n])
	if errors.Is(err, io.EOF) && s.short {
		return n, io.ErrUnexpectedEOF
	}
	if errors.Is(err, io.EOF) && s.want != nil && s.sum.Sum32() != *s.want {
		err = zip.ErrChecksum
	}
	return n, err
}

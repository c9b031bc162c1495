package lines

import (
	"bytes"
	"io"
)

// BlockSize is about how much of a text a block holds; a long line makes it longer.
const BlockSize = 256 << 10

// Block is a piece of a text that ends at a line feed.
type Block struct {
	At  int64 // the place of its first byte in what was read
	Enc Encoding
	raw []byte
	out []byte
}

// Text is the block as UTF-8, or Latin-1 in lines that are no UTF-8. It is valid until the block is read again.
func (b *Block) Text() []byte {
	if b.Enc == UTF8 {
		return b.raw
	}
	b.out, _ = Decode16(b.out[:0], b.raw, b.Enc)
	return b.out
}

// Blocks cuts a text into blocks. Of a line longer than Max it keeps a little more than Max, so that [Tidy] tells that
// it was cut.
type Blocks struct {
	r     io.Reader
	enc   Encoding
	at    int64
	carry []byte // the beginning of the next block
}

// NewBlocks reads r, which begins at the byte at of its file, in enc; Unknown: told from its first bytes.
func NewBlocks(r io.Reader, at int64, enc Encoding) *Blocks { return &Blocks{r: r, at: at, enc: enc} }

// Enc is how the text is written; Unknown before the first block.
func (s *Blocks) Enc() Encoding { return s.enc }

// Rest is the last line where no line feed ends it, as it stands in the file.
func (s *Blocks) Rest() []byte { return s.carry }

// Next reads the next block. At the end the error is io.EOF; what has no line feed is then the Rest.
func (s *Blocks) Next(b *Block) error {
	if cap(b.raw) > 2*BlockSize {
		b.raw, b.out = nil, nil
	}
	if cap(b.raw) < BlockSize {
		b.raw = make([]byte, 0, BlockSize)
	}
	b.raw = append(b.raw[:0], s.carry...)
	b.At = s.at
	s.carry = s.carry[:0]
	seen := 0 // no line feed is before it
	if n := s.lastFeed(b.raw, 0); n > 0 && len(b.raw) >= BlockSize {
		return s.cut(b, n)
	}
	for {
		err := s.fill(b)
		if s.enc == Unknown {
			mark := 0
			s.enc, mark = Sniff(b.raw)
			b.raw = b.raw[:copy(b.raw, b.raw[mark:])]
			b.At += int64(mark)
			s.at = b.At
		}
		b.Enc = s.enc
		if n := s.lastFeed(b.raw, max(0, seen-1)); n > 0 { // half a line feed may have been there
			return s.cut(b, n)
		}
		if err != nil {
			s.carry = append(s.carry, b.raw...)
			return err
		}
		if seen = len(b.raw); seen > s.limit() {
			return s.long(b)
		}
	}
}

// limit is how many bytes of a line are kept: enough to tell that it is longer than Max.
func (s *Blocks) limit() int {
	if s.enc == UTF8 {
		return Max + 1
	}
	return 2*Max + 2
}

// fill reads until the block is full; where it is full without a line feed, so much again.
func (s *Blocks) fill(b *Block) error {
	want := BlockSize
	if len(b.raw) >= BlockSize {
		want = len(b.raw) + BlockSize
	}
	if cap(b.raw) < want {
		b.raw = append(make([]byte, 0, want), b.raw...)
	}
	n, err := Fill(s.r, b.raw[len(b.raw):want])
	b.raw = b.raw[:len(b.raw)+n]
	return err
}

// Fill reads until p is full. Where r ends before, the error is io.EOF; io.ErrUnexpectedEOF is r's own, of a packed text
// that breaks off.
func Fill(r io.Reader, p []byte) (n int, err error) {
	for idle := 0; n < len(p) && err == nil; idle++ {
		var m int
		if m, err = r.Read(p[n:]); m > 0 {
			n, idle = n+m, 0
		}
		if idle == 100 {
			return n, io.ErrNoProgress
		}
	}
	if n == len(p) {
		err = nil
	}
	return n, err
}

// cut ends the block at n and keeps the rest for the next one.
func (s *Blocks) cut(b *Block, n int) error {
	s.carry = append(s.carry[:0], b.raw[n:]...)
	b.raw = b.raw[:n]
	s.at = b.At + int64(n)
	return nil
}

// long leaves out what is too much of a line.
func (s *Blocks) long(b *Block) error {
	keep := s.limit()
	dropped := 0
	for {
		if n := After(b.raw, keep, s.enc); n > 0 {
			end := n - int(feedSize(s.enc))
			s.carry = append(s.carry[:0], b.raw[n:]...)
			b.raw = append(b.raw[:keep], b.raw[end:n]...)
			s.at = b.At + int64(dropped+n)
			return nil
		}
		// What is dropped is so long that letters of two bytes stay whole.
		over := (len(b.raw) - keep) &^ 1
		dropped += over
		b.raw = append(b.raw[:keep], b.raw[keep+over:]...)
		have := len(b.raw)
		b.raw = append(b.raw, make([]byte, BlockSize)...)
		n, err := Fill(s.r, b.raw[have:])
		b.raw = b.raw[:have+n]
		if err != nil && After(b.raw, keep, s.enc) == 0 {
			s.carry = append(s.carry[:0], b.raw[:keep]...)
			return err
		}
	}
}

func (s *Blocks) lastFeed(p []byte, from int) int {
	for end := len(p); ; {
		i := bytes.LastIndexByte(p[from:end], '\n')
		if i < 0 {
			return 0
		}
		if n := feedAt(p, from+i, s.enc); n > 0 {
			return n
		}
		end = from + i
	}
}

// After is the place behind the first line feed at from or later in p, which begins with a whole letter; 0 where there is
// none.
func After(p []byte, from int, enc Encoding) int {
	for {
		i := bytes.IndexByte(p[from:], '\n')
		if i < 0 {
			return 0
		}
		if n := feedAt(p, from+i, enc); n > 0 {
			return n
		}
		from += i + 1
	}
}

// feedSize is how many bytes a line feed has.
func feedSize(enc Encoding) int64 {
	if enc == UTF8 {
		return 1
	}
	return 2
}

// feedAt is the place behind the line feed whose byte 0A stands at i; 0 where that is half of another letter. p begins
// with a whole letter.
func feedAt(p []byte, i int, enc Encoding) int {
	switch {
	case enc == UTF16LE && i%2 == 0 && i+1 < len(p) && p[i+1] == 0:
		return i + 2
	case enc == UTF16BE && i%2 == 1 && p[i-1] == 0, enc == UTF8:
		return i + 1
	}
	return 0
}

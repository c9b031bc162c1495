package events

import (
	"bytes"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// decoder turns an export into UTF-8. Windows' tools write UTF-16 or UTF-8 with a mark in front, and older ones the
// local 8-bit table; bytes that are no UTF-8 are taken for Windows-1252, which agrees with Latin-1 where letters are.
type decoder struct {
	r    io.Reader
	wide int    // 0: 8 bits; 1: UTF-16LE; 2: UTF-16BE
	raw  []byte // read, not decoded yet
	out  []byte // decoded, not handed out yet
	err  error
	met  bool // the beginning was looked at
	buf  [32 << 10]byte
}

func newDecoder(r io.Reader) *decoder { return &decoder{r: r} }

func (d *decoder) Read(p []byte) (int, error) {
	for len(d.out) == 0 {
		if d.err != nil && len(d.raw) == 0 {
			return 0, d.err
		}
		d.fill()
	}
	n := copy(p, d.out)
	d.out = d.out[n:]
	return n, nil
}

func (d *decoder) fill() {
	if d.err == nil {
		n, err := d.r.Read(d.buf[:])
		d.raw, d.err = append(d.raw, d.buf[:n]...), err
	}
	if !d.met {
		if len(d.raw) < 4 && d.err == nil {
			return
		}
		d.met = true
		var skip int
		d.wide, skip = mark(d.raw)
		d.raw = d.raw[skip:]
	}
	n := 0
	if d.wide == 0 {
		d.out, n = narrow(d.out[:0], d.raw, d.err != nil)
	} else {
		d.out, n = widened(d.out[:0], d.raw, d.wide == 2, d.err != nil)
	}
	d.raw = append(d.raw[:0], d.raw[n:]...)
}

// mark tells the encoding by the mark in front, else by the zeros that Latin letters have in UTF-16.
func mark(b []byte) (wide, skip int) {
	switch {
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}):
		return 1, 2
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		return 2, 2
	case bytes.HasPrefix(b, []byte{0xEF, 0xBB, 0xBF}):
		return 0, 3
	case len(b) >= 4 && b[0] != 0 && b[1] == 0 && b[2] != 0 && b[3] == 0:
		return 1, 0
	case len(b) >= 4 && b[0] == 0 && b[1] != 0 && b[2] == 0 && b[3] != 0:
		return 2, 0
	}
	return 0, 0
}

func narrow(out, b []byte, last bool) ([]byte, int) {
	at := 0
	for at < len(b) {
		if b[at] < utf8.RuneSelf {
			out = append(out, b[at])
			at++
			continue
		}
		if !last && !utf8.FullRune(b[at:]) {
			break
		}
		r, n := utf8.DecodeRune(b[at:])
		if r == utf8.RuneError && n == 1 {
			r = western(b[at])
		}
		out = utf8.AppendRune(out, r)
		at += n
	}
	return out, at
}

// windows1252 are the letters from 0x80 to 0x9F; 0: none.
var windows1252 = [32]rune{'€', 0, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0, 'Ž', 0,
	0, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0, 'ž', 'Ÿ'}

func western(b byte) rune {
	if b >= 0x80 && b < 0xA0 {
		if r := windows1252[b-0x80]; r != 0 {
			return r
		}
		return utf8.RuneError
	}
	return rune(b)
}

func widened(out, b []byte, big, last bool) ([]byte, int) {
	unit := func(i int) rune {
		if big {
			return rune(b[i])<<8 | rune(b[i+1])
		}
		return rune(b[i+1])<<8 | rune(b[i])
	}
	at := 0
	for at+1 < len(b) {
		r := unit(at)
		if utf16.IsSurrogate(r) {
			if at+3 >= len(b) {
				if !last {
					break
				}
				r = utf8.RuneError
			} else if both := utf16.DecodeRune(r, unit(at+2)); both != utf8.RuneError {
				r = both
				at += 2
			} else {
				r = utf8.RuneError
			}
		}
		out = utf8.AppendRune(out, r)
		at += 2
	}
	if last && at < len(b) { // half a letter, or half a pair
		at = len(b)
	}
	return out, at
}

package events

import (
	"io"
	"unicode/utf8"

	"linecheck/checks/logs/lines"
)

// decoder turns an export into UTF-8. Windows' tools write UTF-16 or UTF-8 with a mark in front, and older ones the
// local 8-bit table; bytes that are no UTF-8 are taken for Windows-1252, which agrees with Latin-1 where letters are.
type decoder struct {
	r   io.Reader
	enc lines.Encoding // Unknown until the beginning was looked at
	raw []byte         // read, not decoded yet
	out []byte         // decoded, not handed out yet
	err error
	buf [32 << 10]byte
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
	if d.enc == lines.Unknown {
		if len(d.raw) < 4 && d.err == nil {
			return
		}
		var mark int
		d.enc, mark = lines.Sniff(d.raw)
		d.raw = d.raw[mark:]
	}
	n := 0
	if d.enc == lines.UTF8 {
		d.out, n = narrow(d.out[:0], d.raw, d.err != nil)
	} else if d.out, n = lines.Decode16(d.out[:0], d.raw, d.enc); d.err != nil {
		n = len(d.raw) // half a letter at the end is none
	}
	d.raw = append(d.raw[:0], d.raw[n:]...)
}

// narrow appends 8-bit text to out as UTF-8, and returns how many bytes of it were taken: all but half a letter at the end
// of a piece that is not the last.
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

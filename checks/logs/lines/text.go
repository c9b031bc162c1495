// Package lines makes lines of a log's bytes, finds in them what is looked for, and finds where in a log a time begins.
package lines

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	// Max is the longest line that is kept; what is beyond is left out and the line counted as cut.
	Max = 1 << 20
	// sniffed is how many bytes tell the encoding: a byte order mark, or two letters of UTF-16 without one.
	sniffed = 4
)

// Encoding is how a text is written.
type Encoding uint8

// The encodings. Latin-1 is told line by line: what is not UTF-8 is read as that.
const (
	Unknown Encoding = iota
	UTF8
	UTF16LE
	UTF16BE
)

// Sniff tells how a text is written from its first bytes, and how many of them are a byte order mark.
func Sniff(head []byte) (Encoding, int) {
	switch {
	case bytes.HasPrefix(head, []byte{0xEF, 0xBB, 0xBF}):
		return UTF8, 3
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		return UTF16LE, 2
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return UTF16BE, 2
	case len(head) >= 4 && head[0] != 0 && head[1] == 0 && head[2] != 0 && head[3] == 0:
		return UTF16LE, 0
	case len(head) >= 4 && head[0] == 0 && head[1] != 0 && head[2] == 0 && head[3] != 0:
		return UTF16BE, 0
	}
	return UTF8, 0
}

// Text cuts bytes that come in pieces into lines of UTF-8. What is neither UTF-8 nor UTF-16 is read as Latin-1. Its
// zero value is a text whose encoding is not known yet.
type Text struct {
	Enc     Encoding
	held    []byte // a piece of the mark or of a UTF-16 letter that is not whole yet
	scratch []byte
	part    []byte                      // the line that has no end yet
	over    bool                        // that line is longer than Max
	Emit    func(line []byte, cut bool) // takes a line without its end; the bytes are valid until it returns
}

// Write takes the next piece and hands out the lines that are whole.
func (t *Text) Write(p []byte) {
	if t.Enc == Unknown {
		t.held = append(t.held, p...)
		if h := t.held; len(h) < sniffed && (len(h) < 2 || h[0] == 0 || h[1] == 0 || h[0] >= 0xEF) {
			return // two ordinary letters are enough to tell
		}
		t.decide()
		return
	}
	t.decode(p)
}

func (t *Text) decide() {
	p := t.held
	t.held = nil
	var mark int
	t.Enc, mark = Sniff(p)
	t.decode(p[mark:])
}

// Idle reports whether no line is begun.
func (t *Text) Idle() bool { return len(t.held) == 0 && len(t.part) == 0 && !t.over }

// End hands out the last line where it has no line feed.
func (t *Text) End() {
	if t.Enc == Unknown && len(t.held) > 0 {
		t.decide()
	}
	if len(t.part) > 0 || t.over {
		t.line(t.part, t.over)
		t.part, t.over = nil, false
	}
}

func (t *Text) decode(p []byte) {
	if t.Enc == UTF8 {
		t.split(p)
		return
	}
	if len(t.held) > 0 {
		p = append(t.held, p...)
		t.held = nil
	}
	out, n := Decode16(t.scratch[:0], p, t.Enc)
	t.held = bytes.Clone(p[n:])
	t.scratch = out
	t.split(out)
}

// Decode16 appends UTF-16 to out as UTF-8, and returns how many bytes of p it took: all but half a letter at the end.
func Decode16(out, p []byte, enc Encoding) ([]byte, int) {
	low, high := 0, 1
	if enc == UTF16BE {
		low, high = 1, 0
	}
	i := 0
	for ; i+1 < len(p); i += 2 {
		if p[i+high] == 0 && p[i+low] < utf8.RuneSelf {
			out = append(out, p[i+low])
			continue
		}
		r := rune(p[i+low]) | rune(p[i+high])<<8
		if utf16.IsSurrogate(r) {
			if r < 0xDC00 && i+3 >= len(p) {
				break // its other half is still to come
			}
			second := rune(0)
			if i+3 < len(p) {
				second = rune(p[i+2+low]) | rune(p[i+2+high])<<8
			}
			if r = utf16.DecodeRune(r, second); r != utf8.RuneError {
				i += 2
			}
		}
		out = utf8.AppendRune(out, r)
	}
	return out, i
}

func (t *Text) split(p []byte) {
	for {
		i := bytes.IndexByte(p, '\n')
		if i < 0 {
			t.keep(p)
			return
		}
		if len(t.part) == 0 && !t.over && i <= Max {
			t.line(p[:i], false)
		} else {
			t.keep(p[:i])
			t.line(t.part, t.over)
			t.over = false
			if t.part = t.part[:0]; cap(t.part) > 1<<16 {
				t.part = nil
			}
		}
		p = p[i+1:]
	}
}

func (t *Text) keep(p []byte) {
	if room := Max - len(t.part); len(p) > room {
		p, t.over = p[:room], true
	}
	t.part = append(t.part, p...)
}

func (t *Text) line(p []byte, cut bool) {
	p, _ = Tidy(p, cut)
	t.Emit(p, cut)
}

// Tidy makes UTF-8 of a line that was cut out at its line feed: without the carriage return before it, and no longer
// than Max. cut says that it was longer, or that the caller has cut it already.
func Tidy(p []byte, cut bool) (line []byte, over bool) {
	if len(p) > Max {
		p, cut = p[:Max], true
	}
	if cut {
		p = Whole(p)
	}
	p = bytes.TrimSuffix(p, []byte{'\r'})
	if !utf8.Valid(p) {
		p = latin1(p)
	}
	return p, cut
}

// Whole drops a letter that a cut went through.
func Whole(p []byte) []byte {
	for i := 1; i < utf8.UTFMax && i <= len(p); i++ {
		if c := p[len(p)-i]; utf8.RuneStart(c) {
			if !utf8.FullRune(p[len(p)-i:]) {
				return p[:len(p)-i]
			}
			break
		}
	}
	return p
}

func latin1(p []byte) []byte {
	out := make([]byte, 0, len(p)+len(p)/8)
	for _, c := range p {
		out = utf8.AppendRune(out, rune(c))
	}
	return out
}

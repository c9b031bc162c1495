package logs

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	// lineMax is the longest line that is kept; what is beyond is left out and the line counted as cut.
	lineMax = 1 << 20
	// sniffed is how many bytes tell the encoding: a byte order mark, or two letters of UTF-16 without one.
	sniffed = 4
)

type encoding uint8

const (
	unknown encoding = iota
	utf8Text
	utf16LE
	utf16BE
)

// sniff tells how a text is written from its first bytes, and how many of them are a byte order mark.
func sniff(head []byte) (encoding, int) {
	switch {
	case bytes.HasPrefix(head, []byte{0xEF, 0xBB, 0xBF}):
		return utf8Text, 3
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		return utf16LE, 2
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return utf16BE, 2
	case len(head) >= 4 && head[0] != 0 && head[1] == 0 && head[2] != 0 && head[3] == 0:
		return utf16LE, 0
	case len(head) >= 4 && head[0] == 0 && head[1] != 0 && head[2] == 0 && head[3] != 0:
		return utf16BE, 0
	}
	return utf8Text, 0
}

// text cuts bytes that come in pieces into lines of UTF-8. What is neither UTF-8 nor UTF-16 is read as Latin-1. Its
// zero value is a text whose encoding is not known yet.
type text struct {
	enc     encoding
	held    []byte // a piece of the mark or of a UTF-16 letter that is not whole yet
	scratch []byte
	part    []byte // the line that has no end yet
	over    bool   // that line is longer than lineMax
	emit    func(line []byte, cut bool)
}

func (t *text) write(p []byte) {
	if t.enc == unknown {
		t.held = append(t.held, p...)
		if h := t.held; len(h) < sniffed && (len(h) < 2 || h[0] == 0 || h[1] == 0 || h[0] >= 0xEF) {
			return // two ordinary letters are enough to tell
		}
		t.decide()
		return
	}
	t.decode(p)
}

func (t *text) decide() {
	p := t.held
	t.held = nil
	var mark int
	t.enc, mark = sniff(p)
	t.decode(p[mark:])
}

// end hands out the last line where it has no line feed.
func (t *text) end() {
	if t.enc == unknown && len(t.held) > 0 {
		t.decide()
	}
	if len(t.part) > 0 || t.over {
		t.line(t.part, t.over)
		t.part, t.over = nil, false
	}
}

func (t *text) decode(p []byte) {
	if t.enc == utf8Text {
		t.split(p)
		return
	}
	if len(t.held) > 0 {
		p = append(t.held, p...)
		t.held = nil
	}
	out := t.scratch[:0]
	unit := func(i int) rune {
		if t.enc == utf16LE {
			return rune(p[i]) | rune(p[i+1])<<8
		}
		return rune(p[i+1]) | rune(p[i])<<8
	}
	i := 0
	for ; i+1 < len(p); i += 2 {
		r := unit(i)
		if utf16.IsSurrogate(r) {
			if r < 0xDC00 && i+3 >= len(p) {
				break // its other half is still to come
			}
			second := rune(0)
			if i+3 < len(p) {
				second = unit(i + 2)
			}
			if r = utf16.DecodeRune(r, second); r != utf8.RuneError {
				i += 2
			}
		}
		out = utf8.AppendRune(out, r)
	}
	t.held = bytes.Clone(p[i:])
	t.scratch = out
	t.split(out)
}

func (t *text) split(p []byte) {
	for {
		i := bytes.IndexByte(p, '\n')
		if i < 0 {
			t.keep(p)
			return
		}
		if len(t.part) == 0 && !t.over && i <= lineMax {
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

func (t *text) keep(p []byte) {
	if room := lineMax - len(t.part); len(p) > room {
		p, t.over = p[:room], true
	}
	t.part = append(t.part, p...)
}

func (t *text) line(p []byte, cut bool) {
	if cut {
		p = whole(p)
	}
	p = bytes.TrimSuffix(p, []byte{'\r'})
	if !utf8.Valid(p) {
		p = latin1(p)
	}
	t.emit(p, cut)
}

// whole drops a letter that a cut went through.
func whole(p []byte) []byte {
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

// shown is how much of a line is handed on.
const shown = 4 << 10

func short(line []byte) string {
	if len(line) > shown {
		line = whole(line[:shown])
	}
	return string(line)
}

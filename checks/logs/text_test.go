package logs

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"linecheck/checks/logs/lines"
)

// in16 writes UTF-16 with a byte order mark.
func in16(s string, order binary.AppendByteOrder) []byte {
	var b []byte
	for _, u := range append([]uint16{0xFEFF}, utf16.Encode([]rune(s))...) {
		b = order.AppendUint16(b, u)
	}
	return b
}

func linesOf(pieces ...[]byte) (out []string, cut int) {
	t := lines.Text{Emit: func(p []byte, over bool) {
		out = append(out, string(p))
		if over {
			cut++
		}
	}}
	for _, p := range pieces {
		t.Write(p)
	}
	t.End()
	return out, cut
}

func bytewise(p []byte) [][]byte {
	var out [][]byte
	for i := range p {
		out = append(out, p[i:i+1])
	}
	return out
}

func TestLines(t *testing.T) {
	long := strings.Repeat("é", lineMax)
	for title, c := range map[string]struct {
		in   []byte
		want []string
		cut  int
	}{
		"plain lines":                            {[]byte("one\ntwo\n"), []string{"one", "two"}, 0},
		"a last line without an end":             {[]byte("one\ntwo"), []string{"one", "two"}, 0},
		"empty lines count":                      {[]byte("\n\nx\n"), []string{"", "", "x"}, 0},
		"Windows line ends":                      {[]byte("one\r\ntwo\r\n"), []string{"one", "two"}, 0},
		"a UTF-8 mark is no letter":              {[]byte("\xEF\xBB\xBFone\n"), []string{"one"}, 0},
		"UTF-16 little-endian with a mark":       {in16("ä\r\n😀b\n", binary.LittleEndian), []string{"ä", "😀b"}, 0},
		"UTF-16 big-endian with a mark":          {in16("ä\r\n😀b\n", binary.BigEndian), []string{"ä", "😀b"}, 0},
		"UTF-16 without a mark":                  {in16("ab\ncd\n", binary.LittleEndian)[2:], []string{"ab", "cd"}, 0},
		"a letter whose half has 0A in it":       {in16("\u0A0Ax\u010A\n", binary.LittleEndian), []string{"\u0A0Ax\u010A"}, 0},
		"half a surrogate":                       {append(in16("a", binary.LittleEndian), 0x00, 0xD8, 'b', 0, '\n', 0), []string{"a\uFFFDb"}, 0},
		"Latin-1":                                {[]byte("Stra\xDFe\nStraße\n"), []string{"Straße", "Straße"}, 0},
		"control characters stay":                {[]byte("a\x1b[31m\x00b\n"), []string{"a\x1b[31m\x00b"}, 0},
		"a short text of one letter":             {[]byte("a"), []string{"a"}, 0},
		"a line longer than 1 MB is cut":         {[]byte(long + "\nnext\n"), []string{long[:lineMax], "next"}, 1},
		"a long last line without an end is cut": {[]byte("x\n" + long), []string{"x", long[:lineMax]}, 1},
		"a line of 1 MB is not":                  {[]byte(long[:lineMax] + "\n"), []string{long[:lineMax]}, 0},
		"nothing":                                {nil, nil, 0},
	} {
		t.Run(title, func(t *testing.T) {
			for how, pieces := range map[string][][]byte{"whole": {c.in}, "byte by byte": bytewise(c.in)} {
				got, cut := linesOf(pieces...)
				if !slices.Equal(got, c.want) || cut != c.cut {
					t.Errorf("%s: %d lines %.80q with %d cut, want %d lines %.80q with %d cut", how, len(got), got, cut, len(c.want), c.want, c.cut)
				}
			}
		})
	}
}

func TestCutThroughALetter(t *testing.T) {
	got, _ := linesOf([]byte("x"+strings.Repeat("é", lineMax/2)), []byte("\n"))
	if len(got) != 1 || !utf8.ValidString(got[0]) || len(got[0]) != lineMax-1 {
		t.Errorf("%d bytes, valid %v; want the half letter left out", len(got[0]), utf8.ValidString(got[0]))
	}
}

// However a text is cut into pieces, its lines are the same, valid, and bounded.
func FuzzLines(f *testing.F) {
	f.Add([]byte("one\r\ntwo\xDF\n"), uint8(3))
	f.Add(in16("ä\n😀\n", binary.LittleEndian), uint8(1))
	f.Add(in16("ä\n😀\n", binary.BigEndian), uint8(5))
	f.Fuzz(func(t *testing.T, in []byte, step uint8) {
		whole, _ := linesOf(in)
		var pieces [][]byte
		for rest := in; len(rest) > 0; {
			n := min(int(step)%7+1, len(rest))
			pieces = append(pieces, rest[:n])
			rest = rest[n:]
		}
		cut, _ := linesOf(pieces...)
		if !slices.Equal(whole, cut) {
			t.Fatalf("%q in pieces gives %q, whole %q", in, cut, whole)
		}
		for _, l := range whole {
			if !utf8.ValidString(l) || strings.Contains(l, "\n") {
				t.Fatalf("%q gives the line %q", in, l)
			}
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	const ours = "2021-11-12 17:40:30.152 [15c0.1d1c] .W: CurlQuery::completeWithStatus: failure on handle 0000023C45E27C50 5 Could not resolve proxy: proxy.example.intern\n"
	const other = "2021-11-12 17:40:30.152 [15c0.1d1c] I: fs::something::Else::happens: here is a line that tells of nothing we know, number 4711\n"
	in := []byte(strings.Repeat(strings.Repeat(other, 99)+ours, 1000))
	book, err := open(nil)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(in)))
	for b.Loop() {
		n := 0
		s := newStream(book, "fsscorplug.log", "fsscorplug", time.UTC, func(*Entry) { n++ })
		s.text.Write(in)
		if s.text.End(); n != 1000 {
			b.Fatal(n)
		}
	}
	b.ReportMetric(float64(b.N)*100_000/b.Elapsed().Seconds(), "lines/s")
}

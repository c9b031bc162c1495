package lines

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf16"
)

// in16 writes UTF-16 with a byte order mark.
func in16(s string, order binary.AppendByteOrder) []byte {
	var b []byte
	for _, u := range append([]uint16{0xFEFF}, utf16.Encode([]rune(s))...) {
		b = order.AppendUint16(b, u)
	}
	return b
}

// whole are the lines of a text that comes in one piece.
func whole(in []byte) (out []string, cut int) {
	t := Text{Emit: func(p []byte, over bool) {
		out = append(out, string(p))
		if over {
			cut++
		}
	}}
	t.Write(in)
	t.End()
	return out, cut
}

// blockwise are the lines of a text that is read in blocks; where they begin is held to be true.
func blockwise(t *testing.T, in []byte, r io.Reader) (out []string, cut int) {
	t.Helper()
	s := NewBlocks(r, 0, Unknown)
	rest := Text{Emit: func(p []byte, over bool) {
		out = append(out, string(p))
		if over {
			cut++
		}
	}}
	var b Block
	for {
		err := s.Next(&b)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if first := b.raw[:min(len(b.raw), 8)]; !bytes.HasPrefix(in[b.At:], first) {
			t.Fatalf("the block of byte %d begins with %q, the text there with %q", b.At, first, in[b.At:min(len(in), int(b.At)+8)])
		}
		p := b.Text()
		for len(p) > 0 {
			i := bytes.IndexByte(p, '\n')
			if i < 0 {
				t.Fatalf("a block ends with %q", p[max(0, len(p)-20):])
			}
			line, over := Tidy(p[:i], false)
			out = append(out, string(line))
			if over {
				cut++
			}
			p = p[i+1:]
		}
	}
	rest.Enc = s.Enc()
	rest.Write(s.Rest())
	rest.End()
	return out, cut
}

func TestBlocksHoldTheSameLines(t *testing.T) {
	many := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "line %d ä %s\r\n", i, strings.Repeat("x", i%200))
		}
		return b.String()
	}
	text := many(9000)
	long := strings.Repeat("é0", Max)
	for title, in := range map[string][]byte{
		"nothing":                             nil,
		"one letter":                          []byte("a"),
		"many lines":                          []byte(text),
		"a UTF-8 mark":                        []byte("\xEF\xBB\xBF" + text),
		"no line feed at the end":             []byte(text + "last"),
		"UTF-16 little-endian":                in16(text, binary.LittleEndian),
		"UTF-16 big-endian":                   in16(text+"last", binary.BigEndian),
		"UTF-16 without a mark":               in16(text, binary.LittleEndian)[2:],
		"UTF-16 that ends in half a letter":   append(in16(text, binary.LittleEndian), 'x'),
		"letters whose half is a line feed":   in16(strings.Repeat("\u0A0A\u0A00\u010A", 300_000)+"\n"+text, binary.LittleEndian),
		"the same in the other order":         in16(strings.Repeat("\u0A0A\u0A00\u010A", 300_000)+"\n"+text, binary.BigEndian),
		"Latin-1":                             []byte(strings.ReplaceAll(text, "ä", "\xe4")),
		"a line longer than a block":          []byte(text + strings.Repeat("y", 3*BlockSize) + "\n" + text),
		"a line of 1 MB":                      []byte(text + strings.Repeat("y", Max) + "\n" + text),
		"a line of a byte more":               []byte(text + strings.Repeat("y", Max+1) + "\n" + text),
		"a line of 4 MB":                      []byte(text + long + "\n" + text),
		"a line of 4 MB in UTF-16":            in16(text+long+"\n"+text, binary.LittleEndian),
		"a line of 4 MB in the other order":   in16(text+long+"\n"+text, binary.BigEndian),
		"a last line of 4 MB":                 []byte(text + long),
		"two of 4 MB":                         []byte(long + "\n" + long + "\nx"),
		"a long line, then a blank one":       []byte(strings.Repeat("z", Max+BlockSize-1) + "\n\n" + text),
		"lines of one byte":                   []byte(strings.Repeat("\n", 2*BlockSize)),
		"a line feed at the end of each read": []byte(strings.Repeat(strings.Repeat("q", BlockSize-1)+"\n", 5)),
	} {
		t.Run(title, func(t *testing.T) {
			want, wantCut := whole(in)
			for how, r := range map[string]io.Reader{"at once": bytes.NewReader(in), "in halves": iotest.HalfReader(bytes.NewReader(in)),
				"with its end": iotest.DataErrReader(bytes.NewReader(in))} {
				got, cut := blockwise(t, in, r)
				if !slices.Equal(got, want) || cut != wantCut {
					for i := range min(len(got), len(want)) {
						if got[i] != want[i] {
							t.Fatalf("%s: line %d is %.60q of %d bytes, want %.60q of %d", how, i, got[i], len(got[i]), want[i], len(want[i]))
						}
					}
					t.Fatalf("%s: %d lines with %d cut, want %d with %d", how, len(got), cut, len(want), wantCut)
				}
			}
		})
	}
}

func TestAReaderThatBreaksIsTold(t *testing.T) {
	broken := errors.New("the disk is gone")
	s := NewBlocks(io.MultiReader(strings.NewReader(strings.Repeat("x\n", BlockSize)), iotest.ErrReader(broken)), 0, Unknown)
	var b Block
	var err error
	for err == nil {
		err = s.Next(&b)
	}
	if !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}

// found is what a matcher finds, as line and literal.
func found(m *Matcher, p []byte) (out []string) {
	for _, h := range m.Find(nil, p) {
		out = append(out, fmt.Sprint(bytes.Count(p[:h.Pos], []byte{'\n'}), " ", h.Literal))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// plainly is the same, one line and one literal at a time.
func plainly(literals []string, p []byte) (out []string) {
	for n, line := range bytes.Split(p, []byte{'\n'}) {
		for i, l := range literals {
			if bytes.Contains(line, []byte(l)) {
				out = append(out, fmt.Sprint(n, " ", i))
			}
		}
	}
	slices.Sort(out)
	return out
}

func TestMatcherFindsEveryLiteral(t *testing.T) {
	rnd := rand.New(rand.NewPCG(4, 4))
	word := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = "abcd:\xC3"[rnd.IntN(6)]
		}
		return string(b)
	}
	for range 300 {
		var literals []string
		for range 1 + rnd.IntN(30) {
			literals = append(literals, word(1+rnd.IntN(12)))
		}
		if rnd.IntN(2) == 0 {
			literals = slices.DeleteFunc(literals, func(l string) bool { return len(l) < 7 })
		}
		var p []byte
		for len(p) < rnd.IntN(6000) {
			p = append(p, word(rnd.IntN(30))...)
			if len(literals) > 0 && rnd.IntN(2) == 0 {
				p = append(p, literals[rnd.IntN(len(literals))]...)
			}
			if rnd.IntN(3) == 0 {
				p = append(p, '\n')
			}
		}
		m, err := NewMatcher(literals)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := found(m, p), plainly(literals, p); !slices.Equal(got, want) {
			t.Fatalf("%q in %q: found %q, want %q", literals, p, got, want)
		}
		hits := m.Find(nil, p)
		if !slices.IsSortedFunc(hits, func(a, b Hit) int {
			return bytes.Count(p[:a.Pos], []byte{'\n'}) - bytes.Count(p[:b.Pos], []byte{'\n'})
		}) {
			t.Fatalf("the hits are not in the order of lines: %v", hits)
		}
	}
	for _, bad := range []string{"", "two\nlines"} {
		if _, err := NewMatcher([]string{bad}); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

// counted counts what is read.
type counted struct {
	r io.ReaderAt
	n int64
}

func (c *counted) ReadAt(p []byte, at int64) (int, error) {
	n, err := c.r.ReadAt(p, at)
	c.n += int64(n)
	return n, err
}

var day = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

const form = "2006-01-02 15:04:05"

func stamp(head []byte) (time.Time, bool) {
	if len(head) < len(form) {
		return time.Time{}, false
	}
	at, err := time.Parse(form, string(head[:len(form)]))
	return at, err == nil
}

// linear is the first line not older than t, by reading every line.
func linear(in []byte, t time.Time) int64 {
	enc, mark := Sniff(in)
	for at := mark; at < len(in); {
		end := After(in, at, enc)
		if end == 0 {
			end = len(in)
		}
		head := in[at:min(end, at+headRaw)]
		if enc != UTF8 {
			head, _ = Decode16(nil, head, enc)
		}
		if when, ok := stamp(head[:min(len(head), StampMax)]); ok && !when.Before(t) {
			return int64(at)
		}
		at = end
	}
	return int64(len(in))
}

// ordered is a log whose lines are so long and have so many lines without a time behind them as the bytes of shape say.
func ordered(shape []byte, times int) (string, time.Time) {
	var b strings.Builder
	at := day
	for range times {
		for _, c := range shape {
			fmt.Fprintf(&b, "%s %s\r\n", at.Format(form), strings.Repeat("x", int(c)*3))
			for range c % 4 {
				b.WriteString(strings.Repeat("-", int(c)%90) + "\n")
			}
			at = at.Add(time.Duration(c%3) * time.Second)
		}
	}
	return b.String(), at
}

func TestSince(t *testing.T) {
	text, end := ordered([]byte{1, 30, 7, 200, 3, 90}, 800)
	long := strings.Repeat("y", 3<<20) + "\n"
	half := len(text) / 2
	half += strings.Index(text[half:], "\n2026") + 1
	for title, in := range map[string][]byte{
		"ordered lines":               []byte(text),
		"with a mark":                 []byte("\xEF\xBB\xBF" + text),
		"UTF-16":                      in16(text, binary.LittleEndian),
		"UTF-16 in the other order":   in16(text, binary.BigEndian),
		"a long line without a time":  []byte(text[:half] + long + text[half:]),
		"a long line at the end":      []byte(text + long),
		"a long line at the start":    []byte(long + text),
		"lines without time at start": []byte(strings.Repeat("nothing\n", 50_000) + text),
		"one line":                    []byte(day.Format(form) + " x"),
		"nothing":                     nil,
	} {
		t.Run(title, func(t *testing.T) {
			for i := range 60 {
				when := day.Add(-time.Minute + time.Duration(i)*(end.Sub(day)+2*time.Minute)/59)
				got, err := Since(bytes.NewReader(in), int64(len(in)), when, stamp)
				if want := linear(in, when); err != nil || got.At != want || !got.Ordered {
					t.Fatalf("since %s: byte %d, ordered %v, error %v; want byte %d of %d", when, got.At, got.Ordered, err, want, len(in))
				}
			}
		})
	}
}

func TestSinceInALogThatIsNotInOrder(t *testing.T) {
	one, end := ordered([]byte{1, 30, 7, 200, 3, 90}, 800)
	two, _ := ordered([]byte{1, 30, 7, 200, 3, 90}, 800)
	in := []byte(one + two) // the clock went back to the start of the day
	when := day.Add(end.Sub(day) / 2)
	got, err := Since(bytes.NewReader(in), int64(len(in)), when, stamp)
	if err != nil || got.At > linear(in, when)+near || got.Ordered {
		t.Errorf("byte %d, ordered %v, error %v; the first line that is young enough is at %d", got.At, got.Ordered, err, linear(in, when))
	}
}

func TestSinceInALogWithoutTimes(t *testing.T) {
	in := []byte(strings.Repeat(strings.Repeat("nothing to see here ", 10)+"\n", 100_000))
	r := &counted{r: bytes.NewReader(in)}
	got, err := Since(r, int64(len(in)), day, stamp)
	if err != nil || got.At != 0 || got.Ordered {
		t.Errorf("%+v, error %v; want everything", got, err)
	}
	if r.n > 4*far {
		t.Errorf("%d bytes were read for that", r.n)
	}
}

func TestSinceReadsLittle(t *testing.T) {
	text, end := ordered([]byte{9, 30, 7, 40, 3, 90}, 60_000)
	r := &counted{r: strings.NewReader(text)}
	got, err := Since(r, int64(len(text)), end.Add(-time.Minute), stamp)
	if err != nil || !got.Ordered || r.n != got.Read {
		t.Fatalf("%+v, error %v, read %d", got, err, r.n)
	}
	if r.n > 400<<10 {
		t.Errorf("%d bytes of %d were read", r.n, len(text))
	}
}

func TestNext(t *testing.T) {
	in := in16("one\ntwo\nthree", binary.LittleEndian)
	for at, want := range map[int64]int64{10: 10, 9: 10, 4: 10, 12: 18, 18: 18, 20: int64(len(in))} {
		if got, err := Next(bytes.NewReader(in), int64(len(in)), at, UTF16LE); err != nil || got != want {
			t.Errorf("behind %d: %d, error %v, want %d", at, got, err, want)
		}
	}
}

// In a log that is ordered, bisection finds what reading every line finds.
func FuzzSince(f *testing.F) {
	f.Add([]byte{1, 2, 3}, uint16(7), uint8(0))
	f.Add([]byte{255, 0, 90}, uint16(900), uint8(1))
	f.Add([]byte{0, 0, 1}, uint16(60), uint8(2))
	f.Fuzz(func(t *testing.T, shape []byte, seconds uint16, enc uint8) {
		if len(shape) == 0 || len(shape) > 100 {
			return
		}
		text, _ := ordered(shape, 1+150_000/(len(shape)*100))
		in := []byte(text)
		switch enc % 3 {
		case 1:
			in = in16(text, binary.LittleEndian)
		case 2:
			in = in16(text, binary.BigEndian)
		}
		when := day.Add(time.Duration(seconds) * time.Second)
		got, err := Since(bytes.NewReader(in), int64(len(in)), when, stamp)
		if want := linear(in, when); err != nil || got.At != want || !got.Ordered {
			t.Fatalf("since %s: %+v, error %v; want byte %d of %d", when, got, err, want, len(in))
		}
	})
}

// However a text comes, in pieces or in blocks, its lines are the same.
func FuzzBlocks(f *testing.F) {
	f.Add([]byte("one\r\ntwo\xDF\n"), uint16(300), uint8(1))
	f.Add(in16("ä\n😀\n\u0A0A", binary.LittleEndian), uint16(20_000), uint8(3))
	f.Add(in16("ä\n😀\n\u0A0A", binary.BigEndian), uint16(30_000), uint8(5))
	f.Fuzz(func(t *testing.T, in []byte, times uint16, odd uint8) {
		if len(in) == 0 || len(in) > 200 {
			return
		}
		all := bytes.Repeat(in, int(times)%(1+(3<<20)/len(in)))
		all = append(all, in[:int(odd)%len(in)]...)
		want, wantCut := whole(all)
		got, cut := blockwise(t, all, bytes.NewReader(all))
		if !slices.Equal(got, want) || cut != wantCut {
			t.Fatalf("%d lines with %d cut, want %d with %d", len(got), cut, len(want), wantCut)
		}
	})
}

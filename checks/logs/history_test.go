package logs

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"linecheck/assets"
	"linecheck/checks/host"
	"linecheck/checks/logs/logtest"
)

// made is a log of the last hours.
func made(t *testing.T, size int64, share int, hours int) []byte {
	t.Helper()
	var b bytes.Buffer
	to := time.Now()
	must(t, logtest.Write(&b, logtest.Spec{Size: size, Share: share, Seed: 7, From: to.Add(-time.Duration(hours) * time.Hour), To: to}))
	return b.Bytes()
}

// onDisk writes a file and returns its cursor, which puts every entry into the returned list.
func onDisk(t *testing.T, name string, text []byte) (*cursor, *[]Entry) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	must(t, os.WriteFile(path, text, 0o644))
	return listening(t, path)
}

func listening(t *testing.T, path string) (*cursor, *[]Entry) {
	t.Helper()
	var all []Entry
	c, err := newCursor(source{path: path, family: "f"}, time.Local, false, func(e *Entry) { all = append(all, *e) })
	must(t, err)
	return c, &all
}

// same holds two readings of a text against each other, in everything that can be seen of them.
func same(t *testing.T, how string, a, b *cursor, one, two []Entry) {
	t.Helper()
	if len(one) != len(two) {
		t.Fatalf("%s: %d known lines, in pieces %d", how, len(one), len(two))
	}
	for i := range one {
		x, y := one[i], two[i]
		x.from, y.from, x.Path, y.Path, x.File, y.File = nil, nil, "", "", "", ""
		if !x.At.Equal(y.At) || !x.When.Equal(y.When) {
			t.Fatalf("%s: line %d is of %s and %s, in pieces %s and %s", how, x.Number, x.At, x.When, y.At, y.When)
		}
		x.At, x.When, x.bound = y.At, y.When, y.bound // only a file has a time of change
		found := maps.Equal(x.Found.Map(), y.Found.Map())
		x.Found, y.Found = assets.Captures{}, assets.Captures{}
		if !found || !reflect.DeepEqual(x, y) {
			t.Fatalf("%s: %+v\nin pieces %+v", how, x, y)
		}
	}
	s, o := a.stream, b.stream
	if s.place != o.place || s.cut != o.cut || !s.time.Equal(o.time) || !s.newest.Equal(o.newest) {
		t.Errorf("%s: %d lines, %d cut, time %s, newest %s\nin pieces %d, %d, %s, %s", how, s.place, s.cut, s.time, s.newest, o.place, o.cut, o.time, o.newest)
	}
}

// pieces reads a text as a live tail would.
func pieces(t *testing.T, text []byte, step int) (*cursor, []Entry) {
	t.Helper()
	c, all := listening(t, "x.log")
	for p := text; len(p) > 0; {
		n := min(step, len(p))
		c.stream.text.Write(p[:n])
		p = p[n:]
	}
	c.end()
	return c, *all
}

// Whatever a log holds, many workers read in it what one does that goes line by line.
func TestManyWorkersReadWhatOneReads(t *testing.T) {
	text := string(made(t, 3<<20, 20, 5))
	long := strings.Repeat("x", 2<<20)
	for title, in := range map[string][]byte{
		"WithSecure's and Trend Micro's lines": []byte(text),
		"UTF-16":                               in16(text, binary.LittleEndian),
		"UTF-16 in the other order":            in16(text, binary.BigEndian),
		"Latin-1 in known lines":               []byte(strings.ReplaceAll(text, "proxy.example", "pr\xfcfer.example")),
		"lines of 2 MB":                        []byte(text[:1<<20] + long + "\n" + text[1<<20:] + long),
		"a known line of 2 MB":                 []byte(text[:1<<20] + "\n.W: fs::rs::WinSocket::Impl::connect: Conection timeout: a.b" + long + "\n" + text[1<<20:]),
		"no line has a time":                   []byte(strings.ReplaceAll(text, "20", "XX")),
		"a last line without an end":           []byte(text + noProxy(0)[:len(noProxy(0))-1]),
		"nothing known":                        made(t, 1<<20, 0, 5),
		"all lines known":                      made(t, 2<<20, 100, 5),
	} {
		t.Run(title, func(t *testing.T) {
			slow, want := pieces(t, in, 1<<12)
			c, got := onDisk(t, "x.log", in)
			must(t, c.look(t.Context(), host.Disk{}))
			c.end()
			same(t, "as a file", c, slow, *got, want)
			c, got = listening(t, "x.log")
			must(t, c.pour(t.Context(), bytes.NewReader(in)))
			same(t, "as a stream", c, slow, *got, want)
			if title != "nothing known" && len(want) == 0 {
				t.Error("no line was known")
			}
		})
	}
}

// The first signature whose literal and pattern fit counts, as if each had been tried by itself.
func TestTheSignatureThatCounts(t *testing.T) {
	b, err := open(nil)
	must(t, err)
	d := newDecoder(b, time.UTC)
	for _, s := range b.sigs {
		for _, sample := range s.Samples {
			for _, line := range []string{sample.Line, sample.Line + " " + sample.Line, "x" + sample.Line} {
				var want string
				for _, o := range b.sigs {
					if r, ok := o.Read(line); ok && strings.Contains(line, o.Literal) {
						want = r.Meaning
						break
					}
				}
				var e Entry
				if ok := d.line(&e, []byte(line)); ok != (want != "") || e.Meaning != want {
					t.Errorf("%s\nmeans %q, want %q", line, e.Meaning, want)
				}
			}
		}
	}
}

// A log that goes back a hundred times as far costs at most twice as many bytes.
func TestSinceCostsNoMoreInALongLog(t *testing.T) {
	read := func(hours int) (int64, *cursor) {
		path := filepath.Join(t.TempDir(), "x.log")
		must(t, os.WriteFile(path, made(t, int64(hours)<<19, 10, hours), 0o644))
		c, _ := listening(t, path)
		c.start = time.Now().Add(-2 * time.Hour)
		var n atomic.Int64
		must(t, c.look(t.Context(), counting{n: &n}))
		c.end()
		return n.Load(), c
	}
	short, _ := read(2)
	long, c := read(200)
	t.Logf("%d bytes of a log of 2 hours, %d of one of 200", short, long)
	if long > 2*short {
		t.Errorf("%d bytes were read of a log of 200 hours, %d of one of 2 hours", long, short)
	}
	if got := c.got.judge(time.Now(), 2*time.Hour, time.Hour, time.Local); len(got) == 0 {
		t.Error("nothing was found in the last two hours")
	}
}

func TestNumbersAreToldOnlyWhereTheyAreKnown(t *testing.T) {
	text := made(t, 3<<20, 20, 100)
	for start, want := range map[time.Duration]bool{1000 * time.Hour: true, time.Hour: false} {
		c, all := onDisk(t, "x.log", text)
		c.start = time.Now().Add(-start)
		must(t, c.look(t.Context(), host.Disk{}))
		c.end()
		lines := strings.Split(string(text), "\r\n")
		for _, e := range *all {
			if (e.Number > 0) != want || want && lines[e.Number-1] != e.Text {
				t.Fatalf("since %s: number %d of %q", start, e.Number, e.Text)
			}
		}
		if young := (*all)[len(*all)-1]; time.Since(young.When) > time.Hour {
			t.Errorf("the newest is of %s", young.When)
		}
	}
}

func TestPackedLogs(t *testing.T) {
	text := made(t, 1<<20, 20, 5)
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write(text)
	must(t, err)
	must(t, z.Close())
	slow, want := pieces(t, text, 1<<12)
	c, got := onDisk(t, "x.log.1.gz", b.Bytes())
	must(t, c.look(t.Context(), host.Disk{}))
	same(t, "packed", c, slow, *got, want)
	for title, in := range map[string][]byte{"one that breaks off": b.Bytes()[:b.Len()/2], "one of which only the head is": b.Bytes()[:5]} {
		c, _ := onDisk(t, "x.gz", in)
		if err := c.look(t.Context(), host.Disk{}); err == nil {
			t.Errorf("%s: no error", title)
		}
	}
}

func TestAChangedClockIsNoticed(t *testing.T) {
	line := func(at time.Duration) string { return ago(at) + chatter }
	many := func(from time.Duration, n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(line(from - time.Duration(i)*time.Millisecond))
		}
		return b.String()
	}
	for title, c := range map[string]struct {
		in   string
		want int
	}{
		"never":                               {many(5*time.Hour, 20_000), 0},
		"an hour back":                        {many(3*time.Hour, 20_000) + many(4*time.Hour, 20_000), 1},
		"threads that write out of order":     {many(3*time.Hour, 20_000) + line(3*time.Hour) + many(3*time.Hour-19*time.Second, 20_000), 0},
		"ahead and back again":                {many(5*time.Hour, 10_000) + many(time.Hour, 10_000) + many(5*time.Hour-time.Minute, 10_000), 1},
		"so often that not all of it is kept": {strings.Repeat(many(3*time.Hour, 10_000)+many(4*time.Hour, 10_000), 20), maxJumps},
	} {
		t.Run(title, func(t *testing.T) {
			cur, _ := onDisk(t, "x.log", []byte(c.in))
			must(t, cur.look(t.Context(), host.Disk{}))
			cur.end()
			if len(cur.jumps) != c.want {
				t.Fatalf("%d jumps: %v", len(cur.jumps), cur.jumps)
			}
			for _, j := range cur.jumps {
				if !j.to.Before(j.from) || j.at < 0 || j.at > int64(len(c.in)) {
					t.Errorf("jump %+v", j)
				}
			}
		})
	}
}

// Several logs at once give what each gives by itself.
func TestSeveralLogsAtOnce(t *testing.T) {
	dir := t.TempDir()
	var cursors []*cursor
	for i := range 7 {
		path := filepath.Join(dir, fmt.Sprintf("%d.log", i))
		must(t, os.WriteFile(path, made(t, int64(1+i)<<18, 10*i, 5), 0o644))
		c, _ := listening(t, path)
		cursors = append(cursors, c)
	}
	done := 0
	scan(t.Context(), host.Disk{}, cursors, readers, func(int, *cursor) { done++ })
	if done != len(cursors) {
		t.Errorf("%d of %d are told as done", done, len(cursors))
	}
	for _, c := range cursors {
		alone, _ := listening(t, c.path)
		must(t, alone.look(t.Context(), host.Disk{}))
		if c.err != nil || c.stream.place != alone.stream.place || !slices.Equal(c.got.order(), alone.got.order()) {
			t.Errorf("%s: error %v, %d lines and %v, alone %d lines and %v", c.path, c.err, c.stream.place, c.got.order(), alone.stream.place, alone.got.order())
		}
	}
}

// However a log comes, in pieces or in blocks with several workers, every line is decoded to the same.
func FuzzDecode(f *testing.F) {
	b, err := open(nil)
	if err != nil {
		f.Fatal(err)
	}
	for i, s := range b.sigs {
		f.Add([]byte(s.Samples[0].Line), []byte(ago(time.Hour)+chatter), uint16(7*i))
	}
	f.Add([]byte("2025/05/03 06:47:22"), []byte("2026-11-22 22:24:0\x01.092 [1.2] I: a time that is none\n"), uint16(14))
	f.Add([]byte("2026/11-22 14:03:01 request failed, hr=0x80072EE7"), []byte(".W: fs::rs::WinSocket::Impl::waitForConnection: Wait failed: 258"), uint16(3))
	f.Fuzz(func(t *testing.T, line, other []byte, n uint16) {
		if len(line)+len(other) > 600 {
			return
		}
		one := slices.Concat(line, []byte("\n"), bytes.Repeat(append(other, '\n'), int(n)%50))
		in := bytes.Repeat(one, 3)
		slow, want := pieces(t, in, 100)
		c, got := listening(t, "x.log")
		p := newPool()
		defer p.close()
		must(t, p.read(t.Context(), bytes.NewReader(in), 0, c.stream))
		c.end()
		// Of the lines that nobody knows only some are asked for their times, and not the same ones here and there.
		c.stream.newest = slow.stream.newest
		same(t, "as a stream", c, slow, *got, want)
	})
}

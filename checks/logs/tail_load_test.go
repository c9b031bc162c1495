package logs

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

// busy is what a product writes when much goes on: one line in ten says something that linecheck knows.
func busy(b *bytes.Buffer, from, n int) {
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for i := from; i < from+n; i++ {
		fmt.Fprintf(b, "%s [15c0.%d] ", at.Add(time.Duration(i)*200*time.Microsecond).Format("2006-01-02 15:04:05.000"), i)
		if i%10 == 0 {
			b.WriteString(".W: CurlQuery::completeWithStatus: failure on handle 0A 28 Operation timed out after 1006 milliseconds with 0 bytes received\n")
		} else {
			b.WriteString("I: fs::rs::Connection::send: sent a request of 412 bytes on connection 7 and waits for its answer\n")
		}
	}
}

// order is the number that busy gave a line; -1 where it gave none.
func order(text string) int {
	_, s, _ := strings.Cut(text, "[15c0.")
	s, _, _ = strings.Cut(s, "]")
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

// 200 MB that grow by 5,000 lines a second for eight seconds.
func TestTailUnderLoad(t *testing.T) {
	const total, ticks = 40_000, 32
	p := at(t)
	p.write("fsscorplug.log", "")
	// The 200 MB are a hole, with the end of a line behind it.
	must(t, os.Truncate(p.path("fsscorplug.log"), 200<<20))
	p.add("fsscorplug.log", "\n")
	p.env.Follow = true
	var (
		mu   sync.Mutex
		seen [total]int
		late int
		last = -1
		odd  []checks.Line
	)
	emit := func(e checks.Event) {
		mu.Lock()
		defer mu.Unlock()
		l, ok := e.(checks.Line)
		if !ok {
			return
		}
		n := order(l.Text)
		if n < 0 {
			odd = append(odd, l)
			return
		}
		seen[n]++
		if n < last {
			late++
		}
		last = n
	}
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() {
			_, err := check{}.Run(ctx, p.env, emit)
			done <- err
		}()
		time.Sleep(pollEvery / 2)
		synctest.Wait()
		var b bytes.Buffer
		var first, most uint64
		for i := range ticks {
			b.Reset()
			busy(&b, i*total/ticks, total/ticks)
			p.add("fsscorplug.log", b.String())
			time.Sleep(pollEvery)
			synctest.Wait()
			mu.Lock()
			if want := (i+1)*total/ticks - 1; last != want {
				t.Errorf("after %d ticks line %d is the last one told, want %d", i+1, last, want)
			}
			mu.Unlock()
			switch h := heap(); {
			case i == 3:
				first = h
			case i > 3:
				most = max(most, h)
			}
		}
		if grown := int64(most) - int64(first); grown > 2<<20 {
			t.Errorf("what is kept grew by %d bytes in 7 s", grown)
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	for n, times := range seen {
		if times != 1 {
			t.Fatalf("line %d was told %d times", n, times)
		}
	}
	if late > 0 || len(odd) > 0 {
		t.Errorf("%d lines were told out of order; told besides: %v", late, odd)
	}
}

// More is written between two looks than can be read in time.
func TestDriveFallsBehind(t *testing.T) {
	for title, encode := range map[string]func(string) string{
		"UTF-8": func(s string) string { return s },
		// Letters beyond ASCII at the beginning of a line: the encoding cannot be told in the middle of the file.
		"UTF-16": func(s string) string { return in16s(strings.ReplaceAll(s, "2026-", "жжжж-"), binary.LittleEndian) },
	} {
		t.Run(title, func(t *testing.T) {
			d := newDrive(t)
			head := ""
			if title == "UTF-16" {
				head = "\xff\xfe"
			}
			d.write(fsLog, head+encode("old\n"))
			d.start()
			told := 0
			var first checks.Line
			d.tail.tell = func(e Entry) {
				if told++; told == 1 {
					first = e.Line
				}
				if order(e.Text)+2 != e.Number {
					t.Fatalf("line %d has the number %d", order(e.Text)+2, e.Number)
				}
			}
			var b bytes.Buffer
			n := 0
			for b.Len() < 40<<20 {
				busy(&b, n, 10_000)
				n += 10_000
			}
			text := encode(b.String())
			cut := len(text) - len(encode("answer\n"))
			d.add(fsLog, text[:cut])
			d.look()
			d.add(fsLog, text[cut:])
			d.look()
			if len(d.gaps) != 1 || told+d.gaps[0].lines != n || d.gaps[0].bytes < 30<<20 {
				t.Fatalf("told %d and passed over %+v of %d lines", told, d.gaps, n)
			}
			if first.Number != d.gaps[0].lines+2 {
				t.Errorf("began again with %s:%d behind %d lines", first.File, first.Number, d.gaps[0].lines)
			}
			s := d.tail.end()
			if s.lines != n+1 || len(s.problems) != 1 || !strings.Contains(s.problems[0].err.Error(), "passed over") {
				t.Errorf("counted %d lines; problems: %v", s.lines, s.problems)
			}
		})
	}
}

// BenchmarkTail is how much a tail reads and tells, all lines of a log in pieces of one round each.
func BenchmarkTail(b *testing.B) {
	dir := b.TempDir()
	var text bytes.Buffer
	const lines = 200_000
	busy(&text, 0, lines)
	path := dir + string(os.PathSeparator) + fsLog
	if err := os.WriteFile(path, text.Bytes(), 0o644); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		told := 0
		m := host.Machine{OS: runtime.GOOS, Files: host.Disk{}}
		p := &assets.Profile{Logs: []assets.Log{{Name: "fsscorplug", Files: []string{path}}}}
		t := &tail{files: host.Disk{}, loc: time.UTC, every: true, done: newGather(time.Time{}), tell: func(Entry) { told++ },
			search: func(ctx context.Context) []source { return find(ctx, m, p).all }}
		t.adopt()
		t.hurry = true
		t.look(b.Context())
		if told != lines {
			b.Fatalf("told %d lines", told)
		}
	}
	b.ReportMetric(float64(b.N)*lines/b.Elapsed().Seconds(), "lines/s")
}

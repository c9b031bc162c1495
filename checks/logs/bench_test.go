package logs

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"linecheck/assets"
	"linecheck/checks/host"
	"linecheck/checks/logs/lines"
	"linecheck/checks/logs/logtest"
)

// benchMB is the size of the logs that benchmarks make, in megabytes, unless LOGS_MB says another.
const benchMB = 512

// bigLog makes a log of size bytes, or finds it in the folder LOGS_DIR where an earlier run made it.
func bigLog(b *testing.B, name string, spec logtest.Spec) string {
	b.Helper()
	dir := os.Getenv("LOGS_DIR")
	if dir == "" {
		dir = b.TempDir()
	}
	path := filepath.Join(dir, name)
	if info, err := os.Stat(path); err == nil && info.Size() >= spec.Size {
		return path
	}
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	if err := logtest.Write(f, spec); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	return path
}

func megabytes(b *testing.B) int64 {
	if s := os.Getenv("LOGS_MB"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			b.Fatal(err)
		}
		return int64(n) << 20
	}
	return benchMB << 20
}

// Scan reads a whole log with all signatures into findings. The numbers are shares of lines that linecheck knows, in
// percent. ripgrep, for comparison: .ci/speed.
func BenchmarkScan(b *testing.B) {
	size := megabytes(b)
	to := time.Now()
	for _, share := range []int{1, 10, 90} {
		b.Run(strconv.Itoa(share), func(b *testing.B) {
			path := bigLog(b, fmt.Sprintf("scan%d-%d.log", share, size>>20), logtest.Spec{Size: size, Share: share, Seed: 1, From: to.AddDate(0, 0, -30), To: to})
			b.SetBytes(size)
			b.ReportAllocs()
			known := 0
			for b.Loop() {
				known = 0
				c, err := newCursor(source{path: path, family: "bench"}, time.Local, false, func(*Entry) { known++ })
				if err != nil {
					b.Fatal(err)
				}
				if err := c.look(b.Context(), host.Disk{}); err != nil {
					b.Fatal(err)
				}
				c.end()
				if found := c.got.judge(to, 24*time.Hour, time.Hour, time.Local); len(found) == 0 {
					b.Fatal("no findings")
				}
			}
			b.ReportMetric(float64(known), "known-lines")
		})
	}
}

// counting is a disk that counts what is read.
type counting struct {
	host.Disk
	n *atomic.Int64
}

type countingFile struct {
	host.File
	n *atomic.Int64
}

func (c counting) Open(path string) (host.File, error) {
	f, err := c.Disk.Open(path)
	return countingFile{f, c.n}, err
}

func (c countingFile) ReadAt(p []byte, at int64) (int, error) {
	n, err := c.File.ReadAt(p, at)
	c.n.Add(int64(n))
	return n, err
}

var _ io.ReaderAt = countingFile{}

// Since reads the last two hours of a log that goes back two hours, and of one that goes back a hundred times as far.
func BenchmarkSince(b *testing.B) {
	to := time.Now()
	for _, times := range []int64{1, 100} {
		b.Run(fmt.Sprintf("%dx", times), func(b *testing.B) {
			size := times * megabytes(b) / 100
			path := bigLog(b, fmt.Sprintf("since%d-%d.log", times, size>>20),
				logtest.Spec{Size: size, Share: 10, Seed: 1, From: to.Add(-time.Duration(times) * 2 * time.Hour), To: to})
			var n atomic.Int64
			for b.Loop() {
				n.Store(0)
				c, err := newCursor(source{path: path, family: "bench"}, time.Local, false, nil)
				if err != nil {
					b.Fatal(err)
				}
				c.start = to.Add(-2 * time.Hour)
				if err := c.look(b.Context(), counting{n: &n}); err != nil {
					b.Fatal(err)
				}
				c.end()
			}
			b.ReportMetric(float64(n.Load())/1e6, "MB-read")
		})
	}
}

// Look does what linecheck logs FILE does: the same log, shared out to every profile.
func BenchmarkLook(b *testing.B) {
	size := megabytes(b)
	to := time.Now()
	profiles, err := assets.Profiles()
	if err != nil {
		b.Fatal(err)
	}
	for _, share := range []int{1, 10, 90} {
		b.Run(strconv.Itoa(share), func(b *testing.B) {
			path := bigLog(b, fmt.Sprintf("scan%d-%d.log", share, size>>20), logtest.Spec{Size: size, Share: share, Seed: 1, From: to.AddDate(0, 0, -30), To: to})
			b.SetBytes(size)
			for b.Loop() {
				l, err := Look(b.Context(), host.Machine{Files: host.Disk{}}, profiles, []string{path}, nil, 0, nil)
				if err != nil || l.Files != 1 {
					b.Fatal(l, err)
				}
			}
		})
	}
}

// Find looks for the literals of all signatures, and decodes nothing.
func BenchmarkFind(b *testing.B) {
	var text bytes.Buffer
	if err := logtest.Write(&text, logtest.Spec{Size: 16 << 20, Share: 1, Seed: 1, From: time.Now(), To: time.Now()}); err != nil {
		b.Fatal(err)
	}
	book, err := open(nil)
	if err != nil {
		b.Fatal(err)
	}
	each := func(do func(p []byte)) {
		for p := text.Bytes(); len(p) > 0; p = p[min(len(p), firstPart):] {
			do(p[:min(len(p), firstPart)])
		}
	}
	b.Run("matcher", func(b *testing.B) {
		b.SetBytes(int64(text.Len()))
		var hits []lines.Hit
		for b.Loop() {
			each(func(p []byte) { hits = book.matcher.Find(hits[:0], p) })
		}
	})
	b.Run("one at a time", func(b *testing.B) {
		b.SetBytes(int64(text.Len()))
		for b.Loop() {
			each(func(p []byte) {
				for _, s := range book.sigs {
					bytes.Count(p, []byte(s.Literal))
				}
			})
		}
	})
}

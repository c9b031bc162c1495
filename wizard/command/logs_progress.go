package command

import (
	"fmt"
	"sync/atomic"

	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/checks/host"
)

// counted are files of which is told how much of them was read.
type counted struct {
	host.Files
	read *atomic.Int64
	all  int64 // how much there is; 0: not known
	tell func(checks.Progress)
}

// withProgress is a machine that tells how much of its files was read. path is what is read: where it is a file, of how much
// in all is told too.
func withProgress(m host.Machine, path string, tell func(checks.Progress)) host.Machine {
	if m.Files == nil || tell == nil {
		return m
	}
	c := counted{Files: m.Files, read: &atomic.Int64{}, tell: tell}
	if info, err := m.Files.Stat(path); err == nil && info.Mode().IsRegular() {
		c.all = info.Size()
	}
	m.Files = c
	return m
}

// Open opens a file as the files below do.
func (c counted) Open(path string) (host.File, error) {
	f, err := c.Files.Open(path)
	if err != nil {
		return nil, err
	}
	return countedFile{f, c}, nil
}

type countedFile struct {
	host.File
	files counted
}

func (f countedFile) Read(p []byte) (int, error) {
	n, err := f.File.Read(p)
	f.files.add(n)
	return n, err
}

func (f countedFile) ReadAt(p []byte, at int64) (int, error) {
	n, err := f.File.ReadAt(p, at)
	f.files.add(n)
	return n, err
}

// tellEach is how much is read between two words about it.
const tellEach = 1 << 20

func (c counted) add(n int) {
	now := c.read.Add(int64(n))
	if (now-int64(n))/tellEach == now/tellEach {
		return
	}
	text := lang.T("command.read", "size", size(now))
	if c.all > 0 { // an archive's list is read beside its members, so it may come to a little more
		text = lang.T("command.read_of", "size", size(min(now, c.all)), "all", size(c.all))
	}
	c.tell(checks.Progress{Waiting: text})
}

// size is a number of bytes as people read it.
func size(n int64) string {
	switch {
	case n < 1<<20:
		return fmt.Sprintf("%d kB", (n+1023)>>10)
	case n < 10<<30:
		return fmt.Sprintf("%d MB", n>>20)
	}
	return lang.Decimal(float64(n)/(1<<30), 1) + " GB"
}

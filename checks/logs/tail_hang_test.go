package logs

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/checks/host"
)

// slowDisk is a disk that stops in the middle of what it is asked, until it is told to go on.
type slowDisk struct {
	host.Files
	mu     sync.Mutex
	stuck  map[string]bool // "stat", "glob", "read"
	in     chan string     // who is stuck; nil: nobody listens
	let    chan struct{}   // closed: go on
	inside string          // only paths with this in them
}

func (s *slowDisk) stop(what, path string) {
	s.mu.Lock()
	stuck, let := s.stuck[what] && strings.Contains(path, s.inside), s.let
	s.mu.Unlock()
	if stuck {
		if s.in != nil {
			s.in <- what
		}
		<-let
	}
}

func (s *slowDisk) hang(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stuck, s.let = map[string]bool{what: true}, make(chan struct{})
}

func (s *slowDisk) free() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stuck = nil
	close(s.let)
}

func (s *slowDisk) Stat(path string) (fs.FileInfo, error) {
	s.stop("stat", path)
	return s.Files.Stat(path)
}
func (s *slowDisk) Glob(p string) ([]string, error) { s.stop("glob", ""); return s.Files.Glob(p) }
func (s *slowDisk) Open(path string) (host.File, error) {
	f, err := s.Files.Open(path)
	return slowFile{f, s, path}, err
}

type slowFile struct {
	host.File
	disk *slowDisk
	path string
}

func (f slowFile) ReadAt(p []byte, at int64) (int, error) {
	f.disk.stop("read", f.path)
	return f.File.ReadAt(p, at)
}

// A product renames, deletes and makes anew its log while the tail is in the middle of reading it.
func TestDriveRotationDuringARead(t *testing.T) {
	runDrives(t, map[string]func(d *drive){
		"renamed and made anew": func(d *drive) {
			during(d, func() {
				d.rename(fsLog, fsLog+".1")
				d.write(fsLog, "new 1\n")
			})
			d.heard(fsLog+":2 old 2", fsLog+":1 new 1")
		},
		"renamed over an older one": func(d *drive) {
			d.write("other.txt", "older\n")
			during(d, func() {
				d.rename(fsLog, fsLog+".1")
				d.rename("other.txt", fsLog)
				d.rename(fsLog, fsLog+".2")
				d.write(fsLog, "new 1\n")
			})
			d.heard(fsLog+":2 old 2", fsLog+".2:1 older", fsLog+":1 new 1")
		},
		"renamed and deleted": func(d *drive) {
			during(d, func() {
				d.rename(fsLog, fsLog+".1")
				d.remove(fsLog + ".1")
			})
			d.heard(fsLog + ":2 old 2")
		},
		"deleted, and made anew afterwards": func(d *drive) {
			during(d, func() { d.remove(fsLog) })
			d.heard(fsLog + ":2 old 2")
			d.write(fsLog, "new 1\n")
			d.wait()
			d.heard(fsLog + ":1 new 1")
		},
		"written on": func(d *drive) {
			during(d, func() { d.add(fsLog, "old 3\n") })
			d.heard(fsLog+":2 old 2", fsLog+":3 old 3")
		},
	})
}

// during does something while the tail reads the second line of the log.
func during(d *drive, do func()) {
	disk := &slowDisk{Files: host.Disk{}, in: make(chan string), inside: fsLog}
	d.files = disk
	d.write(fsLog, "old 1\n")
	d.start()
	d.add(fsLog, "old 2\n")
	disk.hang("read")
	done := make(chan struct{})
	go func() { defer close(done); d.look() }()
	<-disk.in
	do()
	go func() { // those who read on
		for {
			select {
			case <-disk.in:
			case <-done:
				return
			}
		}
	}()
	disk.free()
	<-done
	d.wait()
}

// Nothing is held open between two looks, so that on any system everything may be done to the files.
func TestDriveHoldsNothingOpen(t *testing.T) {
	d := newDrive(t)
	disk := &countingDisk{Files: host.Disk{}}
	d.files = disk
	d.write(fsLog, "old\n")
	d.start()
	for i := range 3 {
		d.add(fsLog, "new\n")
		d.wait()
		if disk.open != 0 || disk.total == 0 {
			t.Fatalf("%d of %d files are open after look %d", disk.open, disk.total, i)
		}
	}
}

type countingDisk struct {
	host.Files
	mu          sync.Mutex
	open, total int
}

func (c *countingDisk) add(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open += n
	c.total += max(n, 0)
}

func (c *countingDisk) Open(path string) (host.File, error) {
	f, err := c.Files.Open(path)
	if err == nil {
		c.add(1)
	}
	return countedFile{f, c}, err
}

type countedFile struct {
	host.File
	disk *countingDisk
}

func (f countedFile) Close() error {
	f.disk.add(-1)
	return f.File.Close()
}

// A network share that vanishes lets calls hang for a minute.
func TestTailDoesNotWaitForAShareThatVanished(t *testing.T) {
	for title, what := range map[string]string{
		"a file's state hangs": "stat", "a search hangs": "glob", "a read hangs": "read",
	} {
		t.Run(title, func(t *testing.T) {
			p, h := at(t), &heard{}
			p.write("near/fsscorplug.log", "old\n")
			p.write("share/fsscorplug.log", "old\n")
			disk := &slowDisk{Files: p.env.Machine.Files, inside: "share"}
			if what == "glob" {
				disk.inside = ""
			}
			p.env.Machine.Files, p.env.Follow = disk, true
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				done := make(chan error)
				go func() {
					_, err := check{}.Run(ctx, p.env, h.emit)
					done <- err
				}()
				time.Sleep(5 * time.Second)
				disk.hang(what)
				p.add("share/fsscorplug.log", "of the share\n")
				time.Sleep(5 * time.Second)
				p.add("near/fsscorplug.log", "of the disk\n")
				time.Sleep(time.Second)
				synctest.Wait()
				want := []string{"fsscorplug.log:2 of the disk"}
				if what == "glob" { // files that are known are read on
					want = []string{"fsscorplug.log:2 of the share", want[0]}
				}
				if got := h.texts(); !slices.Equal(got, want) {
					t.Errorf("while it hangs: told %q, want %q", got, want)
				}
				if len(h.waits) == 0 || slices.ContainsFunc(h.waits, func(s string) bool { return !strings.Contains(s, "does not answer") }) {
					t.Errorf("says that it waits for %q", h.waits)
				}
				disk.free()
				time.Sleep(5 * time.Second)
				synctest.Wait()
				if got := h.texts(); len(got) != 2 {
					t.Errorf("afterwards: told %q", got)
				}
				if n := len(h.waits); h.waits[n-1] != "" || slices.Index(h.waits, "") != n-1 {
					t.Errorf("says that it waits for %q", h.waits)
				}
				disk.hang(what)
				time.Sleep(5 * time.Second)
				cancel()
				if err := <-done; err != nil {
					t.Error(err)
				}
				disk.free()
			})
		})
	}
}

// A search that fails says nothing about what is there.
func TestDriveShareWithoutAnAnswerToTheSearch(t *testing.T) {
	d := newDrive(t)
	disk := &barred{Files: host.Disk{}}
	d.files = disk
	d.write(fsLog, "old 1\n")
	d.start()
	disk.open = errors.New("the network path was not found")
	d.add(fsLog, "new 2\n")
	for range 3 {
		d.wait()
	}
	d.waitsFor(fsLog, "network path")
	disk.open = nil
	d.wait()
	d.heard(fsLog + ":2 new 2")
}

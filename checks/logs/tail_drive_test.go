package logs

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
	"linecheck/checks/host/hosttest"
)

// drive is a live tail over real files of this system, one look at a time: nothing in it waits for a clock.
type drive struct {
	*testing.T
	dir   string
	files host.Files
	tail  *tail
	told  []string
	waits string
	gaps  []gap
	root  *os.Root
}

// fsLog is the log that most scripts are about.
const fsLog = "fsscorplug.log"

func newDrive(t *testing.T) *drive {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	must(t, err)
	d := &drive{T: t, dir: filepath.Join(dir, "Log"), files: host.Disk{}}
	must(t, os.Mkdir(d.dir, 0o755))
	return d
}

// start begins the tail: what is there now is old.
func (d *drive) start() {
	d.Helper()
	p := &assets.Profile{Name: "p", Title: "Product", Logs: []assets.Log{{Name: "fsscorplug", Files: []string{filepath.Join(d.dir, "**", "fsscorplug*.log*")}}}}
	m := host.Machine{OS: runtime.GOOS, Files: d.files}
	d.tail = &tail{files: d.files, loc: time.UTC, every: true, done: newGather(time.Time{}), known: map[string]bool{}, wait: time.Minute,
		search: func(ctx context.Context) []source { return find(ctx, m, p).all },
		tell:   func(e Entry) { d.told = append(d.told, spoken(e.Line)) },
		waits:  func(s string) { d.waits = s },
		passed: func(g gap) { d.gaps = append(d.gaps, g) }}
	must(d.T, d.tail.begin(d.Context(), find(d.Context(), m, p), time.Time{}))
	d.tail.adopt()
	d.look()
}

// spoken is file:number text of a line, the text cut to what a script writes.
func spoken(l checks.Line) string {
	return fmt.Sprintf("%s:%d %s", l.File, l.Number, l.Text[:min(len(l.Text), 40)])
}

// look is a quarter of a second of a tail; wait is as many looks as there are between two searches.
func (d *drive) look() { d.tail.look(d.Context()) }

func (d *drive) wait() {
	for range searchEvery {
		d.look()
	}
}

func (d *drive) path(name string) string { return filepath.Join(d.dir, filepath.FromSlash(name)) }

// write makes a file anew, in place where it is there.
func (d *drive) write(name, text string) {
	d.Helper()
	must(d.T, os.MkdirAll(filepath.Dir(d.path(name)), 0o755))
	must(d.T, os.WriteFile(d.path(name), []byte(text), 0o644))
}

func (d *drive) add(name, text string) {
	d.Helper()
	f, err := os.OpenFile(d.path(name), os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o644)
	must(d.T, err)
	_, err = f.WriteString(text)
	must(d.T, errors.Join(err, f.Close()))
}

func (d *drive) at(name string, offset int64, text string) {
	d.Helper()
	f, err := os.OpenFile(d.path(name), os.O_WRONLY|os.O_CREATE, 0o644)
	must(d.T, err)
	_, err = f.WriteAt([]byte(text), offset)
	must(d.T, errors.Join(err, f.Close()))
}

func (d *drive) rename(from, to string) { d.Helper(); must(d.T, os.Rename(d.path(from), d.path(to))) }
func (d *drive) remove(name string)     { d.Helper(); must(d.T, os.RemoveAll(d.path(name))) }
func (d *drive) cut(name string, n int64) {
	d.Helper()
	must(d.T, os.Truncate(d.path(name), n))
}

// copy is what a rotation does that cannot rename.
func (d *drive) copy(from, to string) {
	d.Helper()
	b, err := os.ReadFile(d.path(from))
	must(d.T, err)
	d.write(to, string(b))
}

// keeps opens a log as a product does that keeps it open, sharing it with everybody.
func (d *drive) keeps(name string) *os.File {
	d.Helper()
	if d.root == nil {
		root, err := os.OpenRoot(d.dir)
		must(d.T, err)
		d.Cleanup(func() { root.Close() })
		d.root = root
	}
	f, err := d.root.OpenFile(name, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644)
	must(d.T, err)
	d.Cleanup(func() { f.Close() })
	return f
}

// link puts a link in the place of a file, where the system makes one.
func (d *drive) link(target, name string) {
	d.Helper()
	err := os.Symlink(d.path(target), d.path(name))
	if info, lerr := os.Lstat(d.path(name)); err != nil || lerr != nil || info.Mode()&os.ModeSymlink == 0 {
		if runtime.GOOS != "windows" {
			d.Fatal("no symbolic link:", err, lerr)
		}
		d.Skip("this system makes no symbolic links:", err, lerr)
	}
}

// hold opens a file so that nobody else may, where the system can.
func (d *drive) hold(name string) (release func()) {
	d.Helper()
	free, err := hosttest.Hold(d.path(name))
	if errors.Is(err, host.ErrUnsupported) {
		d.Skip("this system shares every file with everybody")
	}
	must(d.T, err)
	return func() { must(d.T, free()) }
}

// heard compares what was told since the last time.
func (d *drive) heard(want ...string) {
	d.Helper()
	if !slices.Equal(d.told, want) {
		d.Errorf("told %q\nwant %q", d.told, want)
	}
	d.told = nil
}

// waitsFor compares what the tail says that it waits for.
func (d *drive) waitsFor(parts ...string) {
	d.Helper()
	for _, p := range parts {
		if !strings.Contains(d.waits, p) {
			d.Errorf("waits for %q, want %q in it", d.waits, p)
		}
	}
	if len(parts) == 0 && d.waits != "" {
		d.Errorf("waits for %q, want nothing", d.waits)
	}
}

func runDrives(t *testing.T, scripts map[string]func(d *drive)) {
	for title, script := range scripts {
		t.Run(title, func(t *testing.T) {
			d := newDrive(t)
			script(d)
			if d.tail != nil && len(d.told) > 0 {
				d.Errorf("told besides: %q", d.told)
			}
		})
	}
}

func numbered(i int) string { return fmt.Sprintf("fsscorplug.%03d.log", i) }

// age makes a file so many minutes old.
func (d *drive) age(name string, minutes int) {
	at := time.Now().Add(-time.Duration(minutes) * time.Minute)
	must(d.T, os.Chtimes(d.path(name), at, at))
}

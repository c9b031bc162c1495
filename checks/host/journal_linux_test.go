package host

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

const fullVar = "LINECHECK_TEST_FULL"

// TestJournalOnOddDisks runs other tests in processes that may mount disks of their own.
func TestJournalOnOddDisks(t *testing.T) {
	for _, test := range []string{"TestJournalOnAFullDiskInside", "TestWatchingFromADiskThatRunsNothingInside"} {
		namespaced(t, syscall.CLONE_NEWNS, fullVar+"="+t.TempDir(), test)
	}
}

func TestJournalOnAFullDiskInside(t *testing.T) {
	top := os.Getenv(fullVar)
	if top == "" {
		t.Skip("runs inside TestJournalOnOddDisks")
	}
	must(t, unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""))
	must(t, unix.Mount("tmpfs", top, "tmpfs", 0, "size=256k"))
	dir := filepath.Join(top, "journal")
	j := NewJournal(dir)
	old := promise("old", 1)
	must(t, j.Promise(old))
	unlock, err := j.Lock(t.Context())
	must(t, err)
	unlock()
	fill(t, filepath.Join(top, "filler"))

	if err := j.Promise(promise("new", 2)); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("a promise without room: %v", err)
	}
	next := old
	next.Phase = "moving"
	if err := j.Promise(next); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("a promise replaced without room: %v", err)
	}
	if got, err := j.Open(); err != nil || !reflect.DeepEqual(got, []Promise{old}) {
		t.Errorf("the old promise is not whole: %+v, %v", got, err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*.tmp")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
	if unlock, err = j.Lock(t.Context()); err != nil {
		t.Errorf("nobody can keep it: %v", err)
	} else {
		unlock()
	}
	t.Setenv(atDir, dir)
	g, err := NewGuards(dir).Watch(t.Context(), "old")
	must(t, err)
	if told := strings.Join(g.Told(), "; "); !strings.Contains(told, "own file") || !strings.Contains(told, "too little room") {
		t.Errorf("told %q", told)
	}
	must(t, j.Strike("old"))
	must(t, g.Dismiss())
	if got, err := j.Open(); err != nil || len(got) > 0 {
		t.Errorf("after it was struck: %+v, %v", got, err)
	}
}

// TestWatchingFromADiskThatRunsNothingInside: /var may be mounted so that nothing on it is run.
func TestWatchingFromADiskThatRunsNothingInside(t *testing.T) {
	top := os.Getenv(fullVar)
	if top == "" {
		t.Skip("runs inside TestJournalOnOddDisks")
	}
	top = filepath.Join(top, "noexec")
	must(t, os.Mkdir(top, 0o700))
	must(t, unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""))
	must(t, unix.Mount("tmpfs", top, "tmpfs", unix.MS_NOEXEC, "size=400m"))
	dir := filepath.Join(top, "journal")
	must(t, NewJournal(dir).Promise(promise("p", 1)))
	t.Setenv(atDir, dir)
	g, err := NewGuards(dir).Watch(t.Context(), "p")
	must(t, err)
	if told := strings.Join(g.Told(), "; "); !strings.Contains(told, "own file") || !strings.Contains(told, "does not start") {
		t.Errorf("told %q", told)
	}
	must(t, g.Dismiss())
	if left, err := filepath.Glob(filepath.Join(dir, "guard-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

// fill writes until nothing fits any more.
func fill(t *testing.T, path string) {
	f, err := os.Create(path)
	must(t, err)
	defer f.Close()
	for _, size := range []int{1 << 16, 1 << 12, 1} {
		for err = nil; err == nil; {
			_, err = f.Write(make([]byte, size))
		}
		if !errors.Is(err, syscall.ENOSPC) && !errors.Is(err, io.ErrShortWrite) {
			t.Fatal(err)
		}
	}
}

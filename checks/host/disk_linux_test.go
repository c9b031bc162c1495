package host

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// asNobody runs f with the file rights of an ordinary user, also where the tests run as root.
func asNobody(t *testing.T, f func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		f()
		return
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	const nobody = 65534
	if _, err := unix.SetfsuidRetUid(nobody); err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = unix.SetfsuidRetUid(0) }()
	f()
}

// open folders all the way down, so that an ordinary user may get there.
func openWorld(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for d := dir; d != os.TempDir() && len(d) > 1; d = filepath.Dir(d) {
		must(t, os.Chmod(d, 0o755))
	}
	return dir
}

func TestFileInAFolderThatMayNotBeListed(t *testing.T) {
	dir := openWorld(t)
	plant(t, dir, map[string]string{"closed/a.log": "text", "closed/b.log": "text"})
	must(t, os.Chmod(filepath.Join(dir, "closed"), 0o711))
	must(t, os.Chmod(filepath.Join(dir, "closed", "b.log"), 0o600))
	defer os.Chmod(filepath.Join(dir, "closed"), 0o755)
	asNobody(t, func() {
		if os.Geteuid() != 0 {
			must(t, os.Chmod(filepath.Join(dir, "closed"), 0o111)) // its owner, here
			must(t, os.Chmod(filepath.Join(dir, "closed", "b.log"), 0))
		}
		f, err := Disk{}.Open(filepath.Join(dir, "closed", "a.log"))
		if err != nil {
			t.Fatal("a file that may be read was not opened:", err)
		}
		defer f.Close()
		if b, err := io.ReadAll(f); string(b) != "text" {
			t.Errorf("read %q, %v", b, err)
		}
		if _, err := (Disk{}).Stat(filepath.Join(dir, "closed", "b.log")); err != nil {
			t.Error("Stat:", err)
		}
		if _, err := (Disk{}).Open(filepath.Join(dir, "closed", "b.log")); !errors.Is(err, fs.ErrPermission) {
			t.Error("a file that may not be read:", err)
		}
		if _, err := (Disk{}).ReadDir(filepath.Join(dir, "closed")); !errors.Is(err, fs.ErrPermission) {
			t.Error("a folder that may not be listed:", err)
		}
	})
}

func TestGlobSaysWhatItMayNotRead(t *testing.T) {
	dir := openWorld(t)
	plant(t, dir, map[string]string{"a/x.log": "", "b/x.log": "", "c/x.log": ""})
	must(t, os.Chmod(filepath.Join(dir, "b"), 0))
	defer os.Chmod(filepath.Join(dir, "b"), 0o755)
	asNobody(t, func() {
		got, err := Disk{}.Glob(dir + "/**/x.log")
		slices.Sort(got)
		if want := []string{dir + "/a/x.log", dir + "/c/x.log"}; !slices.Equal(got, want) {
			t.Errorf("found %q, want %q", got, want)
		}
		if !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), dir+"/b") {
			t.Errorf("error %v; want the closed folder named", err)
		}
	})
}

func TestEmptyGoesOnAfterAClosedFolder(t *testing.T) {
	dir := openWorld(t)
	plant(t, dir, map[string]string{"cache/a": "1", "cache/m/x": "2", "cache/z": "3"})
	must(t, os.Chmod(filepath.Join(dir, "cache"), 0o777))
	must(t, os.Chmod(filepath.Join(dir, "cache", "m"), 0))
	defer os.Chmod(filepath.Join(dir, "cache", "m"), 0o755)
	asNobody(t, func() {
		n, _, err := empty(t.Context(), Disk{Root: dir}, "/cache")
		if n != 2 || !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), "/m") {
			t.Errorf("Empty = %d, %v; want 2 and the closed folder named", n, err)
		}
	})
}

// Opening a pipe would wait for somebody to write into it, for ever.
func TestPipesAreNotOpened(t *testing.T) {
	dir := t.TempDir()
	must(t, syscall.Mkfifo(filepath.Join(dir, "pipe.log"), 0o600))
	done := make(chan error, 2)
	go func() {
		_, err := Disk{}.Open(filepath.Join(dir, "pipe.log"))
		done <- err
		_, err = Disk{Root: dir}.Open("/pipe.log")
		done <- err
	}()
	for range 2 {
		select {
		case err := <-done:
			if !errors.Is(err, errSpecial) {
				t.Errorf("Open = %v", err)
			}
		case <-time.After(10 * time.Second):
			t.Fatal("opening a pipe hangs")
		}
	}
}

package host

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"unicode/utf8"

	"golang.org/x/sys/unix"
)

const mountsVar = "LINECHECK_TEST_MOUNTS"

// TestMovingAmongMounts runs TestMovingAmongMountsInside in a process that may mount what it likes.
func TestMovingAmongMounts(t *testing.T) {
	out := namespaced(t, syscall.CLONE_NEWNS, mountsVar+"="+t.TempDir(), "TestMovingAmongMountsInside")
	for line := range strings.Lines(out) {
		if strings.Contains(line, "listings") {
			t.Log(strings.TrimSpace(line))
		}
	}
}

func TestMovingAmongMountsInside(t *testing.T) {
	top := os.Getenv(mountsVar)
	if top == "" {
		t.Skip("runs inside TestMovingAmongMounts")
	}
	mount := func(t *testing.T, source, dir, kind string, flags uintptr, data string) {
		t.Helper()
		must(t, os.MkdirAll(dir, 0o755))
		must(t, unix.Mount(source, dir, kind, flags, data))
		t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
	}
	must(t, unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""))
	mount(t, "tmpfs", top, "tmpfs", 0, "")

	// Nothing was changed by the attempt.
	refused := func(t *testing.T, dir string, want error) {
		t.Helper()
		before := manifest(t, filepath.Dir(dir))
		n, err := Disk{}.Shelve(t.Context(), dir, Shelf(dir, shelfNumber), nil)
		if n != 0 || !errors.Is(err, want) {
			t.Errorf("Shelve = %d, %v; want %v", n, err, want)
		}
		if err := (Disk{}).Movable(dir); want == errMount && !errors.Is(err, want) {
			t.Errorf("Movable = %v; want %v, before anything is stopped", err, want)
		}
		if after := manifest(t, filepath.Dir(dir)); !maps.Equal(before, after) {
			t.Errorf("before %q\n after %q", before, after)
		}
	}
	t.Run("a cache on a volume of its own is refused", func(t *testing.T) {
		dir := filepath.Join(top, "own", "cache")
		mount(t, "tmpfs", dir, "tmpfs", 0, "")
		plant(t, dir, someCache)
		refused(t, dir, errMount)
	})
	t.Run("a cache that is mounted from the same volume is refused", func(t *testing.T) {
		dir := filepath.Join(top, "bound", "cache")
		source := filepath.Join(top, "bound", "elsewhere")
		plant(t, source, someCache)
		mount(t, source, dir, "", unix.MS_BIND, "")
		refused(t, dir, errMount)
	})
	t.Run("a volume mounted inside ends the move, and all comes back", func(t *testing.T) {
		dir := filepath.Join(top, "inside", "cache")
		plant(t, dir, someCache)
		mount(t, "tmpfs", filepath.Join(dir, "sub", "deeper"), "tmpfs", 0, "")
		mount(t, "tmpfs", filepath.Join(dir, "volume"), "tmpfs", 0, "")
		plant(t, dir, map[string]string{"volume/precious": "x", "sub/deeper/precious": "x"})
		before := manifest(t, filepath.Dir(dir))
		_, err := Disk{}.Shelve(t.Context(), dir, Shelf(dir, shelfNumber), nil)
		if !errors.Is(err, syscall.EBUSY) || !strings.Contains(err.Error(), "volume") {
			t.Errorf("Shelve = %v; want the volume named", err)
		}
		_, err = Disk{}.Return(t.Context(), dir, Shelf(dir, shelfNumber))
		must(t, err)
		if after := manifest(t, filepath.Dir(dir)); !maps.Equal(before, after) {
			t.Errorf("before %q\n after %q", before, after)
		}
	})
	t.Run("where nothing can be moved no shelf is left", func(t *testing.T) {
		dir := filepath.Join(top, "only", "cache")
		mount(t, "tmpfs", filepath.Join(dir, "volume"), "tmpfs", 0, "")
		refused(t, dir, syscall.EBUSY)
	})
	t.Run("a volume deep inside is moved and not emptied", func(t *testing.T) {
		dir := filepath.Join(top, "deep", "cache")
		plant(t, dir, someCache)
		mount(t, "tmpfs", filepath.Join(dir, "sub", "deeper"), "tmpfs", 0, "")
		plant(t, dir, map[string]string{"sub/deeper/precious": "x"})
		shelf := Shelf(dir, shelfNumber)
		_, err := Disk{}.Shelve(t.Context(), dir, shelf, nil)
		must(t, err)
		_, _, err = Disk{}.Discard(t.Context(), dir, shelf)
		if err == nil || !strings.Contains(err.Error(), "another volume") {
			t.Errorf("Discard = %v; want the volume named", err)
		}
		if got := manifest(t, shelf); got["sub/deeper/precious"] != "x" || len(got) != 3 {
			t.Errorf("left on the shelf: %q; want the volume and the way to it", got)
		}
	})
	t.Run("no room for the shelf changes nothing", func(t *testing.T) {
		vol := filepath.Join(top, "few")
		mount(t, "tmpfs", vol, "tmpfs", 0, "nr_inodes=12")
		dir := filepath.Join(vol, "cache")
		must(t, os.Mkdir(dir, 0o755))
		for i := 0; ; i++ {
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprint(i)), nil, 0o600); errors.Is(err, syscall.ENOSPC) {
				break
			} else {
				must(t, err)
			}
		}
		refused(t, dir, syscall.ENOSPC)
	})
	t.Run("a full volume does not hinder a move and its way back", func(t *testing.T) {
		vol := filepath.Join(top, "full")
		mount(t, "tmpfs", vol, "tmpfs", 0, "size=256k")
		dir := filepath.Join(vol, "cache")
		must(t, os.Mkdir(dir, 0o755))
		for i := 0; ; i++ {
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprint(i)), make([]byte, 4096), 0o600); errors.Is(err, syscall.ENOSPC) {
				break
			} else {
				must(t, err)
			}
		}
		before := manifest(t, vol)
		_, err := Disk{}.Shelve(t.Context(), dir, Shelf(dir, shelfNumber), nil)
		must(t, err)
		_, err = Disk{}.Return(t.Context(), dir, Shelf(dir, shelfNumber))
		must(t, err)
		if after := manifest(t, vol); !maps.Equal(before, after) {
			t.Errorf("before %d entries, after %d", len(before), len(after))
		}
	})
	t.Run("a read-only volume changes nothing", func(t *testing.T) {
		vol := filepath.Join(top, "fixed")
		mount(t, "tmpfs", vol, "tmpfs", 0, "")
		dir := filepath.Join(vol, "cache")
		plant(t, dir, someCache)
		must(t, unix.Mount("", vol, "", unix.MS_REMOUNT|unix.MS_RDONLY, ""))
		refused(t, dir, syscall.EROFS)
	})
	t.Run("200,000 files are one move each", func(t *testing.T) {
		dir := filepath.Join(top, "many", "cache")
		must(t, os.MkdirAll(dir, 0o755))
		const files = 200_000
		for i := range files {
			fd, err := unix.Open(filepath.Join(dir, fmt.Sprintf("%06d.dat", i)), unix.O_CREAT|unix.O_WRONLY|unix.O_CLOEXEC, 0o600)
			must(t, err)
			must(t, unix.Close(fd))
		}
		shelf := Shelf(dir, shelfNumber)
		there := newCarrier(t.Context())
		n, err := there.shelve(Disk{}, dir, shelf)
		if err != nil || n != files || there.tries != files || there.reads > files/emptyBatch+1 {
			t.Errorf("shelved %d, %v with %d moves and %d listings", n, err, there.tries, there.reads)
		}
		n, _, err = Disk{}.Discard(t.Context(), dir, shelf)
		if err != nil || n != files {
			t.Errorf("discarded %d, %v", n, err)
		}
		t.Logf("moved %d entries with %d listings", there.tries, there.reads)
	})
}

func TestNamesThatAreNotText(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	names := []string{"bad\xff\xfe.dat", "\x80", "new\nline", "esc\x1b[31m", "tab\t", " ", "...", "-", "\\", "a:b", "aux", strings.Repeat("x", 255)}
	files := map[string]string{}
	for _, n := range names {
		files[n] = n
		files["sub\xff/"+n] = n
	}
	plant(t, dir, files)
	before := manifest(t, dir)
	shelf := Shelf(dir, shelfNumber)
	n, err := Disk{}.Shelve(t.Context(), dir, shelf, nil)
	if err != nil || n != len(names)+1 {
		t.Fatalf("Shelve = %d, %v; want %d", n, err, len(names)+1)
	}
	_, err = Disk{}.Return(t.Context(), dir, shelf)
	must(t, err)
	if after := manifest(t, dir); !maps.Equal(before, after) {
		t.Errorf("before %q\n after %q", before, after)
	}
	_, err = Disk{}.Shelve(t.Context(), dir, shelf, nil)
	must(t, err)
	if n, _, err := (Disk{}).Discard(t.Context(), dir, shelf); err != nil || n != 2*len(names) {
		t.Errorf("Discard = %d, %v; want %d", n, err, 2*len(names))
	}
}

// odd reports whether an error would change a screen or is no text.
func odd(err error) bool {
	return !utf8.ValidString(err.Error()) || strings.ContainsRune(err.Error(), 0x1b)
}

func TestErrorsHoldNoEscapes(t *testing.T) {
	if os.Geteuid() == 0 {
		// Root may move everything; what it may not remove is a volume or too deep.
		dir := filepath.Join(t.TempDir(), "cache")
		deep := "esc\x1b[31m\xff/" + strings.Repeat("d/", maxNesting+1) + "x"
		plant(t, dir, map[string]string{deep: "x"})
		_, err := Disk{}.Shelve(t.Context(), dir, Shelf(dir, shelfNumber), nil)
		must(t, err)
		_, _, err = Disk{}.Discard(t.Context(), dir, Shelf(dir, shelfNumber))
		if err == nil || odd(err) || !strings.Contains(err.Error(), `esc\x1b[31m\xff`) {
			t.Errorf("%q", err)
		}
		return
	}
	dir := filepath.Join(t.TempDir(), "cache")
	plant(t, dir, map[string]string{"esc\x1b[31m\xff": "x"})
	must(t, os.Chmod(dir, 0o500))
	defer os.Chmod(dir, 0o700)
	_, err := Disk{}.Shelve(t.Context(), dir, Shelf(dir, shelfNumber), nil)
	if !errors.Is(err, fs.ErrPermission) || odd(err) {
		t.Errorf("%q", err)
	}
}

// Somebody else's folder under the shelf's name is left alone, and nothing of it comes into the cache.
func TestAShelfThatOthersMayWriteToIsRefused(t *testing.T) {
	for name, spoil := range map[string]func(shelf string) error{
		"it belongs to another account": func(shelf string) error { return os.Lchown(shelf, 65534, 65534) },
		"everybody may write to it":     func(shelf string) error { return os.Chmod(shelf, 0o777) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "cache")
			plant(t, dir, map[string]string{"a": "1"})
			shelf := Shelf(dir, shelfNumber)
			plant(t, shelf, map[string]string{"planted": "x"})
			if err := spoil(shelf); err != nil {
				t.Skip("only root can show this:", err)
			}
			if n, err := (Disk{}).Return(t.Context(), dir, shelf); n != 0 || !errors.Is(err, ErrDenied) {
				t.Errorf("Return = %d, %v", n, err)
			}
			if n, _, err := (Disk{}).Discard(t.Context(), dir, shelf); n != 0 || !errors.Is(err, ErrDenied) {
				t.Errorf("Discard = %d, %v", n, err)
			}
			if got := slices.Sorted(maps.Keys(manifest(t, shelf))); !slices.Equal(got, []string{"planted"}) {
				t.Errorf("on the shelf: %q", got)
			}
		})
	}
}

func TestTheShelfIsClosedToOthers(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	plant(t, dir, map[string]string{"a": "1"})
	old := syscall.Umask(0)
	defer syscall.Umask(old)
	_, err := Disk{}.Shelve(t.Context(), dir, Shelf(dir, shelfNumber), nil)
	must(t, err)
	if info, err := os.Stat(Shelf(dir, shelfNumber)); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

package host

import (
	"context"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/windows"
)

// hold opens a file as most programs do: nobody may rename or remove it meanwhile.
func hold(t *testing.T, path string) func() {
	t.Helper()
	f, err := os.Open(path)
	must(t, err)
	t.Cleanup(func() { f.Close() })
	return func() { f.Close() }
}

// patient is a carrier that waits without waiting: then runs at the n-th time.
func patient(ctx context.Context, n int, then func()) *carrier {
	c := newCarrier(ctx)
	c.pause = func(context.Context) bool {
		if n--; n == 0 {
			then()
		}
		return true
	}
	return c
}

func TestAHeldFileIsWaitedFor(t *testing.T) {
	for name, held := range map[string]string{"a file": "b", "a file in a folder": `sub\c`} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "cache")
			plant(t, dir, map[string]string{"a": "1", "b": "2", "sub/c": "3"})
			before := manifest(t, dir)
			shelf := Shelf(dir, shelfNumber)
			// Windows lets nobody rename a folder with a held file in it; Wine does, and there is no wait.
			letGo := hold(t, filepath.Join(dir, held))
			c := patient(t.Context(), 3, letGo)
			n, err := c.shelve(Disk{}, dir, shelf)
			letGo()
			if n != 3 || err != nil || c.waits != 0 && c.waits != 3 {
				t.Errorf("shelved %d, %v after %d waits; want 3", n, err, c.waits)
			}
			letGo = hold(t, filepath.Join(shelf, held))
			c = patient(t.Context(), 3, letGo)
			n, err = c.giveBack(Disk{}, dir, shelf)
			letGo()
			if n != 3 || err != nil {
				t.Errorf("returned %d, %v after %d waits; want 3", n, err, c.waits)
			}
			if after := manifest(t, dir); !maps.Equal(before, after) {
				t.Errorf("before %q\n after %q", before, after)
			}
			_, err = newCarrier(t.Context()).shelve(Disk{}, dir, shelf)
			must(t, err)
			c = patient(t.Context(), 3, hold(t, filepath.Join(shelf, held)))
			files, _, err := c.discard(Disk{}, dir, shelf)
			if files != 3 || err != nil || c.waits != 3 {
				t.Errorf("discarded %d, %v after %d waits; want 3", files, err, c.waits)
			}
			if _, err := os.Stat(shelf); !errors.Is(err, os.ErrNotExist) {
				t.Error("the shelf is still there:", err)
			}
		})
	}
}

func TestAFileThatIsHeldForEver(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	plant(t, dir, map[string]string{"a": "1", "b": "2", "c": "3"})
	shelf := Shelf(dir, shelfNumber)
	before := manifest(t, dir)
	letGo := hold(t, filepath.Join(dir, "b"))
	c := patient(t.Context(), -1, nil)
	_, err := c.shelve(Disk{}, dir, shelf)
	if !errors.Is(err, windows.ERROR_SHARING_VIOLATION) || !strings.HasPrefix(err.Error(), "b") || c.waits != heldTries+1 {
		t.Errorf("Shelve = %v after %d waits; want the file named", err, c.waits)
	}
	c = patient(t.Context(), -1, nil)
	if _, err := c.giveBack(Disk{}, dir, shelf); err != nil {
		t.Errorf("Return = %v", err)
	}
	if _, err := os.Stat(shelf); !errors.Is(err, os.ErrNotExist) {
		t.Error("the shelf is still there:", err)
	}
	letGo()
	if after := manifest(t, dir); !maps.Equal(before, after) {
		t.Errorf("before %q\n after %q", before, after)
	}
	// What took a file's place is held: the old one stays on the shelf, the others come back.
	_, err = newCarrier(t.Context()).shelve(Disk{}, dir, shelf)
	must(t, err)
	plant(t, dir, map[string]string{"b": "new"})
	letGo = hold(t, filepath.Join(dir, "b"))
	n, err := patient(t.Context(), -1, nil).giveBack(Disk{}, dir, shelf)
	if n != 2 || !errors.Is(err, windows.ERROR_SHARING_VIOLATION) || !strings.Contains(err.Error(), "took its place") {
		t.Errorf("Return = %d, %v; want 2 and the held one named", n, err)
	}
	letGo()
	n, err = newCarrier(t.Context()).giveBack(Disk{}, dir, shelf)
	if n != 1 || err != nil {
		t.Errorf("Return = %d, %v; want the last one", n, err)
	}
	if after := manifest(t, dir); !maps.Equal(before, after) {
		t.Errorf("before %q\n after %q", before, after)
	}
}

func TestWaitingEndsWithItsContext(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	plant(t, dir, map[string]string{"b": "2"})
	hold(t, filepath.Join(dir, "b"))
	ctx, cancel := context.WithCancel(t.Context())
	c := newCarrier(ctx)
	pause := c.pause
	c.pause = func(ctx context.Context) bool {
		cancel()
		return pause(ctx)
	}
	if n, err := c.shelve(Disk{}, dir, Shelf(dir, shelfNumber)); n != 0 || err == nil || c.waits != 1 {
		t.Errorf("Shelve = %d, %v after %d waits", n, err, c.waits)
	}
	if _, err := os.Stat(Shelf(dir, shelfNumber)); !errors.Is(err, os.ErrNotExist) {
		t.Error("an empty shelf is left:", err)
	}
}

// Names that Win32 spells otherwise or takes for devices, which other ways of writing a file can make.
func TestNamesThatWin32DoesNotKnow(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	plant(t, dir, map[string]string{"x": "plain", "sub/y": "1"})
	made := 0
	for _, name := range []string{"x.", "x ", "aux", "nul.dat", "con", "lone\xed\xa0\x80", `sub\x..`, "folder.", `folder.\inner`} {
		path := `\\?\` + filepath.Join(dir, "q")
		path = strings.TrimSuffix(path, "q") + name
		p, err := windows.UTF16PtrFromString(path)
		must(t, err)
		if name == "folder." {
			err = windows.CreateDirectory(p, nil)
		} else {
			var h windows.Handle
			if h, err = windows.CreateFile(p, windows.GENERIC_WRITE, 0, nil, windows.CREATE_NEW, 0, 0); err == nil {
				_ = windows.CloseHandle(h)
			}
		}
		if err != nil {
			t.Logf("this system makes no %q: %v", name, err)
			continue
		}
		made++
	}
	names := func(dir string) int {
		root, err := os.OpenRoot(dir)
		must(t, err)
		defer root.Close()
		list, err := readSome(root, 100)
		must(t, err)
		return len(list)
	}
	shelf := Shelf(dir, shelfNumber)
	before := names(dir)
	n, err := Disk{}.Shelve(t.Context(), dir, shelf, nil)
	if err != nil || n != before || names(dir) != 0 {
		t.Fatalf("Shelve = %d, %v; want %d", n, err, before)
	}
	n, err = Disk{}.Return(t.Context(), dir, shelf)
	if err != nil || n != before || names(dir) != before {
		t.Fatalf("Return = %d, %v; want %d", n, err, before)
	}
	if b, err := os.ReadFile(filepath.Join(dir, "x")); string(b) != "plain" {
		t.Errorf("x is %q, %v: another file took its name", b, err)
	}
	_, err = Disk{}.Shelve(t.Context(), dir, shelf, nil)
	must(t, err)
	if _, _, err := (Disk{}).Discard(t.Context(), dir, shelf); err != nil {
		t.Error("Discard:", err)
	}
	if _, err := os.Stat(shelf); !errors.Is(err, os.ErrNotExist) {
		t.Error("the shelf is still there:", err)
	}
	if made == 0 {
		t.Error("no odd name was made: nothing was shown")
	}
}

func TestCaseIsNoOtherName(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	plant(t, dir, map[string]string{"Answer.DAT": "old", "Sub/x": "old"})
	before := manifest(t, dir)
	shelf := Shelf(dir, shelfNumber)
	_, err := Disk{}.Shelve(t.Context(), strings.ToUpper(dir), Shelf(strings.ToUpper(dir), shelfNumber), nil)
	must(t, err)
	plant(t, dir, map[string]string{"answer.dat": "new", "SUB/y": "new"})
	if n, err := (Disk{}).Return(t.Context(), dir, shelf); n != 2 || err != nil {
		t.Errorf("Return = %d, %v", n, err)
	}
	if after := manifest(t, dir); !maps.Equal(before, after) {
		t.Errorf("before %q\n after %q", before, after)
	}
}

func TestReadOnlyFilesMoveAndGo(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	plant(t, dir, map[string]string{"a": "1", "sub/b": "2"})
	must(t, os.Chmod(filepath.Join(dir, "a"), 0o400))
	must(t, os.Chmod(filepath.Join(dir, "sub", "b"), 0o400))
	shelf := Shelf(dir, shelfNumber)
	_, err := Disk{}.Shelve(t.Context(), dir, shelf, nil)
	must(t, err)
	plant(t, dir, map[string]string{"a": "new"})
	must(t, os.Chmod(filepath.Join(dir, "a"), 0o400))
	_, err = Disk{}.Return(t.Context(), dir, shelf)
	must(t, err)
	_, err = Disk{}.Shelve(t.Context(), dir, shelf, nil)
	must(t, err)
	if n, _, err := (Disk{}).Discard(t.Context(), dir, shelf); n != 2 || err != nil {
		t.Errorf("Discard = %d, %v", n, err)
	}
}

// What the folder around it hands down to everybody does not reach the shelf.
func TestTheShelfIsClosedToOthers(t *testing.T) {
	top := t.TempDir()
	text, err := exec.Command("icacls", top, "/grant", "*S-1-1-0:(OI)(CI)F").CombinedOutput()
	t.Logf("icacls: %s %v", strings.TrimSpace(string(text)), err)
	dir := filepath.Join(top, "cache")
	plant(t, dir, map[string]string{"a": "1"})
	_, err = Disk{}.Shelve(t.Context(), dir, Shelf(dir, shelfNumber), nil)
	must(t, err)
	root, err := os.OpenRoot(Shelf(dir, shelfNumber))
	must(t, err)
	defer root.Close()
	f, err := root.Open(".")
	must(t, err)
	defer f.Close()
	must(t, ours(f))
	got, err := exposures(f, newInsiders(""), folderRole{last: true})
	if err != nil || len(got) != 0 {
		sd, _ := windows.GetSecurityInfo(windows.Handle(f.Fd()), windows.SE_FILE_OBJECT, windows.OWNER_SECURITY_INFORMATION|windows.DACL_SECURITY_INFORMATION)
		t.Errorf("%v, %v: %s", got, err, sd)
	}
}

// Wine's Restart Manager knows nothing; what is shown there is that its answer, or none, does not hinder the message.
func TestWhoHoldsAFile(t *testing.T) {
	dir := t.TempDir()
	plant(t, dir, map[string]string{"held": "x", "sub/held": "y"})
	hold(t, filepath.Join(dir, "held"))
	hold(t, filepath.Join(dir, "sub", "held"))
	f, err := os.Open(dir)
	must(t, err)
	defer f.Close()
	for _, name := range []string{"held", "sub"} {
		who := holders(t.Context(), f, name)
		if who == "" {
			list, err := openIn([]string{filepath.Join(dir, "held")})
			t.Logf("this system does not say who holds %s: %v, %v", name, list, err)
			continue
		}
		if !strings.Contains(who, "process") {
			t.Errorf("%s is held by %q", name, who)
		}
	}
}

// The sizes of RestartManager.h and wdm.h.
func TestRecordsAreLaidOutAsWindowsDoes(t *testing.T) {
	var r renameInfo
	word := unsafe.Sizeof(r.directory)
	if got := unsafe.Sizeof(rmProcess{}); got != 668 {
		t.Errorf("RM_PROCESS_INFO has %d bytes", got)
	}
	if a, b, c := unsafe.Offsetof(r.directory), unsafe.Offsetof(r.length), unsafe.Offsetof(r.name); a != word || b != 2*word || c != 2*word+4 {
		t.Errorf("FILE_RENAME_INFORMATION: %d, %d, %d", a, b, c)
	}
}

func TestHoldersAreNamed(t *testing.T) {
	p := rmProcess{pid: 7}
	if got := p.String(); got != "process 7" {
		t.Error(got)
	}
	copy(p.app[:], windows.StringToUTF16("F-Secure \x1b hoster"))
	if got := p.String(); got != `"F-Secure \x1b hoster" (process 7)` {
		t.Error(got)
	}
	copy(p.service[:], windows.StringToUTF16("fsulnethoster"))
	if got := p.String(); got != "fsulnethoster (process 7)" {
		t.Error(got)
	}
}

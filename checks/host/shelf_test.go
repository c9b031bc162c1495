package host

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

const shelfNumber = "0123456789abcdef"

// manifest is everything below a folder: files with their text, folders with a slash, links with what they lead to.
func manifest(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	must(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		rel = filepath.ToSlash(rel)
		switch {
		case err != nil:
		case e.Type()&fs.ModeSymlink != 0:
			out[rel], err = os.Readlink(path)
		case e.IsDir():
			out[rel+"/"] = ""
		default:
			var b []byte
			b, err = os.ReadFile(path)
			out[rel] = string(b)
		}
		return err
	}))
	return out
}

// beds are a folder on the real disk and one under a root: its path for the disk, and for the test.
func beds(t *testing.T, run func(t *testing.T, d Disk, dir, real string)) {
	t.Run("on the real disk", func(t *testing.T) {
		real := filepath.Join(t.TempDir(), "app", "cache")
		must(t, os.MkdirAll(real, 0o755))
		run(t, Disk{}, real, real)
	})
	t.Run("under a root", func(t *testing.T) {
		root := t.TempDir()
		real := filepath.Join(root, "C", "App", "Cache")
		must(t, os.MkdirAll(real, 0o755))
		run(t, Disk{Root: root}, `c:\app\CACHE`, real)
	})
	t.Run("below the volume itself", func(t *testing.T) {
		root := t.TempDir()
		real := filepath.Join(root, "cache")
		must(t, os.MkdirAll(real, 0o755))
		run(t, Disk{Root: root}, "/cache", real)
	})
}

var someCache = map[string]string{
	"a": "12345", "b.dat": "", "sub/c": "123", "sub/deeper/d": "4", "none/": "", "name with spaces": "x", "ümlaut ☂": "y",
	"-rf": "z", "$(reboot)": "z", "esc\u009b2J": "z",
}

func TestShelvedContentComesBackAsItWas(t *testing.T) {
	beds(t, func(t *testing.T, d Disk, dir, real string) {
		plant(t, real, someCache)
		plant(t, filepath.Dir(real), map[string]string{"neighbour": "keep"})
		before := manifest(t, filepath.Dir(real))
		var told []int
		n, err := d.Shelve(t.Context(), dir, Shelf(dir, shelfNumber), func(n int) { told = append(told, n) })
		if err != nil || n != 9 || len(told) != 9 || told[8] != 9 {
			t.Fatalf("Shelve = %d, %v, told %v; want 9 entries", n, err, told)
		}
		if left := manifest(t, real); len(left) != 0 {
			t.Errorf("left in the folder: %v", left)
		}
		n, err = d.Return(t.Context(), dir, Shelf(dir, shelfNumber))
		if err != nil || n != 9 {
			t.Errorf("Return = %d, %v; want 9", n, err)
		}
		if after := manifest(t, filepath.Dir(real)); !maps.Equal(before, after) {
			t.Errorf("before %q\n after %q", before, after)
		}
	})
}

func TestDiscardedContentIsGone(t *testing.T) {
	beds(t, func(t *testing.T, d Disk, dir, real string) {
		plant(t, real, someCache)
		plant(t, filepath.Dir(real), map[string]string{"neighbour": "keep"})
		_, err := d.Shelve(t.Context(), dir, Shelf(dir, shelfNumber), nil)
		must(t, err)
		plant(t, real, map[string]string{"new": "answer"})
		n, size, err := d.Discard(t.Context(), dir, Shelf(dir, shelfNumber))
		if err != nil || n != 9 || size != 14 {
			t.Errorf("Discard = %d files, %d bytes, %v; want 9, 14", n, size, err)
		}
		want := map[string]string{"neighbour": "keep", filepath.Base(real) + "/": "", filepath.Base(real) + "/new": "answer"}
		if left := manifest(t, filepath.Dir(real)); !maps.Equal(left, want) {
			t.Errorf("left: %q, want %q", left, want)
		}
	})
}

func TestReturnRemovesWhatTookAnEntrysPlace(t *testing.T) {
	for name, c := range map[string]struct{ before, meanwhile map[string]string }{
		"a file where a file was":                 {map[string]string{"x": "old"}, map[string]string{"x": "new"}},
		"a full folder where a file was":          {map[string]string{"x": "old"}, map[string]string{"x/y/z": "new", "x/w": ""}},
		"a file where a folder was":               {map[string]string{"x/y": "old"}, map[string]string{"x": "new"}},
		"a full folder where a folder was":        {map[string]string{"x/y": "old"}, map[string]string{"x/z": "new"}},
		"an empty folder where a full folder was": {map[string]string{"x/y": "old"}, map[string]string{"x/": ""}},
	} {
		t.Run(name, func(t *testing.T) {
			beds(t, func(t *testing.T, d Disk, dir, real string) {
				plant(t, real, c.before)
				before := manifest(t, real)
				_, err := d.Shelve(t.Context(), dir, Shelf(dir, shelfNumber), nil)
				must(t, err)
				plant(t, real, c.meanwhile)
				plant(t, real, map[string]string{"beside": "new"})
				if n, err := d.Return(t.Context(), dir, Shelf(dir, shelfNumber)); n != 1 || err != nil {
					t.Errorf("Return = %d, %v; want 1", n, err)
				}
				before["beside"] = "new"
				if after := manifest(t, real); !maps.Equal(before, after) {
					t.Errorf("want %q\n got %q", before, after)
				}
				if _, err := os.Lstat(Shelf(real, shelfNumber)); !errors.Is(err, fs.ErrNotExist) {
					t.Error("the shelf is still there:", err)
				}
			})
		})
	}
}

func TestShelvesThatAreNotThere(t *testing.T) {
	beds(t, func(t *testing.T, d Disk, dir, real string) {
		plant(t, real, someCache)
		before := manifest(t, filepath.Dir(real))
		if n, err := d.Return(t.Context(), dir, Shelf(dir, shelfNumber)); n != 0 || err != nil {
			t.Errorf("Return = %d, %v", n, err)
		}
		if n, _, err := d.Discard(t.Context(), dir, Shelf(dir, shelfNumber)); n != 0 || err != nil {
			t.Errorf("Discard = %d, %v", n, err)
		}
		if after := manifest(t, filepath.Dir(real)); !maps.Equal(before, after) {
			t.Errorf("before %q\n after %q", before, after)
		}
	})
}

// The product was removed with every folder of its own after a cleanup was cut off.
func TestAShelfWhoseParentIsGoneIsGoneToo(t *testing.T) {
	beds(t, func(t *testing.T, d Disk, dir, real string) {
		must(t, os.RemoveAll(filepath.Dir(real)))
		if n, err := d.Return(t.Context(), dir, Shelf(dir, shelfNumber)); n != 0 || err != nil {
			t.Errorf("Return = %d, %v", n, err)
		}
		if n, _, err := d.Discard(t.Context(), dir, Shelf(dir, shelfNumber)); n != 0 || err != nil {
			t.Errorf("Discard = %d, %v", n, err)
		}
		if err := d.Movable(dir); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Movable = %v", err)
		}
	})
}

// What lies on another system's disk cannot be seen from here, so it is not said to be gone.
func TestAnotherSystemsShelfIsNotCalledGone(t *testing.T) {
	dir := `C:\ProgramData\Vendor\cache`
	if runtime.GOOS == "windows" {
		dir = "/var/lib/vendor/cache"
	}
	if _, err := (Disk{}).Return(t.Context(), dir, Shelf(dir, shelfNumber)); !errors.Is(err, ErrUnsupported) {
		t.Errorf("Return = %v", err)
	}
	if _, _, err := (Disk{}).Discard(t.Context(), dir, Shelf(dir, shelfNumber)); !errors.Is(err, ErrUnsupported) {
		t.Errorf("Discard = %v", err)
	}
}

func TestMovableSaysNothingWhereShelvingWorks(t *testing.T) {
	beds(t, func(t *testing.T, d Disk, dir, real string) {
		before := manifest(t, filepath.Dir(real))
		if err := d.Movable(dir); err != nil {
			t.Error(err)
		}
		if after := manifest(t, filepath.Dir(real)); !maps.Equal(before, after) {
			t.Errorf("before %q\n after %q", before, after)
		}
	})
}

func TestShelvingRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		dir, shelf string // under a root; shelf "" for the right one
		want       error
	}{
		"a missing folder":                        {`C:\nothing`, "", fs.ErrNotExist},
		"a missing parent":                        {`C:\no\where`, "", fs.ErrNotExist},
		"a file":                                  {`C:\file`, "", errFolder},
		"a whole volume":                          {`C:\`, "", errWhole},
		"dots that lead to a whole volume":        {`C:\Cache\..`, "", errWhole},
		"a path with a NUL":                       {"C:\\fi\x00le", "", fs.ErrInvalid},
		"a shelf that is there already":           {`C:\taken`, "", fs.ErrExist},
		"a shelf in another place":                {`C:\Cache`, `C:\Other.linecheck-` + shelfNumber, errNoShelf},
		"a shelf whose number is a path":          {`C:\Cache`, `C:\Cache.linecheck-0123456/..`, errNoShelf},
		"a shelf with another name":               {`C:\Cache`, `C:\Cache.old`, errNoShelf},
		"a shelf that is the folder":              {`C:\Cache`, `C:\Cache`, errNoShelf},
		"a shelf without a number":                {`C:\Cache`, `C:\Cache.linecheck-`, errNoShelf},
		"a shelf with a number that is too short": {`C:\Cache`, `C:\Cache.linecheck-0`, errNoShelf},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			plant(t, root, map[string]string{"C/file": "x", "C/Cache/a": "y", "C/taken/b": "z", "C/taken" + shelfMark + shelfNumber + "/c": "w"})
			before := manifest(t, root)
			shelf := c.shelf
			if shelf == "" {
				shelf = Shelf(c.dir, shelfNumber)
			}
			if n, err := (Disk{Root: root}).Shelve(t.Context(), c.dir, shelf, nil); n != 0 || !errors.Is(err, c.want) {
				t.Errorf("Shelve = %d, %v; want %v", n, err, c.want)
			}
			if c.shelf != "" {
				if n, err := (Disk{Root: root}).Return(t.Context(), c.dir, shelf); n != 0 || !errors.Is(err, c.want) {
					t.Errorf("Return = %d, %v; want %v", n, err, c.want)
				}
				if n, _, err := (Disk{Root: root}).Discard(t.Context(), c.dir, shelf); n != 0 || !errors.Is(err, c.want) {
					t.Errorf("Discard = %d, %v; want %v", n, err, c.want)
				}
			}
			if after := manifest(t, root); !maps.Equal(before, after) {
				t.Errorf("before %q\n after %q", before, after)
			}
		})
	}
}

func TestShelvingRefusesLinks(t *testing.T) {
	for name, where := range map[string]string{"a folder that is a link": "app/cache", "a parent that is a link": "app"} {
		t.Run(name, func(t *testing.T) {
			top, out := t.TempDir(), t.TempDir()
			plant(t, top, map[string]string{"app/": ""})
			plant(t, out, map[string]string{"precious": "x", "cache/precious": "x", "cache" + shelfMark + shelfNumber + "/precious": "x"})
			if where == "app" {
				must(t, os.Remove(filepath.Join(top, "app")))
			}
			link(t, out, filepath.Join(top, where))
			before := manifest(t, out)
			dir := filepath.Join(top, "app", "cache")
			if n, err := (Disk{}).Shelve(t.Context(), dir, Shelf(dir, shelfNumber), nil); n != 0 || !errors.Is(err, errLink) {
				t.Errorf("Shelve = %d, %v; want a refusal", n, err)
			}
			if where == "app" {
				if n, err := (Disk{}).Return(t.Context(), dir, Shelf(dir, shelfNumber)); n != 0 || !errors.Is(err, errLink) {
					t.Errorf("Return = %d, %v; want a refusal", n, err)
				}
				if n, _, err := (Disk{}).Discard(t.Context(), dir, Shelf(dir, shelfNumber)); n != 0 || !errors.Is(err, errLink) {
					t.Errorf("Discard = %d, %v; want a refusal", n, err)
				}
			}
			if after := manifest(t, out); !maps.Equal(before, after) {
				t.Errorf("behind the link: before %q\n after %q", before, after)
			}
		})
	}
}

func TestAShelfThatIsALinkIsNotFollowed(t *testing.T) {
	top, out := t.TempDir(), t.TempDir()
	dir := filepath.Join(top, "cache")
	plant(t, dir, someCache)
	plant(t, out, map[string]string{"precious": "x"})
	link(t, out, Shelf(dir, shelfNumber))
	if n, err := (Disk{}).Return(t.Context(), dir, Shelf(dir, shelfNumber)); n != 0 || !errors.Is(err, errLink) {
		t.Errorf("Return = %d, %v; want a refusal", n, err)
	}
	if n, _, err := (Disk{}).Discard(t.Context(), dir, Shelf(dir, shelfNumber)); n != 0 || !errors.Is(err, errLink) {
		t.Errorf("Discard = %d, %v; want a refusal", n, err)
	}
	if _, err := os.Stat(filepath.Join(out, "precious")); err != nil {
		t.Error("what the link leads to was touched:", err)
	}
}

func TestLinksInsideMoveAsLinks(t *testing.T) {
	top, out := t.TempDir(), t.TempDir()
	dir := filepath.Join(top, "cache")
	plant(t, dir, map[string]string{"a": "123", "sub/": ""})
	plant(t, out, map[string]string{"precious": "x"})
	link(t, out, filepath.Join(dir, "dir"))
	link(t, filepath.Join(out, "precious"), filepath.Join(dir, "file"))
	link(t, out, filepath.Join(dir, "sub", "deep"))
	before := manifest(t, dir)
	for range 2 {
		_, err := Disk{}.Shelve(t.Context(), dir, Shelf(dir, shelfNumber), nil)
		must(t, err)
		// A link that took a folder's place is removed itself.
		link(t, out, filepath.Join(dir, "sub"))
		_, err = Disk{}.Return(t.Context(), dir, Shelf(dir, shelfNumber))
		must(t, err)
	}
	if after := manifest(t, dir); !maps.Equal(before, after) {
		t.Errorf("before %q\n after %q", before, after)
	}
	_, err := Disk{}.Shelve(t.Context(), dir, Shelf(dir, shelfNumber), nil)
	must(t, err)
	if n, size, err := (Disk{}).Discard(t.Context(), dir, Shelf(dir, shelfNumber)); n != 4 || size != 3 || err != nil {
		t.Errorf("Discard = %d, %d, %v; want 4 files and links, 3 bytes", n, size, err)
	}
	if got := manifest(t, out); len(got) != 1 {
		t.Errorf("what the links lead to was touched: %q", got)
	}
}

// The folder's name is taken by a link to somewhere else after the first entry was moved.
func TestAFolderSwappedInTheMiddleLeadsNowhereElse(t *testing.T) {
	top, out := t.TempDir(), t.TempDir()
	dir := filepath.Join(top, "cache")
	plant(t, dir, someCache)
	plant(t, out, map[string]string{"precious": "x"})
	link(t, out, filepath.Join(top, "probe"))
	before := manifest(t, dir)
	_, err := Disk{}.Shelve(t.Context(), dir, Shelf(dir, shelfNumber), func(n int) {
		if n == 1 {
			must(t, os.Rename(dir, dir+"-away"))
			must(t, os.Symlink(out, dir))
		}
	})
	if !errors.Is(err, errReplaced) {
		t.Errorf("Shelve = %v; want to be told", err)
	}
	if got := manifest(t, out); len(got) != 1 {
		t.Errorf("moved from behind the link: %q", got)
	}
	if got := manifest(t, Shelf(dir, shelfNumber)); !maps.Equal(got, before) {
		t.Errorf("on the shelf: %q", got)
	}
	if n, err := (Disk{}).Return(t.Context(), dir, Shelf(dir, shelfNumber)); n != 0 || !errors.Is(err, errLink) {
		t.Errorf("Return = %d, %v; want a refusal", n, err)
	}
	if got := manifest(t, out); len(got) != 1 {
		t.Errorf("moved behind the link: %q", got)
	}
}

func TestShelfNames(t *testing.T) {
	for dir, shelf := range map[string]string{
		`C:\a\b`: `C:\a\b.linecheck-` + shelfNumber, `C:\a\b\`: `C:\a\b.linecheck-` + shelfNumber, "/a/b/": "/a/b.linecheck-" + shelfNumber,
	} {
		if got := Shelf(dir, shelfNumber); got != shelf || !IsShelf(dir, got) {
			t.Errorf("Shelf(%q) = %q, %v", dir, got, IsShelf(dir, got))
		}
	}
	for _, bad := range []string{"", "/a/b", "/a/b.linecheck-", "/a/b.linecheck-0123456", "/a/b.linecheck-0123456g", "/a/c.linecheck-" + shelfNumber,
		"/a/b.linecheck-" + strings.Repeat("0", 33), "/a/b.linecheck-" + shelfNumber + "/x", "/a/b.linecheck-" + shelfNumber + "\n"} {
		if IsShelf("/a/b", bad) {
			t.Errorf("%q was taken for a shelf", bad)
		}
	}
}

func TestNamesAreLegible(t *testing.T) {
	for name, want := range map[string]string{
		"a b.dat": "a b.dat", `sub\x`: `sub\x`, "ümlaut ☂": "ümlaut ☂", "esc\x1b[2J": `"esc\x1b[2J"`, "a\nb": `"a\nb"`, "bad\xff": `"bad\xff"`,
		"c1\u009b": `"c1\u009b"`, "bidi\u202e": `"bidi\u202e"`,
	} {
		if got := legible(name); got != want {
			t.Errorf("legible(%q) = %s, want %s", name, got, want)
		}
	}
}

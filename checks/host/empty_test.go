package host

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// empty removes everything in a folder of a disk, as it is done with a shelf.
func empty(ctx context.Context, d Disk, dir string) (removed int, bytes int64, err error) {
	s, err := parse(dir)
	if err != nil {
		return 0, 0, err
	}
	root, err := d.reach(s, nil)
	if err != nil {
		return 0, 0, err
	}
	defer root.Close()
	e := emptier{ctx: ctx}
	e.empty(root, "", 0)
	return e.removed, e.bytes, e.err(dir)
}

func TestEmptyRemovesEverythingButTheFolder(t *testing.T) {
	root := t.TempDir()
	plant(t, root, map[string]string{
		"C/Cache/a": "12345", "C/Cache/sub/b": "123", "C/Cache/sub/deeper/c": "", "C/Cache/none/": "", "C/keep": "keep",
	})
	n, size, err := empty(t.Context(), Disk{Root: root}, `C:\cache`)
	if err != nil || n != 3 || size != 8 {
		t.Errorf("Empty = %d files, %d bytes, %v; want 3, 8", n, size, err)
	}
	left, err := os.ReadDir(filepath.Join(root, "C", "Cache"))
	if err != nil || len(left) != 0 {
		t.Errorf("left in the folder: %v, %v", left, err)
	}
	if _, err := os.Stat(filepath.Join(root, "C", "keep")); err != nil {
		t.Error("a neighbour is gone:", err)
	}
}

func TestEmptyOnTheRealDisk(t *testing.T) {
	dir := t.TempDir()
	plant(t, dir, map[string]string{"cache/x": "1", "cache/d/y": "2"})
	if n, _, err := empty(t.Context(), Disk{}, filepath.Join(dir, "cache")); err != nil || n != 2 {
		t.Errorf("Empty = %d, %v; want 2", n, err)
	}
}

func TestEmptyRefuses(t *testing.T) {
	root := t.TempDir()
	plant(t, root, map[string]string{"C/file": "x"})
	d := Disk{Root: root}
	for name, c := range map[string]struct {
		dir  string
		want error
	}{
		"a missing folder":       {`C:\nothing`, fs.ErrNotExist},
		"a missing parent":       {`C:\no\where`, fs.ErrNotExist},
		"a file":                 {`C:\file`, errFolder},
		"a path with a NUL":      {"C:\\fi\x00le", fs.ErrInvalid},
		"a device":               {`\\?\C:\file`, fs.ErrInvalid},
		"an empty path":          {``, fs.ErrInvalid},
		"a file's hidden stream": {`C:\file:x`, fs.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			if n, _, err := empty(t.Context(), d, c.dir); n != 0 || !errors.Is(err, c.want) {
				t.Errorf("Empty(%q) = %d, %v; want %v", c.dir, n, err, c.want)
			}
		})
	}
	if _, err := os.Stat(filepath.Join(root, "C", "file")); err != nil {
		t.Error("something was removed:", err)
	}
}

func TestEmptyRefusesLinks(t *testing.T) {
	for name, c := range map[string]struct{ link, target, dir string }{
		"a folder that is a link":      {"C/Cache", "out", `C:\Cache`},
		"a parent that is a link":      {"C/App", "out", `C:\App\sub`},
		"a link to inside the root":    {"C/Cache", "in", `C:\Cache`},
		"a parent linked to inside it": {"C/App", "in", `C:\App\sub`},
	} {
		for where, rooted := range map[string]bool{" under a root": true, " on the real disk": false} {
			t.Run(name+where, func(t *testing.T) {
				top, out := t.TempDir(), t.TempDir()
				plant(t, top, map[string]string{"C/": "", "in/sub/precious": "x"})
				plant(t, out, map[string]string{"sub/precious": "x"})
				target := out
				if c.target == "in" {
					target = filepath.Join(top, "in")
				}
				link(t, target, filepath.Join(top, c.link))
				d, dir := Disk{Root: top}, c.dir
				if !rooted {
					d, dir = Disk{}, filepath.Join(top, "C", strings.ReplaceAll(c.dir[3:], `\`, "/"))
				}
				if n, _, err := empty(t.Context(), d, dir); n != 0 || !errors.Is(err, errLink) {
					t.Errorf("Empty = %d, %v; want a refusal", n, err)
				}
				for _, p := range []string{filepath.Join(top, "in"), out} {
					if _, err := os.Stat(filepath.Join(p, "sub", "precious")); err != nil {
						t.Error("something behind the link was removed:", err)
					}
				}
			})
		}
	}
}

func TestEmptyRemovesLinksThemselves(t *testing.T) {
	root, out := t.TempDir(), t.TempDir()
	plant(t, root, map[string]string{"C/Cache/a": "123"})
	plant(t, out, map[string]string{"precious": "x"})
	link(t, out, filepath.Join(root, "C/Cache/dir"))
	link(t, filepath.Join(out, "precious"), filepath.Join(root, "C/Cache/file"))
	n, size, err := empty(t.Context(), Disk{Root: root}, `C:\Cache`)
	if err != nil || n != 3 || size != 3 {
		t.Errorf("Empty = %d, %d, %v; want 3 files, 3 bytes", n, size, err)
	}
	if _, err := os.Stat(filepath.Join(out, "precious")); err != nil {
		t.Error("what the link leads to was removed:", err)
	}
}

// A folder inside is swapped for a link again and again while everything is being removed.
func TestSwappedFolderDoesNotLeadOutside(t *testing.T) {
	root, out := t.TempDir(), t.TempDir()
	plant(t, out, map[string]string{"precious": "x"})
	probe := filepath.Join(root, "probe")
	link(t, out, probe)
	cache := filepath.Join(root, "C", "Cache")
	for range 20 {
		for _, d := range []string{"a", "b", "c", "d", "e", "f"} {
			plant(t, cache, map[string]string{d + "/x/y": "1", d + "/z": "2"})
		}
		stop, ended := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(ended)
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				for _, d := range []string{"f", "c"} {
					path := filepath.Join(cache, d)
					_ = os.Rename(path, filepath.Join(root, "gone"))
					_ = os.Symlink(out, path)
					_ = os.Remove(path)
					_ = os.Rename(filepath.Join(root, "gone"), path)
				}
			}
		}()
		_, _, _ = empty(t.Context(), Disk{Root: root}, `C:\Cache`)
		close(stop)
		<-ended
		if _, err := os.Stat(filepath.Join(out, "precious")); err != nil {
			t.Fatal("a file outside was removed:", err)
		}
		_ = os.RemoveAll(filepath.Join(root, "gone"))
	}
}

func TestEmptyGoesOnAfterAnError(t *testing.T) {
	if runtime.GOOS == "windows" {
		// A file that somebody holds without sharing deletion stays.
		root := t.TempDir()
		plant(t, root, map[string]string{"C/Cache/a": "1", "C/Cache/held": "2", "C/Cache/z": "3"})
		f, err := os.Open(filepath.Join(root, "C/Cache/held"))
		must(t, err)
		defer f.Close()
		n, _, err := empty(t.Context(), Disk{Root: root}, `C:\Cache`)
		if n != 2 || err == nil || !strings.Contains(err.Error(), "held") {
			t.Errorf("Empty = %d, %v; want 2 removed and the held file named", n, err)
		}
		return
	}
	root := t.TempDir()
	deep := strings.Repeat("d/", maxNesting+1)
	plant(t, root, map[string]string{"C/Cache/a": "1", "C/Cache/" + deep + "x": "2", "C/Cache/z": "3"})
	n, _, err := empty(t.Context(), Disk{Root: root}, `C:\Cache`)
	if n != 2 || err == nil || !strings.Contains(err.Error(), "inside each other") {
		t.Errorf("Empty = %d, %v; want 2 removed and the nesting named", n, err)
	}
}

func TestEmptyEndsWithItsContext(t *testing.T) {
	root := t.TempDir()
	plant(t, root, map[string]string{"C/Cache/a": "1", "C/Cache/b": "2"})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	n, _, err := empty(ctx, Disk{Root: root}, `C:\Cache`)
	if n != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("Empty = %d, %v; want nothing removed", n, err)
	}
}

package host

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Junctions need no rights, so they are what a stranger would put in the way. Wine makes none ("Request not supported"
// to FSCTL_SET_REPARSE_POINT): shown on a real Windows only.
func TestJunctionsAreLinks(t *testing.T) {
	top, out := t.TempDir(), t.TempDir()
	plant(t, top, map[string]string{"C/App/": "", "C/Cache/a": "1"})
	plant(t, out, map[string]string{"sub/precious": "x"})
	for _, name := range []string{"Cache2", `App\sub`, `Cache\inner`} {
		path := filepath.Join(top, "C", name)
		text, err := exec.Command("cmd", "/c", "mklink", "/J", path, out).CombinedOutput()
		if _, lerr := os.Lstat(path); lerr != nil {
			t.Skipf("this system makes no junctions: %s %v %v", text, err, lerr)
		}
	}
	d := Disk{Root: top}
	for _, dir := range []string{`C:\Cache2`, `C:\Cache2\sub`, `C:\App\sub`} {
		if n, _, err := empty(t.Context(), d, dir); n != 0 || !errors.Is(err, errLink) {
			t.Errorf("Empty(%s) = %d, %v; want a refusal", dir, n, err)
		}
	}
	for _, dir := range []string{`C:\Cache2`, `C:\Cache2\sub`, `C:\App\sub`} {
		if n, err := d.Shelve(t.Context(), dir, Shelf(dir, shelfNumber), nil); n != 0 || !errors.Is(err, errLink) {
			t.Errorf("Shelve(%s) = %d, %v; want a refusal", dir, n, err)
		}
		if _, err := d.Exposed(dir, ""); !errors.Is(err, errLink) {
			t.Errorf("Exposed(%s) = %v; want a refusal", dir, err)
		}
	}
	if _, err := d.Shelve(t.Context(), `C:\Cache`, Shelf(`C:\Cache`, shelfNumber), nil); err != nil {
		t.Errorf("a junction inside was not moved aside: %v", err)
	}
	if _, err := d.Return(t.Context(), `C:\Cache`, Shelf(`C:\Cache`, shelfNumber)); err != nil {
		t.Errorf("a junction inside was not moved back: %v", err)
	}
	if _, _, err := empty(t.Context(), d, `C:\Cache`); err != nil {
		t.Errorf("a junction inside was not taken away: %v", err)
	}
	if _, err := os.Stat(filepath.Join(out, "sub", "precious")); err != nil {
		t.Error("something behind a junction was removed:", err)
	}
	if got, err := d.Glob(`C:\**\precious`); len(got) != 0 || err != nil {
		t.Errorf("Glob went through a junction: %q, %v", got, err)
	}
}

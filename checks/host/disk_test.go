package host

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// plant makes files under root: names with slashes, a text for each; a name that ends in a slash is a folder.
func plant(t *testing.T, root string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(root, filepath.FromSlash(name))
		if strings.HasSuffix(name, "/") {
			must(t, os.MkdirAll(path, 0o755))
			continue
		}
		must(t, os.MkdirAll(filepath.Dir(path), 0o755))
		must(t, os.WriteFile(path, []byte(text), 0o644))
	}
}

// errAny stands in a table for an error that is none of this package's own.
var errAny = errors.New("any other error")

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// link makes a symbolic link, or ends the test where the system makes none: Wine answers that it did and makes
// nothing, and a plain user of Windows has no right to. What is asserted behind it is then shown on Linux only.
func link(t *testing.T, target, name string) {
	t.Helper()
	err := os.Symlink(target, name)
	if info, lerr := os.Lstat(name); err != nil || lerr != nil || info.Mode()&fs.ModeSymlink == 0 {
		if runtime.GOOS != "windows" {
			t.Fatal("no symbolic link:", err, lerr)
		}
		t.Skip("this system makes no symbolic links:", err, lerr)
	}
}

func TestPathsAreMappedUnderRoot(t *testing.T) {
	root := t.TempDir()
	plant(t, root, map[string]string{"C/ProgramData/F-Secure/Log/a.log": "win", "etc/hosts": "lin", "server/share/x.txt": "unc"})
	d := Disk{Root: root}
	for name, c := range map[string]struct{ path, want string }{
		"a Windows path lies under its drive letter":   {`C:\ProgramData\F-Secure\Log\a.log`, "win"},
		"a Windows path is found in any case":          {`c:\PROGRAMDATA\f-secure\LOG\A.log`, "win"},
		"slashes in a Windows path are separators too": {`C:/ProgramData/F-Secure\Log/a.log`, "win"},
		"dots do not climb out of the root":            {`C:\..\..\C\..\ProgramData\F-Secure\Log\a.log`, "win"},
		"a Linux path lies under the root":             {`/etc/hosts`, "lin"},
		"dots in a Linux path do not climb out":        {`/../../etc/./hosts`, "lin"},
		"a share lies under its server":                {`\\server\share\x.txt`, "unc"},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := d.Open(c.path)
			must(t, err)
			defer f.Close()
			if b, err := io.ReadAll(f); err != nil || string(b) != c.want {
				t.Errorf("read %q, %v; want %q", b, err, c.want)
			}
		})
	}
}

func TestWhatIsNoFileIsRefused(t *testing.T) {
	root := t.TempDir()
	plant(t, root, map[string]string{"C/x/file": "x", "C/x/dir/": ""})
	d := Disk{Root: root}
	for name, c := range map[string]struct {
		path string
		want error
	}{
		"a missing file does not exist":             {`C:\x\nothing`, fs.ErrNotExist},
		"a missing folder does not exist":           {`C:\y\z\nothing`, fs.ErrNotExist},
		"a folder cannot be opened as a file":       {`C:\x\dir`, errSpecial},
		"a name with a NUL is invalid":              {"C:\\x\\fi\x00le", fs.ErrInvalid},
		"an alternate data stream is invalid":       {`C:\x\file:stream`, fs.ErrInvalid},
		"a device path is invalid":                  {`\\.\C:\x\file`, fs.ErrInvalid},
		"a path in the Win32 namespace is invalid":  {`\\?\C:\x\file`, fs.ErrInvalid},
		"an empty path is invalid":                  {``, fs.ErrInvalid},
		"a share without a path is no file's place": {`\\server\share`, fs.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			if f, err := d.Open(c.path); !errors.Is(err, c.want) {
				t.Errorf("Open = %v, %v; want %v", f, err, c.want)
			}
		})
	}
	if _, err := d.Open("x/file"); err == nil {
		t.Error("a relative path was opened")
	}
	if _, err := d.ReadDir(`C:\x\file`); !errors.Is(err, errFolder) {
		t.Errorf("ReadDir of a file: %v", err)
	}
}

func TestPathOfTheOtherSystem(t *testing.T) {
	other := `C:\Windows\System32`
	if runtime.GOOS == "windows" {
		other = "/etc/hosts"
	}
	_, err := Disk{}.Stat(other)
	if !errors.Is(err, ErrUnsupported) || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Stat(%q) = %v, want both not there and not on this system", other, err)
	}
	if _, _, err := empty(t.Context(), Disk{}, other); !errors.Is(err, ErrUnsupported) {
		t.Errorf("Empty(%q) = %v", other, err)
	}
}

// The real disk: what is open may be renamed and removed by others, on Windows too.
func TestOpenFileCanBeRenamedAndRemoved(t *testing.T) {
	dir := t.TempDir()
	plant(t, dir, map[string]string{"a.log": "one"})
	f, err := Disk{}.Open(filepath.Join(dir, "a.log"))
	must(t, err)
	defer f.Close()
	if err := os.Rename(filepath.Join(dir, "a.log"), filepath.Join(dir, "a.log.1")); err != nil {
		t.Error("log rotation is blocked:", err)
	}
	if err := os.Remove(filepath.Join(dir, "a.log.1")); err != nil {
		t.Error("removal is blocked:", err)
	}
	if b, err := io.ReadAll(f); string(b) != "one" {
		t.Errorf("read %q, %v from the renamed file", b, err)
	}
}

func TestLinksAreNotFollowed(t *testing.T) {
	for name, root := range map[string]bool{"on the real disk": false, "under a root": true} {
		t.Run(name, func(t *testing.T) {
			top, outside := t.TempDir(), t.TempDir()
			plant(t, top, map[string]string{"d/real.log": "in", "dd/": ""})
			plant(t, outside, map[string]string{"secret.log": "out"})
			link(t, filepath.Join(outside, "secret.log"), filepath.Join(top, "d", "link.log"))
			link(t, "real.log", filepath.Join(top, "d", "near.log"))
			link(t, outside, filepath.Join(top, "d", "away"))
			d, at := Disk{}, func(p string) string { return filepath.Join(top, p) }
			if root {
				d, at = Disk{Root: top}, func(p string) string { return "/" + p }
			}
			for _, p := range []string{"d/link.log", "d/near.log"} {
				if _, err := d.Open(at(p)); !errors.Is(err, errLink) {
					t.Errorf("Open(%s) = %v, want a refusal", p, err)
				}
				if info, err := d.Stat(at(p)); err != nil || info.Mode()&fs.ModeSymlink == 0 {
					t.Errorf("Stat(%s) = %v, %v; want the link itself", p, info, err)
				}
			}
			if _, err := d.ReadDir(at("d/away")); !errors.Is(err, errLink) {
				t.Errorf("ReadDir through a link = %v", err)
			}
			if root {
				if _, err := d.Open(at("d/away/secret.log")); err == nil {
					t.Error("a link in the middle led out of the root")
				}
			}
			got, err := d.Glob(at("d/**"))
			if want := []string{at("d/real.log")}; err != nil || !slices.Equal(got, want) {
				t.Errorf("Glob = %v, %v; want %v", got, err, want)
			}
		})
	}
}

func TestGlob(t *testing.T) {
	root := t.TempDir()
	plant(t, root, map[string]string{
		"C/ProgramData/F-Secure/Log/fsscor/fsscorplug.log":   "",
		"C/ProgramData/F-Secure/Log/fsscor/fsscorplug.log.1": "",
		"C/ProgramData/F-Secure/Log/FSSCORPLUG.LOG":          "",
		"C/ProgramData/F-Secure/Log/[1]/orspplug.log":        "",
		"C/ProgramData/F-Secure/Log/deep/a/b/c/x.txt":        "",
		"C/Users/ann/AppData/x.log":                          "",
		"C/Users/bob/AppData/x.log":                          "",
		"var/log/a.log":                                      "",
		"var/log/A.TXT":                                      "", // another name: Windows takes A.LOG for a.log
		"var/log/sub/a.log/":                                 "",
	})
	d := Disk{Root: root}
	const log = `C:\ProgramData\F-Secure\Log\`
	if _, err := os.Stat(filepath.Join(root, "var/log/a.log")); err != nil {
		t.Fatal(err)
	}

	for name, c := range map[string]struct {
		pattern string
		want    []string
	}{
		"two stars find any depth, also none": {log + `**\fsscorplug.log*`,
			[]string{log + `FSSCORPLUG.LOG`, log + `fsscor\fsscorplug.log`, log + `fsscor\fsscorplug.log.1`}},
		"two stars at the end find every file": {`C:\Users\**`, []string{`C:\Users\ann\AppData\x.log`, `C:\Users\bob\AppData\x.log`}},
		"a star stays within a name":           {`C:\Users\*\AppData\*.log`, []string{`C:\Users\ann\AppData\x.log`, `C:\Users\bob\AppData\x.log`}},
		"a star does not cross a folder":       {`C:\Users\*.log`, nil},
		"a question mark is one character":     {`C:\Users\?nn\**\x.log`, []string{`C:\Users\ann\AppData\x.log`}},
		"brackets are ordinary characters":     {log + `[1]\*.log`, []string{log + `[1]\orspplug.log`}},
		"stars that repeat find a file once":   {log + `**\**\a\**\b\**\x.txt`, []string{log + `deep\a\b\c\x.txt`}},
		"no wildcard is the file itself":       {log + `fsscor\fsscorplug.log`, []string{log + `fsscor\fsscorplug.log`}},
		"a missing folder has no files":        {`C:\nowhere\**\x.log`, nil},
		"a folder is no find":                  {`/var/log/sub/*`, nil},
		"case counts in a Linux path":          {`/var/log/a.*`, []string{"/var/log/a.log"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := d.Glob(c.pattern)
			slices.Sort(got)
			if err != nil || !slices.Equal(got, c.want) {
				t.Errorf("Glob(%s)\n got %q, %v\nwant %q", c.pattern, got, err, c.want)
			}
		})
	}
}

func TestGlobIsBounded(t *testing.T) {
	root := t.TempDir()
	must(t, os.MkdirAll(filepath.Join(root, "deep", strings.Repeat("d/", 14)), 0o755))
	plant(t, root, map[string]string{"deep/d/near.log": "", "deep/" + strings.Repeat("d/", 14) + "far.log": ""})
	got, err := Disk{Root: root}.Glob("/deep/**/*.log")
	if !errors.Is(err, ErrTooMany) || len(got) != 1 || !strings.Contains(err.Error(), "/deep") {
		t.Errorf("14 folders deep: found %d, %v; want 1 and ErrTooMany with the folder", len(got), err)
	}
	must(t, os.Mkdir(filepath.Join(root, "wide"), 0o755))
	for i := range maxEntries + 10 {
		f, err := os.Create(filepath.Join(root, "wide", fmt.Sprintf("%05d.log", i)))
		must(t, err)
		f.Close()
	}
	got, err = Disk{Root: root}.Glob("/wide/*.log")
	if !errors.Is(err, ErrTooMany) || len(got) != maxEntries {
		t.Errorf("found %d, %v; want %d and ErrTooMany", len(got), err, maxEntries)
	}
	if list, err := (Disk{Root: root}).ReadDir("/wide"); !errors.Is(err, ErrTooMany) || len(list) != maxEntries {
		t.Errorf("ReadDir gave %d, %v; want %d and ErrTooMany", len(list), err, maxEntries)
	}
	// A cache of that size is emptied all the same.
	n, _, err := empty(context.Background(), Disk{Root: root}, "/wide")
	if err != nil || n != maxEntries+10 {
		t.Errorf("Empty removed %d, %v; want %d", n, err, maxEntries+10)
	}
}

func TestWild(t *testing.T) {
	for name, c := range map[string]struct {
		pattern, name string
		want          bool
	}{
		"a star may stand for nothing":        {"a*.log", "a.log", true},
		"two stars in a name are one":         {"a**b", "axxb", true},
		"a star tries again further on":       {"*ab", "aab", true},
		"a question mark needs a character":   {"a?", "a", false},
		"a question mark takes a wide letter": {"a?", "aä", true},
		"the whole name must match":           {"a*b", "axbc", false},
		"many stars take no long time":        {strings.Repeat("*a", 30) + "b", strings.Repeat("a", 5000), false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := wild(c.pattern, c.name); got != c.want {
				t.Errorf("wild(%q, …) = %v", c.pattern, got)
			}
		})
	}
}

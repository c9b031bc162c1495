package logs

import (
	"archive/zip"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"linecheck/assets"
	"linecheck/checks/host"
)

// heavy writes a zip of one log of about size bytes that says the same over and over, and returns how many lines it has.
func heavy(t testing.TB, path string, size int) (n int) {
	t.Helper()
	f, err := os.Create(path)
	noErr(t, err)
	defer f.Close()
	z := zip.NewWriter(f)
	w, err := z.Create("diag/fsscorplug.log")
	noErr(t, err)
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.Local)
	for written := 0; written < size; n++ {
		at = at.Add(13 * time.Millisecond)
		line := fmt.Sprintf("%s [15c0.1d1c] I: fs::something::else: all is well, %d\n", at.Format("2006-01-02 15:04:05.000"), n)
		if n%50 == 0 {
			line = strings.Replace(wsFails, "2026-03-01 10:00:00.000", at.Format("2006-01-02 15:04:05.000"), 1)
		}
		k, err := w.Write([]byte(line))
		noErr(t, err)
		written += k
	}
	noErr(t, z.Close())
	return n
}

// However long a member is, it takes no more memory than a short one.
func TestALongLogInABundleTakesNoMemory(t *testing.T) {
	size := 300 << 20
	if testing.Short() {
		size = 30 << 20
	}
	path := filepath.Join(t.TempDir(), "s.zip")
	want := heavy(t, path, size)
	all, err := assets.Profiles()
	must(t, err)
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	before, most, told := m.HeapAlloc, uint64(0), 0
	l, err := Look(t.Context(), host.Machine{Files: host.Disk{}}, all, []string{path}, nil, 0, func(Entry) {
		if told++; told%2000 == 0 {
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
		}
	})
	must(t, err)
	if l.Lines != want || told != (want+49)/50 || len(l.refused) > 0 {
		t.Errorf("%d of %d lines, %d told, refused %v", l.Lines, want, told, l.refused)
	}
	if most > before+48<<20 {
		t.Errorf("the heap grew by %d MB", (most-before)>>20)
	}
	t.Logf("the heap grew by %d MB", (int64(most)-int64(before))>>20)
}

func TestABundleOfManySmallFilesIsRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.zip")
	f, err := os.Create(path)
	must(t, err)
	z := zip.NewWriter(f)
	const n = 5000
	for i := range n {
		w, err := z.Create(fmt.Sprintf("d%d/fsscorplug.log", i))
		must(t, err)
		_, err = w.Write([]byte("a line\n" + wsFails))
		must(t, err)
	}
	must(t, z.Close())
	must(t, f.Close())
	told := 0
	all, err := assets.Profiles()
	must(t, err)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	l, err := Look(t.Context(), host.Machine{Files: host.Disk{}}, all, []string{path}, nil, 0, func(Entry) { told++ })
	must(t, err)
	if l.Files != n || told != n {
		t.Errorf("%d files, %d told", l.Files, told)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if kept := (int64(after.HeapAlloc) - int64(before.HeapAlloc)) / n; kept > 4<<10 {
		t.Errorf("%d bytes are kept of each file", kept)
	}
	r, ok := l.Result(profileOf(l, "withsecure"))
	if f := finding(r, Timeout); !ok || f.Args["count"] != fmt.Sprint(n) {
		t.Errorf("counted %s", f.Args["count"])
	}
}

// A long log is read from where the time that is asked for begins, as of its own newest line.
func TestALongLogIsReadOnlyAsFarBackAsIsAsked(t *testing.T) {
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.Local)
	var b strings.Builder
	for i := range 60_000 {
		line := wsQuiet
		if i%600 == 0 { // every ten minutes
			line = wsFails
		}
		b.WriteString(at.Add(time.Duration(i) * time.Second).Format("2006-01-02 15:04:05.000"))
		b.WriteString(line[23:])
	}
	path := filepath.Join(t.TempDir(), "fsscorplug.log")
	noErr(t, os.WriteFile(path, []byte(b.String()), 0o644))
	all, err := assets.Profiles()
	must(t, err)
	told := 0
	l, err := Look(t.Context(), host.Machine{Files: host.Disk{}}, all, []string{path}, nil, time.Hour, func(Entry) { told++ })
	must(t, err)
	if want := at.Add(59_999 * time.Second); !l.AsOf.Equal(want) {
		t.Errorf("as of %v, want %v", l.AsOf, want)
	}
	if told < 6 || told > 20 || l.Lines < 3600 || l.Lines > 20_000 {
		t.Errorf("%d lines told of %d read", told, l.Lines)
	}
}

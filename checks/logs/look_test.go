package logs

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

const (
	wsFails   = "2026-03-01 10:00:00.000 [15c0.1d1c] .W: CurlQuery::completeWithStatus: failure on handle 0A 28 Operation timed out after 1006 milliseconds with 0 bytes received\n"
	wsWorks   = "2026-03-01 10:30:00.000 [15c0.1d1c] I: fs::xrssdk::DoormanCache::update: doorman cooldown is off, ttl: 15, fserr: 0\n"
	wsQuiet   = "2026-03-01 11:00:00.000 [15c0.1d1c] I: fs::something::else: all is well\n"
	trendDown = "2026-03-02 08:00:00.123456: [dsa.Heartbeat/5] | Unable to reach a manager. | .\\dsa\\Heartbeat.lua:149:(null) | 1F8C:5E4:ActivateThread\n"
	trendIdle = "2026-03-02 08:05:00.123456: [dsa.Other/5] | Nothing of note. | .\\dsa\\Other.lua:1:(null) | 1F8C:5E4:ActivateThread\n"
)

// pack makes a zip of names and texts.
func pack(t testing.TB, files ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.Create(files[i])
		noErr(t, err)
		_, err = io.WriteString(w, files[i+1])
		noErr(t, err)
	}
	noErr(t, z.Close())
	return b.String()
}

func packTar(t testing.TB, files ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for i := 0; i < len(files); i += 2 {
		noErr(t, w.WriteHeader(&tar.Header{Name: files[i], Size: int64(len(files[i+1])), Mode: 0o644}))
		_, err := io.WriteString(w, files[i+1])
		noErr(t, err)
	}
	noErr(t, w.Close())
	noErr(t, z.Close())
	return b.String()
}

func squeeze(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := io.WriteString(z, text)
	noErr(t, err)
	noErr(t, z.Close())
	return b.String()
}

func wide(text string) string {
	b := []byte{0xFF, 0xFE}
	for _, u := range utf16.Encode([]rune(text)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return string(b)
}

func noErr(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// looked is what Look says of files in a new folder, which is named as a whole where no path is given.
func looked(t testing.TB, files map[string]string, paths ...string) (*Looked, []string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		at := filepath.Join(dir, filepath.FromSlash(name))
		noErr(t, os.MkdirAll(filepath.Dir(at), 0o755))
		noErr(t, os.WriteFile(at, []byte(text), 0o644))
	}
	named := []string{dir}
	for i, p := range paths {
		if i == 0 {
			named = nil
		}
		named = append(named, filepath.Join(dir, filepath.FromSlash(p)))
	}
	all, err := assets.Profiles()
	noErr(t, err)
	var lines []string
	l, err := Look(t.Context(), host.Machine{OS: runtime.GOOS, Files: host.Disk{}}, all, named, nil, 0, func(e Entry) {
		path := filepath.ToSlash(strings.TrimPrefix(e.Path, dir+string(filepath.Separator)))
		lines = append(lines, fmt.Sprintf("%s:%d %s", path, e.Number, e.Code))
	})
	noErr(t, err)
	return l, lines
}

func TestLookReadsLogs(t *testing.T) {
	binaries := string([]byte{0, 1, 2, 3, 0, 0, 0xff, 0, 4, 5, 6, 0}) + strings.Repeat("\x00\x90\x01", 100)
	long := strings.Repeat("a line of no meaning that goes on for a while\n", smallText/40)
	for title, c := range map[string]struct {
		files  map[string]string
		paths  []string
		want   []string
		passed int
	}{
		"in a folder": {files: map[string]string{"a/fsscorplug.log": wsFails, "b.txt": "x\n" + trendDown, "c.exe": binaries},
			want: []string{"a/fsscorplug.log:1 logs.timeout", "b.txt:2 logs.manager_unreachable"}, passed: 1},
		"in a zip, whatever it is called": {files: map[string]string{"support.dat": pack(t, "diag/ds_agent.log", "x\ny\n"+trendDown)},
			want: []string{"support.dat > diag/ds_agent.log:3 logs.manager_unreachable"}},
		"in a packed tar in a zip": {files: map[string]string{"s.zip": pack(t, "in.tgz", packTar(t, "var/opt/ds_agent.log", trendDown))},
			want: []string{"s.zip > in.tgz > var/opt/ds_agent.log:1 logs.manager_unreachable"}},
		"in UTF-16 in a zip":               {files: map[string]string{"s.zip": pack(t, "fsscorplug.log", wide("é\r\n"+wsFails))}, want: []string{"s.zip > fsscorplug.log:2 logs.timeout"}},
		"packed in a folder":               {files: map[string]string{"fsscorplug.log.1.gz": squeeze(t, wsFails)}, want: []string{"fsscorplug.log.1.gz:1 logs.timeout"}},
		"packed in a zip":                  {files: map[string]string{"s.zip": pack(t, "fsscorplug.log.1.gz", squeeze(t, wsFails))}, want: []string{"s.zip > fsscorplug.log.1.gz:1 logs.timeout"}},
		"known by their lines alone":       {files: map[string]string{"s.zip": pack(t, "0001", wsQuiet+long+wsFails)}, want: []string{fmt.Sprintf("s.zip > 0001:%d logs.timeout", strings.Count(long, "\n")+2)}},
		"not what is long and like no log": {files: map[string]string{"s.zip": pack(t, "0001", long+wsFails)}, passed: 1},
		"known by their names alone":       {files: map[string]string{"s.zip": pack(t, "x/fsscorplug.log.3", long+wsFails)}, want: []string{fmt.Sprintf("s.zip > x/fsscorplug.log.3:%d logs.timeout", strings.Count(long, "\n")+1)}},
		"not what is no text":              {files: map[string]string{"s.zip": pack(t, "a.dll", binaries, "b.bin", string([]byte{0, 0, 0}))}, passed: 2},
		"a log that begins with zeros":     {files: map[string]string{"s.zip": pack(t, "fsscorplug.log", strings.Repeat("\x00", 5000)+"\n"+wsFails)}, want: []string{"s.zip > fsscorplug.log:2 logs.timeout"}},
		"a file that is named":             {files: map[string]string{"a": long + wsFails}, paths: []string{"a"}, want: []string{fmt.Sprintf("a:%d logs.timeout", strings.Count(long, "\n")+1)}},
		"once, however often they are named": {files: map[string]string{"a/fsscorplug.log": wsFails}, paths: []string{"a", "a/fsscorplug.log", "a/../a/fsscorplug.log"},
			want: []string{"a/fsscorplug.log:1 logs.timeout"}},
		"both of two archives with one name": {files: map[string]string{"1/s.zip": pack(t, "fsscorplug.log", wsFails), "2/s.zip": pack(t, "fsscorplug.log", wsWorks)},
			want: []string{"s.zip > fsscorplug.log:1 logs.timeout", "s.zip > fsscorplug.log:1 logs.connected"}},
	} {
		t.Run(title, func(t *testing.T) {
			l, lines := looked(t, c.files, c.paths...)
			if !slices.Equal(lines, c.want) {
				t.Errorf("told %q, want %q", lines, c.want)
			}
			if l.Passed != c.passed || len(l.Problems) > 0 || len(l.refused) > 0 {
				t.Errorf("passed over %d, want %d; problems %v, refused %v", l.Passed, c.passed, l.Problems, l.refused)
			}
		})
	}
}

func TestLookTellsWhatItCouldNotRead(t *testing.T) {
	for title, c := range map[string]struct {
		files   map[string]string
		paths   []string
		problem string
		refused string
	}{
		"a file that is not there":  {paths: []string{"gone.log"}, problem: "gone.log"},
		"a folder without files":    {problem: errNoFile.Error()},
		"a file that is no text":    {files: map[string]string{"a.exe": "MZ\x00\x00\x03\x00\x00\x00"}, paths: []string{"a.exe"}, problem: "this is no text"},
		"a 7z archive":              {files: map[string]string{"s.zip": "7z\xbc\xaf\x27\x1c\x00\x04"}, refused: "s.zip: it is a 7z archive"},
		"an archive that is broken": {files: map[string]string{"s.zip": pack(t, "fsscorplug.log", wsFails)[:120]}, refused: "s.zip > fsscorplug.log: it ends too early"},
	} {
		t.Run(title, func(t *testing.T) {
			l, _ := looked(t, c.files, c.paths...)
			var problem, refused string
			for _, err := range l.Problems {
				problem += err.Error()
			}
			if len(l.refused) > 0 {
				refused = l.refused[0].Name + ": " + l.refused[0].Why
			}
			if !strings.Contains(problem, c.problem) || (problem == "") != (c.problem == "") || !strings.HasPrefix(refused, c.refused) || (refused == "") != (c.refused == "") {
				t.Errorf("problems %q, refused %q", problem, refused)
			}
		})
	}
}

// finding is the first of a code; its zero value where there is none.
func finding(r checks.Result, code checks.Code) checks.Finding {
	for _, f := range r.Findings {
		if f.Code == code {
			return f
		}
	}
	return checks.Finding{}
}

func TestEachProductHasItsShareOfABundle(t *testing.T) {
	curl := "curl: (6) Could not resolve host: a.example.com\n"
	for title, c := range map[string]struct {
		files     map[string]string
		ws, trend []checks.Code // nil: nothing concerns it
	}{
		"lines of both":                            {map[string]string{"s.zip": pack(t, "fsscorplug.log", wsFails, "ds_agent.log", trendDown)}, []checks.Code{Timeout}, []checks.Code{ManagerUnreachable}},
		"lines of one":                             {map[string]string{"s.zip": pack(t, "a", wsFails)}, []checks.Code{Timeout}, nil},
		"a log that says nothing bad":              {map[string]string{"s.zip": pack(t, "ds_agent.log", trendIdle)}, nil, []checks.Code{Quiet}},
		"nothing":                                  {map[string]string{"s.zip": pack(t, "a.txt", "nothing\n")}, nil, nil},
		"a line of nobody beside one":              {map[string]string{"a.log": trendDown + curl}, nil, []checks.Code{ManagerUnreachable, HostUnresolvable}},
		"a line of nobody elsewhere":               {map[string]string{"a.log": trendDown, "b.txt": curl, "c.log": wsFails}, []checks.Code{Timeout, HostUnresolvable}, []checks.Code{ManagerUnreachable, HostUnresolvable}},
		"a line of nobody that stays with its log": {map[string]string{"a.log": trendDown + curl, "c.log": wsFails}, []checks.Code{Timeout}, []checks.Code{ManagerUnreachable, HostUnresolvable}},
	} {
		t.Run(title, func(t *testing.T) {
			l, _ := looked(t, c.files)
			for _, want := range []struct {
				name  string
				codes []checks.Code
			}{{"withsecure", c.ws}, {"deepsecurity", c.trend}} {
				r, ok := l.Result(profileOf(l, want.name))
				if ok != (want.codes != nil) {
					t.Fatalf("%s concerned: %v", want.name, ok)
				}
				for _, code := range []checks.Code{Timeout, ManagerUnreachable, HostUnresolvable, Quiet} {
					if has := finding(r, code).Code != ""; has != slices.Contains(want.codes, code) {
						t.Errorf("%s has %s: %v", want.name, code, has)
					}
				}
				if as := finding(r, AsOf); ok && (as.Code == "" || as.Status != checks.Note) {
					t.Errorf("%s has no %s", want.name, AsOf)
				}
			}
		})
	}
}

// Nothing in a log of last spring is fresh today; as of that spring it is.
func TestABundleIsJudgedAsOfItsNewestLine(t *testing.T) {
	l, _ := looked(t, map[string]string{"s.zip": pack(t, "fsscorplug.log", wsFails+wsQuiet, "notes.txt", "2031-01-01 00:00:00 a certificate ends\n", "a.bin", "\x00\x01\x02", "b.log.xz", "\xfd7zXZ\x00")})
	want := time.Date(2026, 3, 1, 11, 0, 0, 0, time.Local)
	if !l.AsOf.Equal(want) {
		t.Errorf("as of %v, want %v", l.AsOf, want)
	}
	r, _ := l.Result(profileOf(l, "withsecure"))
	f := finding(r, Timeout)
	if f.Status != checks.Warn || f.Args["fresh"] != "yes" || f.Args["old"] != "no" {
		t.Errorf("the failure is %v, fresh %s, old %s", f.Status, f.Args["fresh"], f.Args["old"])
	}
	if len(f.Evidence) == 0 || f.Evidence[0].Source != "s.zip > fsscorplug.log" || f.Evidence[0].Line != 1 || f.Args["file"] != "fsscorplug.log" {
		t.Errorf("evidence %v of file %q", f.Evidence, f.Args["file"])
	}
	as := finding(r, AsOf)
	if as.Args["time"] != "2026-03-01 11:00:00" || as.Args["from"] != "2026-03-01 10:00:00" || as.Args["files"] != "1" || as.Args["lines"] != "2" || as.Args["passed"] != "1" {
		t.Errorf("as of: %v", as.Args)
	}
	if f := finding(r, BundleRefused); f.Status != checks.Unknown || f.Subject != "s.zip > b.log.xz" || !strings.Contains(f.Args["why"], "xz") {
		t.Errorf("refused: %+v", f)
	}
}

func TestARecoveryInARotatedLogOfABundleEndsAFailure(t *testing.T) {
	l, _ := looked(t, map[string]string{"s.zip": pack(t, "fsscorplug.log", wsWorks+wsQuiet, "fsscorplug.log.1", wsFails)})
	r, _ := l.Result(profileOf(l, "withsecure"))
	if f := finding(r, Timeout); f.Status == checks.Warn || f.Code == "" {
		t.Errorf("got %+v", f)
	}
}

func TestLookStopsWhenItsTimeIsOver(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "s.zip"), []byte(pack(t, "a.log", wsFails, "b.log", wsFails)), 0o644))
	n := 0
	l, err := Look(ctx, host.Machine{Files: host.Disk{}}, nil, []string{dir}, nil, 0, func(Entry) { n++; cancel() })
	if !errors.Is(err, context.Canceled) || n != 1 || l == nil || l.Files != 1 {
		t.Errorf("%v after %d lines of %+v", err, n, l)
	}
}

func TestAnArchiveOnStandardInputIsTold(t *testing.T) {
	l, err := Look(t.Context(), host.Machine{Files: host.Disk{}}, nil, []string{"-"}, strings.NewReader(pack(t, "a", "b")), 0, nil)
	must(t, err)
	if len(l.Problems) != 1 || !strings.Contains(l.Problems[0].Error(), "name the file") {
		t.Errorf("got %v", l.Problems)
	}
}

// What was refused is told where nothing else was read, and where what was read concerns nobody.
func TestWhatWasRefusedIsNeverLost(t *testing.T) {
	seven := "7z\xbc\xaf\x27\x1c\x00\x04"
	for title, text := range map[string]string{"alone": seven, "beside what concerns nobody": pack(t, "a.txt", "nothing\n", "b.7z", seven)} {
		t.Run(title, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "s.zip")
			must(t, os.WriteFile(path, []byte(text), 0o644))
			all, err := assets.Profiles()
			must(t, err)
			said, err := Read(t.Context(), Ask{Machine: host.Machine{Files: host.Disk{}}, Profiles: all, Paths: []string{path}})
			must(t, err)
			told := finding(said.Results[0], BundleRefused).Args["why"]
			if said.Files == 0 && len(said.Problems) > 0 {
				told = said.Problems[0].Error()
			}
			if !strings.Contains(told, "7z archive") {
				t.Errorf("said %+v", said)
			}
		})
	}
}

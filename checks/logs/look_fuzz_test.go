package logs

import (
	"bytes"
	"io"
	"io/fs"
	"testing"
	"testing/fstest"
	"time"

	"linecheck/assets"
	"linecheck/checks/host"
)

// onlyFile is a machine with one file.
type onlyFile []byte

func (o onlyFile) file() (fs.File, error) {
	return fstest.MapFS{"f": &fstest.MapFile{Data: o, ModTime: time.Unix(1772359200, 0)}}.Open("f")
}

func (o onlyFile) Open(string) (host.File, error) {
	f, err := o.file()
	return memory{bytes.NewReader(o), f}, err
}

func (o onlyFile) Stat(string) (fs.FileInfo, error) {
	f, err := o.file()
	if err != nil {
		return nil, err
	}
	return f.Stat()
}

func (o onlyFile) ReadDir(string) ([]fs.DirEntry, error) { return nil, fs.ErrNotExist }
func (o onlyFile) Glob(string) ([]string, error)         { return nil, nil }

func (o onlyFile) Exposed(string, string) ([]host.Exposure, error) { return nil, host.ErrUnsupported }
func (o onlyFile) Movable(string) error                            { return host.ErrUnsupported }

type memory struct {
	*bytes.Reader
	fs.File
}

func (m memory) Read(p []byte) (int, error) { return m.Reader.Read(p) }

var _ io.ReaderAt = memory{}

// Whatever a person names, a look ends, and what it says of it can be put together.
func FuzzLook(f *testing.F) {
	for _, seed := range []string{wsFails + wsWorks, trendDown, wide(wsFails), exportedXML, squeeze(f, wsFails), pack(f, "fsscorplug.log", wsFails, "e.xml", exportedXML),
		packTar(f, "ds_agent.log", trendDown), pack(f, "in.zip", pack(f, "a", wsFails)), "Level,Date and Time,Source,Event ID,Task Category\nError,3/2/2026 8:00:00 AM,DNS Client Events,1014,None\n", "\xfe\xff\x00a", ""} {
		f.Add([]byte(seed))
	}
	all, err := assets.Profiles()
	noErr(f, err)
	f.Fuzz(func(t *testing.T, b []byte) {
		told := 0
		l, err := Look(t.Context(), host.Machine{OS: "windows", Files: onlyFile(b)}, all, []string{`C:\f`}, nil, time.Hour, func(Entry) { told++ })
		if err != nil {
			t.Fatal(err)
		}
		if told > 0 && l.Files == 0 || l.Lines < 0 {
			t.Errorf("%d lines told of %d files", told, l.Files)
		}
		for _, p := range all {
			l.Result(p)
		}
	})
}

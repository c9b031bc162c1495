package logs

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/assets"
	"linecheck/checks/host"
)

// decoded runs the command over real paths and returns what it wrote.
func decoded(t *testing.T, in string, paths ...string) (string, int, error) {
	t.Helper()
	var b bytes.Buffer
	n, err := Command(t.Context(), &b, strings.NewReader(in), host.Machine{Files: host.Disk{}}, nil, paths, 0, false)
	return b.String(), n, err
}

// The lines of both vendors' articles, in prose, are all read, with their numbers.
func TestTheArticlesLines(t *testing.T) {
	text, err := os.ReadFile("testdata/article.txt")
	must(t, err)
	got, standing, err := decoded(t, string(text), "-")
	must(t, err)
	golden := "testdata/article.golden"
	if os.Getenv("GOLDEN") == "write" {
		must(t, os.WriteFile(golden, []byte(got), 0o644))
	}
	want, err := os.ReadFile(golden)
	must(t, err)
	if got != string(want) {
		t.Errorf("wrote\n%s\nwant\n%s", got, want)
	}
	if standing != 7 {
		t.Errorf("%d kinds of failures stand, want 7", standing)
	}
}

func TestCommand(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		must(t, os.MkdirAll(filepath.Dir(path), 0o755))
		must(t, os.WriteFile(path, []byte(text), 0o644))
		return path
	}
	bad := write("a/fsscorplug.log", "x\n"+timeout(time.Hour)+"y\n")
	good := write("b/fsscorplug.log", timeout(time.Hour)+answers(time.Minute))
	none := write("c/other.txt", "nothing\nto see\n")
	for title, c := range map[string]struct {
		paths    []string
		standing int
		failed   bool
		want     string
	}{
		"a failure that stands":            {[]string{bad}, 1, false, "fsscorplug.log:2 no answer in 1006 ms"},
		"a failure that recovered":         {[]string{good}, 0, false, "it recovered later"},
		"no known line":                    {[]string{none}, 0, false, "No line here tells of the connection"},
		"a folder":                         {[]string{dir}, 0, false, "2 x no answer"},
		"a file that is not there":         {[]string{filepath.Join(dir, "gone.log")}, 0, true, ""},
		"one that is there and one gone":   {[]string{filepath.Join(dir, "gone.log"), bad}, 1, true, "1 kind of failure stands"},
		"the same again with stdin beside": {[]string{"-", none}, 1, false, "standard input:1"},
	} {
		t.Run(title, func(t *testing.T) {
			got, standing, err := decoded(t, timeout(time.Minute), c.paths...)
			if standing != c.standing || (err != nil) != c.failed || !strings.Contains(got, c.want) {
				t.Errorf("%d stand, error %v, wrote\n%s\nwant %d, error %v, and %q", standing, err, got, c.standing, c.failed, c.want)
			}
		})
	}
}

func TestCommandReadsTheProfilesLogs(t *testing.T) {
	p := at(t)
	p.write("fsscorplug.log", timeout(50*time.Hour)+timeout(time.Hour))
	var b bytes.Buffer
	n, err := Command(t.Context(), &b, nil, p.env.Machine, []*assets.Profile{p.env.Profile}, nil, 24*time.Hour, false)
	must(t, err)
	if out := b.String(); n != 1 || strings.Contains(out, "fsscorplug.log:1 ") || !strings.Contains(out, "fsscorplug.log:2 ") {
		t.Errorf("%d stand, wrote\n%s\nwant only the line of the last day", n, out)
	}
}

// shut is a disk with folders that may not be searched.
type shut struct{ host.Files }

func (shut) Glob(string) ([]string, error) { return nil, host.ErrDenied }

func TestCommandDoesNotTakeAForbiddenFolderForAnEmptyOne(t *testing.T) {
	p := at(t)
	p.env.Machine.Files = shut{p.env.Machine.Files}
	var b bytes.Buffer
	_, err := Command(t.Context(), &b, nil, p.env.Machine, []*assets.Profile{p.env.Profile}, nil, 0, false)
	if !errors.Is(err, host.ErrDenied) || strings.Contains(b.String(), "No log") {
		t.Errorf("error %v, wrote %q", err, b.String())
	}
}

func TestCommandWritesNoControlCharacters(t *testing.T) {
	got, _, err := decoded(t, ".W: CurlQuery::completeWithStatus: failure on handle 0A 5 Could not resolve proxy: a\x1b[2J\u202e\n", "-")
	must(t, err)
	if strings.ContainsAny(got, "\x1b\u202e") || !strings.Contains(got, "a?[2J?") {
		t.Errorf("wrote %q", got)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("the pipe broke") }

func TestCommandTellsOfABrokenInput(t *testing.T) {
	var b bytes.Buffer
	if _, err := Command(t.Context(), &b, broken{}, host.Machine{Files: host.Disk{}}, nil, []string{"-"}, 0, false); err == nil {
		t.Error("no error")
	}
}

func TestCommandFollows(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "fsscorplug.log")
	must(t, os.WriteFile(path, []byte(timeout(time.Hour)), 0o644))
	var b bytes.Buffer
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		standing := 0
		go func() {
			var err error
			standing, err = Command(ctx, &b, nil, host.Machine{Files: host.Disk{}}, nil, []string{path}, 0, true)
			done <- err
		}()
		time.Sleep(2 * time.Second)
		f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
		must(t, err)
		_, err = f.WriteString("not known\n" + answers(0))
		must(t, err)
		must(t, f.Close())
		time.Sleep(2 * time.Second)
		cancel()
		if err := <-done; err != nil || standing != 0 {
			t.Errorf("%d stand, error %v", standing, err)
		}
	})
	if out := b.String(); !strings.Contains(out, "fsscorplug.log:1 ") || !strings.Contains(out, "fsscorplug.log:3 the cloud answers again") || strings.Contains(out, "not known") {
		t.Errorf("wrote\n%s", out)
	}
}

func TestNothingThatWasNamedIsPassedOverInSilence(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		must(t, os.MkdirAll(filepath.Dir(path), 0o755))
		must(t, os.WriteFile(path, []byte(text), 0o644))
		return path
	}
	must(t, os.MkdirAll(filepath.Join(dir, "empty"), 0o755))
	write("bundle/readable.log", "nothing\n")
	for title, c := range map[string]struct{ path, says string }{
		"a folder without a file":       {filepath.Join(dir, "empty"), "no file to read is in it"},
		"a packed file":                 {write("support.zip", "PK"), "is packed"},
		"a packed file among others":    {filepath.Dir(write("bundle/old.log.7z", "x")), "old.log.7z: is packed"},
		"a file that is not there":      {filepath.Join(dir, "absent.log"), "absent.log"},
		"a folder with a folder inside": {filepath.Dir(filepath.Dir(write("deep/er/x.zip", "PK"))), "x.zip: is packed"},
	} {
		if _, _, err := decoded(t, "", c.path); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: said %v, want %q", title, err, c.says)
		}
	}
}

func TestFollowingStandardInputEndsWithIt(t *testing.T) {
	var b bytes.Buffer
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if _, err := Command(ctx, &b, strings.NewReader("x\n"), host.Machine{Files: host.Disk{}}, nil, []string{"-"}, 0, true); err != nil || ctx.Err() != nil {
		t.Errorf("%v, %v", err, ctx.Err())
	}
}

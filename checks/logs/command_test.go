package logs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/assets"
	"linecheck/checks/host"
)

// asked reads with all profiles and returns what was said and the lines that were told.
func asked(t *testing.T, in io.Reader, paths ...string) (Said, []Entry) {
	t.Helper()
	profiles, err := assets.Profiles()
	must(t, err)
	var lines []Entry
	said, err := Read(t.Context(), Ask{Machine: host.Machine{Files: host.Disk{}}, Profiles: profiles, Paths: paths, In: in,
		Tell: func(e Entry) { lines = append(lines, e) }})
	must(t, err)
	return said, lines
}

func TestReadTellsOnlyOfProductsThatTheLogsConcern(t *testing.T) {
	path := filepath.Join(t.TempDir(), "fsscorplug.log")
	must(t, os.WriteFile(path, []byte("x\n"+timeout(time.Hour)), 0o644))
	said, lines := asked(t, nil, path)
	if len(said.Profiles) != 1 || said.Profiles[0].Name != "withsecure" || !said.Known || said.Files != 1 || len(lines) == 0 || lines[0].Number != 2 {
		t.Errorf("%d profiles, known %v, %d files, lines %v", len(said.Profiles), said.Known, said.Files, lines)
	}
}

func TestReadSaysOfLogsThatConcernNobodyWhatItRead(t *testing.T) {
	said, lines := asked(t, strings.NewReader("nothing\nto see\n"), "-")
	if said.Known || len(said.Profiles) < 2 || len(lines) > 0 || said.Files != 1 {
		t.Fatalf("%+v", said)
	}
	for i, r := range said.Results {
		if len(r.Findings) != 1 || r.Findings[0].Code != AsOf || r.Findings[0].Args["lines"] != "2" {
			t.Errorf("%s: %+v", said.Profiles[i].Name, r.Findings)
		}
	}
}

func TestReadDoesNotTakeOneProductsLinesForAnothers(t *testing.T) {
	profiles, err := assets.Profiles()
	must(t, err)
	path := filepath.Join(t.TempDir(), "fsscorplug.log")
	must(t, os.WriteFile(path, []byte(timeout(time.Hour)), 0o644))
	for _, p := range profiles {
		said, err := Read(t.Context(), Ask{Machine: host.Machine{Files: host.Disk{}}, Profiles: []*assets.Profile{p}, Chosen: true, Paths: []string{path}})
		must(t, err)
		if len(said.Profiles) != 1 || said.Known != (p.Name == "withsecure") {
			t.Errorf("%s: known %v, %d profiles", p.Name, said.Known, len(said.Profiles))
		}
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("the pipe broke") }

func TestReadTellsOfABrokenInput(t *testing.T) {
	if said, _ := asked(t, broken{}, "-"); len(said.Problems) != 1 || said.Files != 0 {
		t.Errorf("%+v", said)
	}
}

func TestReadTellsOfTheOwnLogsAsOfNow(t *testing.T) {
	p := at(t)
	p.write("fsscorplug.log", timeout(50*time.Hour)+timeout(time.Hour))
	var told []int
	said, err := Read(t.Context(), Ask{Machine: p.env.Machine, Profiles: []*assets.Profile{p.env.Profile}, Since: 24 * time.Hour,
		Tell: func(e Entry) { told = append(told, e.Number) }})
	must(t, err)
	if len(told) != 1 || told[0] != 2 {
		t.Errorf("told the lines %v, want only the one of the last day", told)
	}
	if len(said.Results) != 1 || said.Files != 1 {
		t.Fatalf("%+v", said)
	}
	last := said.Results[0].Findings[len(said.Results[0].Findings)-1]
	if last.Code != AsOf || time.Since(last.At) > time.Hour {
		t.Errorf("judged as of %+v", last)
	}
}

// opened is a disk that notes what is opened.
type opened struct {
	host.Files
	mu    *sync.Mutex
	paths *[]string
}

func (o opened) Open(path string) (host.File, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	*o.paths = append(*o.paths, base(path))
	return o.Files.Open(path)
}

func TestOwnLogsAreReadOnceAndToldOneAfterTheOther(t *testing.T) {
	p := at(t)
	p.write("fsscorplug.log", timeout(time.Hour)+strings.TrimSpace(timeout(time.Minute)))
	p.write("fsscorplug.log.1", timeout(3*time.Hour)+strings.TrimSpace(timeout(2*time.Hour)))
	var paths, told []string
	p.env.Machine.Files = opened{p.env.Machine.Files, new(sync.Mutex), &paths}
	_, err := Read(t.Context(), Ask{Machine: p.env.Machine, Profiles: []*assets.Profile{p.env.Profile}, Since: 24 * time.Hour,
		Tell: func(e Entry) { told = append(told, fmt.Sprintf("%s:%d", e.File, e.Number)) }})
	must(t, err)
	if slices.Sort(paths); !slices.Equal(paths, []string{"fsscorplug.log", "fsscorplug.log.1"}) {
		t.Errorf("opened %q", paths)
	}
	first := []string{"fsscorplug.log:1", "fsscorplug.log:2"} // one of the two files, as its time of change has it
	second := []string{"fsscorplug.log.1:1", "fsscorplug.log.1:2"}
	if !slices.Equal(told, slices.Concat(first, second)) && !slices.Equal(told, slices.Concat(second, first)) {
		t.Errorf("told %q", told)
	}
}

// shut is a disk with folders that may not be searched.
type shut struct{ host.Files }

func (shut) Glob(string) ([]string, error) { return nil, host.ErrDenied }

func TestReadDoesNotTakeAForbiddenFolderForAnEmptyOne(t *testing.T) {
	p := at(t)
	p.env.Machine.Files = shut{p.env.Machine.Files}
	said, err := Read(t.Context(), Ask{Machine: p.env.Machine, Profiles: []*assets.Profile{p.env.Profile}})
	must(t, err)
	if len(said.Results) != 1 || len(said.Results[0].Findings) < 2 || said.Results[0].Findings[0].Code != Unreadable {
		t.Errorf("%+v", said.Results)
	}
}

func TestFollowTellsEachLineAsItComes(t *testing.T) {
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
			standing, err = Follow(ctx, &b, host.Machine{Files: host.Disk{}}, nil, []string{path}, 0)
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

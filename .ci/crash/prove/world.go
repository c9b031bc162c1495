package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// world is a machine with a product on it. All folders are written as this program sees them.
type world interface {
	// settings of the product's stand-in for one run.
	set(scene) error
	// up starts both services, or stops them.
	up(running bool) error
	// states of the product's service and of the one that needs it, in words.
	states() string
	// whole is what states says of a machine on which all runs, and rest where all stands still.
	whole() (runs, rest string)
	// pids of both services, in words.
	pids() string
	// unix: there are signals, terminals, small disks and links.
	unix() bool
	// odd: names may be of any bytes.
	odd() bool
	// seen is a path as the program sees it.
	seen(path string) string
	// command is the program, not started; in a login session of its own where that is asked for.
	command(session bool, env []string, args ...string) *exec.Cmd
	// left names processes and tasks of this program that are still there.
	left() []string
	// endWatchdogs kills them: every one, or only the program's own child.
	endWatchdogs(all bool)
	places() places
	close()
}

// places of a world.
type places struct {
	cache, journal string
	outside        []string // what is searched for changes
	except         []string // prefixes, in outside, that may change
	profile        string
	trace          string
}

// scene is what the stand-in does in a run.
type scene string

const (
	calm     scene = "calm"     // the service starts, the cloud answers
	deaf     scene = "deaf"     // with an emptied cache, the cloud answers no more
	stubborn scene = "stubborn" // with an emptied cache, the service does not start
	resting  scene = "resting"  // the service did not run before
)

func newWorld(kind, program, dir string) (world, error) {
	switch kind {
	case "systemd":
		return newSystemd(program, dir)
	case "wine":
		return newWine(program, dir)
	}
	return nil, fmt.Errorf("there is no world %q", kind)
}

// writeProfile fills the cache folder and the service into the profile beside this program.
func writeProfile(from, to, cache, service string) error {
	b, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	b = bytes.ReplaceAll(b, []byte("@DIR@"), []byte(cache))
	b = bytes.ReplaceAll(b, []byte("@SERVICE@"), []byte(service))
	return os.WriteFile(to, b, 0o644)
}

// promises of the journal that are open, and those that only wait to be told.
func promises(journal string) (open, told []string) {
	entries, _ := os.ReadDir(journal)
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".promise.json") {
			continue
		}
		b, err := os.ReadFile(filepath.Join(journal, e.Name()))
		switch {
		case err != nil: // struck meanwhile
		case bytes.Contains(b, []byte(`"action": "told"`)):
			told = append(told, string(b))
		default:
			open = append(open, string(b))
		}
	}
	return open, told
}

// rubbish is what else lies in the journal's folder but its lock, and what fills its disk.
func rubbish(journal string) []string {
	var out []string
	for _, n := range names(journal) {
		if n != "lock" && !strings.HasPrefix(n, "filler-") && !strings.HasSuffix(n, ".promise.json") {
			out = append(out, n)
		}
	}
	return out
}

// until polls.
func until(limit time.Duration, ok func() bool) (time.Duration, bool) {
	began := time.Now()
	for {
		if ok() {
			return time.Since(began), true
		}
		if time.Since(began) > limit {
			return time.Since(began), false
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// shelves are folders beside the cache that were not there when the run began.
func shelves(cache string, before []string) []string {
	var out []string
	for _, n := range names(filepath.Dir(cache)) {
		known := false
		for _, b := range before {
			known = known || b == n
		}
		if !known {
			out = append(out, n)
		}
	}
	return out
}

func names(dir string) []string {
	entries, _ := os.ReadDir(dir)
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

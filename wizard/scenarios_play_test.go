package wizard_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"io/fs"
	"maps"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"linecheck/checks/lab"
	"linecheck/wizard"
)

// scenario is a scene of the suite: a shipped one, or one of testdata/scenarios.
type scenario struct {
	lab.Scene
	Area string
	From string // what `linecheck lab --run` is given: its name, or its file
}

// played is how the program ended in a scene.
type played struct {
	code   int
	report wizard.Report
	err    error
	raw    string
	said   string // on standard error
}

// areas of shipped scenes whose name does not begin with theirs.
var areas = map[string]string{"no-network": "path", "every-endpoint-silent": "pairs", "limited-rights": "cache", "two-products-one-blocked": "dns",
	"service-stuck": "service", "service-wont-start": "service"}

// suite is every scene there is, in the order of their areas and names.
func suite(t *testing.T) []scenario {
	t.Helper()
	shipped, err := lab.Scenes()
	if err != nil {
		t.Fatal(err)
	}
	var out []scenario
	for _, s := range shipped {
		area, _, ok := strings.Cut(s.Name, ".")
		switch {
		case areas[s.Name] != "":
			area = areas[s.Name]
		case !ok:
			area = "healthy" // and the odd ones, which look alike at first sight
		}
		out = append(out, scenario{s, area, s.Name})
	}
	root := filepath.Join("testdata", "scenarios")
	err = filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(file) != ".yaml" || filepath.Dir(file) == root {
			return err
		}
		s, err := lab.Read(file)
		if err != nil {
			t.Errorf("%v", err) // the others are played: their writers are at work too
			return nil
		}
		out = append(out, scenario{s, filepath.Base(filepath.Dir(file)), file})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortStableFunc(out, func(a, b scenario) int {
		if c := strings.Compare(a.Area, b.Area); c != 0 {
			return c
		}
		return strings.Compare(a.Name, b.Name)
	})
	for i, s := range out {
		if slices.ContainsFunc(out[:i], func(o scenario) bool { return o.Name == s.Name }) {
			t.Errorf("two scenarios are called %s", s.Name)
		}
	}
	return out
}

// pattern is the piece of `-run Scenarios/NAME` at that place; "" where it has none.
func pattern(at int) string {
	if p := strings.Split(flag.Lookup("test.run").Value.String(), "/"); at < len(p) {
		return p[at]
	}
	return ""
}

// wanted are the scenarios that `-run Scenarios/NAME` asks for; all of them where it names none.
func wanted(all []scenario) []scenario {
	re, err := regexp.Compile(pattern(1))
	if err != nil {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(s scenario) bool { return !re.MatchString(s.Name) })
}

// turn is one call of the program.
type turn struct {
	name string // "NAME", or "NAME/noise"
	from string
	busy bool                                 // all answers there at once
	long bool                                 // the person approves a repair there, which may wait for a service for a minute
	good func(played, map[string]played) bool // it ended as it should, beside how the others ended
}

// crowd is how many turns are taken at once, and pace how far apart they begin. A turn works for a tenth of a second or two
// and waits for the rest; where many work at the same time, every line looks slow.
const (
	crowd = 64
	pace  = 100 * time.Millisecond
)

// play takes every turn, many at once, and returns how they ended, with those that ended before.
func play(t *testing.T, turns []turn, before map[string]played) map[string]played {
	t.Helper()
	exe, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	out := maps.Clone(before)
	if out == nil {
		out = map[string]played{}
	}
	began := time.Now()
	defer func() { t.Logf("%d turns in %.0f s", len(turns), time.Since(began).Seconds()) }()
	playAll(exe, turns, out, crowd)
	// On a loaded machine a line is slow for real, and linecheck says so. What counts is what it says among few, or alone. But
	// for the sizes of packets, where it says that it could not compare them, no load explains that a fault is not seen at all.
	for n, few := range []int{4, 1, 1} {
		var again []turn
		for _, x := range turns {
			r := out[x.name]
			if x.good(r, out) || !r.unclear() && (n > 0 && !r.slow() || r.report.Verdict.Status == wizard.Healthy) {
				continue
			}
			t.Logf("%s is played again, %d at once; it was %s %v", x.name, few, r.report.Verdict.Status, r.causes())
			again = append(again, x)
		}
		playAll(exe, again, out, few)
	}
	return out
}

// playAll takes the turns, so many at once.
func playAll(exe string, turns []turn, out map[string]played, many int) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	// In those where all answers, a crowd would look like a slow line; the long ones wait for nobody.
	waiting, busy, long := make(chan struct{}, many), make(chan struct{}, min(many, 6)), make(chan struct{}, many)
	begin := time.NewTicker(pace)
	defer begin.Stop()
	for _, x := range turns {
		wg.Go(func() {
			free := waiting
			switch {
			case x.busy:
				free = busy
			case x.long && many == crowd:
				free = long
			}
			free <- struct{}{}
			defer func() { <-free }()
			<-begin.C
			r := playOne(exe, x.from)
			mu.Lock()
			defer mu.Unlock()
			out[x.name] = r
		})
	}
	wg.Wait()
}

// playOne is `linecheck lab --run FROM --format json`, as a process of its own.
func playOne(exe, from string) played {
	var o, e bytes.Buffer
	cmd := exec.Command(exe, "lab", "--run", from, "--format", "json")
	cmd.Stdout, cmd.Stderr = &o, &e
	err := cmd.Run()
	r := played{code: cmd.ProcessState.ExitCode(), raw: o.String(), said: e.String()}
	if r.err = json.Unmarshal(o.Bytes(), &r.report); r.err != nil && err != nil {
		r.err = err
	}
	return r
}

// slow reports whether any way was, the one that the product's is compared with among them.
func (p played) slow() bool {
	return slices.ContainsFunc(p.report.Checks, func(c wizard.CheckReport) bool {
		return slices.ContainsFunc(c.Findings, func(f wizard.FindingReport) bool { return f.Code == "path.too_slow" })
	})
}

// unclear reports whether large packets could not be compared with small ones anywhere: on a slow line there is no telling.
func (p played) unclear() bool {
	return slices.ContainsFunc(p.report.Checks, func(c wizard.CheckReport) bool {
		return slices.ContainsFunc(c.Findings, func(f wizard.FindingReport) bool { return f.Detail.Args["large_hello"] == "unclear" })
	})
}

// causes are the different ones, the first one first.
func (p played) causes() (ids []string) {
	for _, c := range p.report.Verdict.Causes {
		if !slices.Contains(ids, c.ID) {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// onlyOne reports whether `-run Scenarios/NAME` asks for some scenarios as they stand, as their writers do.
func onlyOne(t *testing.T) bool {
	t.Helper()
	return pattern(1) != "" && pattern(0) == "Scenarios"
}

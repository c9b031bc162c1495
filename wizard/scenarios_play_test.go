package wizard_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"io/fs"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

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
	busy bool              // all or nearly all answers there at once
	good func(played) bool // it ended as it should
}

// play takes every turn, many at once: most of them spend their time waiting.
func play(t *testing.T, turns []turn) map[string]played {
	t.Helper()
	exe, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]played{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	// In those where all answers, a crowd would look like a slow line.
	waiting, busy := make(chan struct{}, 32), make(chan struct{}, 3)
	for _, x := range turns {
		wg.Go(func() {
			free := waiting
			if x.busy {
				free = busy
			}
			free <- struct{}{}
			defer func() { <-free }()
			r := playOne(exe, x.from)
			mu.Lock()
			defer mu.Unlock()
			out[x.name] = r
		})
	}
	wg.Wait()
	// On a loaded machine a line is slow for real, and linecheck says so. What counts is what it says when it is alone. No
	// load explains that a fault is not seen at all.
	for _, x := range turns {
		for n := range 3 {
			r := out[x.name]
			if x.good(r) || n > 0 && !r.slow() || r.report.Verdict.Status == wizard.Healthy {
				break
			}
			t.Logf("%s is played again alone; in the crowd it was %s %v", x.name, r.report.Verdict.Status, r.causes())
			out[x.name] = playOne(exe, x.from)
		}
	}
	return out
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

package command_test

import (
	"bytes"
	"context"
	"encoding/json"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"

	_ "linecheck/checks/all"
	"linecheck/checks/host"
	"linecheck/checks/lab"
	"linecheck/wizard"
	"linecheck/wizard/command"
)

type played struct {
	code   int
	report wizard.Report
	err    error
	raw    string
}

// play runs every scene of the practice network, several at once: the silent ones spend their time waiting.
func play(t *testing.T, scenes []lab.Scene) map[string]played {
	t.Helper()
	out := map[string]played{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	// Those that spend their time waiting go together; in those where all answers, a crowd would look like a slow line.
	waiting, busy := make(chan struct{}, 16), make(chan struct{}, 3)
	for _, s := range scenes {
		wg.Go(func() {
			free := waiting
			if s.Expect.Status != wizard.Fault {
				free = busy
			}
			free <- struct{}{}
			defer func() { <-free }()
			r := playOne(s)
			mu.Lock()
			defer mu.Unlock()
			out[s.Name] = r
		})
	}
	wg.Wait()
	// On a loaded machine a line is slow for real, and linecheck says so. What counts is what it says when it is alone.
	for _, s := range scenes {
		for range 3 {
			if r := out[s.Name]; !r.slow() || r.asExpected(s) {
				break
			}
			out[s.Name] = playOne(s)
		}
	}
	return out
}

func playOne(s lab.Scene) played {
	var o, e bytes.Buffer
	p := command.Program{Version: "test", Commit: "test", Machine: host.Local, Hands: host.LocalHands}
	r := played{code: p.Run(context.Background(), []string{"lab", "--run", s.Name, "--format", "json"}, strings.NewReader(""), &o, &e)}
	r.raw = o.String()
	r.err = json.Unmarshal(o.Bytes(), &r.report)
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

func (p played) asExpected(s lab.Scene) bool {
	ids, want := p.causes(), s.Expect.Causes
	return p.report.Verdict.Status == s.Expect.Status && slices.Equal(sorted(ids), sorted(want)) &&
		(len(want) == 0 || ids[0] == want[0])
}

var shown struct {
	sync.Once
	scenes  []lab.Scene
	results map[string]played
	err     error
}

// everyScene plays all shipped scenes once for all tests of this package, in this process, where the race detector sees
// them. Whether each ends at its cause is asked by the scenarios of package wizard.
func everyScene(t *testing.T) ([]lab.Scene, map[string]played) {
	t.Helper()
	shown.Do(func() {
		if shown.scenes, shown.err = lab.Scenes(); shown.err == nil {
			shown.results = play(t, shown.scenes)
		}
	})
	if shown.err != nil {
		t.Fatal(shown.err)
	}
	return shown.scenes, shown.results
}

// several are the scenes for a test that does much with each report. The race detector makes taking names out of reports
// some ten times slower, and finds in a sixth of the scenes what it would find in all.
func several(t *testing.T) ([]lab.Scene, map[string]played) {
	t.Helper()
	scenes, results := everyScene(t)
	info, ok := debug.ReadBuildInfo()
	if !ok || !slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		return scenes, results
	}
	var out []lab.Scene
	for i := 0; i < len(scenes); i += 6 {
		out = append(out, scenes[i])
	}
	return out, results
}

var codes = map[string]int{wizard.Healthy: 0, wizard.Fault: 1, wizard.Inconclusive: 3, wizard.Warning: 4}

func sorted(list []string) []string {
	out := slices.Clone(list)
	slices.Sort(out)
	return out
}

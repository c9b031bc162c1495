package wizard_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"

	"linecheck/checks"
	"linecheck/wizard"
)

// grade is how near a verdict came to what the scenario's author expects.
type grade string

// The grades, from the best to the worst.
const (
	exact     grade = "exact"  // status, exit code, every cause in its order, and the confidence where it is told
	partly    grade = "partly" // status and first cause
	wrong     grade = "wrong"
	falseFine grade = "false all-clear" // something is broken, and it is judged healthy
	falseRed  grade = "false alarm"     // all is well, and it is judged a fault or a warning
)

var grades = []grade{exact, partly, wrong, falseFine, falseRed}

// exits are the exit codes of the contract.
var exits = map[string]int{wizard.Healthy: 0, wizard.Fault: 1, wizard.Inconclusive: 3, wizard.Warning: 4}

func (s scenario) exit() int {
	if s.Expect.Exit != nil {
		return *s.Expect.Exit
	}
	return exits[s.Expect.Status]
}

func judge(s scenario, p played) grade {
	v, ids, want := p.report.Verdict, p.causes(), s.Expect.Causes
	switch {
	case p.err != nil:
		return wrong
	case s.Expect.Status != wizard.Healthy && v.Status == wizard.Healthy:
		return falseFine
	case s.Expect.Status == wizard.Healthy && (v.Status == wizard.Fault || v.Status == wizard.Warning):
		return falseRed
	case v.Status != s.Expect.Status || len(want) > 0 && (len(ids) == 0 || ids[0] != want[0]):
		return wrong
	case p.code != s.exit() || !slices.Equal(ids, want) || s.Expect.Confidence != "" && s.Expect.Confidence != v.Causes[0].Confidence:
		return partly
	}
	return exact
}

// why says of every known miss why it is one; a scenario that is exact must not stand here.
var why = map[string]string{}

var shown struct {
	sync.Once
	scenarios []scenario
	noise     []turn
	results   map[string]played // of the noise too
}

// everyScenario plays all that are asked for, once for all tests of this package. What the first caller wants to have
// played beside them goes with them: some wait for two minutes.
func everyScenario(t *testing.T, beside ...func([]scenario) []turn) ([]scenario, map[string]played) {
	t.Helper()
	play := func(turns []turn) { shown.results = play(t, turns, shown.results) }
	more := func() (turns []turn) {
		for _, f := range beside {
			turns = append(turns, f(shown.scenarios)...)
		}
		shown.noise = append(shown.noise, turns...)
		return turns
	}
	first := false
	shown.Do(func() {
		first = true
		shown.scenarios = wanted(suite(t))
		var turns []turn
		for _, s := range shown.scenarios {
			turns = append(turns, turn{s.Name, s.From, s.Expect.Status == wizard.Healthy, s.Do != "", func(p played, _ map[string]played) bool { return judge(s, p) == exact }})
		}
		play(append(turns, more()...))
	})
	if !first && len(beside) > 0 { // the tests are run in another order
		play(more())
	}
	return shown.scenarios, shown.results
}

// TestScenarios walks the whole program through every scenario and counts how often it ends at the truth.
func TestScenarios(t *testing.T) {
	all, results := everyScenario(t)
	count := map[string]map[grade]int{}
	for _, s := range all {
		g := judge(s, results[s.Name])
		if count[s.Area] == nil {
			count[s.Area] = map[grade]int{}
		}
		count[s.Area][g]++
		t.Run(s.Name, func(t *testing.T) {
			if g != exact {
				t.Log(miss(s, results[s.Name], g))
				if why[s.Name] == "" {
					t.Fail()
				}
			} else if why[s.Name] != "" {
				t.Errorf("it is exact, and the list of known misses says %q", why[s.Name])
			}
		})
	}
	t.Log("\n" + table(count))
	sum, faults, healthy := map[grade]int{}, 0, 0
	for _, s := range all {
		g := judge(s, results[s.Name])
		if sum[g]++; g == falseFine || g == falseRed {
			t.Errorf("%s: %s", s.Name, g) // no reason excuses these
		}
		if s.Expect.Status == wizard.Healthy {
			healthy++
		} else if len(s.Expect.Causes) > 0 {
			faults++
		}
	}
	t.Logf("%d scenarios with a fault, %d of healthy networks; exact: %.1f %%", faults, healthy, 100*float64(sum[exact])/float64(max(1, len(all))))
	if pattern(1) == "" && (faults < 120 || healthy < 40 || 100*sum[exact] < 98*len(all)) {
		t.Error("wanted are 120 with a fault, 40 of healthy networks, and 98 % of them exact")
	}
}

// table is the accuracy by area and in sum.
func table(count map[string]map[grade]int) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "area\tscenarios\t")
	for _, g := range grades {
		fmt.Fprintf(w, "%s\t", g)
	}
	sum := map[grade]int{}
	row := func(name string, of map[grade]int) {
		n := 0
		for _, k := range of {
			n += k
		}
		fmt.Fprintf(w, "\n%s\t%d\t", name, n)
		for _, g := range grades {
			fmt.Fprintf(w, "%d\t", of[g])
		}
	}
	for _, area := range slices.Sorted(maps.Keys(count)) {
		row(area, count[area])
		for g, k := range count[area] {
			sum[g] += k
		}
	}
	row("all", sum)
	fmt.Fprintln(w)
	w.Flush()
	return b.String()
}

// miss tells what was expected, what came, and what was found on the way.
func miss(s scenario, p played, g grade) string {
	var b strings.Builder
	v := p.report.Verdict
	fmt.Fprintf(&b, "%s: %s\n", s.Name, g)
	if p.err != nil {
		fmt.Fprintf(&b, "no report: %v, exit code %d\n%s", p.err, p.code, p.said)
		return b.String()
	}
	fmt.Fprintf(&b, "  expected %s, exit code %d, causes %v %s\n", s.Expect.Status, s.exit(), s.Expect.Causes, s.Expect.Confidence)
	first := ""
	if len(v.Causes) > 0 {
		first = v.Causes[0].Confidence
	}
	fmt.Fprintf(&b, "  got      %s, exit code %d, causes %v %s\n  %s\n", v.Status, p.code, p.causes(), first, v.Headline)
	if why[s.Name] != "" {
		fmt.Fprintf(&b, "  because  %s\n", why[s.Name])
	}
	left := 8 // more of them say the same
	for _, c := range p.report.Checks {
		for _, f := range c.Findings {
			if left > 0 && (f.Status == checks.Fail || f.Status == checks.Warn || f.Status == checks.Unknown) {
				fmt.Fprintf(&b, "    %s %s %s %s %s: %s\n", c.ID, c.Profile, f.ID, f.Status, f.Code, f.Summary)
				left--
			}
		}
	}
	return b.String()
}

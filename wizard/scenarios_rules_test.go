package wizard_test

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.yaml.in/yaml/v3"

	"linecheck/assets"
)

// TestScenariosShuffled judges what was found in every scenario again, in fifty other orders: the same findings give the
// same verdict, byte for byte.
func TestScenariosShuffled(t *testing.T) {
	if onlyOne(t) {
		t.Skip("one scenario was asked for; -run ScenariosShuffled/NAME shuffles it")
	}
	all, results := everyScenario(t)
	rules, err := assets.LoadRules()
	if err != nil {
		t.Fatal(err)
	}
	orders := 50
	if raced() {
		orders = 5 // the detector makes each many times dearer, and it looks for something else
	}
	var wg sync.WaitGroup
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for _, s := range all {
		wg.Go(func() {
			free <- struct{}{}
			defer func() { <-free }()
			r := results[s.Name].report
			want, err := json.Marshal(r.Rejudge(rules).Verdict) // the tests of command hold this against the report itself
			if err != nil {
				t.Error(err)
			}
			for range orders {
				rand.Shuffle(len(r.Checks), func(i, j int) { r.Checks[i], r.Checks[j] = r.Checks[j], r.Checks[i] })
				for _, c := range r.Checks {
					rand.Shuffle(len(c.Findings), func(i, j int) { c.Findings[i], c.Findings[j] = c.Findings[j], c.Findings[i] })
				}
				if got, _ := json.Marshal(r.Rejudge(rules).Verdict); string(got) != string(want) {
					t.Errorf("%s: another order, another verdict:\n%s\n%s", s.Name, want, got)
					return
				}
			}
		})
	}
	wg.Wait()
}

// raced reports whether the race detector watches this process.
func raced() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// TestScenariosSayWholeSentences looks for values that a text wanted and no finding had.
func TestScenariosSayWholeSentences(t *testing.T) {
	all, results := everyScenario(t)
	for _, s := range all {
		for _, c := range results[s.Name].report.Verdict.Causes {
			for _, text := range append([]string{c.Title, c.Headline, c.Explanation, c.Say, c.Send}, c.Fix...) {
				for _, hole := range []string{"{", "}", "  ", " .", " ,", "()", "(,", ": ."} {
					if strings.Contains(text, hole) {
						t.Errorf("%s, %s: %q in %q", s.Name, c.ID, hole, text)
					}
				}
			}
		}
	}
}

// TestScenariosSaveHowTheyEnded: a saved report ends `report show` as the run ended that it is of.
func TestScenariosSaveHowTheyEnded(t *testing.T) {
	all, results := everyScenario(t)
	for _, s := range all {
		if p := results[s.Name]; p.err == nil && p.report.ExitCode() != p.code {
			t.Errorf("%s: the run ended with %d, its report with %d", s.Name, p.code, p.report.ExitCode())
		}
	}
}

// seldom are causes that fewer scenarios end at than the others, each with its reason.
var seldom = map[string]string{
	"proxy.product_stale":    "it says of a proxy that has failed why the product still asks it, so it is never alone",
	"proxy.sources_disagree": "it says of a proxy that has failed who names another, so it is never alone",
	"proxy.search_failed":    "where the direct way is open nobody misses a proxy, so it stands beside what closes that way",
	"proxy.tls":              "that a product can use an encrypted proxy at all is not known, so proxy.kind_unusable stands beside it",
}

// TestScenariosCoverEveryCause wants every rule three times, alone at least once and beside another cause at least once.
func TestScenariosCoverEveryCause(t *testing.T) {
	if pattern(1) != "" {
		t.Skip("only some scenarios were asked for")
	}
	rules, err := assets.LoadRules()
	if err != nil {
		t.Fatal(err)
	}
	all := suite(t)
	for _, rule := range rules.Causes {
		var in, alone int
		for _, s := range all {
			if slices.Contains(s.Expect.Causes, rule.ID) {
				if in++; len(s.Expect.Causes) == 1 {
					alone++
				}
			}
		}
		enough := in >= 3 && alone > 0 && alone < in
		if !enough && seldom[rule.ID] == "" {
			t.Errorf("%s: in %d scenarios, in %d of them alone", rule.ID, in, alone)
		} else if enough && seldom[rule.ID] != "" {
			t.Errorf("%s: there are enough scenarios, and yet a reason why there are not", rule.ID)
		}
	}
	for _, s := range all {
		for _, id := range s.Expect.Causes {
			if _, ok := rules.Cause(id); !ok {
				t.Errorf("%s expects %s, which no rule names", s.Name, id)
			}
		}
	}
}

// TestScenariosCoverWhatIsKnown holds the suite against the list of what the vendors' articles say and of the faults that
// other tools are known to meet: each has a scenario.
func TestScenariosCoverWhatIsKnown(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("testdata", "known.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var known map[string]map[string][]string
	if err := yaml.Unmarshal(b, &known); err != nil {
		t.Fatal(err)
	}
	all := suite(t)
	for from, sentences := range known {
		for what, names := range sentences {
			if len(names) == 0 {
				t.Errorf("%s: %s: no scenario", from, what)
			}
			for _, name := range names {
				if strings.HasPrefix(name, "Test") {
					continue // no network shows it: that test does
				}
				if !slices.ContainsFunc(all, func(s scenario) bool { return s.Name == name }) {
					t.Errorf("%s: %s: there is no scenario %s", from, what, name)
				}
			}
		}
	}
}

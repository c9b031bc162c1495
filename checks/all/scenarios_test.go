package all

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"go.yaml.in/yaml/v3"

	"linecheck/assets"
	"linecheck/checks/lab"
)

// scenario is one network with what the checks have to find in it. testdata/scenarios holds them by a sentence each. The
// verdicts have a suite of their own, wizard/testdata/scenarios: this one holds every single finding, its values and its
// evidence, and whom the checks asked.
type scenario struct {
	Profile  string            `yaml:"profile"` // empty: withsecure
	Vars     map[string]string `yaml:"vars"`
	Auth     []string          `yaml:"auth"`     // the logins that the product knows, in place of the profile's
	Schemes  []string          `yaml:"schemes"`  // the kinds of proxy that it can use, the same way
	RunAs    string            `yaml:"run_as"`   // in place of the profile's
	Patience bool              `yaml:"patience"` // the product's own patience counts; else a busy test machine may be slow
	Login    string            `yaml:"login"`    // "user:password" that a person typed
	Portals  bool              `yaml:"portals"`  // the login page of the network is looked for
	Checks   []string          `yaml:"checks"`   // empty: proxy, allowlist
	Machine  map[string]any    `yaml:"machine"`  // as in a scene
	Network  map[string]any    `yaml:"network"`
	Route    *string           `yaml:"route"` // the product's way as the proxy check tells it: direct, unknown, or a proxy
	Want     []wanted          `yaml:"want"`  // every Fail and Warn is among them, and each of them is there
	Never    []string          `yaml:"never"` // codes that must not be there at all
	Quiet    []string          `yaml:"quiet"` // addresses or names that nobody may ask or dial
}

func loadScenarios(t *testing.T) map[string]scenario {
	t.Helper()
	files, err := filepath.Glob("testdata/scenarios/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("%q, %v", files, err)
	}
	out := map[string]scenario{}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		d := yaml.NewDecoder(bytes.NewReader(b))
		d.KnownFields(true)
		var list map[string]scenario
		if err := d.Decode(&list); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for k, s := range list {
			if _, twice := out[k]; twice {
				t.Errorf("%s: %q is there twice", name, k)
			}
			out[k] = s
		}
	}
	return out
}

// scene builds the practice network's scene; an unknown key in it is an error there.
func (s scenario) scene() (lab.Scene, error) {
	doc := map[string]any{"name": "scenario", "title": "t", "story": "s", "expect": map[string]string{"status": "warning"},
		"profiles": []string{s.profile()}, "vars": s.Vars, "machine": s.Machine, "network": s.Network}
	b, err := yaml.Marshal(doc)
	if err != nil {
		return lab.Scene{}, err
	}
	return lab.Parse("scenario.yaml", b)
}

func (s scenario) profile() string {
	if s.Profile == "" {
		return "withsecure"
	}
	return s.Profile
}

// rules is the scenario's profile.
func (s scenario) rules(sc lab.Scene) (*assets.Profile, error) {
	list, err := sc.Load()
	if err != nil {
		return nil, err
	}
	p := *list[0]
	if s.Auth != nil {
		p.Proxy.Auth = s.Auth
	}
	if s.Schemes != nil {
		p.Proxy.Schemes = s.Schemes
	}
	if s.RunAs != "" {
		p.RunAs = s.RunAs
	}
	if !s.Patience {
		p.Budget = assets.Budget{}
	}
	return &p, nil
}

// atOnce bounds the scenarios under way: most of their time they wait for a silence to end.
const atOnce = 20

// TestEachScenarioIsFound plays every scenario over real connections: what is wanted is found, and no other fault is.
func TestEachScenarioIsFound(t *testing.T) {
	all := loadScenarios(t)
	if len(all) < 150 {
		t.Errorf("%d scenarios", len(all))
	}
	// Not by t.Parallel, which lets as many go as there are processors.
	var wg sync.WaitGroup
	turn := make(chan struct{}, atOnce)
	outs := make(map[string]*outcome, len(all))
	for sentence, s := range all {
		if !meant(t, sentence) {
			continue
		}
		out := new(outcome)
		outs[sentence] = out
		wg.Go(func() {
			turn <- struct{}{}
			defer func() { <-turn }()
			s.play(t.Context(), out)
		})
	}
	wg.Wait()
	for sentence, out := range outs {
		t.Run(sentence, func(t *testing.T) {
			// On a loaded machine a line is slow for real, and the checks say so. What counts is what they say when this
			// scenario is alone.
			for range 2 {
				problems := all[sentence].compare(out)
				if len(problems) == 0 {
					break
				}
				t.Logf("played again, alone: %s", strings.Join(problems, "; "))
				out = new(outcome)
				all[sentence].play(t.Context(), out)
			}
			for _, p := range all[sentence].compare(out) {
				t.Error(p)
			}
			if t.Failed() {
				for _, f := range out.found {
					t.Log(tell(f))
				}
			}
		})
	}
}

// meant reports whether the person who runs the tests wants this one, so that one scenario costs the time of one.
func meant(t *testing.T, sentence string) bool {
	_, pattern, ok := strings.Cut(flag.Lookup("test.run").Value.String(), "/")
	if !ok {
		return true
	}
	found, err := regexp.MatchString(pattern, strings.ReplaceAll(sentence, " ", "_"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

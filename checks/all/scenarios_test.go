package all

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.yaml.in/yaml/v3"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/lab"
)

// scenario is one network with what the checks have to find in it. testdata/scenarios holds them by a sentence each.
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

// wanted is one finding.
type wanted struct {
	Code    string            `yaml:"code"`
	Status  string            `yaml:"status"`
	Subject string            `yaml:"subject"` // part of it
	Args    map[string]string `yaml:"args"`    // parts of them
	Proof   string            `yaml:"proof"`   // part of one piece of its evidence
	Table   []string          `yaml:"table"`   // each is part of one row, its cells joined with " | "
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

// outcome is what the checks found.
type outcome struct {
	mu        sync.Mutex
	found     []checks.Finding
	facts     checks.Facts
	events    []string
	strangers []string
	surprises []string
	asked     []string
	dialled   []string
}

// play runs the scenario's checks one after the other; each learns what those before it have found out.
func (s scenario) play(ctx context.Context, out *outcome) (err error) {
	sc, err := s.scene()
	if err != nil {
		return err
	}
	p, err := s.rules(sc)
	if err != nil {
		return err
	}
	l, err := lab.Start(sc, []*assets.Profile{p})
	if err != nil {
		return err
	}
	defer func() {
		if cerr := l.Close(); err == nil {
			err = cerr
		}
	}()
	env := checks.Env{Machine: l.Machine(), Profile: p, Facts: checks.Facts{}, Roots: l.Roots(), Turns: checks.NewTurns(), Portals: s.Portals}
	if name, password, ok := strings.Cut(s.Login, ":"); ok {
		env.Login = url.UserPassword(name, password)
	}
	order := s.Checks
	if len(order) == 0 {
		order = []string{"proxy", "allowlist"}
	}
	for _, id := range order {
		c, ok := checks.Lookup(checks.ID(id))
		if !ok {
			return fmt.Errorf("no check %q", id)
		}
		within, cancel := context.WithTimeout(ctx, c.Spec().Timeout)
		res, err := c.Run(within, env, out.hear)
		cancel()
		if err != nil {
			return fmt.Errorf("%s: %w", id, err)
		}
		out.found = append(out.found, res.Findings...)
		known := checks.Facts{}
		for k, v := range env.Facts {
			known[k] = v
		}
		for _, f := range res.Facts {
			known[f.Name] = f.Value
		}
		env.Facts = known
	}
	out.facts, out.surprises, out.asked, out.dialled = env.Facts, l.Surprises(), l.Asked(), l.Dialled()
	portals := s.Portals || slices.ContainsFunc(out.found, func(f checks.Finding) bool { return strings.HasPrefix(string(f.Code), "path.portal") })
	out.strangers = newCompany(p, sc, portals).strangers(out.asked, out.dialled)
	return nil
}

// hear keeps what the screen would show while a check runs. A fact is no part of it: a route holds its login.
func (o *outcome) hear(e checks.Event) {
	text := ""
	switch e := e.(type) {
	case checks.Walking:
		text = fmt.Sprintf("%+v", e.Path)
	case checks.Progress:
		text = e.Waiting
	default:
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.events = append(o.events, text)
}

// atOnce bounds the scenarios under way: most of their time they wait for a silence to end.
const atOnce = 24

// TestEachScenarioIsFound plays every scenario over real connections: what is wanted is found, and no other fault is.
func TestEachScenarioIsFound(t *testing.T) {
	all := loadScenarios(t)
	if len(all) < 75 {
		t.Errorf("%d scenarios", len(all))
	}
	// Not by t.Parallel, which lets as many go as there are processors.
	var wg sync.WaitGroup
	turn := make(chan struct{}, atOnce)
	outs, errs := make(map[string]*outcome, len(all)), make(map[string]*error, len(all))
	for sentence, s := range all {
		if !meant(t, sentence) {
			continue
		}
		out, err := new(outcome), new(error)
		outs[sentence], errs[sentence] = out, err
		wg.Go(func() {
			turn <- struct{}{}
			defer func() { <-turn }()
			*err = s.play(t.Context(), out)
		})
	}
	wg.Wait()
	for sentence, out := range outs {
		t.Run(sentence, func(t *testing.T) {
			if err := *errs[sentence]; err != nil {
				t.Fatal(err)
			}
			all[sentence].compare(t, out)
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

func (s scenario) compare(t *testing.T, out *outcome) {
	met := make([]bool, len(s.Want))
	for _, f := range out.found {
		hit := false
		for i, w := range s.Want {
			if w.fits(f) {
				met[i], hit = true, true
			}
		}
		if !hit && (f.Status == checks.Fail || f.Status == checks.Warn) {
			t.Errorf("unwanted: %s", tell(f))
		}
		if slices.Contains(s.Never, string(f.Code)) {
			t.Errorf("never wanted: %s", tell(f))
		}
	}
	for i, w := range s.Want {
		if !met[i] {
			t.Errorf("not found: %+v", w)
		}
	}
	if r, ok := checks.Get[checks.Route](out.facts, checks.FactRoute); s.Route != nil {
		got := checks.RouteName(r.Proxy)
		if !ok || !r.Known {
			got = "unknown"
		}
		if got != *s.Route {
			t.Errorf("the product's way is %q, want %q", got, *s.Route)
		}
	}
	for _, name := range s.Quiet {
		for _, q := range slices.Concat(out.asked, out.dialled) {
			if strings.Contains(q, name) {
				t.Errorf("%s was asked for: %s", name, q)
			}
		}
	}
	if len(out.strangers) > 0 {
		t.Errorf("nobody's business here: %q", out.strangers)
	}
	if got := leaks(out.found, out.events); len(got) > 0 {
		t.Errorf("secrets are shown: %q", got)
	}
	if len(out.surprises) > 0 {
		t.Errorf("connections to where nobody is: %q", out.surprises)
	}
	if t.Failed() {
		for _, f := range out.found {
			t.Log(tell(f))
		}
	}
}

func (w wanted) fits(f checks.Finding) bool {
	if w.Code != string(f.Code) || w.Status != "" && w.Status != f.Status.String() || !strings.Contains(f.Subject, w.Subject) {
		return false
	}
	for k, v := range w.Args {
		got, there := f.Args[k]
		if !there || !strings.Contains(got, v) {
			return false
		}
	}
	for _, part := range w.Table {
		if f.Table == nil || !slices.ContainsFunc(f.Table.Rows, func(row []string) bool { return strings.Contains(strings.Join(row, " | "), part) }) {
			return false
		}
	}
	return w.Proof == "" || slices.ContainsFunc(f.Evidence, func(e checks.Evidence) bool { return strings.Contains(e.Source+": "+e.Text, w.Proof) })
}

// tell is a finding in a few lines, for the person who looks for what went wrong.
func tell(f checks.Finding) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %q", f.Status, f.Code, f.Subject)
	for _, k := range slices.Sorted(maps.Keys(f.Args)) {
		fmt.Fprintf(&b, " %s=%q", k, f.Args[k])
	}
	if f.Table != nil {
		fmt.Fprintf(&b, "\n      %s", strings.Join(f.Table.Head, " | "))
		for _, row := range f.Table.Rows {
			fmt.Fprintf(&b, "\n      %s", strings.Join(row, " | "))
		}
	}
	return b.String()
}

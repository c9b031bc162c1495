package wizard_test

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"linecheck/assets"
	"linecheck/checks/lab"
	"linecheck/wizard"
)

// noises add to a scene what has nothing to do with its fault. Each returns false where the scene has no room for it.
var noises = map[string]func(*lab.Scene, []*assets.Profile) bool{
	"an address that the product can do without is dead": deadExtra,
	"DNS is slow":                                  slowNames,
	"another program has a proxy":                  secondProxy,
	"the logs hold yesterday's loss":               oldLines,
	"logs and settings are found in another order": otherOrder,
}

func deadExtra(s *lab.Scene, profiles []*assets.Profile) bool {
	for _, p := range profiles {
		for _, e := range slices.Backward(p.Endpoints) {
			at := fmt.Sprintf("%s:%d", e.Host, cmp.Or(e.Port, map[string]int{"http": 80}[e.Scheme], 443))
			if e.Required || e.Missing(p) != "" || e.Server == assets.LocalServer || spoken(s.Network.Servers, e.Host, at) ||
				e.Scheme == "http" && slices.ContainsFunc(s.Expect.Causes, func(id string) bool { return strings.HasPrefix(id, "http.") }) {
				// where a page instead of the vendor's answer shows
				continue
			}
			s.Network.Servers = maps.Clone(s.Network.Servers)
			if s.Network.Servers == nil {
				s.Network.Servers = map[string]lab.Server{}
			}
			s.Network.Servers[at] = lab.Server{TCP: "refuse"}
			return true
		}
	}
	return false
}

// spoken reports whether the scene itself says something of that server.
func spoken(servers map[string]lab.Server, host, at string) bool {
	for pattern := range servers {
		if area, all := strings.CutPrefix(pattern, "*"); pattern == host || pattern == at || all && area != "" && strings.HasSuffix(host, area) {
			return true
		}
	}
	return false
}

// slowNames stays below every product's patience.
func slowNames(s *lab.Scene, _ []*assets.Profile) bool {
	s.Network.Names = slowed(s.Network.Names)
	if _, ok := s.Network.Names["*"]; !ok {
		s.Network.Names["*"] = lab.Name{Slow: slowName}
	}
	s.Network.Resolvers = slices.Clone(s.Network.Resolvers)
	for i, r := range s.Network.Resolvers {
		s.Network.Resolvers[i].Names = slowed(r.Names)
	}
	return !s.Network.Down
}

const slowName = 150 * time.Millisecond

func slowed(names map[string]lab.Name) map[string]lab.Name {
	out := map[string]lab.Name{}
	for pattern, n := range names {
		n.Slow = max(n.Slow, slowName)
		out[pattern] = n
	}
	return out
}

// secondProxy is one that nobody answers for: a proxy that works would be another way to mend a fault.
func secondProxy(s *lab.Scene, _ []*assets.Profile) bool {
	source, old := "Internet Options", "proxy.of-another-time.example:8080"
	if s.Machine.OS == "linux" {
		source = "GNOME"
	}
	if slices.ContainsFunc(s.Machine.Settings, func(o lab.Setting) bool { return o.Source == source }) {
		return false
	}
	s.Machine.Settings = append(slices.Clone(s.Machine.Settings), lab.Setting{Source: source, Server: old})
	s.Network.Proxies = maps.Clone(s.Network.Proxies)
	if s.Network.Proxies == nil {
		s.Network.Proxies = map[string]lab.Proxy{}
	}
	s.Network.Proxies[old] = lab.Proxy{Mode: "refuse"}
	return true
}

// lost are lines of a loss that was over long ago, by log.
var lost = map[string][]string{
	"fsscorplug": {
		"-20h .W: CurlQuery::completeWithStatus: failure on handle 0000023C45E27C50 28 Operation timed out after 1006 milliseconds with 0 bytes received",
		"-20h .W: fs::xrssdk::HTTPQueryTask::update_http_stats: http error 201 (28) for http task 0000023C45E76790, time 1006 ms",
		"-19h I: fs::xrssdk::DoormanCache::update: doorman cooldown is off, ttl: 15, fserr: 0",
	},
	"ds_am": {
		"-168h [am.SmartScan/4] | Disconnected from Smart Protection Server: https://ds20.icrc.trendmicro.com/tmcss/? : Error message=536870919[0x20000007](ICRC_HTTP_ERROR), 28[0x1c](Timeout was reached) | SmartScan.lua:91:report | 1A2C:1B44:smartscan",
		"-167h [am.SmartScan/4] | Event: Smart Protection Server Connected for Smart Scan | SmartScan.lua:88:report | 1A2C:1B44:smartscan",
	},
}

func oldLines(s *lab.Scene, profiles []*assets.Profile) bool {
	done := false
	for _, p := range profiles {
		for _, l := range p.Logs {
			here := slices.ContainsFunc(l.Files, func(f string) bool { return assets.PathOS(f) == s.Machine.OS })
			rotated := slices.ContainsFunc(s.Machine.Logs, func(o lab.Log) bool { return o.Name == l.Name && (o.File != "" || o.Alone) })
			if lost[l.Name] == nil || !here || rotated || slices.Contains(s.Machine.Absent, p.Name) {
				continue
			}
			done = true
			i := slices.IndexFunc(s.Machine.Logs, func(o lab.Log) bool { return o.Name == l.Name })
			s.Machine.Logs = slices.Clone(s.Machine.Logs)
			if i < 0 {
				s.Machine.Logs = append(s.Machine.Logs, lab.Log{Name: l.Name, Lines: lost[l.Name]})
				continue
			}
			s.Machine.Logs[i].Lines = append(slices.Clone(lost[l.Name]), s.Machine.Logs[i].Lines...)
		}
	}
	return done
}

func otherOrder(s *lab.Scene, _ []*assets.Profile) bool {
	s.Machine.Logs, s.Machine.Settings = slices.Clone(s.Machine.Logs), slices.Clone(s.Machine.Settings)
	slices.Reverse(s.Machine.Logs)
	slices.Reverse(s.Machine.Settings)
	return len(s.Machine.Logs) > 1 || len(s.Machine.Settings) > 1
}

// TestScenariosKeepTheirFirstCause adds noise to every scenario and plays it again: what it ends at has to stay, and a
// healthy network must not become a broken one.
func TestScenariosKeepTheirFirstCause(t *testing.T) {
	if onlyOne(t) {
		t.Skip("one scenario was asked for; -run ScenariosKeep/NAME adds the noise to it")
	}
	dir := t.TempDir()
	all, quiet := everyScenario(t, func(all []scenario) (turns []turn) {
		for i, s := range all {
			if raced() && i%4 != 0 {
				continue // the program is a process of its own, which the detector does not watch: it would see nothing more
			}
			if x, ok := noisy(t, dir, s, slices.Sorted(maps.Keys(noises))...); ok {
				turns = append(turns, x)
			}
		}
		return turns
	})
	exactly := slices.DeleteFunc(slices.Clone(all), func(s scenario) bool { return judge(s, quiet[s.Name]) != exact }) // the others are misses already
	turns, results := shown.noise, shown.results
	t.Logf("%d scenarios played with all noise at once", len(turns))
	// Where something changed, each noise alone tells what did it.
	var again []turn
	for _, x := range turns {
		name, _, _ := strings.Cut(x.name, "/")
		i := slices.IndexFunc(exactly, func(s scenario) bool { return s.Name == name })
		if i >= 0 && kept(quiet[name], results[x.name]) != "" {
			s := exactly[i]
			for noise := range noises {
				if x, ok := noisy(t, dir, s, noise); ok {
					again = append(again, x)
				}
			}
			t.Errorf("%s, and all noise: %s", name, kept(quiet[name], results[x.name]))
		}
	}
	results = play(t, again, quiet)
	for _, x := range again {
		name, noise, _ := strings.Cut(x.name, "/")
		if what := kept(quiet[name], results[x.name]); what != "" {
			t.Errorf("%s, and %s: %s", name, noise, what)
		}
	}
}

// noisy writes a scenario down with noise added; false where it has no room for any of it.
func noisy(t *testing.T, dir string, s scenario, with ...string) (turn, bool) {
	t.Helper()
	loud, any := s.Scene, false
	profiles, err := loud.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, noise := range with {
		any = noises[noise](&loud, profiles) || any
	}
	if !any {
		return turn{}, false
	}
	b, err := yaml.Marshal(told(reflect.ValueOf(loud)))
	if err != nil {
		t.Fatal(err)
	}
	at, err := os.MkdirTemp(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(at, s.Name+".yaml") // a scene is called as its file
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	good := func(p played, all map[string]played) bool {
		quiet := all[s.Name]
		return judge(s, quiet) != exact || kept(quiet, p) == ""
	}
	return turn{s.Name + "/" + strings.Join(with, ", "), file, s.Expect.Status == wizard.Healthy, s.Do != "", good}, true
}

// kept says what a noise has changed; "" where the first cause is what it was, or healthy is still no fault.
func kept(quiet, loud played) string {
	was, is := quiet.causes(), loud.causes()
	switch {
	case loud.err != nil:
		return fmt.Sprintf("no report: %v\n%s", loud.err, loud.said)
	case quiet.aside() && slices.Contains(is, was[0]): // the noise is as grave as the cause
	case len(was) > 0 && (len(is) == 0 || is[0] != was[0]):
		return fmt.Sprintf("%v became %v: %s", was, is, loud.report.Verdict.Headline)
	case loud.report.Verdict.Status == quiet.report.Verdict.Status:
	case quiet.report.Verdict.Status == wizard.Healthy && loud.report.Verdict.Status == wizard.Warning:
	default:
		return fmt.Sprintf("%s became %s: %v %s", quiet.report.Verdict.Status, loud.report.Verdict.Status, is, loud.report.Verdict.Headline)
	}
	return ""
}

// told is a scene as a person would write it: nothing stands there that was not told. For a scene, an empty list is
// something else than none.
func told(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return told(v.Elem())
	case reflect.Struct:
		out := map[string]any{}
		for i := range v.NumField() {
			if !v.Field(i).IsZero() {
				name, inline, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
				if inline != "" {
					maps.Copy(out, told(v.Field(i)).(map[string]any))
					continue
				}
				out[name] = told(v.Field(i))
			}
		}
		return out
	case reflect.Map:
		out := map[string]any{}
		for _, k := range v.MapKeys() {
			out[k.String()] = told(v.MapIndex(k))
		}
		return out
	case reflect.Slice:
		out := []any{}
		for i := range v.Len() {
			out = append(out, told(v.Index(i)))
		}
		return out
	}
	return v.Interface()
}

// aside reports whether the first cause is about nothing but addresses that the product can do without.
func (p played) aside() bool {
	if len(p.report.Verdict.Causes) == 0 || p.report.Verdict.Causes[0].Severity == wizard.Fault {
		return false
	}
	first := p.report.Verdict.Causes[0]
	return !slices.ContainsFunc(p.report.Checks, func(c wizard.CheckReport) bool {
		return slices.ContainsFunc(c.Findings, func(f wizard.FindingReport) bool {
			return slices.Contains(first.Evidence, f.ID) && (f.Detail.Required || len(f.Detail.Stages) == 0)
		})
	})
}

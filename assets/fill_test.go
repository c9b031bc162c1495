package assets

import (
	"reflect"
	"strings"
	"testing"
)

const filling = small + `vars:
  version: {default: "20"}
  sps: {default: "", help: "name of the server"}
  mode: {default: "", values: ["on", "off"]}
endpoints:
- {host: 'ds${version}.vendor.example', purpose: 'global ${version}'}
- {host: '${sps}', scheme: tcp, port: 5274, purpose: local}
- {host: a.example, when: mode, purpose: p}
- {host: b.example, path: '/x?${sps}', purpose: p}
wildcards: ['*.${sps}']
detect: {paths: ['/opt/${version}/x']}
`

func parsed(t *testing.T, yaml string) *Profile {
	t.Helper()
	p, err := ParseProfile("f.yaml", []byte(yaml))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestFillReplacesEverywhereAndLeavesTheProfileAlone(t *testing.T) {
	p := parsed(t, filling)
	f, err := p.Fill(map[string]string{"sps": "sps.corp.example"}, FromArgument)
	if err != nil {
		t.Fatal(err)
	}
	if got := f.Endpoints[0].Host + " " + f.Endpoints[0].Purpose + " " + f.Endpoints[1].Host + " " + f.Wildcards[0] + f.Detect.Paths[0]; got !=
		"ds20.vendor.example global 20 sps.corp.example *.sps.corp.example/opt/20/x" {
		t.Error(got)
	}
	if want := map[string]string{"version": "20", "sps": "sps.corp.example", "mode": ""}; !reflect.DeepEqual(f.Values, want) {
		t.Errorf("values %v", f.Values)
	}
	if want := map[string]string{"version": "default", "sps": "argument", "mode": "default"}; !reflect.DeepEqual(f.From, want) {
		t.Errorf("from %v", f.From)
	}
	if !reflect.DeepEqual(p.Endpoints, parsed(t, filling).Endpoints) || p.Values != nil {
		t.Error("the profile that was filled has changed")
	}
}

func TestAnEmptyVariableLeavesItsAddressVisibleAndMissing(t *testing.T) {
	f, err := parsed(t, filling).Fill(nil, FromDefault)
	if err != nil {
		t.Fatal(err)
	}
	if f.Endpoints[1].Host != "${sps}" {
		t.Errorf("host %q", f.Endpoints[1].Host)
	}
	for i, want := range []string{"", "sps", "mode", "sps"} {
		if got := f.Endpoints[i].Missing(f); got != want {
			t.Errorf("endpoint %d: missing %q, want %q", i, got, want)
		}
	}
	f, err = f.Fill(map[string]string{"sps": "sps2.example", "mode": "on"}, "found in a log")
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range f.Endpoints {
		if got := e.Missing(f); got != "" {
			t.Errorf("endpoint %d: still missing %q", i, got)
		}
	}
	if f.From["sps"] != "found in a log" || f.Endpoints[1].Host != "sps2.example" {
		t.Errorf("%v %v", f.From, f.Endpoints[1])
	}
}

func TestAnArgumentWinsOverWhatIsFound(t *testing.T) {
	f, err := parsed(t, filling).Fill(map[string]string{"sps": "said.example", "version": ""}, FromArgument)
	if err != nil {
		t.Fatal(err)
	}
	if got := f.Endpoints[0].Missing(f); got != "version" {
		t.Errorf("a default was used although nothing was said: missing %q", got)
	}
	f, err = f.Fill(map[string]string{"sps": "found.example", "mode": "off"}, "found")
	if err != nil {
		t.Fatal(err)
	}
	if f.Values["sps"] != "said.example" || f.From["sps"] != FromArgument || f.Values["mode"] != "off" || f.Endpoints[1].Host != "said.example" {
		t.Errorf("%v %v", f.Values, f.From)
	}
}

func TestBadValuesAreRefused(t *testing.T) {
	for name, c := range map[string]struct{ variable, value, want string }{
		"an unknown name":           {"spx", "a", "did you mean sps?"},
		"a blank in a host":         {"sps", "a b", "no host name"},
		"a URL as host":             {"sps", "https://sps.example", "write the name only"},
		"a port in a host":          {"sps", "sps.example:443", "write the name only"},
		"an escape code":            {"sps", "a\x1b[2J", "control character"},
		"a template":                {"sps", "${version}", "template itself"},
		"a word that is not listed": {"mode", "yes", "none of on, off"},
		"a path that climbs":        {"version", "../..", "leads out"},
		"a path of another disk":    {"version", "%x%", "variable of Windows"},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := parsed(t, filling).Fill(map[string]string{c.variable: c.value}, FromArgument)
			if err == nil || f != nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("no %q in %v", c.want, err)
			}
			if !strings.Contains(err.Error(), c.variable) || !strings.HasPrefix(err.Error(), "f.yaml:") || strings.Contains(err.Error(), "\x1b") {
				t.Errorf("does not name the variable and the file, or is not safe: %v", err)
			}
		})
	}
}

func TestAProfileMadeInCodeCanBeFilled(t *testing.T) {
	p := &Profile{Name: "x", Vars: map[string]Var{"h": {}}, Endpoints: []Endpoint{{Host: "${h}"}, {Host: "b"}}}
	f, err := p.Fill(map[string]string{"h": "a.example"}, FromArgument)
	if err != nil || f.Endpoints[0].Host != "a.example" {
		t.Fatal(f, err)
	}
}

func TestAccountsDifferBySystem(t *testing.T) {
	for _, c := range [][3]string{
		{"local_system", "windows", "local_system"}, {"local_system", "linux", "root"}, {"network_service", "linux", "root"},
		{"root", "windows", "local_system"}, {"user", "linux", "user"}, {"user", "windows", "user"},
	} {
		if got := (&Profile{RunAs: c[0]}).Account(c[1]); got != c[2] {
			t.Errorf("%s on %s is %s, want %s", c[0], c[1], got, c[2])
		}
	}
}

func TestAURLIsTakenForTheHostOfAVariable(t *testing.T) {
	p := parsed(t, strings.NewReplacer(`help: "name of the server"`, `host: true`, "wildcards: ['*.${sps}']\n", "").Replace(filling))
	for name, c := range map[string]struct{ given, value, kept string }{
		"a URL with a port and a path is no host":     {"https://SPS.corp.example:443/TMCSS/?", "SPS.corp.example", "https://SPS.corp.example:443/TMCSS/?"},
		"a name with a path is no host":               {"sps.corp.example/TMCSS", "sps.corp.example", "sps.corp.example/TMCSS"},
		"a name with a port is no host":               {"sps.corp.example:5274", "sps.corp.example", "sps.corp.example:5274"},
		"a URL with an IPv6 address keeps brackets":   {"http://[2001:db8::1]:5274", "2001:db8::1", "http://[2001:db8::1]:5274"},
		"a plain name is remembered as more":          {"sps.corp.example", "sps.corp.example", ""},
		"a plain IPv6 address is taken for name:port": {"2001:db8::1", "2001:db8::1", ""},
	} {
		f, err := p.Fill(map[string]string{"sps": c.given}, FromArgument)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if f.Values["sps"] != c.value || f.Given["sps"] != c.kept || f.Endpoints[1].Host != c.value {
			t.Errorf("%s: value %q, given %q, host %q", name, f.Values["sps"], f.Given["sps"], f.Endpoints[1].Host)
		}
		if again, err := f.Fill(map[string]string{"mode": "on"}, FromArgument); err != nil || again.Given["sps"] != c.kept {
			t.Errorf("%s: filled again: %q, %v", name, again.Given["sps"], err)
		}
	}
	for _, bad := range []string{"https://user:geheim@sps.corp.example/", "http://", "https://[::", "://x"} {
		if f, err := p.Fill(map[string]string{"sps": bad}, FromArgument); err == nil {
			t.Errorf("%q is taken: %v", bad, f.Values)
		}
	}
	if _, err := parsed(t, filling).Fill(map[string]string{"sps": "https://sps.corp.example/"}, FromArgument); err == nil {
		t.Error("a variable that is not said to be a host takes a URL")
	}
}

func TestALoginInAServersAddressIsRepeatedInTheError(t *testing.T) {
	_, err := LoadProfile("deepsecurity", map[string]string{"sps": "https://user:hush@sps.corp.example/"})
	if err == nil || strings.Contains(err.Error(), "hush") || !strings.Contains(err.Error(), "login") {
		t.Errorf("%v", err)
	}
}

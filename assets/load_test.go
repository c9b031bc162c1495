package assets

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

func TestProfilesAreFoundByNameAndByFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "own.yaml")
	if err := os.WriteFile(file, []byte(filling), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := LoadProfile(file, map[string]string{"sps": "s.example"})
	if err != nil || p.Origin != file || p.Endpoints[1].Host != "s.example" {
		t.Fatal(p, err)
	}
	p, err = LoadProfile("deepsecurity", map[string]string{"version": "120"})
	if err != nil || p.Origin != "embedded" || p.Endpoints[0].Host != "ds120.icrc.trendmicro.com" {
		t.Fatal(p, err)
	}
	list, err := Profiles()
	if err != nil || len(list) != 2 || list[0].Name != "deepsecurity" || list[0].Endpoints[0].Host != "ds20.icrc.trendmicro.com" {
		t.Fatal("the shared profile was changed", list, err)
	}
}

func TestWhatIsNoProfileIsRefused(t *testing.T) {
	dir := t.TempDir()
	long, wrong := filepath.Join(dir, "long.yaml"), filepath.Join(dir, "wrong.yaml")
	for name, text := range map[string]string{long: strings.Repeat("# x\n", MaxProfile/4+1), wrong: "schema: x\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]string{
		"withsecur":                       "did you mean withsecure?",
		"nonesuch":                        "known: deepsecurity, withsecure",
		dir:                               "no regular file",
		filepath.Join(dir, "none.yaml"):   "none.yaml",
		long:                              "bytes",
		wrong:                             wrong + ":1: schema",
		"../profiles/withsecure":          "withsecure",
		"":                                "no profile",
		"evil\x1b]0;x\anamename_and_more": "no profile",
	} {
		p, err := LoadProfile(name, nil)
		if err == nil || p != nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\x1b") {
			t.Errorf("%q: no %q in %v", name, want, err)
		}
	}
}

func TestDurationsAreWrittenAsTheyAreRead(t *testing.T) {
	for _, s := range []string{"2h", "5m", "90s", "1h30m", "1h0m5s", "10m", "20h", "100ms"} {
		var d Duration
		if err := yaml.Unmarshal([]byte(s), &d); err != nil {
			t.Fatal(err)
		}
		b, err := yaml.Marshal(d)
		var again Duration
		if err != nil || yaml.Unmarshal(b, &again) != nil || again != d {
			t.Errorf("%s became %s", s, b)
		}
	}
	for d, want := range map[Duration]string{Duration(2 * 3600e9): "2h", Duration(5 * 60e9): "5m", Duration(10 * 60e9): "10m", 0: ""} {
		if d.String() != want {
			t.Errorf("%s, want %s", d, want)
		}
	}
}

// FuzzParse: nothing panics, a refusal has a reason, and what is accepted means the same when it is written and read
// again.
func FuzzParse(f *testing.F) {
	f.Add([]byte(bad))
	f.Add([]byte(filling))
	f.Add(NewProfile("seed"))
	for _, name := range []string{"withsecure", "deepsecurity"} {
		b, err := profileFiles.ReadFile("profiles/" + name + ".yaml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := ParseProfile("f", b)
		if (p == nil) == (err == nil) {
			t.Fatalf("profile %v and error %v", p, err)
		}
		if err != nil {
			if s := err.Error(); s == "" || strings.ContainsFunc(strings.ReplaceAll(s, "\n", ""), hidden) {
				t.Fatalf("unsafe message %q", s)
			}
			return
		}
		written := write(t, p)
		again, err := ParseProfile("f", written)
		if err != nil {
			t.Fatalf("accepted, but not as written again: %v\n%s", err, written)
		}
		if p.lines, again.lines = nil, nil; !reflect.DeepEqual(p, again) {
			t.Fatalf("became another profile:\n%+v\n%+v", p, again)
		}
		if _, err := p.Fill(nil, FromDefault); err != nil && len(p.Vars) == 0 {
			t.Fatalf("cannot be filled: %v", err)
		}
	})
}

// write is a profile as YAML without what is empty.
func write(t *testing.T, p *Profile) []byte {
	t.Helper()
	var n yaml.Node
	if err := n.Encode(p); err != nil {
		t.Fatal(err)
	}
	prune(&n, false)
	b, err := yaml.Marshal(&n)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// prune leaves out what is empty; whole: a variable without anything is one all the same.
func prune(n *yaml.Node, whole bool) {
	for i, c := range n.Content {
		prune(c, n.Kind == yaml.MappingNode && i%2 == 1 && n.Content[i-1].Value == "vars")
	}
	if n.Kind != yaml.MappingNode || whole {
		return
	}
	var keep []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		empty := v.Tag == "!!null" || v.Kind == yaml.ScalarNode && (v.Value == "" || v.Value == "0" && v.Tag == "!!int") || v.Kind != yaml.ScalarNode && len(v.Content) == 0
		if !empty || k.Value == "body_length" && v.Tag == "!!int" {
			keep = append(keep, k, v)
		}
	}
	n.Content = keep
}

func BenchmarkProfiles(b *testing.B) {
	for b.Loop() {
		if _, err := parseEmbedded(); err != nil {
			b.Fatal(err)
		}
	}
}

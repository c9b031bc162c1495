package command_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"linecheck/assets"
	"linecheck/checks/host"
	"linecheck/wizard"
	"linecheck/wizard/command"
)

// linecheck runs the program in this process, as if without a terminal, and returns what it printed.
func linecheck(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	p := command.Program{Version: "test", Commit: "test", Machine: host.Local, Hands: host.LocalHands}
	code = p.Run(t.Context(), args, strings.NewReader(""), &o, &e)
	return code, o.String(), e.String()
}

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	s, err := jsonschema.NewCompiler().Compile("../../assets/schema/report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// verdictOf is the verdict of a report as it stands there, byte for byte.
func verdictOf(t *testing.T, report string) string {
	t.Helper()
	var r struct{ Verdict json.RawMessage }
	if err := json.Unmarshal([]byte(report), &r); err != nil {
		t.Fatalf("%v in %s", err, report)
	}
	return string(r.Verdict)
}

func TestEachScenesReportFollowsTheSchema(t *testing.T) {
	scenes, results := everyScene(t)
	s := schema(t)
	for _, sc := range scenes {
		inst, err := jsonschema.UnmarshalJSON(strings.NewReader(results[sc.Name].raw))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(inst); err != nil {
			t.Errorf("%s: %v", sc.Name, err)
		}
	}
}

func TestASavedReportOfEachSceneGivesTheSameVerdictAgain(t *testing.T) {
	scenes, results := everyScene(t)
	dir := t.TempDir()
	for _, sc := range scenes {
		file := filepath.Join(dir, sc.Name+".json")
		if err := os.WriteFile(file, []byte(results[sc.Name].raw), 0o600); err != nil {
			t.Fatal(err)
		}
		code, out, errs := linecheck(t, "report", "show", file, "--format", "json")
		if errs != "" {
			t.Fatal(errs)
		}
		want := verdictOf(t, results[sc.Name].raw)
		if got := verdictOf(t, out); got != want || code != results[sc.Name].code {
			t.Errorf("%s: exit code %d, then %d; the verdict was\n%s\nand is now\n%s", sc.Name, results[sc.Name].code, code, want, got)
		}
	}
}

// TestNothingIsClearedWithoutProof takes away from each healthy scene what one check found, as if it had broken down, had
// been skipped, or had not been asked for.
func TestNothingIsClearedWithoutProof(t *testing.T) {
	scenes, results := everyScene(t)
	rules, err := assets.LoadRules()
	if err != nil {
		t.Fatal(err)
	}
	for _, sc := range scenes {
		if sc.Expect.Status != wizard.Healthy {
			continue
		}
		for i, c := range results[sc.Name].report.Checks {
			r := results[sc.Name].report
			r.Checks = append(append([]wizard.CheckReport{}, r.Checks[:i]...), r.Checks[i+1:]...)
			want := wizard.Healthy // what the others look at decides no line
			if c.ID == "allowlist" || c.ID == "proxy" || c.ID == "product" {
				want = wizard.Inconclusive
			}
			if c.ID == "domain" && strings.HasPrefix(sc.Name, "healthy-local-server") {
				want = wizard.Inconclusive // nobody says any more that the silent one of two servers does not count
			}
			if got := r.Rejudge(rules).Verdict; got.Status != want {
				t.Errorf("%s without %s of %s is %s: %s", sc.Name, c.ID, c.Profile, got.Status, got.Headline)
			}
		}
	}
}

func TestOnlySomeChecksNeverMakeAComputerHealthy(t *testing.T) {
	for _, only := range []string{"product", "clock", "proxy", "allowlist", "cache", "domain", "logs", "proxy,allowlist", "product,allowlist", "product,proxy"} {
		if code, out, _ := linecheck(t, "lab", "--run", "healthy", "--checks", only, "--format", "json"); code != 3 {
			t.Errorf("--checks %s ends with %d: %s", only, code, verdictOf(t, out))
		}
	}
	if code, out, _ := linecheck(t, "lab", "--run", "healthy", "--checks", "product,proxy,allowlist"); code != 0 {
		t.Errorf("the three that prove a line end with %d: %s", code, out)
	}
}

func TestAProfileThatRequiresNothingClearsNothingAndSaysWhy(t *testing.T) {
	b, err := os.ReadFile("../../assets/profiles/withsecure.yaml")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "own.yaml")
	text := strings.NewReplacer("required: true", "required: false", "name: withsecure\n", "name: own\n").Replace(string(b))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs := linecheck(t, "lab", "--run", "healthy", "--profile", file, "--format", "json")
	if code != 3 || !strings.Contains(verdictOf(t, out), "no address that the profile marks as required") {
		t.Errorf("exit code %d, %s %s", code, verdictOf(t, out), errs)
	}
	var r wizard.Report
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	if r.Profiles[0].Source == "embedded" || r.Profiles[0].Name != "own" {
		t.Errorf("the profile %+v is not said to come from a file", r.Profiles[0])
	}
}

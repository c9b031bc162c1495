package all

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestACheckIsOneFolderAndOneLine builds the program with a check that is not in the repository: one folder, and one line
// in all.go, laid over the source at build time. Nothing else may have to change for it to run.
func TestACheckIsOneFolderAndOneLine(t *testing.T) {
	base, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	put := func(name, text string) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return p
	}
	list, err := os.ReadFile("all.go")
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(base, "checks", "throwaway")
	overlay, _ := json.Marshal(map[string]any{"Replace": map[string]string{
		filepath.Join(folder, "check.go"): put("check.go", `package throwaway

import (
	"context"

	"linecheck/checks"
)

func init() { checks.Register(check{}) }

type check struct{}

func (check) Spec() checks.Spec {
	return checks.Spec{ID: "throwaway", Title: "Throwaway", Question: "Is it here?", Timeout: 1e9, Order: 99,
		Texts: []byte("throwaway.seen: {title: Seen, text: 'it ran for {subject}'}"), Codes: []checks.Code{"throwaway.seen"}}
}

func (check) Run(_ context.Context, env checks.Env, _ func(checks.Event)) (checks.Result, error) {
	return checks.Result{Findings: []checks.Finding{{Code: "throwaway.seen", Status: checks.Pass, Subject: env.Profile.Name}}}, nil
}
`),
		filepath.Join(base, "checks", "all", "all.go"): put("all.go", strings.Replace(string(list), "import (", "import (\n\t_ \"linecheck/checks/throwaway\"", 1)),
	}})
	exe := filepath.Join(dir, "linecheck.exe")
	build := exec.Command("go", "build", "-overlay", put("overlay.json", string(overlay)), "-o", exe, ".")
	build.Dir = base
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, _ := exec.Command(exe, "run", "--profile", "withsecure", "--checks", "throwaway", "--format", "json").Output()
	if !strings.Contains(string(out), "it ran for withsecure") {
		t.Errorf("the check did not run:\n%s", out)
	}
}

package command

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"linecheck/checks"
	"linecheck/checks/host"
)

func TestHowMuchOfABundleWasReadIsTold(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "bundle.zip")
	if err := os.WriteFile(path, make([]byte, 5<<19), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]string{path: {"1 MB of 2 MB read", "2 MB of 2 MB read"}, dir: {"1 MB read", "2 MB read"}} {
		var said []string
		m := withProgress(host.Machine{Files: host.Disk{}}, name, func(p checks.Progress) { said = append(said, p.Waiting) })
		f, err := m.Files.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, f); n != 5<<19 || err != nil {
			t.Errorf("%d bytes, %v", n, err)
		}
		f.Close()
		if !slices.Equal(said, want) {
			t.Errorf("told %q, want %q", said, want)
		}
	}
}

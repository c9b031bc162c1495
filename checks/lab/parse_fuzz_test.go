package lab

import (
	"os"
	"path/filepath"
	"testing"
)

// FuzzScene reads a scene from anywhere, as `linecheck lab --run FILE` does: it is refused, or it has all that the practice
// network asks of a scene, and its profiles load or say why not.
func FuzzScene(f *testing.F) {
	all, err := filepath.Glob(filepath.Join("scenes", "*.yaml"))
	if err != nil {
		f.Fatal(err)
	}
	for i, file := range all {
		if i%8 == 0 { // enough to know every key by
			b, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(filepath.Base(file), b)
		}
	}
	f.Fuzz(func(t *testing.T, file string, b []byte) {
		s, err := Parse(file, b)
		if err != nil {
			return
		}
		if s.Name == "" || len(s.Profiles) == 0 || s.Machine.OS == "" || s.Expect.Status == "" {
			t.Errorf("%+v", s)
		}
		_, _ = s.Load()
	})
}

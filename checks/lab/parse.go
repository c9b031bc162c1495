package lab

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"linecheck/assets"
)

//go:embed scenes/*.yaml
var shipped embed.FS

// Scenes returns the shipped scenes by name, the healthy ones first.
func Scenes() ([]Scene, error) {
	files, err := shipped.ReadDir("scenes")
	if err != nil {
		return nil, err
	}
	var out []Scene
	for _, f := range files {
		b, err := shipped.ReadFile("scenes/" + f.Name())
		if err != nil {
			return nil, err
		}
		s, err := Parse(f.Name(), b)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	slices.SortStableFunc(out, func(a, b Scene) int { return rank(a) - rank(b) })
	return out, nil
}

func rank(s Scene) int {
	if s.Expect.Status == "healthy" {
		return 0
	}
	return 1
}

// sceneLimit is far above any scene that a person writes.
const sceneLimit = 1 << 20

// Read reads a scene from a file of one's own.
func Read(file string) (Scene, error) {
	f, err := os.Open(file)
	if err != nil {
		return Scene{}, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, sceneLimit+1))
	if err == nil && len(b) > sceneLimit {
		err = fmt.Errorf("%s is larger than %d MB", file, sceneLimit>>20)
	}
	if err != nil {
		return Scene{}, err
	}
	return Parse(filepath.Base(file), b)
}

// Find returns the shipped scene of that name, or the one in that file, whose name ends in .yaml.
func Find(name string) (Scene, error) {
	if strings.HasSuffix(name, ".yaml") {
		return Read(name)
	}
	all, err := Scenes()
	if err != nil {
		return Scene{}, err
	}
	i := slices.IndexFunc(all, func(s Scene) bool { return s.Name == name })
	if i < 0 {
		return Scene{}, fmt.Errorf("no scene %q", name)
	}
	return all[i], nil
}

// Load returns the scene's profiles, its variables filled in.
func (s Scene) Load() ([]*assets.Profile, error) {
	var out []*assets.Profile
	for _, name := range s.Profiles {
		p, err := assets.LoadProfile(name, nil)
		if err == nil {
			mine := maps.Clone(s.Vars) // of several products, each knows some
			maps.DeleteFunc(mine, func(k, _ string) bool { _, ok := p.Vars[k]; return !ok })
			p, err = p.Fill(mine, "scene")
		}
		if err != nil {
			return nil, fmt.Errorf("scene %s: %w", s.Name, err)
		}
		out = append(out, p)
	}
	return out, nil
}

// Parse reads one scene strictly: an unknown key, an unknown word or a name that is not the file's is an error. What
// the scene leaves open is filled in.
func Parse(file string, b []byte) (Scene, error) {
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	var s Scene
	if err := d.Decode(&s); err != nil {
		return Scene{}, fmt.Errorf("scene %s: %w", file, err)
	}
	if err := d.Decode(new(any)); !errors.Is(err, io.EOF) {
		return Scene{}, fmt.Errorf("scene %s: more than one document", file)
	}
	if want := strings.TrimSuffix(path.Base(file), ".yaml"); s.Name != want {
		return Scene{}, fmt.Errorf("scene %s: name is %q, not %q", file, s.Name, want)
	}
	if len(s.Profiles) == 0 {
		s.Profiles = []string{"withsecure"}
	}
	if s.Machine.OS == "" {
		s.Machine.OS = "windows"
	}
	if err := s.check(); err != nil {
		return Scene{}, fmt.Errorf("scene %s: %w", file, err)
	}
	return s, nil
}

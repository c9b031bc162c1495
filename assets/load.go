package assets

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed profiles/*.yaml
var profileFiles embed.FS

var embedded = sync.OnceValues(parseEmbedded)

func parseEmbedded() ([]*Profile, error) {
	files, err := profileFiles.ReadDir("profiles")
	if err != nil {
		return nil, err
	}
	var list []*Profile
	for _, f := range files {
		b, err := profileFiles.ReadFile(path.Join("profiles", f.Name()))
		if err != nil {
			return nil, err
		}
		p, err := ParseProfile(f.Name(), b)
		if err != nil {
			return nil, err
		}
		p.Origin = "embedded"
		if p, err = p.Fill(nil, FromDefault); err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b *Profile) int { return strings.Compare(a.Name, b.Name) })
	return list, nil
}

// Profiles returns the embedded profiles by name, with the defaults filled in. They are parsed once and shared.
func Profiles() ([]*Profile, error) {
	list, err := embedded()
	return slices.Clone(list), err
}

// LoadProfile returns an embedded profile by its name, or reads one from a file, and fills in vars over the defaults.
// A mistake in the file or the variables is a [Problems].
func LoadProfile(nameOrFile string, vars map[string]string) (*Profile, error) {
	list, err := embedded()
	if err != nil {
		return nil, err
	}
	for _, p := range list {
		if p.Name == nameOrFile {
			return p.Fill(vars, FromArgument)
		}
	}
	b, err := readProfile(nameOrFile)
	// Windows has more words than "not there" for a name that no file can have.
	if at := new(fs.PathError); errors.As(err, &at) && at.Op != "open" && !strings.ContainsAny(nameOrFile, `/\.`) {
		return nil, unknownProfile(nameOrFile, list)
	}
	if err != nil {
		return nil, err
	}
	p, err := ParseProfile(nameOrFile, b)
	if err != nil {
		return nil, err
	}
	return p.Fill(vars, FromArgument)
}

func unknownProfile(name string, list []*Profile) error {
	known := make([]string, len(list))
	for i, p := range list {
		known[i] = p.Name
	}
	return fmt.Errorf("no profile %s and no such file; %s", quote(name), meant(name, known))
}

// readProfile reads a regular file of at most [MaxProfile] bytes. It looks before it opens, because opening a pipe
// waits for the other side.
func readProfile(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("profile %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("profile %s is no regular file", quote(name))
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("profile %w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, MaxProfile+1))
	if err != nil {
		return nil, fmt.Errorf("profile %w", err)
	}
	return b, nil
}

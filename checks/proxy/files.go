package proxy

import (
	"io"
	"path"
	"slices"
	"strings"

	"linecheck/checks/host"
)

// Bounds of what is read: one file, and the files of one folder.
const (
	mostFile  = 256 << 10
	mostFiles = 200
)

// stand is one assignment of a file, and the line it stands in.
type stand struct {
	name, value, file string
	line              int
}

// read gives the beginning of a file: mostFile bytes of it.
func (r *run) read(path string) ([]byte, error) {
	f, err := r.env.Machine.Files.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, mostFile))
}

// inside lists the files of a folder in the order of their names. A folder that is not there has none.
func (r *run) inside(dir string, want func(name string) bool) ([]string, error) {
	list, err := r.env.Machine.Files.ReadDir(dir)
	if host.Absent(err) {
		err = nil
	}
	var out []string
	for _, e := range list {
		if !e.IsDir() && want(e.Name()) {
			out = append(out, path.Join(dir, e.Name()))
		}
	}
	slices.Sort(out)
	return out[:min(len(out), mostFiles)], err
}

// assignments lists the KEY=value lines of a file that name a proxy variable.
func (r *run) assignments(file string) ([]stand, error) {
	b, err := r.read(file)
	if err != nil {
		return nil, err
	}
	var out []stand
	n := 0
	for line := range strings.Lines(string(b)) {
		n++
		if name, value, ok := assignment(line); ok && proxyVariable(name) {
			out = append(out, stand{name, value, file, n})
		}
	}
	return out, nil
}

// assignment reads KEY=value, with blanks around the sign, quotes around the value and export before the key.
func assignment(line string) (name, value string, ok bool) {
	line = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "export "))
	if line == "" || line[0] == '#' || line[0] == ';' {
		return "", "", false
	}
	name, value, ok = strings.Cut(line, "=")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	if n := len(value); n > 1 && (value[0] == '"' || value[0] == '\'') && value[n-1] == value[0] {
		value = value[1 : n-1]
	}
	return name, value, ok && name != ""
}

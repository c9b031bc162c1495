package proxy

import (
	"context"
	"io"
	"path"
	"slices"
	"strings"

	"linecheck/assets"
	"linecheck/checks/host"
)

// linux reads the sources of a Linux machine beside the product's units. told is what the desktop and the network's manager say.
func (r *run) linux(told []host.Setting) []source {
	var out []source
	for _, t := range told {
		s := fromHost(t, asGNOME)
		if s.mark = assets.Source; t.Source != gnomeSource {
			s.mark = assets.ThirdParty
		}
		out = append(out, s)
	}
	out = append(out, r.etc())
	out = append(out, r.profiled()...)
	out = append(out, r.apt()...)
	return append(out, r.dnf()...)
}

const gnomeSource = "GNOME"

// units reads the environment of each of the product's services: what its process was started with, else what the unit
// says. Where the unit's files say something else by now, that is told. A service that is not here has none.
func (r *run) units(ctx context.Context) []source {
	var out []source
	for _, svc := range r.env.Profile.ForOS(r.env.Machine.OS) {
		vars, err := r.env.Machine.Services.Environment(ctx, svc.Name)
		if host.Absent(err) {
			continue
		}
		s := source{Setting: host.Setting{Source: unitEnvironment, Whose: product, Where: svc.Name, Err: err}, mark: svc.Mark}
		if err == nil {
			s = s.variables(func(name string) string { return vars[name] }, false)
			written := r.unitFiles(svc.Name)
			s = s.standing(written)
			if late := differing(written, vars); len(late) > 0 {
				s.note = "the unit's files say otherwise of " + strings.Join(late, ", ") + ", which counts after daemon-reload and a restart"
			}
		}
		out = append(out, s)
	}
	return out
}

// differing names the variables that a service runs with otherwise than its files say.
func differing(written []stand, vars map[string]string) []string {
	last := map[string]string{}
	for _, w := range written {
		last[w.name] = w.value
	}
	var out []string
	for name, value := range last {
		if vars[name] != value {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// etc reads /etc/environment, which logins get (pam_env(8)) and services do not.
func (r *run) etc() source {
	s := source{Setting: host.Setting{Source: etcEnvironment, Whose: "logins", Where: "/etc/environment"}, who: shell, mark: assets.Source}
	found, err := r.assignments("/etc/environment")
	if host.Absent(err) {
		s.Raw = "the file is not there"
		return s
	}
	if err != nil {
		s.Err = err
		return s
	}
	return s.fromFiles(found)
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

// Bounds of what is read: one file, and the files of one folder.
const (
	mostFile  = 256 << 10
	mostFiles = 200
)

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

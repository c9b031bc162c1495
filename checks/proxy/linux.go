package proxy

import (
	"context"
	"io"
	"strings"

	"linecheck/checks/host"
)

// units reads the environment of each of the product's services. A service that is not here has none.
func (r *run) units(ctx context.Context) []source {
	var out []source
	for _, svc := range r.env.Profile.ForOS(r.env.Machine.OS) {
		vars, err := r.env.Machine.Services.Environment(ctx, svc.Name)
		if host.Absent(err) {
			continue
		}
		s := source{Setting: host.Setting{Source: unitEnvironment, Whose: product, Where: svc.Name, Err: err}, mark: svc.Mark}
		if err == nil {
			s = s.variables(func(name string) string { return vars[name] })
		}
		out = append(out, s)
	}
	return out
}

// etc reads /etc/environment, which logins get and services do not.
func (r *run) etc() source {
	s := source{Setting: host.Setting{Source: etcEnvironment, Whose: "logins", Where: "/etc/environment"}}
	b, err := r.read("/etc/environment")
	if host.Absent(err) {
		s.Raw = "the file is not there"
		return s
	}
	if err != nil {
		s.Err = err
		return s
	}
	vars := map[string]string{}
	for line := range strings.Lines(string(b)) {
		if name, value, ok := assignment(line); ok {
			vars[name] = value
		}
	}
	return s.variables(func(name string) string { return vars[name] })
}

// mostFile bounds a file that is read whole.
const mostFile = 256 << 10

func (r *run) read(path string) ([]byte, error) {
	f, err := r.env.Machine.Files.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, mostFile))
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

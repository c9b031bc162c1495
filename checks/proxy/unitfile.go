package proxy

import (
	"path"
	"slices"
	"strings"
)

// unitFolders are the places of unit files, the one that goes before all others first (systemd.unit(5)).
var unitFolders = []string{"/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"}

// unitFiles lists what a unit's file, its drop-ins and the files they name say of the proxy variables, in the order in
// which they count. It explains what systemd says and decides nothing, so what may not be read is left out.
func (r *run) unitFiles(unit string) []stand {
	if !strings.Contains(unit, ".") {
		unit += ".service"
	}
	var out []stand
	for _, dir := range unitFolders {
		if b, err := r.read(path.Join(dir, unit)); err == nil {
			out = r.unitFile(out, path.Join(dir, unit), b)
			break
		}
	}
	for _, file := range r.dropIns(unit) {
		if b, err := r.read(file); err == nil {
			out = r.unitFile(out, file, b)
		}
	}
	return out
}

// dropIns lists a unit's drop-ins in the order of their names; of two with one name the first folder's counts.
func (r *run) dropIns(unit string) []string {
	var out, seen []string
	for _, dir := range unitFolders {
		list, _ := r.inside(path.Join(dir, unit+".d"), func(name string) bool { return strings.HasSuffix(name, ".conf") })
		for _, f := range list {
			if name := path.Base(f); !slices.Contains(seen, name) {
				seen, out = append(seen, name), append(out, f)
			}
		}
	}
	slices.SortFunc(out, func(a, b string) int { return strings.Compare(path.Base(a), path.Base(b)) })
	return out
}

// unitFile adds what one file says: Environment=, which starts anew where it is empty, and EnvironmentFile=, whose files
// count more (systemd.exec(5)).
func (r *run) unitFile(out []stand, file string, b []byte) []stand {
	section, text, begun := "", "", 0
	n := 0
	for line := range strings.Lines(string(b)) {
		n++
		line = strings.TrimRight(line, "\r\n")
		if text == "" {
			begun = n
		}
		if strings.HasSuffix(line, `\`) {
			text += strings.TrimSuffix(line, `\`) + " "
			continue
		}
		line, text = strings.TrimSpace(text+line), ""
		if strings.HasPrefix(line, "[") {
			section = line
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		if !ok || section != "[Service]" {
			continue
		}
		switch value = strings.TrimSpace(value); strings.TrimSpace(key) {
		case "Environment":
			if value == "" {
				out = nil
			}
			for _, word := range words(value) {
				if k, v, ok := strings.Cut(word, "="); ok && proxyVariable(k) {
					out = append(out, stand{k, v, file, begun})
				}
			}
		case "EnvironmentFile":
			if at := strings.TrimPrefix(value, "-"); strings.HasPrefix(at, "/") && !strings.ContainsAny(at, "*?[%") {
				found, _ := r.assignments(at)
				out = append(out, found...)
			}
		case "UnsetEnvironment":
			for _, name := range words(value) {
				out = slices.DeleteFunc(out, func(s stand) bool { return s.name == name })
			}
		}
	}
	return out
}

// words splits at blanks outside of quotes, and takes quotes and backslashes away.
func words(s string) []string {
	var out []string
	var word strings.Builder
	var quote byte
	open := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\\' && quote != '\'' && i+1 < len(s):
			i++
			word.WriteByte(s[i])
			open = true
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote, open = c, true
		case quote == 0 && (c == ' ' || c == '\t'):
			if open {
				out = append(out, word.String())
			}
			word.Reset()
			open = false
		default:
			word.WriteByte(c)
			open = true
		}
	}
	if open {
		out = append(out, word.String())
	}
	return out
}

package proxy

import (
	"strconv"
	"strings"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

const profileFolder = "/etc/profile.d"

// profiled reads the scripts that login shells run (bash(1), "invocation"). Only what is written out can be told; what a
// shell would have to compute is named and left open.
func (r *run) profiled() []source {
	files, err := r.inside(profileFolder, func(name string) bool { return strings.HasSuffix(name, ".sh") })
	s := source{Setting: host.Setting{Source: profileFolder, Whose: "logins", Where: profileFolder, Err: err}, who: shell, mark: assets.Source}
	if err != nil {
		return []source{s}
	}
	var found, open []stand
	for _, file := range files {
		b, err := r.read(file)
		if err != nil {
			s.proof = append(s.proof, checks.Evidence{Source: file, Text: "not read: " + clean(err.Error(), 200)})
			continue
		}
		found, open = shellScript(found, open, file, string(b))
	}
	if len(found)+len(open) == 0 {
		return nil
	}
	s = s.fromFiles(found)
	s.Where = append(found, open...)[0].file
	for _, o := range open {
		s.proof = append(s.proof, checks.Evidence{Source: o.file, Line: o.line, Text: "not understood: " + o.name + " depends on what a shell computes"})
	}
	if len(open) > 0 {
		s.note = "line " + strconv.Itoa(open[0].line) + " of " + open[0].file + " was not understood, because a shell computes it"
	}
	return []source{s}
}

// shellScript adds the assignments of proxy variables in a shell script that are written out and always run, and those that
// are not.
func shellScript(found, open []stand, file, text string) (plain, computed []stand) {
	depth, n := 0, 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		depth = max(0, depth+nesting(line))
		if rest, ok := strings.CutPrefix(line, "unset "); ok && depth == 0 {
			for _, name := range strings.Fields(rest) {
				if proxyVariable(name) {
					found = append(found, stand{name, "", file, n})
				}
			}
			continue
		}
		name := mentioned(line)
		if name == "" {
			continue
		}
		list, ok := exported(line)
		if !ok || depth > 0 {
			open = append(open, stand{name: name, file: file, line: n})
			continue
		}
		for _, s := range list {
			s.file, s.line = file, n
			found = append(found, s)
		}
	}
	return found, open
}

// nesting is how far a line goes into conditions, loops and functions, or out of them.
func nesting(line string) int {
	first, _, _ := strings.Cut(strings.TrimRight(line, ";"), " ")
	in := 0
	switch first {
	case "if", "case", "for", "while", "until", "select":
		in = 1
	case "fi", "esac", "done", "}":
		return -1
	}
	for _, end := range []string{"fi", "esac", "done"} {
		if in == 1 && (strings.HasSuffix(line, " "+end) || strings.HasSuffix(line, ";"+end)) {
			return 0
		}
	}
	if in == 0 && strings.HasSuffix(line, "{") {
		in = 1
	}
	return in
}

// mentioned is the proxy variable that a line assigns in some way, "" for none.
func mentioned(line string) string {
	for _, v := range variables {
		for _, name := range []string{v.name, strings.ToUpper(v.name)} {
			if strings.Contains(line, name+"=") {
				return name
			}
		}
	}
	return ""
}

// exported reads commands of KEY=value words, with export in front or without. It fails where a shell would have to
// compute something or where another command stands there.
func exported(line string) ([]stand, bool) {
	list, ok := literals(line)
	if !ok {
		return nil, false
	}
	var out []stand
	command, begun := "", false
	for _, word := range list {
		if word == ";" {
			command, begun = "", false
			continue
		}
		name, value, assigns := strings.Cut(word, "=")
		switch {
		case !begun && (word == "export" || word == "readonly"):
			command = word
		case !assigns && command == "":
			return nil, false
		case strings.ContainsAny(name, " \t-+[]"):
			return nil, false
		case assigns && proxyVariable(name):
			out = append(out, stand{name: name, value: value})
		}
		begun = true
	}
	return out, true
}

// literals splits a line of shell into words, with ";" between commands. It fails at all that a shell computes.
func literals(line string) (out []string, ok bool) {
	var word strings.Builder
	var quote rune
	open := false
	end := func() {
		if open {
			out = append(out, word.String())
		}
		word.Reset()
		open = false
	}
	for _, c := range line {
		switch {
		case quote == 0 && strings.ContainsRune("$`\\|&<>(){}~", c), quote == '"' && strings.ContainsRune("$`\\", c):
			return nil, false
		case c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote, open = c, true
		case quote == 0 && (c == ' ' || c == '\t'):
			end()
		case quote == 0 && c == ';':
			end()
			out = append(out, ";")
		case quote == 0 && c == '#' && !open:
			end()
			return out, true
		default:
			word.WriteRune(c)
			open = true
		}
	}
	end()
	return out, quote == 0
}

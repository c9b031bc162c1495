package host

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// maxEnviron is how much of an environment is read; execve(2) allows a few megabytes, people use a few KiB.
const maxEnviron = 1 << 20

// processEnviron is what a process was started with.
func processEnviron(pid int) (map[string]string, error) {
	b, err := readBounded(fmt.Sprintf("/proc/%d/environ", pid))
	if err != nil {
		return nil, mapped(err)
	}
	env := map[string]string{}
	for _, v := range strings.Split(string(b), "\x00") {
		setVar(env, v)
	}
	return env, nil
}

// environmentFile reads systemctl's "/etc/default/x (ignore_errors=yes)".
func environmentFile(line string) (path string, optional bool) {
	path, how, _ := strings.Cut(line, " (")
	return strings.TrimSpace(path), strings.Contains(how, "ignore_errors=yes")
}

// readEnvironmentFiles reads the files that a path with wildcards names, or the one without.
func readEnvironmentFiles(env map[string]string, path string, optional bool) error {
	if !strings.ContainsAny(path, "*?") {
		return readEnvironmentFile(env, path, optional)
	}
	found, err := Disk{}.Glob(path)
	slices.Sort(found)
	for _, f := range found {
		err = errors.Join(err, readEnvironmentFile(env, f, optional))
	}
	return err
}

// readEnvironmentFile reads KEY=value lines as EnvironmentFile= of systemd.exec(5) does: comments with # or ;, quotes,
// a backslash before a line's end.
func readEnvironmentFile(env map[string]string, path string, optional bool) error {
	b, err := readBounded(path)
	if optional && errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return mapped(err)
	}
	for line := range strings.Lines(strings.ReplaceAll(string(b), "\\\n", "")) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' || line[0] == ';' {
			continue
		}
		k, v, ok := strings.Cut(line, "=")
		if !ok {
			continue
		}
		setVar(env, strings.TrimSpace(k)+"="+strings.Join(shellFields(strings.TrimSpace(v)), " "))
	}
	return nil
}

func setVar(env map[string]string, assignment string) {
	if k, v, ok := strings.Cut(assignment, "="); ok && k != "" {
		env[k] = v
	}
}

// shellFields splits at blanks and takes quotes and backslashes away, as systemd writes and reads them.
func shellFields(s string) []string {
	var (
		out   []string
		field strings.Builder
		quote byte
		open  bool
	)
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\\' && quote != '\'' && i+1 < len(s):
			i++
			field.WriteByte(s[i])
			open = true
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote, open = c, true
		case quote == 0 && (c == ' ' || c == '\t' || c == '\n'):
			if open {
				out = append(out, field.String())
			}
			field.Reset()
			open = false
		default:
			field.WriteByte(c)
			open = true
		}
	}
	if open {
		out = append(out, field.String())
	}
	return out
}

// readBounded reads the beginning of a file of the system.
func readBounded(path string) ([]byte, error) {
	f, err := openShared(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxEnviron))
}

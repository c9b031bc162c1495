package host

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"runtime"
	"strings"
)

// spelling is an absolute path taken apart, whatever system it was written for.
type spelling struct {
	windows bool
	volume  string // "C:" or \\server\share; "" on Linux
	parts   []string
}

// parse takes an absolute path apart. "." and ".." are resolved in the text, so that nothing climbs out.
func parse(path string) (spelling, error) {
	var s spelling
	if path == "" || strings.ContainsRune(path, 0) {
		return s, fs.ErrInvalid
	}
	rest := path
	switch {
	case len(path) > 2 && path[1] == ':' && isSlash(path[2]) && isLetter(path[0]):
		s.windows, s.volume, rest = true, strings.ToUpper(path[:2]), path[3:]
	case strings.HasPrefix(path, `\\`):
		f := strings.SplitN(path[2:], `\`, 3)
		// \\.\ and \\?\ name devices, not files.
		if len(f) < 3 || f[0] == "" || f[1] == "" || f[0] == "." || f[0] == "?" {
			return s, fs.ErrInvalid
		}
		s.windows, s.volume, rest = true, `\\`+f[0]+`\`+f[1], f[2]
	case path[0] == '/':
	default:
		return s, errors.New("not an absolute path")
	}
	for _, p := range strings.FieldsFunc(rest, func(r rune) bool { return r == '/' || s.windows && r == '\\' }) {
		switch {
		case p == ".":
		case p == "..":
			s.parts = s.parts[:max(0, len(s.parts)-1)]
		case s.windows && strings.Contains(p, ":"):
			return s, fs.ErrInvalid // an alternate data stream
		default:
			s.parts = append(s.parts, p)
		}
	}
	return s, nil
}

// native is the path for this machine itself.
func (s spelling) native() (string, error) {
	if s.windows != (runtime.GOOS == "windows") {
		return "", errStyle
	}
	return s.String(), nil
}

// nativePath is a path of this machine in its plain form.
func nativePath(path string) (string, error) {
	s, err := parse(path)
	if err != nil {
		return "", err
	}
	return s.native()
}

// String writes the path in its own style.
func (s spelling) String() string {
	if s.windows {
		return s.volume + `\` + strings.Join(s.parts, `\`)
	}
	return "/" + strings.Join(s.parts, "/")
}

// under is the path inside a root folder, with slashes. Windows paths are found in any case.
func (s spelling) under(root *os.Root) string {
	parts := s.parts
	if s.windows {
		v := strings.NewReplacer(":", "", `\`, "/").Replace(s.volume)
		parts = append(strings.FieldsFunc(v, func(r rune) bool { return r == '/' }), parts...)
	}
	if len(parts) == 0 {
		return "."
	}
	exact := strings.Join(parts, "/")
	if _, err := root.Lstat(exact); err == nil || !s.windows {
		return exact
	}
	found := ""
	for i, p := range parts {
		next := found + p
		if _, err := root.Lstat(next); err != nil {
			name, ok := foldName(root, found, p)
			if !ok {
				return found + strings.Join(parts[i:], "/")
			}
			next = found + name
		}
		found = next + "/"
	}
	return strings.TrimSuffix(found, "/")
}

// foldName finds a name in any case in a folder.
func foldName(root *os.Root, dir, name string) (string, bool) {
	f, err := root.Open(dir + ".")
	if err != nil {
		return "", false
	}
	defer f.Close()
	for range maxEntries / 512 {
		part, err := f.Readdirnames(512)
		for _, n := range part {
			if strings.EqualFold(n, name) {
				return n, true
			}
		}
		if err != nil {
			break
		}
	}
	return "", false
}

func isSlash(c byte) bool  { return c == '/' || c == '\\' }
func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func notEOF(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}

package command

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"linecheck/wizard"
)

// remember writes the role into the user's own settings file, so that nobody is asked again. Other lines of the file stay
// as they are; a file that cannot be read as a whole is not touched, and is an error.
func (a *app) remember(role wizard.Role) error {
	files := a.Settings()
	if len(files) == 0 {
		return errors.New("there is no place for settings")
	}
	file := files[len(files)-1]
	if real, err := filepath.EvalSymlinks(file); err == nil {
		file = real
	}
	old, err := readSettings(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	text, err := withSetting(file, string(old), "role", string(role))
	if err != nil || text == string(old) {
		return err
	}
	return replace(file, []byte(text))
}

// withSetting is the text of a settings file with one plain setting changed or added.
func withSetting(file, text, name, value string) (string, error) {
	before, err := parseSettings(file, []byte(text))
	if err != nil {
		return "", err
	}
	out := appended(text, name, value)
	if i := slices.IndexFunc(before, func(s setting) bool { return s.name == name }); i >= 0 {
		if slices.Equal(before[i].values, []string{value}) {
			return text, nil
		}
		out = exchanged(text, name, value)
		before[i].values = []string{value}
	} else {
		before = append(before, setting{name: name, values: []string{value}})
	}
	same := func(a, b setting) int { return cmp.Compare(a.name, b.name) }
	after, err := parseSettings(file, []byte(out))
	slices.SortFunc(before, same)
	slices.SortFunc(after, same)
	if err != nil || !slices.EqualFunc(before, after, func(a, b setting) bool { return a.name == b.name && slices.Equal(a.values, b.values) }) {
		return "", fmt.Errorf("%s is written in a way that only a person can add to; write there %s: %s", file, name, value)
	}
	return out, nil
}

// appended adds a line at the end, with the line ends that the file has.
func appended(text, name, value string) string {
	end := "\n"
	if strings.Contains(text, "\r\n") {
		end = "\r\n"
	}
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += end
	}
	return text + name + ": " + value + end
}

// exchanged writes another value where the old one stands; what follows on its line, a comment, stays. The text stays as it
// is where the value does not stand there as it is read.
func exchanged(text, name, value string) string {
	var doc yaml.Node
	if yaml.Unmarshal([]byte(text), &doc) != nil || len(doc.Content) == 0 {
		return text
	}
	root := doc.Content[0]
	for i := 0; i+1 < len(root.Content); i += 2 {
		at := root.Content[i+1]
		if root.Content[i].Value != name {
			continue
		}
		raw := at.Value
		switch at.Style {
		case yaml.DoubleQuotedStyle:
			raw = `"` + raw + `"`
		case yaml.SingleQuotedStyle:
			raw = "'" + raw + "'"
		}
		lines := strings.SplitAfter(text, "\n")
		if at.Line < 1 || at.Line > len(lines) {
			return text
		}
		line, from := lines[at.Line-1], at.Column-1
		if from < 0 || from > len(line) || !strings.HasPrefix(line[from:], raw) {
			return text
		}
		lines[at.Line-1] = line[:from] + value + line[from+len(raw):]
		return strings.Join(lines, "")
	}
	return text
}

// replace writes a file whole or not at all: who reads it meanwhile finds the old one. It keeps the old one's permissions.
func replace(file string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(file), ".linecheck-*")
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if info, is := os.Stat(file); err == nil && is == nil {
		err = f.Chmod(info.Mode().Perm())
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

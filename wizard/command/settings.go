package command

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"

	"linecheck/assets/lang"
)

// settingsLimit is far above any settings file that a person writes.
const settingsLimit = 64 << 10

// settable are the flags that a settings file may stand in for. What a call writes and where (--format, --output), and what
// asks for a login, is said on the call itself.
var settable = []string{"profile", "var", "checks", "role", "redact", "since", "timeout", "color", "theme", "ascii", "accessible", "lang", "portals"}

// choosing are those of them that choose what is checked, and chosenOn the commands that check this computer. A saved
// report, a scene and a page of explain have their own.
var (
	choosing = []string{"profile", "var", "checks"}
	chosenOn = []string{"linecheck", "run", "watch", "logs", "clean"}
)

// settings reads the settings files for one call: a flag wins over them, and of two files the later one wins. Each is read
// as a whole or is an error that names file, line and remedy; a file that is not there is none.
func (a *app) settings(cmd *cobra.Command, files []string) error {
	given := map[string]bool{}
	cmd.Flags().Visit(func(f *pflag.Flag) { given[f.Name] = true })
	for _, file := range files {
		b, err := readSettings(file)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return saidOf(err, lang.T("command.bad.settings", "why", err))
		}
		list, err := parseSettings(file, b)
		if err != nil {
			return err
		}
		for _, s := range list {
			if given[s.name] || slices.Contains(choosing, s.name) && !slices.Contains(chosenOn, cmd.Name()) {
				continue
			}
			if err := s.apply(cmd.Flags().Lookup(s.name)); err != nil {
				return err
			}
		}
	}
	return nil
}

func readSettings(file string) ([]byte, error) {
	switch info, err := os.Stat(file); { // a pipe would keep everybody waiting at its opening
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New(lang.T("command.bad.settings_file", "file", file))
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, settingsLimit+1))
	if err == nil && len(b) > settingsLimit {
		err = errors.New(lang.T("command.bad.settings_large", "file", file, "n", settingsLimit>>10))
	}
	return b, err
}

// setting is one key of a settings file.
type setting struct {
	at     string // file:line
	name   string
	values []string
}

// parseSettings reads a settings file strictly: one mapping of flags' names to what the flags take.
func parseSettings(file string, b []byte) ([]setting, error) {
	d := yaml.NewDecoder(bytes.NewReader(b))
	var doc yaml.Node
	if err := d.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, saidOf(err, lang.T("command.bad.settings_yaml", "file", file, "why", err))
	}
	if err := d.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, errors.New(lang.T("command.bad.settings_two", "file", file))
	}
	root := doc.Content[0]
	if root.Kind != yaml.MappingNode {
		return nil, errors.New(lang.T("command.bad.settings_form", "at", fmt.Sprintf("%s:%d", file, root.Line)))
	}
	var out []setting
	for i := 0; i < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		s := setting{at: fmt.Sprintf("%s:%d", file, key.Line), name: key.Value}
		switch {
		case !slices.Contains(settable, s.name):
			return nil, errors.New(lang.T("command.bad.settings_key", "at", s.at, "name", s.name, "list", strings.Join(settable, ", ")))
		case slices.ContainsFunc(out, func(o setting) bool { return o.name == s.name }):
			return nil, errors.New(lang.T("command.bad.settings_twice", "at", s.at, "name", s.name))
		}
		if s.values = settingValues(s.name, value); s.values == nil {
			return nil, errors.New(lang.T("command.bad.settings_takes", "at", s.at, "name", s.name, "what", form(s.name)))
		}
		out = append(out, s)
	}
	return out, nil
}

// settingValues are the values as a flag takes them; nil where they are of another kind.
func settingValues(name string, n *yaml.Node) []string {
	plain := func(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag != "!!null" }
	var out []string
	switch {
	case plain(n) && name != "var":
		out = []string{n.Value}
	case n.Kind == yaml.SequenceNode && (name == "profile" || name == "checks"):
		for _, v := range n.Content {
			if !plain(v) {
				return nil
			}
			out = append(out, v.Value)
		}
	case n.Kind == yaml.MappingNode && name == "var":
		for i := 0; i < len(n.Content); i += 2 {
			if !plain(n.Content[i]) || !plain(n.Content[i+1]) {
				return nil
			}
			out = append(out, n.Content[i].Value+"="+n.Content[i+1].Value)
		}
	}
	return out
}

// form says what a setting takes.
func form(name string) string {
	switch name {
	case "var":
		return lang.T("command.bad.settings_var")
	case "profile", "checks":
		return lang.T("command.bad.settings_list")
	}
	return lang.T("command.bad.settings_one")
}

// apply gives the flag the file's values. A file that comes later replaces what an earlier one said.
func (s setting) apply(f *pflag.Flag) error {
	if words := flagWords[s.name]; words != nil && !slices.Contains(words, s.values[0]) {
		return errors.New(lang.T("command.bad.settings_word", "at", s.at, "name", s.name, "word", s.values[0], "list", strings.Join(words, ", ")))
	}
	if list, ok := f.Value.(pflag.SliceValue); ok {
		return list.Replace(s.values)
	}
	if err := f.Value.Set(s.values[0]); err != nil {
		return errors.New(lang.T("command.bad.settings_value", "at", s.at, "name", s.name, "word", s.values[0], "example", f.DefValue))
	}
	return nil
}

package command

import (
	"os"
	"path/filepath"
	"testing"

	"linecheck/wizard"
)

func TestARoleIsRememberedAndTheRestOfTheFileStays(t *testing.T) {
	for name, c := range map[string]struct{ before, after string }{
		"the first setting of all is lost":            {"", "role: guided\n"},
		"a comment at the top goes away":              {"# ours\n", "# ours\nrole: guided\n"},
		"other settings go away":                      {"color: none # black on white\n", "color: none # black on white\nrole: guided\n"},
		"a file without an end of line is broken":     {"ascii: true", "ascii: true\nrole: guided\n"},
		"Windows ends of lines are mixed":             {"ascii: true\r\n", "ascii: true\r\nrole: guided\r\n"},
		"the comment behind the role goes away":       {"role: self # me\nsince: 1h\n", "role: guided # me\nsince: 1h\n"},
		"a value in quotes is not found":              {"role: \"self\"\n", "role: guided\n"},
		"the same role writes the file anew":          {"role:   guided\n", "role:   guided\n"},
		"the role inside another value is exchanged":  {"profile: self\nrole: self\n", "profile: self\nrole: guided\n"},
		"a list above the role is in the way":         {"checks:\n  - proxy\nrole: helpdesk\n", "checks:\n  - proxy\nrole: guided\n"},
		"a mapping on one line loses its other parts": {"{role: self, ascii: true}\n", "{role: guided, ascii: true}\n"},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "new", "linecheck.yaml")
			if c.before != "" {
				if err := replace(file, []byte(c.before)); err != nil {
					t.Fatal(err)
				}
			}
			a := &app{Program: Program{Settings: func() []string { return []string{"beside the program", file} }}}
			if err := a.remember(wizard.Guided); err != nil {
				t.Fatal(err)
			}
			if b, _ := os.ReadFile(file); string(b) != c.after {
				t.Errorf("it is now\n%s\nwant\n%s", b, c.after)
			}
			if left, _ := os.ReadDir(filepath.Dir(file)); len(left) != 1 {
				t.Errorf("%d files are there", len(left))
			}
		})
	}
}

func TestASettingsFileThatCannotBeAddedToStaysAsItIs(t *testing.T) {
	for name, text := range map[string]string{
		"a mapping on one line is added to":    "{ascii: true}\n",
		"a second document is begun":           "ascii: true\n...\n",
		"what is no settings file is written":  "just words\n",
		"a setting that nobody knows is kept":  "rolle: self\n",
		"a role on a line of its own is split": "role:\n  self\n# end\nrole: self\n",
	} {
		file := filepath.Join(t.TempDir(), "linecheck.yaml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		a := &app{Program: Program{Settings: func() []string { return []string{file} }}}
		if err := a.remember(wizard.Guided); err == nil {
			t.Errorf("%s: no error", name)
		}
		if b, _ := os.ReadFile(file); string(b) != text {
			t.Errorf("%s: it is now %q", name, b)
		}
	}
}

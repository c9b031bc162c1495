package command_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"linecheck/checks/host"
	"linecheck/wizard/command"
)

// settled runs a command with settings files of these contents, the one that counts most last.
func settled(t *testing.T, files []string, args ...string) (code int, out, errs string) {
	t.Helper()
	var paths []string
	for _, text := range files {
		path := filepath.Join(t.TempDir(), "linecheck.yaml")
		if text != "" {
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		paths = append(paths, path)
	}
	var o, e strings.Builder
	p := command.Program{Version: "test", Machine: host.Local, Hands: host.LocalHands, Settings: func() []string { return paths }}
	code = p.Run(t.Context(), args, strings.NewReader(""), &o, &e)
	return code, o.String(), e.String()
}

func TestASettingsFileStandsInForFlags(t *testing.T) {
	scene := []string{"lab", "--run", "proxy.refused", "--format", "json"}
	for name, tt := range map[string]struct {
		files []string
		args  []string
		want  string
	}{
		"a role":                            {[]string{"role: guided\n"}, scene, `"role": "guided"`},
		"a flag wins":                       {[]string{"role: guided\n"}, append([]string{"--role", "self"}, scene...), `"role": "self"`},
		"the user's own wins":               {[]string{"role: guided\n", "role: self\n"}, scene, `"role": "self"`},
		"a file that is not there is none":  {[]string{"", ""}, scene, `"role": "helpdesk"`},
		"an empty file is none":             {[]string{"# nothing yet\n"}, scene, `"role": "helpdesk"`},
		"redaction":                         {[]string{"redact: strict\n"}, scene, `"level": "strict"`},
		"a scene has its own profiles":      {[]string{"profile: deepsecurity\n"}, scene, `"name": "withsecure"`},
		"another product for this computer": {[]string{"profile: [deepsecurity]\nchecks: [product]\n"}, []string{"run", "--format", "json"}, `"name": "deepsecurity"`},
		"a variable of the product":         {[]string{"profile: deepsecurity\nvar:\n  sps: sps.corp.example\nchecks: product\n"}, []string{"run", "--format", "json"}, `"sps": "sps.corp.example"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // most of it is waiting
			if _, out, errs := settled(t, tt.files, tt.args...); !strings.Contains(out, tt.want) {
				t.Errorf("no %s in\n%s\n%s", tt.want, out, errs)
			}
		})
	}
}

func TestABadSettingsFileIsOneClearSentence(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"a key that nobody knows":          {"role: self\nrolle: self\n", `linecheck.yaml:2: "rolle" is no setting; there are profile`},
		"a word that the flag has not":     {"role: boss\n", `linecheck.yaml:1: role is "boss"; it takes helpdesk, guided, self`},
		"redaction that nobody knows":      {"redact: none\n", `linecheck.yaml:1: redact is "none"; it takes off`},
		"no duration":                      {"\nsince: yesterday\n", `linecheck.yaml:2: since is "yesterday"; it takes what --since takes, such as 24h`},
		"a list where one value is wanted": {"role: [self]\n", "linecheck.yaml:1: role takes one value"},
		"variables in a row":               {"var: sps=x\n", "linecheck.yaml:1: var takes names with values"},
		"the same twice":                   {"role: self\nrole: guided\n", "twice"},
		"no mapping":                       {"- role\n", `linecheck.yaml:1: a settings file has lines such as "role: guided"`},
		"no YAML":                          {"role: {\n", "line"},
		"two documents":                    {"role: self\n---\nrole: self\n", "more than one document"},
		"where the result goes":            {"output: /etc/passwd\n", `"output" is no setting`},
		"more than a person writes":        {strings.Repeat("# much\n", 10_000), "larger than 64 KB"},
		"an escape code for the screen":    {"\"ro\\x1b[31mle\": x\n", "is no setting"},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errs := settled(t, []string{tt.text}, "lab", "--list")
			if code != 2 || out != "" || !strings.Contains(errs, tt.want) || strings.Contains(errs, "\x1b") {
				t.Errorf("exit code %d, %q, said %q, want %q", code, out, errs, tt.want)
			}
		})
	}
}

func TestASettingsFileThatIsAFolderIsAnError(t *testing.T) {
	var o, e strings.Builder
	p := command.Program{Version: "test", Machine: host.Local, Hands: host.LocalHands, Settings: func() []string { return []string{t.TempDir()} }}
	if code := p.Run(t.Context(), []string{"version"}, strings.NewReader(""), &o, &e); code != 2 || !strings.Contains(e.String(), "settings file") {
		t.Errorf("exit code %d, said %q", code, e.String())
	}
}

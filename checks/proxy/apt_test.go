package proxy

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var aptFiles = map[string]struct{ file, http, https string }{
	"a value":                               {`Acquire::http::Proxy "http://gw:3128";`, "http://gw:3128", ""},
	"names in any case":                     {`acquire::HTTP::proxy "http://gw:3128";`, "http://gw:3128", ""},
	"scopes":                                {"Acquire {\n  http {\n    Proxy \"http://gw:1\";\n  };\n  https::Proxy \"http://gw:2\";\n};\n", "http://gw:1", "http://gw:2"},
	"scopes without a semicolon behind":     {"Acquire::http { Proxy \"http://gw:1\"; } Acquire::https { Proxy \"http://gw:2\"; }", "http://gw:1", "http://gw:2"},
	"no semicolon before the bracket":       {`Acquire::http { Proxy "http://gw:1" };`, "http://gw:1", ""},
	"brackets on lines of their own":        {"Acquire\n{\n  http\n  {\n    Proxy \"http://gw:1\";\n  }\n}\n", "http://gw:1", ""},
	"the last value counts":                 {"Acquire::http::Proxy \"http://a:1\";\nAcquire::http::Proxy \"http://b:2\";\n", "http://b:2", ""},
	"comments":                              {"// Acquire::http::Proxy \"http://a:1\";\n# Acquire::http::Proxy \"http://b:1\";\n/* Acquire::http::Proxy \"http://c:1\"; \n */\n", "", ""},
	"a comment before a value":              {"/* mine */Acquire::http::Proxy /* \n\n */ \"http://a:1\";", "http://a:1", ""},
	"a comment behind a value":              {"Acquire::http::Proxy \"http://a:1\"; // http://b\n", "http://a:1", ""},
	"another comment behind a value":        {"Acquire::http::Proxy \"http://a:1\"; # mine\n", "http://a:1", ""},
	"no comment within quotes":              {`Acquire::http::Proxy "http://u:p#w@a:1";`, "http://u:p#w@a:1", ""},
	"a value on the next line":              {"Acquire::http::Proxy\n  \"http://a:1\";\n", "http://a:1", ""},
	"what is cleared is gone":               {"Acquire::http::Proxy \"http://a:1\"; #clear Acquire::http::Proxy;", "", ""},
	"the word DIRECT":                       {`Acquire::http::Proxy "DIRECT";`, "DIRECT", ""},
	"a host of its own is not for all":      {`Acquire::http::Proxy::deb.example "DIRECT";`, "", ""},
	"two commands on a line":                {`Acquire::http::Proxy "http://a:1"; Acquire::https::Proxy "DIRECT";`, "http://a:1", "DIRECT"},
	"a list is no value":                    {`Acquire::http::Proxy { "http://a:1"; "http://b:1"; };`, "", ""},
	"an empty value":                        {`Acquire::http::Proxy "";`, "", ""},
	"an address without quotes is no value": {"Acquire::http::Proxy http://a:1;\n", "", ""},
	"quotes that do not end":                {"Acquire::http::Proxy \"http://a:1", "", ""},
	"another setting":                       {`Acquire::http::Timeout "10"; Foo::Proxy "http://a:1";`, "", ""},
	"an empty file":                         {"", "", ""},
}

func general(file, scheme string) string {
	value := ""
	for _, v := range parseAPT(file) {
		if s, host := aptProxy(v.name); s == scheme && host == "" {
			value = v.value
		}
	}
	return value
}

func TestAptsFilesAreReadAsAptReadsThem(t *testing.T) {
	apt, err := exec.LookPath("apt-config")
	for name, c := range aptFiles {
		t.Run(name, func(t *testing.T) {
			if got, gots := general(c.file, "http"), general(c.file, "https"); got != c.http || gots != c.https {
				t.Errorf("read %q and %q, want %q and %q", got, gots, c.http, c.https)
			}
			if apt == "" || err != nil {
				return
			}
			for scheme, want := range map[string]string{"http": c.http, "https": c.https} {
				file := filepath.Join(t.TempDir(), "apt.conf")
				if err := os.WriteFile(file, []byte(c.file), 0o600); err != nil {
					t.Fatal(err)
				}
				cmd := exec.CommandContext(t.Context(), apt, "shell", "V", "Acquire::"+scheme+"::Proxy")
				cmd.Env = []string{"APT_CONFIG=" + file, "PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}
				out, err := cmd.Output()
				got := strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(string(out)), "V='"), "'")
				if err == nil && got != want {
					t.Errorf("apt itself reads %q for %s, not %q", got, scheme, want)
				}
			}
		})
	}
}

func TestAptsProxyIsAComparison(t *testing.T) {
	cases := map[string]struct {
		files map[string]string
		want  string // the finding in a line, the exceptions, the detail
	}{
		"for http and so for https": {map[string]string{"/etc/apt/apt.conf.d/90proxy": `Acquire::http::Proxy "http://gw.corp.example:8080/";`},
			"proxy.source pass http://gw.corp.example:8080 manual used=no | "},
		"https has its own": {map[string]string{"/etc/apt/apt.conf": `Acquire::http::Proxy "http://gw.corp.example:8080"; Acquire::https::Proxy "DIRECT";`},
			"proxy.source note none manual used=no | "},
		"apt.conf counts more than its folder": {map[string]string{"/etc/apt/apt.conf.d/99x": `Acquire::http::Proxy "http://old.corp.example:1";`,
			"/etc/apt/apt.conf": `Acquire::http::Proxy "http://gw.corp.example:8080";`}, "proxy.source pass http://gw.corp.example:8080 manual used=no | "},
		"a later file counts more": {map[string]string{"/etc/apt/apt.conf.d/10x": `Acquire::http::Proxy "http://old.corp.example:1";`,
			"/etc/apt/apt.conf.d/20x.conf": `Acquire::http::Proxy "http://gw.corp.example:8080";`}, "proxy.source pass http://gw.corp.example:8080 manual used=no | "},
		"a file that apt leaves out": {map[string]string{"/etc/apt/apt.conf.d/10x.bak": `Acquire::http::Proxy "http://gw.corp.example:8080";`,
			"/etc/apt/apt.conf": ""}, "proxy.source note none direct used=no | "},
		"hosts that go directly": {map[string]string{"/etc/apt/apt.conf": `Acquire::http { Proxy "http://gw.corp.example:8080"; Proxy::deb.corp.example "DIRECT"; };`},
			"proxy.source pass http://gw.corp.example:8080 manual used=no | deb.corp.example"},
		"no scheme is no proxy for apt": {map[string]string{"/etc/apt/apt.conf": `Acquire::http::Proxy "gw.corp.example:8080";`},
			"proxy.source unknown gw.corp.example:8080 manual used=no | "},
		"a kind that apt does not know": {map[string]string{"/etc/apt/apt.conf": `Acquire::http::Proxy "socks4://gw.corp.example:8080";`},
			"proxy.source unknown socks4://gw.corp.example:8080 manual used=no | "},
		"a word such as false is direct": {map[string]string{"/etc/apt/apt.conf": `Acquire::http::Proxy "false";`}, "proxy.source note none direct used=no | "},
		"a program that is asked": {map[string]string{"/etc/apt/apt.conf": `Acquire::http::Proxy-Auto-Detect "/usr/bin/auto";`},
			"proxy.source note none direct used=no | "},
		"no apt here": {nil, " | "},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := withFiles(t, c.files)
			got, bypass := "", ""
			for _, f := range of(w.run(), aptSource+"/"+packages) {
				got, bypass = got+line(f), f.Arg("bypass")
				if len(f.Evidence) == 0 || f.Arg("identity") != "" && f.Arg("identity") != packages {
					t.Errorf("%+v", f)
				}
			}
			if got+" | "+bypass != c.want {
				t.Errorf("got %q, want %q", got+" | "+bypass, c.want)
			}
		})
	}
}

func FuzzAPT(f *testing.F) {
	for _, c := range aptFiles {
		f.Add(c.file, "http://gw:1")
	}
	f.Add(`"" "a value of nothing"; }`, "0")
	f.Fuzz(func(t *testing.T, text, value string) {
		for _, v := range parseAPT(text) {
			if v.line < 1 || v.line > strings.Count(text, "\n")+1 || v.name == "" {
				t.Errorf("%q stands in line %d", v.name, v.line)
			}
			for _, part := range strings.Split(v.value, " ") {
				if !strings.Contains(text, part) {
					t.Errorf("the value %q does not stand in the file", v.value)
				}
			}
		}
		s := source{}.fromAPT(parseAPT(text))
		if (len(s.entries) > 0 || s.bad != nil) != s.set() {
			t.Errorf("%q chooses %v with %d proxies, %v", text, s.Modes, len(s.entries), s.bad)
		}
		// What is written the documented way is read back, whatever stands before it in whole lines of comments.
		if strings.ContainsAny(value, "\"\n\r\\") || value == "" || strings.ContainsAny(text, "\n*") {
			return
		}
		file := fmt.Sprintf("// %s\n# x%s\nAcquire { http { Proxy %q; }; };\n", text, text, "z")
		file = strings.Replace(file, `"z";`, `"`+value+`";`, 1)
		if got := general(file, "http"); got != value {
			t.Errorf("%q gave %q, want %q", file, got, value)
		}
	})
}

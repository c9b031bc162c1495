package host

import (
	"strings"
	"testing"
)

func TestScriptText(t *testing.T) {
	for name, c := range map[string]struct{ b, want string }{
		"plain":                             {"var a = 1", "var a = 1"},
		"UTF-8":                             {"// grün", "// grün"},
		"UTF-8 with its mark":               {"\xef\xbb\xbf// grün", "// grün"},
		"UTF-16, little end first":          {"\xff\xfea\x00\xfc\x00", "aü"},
		"UTF-16, big end first":             {"\xfe\xff\x00a\x00\xfc", "aü"},
		"UTF-16 that ends in half a letter": {"\xff\xfea\x00\xfc", "a"},
		"UTF-16 without a mark":             {"a\x00b\x00", "ab"},
		"UTF-16, big, without a mark":       {"\x00a\x00b", "ab"},
		"Latin-1":                           {"// gr\xfcn", "// grün"},
		"nothing":                           {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := ScriptText([]byte(c.b)); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestScriptAddress(t *testing.T) {
	for s, want := range map[string]string{
		"https://a.example/path?query=1#x": "https://a.example/ a.example",
		"https://A.Example":                "https://a.example/ a.example",
		"https://a.example:443/x":          "https://a.example/ a.example",
		"https://a.example:8443/x":         "https://a.example:8443/ a.example",
		"http://a.example/Path?Query=1#x":  "http://a.example/Path?Query=1 a.example",
		"http://a.example:80":              "http://a.example/ a.example",
		"HTTP://a.example:443/%41":         "http://a.example:443/%41 a.example",
		"http://user:secret@a.example/":    "http://a.example/ a.example",
		"https://[2001:DB8::1]:8443/x":     "https://[2001:db8::1]:8443/ 2001:db8::1",
		"wss://a.example/x":                "wss://a.example/ a.example",
		"https://GRÜN.example/":            "https://grÜn.example/ grÜn.example",
	} {
		t.Run(s, func(t *testing.T) {
			address, name, err := scriptAddress(s)
			if got := address + " " + name; err != nil || got != want {
				t.Errorf("%s, %v; want %s", got, err, want)
			}
		})
	}
	for _, s := range []string{"", "a.example", "a.example:443", "https://", "https://:443/", "/path", "http://a b/", "http://a:x/"} {
		if address, name, err := scriptAddress(s); err == nil {
			t.Errorf("%q is %q, %q", s, address, name)
		}
	}
	if _, _, err := scriptAddress("http://" + strings.Repeat("%", 5000)); err == nil || len(err.Error()) > 300 {
		t.Errorf("%v", err)
	}
}

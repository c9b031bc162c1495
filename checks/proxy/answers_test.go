package proxy

import (
	"net/url"
	"strings"
	"testing"
)

func TestWhatAScriptAnswersIsReadAsBrowsersReadIt(t *testing.T) {
	for name, c := range map[string]struct{ answer, ways, skipped string }{
		"a list in its order":                        {"PROXY a:1; SOCKS5 b:2; HTTPS c; DIRECT", "http://a:1, then socks5://b:2, then https://c:443, then direct", ""},
		"a proxy without a port has its usual one":   {"PROXY a; SOCKS b", "http://a:80, then socks4://b:1080", ""},
		"words in any case, with odd blanks":         {"  proxy\ta:1 ;\n direct ;;", "http://a:1, then direct", ""},
		"the same proxy twice is tried once":         {"PROXY a:1; PROXY A:1; DIRECT; DIRECT", "http://a:1, then direct", ""},
		"an unknown word is passed over":             {"QUIC q:1; PROXY a:1", "http://a:1", "QUIC q:1"},
		"a port that is none is passed over":         {"PROXY a:99999; PROXY b:2", "http://b:2", "PROXY a:99999"},
		"a proxy without its word is passed over":    {"a:1; PROXY b:2", "http://b:2", "a:1"},
		"two names behind one word are passed over":  {"PROXY a:1 b:2", "direct", "PROXY a:1 b:2"},
		"an answer with nothing usable is direct":    {"FOO", "direct", "FOO"},
		"an empty answer is direct":                  {"", "direct", ""},
		"the word DIRECT inside a name is no way":    {"DIRECTLY", "direct", "DIRECTLY"},
		"an address of IPv6":                         {"PROXY [2001:db8::1]:3128", "http://[2001:db8::1]:3128", ""},
		"a login in an answer is passed over hidden": {"PROXY u:secret@a:1", "direct", "***@a:1"},
		"more than sixteen are cut off":              {strings.Repeat("PROXY x:1;", 3) + many(20), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			ways, skipped := parseAnswer(c.answer)
			if c.ways == "" {
				if len(ways) != mostEntries {
					t.Errorf("%d ways", len(ways))
				}
				return
			}
			if got := written(ways); got != c.ways {
				t.Errorf("got %q, want %q", got, c.ways)
			}
			if got := strings.Join(skipped, "|"); strings.TrimSpace(got) != c.skipped {
				t.Errorf("passed over %q, want %q", got, c.skipped)
			}
		})
	}
}

func many(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("PROXY p" + strings.Repeat("x", i) + ":8080; ")
	}
	return b.String()
}

func FuzzPACResult(f *testing.F) {
	for _, s := range []string{"PROXY a:1; SOCKS5 b:2; HTTPS c; DIRECT", "", ";;;", "PROXY [::1]:80", "PROXY u:p@a:1", "proxy\ta:1;\x00", many(30)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		ways, skipped := parseAnswer(s)
		if len(ways) == 0 || len(ways) > mostEntries || len(skipped) > mostEntries {
			t.Fatalf("%d ways, %d passed over", len(ways), len(skipped))
		}
		seen := map[string]bool{}
		for _, u := range ways {
			if seen[key(u)] {
				t.Fatalf("%s twice", shown(u))
			}
			if seen[key(u)] = true; u == nil {
				continue
			}
			if u.User != nil || u.Hostname() == "" || u.Port() == "" {
				t.Fatalf("%q is no proxy", u)
			}
			if _, err := url.Parse(u.String()); err != nil {
				t.Fatalf("%q cannot be read again: %v", u, err)
			}
		}
		for _, s := range skipped {
			if clean(s, 400) != s {
				t.Fatalf("%q is not fit to be shown", s)
			}
		}
		// What was read is read the same when it is written as an answer again.
		var again []string
		for _, u := range ways {
			word := "DIRECT"
			if u != nil {
				word = map[string]string{"http": "PROXY", "https": "HTTPS", "socks4": "SOCKS", "socks5": "SOCKS5"}[u.Scheme] + " " + u.Host
			}
			again = append(again, word)
		}
		second, rest := parseAnswer(strings.Join(again, ";"))
		if written(second) != written(ways) || len(rest) != 0 {
			t.Fatalf("%q became %q, %q left", written(ways), written(second), rest)
		}
	})
}

package assets

import (
	"slices"
	"strings"
	"testing"
)

func refs(codes []Code) string {
	var out []string
	for _, c := range codes {
		out = append(out, c.Ref())
	}
	return strings.Join(out, " ")
}

func TestExplain(t *testing.T) {
	for title, c := range map[string]struct{ query, want string }{
		"a table and a number":                         {"curl:28", "curl:28"},
		"a table and a number with a blank":            {"fserr 111", "fserr:111"},
		"a hexadecimal number":                         {"icrc:0x20000007", "icrc:536870919"},
		"the same number in decimal":                   {"icrc:536870919", "icrc:536870919"},
		"a socket error":                               {"winsock:10060", "winsock:10060"},
		"a wait result":                                {"windows:0x102", "windows:258"},
		"a wait result taken for a socket's error":     {"winsock:258", "windows:258"},
		"a socket's error taken for one of Windows":    {"windows 10060", "winsock:10060"},
		"access denied wrapped in an HRESULT":          {"0x80070005", "windows:5"},
		"access denied as a negative HRESULT":          {"-2147024891", "windows:5"},
		"an encryption error in hexadecimal":           {"0x80090325", "sspi:2148074277"},
		"an encryption error as a negative number":     {"-2146893019", "sspi:2148074277"},
		"an encryption error by the end of its name":   {"untrusted_root", "sspi:2148074277"},
		"a detail of a proxy's talk":                   {"curlpx:23", "curlpx:23"},
		"a detail is met by its table alone":           {"33", "curl:33 windows:33"},
		"a small number that two tables have":          {"5", "curl:5 windows:5"},
		"libcurl's longer text":                        {"Operation timed out after 1006 milliseconds with 0 bytes received", "curl:28"},
		"the beginning of libcurl's longer text":       {"Proxy CONNECT", "curl:56 curl:28"},
		"a longer text with a colon in it":             {"schannel: next InitializeSecurityContext failed: SEC_E_UNTRUSTED_ROOT", "curl:35"},
		"a longer text behind its table":               {"curl: Recv failure: Connection was reset", "curl:56"},
		"an event's title":                             {"smart protection server disconnected for web reputation", "event:932 event:9300"},
		"an old name of a number":                      {"CURLE_SSL_CACERT", "curl:60"},
		"a socket error wrapped in an HRESULT":         {"winsock:0x8007274C", "winsock:10060"},
		"a WinHTTP number":                             {"winhttp:12029", "winhttp:12029"},
		"a WinHTTP number wrapped in an HRESULT":       {"winhttp:0x80072EFD", "winhttp:12029"},
		"an HRESULT without its table":                 {"0x80072EFD", "winhttp:12029"},
		"an HRESULT as a negative number":              {"-2147012867", "winhttp:12029"},
		"an event":                                     {"event:9012", "event:9012"},
		"a bare number is looked up in every table":    {"101", "curl:101 fserr:101"},
		"a bare number with blanks around it":          {" 28 ", "curl:28"},
		"a name":                                       {"ICRC_HTTP_ERROR", "icrc:536870919"},
		"a name in lower case":                         {"curle_couldnt_resolve_proxy", "curl:5"},
		"a name without its prefix":                    {"couldnt_resolve_host", "curl:6"},
		"a socket name without WSA":                    {"ETIMEDOUT", "winsock:10060"},
		"a table and a name":                           {"winhttp:TIMEOUT", "winhttp:12002"},
		"the older of two names":                       {"curl_e", ""},
		"a library's text":                             {"Timeout was reached", "curl:28"},
		"a library's text of before 2024":              {"couldn't resolve host name", "curl:6"},
		"the wording of Trend's documents":             {"Couldn't resolve hostname", "curl:6"},
		"a table in capitals":                          {"WinHTTP:12175", "winhttp:12175"},
		"a number that no table has":                   {"424242", ""},
		"a number that is no number of that table":     {"fserr:28", ""},
		"an unknown table":                             {"crul:28", ""},
		"nothing":                                      {"", ""},
		"only a table":                                 {"curl:", ""},
		"a number too large for any table":             {"curl:99999999999999999999", ""},
		"the end of a name that is not after its line": {"_ERROR_HTTP", ""},
	} {
		t.Run(title, func(t *testing.T) {
			if got := refs(Explain(c.query)); got != c.want {
				t.Errorf("Explain(%q) = %q, want %q", c.query, got, c.want)
			}
		})
	}
}

func TestNearest(t *testing.T) {
	for title, c := range map[string]struct{ query, want string }{
		"a mistyped table keeps its number":   {"crul:28", "curl:28"},
		"a mistyped name":                     {"ICRC_HTP_ERROR", "icrc:536870919"},
		"a neighbour in the same table":       {"winsock:10062", "winsock:10061"},
		"the number of another table":         {"fserr:28", "curl:28"},
		"nothing like it":                     {"bananas and more bananas", ""},
		"a part of a text":                    {"suppressed", ""},
		"a part of a name finds the code":     {"PINNEDPUBKEY", "curl:90"},
		"a very long query is not looked for": {strings.Repeat("x", 5000), ""},
	} {
		t.Run(title, func(t *testing.T) {
			got := Nearest(c.query)
			if c.want == "" {
				if len(got) != 0 {
					t.Errorf("Nearest(%q) = %s, want none", c.query, refs(got))
				}
				return
			}
			if len(got) == 0 || got[0].Ref() != c.want || len(got) > 5 {
				t.Errorf("Nearest(%q) = %s, want %s first and at most five", c.query, refs(got), c.want)
			}
		})
	}
}

func TestCodeTables(t *testing.T) {
	var names []string
	for _, table := range Codes() {
		names = append(names, table.Name)
		if table.Title == "" || len(table.Codes) == 0 {
			t.Errorf("%s has no title or no codes", table.Name)
		}
		for _, c := range table.Codes {
			if got, ok := FindCode(table.Name, c.Number); !ok || got.Ref() != c.Ref() {
				t.Errorf("%s is not found by its own number", c.Ref())
			}
			if (c.Hop == "") != (c.Do == "") {
				t.Errorf("%s: a fault needs something to do, and only a fault has a hop (hop %q, do %q)", c.Ref(), c.Hop, c.Do)
			}
			if c.Do != "" && !remedyForm.MatchString(c.Do) {
				t.Errorf("%s: what to do is one sentence that names who: %q", c.Ref(), c.Do)
			}
			if !strings.HasSuffix(c.Meaning, ".") || c.Do != "" && !strings.HasSuffix(c.Do, ".") {
				t.Errorf("%s: meaning and advice are sentences", c.Ref())
			}
			if c.Name != "" && !slices.ContainsFunc(Explain(c.Name), func(x Code) bool { return x.Ref() == c.Ref() }) {
				t.Errorf("%s is not found by its name %s", c.Ref(), c.Name)
			}
		}
	}
	if want := []string{"curl", "fserr", "icrc", "winsock", "windows", "winhttp", "sspi", "event", "curlpx", "winevent"}; !slices.Equal(names, want) {
		t.Errorf("tables %v, want %v", names, want)
	}
}

// The article says no more of 101 and 218 than that they are network failures, so no table may.
func TestVendorNumbersThatNobodyExplains(t *testing.T) {
	for _, n := range []string{"101", "218"} {
		c, _ := FindCode("fserr", n)
		if !strings.Contains(c.Meaning, "says no more") || c.Hop != "any" {
			t.Errorf("fserr %s claims to know more than the article: %q at hop %q", n, c.Meaning, c.Hop)
		}
	}
}

func TestCodesAreReadStrictly(t *testing.T) {
	for title, text := range map[string]string{
		"a key that nobody reads": "title: x\ncodes:\n- {number: 1, name: A, meaning: m, mark: source, hint: h}",
		"a number twice":          "codes:\n- {number: 1, name: A, meaning: m, mark: source}\n- {number: 1, name: B, meaning: m, mark: source}",
		"a hexadecimal number":    "codes:\n- {number: 0x10, name: A, meaning: m, mark: source}",
		"no meaning":              "codes:\n- {number: 1, name: A, mark: source}",
		"no mark":                 "codes:\n- {number: 1, name: A, meaning: m}",
		"a hop that is none":      "codes:\n- {number: 1, name: A, meaning: m, mark: source, hop: firewall}",
	} {
		t.Run(title, func(t *testing.T) {
			if _, err := parseCodes("x", []byte(text)); err == nil {
				t.Error("was accepted")
			}
		})
	}
}

// The number of a wait that ran out is no socket's error, however it is met; and a silent connection through a proxy is
// the proxy's silence.
func TestNumbersThatAreEasilyTakenForOthers(t *testing.T) {
	if _, ok := FindCode("winsock", "258"); ok {
		t.Error("258 is in the table of socket errors")
	}
	for ref, words := range map[string][]string{
		"windows:258":   {"wait result", "no socket error"},
		"winsock:10060": {"proxy"}, "winsock:10061": {"proxy"}, "curl:7": {"proxy"},
	} {
		table, number, _ := strings.Cut(ref, ":")
		c, ok := FindCode(table, number)
		for _, w := range words {
			if !ok || !strings.Contains(c.Meaning, w) {
				t.Errorf("%s says nothing of %q: %s", ref, w, c.Meaning)
			}
		}
	}
	for ref, word := range map[string]string{"curl:51": "7.62.0", "curl:60": "7.62.0", "curl:56": "8.20.0", "curl:7": "8.20.0", "curl:28": "7.87", "curl:5": "8.9.0", "curl:6": "8.9.0"} {
		table, number, _ := strings.Cut(ref, ":")
		if c, _ := FindCode(table, number); !strings.Contains(c.Note, word) {
			t.Errorf("%s says nothing of %s: %q", ref, word, c.Note)
		}
	}
}

// Every number of libcurl from 0 to its last is there, and so is the text that each has now.
func TestCurlTableHasNoGap(t *testing.T) {
	for _, c := range Codes() {
		if c.Name != "curl" && c.Name != "curlpx" {
			continue
		}
		if want := map[string]int{"curl": 102, "curlpx": 34}[c.Name]; len(c.Codes) != want || c.Codes[want-1].value() != uint64(want-1) {
			t.Errorf("%s has %d numbers, want %d", c.Name, len(c.Codes), want)
		}
	}
}

func TestPhrasesAreFoundByTheirOwnText(t *testing.T) {
	seen := 0
	for _, table := range Codes() {
		for _, p := range table.Phrases {
			seen++
			line := strings.NewReplacer("<name>", "x.example", "<host>", "x.example", "<n>", "443", "<status>", "407", "<text>", "anything",
				"<SEC_E…>", "SEC_E_X", " N ", " 12 ", "(N)", "(5)", " X ", " 7 ", " host name", " host name").Replace(p.Text)
			if got := Explain(line); len(got) != 1 || got[0].Text != p.Text {
				t.Errorf("%q finds %v", line, refs(got))
			}
			if !remedyForm.MatchString(p.Do) || !p.Phrase() || p.Name == "" {
				t.Errorf("%q: do %q", p.Text, p.Do)
			}
		}
	}
	if seen < 20 {
		t.Errorf("%d phrases", seen)
	}
}

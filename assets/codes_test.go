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
		"a wait result":                                {"winsock:0x102", "winsock:258"},
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
			if !strings.HasSuffix(c.Meaning, ".") || c.Do != "" && !strings.HasSuffix(c.Do, ".") {
				t.Errorf("%s: meaning and advice are sentences", c.Ref())
			}
			if c.Name != "" && !slices.ContainsFunc(Explain(c.Name), func(x Code) bool { return x.Ref() == c.Ref() }) {
				t.Errorf("%s is not found by its name %s", c.Ref(), c.Name)
			}
		}
	}
	if want := []string{"curl", "fserr", "icrc", "winsock", "winhttp", "event"}; !slices.Equal(names, want) {
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

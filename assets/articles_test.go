package assets

import (
	"os"
	"strings"
	"testing"
)

// Every line of the vendors' articles that comes from a log, the registry or an event is told as what it is, with the
// numbers in it; and what the articles say about logs in their own words is told as nothing.
func TestEveryLineOfTheArticlesIsDecoded(t *testing.T) {
	b, err := os.ReadFile("testdata/articles.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Lines []struct {
			Line   string `yaml:"line"`
			Code   string `yaml:"code"`
			Effect Effect `yaml:"effect"`
			Says   string `yaml:"says"`
			Ref    string `yaml:"ref"`
		} `yaml:"lines"`
		Prose []string `yaml:"prose"`
	}
	if err := strict(b, &want); err != nil {
		t.Fatal(err)
	}
	if len(want.Lines) < 30 || len(want.Prose) < 9 {
		t.Fatalf("%d lines and %d of prose", len(want.Lines), len(want.Prose))
	}
	for _, w := range want.Lines {
		got, ok := Tell(w.Line)
		switch {
		case !ok || got.Signature == "":
			t.Errorf("%s\nis not decoded", w.Line)
		case got.Code != w.Code || got.Effect != w.Effect || got.Ref != w.Ref || !strings.Contains(got.Meaning, w.Says):
			t.Errorf("%s\nis %s %s [%s]: %s\nwant %s %s [%s]: … %s …", w.Line, got.Code, got.Effect, got.Ref, got.Meaning, w.Code, w.Effect, w.Ref, w.Says)
		case strings.Count(got.Ref, ",")+1 != len(got.Codes) && got.Ref != "":
			t.Errorf("%s\nhas the numbers [%s], and %d of them are explained", w.Line, got.Ref, len(got.Codes))
		}
	}
	for _, line := range want.Prose {
		if got, ok := Tell(line); ok && got.Signature != "" {
			t.Errorf("%s\nis prose and told as %s: %s", line, got.Signature, got.Meaning)
		}
	}
}

func TestTellNamesTheNumbersInALineThatNobodyKnows(t *testing.T) {
	for title, c := range map[string]struct{ line, want string }{
		"a number behind its table":       {"the client ended with fserr 218 this time", "fserr:218"},
		"two HRESULTs":                    {"first 0x80070005 then 0x8007041D came", "windows:5 windows:1053"},
		"a negative HRESULT":              {"hr = -2147012894 in request", "winhttp:12002"},
		"a constant's name":               {"call returned WSAECONNRESET here", "winsock:10054"},
		"a longer text of libcurl":        {"worker 7: Proxy CONNECT aborted due to timeout", "curl:28"},
		"a number that is named twice":    {"curl 28 and again curl:28", "curl:28"},
		"a line without any":              {"nothing of interest happened at 10:05", ""},
		"a word":                          {"bananas", ""},
		"nothing":                         {"", ""},
		"a proxy's port is no code":       {"proxy gw:8080 asked", ""},
		"the words curl and 2026 by date": {"curl 2026-11-22 started", ""},
	} {
		t.Run(title, func(t *testing.T) {
			got, ok := Tell(c.line)
			if got.Signature != "" || refs(got.Codes) != c.want || ok != (c.want != "") {
				t.Errorf("Tell(%q) = %s %q, want %q", c.line, got.Signature, refs(got.Codes), c.want)
			}
		})
	}
}

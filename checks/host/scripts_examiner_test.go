package host

import (
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"unicode/utf16"
)

func TestWhatTheExaminerFound(t *testing.T) {
	said := errors.New("error 12166")
	words := func(s string) string {
		var b []byte
		for _, u := range utf16.Encode([]rune(s)) {
			b = append(b, byte(u>>8), byte(u))
		}
		return hex.EncodeToString(b)
	}
	for name, c := range map[string]struct {
		answer string
		err    error
		fault  ScriptFault
		text   string
		whole  bool
	}{
		"it cannot be read":              {"PROXY linecheck-found-syntax-" + words("Syntaxfehler: ü") + ":1", nil, ScriptSyntax, "Syntaxfehler: ü", true},
		"it cannot be read, in no words": {"PROXY linecheck-found-syntax-:1", nil, ScriptSyntax, "it cannot be read", true},
		"it fails as it is loaded":       {"PROXY linecheck-found-load-" + words("a\x1b[2J\nb") + ":1", nil, ScriptThrown, "a [2J b", true},
		"there is no function":           {"PROXY linecheck-found-function-:1", nil, ScriptNoFunction, "it has no function FindProxyForURL", true},
		"the function throws":            {"PROXY linecheck-found-call-" + words("x") + ":1", nil, ScriptThrown, "x", false},
		"the answer is a number":         {"PROXY linecheck-found-value-" + words("number") + ":1", nil, ScriptThrown, "it answers with no text, but with: number", false},
		"nothing is wrong":               {"PROXY linecheck-found-none-" + words("SOCKS a:1") + ":1", nil, ScriptUnclear, "the system makes nothing of its answer: SOCKS a:1", false},
		"the examiner fails too":         {"", errors.New("x"), ScriptUnclear, "error 12166", false},
		"another answer":                 {"DIRECT", nil, ScriptUnclear, "error 12166", false},
		"words that are none":            {"PROXY linecheck-found-call-xyz:1", nil, ScriptThrown, "it throws an error that has no words", false},
	} {
		t.Run(name, func(t *testing.T) {
			got := examined(said, c.answer, c.err)
			if got.Fault != c.fault || got.Text != c.text || got.whole != c.whole || got.known != (got.Text != said.Error()) {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestLiteral(t *testing.T) {
	for s, want := range map[string]string{
		"":                         `""`,
		"a \"b\" \\ 'c'":           `"a \u0022b\u0022 \u005c 'c'"`,
		"\r\n\t\x00\x7f\u2028</s>": `"\u000d\u000a\u0009\u0000\u007f\u2028\u003c/s>"`,
		"ü日😀":                      `"\u00fc\u65e5\ud83d\ude00"`,
	} {
		if got := literal(s); got != want {
			t.Errorf("%q: %s, want %s", s, got, want)
		}
	}
	if !strings.Contains(examiner("a\"b"), `= "a\u0022b";`) {
		t.Error("the script is not in its examiner")
	}
}

package wizard

import (
	"slices"
	"strings"
	"testing"
)

func TestALineBreaksBetweenWords(t *testing.T) {
	for name, tt := range map[string]struct {
		text string
		want []string
	}{
		"a word is cut in two":                 {"one two three four", []string{"one two", "three", "four"}},
		"what hangs below begins at the edge":  {"  one two three", []string{"  one two", "  three"}},
		"a folder is cut and cannot be copied": {"in /var/lib/some/folder now", []string{"in", "/var/lib/some/folder", "now"}},
		"empty lines are lost":                 {"one\n\ntwo", []string{"one", "", "two"}},
		"wide letters run over the edge":       {"文字文字文字文", []string{"文字文字", "文字文"}},
		"a full stop begins a line":            {"文字文字。文字", []string{"文字文", "字。文字"}},
		"a bracket is left behind":             {"文字文「文字」", []string{"文字文", "「文字」"}},
	} {
		if got := strings.Split(wrapped(tt.text, 10), "\n"); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestAChoiceIsNotPartedFromItsNumber(t *testing.T) {
	var out strings.Builder
	l := Lines{out: &out, opts: Options{Width: 20}}
	l.prompt("What next?  ", "1 go on  ", "2 leave it  ", "[1]:")
	if got := out.String(); got != "What next?  1 go on\n2 leave it  [1]: " {
		t.Errorf("%q", got)
	}
}

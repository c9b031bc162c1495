package wizard

import (
	"slices"
	"strings"
	"testing"
	"time"

	"linecheck/assets"
	"linecheck/checks"
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

func TestAQuestionThatIsLongerThanALineIsBrokenBetweenWords(t *testing.T) {
	for name, tt := range map[string]struct {
		words []string
		want  string
	}{
		"a word is cut by the terminal": {[]string{"Which of them is it?  ", "1 go on  ", "Enter for 1:"}, "Which of them is\nit?  1 go on\nEnter for 1: "},
		"a full stop begins a line":     {[]string{"番号を入力してください。  ", "Enter:"}, "番号を入力してくだ\nさい。  Enter: "},
		"a number stands alone":         {[]string{"1 practice.unresolvable today  ", "Enter:"}, "1 practice.unresolvable\ntoday  Enter: "},
	} {
		var out strings.Builder
		l := Lines{out: &out, opts: Options{Width: 20}}
		l.prompt(tt.words...)
		if got := out.String(); got != tt.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestAVoiceHearsWordsForSigns(t *testing.T) {
	for said, want := range map[string]string{
		"certain · f1":     "certain, f1",
		"you → proxy":      "you to proxy",
		"► waiting…":       "waiting...",
		"a\x1b[2Jb\u202ec": "a?[2Jb?c",
	} {
		if got := spoken(said); got != want {
			t.Errorf("%q: %q", said, got)
		}
	}
}

func TestWhatIsTheSameForManyIsToldOnce(t *testing.T) {
	c, _ := checks.Lookup("t-same")
	var found []checks.Finding
	for _, s := range []string{"a.example", "b.example", "b.example:443", "c.example"} {
		found = append(found, checks.Finding{Code: "x.y", Status: checks.Fail, Subject: s})
	}
	var out strings.Builder
	l := Lines{out: &out, opts: Options{Width: 100}, s: New(Self, []*assets.Profile{{Name: "p"}}, []checks.Check{c}, time.Now())}
	l.s.Steps[0].Runs[0].State, l.s.Steps[0].Runs[0].Result.Findings = Done, found
	l.tell(0)
	if got := out.String(); got != "  broken: seen So it is for a.example, b.example and c.example.\n" {
		t.Errorf("%q", got)
	}
}

func TestAYesMayBeItsFirstLetter(t *testing.T) {
	q := inquiry{list: []choice{{n: 1, word: "no, leave it"}, {n: 2, word: "yes"}}}
	for line, want := range map[string]int{"y": 2, "Yes": 2, "n": 1, "2": 2, "": 0, "q": 0, "maybe": 0} {
		if c, _ := q.named(line); c.n != want {
			t.Errorf("%q is taken for %d, want %d", line, c.n, want)
		}
	}
	q.list = append(q.list, choice{n: 3, word: "skip", key: "y"})
	if c, _ := q.named("y"); c.n != 3 {
		t.Errorf("a letter with a meaning of its own is taken for %d", c.n)
	}
}

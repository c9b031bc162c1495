package tui_test

import (
	"strings"
	"testing"

	"linecheck/checks"
	"linecheck/tui"
)

func TestATableIsReadableAtItsWidth(t *testing.T) {
	table := &checks.Table{Head: []string{"address", "you"}, Rows: [][]string{{"a.example", "gw.corp:8080, then direct"}, {"b", "direct"}}}
	for name, tt := range map[string]struct {
		w    int
		want string
	}{
		"a wide window moves its columns":     {60, "address    you\na.example  gw.corp:8080, then direct\nb          direct"},
		"a long cell runs into the next row":  {30, "address    you\na.example  gw.corp:8080, then\n           direct\nb          direct"},
		"a word is cut where it does not fit": {20, "a.example\n  you: gw.corp:8080,\n  then direct\nb\n  you: direct"},
	} {
		head, body := tui.Grid(table, tt.w)
		if got := strings.Join(append(head, body...), "\n"); got != tt.want {
			t.Errorf("%s:\n%s", name, got)
		}
	}
}

func TestOneRowOfManyColumnsIsReadDownwards(t *testing.T) {
	table := &checks.Table{Head: []string{"address", "the product", "you", "root"}, Rows: [][]string{{"all", "gw.corp:8080 (works), then direct", "direct", ""}}}
	head, body := tui.Grid(table, 44)
	want := "all\n  the product  gw.corp:8080 (works), then\n               direct\n  you          direct"
	if got := strings.Join(append(head, body...), "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

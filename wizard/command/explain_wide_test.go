package command_test

import (
	"strings"
	"testing"

	"linecheck/tui"
)

func TestAnExplanationInJapaneseKeepsWithinTheLine(t *testing.T) {
	code, out, errs := linecheck(t, "--lang", "ja", "explain", "cause:proxy.unresolvable")
	if code != 0 || !strings.Contains(out, "プロキシ") {
		t.Fatalf("%d, %s\n%s", code, errs, out)
	}
	for line := range strings.Lines(out) {
		if line = strings.TrimRight(line, "\n"); tui.Width(line) > 80 {
			t.Errorf("%d cells: %s", tui.Width(line), line)
		}
	}
}

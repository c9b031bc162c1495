package tui_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"linecheck/checks"
	"linecheck/tui"
)

// TestAnExplanationIsNotCutSilently: where rows are short, a sentence that goes on says so, and "Seen:" never stands alone.
func TestAnExplanationIsNotCutSilently(t *testing.T) {
	kit := tui.Kit{Theme: tui.NewTheme(colorprofile.NoTTY), Glyphs: tui.GlyphsFor(false)}
	seen := checks.Evidence{Source: "the service manager", Text: strings.Repeat("word ", 60)}
	var list []checks.Finding
	for range 9 {
		list = append(list, checks.Finding{Code: "stand.stopped", Status: checks.Fail, Subject: "fsulnethoster", View: "you",
			Evidence: []checks.Evidence{seen}, Args: map[string]string{"state": strings.Repeat("long ", 70)}})
	}
	whole := strings.Join(strings.Fields(ansi.Strip(strings.Join(kit.Explain(spec.ID, list[0], 76), " "))), " ")
	for h := 8; h < 30; h++ {
		f := tui.NewFindings(spec, kit)
		f.Update(tui.RunsMsg{Runs: []tui.Run{{Findings: list}}})
		view := strings.TrimRight(ansi.Strip(f.View(80, h)), "\n ")
		_, about, ok := strings.Cut(view, "more below")
		about = strings.Join(strings.Fields(about), " ")
		if !ok || strings.Contains(about, whole) {
			if strings.HasSuffix(view, "Seen: the service manager") {
				t.Errorf("at %d rows what was seen is half there\n%s", h, view)
			}
			continue
		}
		if !strings.HasSuffix(view, "…") && !strings.HasSuffix(view, ".") {
			t.Errorf("at %d rows the explanation ends in the middle\n%s", h, view)
		}
	}
}

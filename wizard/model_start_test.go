package wizard

import (
	"context"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/tui"
)

func TestTheFirstScreenHidesNoRowAtTheClassicConsole(t *testing.T) {
	o := optionsOf(t)
	o.Ask, o.Look = true, func(context.Context, []string, func(checks.Progress)) (Looked, error) { return Looked{}, nil }
	m := NewModel(t.Context(), o, tui.Kit{Theme: tui.NewTheme(colorprofile.ASCII), Glyphs: tui.GlyphsFor(true)})
	m.w, m.h = 80, 24
	m.start.found(detectedMsg{{Profile: &assets.Profile{Title: "Product A"}, Installed: checks.Installed{Present: true}}, {Profile: &assets.Profile{Title: "Product B"}}})
	for _, row := range []string{"Product A", "Product B", "a log or support bundle", "the practice network", "How do you work?", "Nothing on this computer is changed"} {
		if s := m.screen(); !strings.Contains(s, row) {
			t.Errorf("%q is not in the window:\n%s", row, s)
		}
	}
}

// Package tuitest helps to test panels: golden screens, every size, and content that means harm.
package tuitest

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"linecheck/checks"
	"linecheck/tui"
)

var update = flag.Bool("update", false, "write the golden screens anew")

// Kit is a kit with the 16 colours.
func Kit(ascii bool) tui.Kit {
	return tui.Kit{Theme: tui.NewTheme(colorprofile.ANSI), Glyphs: tui.GlyphsFor(ascii)}
}

// stand is a check that is only there for its texts.
type stand struct{ spec checks.Spec }

func (s stand) Spec() checks.Spec { return s.spec }
func (s stand) Run(context.Context, checks.Env, func(checks.Event)) (checks.Result, error) {
	return checks.Result{}, nil
}

// Register registers a stand-in check with texts of its own, so that a golden screen tests the layout and not the
// wording of the day.
func Register(id checks.ID, texts string) checks.Spec {
	s := checks.Spec{ID: id, Title: string(id), Question: "What is there?", Summary: "Looks at what is there.", Texts: []byte(texts)}
	checks.Register(stand{s})
	return s
}

// Keys presses keys by their names ("down", "enter", "x") and returns the last intent.
func Keys(p tui.Panel, names ...string) (tui.Panel, tui.Intent) {
	var last tui.Intent
	for _, n := range names {
		p, last, _ = p.Update(Key(n))
	}
	return p, last
}

// Key makes the message of one key.
func Key(name string) tea.KeyPressMsg {
	special := map[string]rune{"up": tea.KeyUp, "down": tea.KeyDown, "enter": tea.KeyEnter, "esc": tea.KeyEscape,
		"pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "home": tea.KeyHome, "end": tea.KeyEnd, "backspace": tea.KeyBackspace}
	if r, ok := special[name]; ok {
		return tea.KeyPressMsg{Code: r}
	}
	if name == "space" {
		return tea.KeyPressMsg{Code: ' ', Text: " "}
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

// Golden compares a screen's text with testdata/model/NAME.golden.
func Golden(t *testing.T, name, screen string) {
	t.Helper()
	var lines []string
	for l := range strings.Lines(ansi.Strip(screen) + "\n") {
		lines = append(lines, strings.TrimRight(l, " \n"))
	}
	got := strings.Join(lines, "\n") + "\n"
	path := filepath.Join("testdata", "model", name+".golden")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; write it with -update", err)
	}
	if got != string(want) {
		t.Errorf("%s differs; look at it, then -update. Got:\n%s\nwant:\n%s", path, got, want)
	}
}

// Screens compares a panel with its golden screens: three sizes, both sets of shapes.
func Screens(t *testing.T, name string, show func(tui.Kit) tui.Panel) {
	t.Helper()
	for _, ascii := range []bool{false, true} {
		set := "unicode"
		if ascii {
			set = "ascii"
		}
		for _, size := range [][2]int{{40, 12}, {80, 18}, {120, 34}} {
			screen := show(Kit(ascii)).View(size[0], size[1])
			if !ascii || !strings.ContainsFunc(screen, func(r rune) bool { return r > 126 }) {
				Golden(t, fmt.Sprintf("%s-%s-%dx%d", name, set, size[0], size[1]), screen)
				continue
			}
			t.Errorf("%s: the ASCII screen has other characters:\n%s", name, screen)
		}
	}
}

// Fits draws in every size up to 100x40 and wants nothing to be larger than asked. Several views take turns: all of them
// in all sizes would take minutes.
func Fits(t *testing.T, views ...func(w, h int) string) {
	t.Helper()
	turn := 0
	for w := 0; w <= 100; w++ {
		for h := 0; h <= 40; h++ {
			fits(t, w, h, views[turn%len(views)](w, h))
			turn += 1 + turn%7 // so that no view meets the same sizes only
		}
	}
}

func fits(t *testing.T, w, h int, s string) {
	t.Helper()
	if s != "" && (w == 0 || h == 0) {
		t.Fatalf("%dx%d: drew %q without room", w, h, s)
	}
	lines := strings.Split(s, "\n")
	if s != "" && len(lines) > h {
		t.Fatalf("%dx%d: %d lines", w, h, len(lines))
	}
	for _, l := range lines {
		if n := tui.Width(l); n > w {
			t.Fatalf("%dx%d: a line of %d cells: %q", w, h, n, l)
		}
		if left := ansi.Strip(l); strings.ContainsAny(left, "\x1b\r\t\a\u202e\u009b") {
			t.Fatalf("%dx%d: a control character got through: %q", w, h, left)
		}
	}
}

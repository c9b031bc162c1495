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

	"linecheck/assets/lang"
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
	if letter, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return tea.KeyPressMsg{Code: []rune(letter)[0], Mod: tea.ModCtrl}
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

// Sizes are those that panels are compared at: screens of 40x12, 80x24, 120x40 and 200x60 less the six lines that the
// wizard keeps for itself.
var Sizes = [][2]int{{40, 6}, {80, 18}, {120, 34}, {200, 54}}

// Whole are the same screens for what takes all of it: dialogs.
var Whole = [][2]int{{40, 12}, {80, 24}, {120, 40}, {200, 60}}

// Screens compares a panel with its golden screens: four sizes, both sets of shapes.
func Screens(t *testing.T, name string, show func(tui.Kit) tui.Panel) {
	t.Helper()
	Views(t, name, Sizes, func(k tui.Kit) func(w, h int) string { return show(k).View })
}

// Views is [Screens] for whatever draws itself.
func Views(t *testing.T, name string, sizes [][2]int, show func(tui.Kit) func(w, h int) string) {
	t.Helper()
	for _, ascii := range []bool{false, true} {
		set := "unicode"
		if ascii {
			set = "ascii"
		}
		for _, size := range sizes {
			screen := show(Kit(ascii))(size[0], size[1])
			if !ascii || !strings.ContainsFunc(screen, func(r rune) bool { return r > 126 }) {
				Golden(t, fmt.Sprintf("%s-%s-%dx%d", name, set, size[0], size[1]), screen)
				continue
			}
			t.Errorf("%s: the ASCII screen has other characters:\n%s", name, screen)
		}
	}
}

// Spoken compares a panel of 80x18 with its golden screens in German and in Japanese. It changes the language for all, so
// the test must not run beside others.
func Spoken(t *testing.T, name string, show func(tui.Kit) tui.Panel) {
	t.Helper()
	defer lang.Use(lang.English)
	for _, code := range []string{"de", "ja"} {
		if err := lang.Use(code); err != nil {
			t.Fatal(err)
		}
		screen := show(Kit(false)).View(80, 18)
		fits(t, 80, 18, screen)
		Golden(t, name+"-"+code+"-80x18", screen)
	}
}

// Fits draws in sizes up to 200x200 and wants nothing to be larger than asked: every small size, and of the others every
// width with a dozen heights that differ from width to width. Several views take turns: all of them in all sizes would
// take minutes.
func Fits(t *testing.T, views ...func(w, h int) string) {
	t.Helper()
	turn := 0
	one := func(w, h int) {
		fits(t, w, h, views[turn%len(views)](w, h))
		turn += 1 + turn%7 // so that no view meets the same sizes only
	}
	const small, low, most, every = 45, 14, 200, 16
	for w := 0; w <= small; w++ {
		for h := 0; h <= low; h++ {
			one(w, h)
		}
	}
	for w := 0; w <= most; w++ {
		for h := w * 13 % every; h <= most; h += every {
			one(w, h)
		}
	}
	one(most, most)
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

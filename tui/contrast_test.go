package tui_test

import (
	"fmt"
	"image/color"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"linecheck/tui"
)

// palettes are the sixteen colours as terminals show them unless their owner changed them.
var palettes = map[string]string{
	"conhost":          "000000 800000 008000 808000 000080 800080 008080 c0c0c0 808080 ff0000 00ff00 ffff00 0000ff ff00ff 00ffff ffffff",
	"Windows Terminal": "0c0c0c c50f1f 13a10e c19c00 0037da 881798 3a96dd cccccc 767676 e74856 16c60c f9f1a5 3b78ff b4009e 61d6d6 f2f2f2",
	"xterm":            "000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5 7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff",
	"PuTTY":            "000000 bb0000 00bb00 bbbb00 0000bb bb00bb 00bbbb bbbbbb 555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff",
	"Linux console":    "000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa 555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff",
}

func palette(name string) (out [16]color.Color) {
	for i, hex := range strings.Fields(palettes[name]) {
		v, _ := strconv.ParseUint(hex, 16, 32)
		out[i] = color.RGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255}
	}
	return out
}

// shown are the colours that a style's text and its background may have on a terminal: bold shows a dark one of the sixteen
// as bright on some, and as it is on others.
func shown(s lipgloss.Style, pal [16]color.Color, text, back color.Color) (fgs []color.Color, bg color.Color) {
	real := func(c, own color.Color) color.Color {
		switch c := c.(type) {
		case lipgloss.NoColor:
			return own
		case ansi.BasicColor:
			return pal[c]
		}
		return c
	}
	fg, bg := real(s.GetForeground(), text), real(s.GetBackground(), back)
	if s.GetReverse() {
		fg, bg = bg, fg
	}
	fgs = []color.Color{fg}
	if c, ok := s.GetForeground().(ansi.BasicColor); ok && s.GetBold() && c < 8 {
		fgs = append(fgs, pal[c+8])
	}
	return fgs, bg
}

// each calls do with every style of a theme.
func each(t tui.Theme, do func(name string, s lipgloss.Style)) {
	v := reflect.ValueOf(*t.Styles)
	for i := range v.NumField() {
		do(v.Type().Field(i).Name, v.Field(i).Interface().(lipgloss.Style))
	}
}

var profiles = map[string]colorprofile.Profile{"no colour": colorprofile.ASCII, "16 colours": colorprofile.ANSI,
	"256 colours": colorprofile.ANSI256, "true colour": colorprofile.TrueColor}

func TestEveryStyleCanBeReadOnDarkAndOnLightInEveryTerminal(t *testing.T) {
	for terminal := range palettes {
		pal := palette(terminal)
		grounds := map[bool][2]color.Color{true: {pal[7], pal[0]}, false: {pal[0], pal[15]}} // dark or not: text, background
		for kind, p := range profiles {
			for dark, g := range grounds {
				own := tui.Light
				if dark {
					own = tui.Dark
				}
				looks := map[string]tui.Look{
					"asked for":          {Profile: p, Scheme: own},
					"told the ground":    {Profile: p, Scheme: tui.Auto, Background: g[1]},
					"told the colours":   {Profile: p, Scheme: tui.Auto, Background: g[1], Palette: &pal},
					"of much contrast":   {Profile: p, Scheme: tui.Contrast, Background: g[1]},
					"much, with colours": {Profile: p, Scheme: tui.Contrast, Background: g[1], Palette: &pal},
				}
				if terminal != "Windows Terminal" { // its black is a grey, which it tells
					looks["told nothing"] = tui.Look{Profile: p, Scheme: tui.Auto}
					looks["much, told nothing"] = tui.Look{Profile: p, Scheme: tui.Contrast}
				}
				for how, l := range looks {
					least := 4.5
					if l.Scheme == tui.Contrast {
						least = 7
					}
					each(l.Theme(), func(name string, s lipgloss.Style) {
						if s.GetFaint() {
							t.Errorf("%s is faint: nobody knows how that looks", name)
						}
						fgs, bg := shown(s, pal, g[0], g[1])
						for _, fg := range fgs {
							if r := tui.Ratio(fg, bg); r < least {
								t.Errorf("%s, %s, %s, dark %v: %s has a contrast of %.2f", terminal, kind, how, dark, name, r)
							}
						}
					})
				}
			}
		}
	}
}

func TestEveryBackgroundThereIsLeavesEveryStyleReadable(t *testing.T) {
	for _, p := range []colorprofile.Profile{colorprofile.ANSI256, colorprofile.TrueColor} {
		for _, scheme := range []tui.Scheme{tui.Auto, tui.Contrast, tui.Dark, tui.Light} {
			for v := range 16 * 16 * 16 {
				back := color.RGBA{uint8(v>>8) * 17, uint8(v>>4&15) * 17, uint8(v&15) * 17, 255}
				if (scheme == tui.Dark) != tui.IsDark(back) && (scheme == tui.Dark || scheme == tui.Light) {
					continue // asked for the wrong one
				}
				each(tui.Look{Profile: p, Scheme: scheme, Background: back}.Theme(), func(name string, s lipgloss.Style) {
					if _, own := s.GetForeground().(lipgloss.NoColor); !own && tui.Ratio(s.GetForeground(), back) < 4.5 {
						t.Fatalf("%v: %s on %v has a contrast of %.2f", p, name, back, tui.Ratio(s.GetForeground(), back))
					}
				})
			}
		}
	}
}

func TestTheBrokenLinkIsNotOnlyPlain(t *testing.T) {
	for kind, p := range profiles {
		for _, scheme := range []tui.Scheme{tui.Auto, tui.Dark, tui.Light, tui.Contrast} {
			theme := tui.Look{Profile: p, Scheme: scheme}.Theme()
			if theme.Bad.Render("x") == "x" {
				t.Errorf("%s, %s: the broken link looks like all other text", kind, scheme)
			}
			if kind == "no colour" && strings.Contains(fmt.Sprintf("%q", theme.OK.Render("x")+theme.Bad.Render("x")), "[3") {
				t.Error("a colour where none was wanted")
			}
		}
	}
}

func TestThePowerShellBlueGetsColoursThatShowOnIt(t *testing.T) {
	pal := palette("conhost")
	blue := color.RGBA{1, 36, 86, 255}
	theme := tui.Look{Profile: colorprofile.ANSI, Scheme: tui.Auto, Background: blue, Palette: &pal}.Theme()
	each(theme, func(name string, s lipgloss.Style) {
		if fgs, bg := shown(s, pal, pal[15], blue); tui.Ratio(fgs[0], bg) < 4.5 {
			t.Errorf("%s has a contrast of %.2f", name, tui.Ratio(fgs[0], bg))
		}
	})
}

package tui_test

import (
	"reflect"
	"testing"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"linecheck/tui"
)

func TestEveryGlyphIsOneCell(t *testing.T) {
	names := map[string]bool{"UpDown": true, "LeftRight": true} // names of keys may be longer
	for _, plain := range []bool{true, false} {
		v := reflect.ValueOf(tui.GlyphsFor(plain))
		for i := range v.NumField() {
			name, g := v.Type().Field(i).Name, v.Field(i).String()
			if w, wc := ansi.StringWidth(g), ansi.StringWidthWc(g); !names[name] && (w != 1 || wc != 1) || w != wc {
				t.Errorf("%s %q is %d cells wide, or %d", name, g, w, wc)
			}
			if n := utf8.RuneCountInString(g); !names[name] && n != 1 {
				t.Errorf("%s %q is made of %d signs; a terminal may draw each in its own cell", name, g, n)
			}
			for _, r := range g {
				if plain && r >= 0x7f { // where others are two cells wide, these are not
					t.Errorf("%s: %q is not ASCII", name, g)
				}
				if r >= 0x1f000 || r >= 0x2700 && r < 0x27c0 || r == 0xfe0f {
					t.Errorf("%s: %q is drawn as a picture by some terminals", name, g)
				}
			}
		}
	}
}

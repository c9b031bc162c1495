package host

import (
	"image/color"
	"os"
	"testing"
)

func TestWhatDrawsNoScreenIsNamed(t *testing.T) {
	for term, want := range map[string]string{"": LacksName, "dumb": LacksCodes, "DUMB": LacksCodes, "unknown": LacksCodes, "xterm": "", "linux": "",
		"putty": "", "tmux-256color": "", "vt100": ""} {
		if got := lacking(term); got != want {
			t.Errorf("%q lacks %q, want %q", term, got, want)
		}
	}
}

func TestEastAsianLanguagesAreToldFromTheirLikes(t *testing.T) {
	for locale, want := range map[string]bool{"ja_JP.UTF-8": true, "zh-TW": true, "ko": true, "JA_jp": true, "jam": false, "de_DE": false, "": false, "kok_IN": false} {
		if eastAsian(locale) != want {
			t.Errorf("%q: %v", locale, !want)
		}
	}
}

func TestABackgroundIsTakenFromCOLORFGBG(t *testing.T) {
	for v, want := range map[string]color.Color{"15;0": color.Black, "0;default;15": color.White, "0;7": color.White, "": nil, "15;default": nil, "0;99": nil} {
		if got := ground(v); got != want {
			t.Errorf("%q is %v, want %v", v, got, want)
		}
	}
}

func TestAPipeIsNoConsole(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	if c := ConsoleAt(r, w); c.Interactive || c.Screen {
		t.Errorf("%+v", c)
	}
}

package tui

import (
	"image/color"
	"math"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
)

// role is what a colour says.
type role int

const (
	okay role = iota
	warning
	fault
	aside
	frame
)

// rich are the colours of 256 and more for each role, the wanted one first and then those that hold where it does not. They
// are of the cube and the greys of xterm's 256, which terminals show alike, so that 256 and true colour look the same.
var rich = map[Scheme]map[role][]string{
	Dark: {okay: {"#5fd75f", "#afffaf"}, warning: {"#ffd75f", "#ffffaf"}, fault: {"#ff5f5f", "#ff8787", "#ffd7d7"},
		aside: {"#a8a8a8", "#d0d0d0"}, frame: {"#8a8a8a", "#bcbcbc"}},
	Light: {okay: {"#005f00"}, warning: {"#875f00", "#5f0000"}, fault: {"#af0000", "#5f0000"},
		aside: {"#585858", "#303030"}, frame: {"#6c6c6c", "#444444"}},
	// Between black and white there is a narrow band that holds 4.5 to 1 with both.
	Auto: {okay: {"#00875f"}, fault: {"#af5f5f"}, aside: {"#767676"}, frame: {"#767676"}},
}

// full are those that only true colour has.
var full = map[role][]string{okay: {"#008a00"}, warning: {"#996e00"}, fault: {"#ee0000"}, aside: {"#767676"}, frame: {"#767676"}}

// few are the colours of sixteen that hold in the palettes of conhost, Windows Terminal, xterm, PuTTY and the Linux console.
// Red is the bright one on dark: conhost's dark red on black has a contrast of 1.9 to 1. On light dark red and dark magenta hold, but
// not in bold, which some terminals show as bright. The grey (8) holds only in some.
var few = map[Scheme]map[role]int{
	Dark:  {okay: 10, warning: 11, fault: 9},
	Light: {warning: 5, fault: 1},
}

// wish are the colours of sixteen for a palette that is known, the wanted one first.
var wish = map[role][]int{okay: {10, 2}, warning: {11, 3}, fault: {9, 1, 13}, aside: {8, 7}, frame: {8, 7}}

// The least contrasts: WCAG 2.2, 1.4.3 and 1.4.6.
const (
	enough = 4.5
	great  = 7
)

// colour is the colour of a role; nil where none can be read.
func (l Look) colour(r role) color.Color {
	least := enough
	if l.Scheme == Contrast {
		least = great
	}
	backs, scheme := l.backs()
	if l.Profile == colorprofile.ANSI {
		return l.sixteen(r, scheme, least, backs)
	}
	list := rich[scheme][r]
	if scheme == Auto && l.Profile == colorprofile.TrueColor {
		list = full[r]
	}
	for _, hex := range list {
		if c := lipgloss.Color(hex); readable(c, backs, least) {
			return c
		}
	}
	return nil
}

func (l Look) sixteen(r role, scheme Scheme, least float64, backs []color.Color) color.Color {
	if l.Palette != nil && l.Background != nil {
		for _, i := range wish[r] {
			if readable(l.Palette[i], backs, least) {
				return ansi.BasicColor(i)
			}
		}
		return nil
	}
	if i, ok := few[scheme][r]; ok && l.Scheme != Contrast {
		return ansi.BasicColor(i)
	}
	return nil
}

// backs are the backgrounds that a colour has to hold on, and the scheme that is theirs.
func (l Look) backs() ([]color.Color, Scheme) {
	switch {
	case l.Scheme == Dark && (l.Background == nil || !IsDark(l.Background)):
		return []color.Color{color.Black}, Dark
	case l.Scheme == Light && (l.Background == nil || IsDark(l.Background)):
		return []color.Color{color.White}, Light
	case l.Background == nil:
		return []color.Color{color.Black, color.White}, Auto
	case IsDark(l.Background):
		return []color.Color{l.Background}, Dark
	}
	return []color.Color{l.Background}, Light
}

// IsDark says whether white can be read better on c than black.
func IsDark(c color.Color) bool { return Ratio(c, color.White) > Ratio(c, color.Black) }

func readable(c color.Color, backs []color.Color, least float64) bool {
	for _, b := range backs {
		if Ratio(c, b) < least {
			return false
		}
	}
	return true
}

// Ratio is the contrast of two colours as WCAG 2.2 counts it, from 1 to 21.
func Ratio(a, b color.Color) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(c color.Color) float64 {
	linear := func(v uint32) float64 {
		s := float64(v) / 0xffff
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	r, g, b, _ := c.RGBA()
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

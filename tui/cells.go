package tui

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Width is the number of cells that s takes, escape sequences not counted. Where the two common ways of counting
// differ it is the larger one, so that nothing ever runs over an edge.
func Width(s string) int {
	if plain(s) {
		return len(s)
	}
	return max(ansi.StringWidth(s), ansi.StringWidthWc(s))
}

// Fit cuts s to w cells and shows that it did. It knows escape sequences and never cuts one.
func (g Glyphs) Fit(s string, w int) string { return fit(s, w, g.Cut) }

func fit(s string, w int, tail string) string {
	if w <= 0 {
		return ""
	}
	s = head(s, w)
	if Width(s) <= w {
		return s
	}
	for n := w; n > 0; n-- {
		t := ansi.Truncate(s, n, tail)
		if Width(t) <= w {
			return t
		}
	}
	return ""
}

// head takes no more of an endless text than w cells and one can need: clean text has at most four runes in a cell.
func head(s string, w int) string {
	n := 16*(max(0, w)+1) + 64
	if len(s) <= n || strings.ContainsRune(s, '\x1b') {
		return s
	}
	for n > 64 && !utf8.RuneStart(s[n]) {
		n--
	}
	if short := s[:n]; Width(short) > w {
		return short
	}
	return s
}

// Cell cleans text from outside for one row of a screen. It takes 1,600 bytes at most, which is more than any window
// shows in a row.
func Cell(s string) string {
	n := 1600
	if len(s) <= n {
		return Clean(s)
	}
	for n > 1596 && !utf8.RuneStart(s[n]) {
		n--
	}
	return Clean(s[:n])
}

// Pad fits s and fills it with blanks to exactly w cells, the text on the left.
func (g Glyphs) Pad(s string, w int) string {
	s = g.Fit(s, w)
	return s + strings.Repeat(" ", max(0, w-Width(s)))
}

// PadLeft is [Glyphs.Pad] with the text on the right, for numbers.
func (g Glyphs) PadLeft(s string, w int) string {
	s = g.Fit(s, w)
	return strings.Repeat(" ", max(0, w-Width(s))) + s
}

// Ends puts one text on the left and one on the right of w cells. Where both do not fit, the left one is cut for a
// right one that is short (a time), and a longer right one (a code) is left out.
func (g Glyphs) Ends(left, right string, w int) string {
	rw := Width(right)
	if rw == 0 || rw > w/4 && rw+Width(left)+2 > w {
		return g.Fit(left, w)
	}
	return g.Pad(left, w-rw-2) + "  " + right
}

// Break cuts plain text into lines of w cells wherever they end, for what must be read to the letter: commands.
func Break(s string, w int) []string {
	if w <= 0 || s == "" {
		return nil
	}
	out := strings.Split(ansi.Hardwrap(s, w, true), "\n")
	for i := range out {
		out[i] = fit(out[i], w, "")
	}
	return out
}

// Indent puts n blanks before every line.
func Indent(lines []string, n int) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		if l != "" {
			l = strings.Repeat(" ", n) + l
		}
		out[i] = l
	}
	return out
}

// Box gives exactly h lines of at most w cells: too many are cut off, missing ones are empty. Without room it is "".
func Box(lines []string, w, h int) string {
	if w <= 0 || h <= 0 {
		return ""
	}
	out := make([]string, h)
	for i := range min(h, len(lines)) {
		out[i] = fit(lines[i], w, "")
	}
	return strings.Join(out, "\n")
}

// Join appends groups of lines with one empty line between those that hold anything.
func Join(groups ...[]string) []string {
	var out []string
	for _, g := range groups {
		if len(g) == 0 {
			continue
		}
		if len(out) > 0 {
			out = append(out, "")
		}
		out = append(out, g...)
	}
	return out
}

package tui

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// piece is what a line is never broken inside: a word, or one sign of a script that has no blanks between words, with
// the signs that may not stand without it.
type piece struct {
	space int // blanks before it
	text  string
	width int
}

// Wrap breaks plain text at words into lines of at most w cells; Chinese and Japanese between their signs, but so that no
// line begins with a full stop or ends with an opening bracket. A word that is longer than a line is broken behind a
// hyphen or a slash in it, else where the line ends. Hyphens are no place to break a shorter word: dates, hosts and
// folders have them too.
func Wrap(s string, w int) []string {
	if w <= 0 || s == "" {
		return nil
	}
	var out []string
	for line := range strings.SplitSeq(s, "\n") {
		out = append(out, wrapLine(line, w)...)
	}
	return out
}

func wrapLine(s string, w int) []string {
	out := []string{}
	var b strings.Builder
	used := 0
	flush := func() {
		out = append(out, b.String())
		b.Reset()
		used = 0
	}
	for _, p := range pieces(s) {
		if used+p.space+p.width <= w {
			b.WriteString(strings.Repeat(" ", p.space) + p.text)
			used += p.space + p.width
			continue
		}
		if used > 0 {
			flush()
		}
		for p.width > w {
			at, n := cutAt(p.text, w)
			if at == 0 {
				break // not even one sign has room
			}
			b.WriteString(p.text[:at])
			flush()
			p.text, p.width = p.text[at:], p.width-n
		}
		if p.width <= w {
			b.WriteString(p.text)
			used = p.width
		}
	}
	if used > 0 || len(out) == 0 {
		flush()
	}
	return out
}

// cutAt is where a word that is longer than w cells is broken: after how many bytes, and how many cells these take.
func cutAt(s string, w int) (at, used int) {
	behind, cells := 0, 0
	for at < len(s) {
		c, n := cluster(s[at:])
		if used+n > w {
			break
		}
		used, at = used+n, at+len(c)
		if strings.Contains("-/\\", c) && used > w/3 {
			behind, cells = at, used
		}
	}
	if behind > 0 {
		return behind, cells
	}
	return at, used
}

// cluster is the first sign of a text with all that is drawn over it, and the cells that it takes.
func cluster(s string) (string, int) {
	if s[0] < 0x80 {
		if len(s) == 1 || s[1] < 0x80 {
			return s[:1], 1
		}
	}
	c, _ := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
	return c, Width(c)
}

// pieces splits a line into what must stay in one.
func pieces(s string) []piece {
	var out []piece
	space, from, open := 0, 0, false // open: the last piece may grow
	for at := 0; at < len(s); {
		c, n := cluster(s[at:])
		at += len(c)
		if c == " " {
			space, open = space+1, false
			continue
		}
		free := alone(c)
		last := len(out) - 1
		if space == 0 && last >= 0 && (open && !free || strings.Contains(noBegin, c) || ends(out[last].text)) {
			out[last].text = s[from:at]
			out[last].width += n
		} else {
			from = at - len(c)
			out = append(out, piece{space, c, n})
		}
		space, open = 0, !free
	}
	return out
}

// noBegin may not begin a line, noEnd may not end one (JIS X 4051 has more of them; these are those of plain sentences).
const (
	noBegin = "、。，．・：；？！」』）］｝】〉》〕”’ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ々…‥％)]},.!?:;"
	noEnd   = "「『（［｛【〈《〔“‘([{"
)

func ends(piece string) bool {
	r, _ := utf8.DecodeLastRuneInString(piece)
	return strings.ContainsRune(noEnd, r)
}

// alone reports whether a line may be broken before and behind a sign although no blank stands there.
func alone(c string) bool {
	for _, r := range c {
		return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) || r >= 0x3000 && r <= 0x303f || r >= 0xff01 && r <= 0xff60
	}
	return false
}

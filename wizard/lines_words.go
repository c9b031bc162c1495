package wizard

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"linecheck/tui"
)

// unspoken are signs that a voice stumbles over, and what is said in their place.
var unspoken = strings.NewReplacer(" · ", ", ", " → ", " to ", "→", " to ", "► ", "", "►", "", "…", "...", "√ ", "", "× ", "", "↑↓", "", "─", "-", "│", " ")

// say tells sentences, broken between words at the terminal's width.
func (l *Lines) say(text string) {
	fmt.Fprintln(l.out, wrapped(spoken(text), l.opts.Width))
}

// spoken is a text without signs that a voice stumbles over or that steer a terminal.
func spoken(s string) string {
	return strings.ReplaceAll(Printable(unspoken.Replace(s)), "·", "?") // what was a control character
}

// raw tells what must be read to the letter: commands, folders, evidence.
func (l *Lines) raw(text string) { fmt.Fprintln(l.out, Printable(text)) }

// prompt asks; the answer is typed behind it. A line breaks between the words given, each of which ends in its blanks, and
// within one only where it is longer than a line.
func (l *Lines) prompt(words ...string) {
	var list []string
	for _, word := range words {
		word = spoken(word)
		if tui.Width(strings.TrimRight(word, " ")) < l.width() {
			list = append(list, word)
			continue
		}
		pieces := parts(strings.TrimRight(word, " "))
		if len(pieces) > 1 && strings.HasSuffix(pieces[0], " ") { // a number and the first word behind it
			pieces = append([]string{pieces[0] + pieces[1]}, pieces[2:]...)
		}
		pieces[len(pieces)-1] += "  "
		list = append(list, pieces...)
	}
	fmt.Fprint(l.out, strings.Join(fold(list, "", l.width()), "\n")+" ")
}

// width is the cells of a line; a terminal that does not say has 80.
func (l *Lines) width() int {
	if l.opts.Width <= 0 {
		return 80
	}
	return l.opts.Width
}

// wrapped breaks text between words; what does not fit hangs below the first word of its line.
func wrapped(text string, w int) string {
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		body := strings.TrimLeft(line, " ")
		out = append(out, fold(parts(body), line[:len(line)-len(body)], w)...)
	}
	return strings.Join(out, "\n")
}

// parts are the words of a line, each with the blank behind it, and where a script has no blanks the places at which its
// lines may be broken.
func parts(s string) []string {
	var out []string
	for _, word := range strings.SplitAfter(s, " ") {
		if tui.Width(word) == utf8.RuneCountInString(word) {
			out = append(out, word)
			continue
		}
		at := 0
		for i, r := range word {
			before, _ := utf8.DecodeLastRuneInString(word[:i])
			if i > at && (wide(r) || wide(before)) && !strings.ContainsRune(noBegin, r) && !strings.ContainsRune(noEnd, before) {
				out, at = append(out, word[at:i]), i
			}
		}
		out = append(out, word[at:])
	}
	return out
}

func wide(r rune) bool { return tui.Width(string(r)) > 1 }

// Of Japanese and Chinese: noBegin never begins a line, noEnd never ends one.
const (
	noBegin = " 、。，．・：；？！」』）］】〉》ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々…)].,:;?!%\""
	noEnd   = "「『（［【〈《([\""
)

// fold fills lines of less than w cells (0: 80) with words, behind the same margin. A word that is longer than a line
// stays whole, so that a path can be copied.
func fold(words []string, margin string, w int) []string {
	if w <= 0 {
		w = 80
	}
	var out []string
	at := margin
	for _, word := range words {
		if at != margin && tui.Width(at+strings.TrimRight(word, " ")) >= w {
			out, at = append(out, strings.TrimRight(at, " ")), margin
		}
		at += word
	}
	return append(out, strings.TrimRight(at, " "))
}

package assets

import (
	"cmp"
	"slices"
	"strings"
)

// Explain finds what a person may mean by a code: "curl:28", "curl 28", "icrc:0x20000007", "winhttp:0x80072EFD", a bare
// "28" (every table that has it), a name, with or without its prefix, a text such as "Timeout was reached", or the
// beginning of one of the longer texts that a library writes. Case does not matter. Nothing known: empty; see [Nearest],
// and [Tell] for a whole line.
func Explain(query string) []Code {
	table, rest := splitQuery(query)
	if rest == "" {
		return nil
	}
	out := exact(table, rest)
	if other := beside[strings.ToLower(table)]; len(out) == 0 && other != "" {
		out = exact(other, rest)
	}
	if len(out) == 0 {
		out = phrases(strings.TrimSpace(query), false)
	}
	if len(out) == 0 && table != "" {
		out = phrases(rest, false)
	}
	return told(out)
}

// detail is the table whose numbers nobody meets alone: they stand behind a number of another one.
const detail = "curlpx"

func exact(table, rest string) (out []Code) {
	for _, t := range tables() {
		if table != "" && !strings.EqualFold(t.Name, table) {
			continue
		}
		if c, ok := t.find(rest); ok && (table != "" || t.Name != detail) {
			out = append(out, c)
			continue
		}
		for _, c := range t.Codes {
			if c.named(rest) {
				out = append(out, c)
			}
		}
	}
	return out
}

// phraseMin is how much of a longer text has to be there.
const phraseMin = 8

// phrases are the longer texts that s begins with, else those whose beginning s is; with within, those that stand in it
// anywhere.
func phrases(s string, within bool) (whole []Code) {
	var begun []Code
	for _, t := range tables() {
		for _, c := range t.Phrases {
			at := c.pattern.FindStringIndex(s)
			switch {
			case at != nil && (within || at[0] == 0):
				whole = append(whole, c)
			case len(s) >= phraseMin && len(s) <= len(c.Text) && strings.EqualFold(c.Text[:len(s)], s):
				begun = append(begun, c)
			}
		}
	}
	if len(whole) > 0 || within {
		return whole
	}
	return begun
}

// splitQuery takes a table's name off the front, where there is one: before a colon, or a known one before a blank.
func splitQuery(query string) (table, rest string) {
	query = strings.TrimSpace(query)
	if t, r, ok := strings.Cut(query, ":"); ok && !strings.Contains(t, " ") {
		return t, strings.TrimSpace(r)
	}
	if t, r, ok := strings.Cut(query, " "); ok {
		for _, known := range tables() {
			if strings.EqualFold(known.Name, t) {
				return t, strings.TrimSpace(r)
			}
		}
	}
	return "", query
}

// named reports whether s is the code's name, the end of its name from an underscore on, or one of its texts.
func (c Code) named(s string) bool {
	for _, have := range append([]string{c.Name, c.Text}, c.Also...) {
		if have != "" && strings.EqualFold(have, s) {
			return true
		}
	}
	name, s := strings.ToUpper(c.Name), strings.ToUpper(s)
	return len(s) >= 4 && strings.HasSuffix(name, s) &&
		(strings.HasSuffix(name[:len(name)-len(s)], "_") || strings.TrimSuffix(name, s) == "WSA")
}

// nearMax is how long something can be that is a name or a text mistyped.
const nearMax = 120

// Nearest returns at most five codes that a person may have meant by a query that [Explain] does not know: names that
// are spelt or sound alike, the neighbours of a number in its table, the same number where only the table is wrong. The
// likeliest is first; none where nothing is near.
func Nearest(query string) []Code {
	table, rest := splitQuery(query)
	if rest == "" || len(rest) > nearMax {
		return nil
	}
	type near struct {
		Code
		far int
	}
	var all []near
	for _, t := range tables() {
		wrong := 0
		if table != "" {
			if wrong = distance(strings.ToLower(t.Name), strings.ToLower(table)); wrong > 2 {
				wrong = 8
			}
		}
		n, number := t.numberOf(rest)
		for _, c := range t.Codes {
			switch {
			case number && c.value() == n:
				all = append(all, near{c, wrong})
			case number && (table == "" && t.Name != detail || table != "" && wrong <= 2):
				if d := gap(c.value(), n); d <= 5 || table != "" {
					all = append(all, near{c, 10*wrong + int(min(d, 1<<20))})
				}
			case !number:
				if d := c.like(rest); d >= 0 {
					all = append(all, near{c, wrong + d})
				}
			}
		}
	}
	slices.SortStableFunc(all, func(a, b near) int { return cmp.Compare(a.far, b.far) })
	out := make([]Code, 0, 5)
	for _, n := range all[:min(len(all), 5)] {
		out = append(out, n.Code)
	}
	return told(out)
}

func gap(a, b uint64) uint64 {
	if a > b {
		return a - b
	}
	return b - a
}

// like returns how far a name or text is from s, -1 where too far to be meant.
func (c Code) like(s string) int {
	s = strings.ToLower(s)
	best := -1
	for _, have := range append([]string{c.Name, c.Text}, c.Also...) {
		if have == "" {
			continue
		}
		have = strings.ToLower(have)
		d, most := -1, max(len(s), len(have))/3
		if len(s)-len(have) <= most && len(have)-len(s) <= most {
			if d = distance(have, s); d > most {
				d = -1
			}
		}
		if d < 0 && len(s) >= 4 && strings.Contains(have, s) {
			d = 4 + (len(have)-len(s))/8
		}
		if d >= 0 && (best < 0 || d < best) {
			best = d
		}
	}
	return best
}

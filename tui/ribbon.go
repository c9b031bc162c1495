package tui

import (
	"strings"
	"time"

	"linecheck/assets/lang"
	"linecheck/checks"
)

// Walk is one row of a [Ribbon]: one way from here to one address.
type Walk struct {
	Name   string        // the address, cleaned
	Path   *checks.Path  // nil: there was no walk, Words says why
	Status checks.Status // of the finding; for a walk under way it is not used
	Slow   bool          // every hop passed, but later than the product waits
	Words  string        // what broke, or what the answer was; cleaned
	Took   time.Duration
	Live   bool   // still under way
	Head   string // a heading instead of a walk
}

// Ribbon draws walks one below the other: you > proxy > DNS > TCP > TLS > HTTP > content, hop under hop, so that the eye
// finds the column in which the line breaks. In narrow windows first the dashes get shorter, then the time goes, then the
// names over the columns; from there on the word at the break names its hop.
type Ribbon struct {
	Kit
	Walks  []Walk
	Cursor int // the selected walk; -1 for none
}

// shape is how the columns of a ribbon are laid out at one width.
type shape struct {
	room, name int
	gap        int // cells between two columns; 0: the shapes stand close together, without names over them
	cells      []int
	you        bool // the line begins with a column for the one who asks
	time       bool
}

// wordRoom and clock are the cells that the words at the end of a way and the time want at least.
const (
	wordRoom = 12
	clock    = 9
)

// Height is the number of lines that the whole ribbon takes.
func (r Ribbon) Height() int { return len(r.Walks) + btoi(len(r.Walks) > 0) }

// View draws at most h lines of at most w cells; win remembers the scroll position.
func (r Ribbon) View(w, h int, win *Window) []string {
	if w <= 0 || h <= 0 {
		return nil
	}
	s := r.shape(w)
	var out []string
	if h > 2 {
		out = append(out, r.head(s, w))
	}
	from, to := win.At(r.Cursor, len(r.Walks), h-len(out))
	for i := from; i < to; i++ {
		line := strings.Repeat(" ", margin) + r.row(r.Walks[i], s)
		if i == r.Cursor {
			out = append(out, r.Select(line, w))
			continue
		}
		out = append(out, r.Glyphs.Fit(line, w))
	}
	return out
}

// hopWord is the name over a column.
func hopWord(hop string) string { return lang.T("ribbon.hop." + hop) }

func (r Ribbon) shape(w int) shape {
	s := shape{room: max(0, w-margin-1), you: true, time: true}
	longest := Width(lang.T("ribbon.address"))
	for _, k := range r.Walks {
		longest = max(longest, Width(k.Name))
	}
	s.name = min(longest, max(8, s.room*2/5))
	for _, hop := range hops {
		s.cells = append(s.cells, Width(hopWord(hop)))
	}
	for _, form := range []struct {
		gap, cut  int
		you, time bool
	}{{3, 0, true, true}, {2, 0, true, true}, {1, 0, true, true}, {1, 0, false, true}, {1, 4, false, true}, {1, 8, false, true}, {1, 8, false, false}} {
		s.gap, s.you, s.time = form.gap, form.you, form.time
		cut := min(form.cut, s.name-min(s.name, 16))
		if s.name-cut+2+s.line()+wordRoom+clock*btoi(s.time) <= s.room {
			s.name -= cut
			return s
		}
	}
	s.gap, s.you, s.name = 0, false, min(s.name, max(8, s.room/3)) // what broke is worth more than the end of a name
	s.time = s.name+2+s.line()+wordRoom+clock <= s.room
	return s
}

// line is how many cells the hops before the last one take.
func (s shape) line() int {
	last := len(s.cells) - 1
	if s.gap == 0 {
		return last
	}
	n := btoi(s.you) * (Width(lang.T("ribbon.you")) + s.gap)
	for _, c := range s.cells[:last] {
		n += c + s.gap
	}
	return n
}

// head names the columns. Where there is room for it, it is the way itself: you > proxy > DNS and so on.
func (r Ribbon) head(s shape, w int) string {
	var b strings.Builder
	b.WriteString(strings.Repeat(" ", margin) + r.Glyphs.Pad(lang.T("ribbon.address"), s.name) + "  ")
	if s.gap == 0 {
		b.WriteString(lang.T("ribbon.way"))
	} else {
		between := map[int]string{1: " ", 2: "  ", 3: " > "}[s.gap]
		if s.you {
			b.WriteString(lang.T("ribbon.you") + between)
		}
		for i, hop := range hops {
			if i > 0 {
				b.WriteString(between)
			}
			b.WriteString(hopWord(hop))
		}
	}
	right := ""
	if s.time {
		right = lang.T("ribbon.time")
	}
	return r.Theme.Dim.Render(r.Glyphs.Fit(r.Glyphs.Ends(b.String(), right, w-1), w))
}

func (r Ribbon) row(k Walk, s shape) string {
	if k.Head != "" {
		return r.Theme.Title.Render(r.Glyphs.Fit(k.Head, s.room))
	}
	left := r.Glyphs.Pad(k.Name, s.name) + "  "
	right := ""
	if s.time && !k.Live {
		right = Took(k.Took)
	}
	switch {
	case k.Path == nil:
		left += r.Theme.Dim.Render(k.Words)
	default:
		left += r.line(k, s)
	}
	if k.Status != checks.Pass && Width(left)+2+Width(right) > s.room {
		right = "" // why it broke is worth more than how long that took
	}
	return r.Glyphs.Ends(left, right, s.room)
}

// line draws the walk up to its end or its break, then the words.
func (r Ribbon) line(k Walk, s shape) string {
	var b strings.Builder
	dash := func(n int) string { return strings.Repeat(r.Glyphs.Line, max(0, n)) }
	if s.you {
		b.WriteString(r.Theme.Dim.Render(dash(Width(lang.T("ribbon.you"))+s.gap-1)) + " ")
	}
	for i, m := range marksOf(k) {
		switch {
		case m.kind == waits:
			return b.String() + r.Theme.Here.Render(r.Glyphs.Here) + " " + r.waiting(m.stage)
		case m.kind == breaks:
			if s.gap == 0 {
				k.Words = atHop(hops[i], k.Words)
			}
			return b.String() + r.Ending(k, r.Glyphs.Bad)
		case i == len(hops)-1 && k.Live:
			return b.String() + r.Theme.Here.Render(r.Glyphs.Here) + " " + r.waiting(checks.Stage{Name: checks.Content})
		case i == len(hops)-1:
			return b.String() + r.Ending(k, r.last(k))
		}
		shown := r.mark(m.kind)
		if s.gap == 0 {
			b.WriteString(shown)
			continue
		}
		n := s.cells[i] + s.gap
		if m.kind == passesBy {
			b.WriteString(r.Theme.Dim.Render(dash(n-1)) + " ")
			continue
		}
		b.WriteString(shown + " " + r.Theme.Dim.Render(dash(n-3)) + " ")
	}
	return b.String()
}

// atHop says at which hop it broke, where no column says it.
func atHop(hop, words string) string {
	name := hopWord(hop)
	if strings.HasPrefix(strings.ToLower(words), strings.ToLower(name)) {
		return words
	}
	return lang.T("ribbon.at", "hop", name, "word", words)
}

func (r Ribbon) mark(kind kind) string {
	switch kind {
	case passesBy:
		return r.Theme.Dim.Render(r.Glyphs.Line)
	case skipped:
		return r.Theme.Dim.Render(r.Glyphs.Skip)
	case unknown:
		return r.Glyphs.Unknown
	case doubtful:
		return r.Theme.Warn.Render(r.Glyphs.Warn)
	}
	return r.Glyphs.OK
}

// last is the shape of the end of a way that did not break.
func (r Ribbon) last(k Walk) string {
	if k.Slow {
		return r.Glyphs.Warn
	}
	if k.Status == checks.Note {
		return r.Glyphs.OK
	}
	return r.Glyphs.Of(k.Status)
}

// Ending is the last shape of a walk with its words. Only the product's own way is coloured.
func (r Ribbon) Ending(k Walk, glyph string) string {
	style := r.Theme.Of(k.Status)
	if k.Slow {
		style = r.Theme.Warn
	}
	if k.Status == checks.Pass {
		return style.Render(glyph) + " " + k.Words
	}
	return style.Render(glyph + " " + k.Words)
}

func (r Ribbon) waiting(st checks.Stage) string {
	if strings.HasPrefix(st.Note, "waiting") { // the engine says for what, and for how long at most
		return Clean(lang.Phrase(st.Note))
	}
	return both(lang.T("ribbon.waiting."+string(st.Name)), Clean(lang.Phrase(st.Note)), ", ")
}

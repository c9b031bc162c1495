package tui

import (
	"slices"
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

// Ribbon draws walks one below the other, hop under hop, so that the eye finds the column in which the line breaks. It
// gets shorter in narrow windows: first the dashes go, then the time.
type Ribbon struct {
	Kit
	Walks  []Walk
	Cursor int // the selected walk; -1 for none
}

// shape is how the columns of a ribbon are laid out at one width.
type shape struct {
	room, name, cell int
	time             bool
	hops             []checks.StageName // those with a column of their own; the answer stands behind them
	proxied          bool
}

var hopWords = map[checks.StageName]string{checks.Resolve: "name", checks.Connect: "tcp", checks.Tunnel: "tunnel",
	checks.TLS: "tls", checks.HTTP: "answer", checks.Content: "answer"}

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

func (r Ribbon) shape(w int) shape {
	s := shape{room: max(0, w-margin-1), hops: []checks.StageName{checks.Resolve, checks.Connect}, proxied: true, time: true}
	longest, tunnel, tls := 8, false, false
	for _, k := range r.Walks {
		longest = max(longest, Width(k.Name))
		if k.Path == nil {
			continue
		}
		via := k.Path.Route != "direct" && k.Path.Route != ""
		s.proxied = s.proxied && via
		tunnel = tunnel || has(k.Path, checks.Tunnel) || on(k.Path, checks.Tunnel)
		tls = tls || has(k.Path, checks.TLS) || on(k.Path, checks.TLS)
	}
	if tunnel {
		s.hops = append(s.hops, checks.Tunnel)
	}
	if tls {
		s.hops = append(s.hops, checks.TLS)
	}
	const answer, clock = 12, 9
	s.name = min(longest, max(8, s.room*2/5))
	for s.cell = 7; s.cell > 1; s.cell-- {
		if s.name+2+len(s.hops)*s.cell+answer+clock <= s.room && s.cell != 3 {
			return s
		}
	}
	s.time = s.name+2+len(s.hops)+answer+clock <= s.room
	return s
}

func has(p *checks.Path, name checks.StageName) bool {
	return slices.ContainsFunc(p.Stages, func(s checks.Stage) bool { return s.Name == name })
}

func (r Ribbon) head(s shape, w int) string {
	var b strings.Builder
	b.WriteString(strings.Repeat(" ", margin) + r.Glyphs.Pad("address", s.name) + "  ")
	if s.cell >= 5 {
		for i, h := range s.hops {
			word := hopWords[h]
			switch {
			case i == 0 && s.proxied && len(r.Walks) > 0 && s.cell > 5:
				word = "proxy"
			case h == checks.Tunnel && s.cell < 7:
				word = "tun"
			}
			b.WriteString(r.Glyphs.Pad(word, s.cell))
		}
	} else {
		b.WriteString(r.Glyphs.Pad("way", len(s.hops)*s.cell))
	}
	left, right := b.String()+"answer", ""
	if s.time {
		right = "time"
	}
	return r.Theme.Dim.Render(r.Glyphs.Fit(r.Glyphs.Ends(left, right, w-1), w))
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
		left += r.hops(k, s)
	}
	if k.Status != checks.Pass && Width(left)+2+Width(right) > s.room {
		right = "" // why it broke is worth more than how long that took
	}
	return r.Glyphs.Ends(left, right, s.room)
}

// hops draws the walk up to its end or its break, then the words.
func (r Ribbon) hops(k Walk, s shape) string {
	var b strings.Builder
	dash := ""
	if s.cell > 3 {
		dash = r.Theme.Dim.Render(strings.Repeat(r.Glyphs.Line, s.cell-3)) + " "
	}
	for _, name := range s.hops {
		st, there := stage(k.Path, name)
		switch {
		case there && broken(st):
			return b.String() + r.Ending(k, r.Glyphs.Bad)
		case k.Live && (!there && !later(k.Path, name) && on(k.Path, name) || there && st.Status == checks.Unknown):
			return b.String() + r.waiting(name, st)
		case !there, st.Status == checks.Skip:
			b.WriteString(r.Theme.Dim.Render(r.Glyphs.Skip))
		case st.Status == checks.Unknown:
			b.WriteString(r.Glyphs.Unknown)
		case st.Status == checks.Warn:
			b.WriteString(r.Theme.Warn.Render(r.Glyphs.Warn))
		default:
			b.WriteString(r.Glyphs.OK)
		}
		if s.cell > 1 {
			b.WriteString(" " + dash)
		}
	}
	if s.cell == 1 {
		b.WriteString(" ")
	}
	for _, name := range []checks.StageName{checks.HTTP, checks.Content} {
		if st, ok := stage(k.Path, name); ok && broken(st) {
			return b.String() + r.Ending(k, r.Glyphs.Bad)
		}
	}
	switch {
	case k.Live:
		return b.String() + r.waiting(checks.HTTP, checks.Stage{})
	case k.Slow:
		return b.String() + r.Ending(k, r.Glyphs.Warn)
	case k.Status == checks.Unknown, k.Status == checks.Skip:
		return b.String() + r.Ending(k, r.Glyphs.Of(k.Status))
	case k.Status == checks.Warn, k.Status == checks.Fail:
		return b.String() + r.Ending(k, r.Glyphs.Of(k.Status))
	}
	return b.String() + r.Ending(k, r.Glyphs.OK)
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

func (r Ribbon) waiting(name checks.StageName, st checks.Stage) string {
	text := Clean(st.Note)
	if !strings.HasPrefix(text, "waiting") { // the engine says for what, and for how long at most
		text = both("waiting for "+waits[name], text, ", ")
	}
	return r.Theme.Here.Render(r.Glyphs.Here) + " " + text
}

var waits = map[checks.StageName]string{checks.Resolve: "the name", checks.Connect: "TCP", checks.Tunnel: "the tunnel",
	checks.TLS: "TLS", checks.HTTP: "the answer", checks.Content: "the answer"}

// waitsFor says in a line what a walk under way waits for.
func waitsFor(p checks.Path) string {
	text := strings.TrimSuffix(Clean(p.Target), ":443")
	for _, s := range p.Stages {
		if s.Status == checks.Unknown && s.Failure == checks.NoFailure {
			return text + ": waiting for " + waits[s.Name]
		}
	}
	return text
}

func stage(p *checks.Path, name checks.StageName) (checks.Stage, bool) {
	for _, s := range p.Stages {
		if s.Name == name {
			return s, true
		}
	}
	return checks.Stage{}, false
}

// broken: a hop that failed. A hop that only was slow, or that let through what it should not have opened, is no break.
func broken(s checks.Stage) bool {
	return s.Status == checks.Fail || s.Failure != checks.NoFailure && s.Failure != checks.TooSlow && s.Status != checks.Warn
}

// later reports whether the walk already has a hop behind this one, which means that it has no such hop at all.
func later(p *checks.Path, name checks.StageName) bool {
	order := []checks.StageName{checks.Resolve, checks.Connect, checks.Tunnel, checks.TLS, checks.HTTP, checks.Content}
	at := slices.Index(order, name)
	return slices.ContainsFunc(p.Stages, func(s checks.Stage) bool { return slices.Index(order, s.Name) > at })
}

// on tells whether a walk of this kind passes such a hop: a tunnel only through a proxy, TLS only for https.
func on(p *checks.Path, name checks.StageName) bool {
	secure := !strings.HasPrefix(p.URL, "http:") && !strings.HasPrefix(p.URL, "tcp:")
	switch name {
	case checks.Tunnel:
		return p.Route != "direct" && p.Route != "" && secure
	case checks.TLS:
		return secure
	}
	return true
}

// Stages lists the hops of one walk below each other, with the time and what was learned in each.
func (k Kit) Stages(p checks.Path, w int) []string {
	way := lang.T("panel.direct")
	if p.Route != "" && p.Route != "direct" {
		way = Clean(p.Route)
	}
	out := k.Paragraph(lang.T("panel.label.way"), both(way, both(Clean(p.Family), Clean(p.Address), " "), " "+k.Glyphs.Dot+" "), w)
	for _, s := range p.Stages {
		glyph := k.Glyph(s.Status)
		if broken(s) {
			glyph = k.Theme.Bad.Render(k.Glyphs.Bad)
		}
		why := s.Error
		if s.Failure == checks.Cancelled {
			why = lang.T("panel.stopped") // the raw view has the library's words
		}
		line := k.Theme.Dim.Render(k.Glyphs.Pad("  "+Clean(string(s.Name)), labels)) + glyph + " " +
			k.Glyphs.PadLeft(Took(s.Took), 7) + "  " + Clean(both(lang.Phrase(s.Note), why, " "+k.Glyphs.Dot+" "))
		out = append(out, k.Glyphs.Fit(line, w))
	}
	return out
}

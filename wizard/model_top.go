package wizard

import (
	"slices"
	"strings"
	"time"

	"linecheck/assets/lang"
	"linecheck/tui"
)

// top is who is checked on which machine by whom. Of the two ends the right one is kept: what is checked stands in the
// first panel again, where one is does not.
func (m *Model) top(w int) string {
	left := " " + m.kit.Theme.Title.Render("linecheck")
	for i, p := range m.session.Profiles {
		name, sep := tui.Title(p), " "+m.kit.Glyphs.Dot+" "
		if len(m.session.Profiles) > 1 {
			name = p.Vendor
		}
		if i > 0 {
			sep = ", "
		}
		left += sep + tui.Clean(name)
	}
	for _, parts := range m.topRight() {
		right := strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), " "+m.kit.Glyphs.Dot+" ")
		if room := w - tui.Width(right) - 2; right != "" && (room >= min(tui.Width(left), 28) || room >= 12 && w >= 60) {
			return m.kit.Glyphs.Pad(left, room) + " " + m.kit.Theme.Dim.Render(right)
		}
	}
	return m.kit.Glyphs.Fit(left, w)
}

// topRight is what stands at the right of the first line, the longest form first: where linecheck looks, and while
// something runs how far it is and how long it may still take, which then counts more.
func (m *Model) topRight() [][]string {
	elapsed := m.elapsed()
	if !m.began || !m.session.Busy() {
		return [][]string{{m.where(), elapsed}}
	}
	done, left := m.session.doneWords(), m.session.leftWords(time.Now())
	name, _, _ := strings.Cut(m.where(), " "+m.kit.Glyphs.Dot+" ")
	return [][]string{{name, done, elapsed, left}, {done, elapsed, left}, {elapsed, left}, {elapsed}}
}

func (m *Model) where() string {
	if m.session.Past != nil {
		return tui.Clean(m.session.past())
	}
	if m.opts.Place.Practice != "" {
		return lang.T("screen.practice", "scene", m.opts.Place.Practice)
	}
	id := m.opts.Place.Machine.Identity
	words := []string{id.Host}
	if id.Elevated {
		words = append(words, lang.T("screen.admin"))
	} else {
		words = append(words, lang.T("screen.no_admin"))
	}
	if id.Session != "" {
		words = append(words, id.Session)
	}
	return tui.Clean(strings.Join(words, " "+m.kit.Glyphs.Dot+" "))
}

// steps is the row of steps with what is known of each. Where it does not fit, it gets closer, then the names become
// short, then only the step that is looked at is named and the others are their signs.
func (m *Model) steps(w int) string {
	if m.start != nil {
		return " " + m.kit.Theme.Dim.Render(m.kit.Glyphs.Fit(lang.T("start.about"), w-1))
	}
	for _, form := range []struct{ gap, cut int }{{2, 0}, {1, 0}, {0, 0}, {1, 5}} {
		var parts []string
		for i, st := range m.session.Steps {
			parts = append(parts, m.step(i, short(st.Spec.Title, form.cut), m.sign(st)))
		}
		parts = append(parts, m.step(len(m.session.Steps), short(lang.T("screen.verdict"), form.cut), m.verdictSign()))
		if line := strings.Join(parts, strings.Repeat(" ", form.gap)); tui.Width(line) < w {
			return line
		}
	}
	line := ""
	for i, st := range m.session.Steps {
		sign := m.sign(st)
		if sign == " " {
			sign = m.kit.Theme.Dim.Render(m.kit.Glyphs.Dot)
		}
		if i == m.session.At {
			sign = m.kit.Theme.Here.Render(m.kit.Glyphs.Here+st.Spec.Title) + " " + sign
		}
		line += " " + sign
	}
	if m.session.At >= len(m.session.Steps) {
		line += " " + m.kit.Theme.Here.Render(m.kit.Glyphs.Here+lang.T("screen.verdict"))
	}
	return m.kit.Glyphs.Fit(line+"  "+lang.T("screen.of", "n", m.session.At+1, "total", len(m.session.Steps)+1), w)
}

// verdictSign is the verdict's shape, once all has ended.
func (m *Model) verdictSign() string {
	if !m.began || !m.session.Settled() {
		return ""
	}
	return m.kit.Glyph(verdictStatus[m.verdict.Status])
}

func short(s string, n int) string {
	if r := []rune(s); n > 0 && len(r) > n {
		return string(r[:n])
	}
	return s
}

func (m *Model) step(i int, name, sign string) string {
	here := " "
	style := m.kit.Theme.Text
	if i == m.session.At {
		here, style = m.kit.Theme.Here.Render(m.kit.Glyphs.Here), m.kit.Theme.Here
	}
	out := here + style.Render(name)
	if sign != "" {
		out += " " + sign
	}
	return out
}

func (m *Model) sign(st Step) string {
	switch {
	case st.Busy():
		return m.kit.Theme.Dim.Render(m.kit.Glyphs.Wait)
	case st.Runs[0].State == Waiting:
		return " "
	}
	return m.kit.Glyph(st.Status())
}

// elapsed stands still as soon as nothing runs, so that a settled screen writes nothing.
func (m *Model) elapsed() string {
	var last time.Time
	for _, st := range m.session.Steps {
		for _, r := range st.Runs {
			if end := r.Started.Add(r.Took); end.After(last) {
				last = end
			}
		}
	}
	if m.session.Busy() {
		last = time.Now()
	}
	if m.start != nil || m.session.Past != nil || last.Before(m.session.Started) {
		return ""
	}
	return lang.T("screen.seconds", "n", int(last.Sub(m.session.Started).Seconds()))
}

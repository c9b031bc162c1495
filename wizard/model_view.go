package wizard

import (
	"slices"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"linecheck/assets/lang"
	"linecheck/tui"
)

// View draws header, body, status line and help line; it never draws more than the window holds.
func (m *Model) View() tea.View {
	v := tea.NewView(m.screen())
	v.AltScreen = true
	v.WindowTitle = "linecheck"
	return v
}

// chrome is how many lines the header and the foot take together.
const chrome = 6

// room is how many lines are left for the body; in a window of a few lines it gets them all.
func (m *Model) room() int {
	if m.h < chrome+2 {
		return m.h
	}
	return m.h - chrome
}

func (m *Model) screen() string {
	w, h := m.w, m.h
	if w <= 0 || h <= 0 {
		return ""
	}
	body := strings.Split(m.body(w, m.room()), "\n")
	if m.room() == h {
		return tui.Box(body, w, h)
	}
	rule := m.kit.Theme.Border.Render(strings.Repeat(m.kit.Glyphs.Line, max(0, w-2)))
	lines := []string{m.top(w), m.steps(w), m.progress(w)}
	lines = append(lines, body...)
	lines = append(lines, " "+rule, m.status(w), m.help(w))
	return tui.Box(lines, w, h)
}

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
		parts = append(parts, m.step(len(m.session.Steps), short(lang.T("screen.verdict"), form.cut), ""))
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

func (m *Model) body(w, h int) string {
	switch {
	case m.dialog != nil:
		return m.dialog.view(w, h)
	case m.start != nil:
		return m.start.view(m.kit, w, h)
	case m.session.At >= len(m.panels):
		return m.pages.view(m, w, h)
	}
	st := m.session.Steps[m.session.At]
	question := tui.Wrap(st.Spec.Question, w-2)
	if h < 14 || len(question) > 2 {
		question = []string{m.kit.Glyphs.Fit(st.Spec.Question, w-2)}
	}
	role := m.roleLines(w, h)
	if len(role) > 0 {
		question = []string{m.kit.Glyphs.Fit(st.Spec.Question, w-2)}
	}
	var head []string
	for _, q := range question {
		head = append(head, " "+m.kit.Theme.Question.Render(q))
	}
	if head = append(head, role...); h >= 10 && len(role) == 0 {
		head = append(head, "")
	}
	lines := append(head, strings.Split(m.panels[m.session.At].View(w, h-len(head)), "\n")...)
	return tui.Box(lines, w, h)
}

// status is the one line that says what is true now.
func (m *Model) status(w int) string {
	if m.told != "" {
		return m.kit.Glyphs.Fit(" "+tui.Clean(m.told), w)
	}
	if m.start != nil {
		return m.kit.Glyphs.Fit(" "+m.start.status(), w)
	}
	if at := m.session.At; at < len(m.panels) {
		st := m.session.Steps[at]
		if t, ok := m.panels[at].(tui.Teller); ok {
			if left, right := t.Tell(); left != "" || right != "" {
				return m.kit.Glyphs.Ends(" "+left, m.kit.Theme.Dim.Render(right), w-1)
			}
		}
		return m.kit.Glyphs.Fit(" "+m.stepWords(st), w)
	}
	if waits := m.waiting(); waits != "" {
		return m.kit.Glyphs.Fit(" "+waits, w)
	}
	return m.kit.Glyphs.Fit(" "+m.pages.status(m), w)
}

func (m *Model) stepWords(st Step) string {
	if st.Busy() {
		for _, r := range st.Runs {
			if r.Progress.Waiting != "" {
				return lang.T("screen.still_what", "what", tui.Clean(lang.Phrase(r.Progress.Waiting)))
			}
		}
		return lang.T("screen.still")
	}
	for i, r := range st.Runs {
		if on := m.session.waitsFor(st.Spec, i); r.State == Waiting && on != "" && !m.session.Ended {
			return lang.T("screen.waits", "step", on)
		}
	}
	return m.kit.Mark(st.Status())
}

// waiting names the steps that have not ended.
func (m *Model) waiting() string {
	names := m.unfinished()
	if len(names) == 0 {
		return ""
	}
	return lang.T("screen.running", "steps", strings.Join(names, ", "))
}

// unfinished are the steps that have not ended.
func (m *Model) unfinished() []string {
	var names []string
	for _, st := range m.session.Steps {
		if st.Busy() || st.Runs[0].State == Waiting {
			names = append(names, st.Spec.Title)
		}
	}
	return names
}

func (m *Model) help(w int) string {
	if d, ok := m.dialog.(interface{ keys() []key.Binding }); ok {
		if _, typing := m.dialog.(*pathPage); typing {
			return m.kit.Help(w, d.keys(), keyForce())
		}
		return m.kit.Help(w, d.keys(), keyHelp(), keyForce())
	}
	if m.dialog != nil {
		return m.kit.Help(w, []key.Binding{keyEsc()}, keyForce())
	}
	if m.start != nil {
		return m.kit.Help(w, m.start.keys(m.kit), keyHelp(), keyQuit())
	}
	at := m.session.At
	if at >= len(m.panels) && m.calmNow() {
		return m.kit.Help(w, m.pages.keys(m), keyHelp(), keyQuit())
	}
	steps := tui.Bind(m.kit.Glyphs.LeftRight, lang.T("screen.key.step"), "left", "right")
	keys := []key.Binding{steps}
	if at < len(m.panels) {
		if tui.Holds(m.panels[at], tea.KeyPressMsg{Code: '?', Text: "?"}) { // something is typed: the other keys are letters
			return m.kit.Help(w, m.panels[at].Keys(), keyForce())
		}
		keys = append(keys, m.panels[at].Keys()...)
		if m.session.Role == Helpdesk {
			keys = append(keys, keyCopy())
		}
		if m.hasTicket() {
			keys = append(keys, keyTicket())
		}
		if m.session.Past == nil {
			keys = append(keys, keyAgain())
		}
		keys = append(keys, keySave())
	} else {
		keys = append(keys, m.pages.keys(m)...)
	}
	return m.kit.Help(w, keys, keyHelp(), keyQuit())
}

// calmNow: all has ended and all is well, so that there is nothing to do but to save and to leave.
func (m *Model) calmNow() bool {
	return m.verdict.Status == Healthy && m.session.Settled() && m.pages.depth == 0
}

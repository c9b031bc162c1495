package wizard

import (
	"strings"

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
	if tui.Holds(m.panels[m.session.At], tea.KeyPressMsg{Code: tea.KeyEscape}) {
		role = nil // what is read deeper down needs the rows, and has the sentence to say among its own
	}
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
		return lang.T("screen.still") // the panel says what it waits for
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
		if m.session.Settled() {
			keys = append(keys, keyLast())
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

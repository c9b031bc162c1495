package wizard

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"linecheck/assets/lang"
	"linecheck/tui"
)

// The keys that are the same everywhere. A panel gets one of them only while it holds it: see tui.Holder. No letter means
// something in one place that would do harm in another: see [newHelpPage].
func keyNext() key.Binding {
	return tui.Bind("", lang.T("screen.key.next"), "right", "l", "tab")
}
func keyBack() key.Binding {
	return tui.Bind("", lang.T("screen.key.before"), "left", "h", "shift+tab")
}
func keyLast() key.Binding {
	return tui.Bind("v", lang.T("screen.key.verdict"), "v")
}
func keyAgain() key.Binding {
	return tui.Bind("r", lang.T("screen.key.again"), "r")
}
func keyAll() key.Binding {
	return tui.Bind("R", lang.T("screen.key.all"), "R", "shift+r")
}
func keySkip() key.Binding {
	return tui.Bind("x", lang.T("screen.key.skip"), "x")
}
func keySave() key.Binding {
	return tui.Bind("s", lang.T("screen.key.save"), "s")
}
func keyHelp() key.Binding {
	return tui.Bind("?", lang.T("screen.key.help"), "?", "f1")
}
func keyQuit() key.Binding {
	return tui.Bind("q", lang.T("screen.key.quit"), "q")
}
func keyForce() key.Binding {
	return tui.Bind("Ctrl+C", lang.T("screen.key.force"), "ctrl+c")
}
func keyEsc() key.Binding {
	return tui.Bind("Esc", lang.T("screen.key.back"), "esc")
}
func keyTicket() key.Binding {
	return tui.Bind("t", lang.T("screen.key.ticket"), "t")
}
func keyAction() key.Binding {
	return tui.Bind("c", lang.T("screen.key.clean"), "c")
}
func keySince() key.Binding {
	return tui.Bind("d", lang.T("screen.key.since"), "d")
}
func keyCopy() key.Binding {
	return tui.Bind("y", lang.T("screen.key.copy"), "y")
}
func keyRole() key.Binding {
	return tui.Bind("w", lang.T("screen.key.role"), "w")
}

// key takes one key: a dialog first, then what holds the keyboard, then the wizard, then the panel.
func (m *Model) key(k tea.KeyPressMsg) tea.Cmd {
	if key.Matches(k, keyForce()) {
		return m.interrupt()
	}
	if m.asksHelp(k) {
		m.dialog = newHelpPage(m)
		return nil
	}
	if d := m.dialog; d != nil {
		open, then := d.key(k)
		if !open {
			m.dialog = nil
			if h, ok := d.(*helpPage); ok {
				m.dialog = h.under
			}
		}
		return then
	}
	if m.start != nil {
		return m.startKey(k)
	}
	at := m.session.At
	onStep := at < len(m.panels)
	if onStep && tui.Holds(m.panels[at], k) {
		return m.toPanel(k)
	}
	if !onStep && m.pages.holds(k) {
		m.pages = m.pages.key(k, m)
		return nil
	}
	m.told = ""
	switch {
	case key.Matches(k, keyNext()):
		m.move(at + 1)
	case key.Matches(k, keyBack(), keyEsc()):
		m.move(at - 1)
	case key.Matches(k, keyLast()):
		m.move(len(m.panels))
	case key.Matches(k, keyAll()):
		all := make([]int, len(m.panels))
		for i := range all {
			all[i] = i
		}
		m.told = lang.T("screen.again")
		m.rerun(all...)
	case key.Matches(k, keyAgain()) && onStep:
		m.rerun(at)
	case key.Matches(k, keySkip()) && onStep && m.session.Past == nil:
		m.skip(at)
		m.move(at + 1)
	case key.Matches(k, keySave()):
		return m.save()
	case key.Matches(k, keyCopy()):
		return m.take()
	case key.Matches(k, keyRole()):
		m.dialog = newRolePage(m)
	case key.Matches(k, keyQuit()):
		return m.askQuit()
	case key.Matches(k, keyTicket()) && m.hasTicket():
		m.dialog = newTicketPage(m)
	case key.Matches(k, keySince()) && m.hasLast():
		m.dialog = newLastPage(m)
	case key.Matches(k, keyAction()) && !onStep:
		if on, a, ok := m.mendable(); ok {
			m.ask(on, a)
		}
	case onStep:
		return m.toPanel(k)
	default:
		m.pages = m.pages.key(k, m)
	}
	return nil
}

// asksHelp: the key asks for all keys, and is no letter of what is being typed.
func (m *Model) asksHelp(k tea.KeyPressMsg) bool {
	if _, open := m.dialog.(*helpPage); open || !key.Matches(k, keyHelp()) {
		return false
	}
	if d, ok := m.dialog.(*noticePage); ok && !d.heard() {
		return false
	}
	if k.String() == "f1" {
		return true
	}
	if m.dialog != nil {
		_, typing := m.dialog.(*pathPage)
		return !typing
	}
	return m.start != nil || m.session.At >= len(m.panels) || !tui.Holds(m.panels[m.session.At], k)
}

func (m *Model) move(to int) {
	if to < 0 {
		m.told = lang.T("screen.first_step")
	}
	m.walks = true
	m.session = m.session.Apply(Moved{To: to})
	m.pages = verdictPage{}
}

func (m *Model) askQuit() tea.Cmd {
	if m.fixing() {
		m.told = lang.T("screen.change_first")
		m.session, m.quits = m.session.Apply(Interrupted{}), true // nothing is looked at again for whoever leaves
		return nil
	}
	if !m.session.Busy() {
		return tea.Quit
	}
	m.dialog = &question{kit: m.kit, text: lang.T("screen.leave"),
		yes: func() tea.Cmd { m.session = m.session.Apply(Interrupted{}); m.runner.Cancel(); return tea.Quit }}
	return nil
}

// question is a yes-or-no over the screen; only "y" is yes.
type question struct {
	kit  tui.Kit
	text string
	yes  func() tea.Cmd
}

func (d *question) key(k tea.KeyPressMsg) (bool, tea.Cmd) {
	switch k.String() {
	case "y":
		return false, d.yes()
	case "n", "esc":
		return false, nil
	}
	return true, nil
}

func (d *question) keys() []key.Binding {
	return []key.Binding{tui.Bind("y", lang.T("screen.leave_yes"), "y"), tui.Bind("n", lang.T("screen.leave_no"), "n"), keyEsc()}
}

func (d *question) view(w, h int) string {
	lines := append([]string{""}, tui.Indent(tui.Wrap(d.text, w-6), 3)...)
	lines = append(lines, "", "   "+d.kit.Theme.Key.Render("y")+" "+lang.T("screen.leave_yes")+"   "+d.kit.Theme.Key.Render("n")+" "+lang.T("screen.leave_no"))
	return tui.Box(lines, w, h)
}

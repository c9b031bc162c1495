package wizard

import (
	"fmt"
	"slices"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"linecheck/tui"
)

// The keys that are the same on every step. A panel gets one of them only while it holds it: see tui.Holder.
var (
	keyNext   = tui.Bind("", "next step", "right", "l", "tab", "n")
	keyBack   = tui.Bind("", "step before", "left", "h", "shift+tab", "p")
	keySteps  = tui.Bind("", "step", "left", "right") // for the help line only; its name comes from the glyphs
	keyLast   = tui.Bind("v", "verdict", "v")
	keyAgain  = tui.Bind("r", "again", "r")
	keyAll    = tui.Bind("R", "all again", "R", "shift+r")
	keySkip   = tui.Bind("x", "skip", "x")
	keySave   = tui.Bind("s", "save report", "s")
	keyHelp   = tui.Bind("?", "keys", "?")
	keyQuit   = tui.Bind("q", "quit", "q")
	keyForce  = tui.Bind("Ctrl+C", "quit at once", "ctrl+c")
	keyEsc    = tui.Bind("Esc", "back", "esc")
	keyTicket = tui.Bind("t", "ticket", "t")
	keyAction = tui.Bind("c", "clean", "c")
	keySince  = tui.Bind("d", "since last run", "d")
)

// key takes one key: a dialog first, then what holds the keyboard, then the wizard, then the panel.
func (m *Model) key(k tea.KeyPressMsg) tea.Cmd {
	if key.Matches(k, keyForce) {
		return m.interrupt()
	}
	if m.dialog != nil {
		open, then := m.dialog.key(k)
		if !open {
			m.dialog = nil
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
	case key.Matches(k, keyNext):
		m.move(at + 1)
	case key.Matches(k, keyBack, keyEsc):
		m.move(at - 1)
	case key.Matches(k, keyLast):
		m.move(len(m.panels))
	case key.Matches(k, keyAll):
		all := make([]int, len(m.panels))
		for i := range all {
			all[i] = i
		}
		m.told = "everything is being checked again"
		m.rerun(all...)
	case key.Matches(k, keyAgain) && onStep:
		m.rerun(at)
	case key.Matches(k, keySkip) && onStep && m.session.Past == nil:
		m.skip(at)
		m.move(at + 1)
	case key.Matches(k, keySave):
		return m.save()
	case key.Matches(k, keyHelp):
		m.dialog = newHelpPage(m)
	case key.Matches(k, keyQuit):
		return m.askQuit()
	case key.Matches(k, keyTicket) && m.hasTicket():
		m.dialog = newTicketPage(m)
	case key.Matches(k, keySince) && m.hasLast():
		m.dialog = newLastPage(m)
	case key.Matches(k, keyAction) && !onStep:
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

func (m *Model) move(to int) {
	m.walks = true
	m.session = m.session.Apply(Moved{To: to})
	m.pages = verdictPage{}
}

func (m *Model) askQuit() tea.Cmd {
	if m.fixing() {
		m.told = "a change is under way; linecheck ends as soon as the service runs again"
		m.session, m.quits = m.session.Apply(Interrupted{}), true // nothing is looked at again for whoever leaves
		return nil
	}
	if !m.session.Busy() {
		return tea.Quit
	}
	m.dialog = &question{kit: m.kit, text: "Checks are still running. Leave now? What they have not found is not in the report.",
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
	case "n", "esc", "q":
		return false, nil
	}
	return true, nil
}

func (d *question) view(w, h int) string {
	lines := append([]string{""}, tui.Indent(tui.Wrap(d.text, w-6), 3)...)
	lines = append(lines, "", "   "+d.kit.Theme.Key.Render("y")+" leave   "+d.kit.Theme.Key.Render("n")+" stay")
	return tui.Box(lines, w, h)
}

// helpPage lists every key of the step and of the wizard.
type helpPage struct {
	m     *Model
	lines []string
	top   int
}

func newHelpPage(m *Model) *helpPage {
	p := &helpPage{m: m}
	told := map[string]bool{}
	row := func(b key.Binding) {
		if b.Help().Key != "" && !told[b.Help().Key] {
			told[b.Help().Key] = true
			p.lines = append(p.lines, "   "+m.kit.Theme.Key.Render(m.kit.Glyphs.Pad(b.Help().Key, 12))+b.Help().Desc)
		}
	}
	p.lines = append(p.lines, m.kit.Theme.Title.Render(" On this screen"))
	if m.session.At < len(m.panels) {
		for _, b := range m.panels[m.session.At].Keys() {
			row(b)
		}
	} else {
		for _, b := range m.pages.keys(m) {
			row(b)
		}
	}
	p.lines = append(p.lines, "", m.kit.Theme.Title.Render(" Everywhere"))
	row(tui.Bind(m.kit.Glyphs.LeftRight, "a step back or on; also h l, p n, Tab"))
	row(keyLast)
	if m.hasTicket() {
		row(keyTicket)
	}
	if m.session.At < len(m.panels) {
		if m.session.Past == nil {
			row(keyAgain)
			row(keySkip)
		}
	}
	for _, b := range []key.Binding{keyAll, keySave, keyEsc, keyQuit, keyForce} {
		if m.session.Past == nil || b.Help() != keyAll.Help() {
			row(b)
		}
	}
	return p
}

func (d *helpPage) key(k tea.KeyPressMsg) (bool, tea.Cmd) {
	var moved bool
	d.top, moved = scroll(k.String(), d.top, len(d.lines), d.m.room())
	return moved, nil
}

func (d *helpPage) view(w, h int) string { return page(d.m.kit, d.lines, d.top, w, h) }

// scrolled brings a position back into n lines of which h are seen.
func scrolled(top, n, h int) int { return max(0, min(top, n-h)) }

// scroll moves a position by a key, never past lines that were not seen.
func scroll(key string, top, n, h int) (int, bool) {
	top = scrolled(top, n, h)
	to, moved := tui.Step(key, top, n)
	if seen := max(1, h-2); !slices.Contains([]string{"home", "end", "g", "G"}, key) {
		to = max(top-seen, min(to, top+seen))
	}
	return scrolled(to, n, h), moved
}

// page draws what fits of lines from top on. Where more follows, a row is given up so that nobody takes the cut for the
// end.
func page(kit tui.Kit, lines []string, top, w, h int) string {
	lines = lines[scrolled(top, len(lines), h):]
	if below := len(lines) - h; below > 0 && h > 3 {
		more := fmt.Sprintf("   %d more lines: PgDn", below+1)
		lines = append(slices.Clone(lines[:h-1]), kit.Theme.Dim.Render(more))
	}
	return tui.Box(lines, w, h)
}

package wizard

import (
	"slices"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"linecheck/assets/lang"
	"linecheck/tui"
)

// helpPage lists every key of what is looked at and of the wizard. It lies over other dialogs too.
type helpPage struct {
	m     *Model
	under dialog
	top   int
}

func newHelpPage(m *Model) *helpPage { return &helpPage{m: m, under: m.dialog} }

func (d *helpPage) key(k tea.KeyPressMsg) (bool, tea.Cmd) {
	var moved bool
	d.top, moved = scroll(k.String(), d.top, len(d.lines(d.m.w)), d.m.room())
	return moved, nil
}

func (d *helpPage) view(w, h int) string { return page(d.m.kit, d.lines(w), d.top, w, h) }

// here are the keys of what is looked at; alone: the wizard's own keys do nothing there.
func (d *helpPage) here() (keys []key.Binding, alone bool) {
	m := d.m
	switch at := m.session.At; {
	case d.under != nil:
		if k, ok := d.under.(interface{ keys() []key.Binding }); ok {
			keys = k.keys()
		}
		return append(slices.Clone(keys), keyEsc()), true
	case m.start != nil:
		return append(m.start.keys(m.kit), keyQuit()), true
	case at < len(m.panels):
		return m.panels[at].Keys(), false
	}
	return m.pages.keys(m), false
}

func (d *helpPage) lines(w int) []string {
	m, t := d.m, d.m.kit.Theme
	var lines []string
	told := map[string]bool{}
	row := func(b key.Binding) {
		shown := b.Help().Key
		if shown == "" || told[shown] {
			return
		}
		told[shown] = true
		for i, l := range tui.Wrap(b.Help().Desc, w-16) {
			if i > 0 {
				shown = ""
			}
			lines = append(lines, "   "+t.Key.Render(m.kit.Glyphs.Pad(shown, max(12, tui.Width(shown)+1)))+l)
		}
	}
	if list := m.adviceHere(); d.under == nil && len(list) > 0 {
		lines = append(append(lines, t.Title.Render(" "+lang.T("screen.help.now"))), m.laid(list, w, 40)...)
		lines = append(lines, "")
	}
	keys, alone := d.here()
	lines = append(lines, t.Title.Render(" "+lang.T("screen.help.here")))
	for _, b := range keys {
		row(b)
	}
	lines = append(lines, "", t.Title.Render(" "+lang.T("screen.help.everywhere")))
	row(tui.Bind(m.kit.Glyphs.UpDown+" "+tui.KeyName("PgDn"), lang.T("screen.key.scroll"), "up", "down"))
	if !alone {
		row(tui.Bind(m.kit.Glyphs.LeftRight, lang.T("screen.key.steps")))
		row(keyLast())
		if m.hasTicket() {
			row(keyTicket())
		}
		if m.session.At < len(m.panels) && m.session.Past == nil {
			row(keyAgain())
			row(keySkip())
		}
		if m.session.Past == nil {
			row(keyAll())
		}
		for _, b := range []key.Binding{keySave(), keyCopy(), keyRole(), keyEsc(), keyQuit()} {
			row(b)
		}
	}
	help := keyHelp()
	help.SetHelp("? F1", help.Help().Desc)
	row(help)
	row(keyForce())
	lines = append(lines, "")
	for _, rule := range []string{lang.T("screen.help.rule_esc"), lang.T("screen.help.rule_change"), lang.T("screen.help.rule_ask")} {
		for _, l := range tui.Wrap(rule, w-5) {
			lines = append(lines, "   "+t.Dim.Render(l))
		}
	}
	return lines
}

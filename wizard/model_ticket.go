package wizard

import (
	"fmt"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/tui"
)

// ticketPage shows the tickets over the screen, one for each reader, as they stood when it was opened.
type ticketPage struct {
	m       *Model
	session Session
	whose   Whose
	made    map[Whose]Ticket
	top     int
}

// hasTicket: where broken addresses are looked at, and where they are judged.
func (m *Model) hasTicket() bool {
	at := m.session.At
	return m.began && (at >= len(m.panels) || slices.Contains([]checks.ID{"proxy", "allowlist"}, m.session.Steps[at].Spec.ID))
}

func newTicketPage(m *Model) *ticketPage {
	return &ticketPage{m: m, session: m.session, whose: ForNetwork, made: map[Whose]Ticket{}}
}

// ticket writes the ticket of the reader that is looked at, once.
func (d *ticketPage) ticket() Ticket {
	t, ok := d.made[d.whose]
	if !ok {
		t = d.m.opts.TicketFor(d.whose, d.session, d.m.runID)
		d.made[d.whose] = t
	}
	return t
}

func (d *ticketPage) key(k tea.KeyPressMsg) (bool, tea.Cmd) {
	m := d.m
	m.told = ""
	switch s := k.String(); s {
	case "esc", "q", "t":
		return false, nil
	case "s":
		t, started := d.ticket(), m.session.Started
		return true, m.saveBy(func() ([]string, error) { return SaveTicket(t, started, m.runID) })
	case "y":
		return true, m.copyText(plainText(d.ticket().Lines(takeWidth)), lang.T("screen.copy.ticket"))
	case "tab", "right", "l":
		d.whose, d.top = d.whose.next(1), 0
	case "shift+tab", "left", "h":
		d.whose, d.top = d.whose.next(-1), 0
	case "1", "2", "3":
		d.whose, d.top = Readers[s[0]-'1'], 0
	default:
		d.top, _ = scroll(s, d.top, len(d.lines(m.w)), m.room())
	}
	return true, nil
}

func (d *ticketPage) keys() []key.Binding {
	return []key.Binding{tui.Bind("Tab", lang.T("screen.key.whose"), "tab"), keyCopy(), tui.Bind("s", lang.T("screen.key.save_file"), "s"), keyEsc(),
		tui.Bind(d.m.kit.Glyphs.UpDown, lang.T("screen.key.read"), "down")} // a narrow window leaves out the last ones
}

// readers is the line that says whose ticket is looked at.
func (d *ticketPage) readers(w int) string {
	var parts []string
	for i, whose := range Readers {
		name := fmt.Sprintf("%d %s", i+1, whose.word())
		if w < 60 {
			name = fmt.Sprintf("%d %s", i+1, lang.T("ticket.short."+string(whose)))
		}
		if whose == d.whose {
			name = d.m.kit.Theme.Here.Render(d.m.kit.Glyphs.Here + name)
		} else {
			name = " " + d.m.kit.Theme.Dim.Render(name)
		}
		parts = append(parts, name)
	}
	return d.m.kit.Glyphs.Fit(" "+lang.T("screen.page.for")+" "+strings.Join(parts, "  "), w)
}

func (d *ticketPage) lines(w int) []string {
	text := tui.Indent(d.ticket().Lines(min(w-3, ticketWidth)), 1)
	return append([]string{d.readers(w), ""}, text...)
}

func (d *ticketPage) view(w, h int) string { return page(d.m.kit, d.lines(w), d.top, w, h) }

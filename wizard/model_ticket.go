package wizard

import (
	"slices"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"linecheck/checks"
	"linecheck/tui"
)

// ticketPage shows the ticket for the network team over the screen, as it stood when it was opened.
type ticketPage struct {
	m      *Model
	ticket Ticket
	top    int
}

// hasTicket: where broken addresses are looked at, and where they are judged.
func (m *Model) hasTicket() bool {
	at := m.session.At
	return m.began && (at >= len(m.panels) || slices.Contains([]checks.ID{"proxy", "allowlist"}, m.session.Steps[at].Spec.ID))
}

func newTicketPage(m *Model) *ticketPage {
	return &ticketPage{m: m, ticket: m.opts.Ticket(m.session, m.runID)}
}

func (d *ticketPage) key(k tea.KeyPressMsg) (bool, tea.Cmd) {
	m := d.m
	m.told = ""
	switch k.String() {
	case "esc", "q", "t":
		return false, nil
	case "s":
		t, started := d.ticket, m.session.Started
		return true, m.saveBy(func() ([]string, error) { return SaveTicket(t, started, m.runID) })
	}
	d.top, _ = scroll(k.String(), d.top, len(d.lines(m.w)), m.room())
	return true, nil
}

func (d *ticketPage) keys() []key.Binding {
	return []key.Binding{tui.Bind(d.m.kit.Glyphs.UpDown, "read", "down"), tui.Bind("s", "save", "s"), keyEsc}
}

func (d *ticketPage) lines(w int) []string {
	return tui.Indent(d.ticket.Lines(min(w-3, ticketWidth)), 1)
}

func (d *ticketPage) view(w, h int) string { return page(d.m.kit, d.lines(w), d.top, w, h) }

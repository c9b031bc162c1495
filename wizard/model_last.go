package wizard

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"linecheck/assets/lang"
	"linecheck/tui"
)

// lastMsg: the newest report that this session can be compared with was looked for.
type lastMsg struct {
	last  LastRun
	found bool
	run   string // the session that asked
}

// findLast is a command: it looks for the last run of this computer where reports are saved.
func (m *Model) findLast() tea.Cmd {
	if m.session.Past != nil {
		return nil
	}
	ctx, o, s, id := m.ctx, m.opts, m.session, m.runID
	return func() tea.Msg {
		last, ok := FindLast(ctx, saveDirs(), o, s, id)
		return lastMsg{last, ok, id}
	}
}

// hasLast: there is something to compare a finished verdict with.
func (m *Model) hasLast() bool {
	return m.last != nil && m.began && m.session.At >= len(m.panels) && m.session.Past == nil
}

// lastPage shows over the verdict what is different from the last run, as it stood when it was opened.
type lastPage struct {
	m    *Model
	diff Comparison
	top  int
}

func newLastPage(m *Model) *lastPage {
	return &lastPage{m: m, diff: m.last.against(m.opts.Report(m.session, m.runID))}
}

func (d *lastPage) key(k tea.KeyPressMsg) (bool, tea.Cmd) {
	switch s := k.String(); s {
	case "esc", "q", "d":
		return false, nil
	default:
		d.top, _ = scroll(s, d.top, len(d.lines(d.m.w)), d.m.room())
	}
	return true, nil
}

func (d *lastPage) keys() []key.Binding {
	return []key.Binding{tui.Bind(d.m.kit.Glyphs.UpDown, lang.T("screen.key.read"), "down"), keyEsc()}
}

func (d *lastPage) lines(w int) []string {
	var out []string
	for i, p := range d.diff.paragraphs() {
		for _, l := range linesOf([]paragraph{p}, min(w-3, ticketWidth)) {
			switch {
			case i == 0:
				l = d.m.kit.Theme.Title.Render(l)
			case p.head:
				l = d.m.kit.Theme.Question.Render(l)
			}
			out = append(out, " "+l)
		}
	}
	if !d.m.session.Settled() {
		out = append(out, "", " "+lang.T("screen.not_ended"))
	}
	return out
}

func (d *lastPage) view(w, h int) string { return page(d.m.kit, d.lines(w), d.top, w, h) }

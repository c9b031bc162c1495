package wizard

import (
	tea "charm.land/bubbletea/v2"
)

// copyText puts text onto the clipboard of the person at the terminal, and tells on the status line which way it went. what
// names it in a sentence: "the ticket". Secrets are taken out first, as in a saved report.
func (m *Model) copyText(text, what string) tea.Cmd {
	m.told = what
	return tea.SetClipboard(text)
}

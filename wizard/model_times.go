package wizard

import "linecheck/assets/lang"

// nowAndBefore is now and before on the verdict's page, and what no cause explains.
func (m *Model) nowAndBefore(w int) []string {
	var lines []string
	for _, t := range m.verdict.Told() {
		lines = append(lines, m.field(t[0], t[1], w)...)
	}
	if len(lines) > 0 {
		lines = append([]string{""}, lines...)
	}
	if more := m.notExplained(w); len(more) > 0 {
		lines = append(append(lines, ""), more...)
	}
	return lines
}

func (m *Model) notExplained(w int) []string {
	var lines []string
	label := lang.T("screen.page.unexplained")
	for _, s := range unexplainedOf(m.session, m.verdict) {
		lines = append(lines, m.field(label, s, w)...)
		label = ""
	}
	return lines
}

package wizard

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/tui"
)

// takeWidth is how wide copied text is laid out: a ticket system's field.
const takeWidth = 76

// take copies what matters where the person is: the verdict in a few lines, the evidence of a cause, or what a step saw.
func (m *Model) take() tea.Cmd {
	text, what := m.stepText(), lang.T("screen.copy.step")
	if m.session.At >= len(m.panels) {
		text, what = m.verdictText(), lang.T("screen.copy.verdict")
		if at := m.pages.at(m); m.pages.depth > 0 && at >= 0 && at < len(m.verdict.Causes) {
			text, what = plainText(m.pages.evidence(m, m.verdict.Causes[at], takeWidth)), lang.T("screen.copy.evidence")
		}
	}
	if strings.TrimSpace(text) == "" {
		m.told = lang.T("screen.copy.nothing")
		return nil
	}
	return m.copyText(text, what)
}

// verdictText is the verdict for a ticket: what is wrong, who mends it, what to do, and where the proof is.
func (m *Model) verdictText() string {
	v := m.verdict
	lines := []string{tui.Clean(v.Headline)}
	item := func(label, text string) {
		if text != "" {
			lines = append(lines, label+": "+tui.Clean(text))
		}
	}
	if at := m.pages.at(m); at >= 0 && at < len(v.Causes) {
		c := v.Causes[at]
		if at > 0 {
			item(lang.T("screen.page.this"), c.Headline)
		}
		item(lang.T("screen.page.who"), whoFor(c))
		item(lang.T("screen.page.fix"), strings.Join(c.Fix, " "))
		item(lang.T("screen.page.seen"), c.Explanation)
		lines = append(lines, SureWord(c.Confidence)+", "+c.ID)
	}
	for _, miss := range v.Missing {
		if tui.Clean(miss) != lines[0] && len(v.Causes) == 0 {
			item(lang.T("screen.page.unknown"), miss)
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

// stepText is what a step found that is not in order, and where all is, that it is.
func (m *Model) stepText() string {
	if m.session.At >= len(m.session.Steps) {
		return ""
	}
	st := m.session.Steps[m.session.At]
	lines := []string{st.Spec.Title + ": " + tui.Word(st.Status())}
	for _, r := range st.Runs {
		for _, f := range r.Result.Findings {
			if slices.Contains([]checks.Status{checks.Fail, checks.Warn, checks.Unknown}, f.Status) {
				t := checks.TextOf(st.Spec.ID, f)
				lines = append(lines, "- "+tui.Word(f.Status)+": "+tui.Clean(t.Text)+" ("+string(f.Code)+")")
				if t.Fix != "" {
					lines = append(lines, "  "+lang.T("screen.page.fix")+": "+tui.Clean(t.Fix))
				}
			}
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

// plainText takes the styles out of drawn lines.
func plainText(lines []string) string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = strings.TrimRight(tui.Clean(l), " ")
	}
	return strings.Trim(strings.Join(out, "\n"), "\n") + "\n"
}

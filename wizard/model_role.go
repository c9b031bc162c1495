package wizard

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/tui"
)

// adviceHere is what the role says where the person is now.
func (m *Model) adviceHere() []advice {
	if !m.began || m.session.Past != nil && m.session.Role == Guided && m.session.At >= len(m.panels) && len(m.verdict.Causes) == 0 {
		return nil
	}
	next := m.kit.Glyphs.LeftRight
	if _, right, ok := strings.Cut(next, "/"); ok {
		next = right
	} else if r := []rune(next); len(r) > 1 {
		next = string(r[len(r)-1:])
	}
	return m.session.advise(m.verdict, handles{next: next, bad: m.kit.Glyphs.Bad, of: map[checks.Status]string{checks.Fail: m.kit.Glyphs.Bad, checks.Warn: m.kit.Glyphs.Warn}})
}

// roleLines are the role's part of a step, under its question: whole where there is room, one line where there is little.
// What the step saw keeps two thirds of the rows at least.
func (m *Model) roleLines(w, h int) []string {
	list := m.adviceHere()
	if len(list) == 0 || h < 5 || w < 20 {
		return nil
	}
	if h < 14 || w < 50 {
		if m.session.Role == Helpdesk {
			return nil // the panel says it already
		}
		return []string{m.kit.Glyphs.Fit(" "+m.kit.Theme.Key.Render(list[0].label())+" "+tui.Clean(list[0].text), w-1)}
	}
	return append(m.laid(list, w, max(2, h/3-1)), "")
}

// laid draws sentences with their labels beside them, in at most that many rows; what is cut says so.
func (m *Model) laid(list []advice, w, rows int) []string {
	col := 0
	for _, a := range list {
		col = max(col, tui.Width(a.label())+2)
	}
	wrapped := make([][]string, len(list))
	total := 0
	for i, a := range list {
		wrapped[i] = tui.Wrap(tui.Clean(a.text), w-col-4)
		total += len(wrapped[i])
	}
	for total > rows && len(wrapped) > 1 && list[len(wrapped)-1].part == "vendor" { // an address that is cut is of no use
		total -= len(wrapped[len(wrapped)-1])
		wrapped = wrapped[:len(wrapped)-1]
	}
	for ; total > rows; total-- {
		long := 0
		for i := range wrapped {
			if len(wrapped[i]) >= len(wrapped[long]) {
				long = i
			}
		}
		if n := len(wrapped[long]) - 1; n > 0 {
			wrapped[long] = wrapped[long][:n]
			wrapped[long][n-1] = m.kit.Glyphs.Fit(wrapped[long][n-1], w-col-6) + m.kit.Glyphs.Cut
		} else if len(wrapped) > 1 {
			wrapped = wrapped[:len(wrapped)-1]
		}
	}
	var out []string
	for i, lines := range wrapped {
		for j, l := range lines {
			head := strings.Repeat(" ", col)
			if j == 0 {
				head = m.kit.Theme.Key.Render(m.kit.Glyphs.Pad(list[i].label(), col))
			}
			out = append(out, "   "+head+l)
		}
	}
	return out
}

// adviceFields are the role's part of the verdict.
func (m *Model) adviceFields(w int) []string {
	var out []string
	for _, a := range m.adviceHere() {
		out = append(out, m.field(a.label(), a.text, w)...)
	}
	return out
}

// progress is the rule under the steps; where a customer listens it is a way with a mark for
// each step, filled for those that were walked.
func (m *Model) progress(w int) string {
	rule := func(n int) string { return m.kit.Theme.Border.Render(strings.Repeat(m.kit.Glyphs.Line, max(0, n))) }
	n, total := m.session.At+1, len(m.session.Steps)
	if m.session.Role != Guided || m.start != nil || total == 0 {
		return " " + rule(w-2)
	}
	text := lang.T("screen.step_of", "n", n, "total", total)
	if n > total {
		text, n = lang.T("screen.at_verdict", "total", total), total
	}
	cells := w - 4 - tui.Width(text)
	if cells < total {
		return m.kit.Glyphs.Fit(" "+m.kit.Theme.Title.Render(text), w)
	}
	line, here := rule(cells/total-1), m.kit.Theme.Here
	out := " " + m.kit.Theme.Title.Render(text) + " "
	for i := range total {
		mark := here.Render(m.kit.Glyphs.Other)
		if i < n {
			mark = here.Render(m.kit.Glyphs.Ours)
		}
		out += mark + line
	}
	return out + rule(cells%total)
}

// rememberedMsg: the role was kept for other days, or could not be.
type rememberedMsg struct {
	role Role
	kept bool
	err  error
}

func (r rememberedMsg) told() string {
	switch {
	case r.err != nil:
		return lang.T("role.not_kept", "role", r.role.name(), "why", lang.Phrase(firstLine(r.err.Error())))
	case r.kept:
		return lang.T("role.changed", "role", r.role.name())
	}
	return lang.T("role.changed_once", "role", r.role.name())
}

// keepRole takes the role for this session, and keeps it for other days where that is news; nil: there is nothing to do.
func (m *Model) keepRole(r Role) tea.Cmd {
	news := !m.opts.RoleKnown || m.opts.Role != r
	m.opts.Role, m.opts.RoleKnown = r, true
	if m.start != nil {
		m.start.role = r
	}
	if !news || m.opts.Remember == nil {
		return nil
	}
	keep := m.opts.Remember
	return func() tea.Msg { return rememberedMsg{r, true, keep(r)} }
}

// changeRole is another way of working from now on. It changes words, and nothing that was found.
func (m *Model) changeRole(r Role) tea.Cmd {
	keep := m.keepRole(r)
	if m.began {
		m.session = m.session.Apply(RoleChosen{Role: r})
	}
	m.told = rememberedMsg{role: r}.told()
	return keep
}

// rolePage asks how the person works.
type rolePage struct {
	m  *Model
	at int
}

func newRolePage(m *Model) *rolePage {
	now := m.session.Role
	if m.start != nil {
		now = m.start.role
	}
	return &rolePage{m: m, at: max(0, slices.Index(roles, now))}
}

func (d *rolePage) key(k tea.KeyPressMsg) (bool, tea.Cmd) {
	switch s := k.String(); s {
	case "esc", "q", "w":
		return false, nil
	case "enter", "right", "l", "space":
		return false, d.m.changeRole(roles[d.at])
	case "1", "2", "3":
		return false, d.m.changeRole(roles[s[0]-'1'])
	case "tab":
		d.at = (d.at + 1) % len(roles)
	default:
		d.at, _ = tui.Step(s, d.at, len(roles))
	}
	return true, nil
}

func (d *rolePage) keys() []key.Binding {
	return []key.Binding{tui.Bind(d.m.kit.Glyphs.UpDown, lang.T("screen.key.choose"), "up", "down"),
		tui.Bind("Enter", lang.T("screen.key.take"), "enter"), keyEsc()}
}

func (d *rolePage) view(w, h int) string {
	kit := d.m.kit
	lines := []string{" " + kit.Theme.Question.Render(kit.Glyphs.Fit(lang.T("role.question"), w-2)), ""}
	for i, r := range roles {
		name := string(rune('1'+i)) + " " + r.name()
		if i == d.at {
			lines = append(lines, " "+kit.Theme.Here.Render(kit.Glyphs.Fit(kit.Glyphs.Here+" "+name, w-1)))
		} else {
			lines = append(lines, kit.Glyphs.Fit("   "+name, w))
		}
		if h >= 10 {
			for _, l := range tui.Wrap(r.hint(), w-7) {
				lines = append(lines, "     "+kit.Theme.Dim.Render(l))
			}
		}
	}
	return tui.Box(lines, w, h)
}

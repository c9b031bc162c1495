package logs

import (
	"slices"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"linecheck/checks"
	"linecheck/tui"
)

func init() { tui.Register("logs", newModel) }

// kept is how many lines of a live tail can be scrolled back: an hour at 14 lines a second.
const kept = 50_000

// model shows what the logs said so far, and below it what they say now.
type model struct {
	*tui.Findings
	pane   *tui.LogPane
	inTail bool        // the keys go to the tail
	asked  bool        // a live tail was asked for and has not been seen yet
	seen   map[int]int // per run: how many of its lines the pane has got
}

func newModel(spec checks.Spec, kit tui.Kit) tui.Panel {
	return &model{Findings: tui.List(spec, kit), pane: tui.NewLogPane(kit, kept), seen: map[int]int{}}
}

// Update implements [tui.Panel].
func (m *model) Update(msg tea.Msg) (tui.Panel, tui.Intent, tea.Cmd) {
	switch msg := msg.(type) {
	case tui.RunsMsg:
		m.Handle(msg)
		m.take()
		return m, nil, nil
	case tea.KeyPressMsg:
		return m, m.key(msg), nil
	}
	return m, nil, nil
}

func (m *model) key(k tea.KeyPressMsg) tui.Intent {
	if m.inTail && m.pane.Holds(k) {
		m.pane.Key(k)
		return nil
	}
	switch s := k.String(); {
	case s == "f":
		if m.pane.Following {
			m.asked, m.pane.Following = false, false
			return tui.Stop{}
		}
		m.asked, m.inTail, m.pane.Following = true, true, true
		return tui.Start{Follow: true}
	case m.inTail && s == "esc":
		m.inTail = false
		return nil
	case !m.inTail && m.tail() && m.Reader.Depth == tui.AtList && (s == "down" || s == "j") && m.Cursor >= len(m.Items)-1:
		m.inTail = true
		return nil
	}
	if m.inTail {
		m.pane.Key(k)
		return nil
	}
	return m.Handle(k)
}

// take hands new lines to the pane, and learns whether the tail still runs.
func (m *model) take() {
	following := false
	for i, r := range m.Runs {
		following = following || r.Following
		total := r.Dropped + len(r.Lines)
		if total < m.seen[i] {
			m.seen[i] = 0
			m.pane.Reset()
		}
		fresh := min(total-m.seen[i], len(r.Lines))
		m.pane.Dropped += total - m.seen[i] - fresh
		m.pane.Add(r.Lines[len(r.Lines)-fresh:]...)
		m.seen[i] = total
	}
	if following {
		m.asked = false
	}
	m.pane.Following = following || m.asked
	if !m.tail() {
		m.inTail = false
	}
}

// tail: there is a live part to show.
func (m *model) tail() bool { return m.pane.Following || m.pane.Len() > 0 }

// Holds implements [tui.Holder]. In the tail n, N and p mean problems, not steps.
func (m *model) Holds(k tea.KeyPressMsg) bool {
	if m.inTail {
		return m.pane.Holds(k) || slices.Contains([]string{"esc", "n", "N", "p"}, k.String())
	}
	return m.Findings.Holds(k)
}

// Keys implements [tui.Panel].
func (m *model) Keys() []key.Binding {
	follow := tui.Bind("f", "follow", "f")
	if m.pane.Following {
		follow = tui.Bind("f", "stop", "f")
	}
	if m.inTail {
		return append(m.pane.Keys(), follow)
	}
	if m.Reader.Depth > tui.AtList {
		return m.Findings.Keys()
	}
	return append(m.Findings.Keys(), follow)
}

// View implements [tui.Panel].
func (m *model) View(w, h int) string {
	if !m.tail() {
		return m.Findings.View(w, h)
	}
	if m.inTail && m.pane.Open() {
		return m.pane.View(w, h)
	}
	if s, ok := m.Deep(w, h); ok && !m.inTail {
		return s
	}
	top := m.above(w, h)
	body := tui.Box(top, w, len(top))
	if body == "" {
		return m.pane.View(w, h)
	}
	if len(top) >= h {
		return tui.Box(top, w, h)
	}
	return body + "\n" + m.pane.View(w, h-len(top))
}

// above is the summary over the tail: a quarter of the height, or half of it while the keys go there.
func (m *model) above(w, h int) []string {
	t := m.Table()
	room := h / 4
	if m.inTail {
		t.Cursor = -1
	} else {
		room = h / 2
	}
	if room < 1 || t.N == 0 {
		return nil
	}
	out := t.View(w, min(room, t.N), &m.Win)
	if it, ok := m.Selected(); ok && !m.inTail && len(out)+4 <= h/2 {
		out = append(append(out, ""), tui.Indent(m.Explain(m.Spec.ID, it.Finding, w-4), 3)...)
	}
	if len(out) > h/2 {
		out = out[:h/2]
	}
	return append(out, "")
}

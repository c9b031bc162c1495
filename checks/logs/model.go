package logs

import (
	"slices"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/tui"
)

func init() { tui.Register("logs", newModel) }

// kept is how many lines of a live tail can be scrolled back: an hour at 14 lines a second.
const kept = 50_000

// asker is the check that asks the product's cloud, for whoever wants to see what the product does meanwhile.
const asker checks.ID = "allowlist"

// model shows what the logs said so far, and below it what they say now.
type model struct {
	*tui.Findings
	pane   *tui.LogPane
	inTail bool        // the keys go to the tail
	asked  bool        // a live tail was asked for and has not been seen yet
	past   bool        // what is shown was named by a person: there is nothing to follow
	seen   map[int]int // per run: how many of its lines the pane has got
	missed int         // lines that were gone before the pane was told of them
	ticks  time.Time   // when the screen is drawn again by itself, so that a rate that is over does not stay
}

// calmMsg: the tail may be quiet now.
type calmMsg struct{}

func newModel(spec checks.Spec, kit tui.Kit) tui.Panel {
	m := &model{Findings: tui.List(spec, kit), pane: tui.NewLogPane(kit, kept), seen: map[int]int{}}
	m.Below = m.table
	m.pane.Fix = func(l checks.Line) string {
		if l.Code == "" {
			return ""
		}
		return checks.TextOf(spec.ID, checks.Finding{Code: l.Code, Status: l.Status}).Fix
	}
	return m
}

// Update implements [tui.Panel].
func (m *model) Update(msg tea.Msg) (tui.Panel, tui.Intent, tea.Cmd) {
	switch msg := msg.(type) {
	case tui.RunsMsg:
		m.Handle(msg)
		m.take()
		return m, nil, m.calm()
	case tea.KeyPressMsg:
		return m, m.key(msg), nil
	}
	return m, nil, nil
}

// calm asks to be drawn once more when the last lines are some seconds old.
func (m *model) calm() tea.Cmd {
	d, now := m.pane.Settles(), time.Now()
	if d == 0 || now.Before(m.ticks) {
		return nil
	}
	m.ticks = now.Add(d)
	return tea.Tick(d, func(time.Time) tea.Msg { return calmMsg{} })
}

func (m *model) key(k tea.KeyPressMsg) tui.Intent {
	if m.inTail && m.pane.Holds(k) {
		m.pane.Key(k)
		return nil
	}
	switch s := k.String(); {
	case m.past:
		return m.Handle(k)
	case s == "F", s == "shift+f", s == "f" && !m.tail():
		return m.follow()
	case s == "t" && m.pane.Following:
		return tui.Start{Check: asker}
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

// follow begins a live tail, or ends it; its lines stay.
func (m *model) follow() tui.Intent {
	if m.pane.Following {
		m.asked, m.pane.Following = false, false
		return tui.Stop{}
	}
	m.asked, m.inTail, m.pane.Following = true, true, true
	return tui.Start{Follow: true}
}

// take hands new lines to the pane, and learns whether the tail still runs.
func (m *model) take() {
	following, lost := false, 0
	m.past = false
	for i, r := range m.Runs {
		following = following || r.Following
		m.past = m.past || r.Past
		total := r.Dropped + len(r.Lines)
		if total < m.seen[i] {
			m.seen[i], m.missed = 0, 0
			m.pane.Reset()
		}
		fresh := min(total-m.seen[i], len(r.Lines))
		m.missed += total - m.seen[i] - fresh
		lost += r.Lost
		if fresh > 0 {
			m.pane.Add(r.Lines[len(r.Lines)-fresh:]...)
		}
		m.seen[i] = total
	}
	m.pane.Lost = lost + m.missed
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

// Tell implements [tui.Teller].
func (m *model) Tell() (left, right string) {
	if !m.inTail {
		return m.Findings.Tell()
	}
	return m.pane.Told(), m.pane.Code()
}

// Keys implements [tui.Panel]. F is the key of less for the same: f alone is the filter, as / is the search.
func (m *model) Keys() []key.Binding {
	follow := tui.Bind("F", lang.T("panels.logs.follow"), "F", "shift+f")
	if m.pane.Following {
		follow = tui.Bind("F", lang.T("panels.logs.stop"), "F", "shift+f")
	}
	switch {
	case m.inTail && (m.pane.Typing() || m.pane.Open()):
		return m.pane.Keys()
	case m.inTail:
		keys := m.pane.Keys()
		if m.pane.Following {
			keys = slices.Insert(keys, 3, tui.Bind("t", lang.T("panels.logs.test"), "t"))
		}
		return append(keys, follow, tui.Bind("Esc", lang.T("panels.logs.summary"), "esc"))
	case m.past || m.Reader.Depth > tui.AtList:
		return m.Findings.Keys()
	}
	return append(m.Findings.Keys(), follow)
}

package wizard

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/tui"
)

// apply takes news into the session and shows it to the panels it concerns.
func (m *Model) apply(changes []Change) {
	before := m.session.Settled()
	touched := map[int]bool{}
	for _, c := range changes {
		if _, moved := c.(Moved); moved && m.walks {
			continue // of a replay: whoever took a step walks alone
		}
		m.session = m.session.Apply(c)
		if k, ok := keyOf(c); ok {
			touched[m.session.step(k.Check)] = true
		}
		if f, ok := c.(FixFinished); ok {
			m.fixed(f.Key)
		}
	}
	m.session = m.runner.StartReady(m.session)
	for i := range m.session.Steps {
		if touched[i] || m.session.Steps[i].Busy() || m.session.Steps[i].Follows() {
			m.show(i)
		}
	}
	m.verdict = m.session.Verdict(m.opts.Rules)
	if !before && m.session.Settled() && m.told == "" && m.dialog == nil && m.session.At < len(m.panels) && m.session.Past == nil {
		m.told = lang.T("screen.ended")
	}
}

func keyOf(c Change) (Key, bool) {
	switch c := c.(type) {
	case RunStarted:
		return c.Key, true
	case RunFinished:
		return c.Key, true
	case EventsSeen:
		return c.Key, true
	case FixFinished:
		return c.Key, true
	}
	return Key{}, false
}

// show hands a step's runs to its panel.
func (m *Model) show(i int) {
	runs := m.session.PanelRuns(i)
	var cmd tea.Cmd
	if m.panels[i], _, cmd = m.panels[i].Update(tui.RunsMsg{Runs: runs}); cmd != nil {
		m.later = append(m.later, cmd)
	}
}

// reason is a run's own, and while the session goes on what a run that has not begun waits for.
func (s Session) reason(step, profile int) string {
	r := s.Steps[step].Runs[profile]
	if on := s.waitsFor(s.Steps[step].Spec, profile); r.State == Waiting && on != "" && !s.Ended {
		return lang.T("screen.waits_for", "step", on)
	}
	return lang.Phrase(r.Reason())
}

// PanelRuns is what the panel of a step may show.
func (s Session) PanelRuns(step int) []tui.Run {
	var out []tui.Run
	for i, p := range s.Profiles {
		r := s.Steps[step].Runs[i]
		out = append(out, tui.Run{Profile: p, Status: r.Status(), Reason: s.reason(step, i), Running: r.State == Running || r.Fixing,
			Following: r.Tail.Running, Stale: r.Stale, Progress: r.Progress, Findings: r.Result.Findings, Walking: r.Walking,
			Actions: r.Result.Actions, Lines: r.Tail.Lines, Dropped: r.Tail.Dropped,
			Lost: r.Tail.Lost, Past: s.Past != nil})
	}
	return out
}

// toPanel gives a message to the step that is looked at and does what the panel asks for.
func (m *Model) toPanel(msg tea.Msg) tea.Cmd {
	i := m.session.At
	if m.start != nil || i >= len(m.panels) {
		return nil
	}
	p, intent, cmd := m.panels[i].Update(msg)
	m.panels[i] = p
	m.intent(i, intent)
	return cmd
}

// intent does what a panel asks for; nil asks for nothing.
func (m *Model) intent(step int, in tui.Intent) {
	if in != nil && m.session.Past != nil {
		m.told = lang.T("screen.past")
		return
	}
	switch in := in.(type) {
	case tui.Start:
		if in.Check != "" {
			m.test(in.Check)
			return
		}
		if !in.Follow {
			m.rerun(step)
			return
		}
		for _, p := range m.session.Profiles {
			m.runner.Start(m.session, Key{m.session.Steps[step].Spec.ID, p.Name}, true)
		}
	case tui.Stop:
		for _, p := range m.session.Profiles {
			m.runner.StopTail(Key{m.session.Steps[step].Spec.ID, p.Name})
		}
	case tui.Apply:
		m.ask(Key{m.session.Steps[step].Spec.ID, in.Profile}, in.Action)
	}
}

// rerun makes the given step wait again for all profiles, and with it whatever builds on what it provides.
func (m *Model) rerun(steps ...int) {
	if m.session.Past != nil {
		m.told = lang.T("screen.past")
		return
	}
	var keys []Key
	for _, i := range steps {
		for j, p := range m.session.Profiles {
			if r := m.session.Steps[i].Runs[j]; r.State != Running && !r.Fixing {
				keys = append(keys, Key{m.session.Steps[i].Spec.ID, p.Name})
			}
		}
	}
	m.apply([]Change{RerunAsked{Keys: keys}})
	for i := range m.session.Steps {
		m.show(i)
	}
}

// paste gives pasted text to whoever takes text now.
func (m *Model) paste(msg tea.PasteMsg) tea.Cmd {
	if d, ok := m.dialog.(*pathPage); ok {
		d.paste(msg.Content)
		return nil
	}
	if m.dialog != nil {
		return nil
	}
	return m.toPanel(msg)
}

// test runs another step again while this one is looked at.
func (m *Model) test(id checks.ID) {
	i := m.session.step(id)
	switch {
	case i < 0:
		m.told = lang.T("screen.no_cloud")
	case m.session.Steps[i].Busy():
		m.told = lang.T("screen.asking")
	default:
		m.rerun(i)
		m.told = lang.T("screen.asks")
	}
}

func (m *Model) skip(step int) {
	for _, p := range m.session.Profiles {
		m.runner.Stop(Key{m.session.Steps[step].Spec.ID, p.Name})
	}
	m.apply([]Change{StepSkipped{Check: m.session.Steps[step].Spec.ID}})
	m.show(step)
}

func (m *Model) fixing() bool {
	return slices.ContainsFunc(m.session.Steps, func(st Step) bool {
		return slices.ContainsFunc(st.Runs, func(r Run) bool { return r.Fixing })
	})
}

// interrupt is Ctrl+C: it ends everything at once, but never leaves a change half-way.
func (m *Model) interrupt() tea.Cmd {
	if m.began {
		m.session = m.session.Apply(Interrupted{})
		m.runner.Cancel()
	} else {
		m.session.Ended = true
	}
	if m.fixing() {
		m.quits, m.told = true, lang.T("screen.change_first")
		return nil
	}
	return tea.Quit
}

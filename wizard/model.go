package wizard

import (
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/tui"
)

// Model is the root of the full screen. It reads one Session and turns keys into changes; the checks run in a Runner
// beside it.
type Model struct {
	ctx  context.Context
	opts Options
	kit  tui.Kit
	w, h int

	start   *start // the start screen; nil once the session began
	session Session
	began   bool
	runner  *Runner
	runID   string
	panels  []tui.Panel // one for each step
	later   []tea.Cmd   // what panels want to be told in a while
	verdict Verdict
	pages   verdictPage
	dialog  dialog          // what lies over the screen; nil: nothing
	told    string          // the last thing worth saying on the status line: "saved to …"
	last    *LastRun        // the newest saved run that this one can be compared with; nil: there is none
	saved   <-chan struct{} // closed when the last save is done; nil: nothing was saved
	quits   bool            // the person wants to leave once a change is finished
	term    terminal
	walks   bool            // the person took a step: in a replay, the recorded ones are left out from then on
}

// dialog is something over the screen that takes the keys until it is done.
type dialog interface {
	// key returns false when the dialog is over, and what then has to be done.
	key(tea.KeyPressMsg) (open bool, then tea.Cmd)
	view(w, h int) string
}

type (
	changesMsg  []Change
	detectedMsg []Detected
	placeMsg    struct {
		place    Place
		profiles []*assets.Profile
		err      error
	}
	savedMsg struct {
		files []string
		err   error
	}
)

// NewModel returns the full screen for the given options. ctx ends the checks.
func NewModel(ctx context.Context, o Options, kit tui.Kit) *Model {
	m := &Model{ctx: ctx, opts: o, kit: kit, runID: NewRunID()}
	if o.Ask {
		m.start = newStart(o)
	}
	if len(o.Kept)+len(o.Owed) > 0 {
		m.dialog = newNoticePage(m)
	}
	return m
}

// Init begins with the start screen, or at once with the session where flags said everything.
func (m *Model) Init() tea.Cmd {
	if m.start != nil {
		return m.detect
	}
	if m.opts.Replay != nil {
		return m.open(m.opts.Replay.Session(m.opts.Role))
	}
	return m.begin(m.opts.Profiles, m.opts.Role)
}

// detect is a command: it looks for products.
func (m *Model) detect() tea.Msg {
	all, err := assets.Profiles()
	if err != nil {
		return detectedMsg{{Err: err}}
	}
	return detectedMsg(Detect(m.ctx, m.opts.Env(), all))
}

// begin starts the session: every check that needs nothing begins at once, the person walks through the steps meanwhile.
func (m *Model) begin(profiles []*assets.Profile, role Role) tea.Cmd {
	return m.open(m.opts.New(profiles, role, time.Now()))
}

// open shows a session and starts what in it may begin.
func (m *Model) open(s Session) tea.Cmd {
	m.start, m.began, m.told, m.last = nil, true, m.opts.Notice, nil
	m.session = s
	m.runner = NewRunner(m.ctx, m.opts.Env(), m.opts.Place.Hands)
	m.panels = nil
	var cmds []tea.Cmd
	for _, st := range m.session.Steps {
		p := tui.PanelFor(st.Spec, m.kit)
		m.panels = append(m.panels, p)
		cmds = append(cmds, p.Init())
	}
	for i := range m.session.Steps {
		m.show(i)
	}
	if m.opts.Replay != nil {
		m.runner.Replay(*m.opts.Replay)
	}
	m.session = m.runner.StartReady(m.session)
	m.verdict = m.session.Verdict(m.opts.Rules)
	return tea.Batch(append(cmds, m.next, m.findLast())...)
}

// next is a command: it waits for news of the runner.
func (m *Model) next() tea.Msg { return changesMsg(m.runner.Next(m.ctx)) }

// Update takes messages; it does no input or output itself.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
	case tea.InterruptMsg:
		return m, m.interrupt()
	case tea.KeyPressMsg:
		return m, m.key(msg)
	case tea.PasteMsg:
		return m, m.paste(msg)
	case lookingMsg:
		return m, msg.page.looking()
	case lookedMsg:
		return m, m.looked(msg)
	case detectedMsg:
		if m.start != nil {
			m.start.found(msg)
		}
	case tea.BackgroundColorMsg, tea.ClipboardMsg, copiedMsg:
		return m, m.fromTerminal(msg)
	case placeMsg:
		return m, m.enter(msg)
	case changesMsg:
		if msg == nil {
			return m, nil // the program is ending
		}
		m.apply(msg)
		if m.quits && !m.fixing() {
			return m, tea.Quit
		}
		later := m.later
		m.later = nil
		return m, tea.Batch(append(later, m.next)...)
	case savedMsg:
		m.told = saidSaved(msg)
	case lastMsg:
		if msg.found && msg.run == m.runID {
			m.last = &msg.last
		}
	default:
		return m, m.toPanel(msg)
	}
	return m, nil
}

// enter takes the place that the practice network opened.
func (m *Model) enter(msg placeMsg) tea.Cmd {
	if msg.err != nil {
		m.told = tui.Clean(msg.err.Error())
		return nil
	}
	m.opts.Place, m.opts.Kept, m.opts.Owed = msg.place, nil, nil // what was made good was on the real machine
	return m.begin(msg.profiles, m.opts.Role)
}

// apply takes news into the session and shows it to the panels it concerns.
func (m *Model) apply(changes []Change) {
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
		return "it waits for what the step " + on + " finds"
	}
	return r.Reason()
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
		m.told = saidPast
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
		m.told = saidPast
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

// saidPast is the answer to whoever wants to run something again that was read from a file.
const saidPast = "it was read from a file and stays as it is; start linecheck anew for another"

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
		m.told = "the step that asks the cloud is not part of this session"
	case m.session.Steps[i].Busy():
		m.told = "linecheck is asking already"
	default:
		m.rerun(i)
		m.told = "asking the product's cloud; each answer gets a line among the others"
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
		m.quits, m.told = true, "a change is under way; linecheck ends as soon as the service runs again"
		return nil
	}
	return tea.Quit
}

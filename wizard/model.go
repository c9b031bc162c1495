package wizard

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"linecheck/assets"
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
	walks   bool // the person took a step: in a replay, the recorded ones are left out from then on
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
	case placeMsg:
		return m, m.enter(msg)
	case rememberedMsg:
		m.told = msg.told()
	case tea.BackgroundColorMsg, tea.ClipboardMsg, copiedMsg:
		return m, m.fromTerminal(msg)
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

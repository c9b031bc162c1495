package wizard

import (
	"context"
	"errors"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"linecheck/assets/lang"
	"linecheck/checks/host"
	"linecheck/tui"
)

const (
	// copyMost is what terminals take at once as text of an escape code: hterm and others stop at 100 kB of base64.
	copyMost = 74 << 10
	// copyWait is how long a terminal is waited for that gives its clipboard back.
	copyWait = 2 * time.Second
)

// terminal is what is known of the terminal while the screen stands.
type terminal struct {
	look   tui.Look
	env    func(string) string
	sent   string // the text that the terminal is asked to give back; "": none
	what   string // its name in a sentence
	number int    // counts the copies, so that a late end of waiting concerns no other
}

// copiedMsg is how a copy went.
type copiedMsg struct {
	way    host.Clipboard
	err    error
	text   string
	what   string
	waited int // what the terminal was waited for; 0: it is not the end of a wait
}

// copyText puts text onto the clipboard of the person at the terminal, and tells on the status line which way it went. what
// names it in a sentence: "the ticket". Secrets are taken out first, as in a saved report.
func (m *Model) copyText(text, what string) tea.Cmd {
	text = ansi.Strip(Discreet(text))
	if len(text) > copyMost {
		m.told = lang.T("copy.large", "what", what)
		return nil
	}
	m.told = lang.T("copy.begun", "what", what)
	ctx := m.ctx
	return func() tea.Msg {
		way, err := m.clipboard()(ctx, text)
		return copiedMsg{way: way, err: err, text: text, what: what}
	}
}

// clipboard is the desktop's way. On the practice network it is the real one too: what is copied is for the person.
func (m *Model) clipboard() func(context.Context, string) (host.Clipboard, error) {
	if m.opts.Clipboard != nil {
		return m.opts.Clipboard
	}
	return func(context.Context, string) (host.Clipboard, error) { return "", host.ErrUnsupported }
}

// fromTerminal takes what the terminal tells, and how a copy went.
func (m *Model) fromTerminal(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.BackgroundColorMsg:
		m.term.look.Background, m.term.look.Palette = msg.Color, nil // the sixteen were another's
		*m.kit.Theme.Styles = *m.term.look.Theme().Styles
	case tea.ClipboardMsg:
		if m.term.sent == "" {
			return nil // nobody asked
		}
		m.told = lang.T("copy.other", "what", m.term.what)
		if strings.TrimRight(msg.Content, "\n") == strings.TrimRight(m.term.sent, "\n") {
			m.told = lang.T("copy.back", "what", m.term.what)
		}
		m.term.sent = ""
	case copiedMsg:
		return m.copied(msg)
	}
	return nil
}

// copied tells how a copy went. Where no desktop can be reached, the terminal is asked to take the text: OSC 52, which it
// does not answer.
func (m *Model) copied(msg copiedMsg) tea.Cmd {
	switch {
	case msg.waited > 0:
		if msg.waited == m.term.number && m.term.sent != "" {
			m.told, m.term.sent = lang.T("copy.sent", "what", msg.what), ""
		}
		return nil
	case msg.err == nil:
		m.told = lang.T("copy."+string(msg.way), "what", msg.what)
		return nil
	case !errors.Is(msg.err, host.ErrUnsupported):
		m.told = lang.T("copy.failed", "what", msg.what, "why", lang.Phrase(msg.err.Error()))
		return nil
	}
	env := m.term.env
	if env == nil {
		env = func(string) string { return "" }
	}
	switch term := env("TERM"); {
	case term == "linux" && env("TMUX") == "":
		m.told = lang.T("copy.none", "what", msg.what)
		return nil
	case strings.HasPrefix(term, "screen") && env("TMUX") == "": // GNU screen passes on only what is wrapped, in small pieces
		m.told = lang.T("copy.sent", "what", msg.what)
		return tea.Raw(ansi.ScreenPassthrough(ansi.SetSystemClipboard(msg.text), 256))
	case givesBack(term, env):
		m.term.number++
		m.term.sent, m.term.what = msg.text, msg.what
		end := copiedMsg{what: msg.what, waited: m.term.number}
		return tea.Batch(tea.Sequence(tea.SetClipboard(msg.text), tea.ReadClipboard),
			tea.Tick(copyWait, func(time.Time) tea.Msg { return end }))
	}
	m.told = lang.T("copy.sent", "what", msg.what)
	return tea.SetClipboard(msg.text)
}

// givesBack names the terminals that tell their clipboard without asking their owner. The others say nothing, or open a
// window that would frighten whoever looks on.
func givesBack(term string, env func(string) string) bool {
	return env("TMUX") == "" && (strings.HasPrefix(term, "foot") || strings.HasPrefix(term, "contour") || env("XTERM_VERSION") != "")
}

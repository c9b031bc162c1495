package wizard

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/term"

	"linecheck/assets/lang"
	"linecheck/tui"
)

// Screen runs the full screen in the given terminal until the person leaves, and returns the session as it then is.
// Whatever was being changed on the machine is finished first.
func Screen(ctx context.Context, o Options, in, out *os.File) (Session, error) {
	if w, h, err := term.GetSize(out.Fd()); err == nil && (w > maxWidth || h > maxHeight) {
		return Session{}, fmt.Errorf("the window says that it has %d columns and %d rows", w, h)
	}
	environ := os.Environ()
	look := o.look(environ)
	m := NewModel(ctx, o, tui.Kit{Theme: look.Theme(), Glyphs: tui.GlyphsFor(o.ASCII)})
	m.told = o.Notice
	m.term = terminal{look: look, env: lookIn(environ)}
	// The library's own signal handler waits for ever where ctx, which the same signal ends, is done first.
	p := tea.NewProgram(m, tea.WithContext(ctx), tea.WithoutSignalHandler(), tea.WithFilter(bounded), tea.WithEnvironment(frames(environ)),
		tea.WithInput(in), tea.WithOutput(out), tea.WithColorProfile(look.Profile), tea.WithFPS(fps))
	if tellsBackground(o, environ) {
		go p.Send(tea.RequestBackgroundColor())
	}
	_, err := p.Run()
	m.close()
	if errors.Is(err, tea.ErrInterrupted) || errors.Is(err, context.Canceled) || ctx.Err() != nil {
		return m.session.Apply(Interrupted{}), nil
	}
	return m.session, err
}

// fps bounds the redraws: engines are heard four times a second, a held key thirty. The first frame waits for the first of
// them, so that fewer make the start slow.
const fps = 40

// maxWidth and maxHeight bound what is painted: a broken remote session may tell of a window of 65535 x 65535 cells, and
// the library keeps every cell.
const maxWidth, maxHeight = 1000, 500

// bounded keeps a resize within what is painted.
func bounded(_ tea.Model, msg tea.Msg) tea.Msg {
	if size, ok := msg.(tea.WindowSizeMsg); ok {
		return tea.WindowSizeMsg{Width: min(size.Width, maxWidth), Height: min(size.Height, maxHeight)}
	}
	return msg
}

// close ends the runs, waits for a change under way, and closes the practice network.
func (m *Model) close() {
	if m.runner != nil {
		m.runner.Close()
		if m.ctx.Err() != nil {
			m.session = m.session.Apply(Interrupted{})
		}
		for _, c := range m.runner.drain() {
			m.session = m.session.Apply(c)
		}
	}
	if m.saved != nil {
		select {
		case <-m.saved:
		case <-time.After(savesFor):
		}
	}
	if m.opts.Place.Close != nil {
		m.opts.Place.Close()
	}
}

// savesFor is how long a report that is being written is waited for: on a network drive that hangs, leaving is worth more.
const savesFor = 5 * time.Second

// save writes the report beside the screen.
func (m *Model) save() tea.Cmd {
	r := m.opts.Report(m.session, m.runID)
	return m.saveBy(func() ([]string, error) { return SaveReport(r) })
}

// saveBy saves beside the screen. It is no work for a command: those are given up when the person leaves.
func (m *Model) saveBy(write func() ([]string, error)) tea.Cmd {
	if m.saved != nil {
		select {
		case <-m.saved:
		default:
			return nil // two at once would write into one file
		}
	}
	m.told = lang.T("screen.saving")
	done, msg := make(chan struct{}), savedMsg{}
	m.saved = done
	go func() {
		defer close(done)
		msg.files, msg.err = write()
	}()
	return func() tea.Msg {
		<-done
		return msg
	}
}

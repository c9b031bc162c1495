package wizard

import (
	"context"
	"errors"
	"os"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"linecheck/tui"
)

// Screen runs the full screen in the given terminal until the person leaves, and returns the session as it then is.
// Whatever was being changed on the machine is finished first.
func Screen(ctx context.Context, o Options, in, out *os.File) (Session, error) {
	profile := colorprofile.ANSI
	if o.Color == "none" || os.Getenv("NO_COLOR") != "" {
		profile = colorprofile.ASCII
	}
	m := NewModel(ctx, o, tui.Kit{Theme: tui.NewTheme(profile), Glyphs: tui.GlyphsFor(o.ASCII)})
	p := tea.NewProgram(m, tea.WithContext(ctx), tea.WithInput(in), tea.WithOutput(out), tea.WithColorProfile(profile), tea.WithFPS(fps))
	_, err := p.Run()
	m.close()
	if errors.Is(err, tea.ErrInterrupted) || errors.Is(err, context.Canceled) || ctx.Err() != nil {
		return m.session.Apply(Interrupted{}), nil
	}
	return m.session, err
}

// fps bounds the redraws: engines are heard four times a second, a person's keys a little faster.
const fps = 20

// close ends the runs, waits for a change under way, and closes the practice network.
func (m *Model) close() {
	if m.runner != nil {
		m.runner.Close()
		for _, c := range m.runner.drain() {
			m.session = m.session.Apply(c)
		}
	}
	if m.opts.Place.Close != nil {
		m.opts.Place.Close()
	}
}

// save is a command's maker: the session is read here, the files are written beside the screen.
func (m *Model) save() tea.Cmd {
	r := m.opts.Report(m.session, m.runID)
	m.told = "saving"
	return func() tea.Msg {
		files, err := SaveReport(r)
		return savedMsg{files, err}
	}
}

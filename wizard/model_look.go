package wizard

import (
	"context"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/tui"
)

// pathPage asks which log, folder or bundle is to be read, and waits while it is read.
type pathPage struct {
	m        *Model
	text     string
	err      string
	stop     context.CancelFunc // ends the reading; nil: nothing is read
	progress *atomic.Pointer[checks.Progress]
	shown    checks.Progress
}

type (
	// lookedMsg: what was named has been read, or could not be.
	lookedMsg struct {
		lookEnd
		page     *pathPage
		progress *atomic.Pointer[checks.Progress] // which reading it was
		began    time.Time
	}
	// lookingMsg: it is time to say how far the reading is.
	lookingMsg struct{ page *pathPage }
)

// longestPath is the longest that Windows takes.
const longestPath = 32767

func (d *pathPage) key(k tea.KeyPressMsg) (bool, tea.Cmd) {
	s := k.String()
	if d.stop != nil {
		if s == "esc" {
			d.cancel()
		}
		return true, nil
	}
	switch s {
	case "esc":
		return false, nil
	case "enter", "kpenter":
		return true, d.read()
	case "backspace":
		_, n := utf8.DecodeLastRuneInString(d.text)
		d.text = d.text[:len(d.text)-n]
	case "ctrl+u":
		d.text = ""
	default:
		d.paste(k.Text)
		return true, nil
	}
	d.err = ""
	return true, nil
}

// paste takes text that was typed or pasted; a line break at its end is no part of a path.
func (d *pathPage) paste(text string) {
	text = strings.TrimRight(text, "\r\n")
	if d.stop == nil && text != "" && len(d.text)+len(text) <= longestPath {
		d.text, d.err = d.text+text, ""
	}
}

func (d *pathPage) cancel() {
	d.stop()
	d.stop, d.progress, d.shown = nil, nil, checks.Progress{}
	d.err = lang.T("screen.logs.left")
}

// read begins to read what was typed, beside the screen.
func (d *pathPage) read() tea.Cmd {
	path := unquoted(d.text)
	if path == "" {
		d.err = lang.T("screen.logs.none")
		return nil
	}
	ctx, stop := context.WithCancel(d.m.ctx)
	progress := &atomic.Pointer[checks.Progress]{}
	d.stop, d.progress, d.err = stop, progress, ""
	d.shown = checks.Progress{}
	began, look := time.Now(), d.m.opts.Look
	return tea.Batch(d.tick(), func() tea.Msg {
		defer stop()
		l, err := guarded(func() (Looked, error) {
			return look(ctx, []string{path}, func(p checks.Progress) { progress.Store(&p) })
		})
		return lookedMsg{lookEnd{l, err}, d, progress, began}
	})
}

func (d *pathPage) tick() tea.Cmd {
	return tea.Tick(checks.Gather, func(time.Time) tea.Msg { return lookingMsg{d} })
}

// looking shows how far the reading is, and asks to be called again while it goes on.
func (d *pathPage) looking() tea.Cmd {
	if d.stop == nil {
		return nil
	}
	if p := d.progress.Load(); p != nil {
		d.shown = *p
	}
	return d.tick()
}

// looked takes what was read; what was left meanwhile is not wanted any more.
func (m *Model) looked(msg lookedMsg) tea.Cmd {
	d := msg.page
	if h, ok := m.dialog.(*helpPage); ok && h.under == dialog(d) {
		m.dialog = d // what was read counts more than the keys
	}
	if m.dialog != dialog(d) || d.stop == nil || d.progress != msg.progress {
		return nil
	}
	d.stop, d.progress = nil, nil
	s, ok := msg.looked.Session(m.opts.Role, msg.began, time.Now())
	if d.err = msg.whyNot(unquoted(d.text), ok); d.err != "" {
		return nil
	}
	s.Past = &msg.looked
	m.dialog = nil
	return m.open(s)
}

func (d *pathPage) keys() []key.Binding {
	if d.stop != nil {
		return []key.Binding{tui.Bind("Esc", lang.T("screen.key.stop_reading"), "esc")}
	}
	return []key.Binding{tui.Bind("Enter", lang.T("screen.key.read_it"), "enter"), tui.Bind("Ctrl+U", lang.T("screen.key.empty"), "ctrl+u"), keyEsc()}
}

func (d *pathPage) view(w, h int) string {
	kit := d.m.kit
	lines := []string{" " + kit.Theme.Question.Render(kit.Glyphs.Fit(lang.T("screen.question.logs"), w-2)), ""}
	for _, l := range tui.Break(tui.Clean(d.text)+"_", max(1, w-6)) {
		lines = append(lines, "   "+l)
	}
	lines = append(lines, "")
	switch {
	case d.stop != nil:
		what := lang.T("screen.logs.reading", "file", lastOf(unquoted(d.text)))
		if d.shown.Waiting != "" {
			what = lang.T("screen.logs.reading_what", "file", lastOf(unquoted(d.text)), "what", lang.Phrase(d.shown.Waiting))
		}
		lines = append(lines, " "+kit.Glyphs.Fit(kit.Theme.Here.Render(kit.Glyphs.Here)+" "+tui.Clean(what), w-1))
	case d.err != "":
		for i, l := range tui.Wrap(d.err, w-6) {
			sign := "  "
			if i == 0 {
				sign = kit.Theme.Warn.Render(kit.Glyphs.Warn) + " "
			}
			lines = append(lines, " "+sign+l)
		}
	default:
		help := lang.T("screen.logs.help")
		for _, l := range tui.Wrap(help, min(w-6, 76)) {
			lines = append(lines, "   "+kit.Theme.Dim.Render(l))
		}
	}
	return tui.Box(lines, w, h)
}

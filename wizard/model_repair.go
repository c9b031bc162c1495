package wizard

import (
	"strconv"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"linecheck/checks"
	"linecheck/tui"
)

// ask shows the plan of a change; nothing happens unless the person approves it.
func (m *Model) ask(on Key, a checks.Action) {
	c := tui.NewConfirm(m.kit, a, false)
	if m.session.Role == Guided {
		c.Say = askFor(a)
	}
	m.dialog = &approval{Confirm: c, no: func() {
		m.told = "nothing was changed"
	}, yes: func() {
		by := Approval{At: time.Now(), How: OnScreen}
		if c.Consented() {
			by.Customer = Agreed
		}
		m.session = m.runner.Fix(m.session, on, a, by)
		m.show(m.session.step(on.Check))
		m.told = "under way; what was stopped is started again even if you close this window"
		m.dialog = &fixPage{m: m, on: on}
	}}
}

// fixed says how a repair ended, and shows every step that looks again.
func (m *Model) fixed(k Key) {
	for _, r := range m.session.Repairs {
		if r.Key == k {
			m.told = saidFixed(r)
		}
	}
	for i := range m.session.Steps {
		m.show(i)
	}
}

// approval is the dialog before a change.
type approval struct {
	*tui.Confirm
	yes, no func()
}

func (d *approval) key(k tea.KeyPressMsg) (bool, tea.Cmd) {
	switch d.Confirm.Update(k) {
	case tui.Approved:
		d.yes()
	case tui.Left:
		d.no()
		return false, nil
	}
	return true, nil
}

func (d *approval) view(w, h int) string { return d.View(w, h) }

// fixPage shows a repair step by step while it runs, and afterwards what came of it. Leaving it stops nothing.
type fixPage struct {
	m   *Model
	on  Key
	top int
}

// repair is the newest of the page's key.
func (d *fixPage) repair() Repair {
	var out Repair
	for _, r := range d.m.session.Repairs {
		if r.Key == d.on {
			out = r
		}
	}
	return out
}

func (d *fixPage) key(k tea.KeyPressMsg) (bool, tea.Cmd) {
	m := d.m
	switch s := k.String(); s {
	case "esc", "q":
		return false, nil
	case "enter":
		if d.repair().Outcome != "" {
			m.move(len(m.panels))
			return false, nil
		}
	default:
		d.top, _ = scroll(s, d.top, len(d.lines(m.w)), m.room())
	}
	return true, nil
}

func (d *fixPage) keys() []key.Binding {
	back := keyEsc
	if d.repair().Outcome == "" {
		back.SetHelp("Esc", "leave this page, the work goes on")
		return []key.Binding{back}
	}
	return []key.Binding{tui.Bind("Enter", "verdict", "enter"), back}
}

func (d *fixPage) lines(w int) []string {
	m, r := d.m, d.repair()
	lines := []string{" " + m.kit.Theme.Question.Render(m.kit.Glyphs.Fit(tui.Clean(r.Name()), w-2)), ""}
	if r.Outcome == "" {
		lines = append(append(lines, d.plan(r, w)...), "")
		if n := len(r.Steps); n > 0 {
			lines = append(lines, m.field("Now", stepWords(r.Steps[n-1]), w)...)
		}
		return append(lines, m.field("", "Nothing has to be pressed. If anything fails, the service is started again, even if this window is closed.", w)...)
	}
	lines = append(lines, m.field("Result", r.Result(), w)...)
	text := r.text()
	if text.Fix != "" {
		lines = append(lines, m.field("What to do", text.Fix, w)...)
	}
	if text.Say != "" && m.session.Role == Guided {
		lines = append(lines, m.field("Say", "\""+text.Say+"\"", w)...)
	}
	lines = append(append(lines, d.since(r, w)...), "")
	label := "Changed"
	for _, c := range r.Changes {
		lines = append(lines, m.field(label, tui.Clock(c.When)+" "+c.What+": "+c.Result, w)...)
		label = ""
	}
	return append(append(lines, ""), d.plan(r, w)...)
}

// plan is the approved steps, each with a sign where it is known how far the work came.
func (d *fixPage) plan(r Repair, w int) (lines []string) {
	kit, now := d.m.kit, -1
	if n := len(r.Steps); n > 0 {
		now = r.Steps[n-1].Done
	}
	counted := now >= 0 && r.Steps[0].Total == len(r.Action.Steps)
	for i, s := range r.Action.Steps {
		mark := " "
		switch {
		case r.Outcome == Repaired && len(r.Changes) > 0, counted && i < now:
			mark = kit.Glyph(checks.Pass)
		case counted && i == now && r.Outcome == "" && !r.Steps[len(r.Steps)-1].Back:
			mark = kit.Theme.Here.Render(kit.Glyphs.Here)
		case counted && i == now:
			mark = kit.Glyph(checks.Fail)
		}
		for j, l := range tui.Wrap(tui.Clean(s), w-12) {
			head := "        "
			if j == 0 {
				head = "   " + mark + " " + kit.Glyphs.PadLeft(strconv.Itoa(i+1), 2) + " "
			}
			lines = append(lines, head+l)
		}
	}
	return lines
}

// since is what was said before the repair and what is said now.
func (d *fixPage) since(r Repair, w int) []string {
	m := d.m
	lines := m.field("Before", r.Before.Verdict(m.opts.Rules).Headline, w)
	if waits := m.waiting(); waits != "" {
		return append(lines, m.field("Looking again", strings.TrimPrefix(waits, "still running: "), w)...)
	}
	return append(lines, m.field("Now", m.verdict.Headline, w)...)
}

func (d *fixPage) view(w, h int) string { return page(d.m.kit, d.lines(w), d.top, w, h) }

// repairs tells on the verdict what was changed, and what was said before it; nil where nothing was.
func (m *Model) repairs(w int) []string {
	var lines []string
	for _, r := range m.session.Repairs {
		when := ""
		if !r.Ended.IsZero() {
			when = tui.Clock(r.Ended) + " "
		}
		lines = append(lines, m.field("Changed", when+r.Name()+": "+r.Result(), w)...)
		lines = append(lines, m.field("Before that", r.Before.Verdict(m.opts.Rules).Headline, w)...)
	}
	if lines != nil {
		lines = append(lines, "")
	}
	return lines
}

// fromHere says that a cause can be mended by a key, or why not.
func fromHere(a checks.Action) string {
	if a.Blocked != "" {
		more := ". Press c for the plan."
		if len(a.Commands) > 0 {
			more = ". Press c for the plan and the commands to type by hand."
		}
		return "not possible: " + a.Blocked + more
	}
	out := "press c to " + strings.ToLower(strings.TrimSuffix(a.Title, "?")) + "; the plan is shown first"
	if a.Takes != "" {
		out += ". It takes " + a.Takes
	}
	return out + "."
}

// noticePage tells what was made good before the session began. It appears by itself, so it takes no key that was meant
// for the screen before it.
type noticePage struct {
	m     *Model
	top   int
	ready time.Time
}

func newNoticePage(m *Model) *noticePage {
	return &noticePage{m: m, ready: time.Now().Add(tui.Grace)}
}

func (d *noticePage) key(k tea.KeyPressMsg) (bool, tea.Cmd) {
	if time.Now().Before(d.ready) {
		return true, nil
	}
	switch s := k.String(); s {
	case "esc", "enter", "q":
		return false, nil
	default:
		d.top, _ = scroll(s, d.top, len(d.lines(d.m.w)), d.m.room())
	}
	return true, nil
}

func (d *noticePage) keys() []key.Binding { return []key.Binding{tui.Bind("Enter", "go on", "enter")} }

func (d *noticePage) lines(w int) []string {
	var lines []string
	for i, s := range d.m.opts.notice() {
		wrapped := tui.Wrap(tui.Clean(strings.TrimSpace(s)), w-6)
		if i == 0 {
			for _, l := range wrapped {
				lines = append(lines, " "+d.m.kit.Theme.Question.Render(l))
			}
			lines = append(lines, "")
			continue
		}
		lines = append(lines, tui.Indent(wrapped, 3)...)
	}
	return append(lines, "", "   Reports of this session hold it too.")
}

func (d *noticePage) view(w, h int) string { return page(d.m.kit, d.lines(w), d.top, w, h) }

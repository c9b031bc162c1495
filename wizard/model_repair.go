package wizard

import (
	"strconv"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"linecheck/assets/lang"
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
		m.told = lang.T("screen.unchanged")
	}, yes: func() {
		by := Approval{At: time.Now(), How: OnScreen}
		if c.Consented() {
			by.Customer = Agreed
		}
		m.session = m.runner.Fix(m.session, on, a, by)
		m.show(m.session.step(on.Check))
		m.told = lang.T("screen.under_way")
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
	back := keyEsc()
	if d.repair().Outcome == "" {
		back.SetHelp("Esc", lang.T("screen.key.leave_page"))
		return []key.Binding{back}
	}
	return []key.Binding{tui.Bind("Enter", lang.T("screen.key.verdict"), "enter"), back}
}

func (d *fixPage) lines(w int) []string {
	m, r := d.m, d.repair()
	lines := []string{" " + m.kit.Theme.Question.Render(m.kit.Glyphs.Fit(tui.Clean(r.Name()), w-2)), ""}
	if r.Outcome == "" {
		lines = append(append(lines, d.plan(r, w)...), "")
		if n := len(r.Steps); n > 0 {
			lines = append(lines, m.field(lang.T("screen.page.now"), stepWords(r.Steps[n-1]), w)...)
		}
		return append(lines, m.field("", lang.T("screen.page.nothing_to_press"), w)...)
	}
	lines = append(lines, m.field(lang.T("screen.page.result"), saidResult(r.Result()), w)...)
	text := r.text()
	if text.Fix != "" {
		lines = append(lines, m.field(lang.T("screen.page.fix"), text.Fix, w)...)
	}
	if text.Say != "" && m.session.Role == Guided {
		lines = append(lines, m.field(lang.T("role.label.say"), aloud(text.Say), w)...)
	}
	lines = append(append(lines, d.since(r, w)...), "")
	label := lang.T("screen.page.changed")
	for _, c := range r.Changes {
		lines = append(lines, m.field(label, lang.T("screen.page.change", "time", tui.Clock(c.When), "what", lang.Phrase(c.What), "result", lang.Phrase(c.Result)), w)...)
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
	lines := m.field(lang.T("screen.page.before"), r.Before.Verdict(m.opts.Rules).Headline, w)
	if waits := m.unfinished(); len(waits) > 0 {
		return append(lines, m.field(lang.T("screen.page.looking_again"), strings.Join(waits, ", "), w)...)
	}
	return append(lines, m.field(lang.T("screen.page.now"), m.verdict.Headline, w)...)
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
		lines = append(lines, m.field(lang.T("screen.page.changed"), when+lang.T("screen.page.repaired", "what", r.Name(), "result", saidResult(r.Result())), w)...)
		lines = append(lines, m.field(lang.T("screen.page.before_that"), r.Before.Verdict(m.opts.Rules).Headline, w)...)
	}
	if lines != nil {
		lines = append(lines, "")
	}
	return lines
}

// fromHere says that a cause can be mended by a key, or why not.
func fromHere(a checks.Action) string {
	if a.Blocked != "" {
		if len(a.Commands) > 0 {
			return lang.T("screen.page.blocked_commands", "why", a.Blocked)
		}
		return lang.T("screen.page.blocked", "why", a.Blocked)
	}
	what := lowered(strings.TrimSuffix(a.Title, "?"))
	if a.Takes != "" {
		return lang.T("screen.page.offer_takes", "what", what, "time", a.Takes)
	}
	return lang.T("screen.page.offer", "what", what)
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
	if !d.heard() {
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

// heard: keys are meant for this page by now.
func (d *noticePage) heard() bool { return !time.Now().Before(d.ready) }

func (d *noticePage) keys() []key.Binding {
	return []key.Binding{tui.Bind("Enter", lang.T("screen.key.go_on"), "enter")}
}

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
	return append(lines, "", "   "+lang.T("screen.in_reports"))
}

func (d *noticePage) view(w, h int) string { return page(d.m.kit, d.lines(w), d.top, w, h) }

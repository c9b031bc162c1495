package wizard

import (
	"fmt"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/tui"
)

// verdictPage is the last screen: the cause, who must act, what to do, how we know.
type verdictPage struct {
	cause  int       // which cause is looked at
	depth  tui.Depth // the causes, the evidence of one, all of it raw
	scroll int
}

func (p verdictPage) holds(k tea.KeyPressMsg) bool { return p.depth > 0 && k.String() == "esc" }

// key returns the page as it is after a key.
func (p verdictPage) key(k tea.KeyPressMsg, m *Model) verdictPage {
	s := k.String()
	p.cause = p.at(m)
	switch {
	case s == "enter" || s == "kpenter":
		if p.depth < tui.AtRaw && len(m.verdict.Causes) > 0 {
			p.depth, p.scroll = p.depth+1, 0
		}
	case s == "esc":
		p.depth, p.scroll = max(tui.AtList, p.depth-1), 0
	case p.depth > 0 || len(m.verdict.Causes) < 2 || s == "pgdown" || s == "pgup":
		p.scroll, _ = scroll(s, p.scroll, len(p.lines(m, m.w, m.room())), m.room())
	default:
		if cause, _ := tui.Step(s, p.cause, len(m.verdict.Causes)); cause != p.cause {
			p.cause, p.scroll = max(0, cause), 0
		}
	}
	return p
}

// at is the cause that is looked at; a new run may leave fewer than there were.
func (p verdictPage) at(m *Model) int { return max(0, min(p.cause, len(m.verdict.Causes)-1)) }

func (p verdictPage) lines(m *Model, w, h int) []string {
	p.cause = p.at(m)
	if p.depth > 0 && p.cause < len(m.verdict.Causes) {
		return p.evidence(m, m.verdict.Causes[p.cause], w)
	}
	lines := append(p.summary(m, w), p.impact(m, w, false)...)
	if len(lines) > h {
		lines = append(p.summary(m, w), p.impact(m, w, true)...)
	}
	return lines
}

func (p verdictPage) view(m *Model, w, h int) string {
	return page(m.kit, p.lines(m, w, h), p.scroll, w, h)
}

// verdictStatus maps the verdict's word onto the shapes of the screen.
var verdictStatus = map[string]checks.Status{Healthy: checks.Pass, Warning: checks.Warn, Fault: checks.Fail}

func (p verdictPage) summary(m *Model, w int) []string {
	v, t := m.verdict, m.kit.Theme
	st := verdictStatus[v.Status]
	headline := v.Headline
	if m.session.Busy() && v.Status != Fault {
		st, headline = checks.Unknown, lang.T("screen.page.looking")
	}
	var lines []string
	for i, l := range tui.Wrap(tui.Clean(headline), w-5) {
		sign := "  "
		if i == 0 {
			sign = m.kit.Glyph(st) + " "
		}
		lines = append(lines, " "+sign+t.Title.Render(l))
	}
	lines = append(lines, "")
	lines = append(lines, m.repairs(w)...)
	if m.session.Role == Guided && p.cause == 0 {
		lines = append(lines, m.adviceFields(w)...)
		if len(v.Causes) == 0 {
			lines = append(lines, "")
		}
	}
	if len(v.Causes) == 0 {
		return append(lines, p.calm(m, w)...)
	}
	c := v.Causes[p.cause]
	if p.cause > 0 {
		lines = append(lines, m.field(lang.T("screen.page.this"), c.Headline, w)...)
	}
	lines = append(lines, m.field(lang.T("screen.page.who"), whoFor(c), w)...)
	lines = append(lines, m.field(lang.T("screen.page.fix"), strings.Join(c.Fix, " "), w)...)
	if on, a, ok := m.mendable(); ok && on.Profile == c.Profile && strings.HasPrefix(c.ID, string(on.Check)+".") {
		lines = append(lines, m.field(lang.T("screen.page.from_here"), fromHere(a), w)...)
	}
	if m.session.Role == Guided && c.Say != "" && p.cause > 0 {
		lines = append(lines, m.field(lang.T("role.label.say"), aloud(c.Say), w)...)
	}
	seen := m.field(lang.T("screen.page.seen"), c.Explanation, w)
	if m.session.Role != Helpdesk { // who has thirty tickets wants what is to be done first
		lines, seen = append(lines, seen...), nil
	}
	if m.session.Role == Self && p.cause == 0 {
		lines = append(lines, m.adviceFields(w)...)
	}
	lines = append(lines, "")
	lines = append(lines, m.field(lang.T("screen.page.know"), p.proof(m, c), w)...)
	if len(c.Hides) > 0 {
		lines = append(lines, m.field(lang.T("screen.page.explains"), strings.Join(titlesOf(c.Hides), ", "), w)...)
	}
	if len(seen) > 0 {
		lines = append(append(lines, ""), seen...)
	}
	if p.cause == 0 {
		lines = append(lines, m.nowAndBefore(w)...)
	}
	for i, o := range v.Causes {
		if i != p.cause {
			if i == 0 || i == 1 && p.cause == 0 {
				lines = append(lines, "")
			}
			lines = append(lines, m.kit.Glyphs.Fit(" "+m.kit.Glyph(verdictStatus[o.Severity])+" "+lang.T("screen.page.cause", "nth", ordinal(i), "title", o.Title)+t.Dim.Render("  "+o.ID), w))
		}
	}
	return lines
}

// proof says in a line what stands behind a cause.
func (p verdictPage) proof(m *Model, c Cause) string {
	byCheck := map[checks.ID]int{}
	for _, f := range m.session.Seen() {
		if slices.Contains(c.Evidence, f.ID) {
			byCheck[f.Check]++
		}
	}
	var parts []string
	for _, st := range m.session.Steps {
		if n := byCheck[st.Spec.ID]; n > 0 {
			parts = append(parts, lang.T("screen.page.from", "n", n, "step", lowered(st.Spec.Title)))
		}
	}
	return strings.Join(parts, ", ")
}

func (p verdictPage) evidence(m *Model, c Cause, w int) []string {
	lines := []string{" " + m.kit.Theme.Title.Render(m.kit.Glyphs.Fit(c.Title, w-2)), ""}
	for _, f := range m.session.Seen() {
		if slices.Contains(c.Evidence, f.ID) {
			if p.depth == tui.AtRaw {
				lines = append(lines, " "+m.kit.Headline(f.Check, f.Finding, w-2), "")
				lines = append(lines, m.kit.Raw(f.Finding, w)...)
			} else {
				lines = append(lines, m.kit.Evidence(f.Check, f.Finding, w)...)
			}
			lines = append(lines, "")
		}
	}
	if p.depth == tui.AtEvidence && p.cause == 0 && len(m.verdict.Impact) > 0 {
		lines = append(lines, " "+m.kit.Theme.Title.Render(untilThen(m.verdict)))
		for _, e := range m.verdict.Impact {
			said := tui.Wrap(tui.Clean(lang.T("screen.page.feature", "feature", e.Feature, "effect", e.Effect)), w-6)
			lines = append(lines, tui.Indent(said, 3)...)
		}
	}
	return lines
}

func (p verdictPage) status(m *Model) string {
	v := m.verdict
	if at := p.at(m); at < len(v.Causes) {
		c := v.Causes[at]
		return strings.Join([]string{SureWord(c.Confidence), c.ID, lang.T("screen.page.evidence", "ids", strings.Join(first(c.Evidence, 4), " "))}, " "+m.kit.Glyphs.Dot+" ")
	}
	return lang.T("screen.page.status." + v.Status)
}

// first are the first texts of a list, and behind them how many more there are: "+3".
func first(list []string, n int) []string {
	if len(list) > n {
		return append(slices.Clone(list[:n]), fmt.Sprintf("+%d", len(list)-n))
	}
	return list
}

// mendable is what could be mended for one of the causes: an action of the check that the cause is named after. What has
// nothing to do with a cause is offered on its own step only.
func (m *Model) mendable() (Key, checks.Action, bool) {
	on, a, ok := m.session.Action()
	return on, a, ok && slices.ContainsFunc(m.verdict.Causes, func(c Cause) bool {
		return c.Profile == on.Profile && strings.HasPrefix(c.ID, string(on.Check)+".")
	})
}

func (p verdictPage) keys(m *Model) []key.Binding {
	var keys []key.Binding
	if p.depth > 0 {
		keys = append(keys, tui.Bind(m.kit.Glyphs.UpDown, lang.T("screen.key.read_on"), "down"))
		if p.depth < tui.AtRaw {
			keys = append(keys, tui.Bind("Enter", lang.T("panel.key.raw"), "enter"))
		}
		return append(keys, keyEsc(), keyCopy(), keySave())
	}
	if m.calmNow() {
		return []key.Binding{keySave()}
	}
	if len(m.verdict.Causes) > 1 {
		keys = append(keys, tui.Bind(m.kit.Glyphs.UpDown, lang.T("screen.key.causes"), "down"))
	}
	if len(m.verdict.Causes) > 0 {
		keys = append(keys, tui.Bind("Enter", lang.T("screen.key.evidence"), "enter"))
	}
	if _, _, ok := m.mendable(); ok {
		keys = append(keys, keyAction())
	}
	if len(m.verdict.Causes) > 0 {
		keys = append(keys, keyTicket())
	}
	if m.hasLast() {
		keys = append(keys, keySince())
	}
	if m.session.Role == Helpdesk && len(m.verdict.Causes) > 0 {
		keys = append(keys, keyCopy())
	}
	if m.session.Past != nil {
		return append(keys, keySave())
	}
	return append(keys, keySave(), keyAll())
}

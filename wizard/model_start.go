package wizard

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/tui"
)

// start is the first screen: which product, and how the person works.
type start struct {
	looking bool
	rows    []startRow
	at      int
	role    Role
	known   bool // the role was said on another day: it is not asked again
	err     string
	logs    bool // logs that a person names can be read
}

// startRow is one thing that can be chosen.
type startRow struct {
	profile *assets.Profile // nil: logs that a person names, or the practice network
	logs    bool
	here    bool // found on this machine
	marked  bool
	note    string
	bad     bool
}

func newStart(o Options) *start {
	return &start{looking: true, role: o.Role, known: o.RoleKnown, logs: o.Look != nil}
}

// found takes the result of the first look.
func (s *start) found(list detectedMsg) {
	s.looking = false
	s.rows = nil
	for _, d := range list {
		if d.Profile == nil {
			s.err = d.Err.Error()
			continue
		}
		r := startRow{profile: d.Profile, here: d.Installed.Present, marked: d.Installed.Present}
		for _, f := range d.Findings {
			if f.Code == "service.stopped" || f.Code == "service.missing" {
				r.note, r.bad = lang.T("start.stopped", "service", f.Subject), true
			} else if f.Code == "service.running" && r.note == "" {
				r.note = lang.T("start.runs", "service", f.Subject)
			}
		}
		s.rows = append(s.rows, r)
	}
	slices.SortStableFunc(s.rows, func(a, b startRow) int {
		switch {
		case a.here == b.here:
			return 0
		case a.here:
			return -1
		}
		return 1
	})
	if s.logs {
		s.rows = append(s.rows, startRow{logs: true})
	}
	s.rows = append(s.rows, startRow{})
}

// chosen are the profiles to check: the marked ones, or the one the cursor is on.
func (s *start) chosen() []*assets.Profile {
	var out []*assets.Profile
	for _, r := range s.rows {
		if r.marked && r.profile != nil {
			out = append(out, r.profile)
		}
	}
	if len(out) == 0 && s.at < len(s.rows) && s.rows[s.at].profile != nil {
		out = append(out, s.rows[s.at].profile)
	}
	return out
}

// practiceScene is what the start screen's offer plays: a fault that shows most of what linecheck can do.
const practiceScene = "proxy.unresolvable"

func (m *Model) startKey(k tea.KeyPressMsg) tea.Cmd {
	s := m.start
	m.told = ""
	switch k.String() {
	case "q":
		return tea.Quit
	case "esc":
		m.told = lang.T("start.esc")
	case "w":
		m.dialog = newRolePage(m)
	case "space":
		if s.at < len(s.rows) && s.rows[s.at].profile != nil {
			s.rows[s.at].marked = !s.rows[s.at].marked
		}
	case "tab", "shift+tab":
		step := 1
		if k.String() == "shift+tab" {
			step = len(roles) - 1
		}
		s.role = roles[(slices.Index(roles, s.role)+step)%len(roles)]
	case "enter", "right", "l":
		if s.looking || s.at >= len(s.rows) {
			return nil
		}
		keep := m.keepRole(s.role)
		if s.rows[s.at].logs {
			m.dialog = &pathPage{m: m}
			return keep
		}
		if s.rows[s.at].profile == nil {
			m.told = lang.T("start.opening")
			return tea.Batch(keep, func() tea.Msg {
				place, profiles, err := m.opts.Practise(m.ctx, practiceScene)
				return placeMsg{place, profiles, err}
			})
		}
		return tea.Batch(keep, m.begin(s.chosen(), s.role))
	default:
		s.at, _ = tui.Step(k.String(), s.at, len(s.rows))
	}
	return nil
}

// compact is the height below which the first screen keeps to the list and a line for the role.
const compact = 13

func (s *start) view(kit tui.Kit, w, h int) string {
	t := kit.Theme
	head := []string{" " + t.Question.Render(kit.Glyphs.Fit(lang.T("start.question"), w-2)), ""}
	if s.looking {
		return tui.Box(append(head, "   "+kit.Glyphs.Fit(lang.T("start.looking"), w-4)), w, h)
	}
	foot := append([]string{""}, s.roles(kit, w)...)
	for _, l := range tui.Wrap(lang.T("start.promise"), w-2) {
		foot = append(foot, " "+t.Dim.Render(l))
	}
	if h < compact {
		head, foot = head[:1], []string{"   " + t.Dim.Render(kit.Glyphs.Fit(lang.T("role.known", "role", s.role.name()), w-4))}
	}
	if h < 4 {
		head, foot = nil, nil
	}
	room := max(1, h-len(head)-len(foot))
	list, at := s.list(kit, w, true)
	if len(list) == room+1 && len(head) > 1 {
		head, room = head[:1], room+1
	}
	if len(list) > room {
		list, at = s.list(kit, w, false)
	}
	from := max(0, min(at-room/2, len(list)-room)) // what is chosen stays in sight
	list = list[from:min(len(list), from+room)]
	return tui.Box(append(append(head, list...), foot...), w, h)
}

// list are the rows with what they are headed by, airy with an empty line between the groups, and where among them the
// chosen one stands.
func (s *start) list(kit tui.Kit, w int, airy bool) (lines []string, at int) {
	t, group := kit.Theme, ""
	for i, r := range s.rows {
		g := lang.T("start.elsewhere")
		switch {
		case r.logs:
			g = lang.T("start.logs_group")
		case r.profile == nil:
			g = lang.T("start.practice_group")
		case r.here:
			g = lang.T("start.here")
		}
		if g != group {
			if group != "" && airy {
				lines = append(lines, "")
			}
			lines, group = append(lines, "   "+t.Title.Render(kit.Glyphs.Fit(g, w-4))), g
		}
		if i == s.at {
			at = len(lines)
		}
		lines = append(lines, s.row(kit, i, r, w))
	}
	if s.err != "" {
		lines = append(lines, "   "+t.Bad.Render(kit.Glyphs.Bad)+" "+kit.Glyphs.Fit(tui.Clean(s.err), w-6))
	}
	return lines, at
}

// roles is the question how the person works. Once it was answered, the answer alone stands there.
func (s *start) roles(kit tui.Kit, w int) []string {
	t := kit.Theme
	var lines []string
	if s.known {
		lines = append(lines, "   "+t.Title.Render(kit.Glyphs.Fit(lang.T("role.known", "role", s.role.name()), w-3)))
	} else {
		lines = append(lines, "   "+t.Title.Render(lang.T("role.question")))
		row := "  "
		for _, r := range roles {
			dot := "( ) "
			if r == s.role {
				dot = "(" + kit.Glyphs.Ours + ") "
			}
			choice := dot + r.name()
			if tui.Width(row)+tui.Width(choice)+1 >= w && row != "  " {
				lines, row = append(lines, row), "  "
			}
			row += " " + kit.Glyphs.Fit(choice, w-3) + "   "
		}
		lines = append(lines, strings.TrimRight(row, " "))
	}
	for _, l := range tui.Wrap(s.role.hint(), w-4) {
		lines = append(lines, "   "+t.Dim.Render(l))
	}
	return append(lines, "")
}

func (s *start) row(kit tui.Kit, i int, r startRow, w int) string {
	name, box := lang.T("start.practice", "scene", practiceScene), "    "
	if r.logs {
		name = lang.T("start.logs")
	}
	if r.profile != nil {
		name, box = tui.Title(r.profile), "[ ] "
		if r.marked {
			box = "[x] "
		}
	}
	note := kit.Theme.Dim.Render(tui.Clean(r.note))
	if r.bad {
		note = kit.Theme.Warn.Render(kit.Glyphs.Warn + " " + tui.Clean(r.note))
	}
	line := kit.Glyphs.Ends(box+tui.Clean(name), note, max(0, w-6))
	if i == s.at {
		return " " + kit.Theme.Here.Render(kit.Glyphs.Here) + " " + kit.Theme.Here.Render(line)
	}
	return "   " + line
}

func (s *start) status() string {
	if s.looking {
		return lang.T("start.status.looking")
	}
	n := 0
	for _, r := range s.rows {
		if r.here {
			n++
		}
	}
	if n == 0 {
		return lang.T("start.status.none")
	}
	return lang.N("start.status", n)
}

func (s *start) keys(kit tui.Kit) []key.Binding {
	return []key.Binding{tui.Bind(kit.Glyphs.UpDown, lang.T("start.key.choose"), "up", "down"), tui.Bind("Space", lang.T("start.key.mark"), "space"),
		tui.Bind("Tab", lang.T("start.key.role"), "tab"), tui.Bind("Enter", lang.T("start.key.begin"), "enter")}
}

package wizard

import (
	"fmt"
	"slices"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"linecheck/assets"
	"linecheck/tui"
)

// start is the first screen: which product, and how the person works.
type start struct {
	looking bool
	rows    []startRow
	at      int
	role    Role
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

func newStart(o Options) *start { return &start{looking: true, role: o.Role, logs: o.Look != nil} }

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
				r.note, r.bad = f.Subject+" does not run", true
			} else if f.Code == "service.running" && r.note == "" {
				r.note = f.Subject + " runs"
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
	case "q", "esc":
		return tea.Quit
	case "space":
		if s.at < len(s.rows) && s.rows[s.at].profile != nil {
			s.rows[s.at].marked = !s.rows[s.at].marked
		}
	case "tab", "shift+tab":
		s.role = roles[(slices.Index(roles, s.role)+1)%len(roles)]
	case "enter", "right", "l":
		if s.looking || s.at >= len(s.rows) {
			return nil
		}
		m.opts.Role = s.role
		if s.rows[s.at].logs {
			m.dialog = &pathPage{m: m}
			return nil
		}
		if s.rows[s.at].profile == nil {
			m.told = "opening the practice network"
			return func() tea.Msg {
				place, profiles, err := m.opts.Practise(m.ctx, practiceScene)
				return placeMsg{place, profiles, err}
			}
		}
		return m.begin(s.chosen(), s.role)
	default:
		s.at, _ = tui.Step(k.String(), s.at, len(s.rows))
	}
	return nil
}

func (s *start) view(kit tui.Kit, w, h int) string {
	t := kit.Theme
	lines := []string{" " + t.Question.Render("What does this computer's security product say about its cloud? Let us look."), ""}
	if s.looking {
		return tui.Box(append(lines, "   looking for known products"), w, h)
	}
	group := ""
	for i, r := range s.rows {
		g := "Not found here, can be checked all the same"
		switch {
		case r.logs:
			g = "Of this computer or another one, from any day"
		case r.profile == nil:
			g = "To try linecheck out"
		case r.here:
			g = "Found on this computer"
		}
		if g != group {
			if group != "" {
				lines = append(lines, "")
			}
			lines, group = append(lines, "   "+t.Title.Render(g)), g
		}
		lines = append(lines, s.row(kit, i, r, w))
	}
	if s.err != "" {
		lines = append(lines, "   "+t.Bad.Render(kit.Glyphs.Bad)+" "+tui.Clean(s.err))
	}
	line := "   "
	for _, r := range roles {
		dot := "( ) "
		if r == s.role {
			dot = "(" + kit.Glyphs.Ours + ") "
		}
		line += dot + r.words() + "    "
	}
	lines = append(lines, "", "   "+t.Title.Render("How do you work?"), line, "",
		" "+t.Dim.Render("Nothing on this computer is changed unless you approve it, step by step."))
	return tui.Box(lines, w, h)
}

func (s *start) row(kit tui.Kit, i int, r startRow, w int) string {
	name, box := "the practice network, with the fault "+practiceScene, "    "
	if r.logs {
		name = "a log or support bundle"
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
		return "looking"
	}
	n := 0
	for _, r := range s.rows {
		if r.here {
			n++
		}
	}
	switch n {
	case 0:
		return "No known product was found on this computer."
	case 1:
		return "One known product was found on this computer."
	}
	return fmt.Sprintf("%d products were found; they can be checked in one run.", n)
}

func (s *start) keys(kit tui.Kit) []key.Binding {
	return []key.Binding{tui.Bind(kit.Glyphs.UpDown, "choose", "up"), tui.Bind("Space", "mark", "space"),
		tui.Bind("Tab", "how you work", "tab"), tui.Bind("Enter", "begin", "enter")}
}

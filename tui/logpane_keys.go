package tui

import (
	"slices"
	"unicode/utf8"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"linecheck/assets/lang"
)

// Holds keeps every key here while something is typed, and Esc while a line is open, a search or a filter is on.
func (p *LogPane) Holds(k tea.KeyPressMsg) bool {
	return p.typing != nothing || k.String() == "esc" && (p.reader.Depth > AtList || p.query != "" || p.only.on())
}

// Key takes one key and reports whether it was used.
func (p *LogPane) Key(k tea.KeyPressMsg) bool {
	s := k.String()
	if p.typing != nothing {
		p.input(k)
		return true
	}
	if p.reader.Depth == AtList && (s == "enter" || s == "kpenter") && p.rows() > 0 {
		p.pause()
	}
	if p.reader.Key(k, p.rows() > 0) {
		return true
	}
	if p.step(s) {
		return true
	}
	switch s {
	case "space":
		if p.paused {
			p.end()
		} else {
			p.pause()
		}
	case "p":
		p.show(only{!p.only.problems, p.only.words})
	case "/":
		p.typing, p.typed, p.miss = toSearch, "", false
	case "f":
		p.typing, p.typed = toFilter, p.only.words
	case "n":
		p.next(p.query)
	case "N":
		p.seek(-1, p.row(), p.query)
	case "e":
		p.next("")
	case "E":
		p.seek(-1, p.row(), "")
	case "esc":
		return p.back()
	default:
		return false
	}
	return true
}

// step moves the cursor. Whoever looks back is not to be carried away; at the newest line the pane goes on.
func (p *LogPane) step(s string) bool {
	n := p.rows()
	if n == 0 {
		return false
	}
	row, ok := Step(s, p.row(), n)
	if !ok {
		return false
	}
	if s == "end" || s == "G" {
		p.end()
		return true
	}
	p.cursor = p.number(row)
	if row < n-1 {
		p.pause()
	}
	return true
}

// back takes off what was put on last: the search, then the filter.
func (p *LogPane) back() bool {
	switch {
	case p.query != "":
		p.query, p.miss = "", false
	case p.only.on():
		p.show(only{})
	default:
		return false
	}
	return true
}

func (p *LogPane) input(k tea.KeyPressMsg) {
	switch s := k.String(); s {
	case "esc":
		p.typing = nothing
	case "enter", "kpenter":
		if p.typing == toFilter {
			p.show(only{p.only.problems, p.typed})
		} else if p.query = p.typed; p.query != "" {
			p.seek(-1, p.row()+1, p.query)
		}
		p.typing = nothing
	case "tab":
		if p.typing == toFilter {
			p.typed = p.nextName()
		}
	case "backspace":
		_, n := utf8.DecodeLastRuneInString(p.typed)
		p.typed = p.typed[:len(p.typed)-n]
	case "ctrl+u":
		p.typed = ""
	default:
		if len(p.typed)+len(k.Text) <= 80 {
			p.typed += Clean(k.Text)
		}
	}
}

// seek goes from a row to the next line (or the one before) that holds a text; without one, to the next problem. Past
// the end it goes on at the other one.
func (p *LogPane) seek(by, row int, text string) {
	n := p.rows()
	p.miss = true
	for range n {
		row = ((row+by)%n + n) % n
		l := p.at(p.number(row))
		if text == "" && problem(l) || text != "" && holds(l, text) {
			p.cursor, p.miss = p.number(row), false
			p.pause()
			return
		}
	}
}

// next goes to the next line that holds a text, or the next problem. Who watches the newest lines means the newest one:
// it is what the foot tells of, and nothing comes after it.
func (p *LogPane) next(text string) {
	if p.standing() {
		p.seek(1, p.row(), text)
		return
	}
	p.seek(-1, p.row()+1, text)
}

// Keys are the keys that matter now, the most important first. The letters are those of less and lnav where these have
// one: / searches, n and N go on, e and E go to the next and the last problem.
func (p *LogPane) Keys() []key.Binding {
	esc := Bind("Esc", lang.T("logpane.key.leave"), "esc")
	switch {
	case p.typing == toSearch:
		return []key.Binding{Bind("Enter", lang.T("logpane.key.find"), "enter"), esc}
	case p.typing == toFilter:
		return []key.Binding{Bind("Enter", lang.T("logpane.key.only"), "enter"), Bind("Tab", lang.T("logpane.key.file"), "tab"), esc}
	}
	move := Bind(p.Glyphs.UpDown, lang.T("logpane.key.line"), "up", "down")
	if p.reader.Depth > AtList {
		move.SetHelp(KeyName(p.Glyphs.UpDown), lang.T("panel.key.read"))
		keys := []key.Binding{move, Bind("Esc", lang.T("panel.key.back"), "esc")}
		if p.reader.Depth < AtRaw {
			keys = slices.Insert(keys, 1, Bind("Enter", lang.T("panel.key.raw"), "enter"))
		}
		return keys
	}
	next, last := Bind("n", lang.T("logpane.key.next"), "n"), Bind("N", lang.T("logpane.key.before"), "N")
	if p.query != "" {
		next.SetHelp("n", lang.T("logpane.key.next_match"))
		last.SetHelp("N", lang.T("logpane.key.match_before"))
	}
	pause, problems := Bind("Space", lang.T("logpane.key.pause"), "space"), Bind("p", lang.T("logpane.key.problems"), "p")
	if p.paused {
		pause.SetHelp(KeyName("Space"), lang.T("logpane.key.on"))
	}
	if p.only.problems {
		problems.SetHelp("p", lang.T("logpane.key.all"))
	}
	return []key.Binding{next, pause, Bind("f", lang.T("logpane.key.filter"), "f"), Bind("/", lang.T("logpane.key.search"), "/"), Bind("Enter", lang.T("logpane.key.original"), "enter"), problems, move, last,
		Bind("e E", lang.T("logpane.key.both"), "e", "E")}
}

// Open reports whether the original of a line is shown.
func (p *LogPane) Open() bool { return p.reader.Depth > AtList }

// Typing reports whether the keys are letters now.
func (p *LogPane) Typing() bool { return p.typing != nothing }

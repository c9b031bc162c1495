package tui

import (
	"slices"
	"strings"
	"unicode/utf8"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"linecheck/checks"
)

// LogPane shows decoded log lines, newest at the bottom. It keeps a bounded number of them and touches only those that
// can be seen, so that a view costs the same for a hundred lines and for fifty thousand. Every line has a number that
// stays with it when older ones are dropped.
type LogPane struct {
	Kit
	Following bool // a tail runs: said in the header
	Dropped   int  // lines that were lost before they came here

	ring  []checks.Line
	size  int
	base  int // number of the oldest line kept
	next  int // number that the next line gets
	files map[string]bool

	problems bool  // only Fail and Warn
	shown    []int // numbers of the lines that pass the filter; only kept while it is on
	cursor   int   // number of the selected line
	paused   bool
	query    string
	typing   bool
	miss     bool // the last search found nothing
	win      Window
	reader   Reader
}

// NewLogPane makes a pane that keeps the newest size lines.
func NewLogPane(kit Kit, size int) *LogPane {
	return &LogPane{Kit: kit, size: max(1, size), files: map[string]bool{}}
}

// Add appends lines, oldest first.
func (p *LogPane) Add(lines ...checks.Line) {
	for _, l := range lines {
		if len(p.ring) < p.size {
			p.ring = append(p.ring, l)
		} else {
			p.ring[p.next%p.size] = l
			p.base++
		}
		if p.problems && problem(l) {
			p.shown = append(p.shown, p.next)
		}
		if len(p.files) < 100 {
			p.files[l.File] = true
		}
		p.next++
	}
	if i, _ := slices.BinarySearch(p.shown, p.base); i > 0 {
		p.shown = p.shown[i:]
	}
	if p.cursor < p.base {
		p.cursor = p.base
		p.reader.Back()
	}
	if !p.paused {
		p.end()
	}
}

// Reset forgets all lines, and keeps filter and search.
func (p *LogPane) Reset() {
	*p = LogPane{Kit: p.Kit, size: p.size, files: map[string]bool{}, problems: p.problems, query: p.query, Following: p.Following}
}

// Len is the number of lines kept.
func (p *LogPane) Len() int { return p.next - p.base }

func problem(l checks.Line) bool { return l.Status == checks.Fail || l.Status == checks.Warn }

func (p *LogPane) at(no int) checks.Line { return p.ring[no%p.size] }

// count and number map rows to line numbers, with and without the filter.
func (p *LogPane) count() int {
	if p.problems {
		return len(p.shown)
	}
	return p.Len()
}

func (p *LogPane) number(row int) int {
	if p.problems {
		return p.shown[row]
	}
	return p.base + row
}

// row is where the cursor stands; with the filter on, at the nearest line before it.
func (p *LogPane) row() int {
	if !p.problems {
		return p.cursor - p.base
	}
	i, ok := slices.BinarySearch(p.shown, p.cursor)
	if !ok {
		i--
	}
	return max(0, i)
}

func (p *LogPane) end() {
	if n := p.count(); n > 0 {
		p.cursor = p.number(n - 1)
	}
}

func (p *LogPane) filter(on bool) {
	p.problems, p.shown = on, nil
	if on {
		for no := p.base; no < p.next; no++ {
			if problem(p.at(no)) {
				p.shown = append(p.shown, no)
			}
		}
	}
	if n := p.count(); n > 0 {
		p.cursor = p.number(min(p.row(), n-1))
	}
	p.win = Window{}
}

// Holds keeps every key here while a search is typed, and Esc while a line is open or a search is on.
func (p *LogPane) Holds(k tea.KeyPressMsg) bool {
	return p.typing || k.String() == "esc" && (p.reader.Depth > AtList || p.query != "")
}

// Key takes one key and reports whether it was used.
func (p *LogPane) Key(k tea.KeyPressMsg) bool {
	s := k.String()
	if p.typing {
		p.input(k)
		return true
	}
	if p.reader.Depth == AtList && (s == "enter" || s == "kpenter") && p.count() > 0 {
		p.paused = true
	}
	if p.reader.Key(k, p.count() > 0 && p.reader.Depth == AtList) {
		return true
	}
	if n := p.count(); n > 0 {
		if row, ok := Step(s, p.row(), n); ok {
			p.cursor = p.number(row)
			p.paused = row < n-1 || p.paused && s != "end" && s != "G"
			return true
		}
	}
	switch s {
	case "space":
		p.paused = !p.paused
		if !p.paused {
			p.end()
		}
	case "p":
		p.filter(!p.problems)
	case "/":
		p.typing, p.query, p.miss = true, "", false
	case "n":
		p.seek(1, p.row())
	case "N":
		p.seek(-1, p.row())
	case "esc":
		if p.query == "" {
			return false
		}
		p.query, p.miss = "", false
	default:
		return false
	}
	return true
}

func (p *LogPane) input(k tea.KeyPressMsg) {
	switch k.String() {
	case "esc":
		p.typing, p.query = false, ""
	case "enter", "kpenter":
		p.typing = false
		if p.query != "" {
			p.seek(-1, p.row()+1)
		}
	case "backspace":
		_, n := utf8.DecodeLastRuneInString(p.query)
		p.query = p.query[:len(p.query)-n]
	case "ctrl+u":
		p.query = ""
	default:
		if len(p.query)+len(k.Text) <= 80 {
			p.query += Clean(k.Text)
		}
	}
}

// seek goes from a row to the next line (or the one before) that holds the search; without a search, to the next
// problem. Past the end it goes on at the other one.
func (p *LogPane) seek(by, row int) {
	n := p.count()
	p.miss = n > 0
	for range n {
		row = ((row+by)%n + n) % n
		l := p.at(p.number(row))
		if p.query == "" && problem(l) || p.query != "" && p.holds(l) {
			p.cursor, p.paused, p.miss = p.number(row), true, false
			return
		}
	}
}

func (p *LogPane) holds(l checks.Line) bool {
	q := strings.ToLower(p.query)
	for _, s := range [...]string{l.Text, l.Meaning, l.Ref, l.File} {
		if strings.Contains(strings.ToLower(s), q) {
			return true
		}
	}
	return false
}

// Keys are the keys that matter now.
func (p *LogPane) Keys() []key.Binding {
	if p.typing {
		return []key.Binding{Bind("Enter", "find", "enter"), Bind("Esc", "leave", "esc")}
	}
	move := Bind(p.Glyphs.UpDown, "line", "up", "down")
	if p.reader.Depth > AtList {
		return []key.Binding{move, Bind("Esc", "back", "esc")}
	}
	next := Bind("n", "next problem", "n", "N")
	if p.query != "" {
		next.SetHelp("n", "next hit")
	}
	pause, only := Bind("Space", "pause", "space"), Bind("p", "problems only", "p")
	if p.paused {
		pause.SetHelp("Space", "go on")
	}
	if p.problems {
		only.SetHelp("p", "all lines")
	}
	return []key.Binding{move, Bind("Enter", "original", "enter"), next, only, Bind("/", "search", "/"), pause}
}

// Open reports whether the original of a line is shown.
func (p *LogPane) Open() bool { return p.reader.Depth > AtList }

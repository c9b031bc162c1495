package tui

import (
	"slices"
	"time"

	"linecheck/checks"
)

// LogPane shows decoded log lines of several files in the order of time, newest at the bottom. It keeps a bounded number
// of them and of their bytes, and touches only those that can be seen, so that a view costs the same for a hundred lines
// and for fifty thousand. Every line has a number that stays with it, whatever is dropped before it or put in between.
type LogPane struct {
	Kit
	Following bool // a tail runs: said in the header
	Lost      int  // lines that came too fast and never got here
	// Fix says what to do about a line that does not say it itself; nil: nobody knows.
	Fix func(checks.Line) string

	roll  roll
	files map[string]bool
	pace  pace

	count  int         // kept lines that are problems
	own    int         // kept markers
	worst  checks.Line // the problem that arrived last
	only   only
	shown  []int // numbers of the lines that pass the filter; only kept while it is on
	gone   int   // how many of them were dropped
	cursor int   // number of the selected line
	paused bool
	below  int // lines that came while it was paused
	query  string
	typing typing
	typed  string
	miss   bool // the last search found nothing
	win    Window
	reader Reader
}

// typing is what the keyboard writes into.
type typing uint8

const (
	nothing typing = iota
	toSearch
	toFilter
)

// NewLogPane makes a pane that keeps the newest size lines, or as many of them as fit into 32 MB.
func NewLogPane(kit Kit, size int) *LogPane {
	return &LogPane{Kit: kit, roll: newRoll(size), files: map[string]bool{}}
}

// Add takes lines in the order in which they arrived.
func (p *LogPane) Add(lines ...checks.Line) {
	top, news := p.top(), 0
	for _, l := range lines {
		if !l.Own {
			news++
		}
		no := p.roll.add(l)
		if no <= p.cursor && p.roll.len() > 1 {
			p.cursor++
		}
		if no <= top {
			top++
		}
		p.tally(l, 1)
		p.insert(no, l)
		if l.File != "" && !l.Own && len(p.files) < 100 {
			p.files[l.File] = true
		}
		for old, ok := p.roll.shed(); ok; old, ok = p.roll.shed() {
			p.tally(old, -1)
		}
	}
	if i, _ := slices.BinarySearch(p.shown, p.roll.base); i > 0 {
		p.shown, p.gone = p.shown[i:], p.gone+i
	}
	if p.cursor < p.roll.base {
		p.cursor = p.roll.base
		p.reader.Back()
	}
	p.pace.add(time.Now(), news)
	if p.paused {
		p.win.top = p.rowOf(top)
	} else {
		p.end()
	}
}

// insert gives a new line its place among those that pass the filter.
func (p *LogPane) insert(no int, l checks.Line) {
	passes := p.only.passes(l)
	if passes && p.paused && no > p.cursor {
		p.below++
	}
	if !p.only.on() {
		return
	}
	i := len(p.shown)
	for i > 0 && p.shown[i-1] >= no {
		i--
		p.shown[i]++
	}
	if passes {
		p.shown = slices.Insert(p.shown, i, no)
	}
}

func (p *LogPane) tally(l checks.Line, by int) {
	switch {
	case l.Own:
		p.own += by
	case problem(l):
		p.count += by
		if by > 0 {
			p.worst = l
		}
	}
}

// Reset forgets all lines, and keeps filter and search.
func (p *LogPane) Reset() {
	*p = LogPane{Kit: p.Kit, Fix: p.Fix, roll: newRoll(p.roll.size), files: map[string]bool{}, only: p.only, query: p.query, Following: p.Following}
}

// Len is the number of lines kept, markers among them.
func (p *LogPane) Len() int { return p.roll.len() }

// Settles is how long from now the header's rate is out of date where no more lines come; 0 where it shows none.
func (p *LogPane) Settles() time.Duration {
	if !p.Following || p.pace.per(time.Now()) == 0 {
		return 0
	}
	return paceOver * time.Second
}

// problem is a line of a log that tells of a failure; what linecheck itself met is none.
func problem(l checks.Line) bool {
	return !l.Own && (l.Status == checks.Fail || l.Status == checks.Warn)
}

func (p *LogPane) at(no int) checks.Line { return p.roll.at(no).Line }

// rows and number map rows to line numbers, with and without the filter.
func (p *LogPane) rows() int {
	if p.only.on() {
		return len(p.shown)
	}
	return p.roll.len()
}

func (p *LogPane) number(row int) int {
	if p.only.on() {
		return p.shown[row]
	}
	return p.roll.base + row
}

// rowOf is the row of a line, or with the filter on of the nearest one before it.
func (p *LogPane) rowOf(no int) int {
	if !p.only.on() {
		return max(0, no-p.roll.base)
	}
	i, ok := slices.BinarySearch(p.shown, no)
	if !ok {
		i--
	}
	return max(0, i)
}

func (p *LogPane) row() int { return p.rowOf(p.cursor) }

// top is the number of the first line in sight.
func (p *LogPane) top() int {
	if n := p.rows(); n > 0 {
		return p.number(min(p.win.top, n-1))
	}
	return p.roll.base
}

// selected is the line under the cursor.
func (p *LogPane) selected() (checks.Line, bool) {
	if p.rows() == 0 {
		return checks.Line{}, false
	}
	return p.at(p.number(p.row())), true
}

// end goes to the newest line and on with the tail.
func (p *LogPane) end() {
	p.paused, p.below = false, 0
	if n := p.rows(); n > 0 {
		p.cursor = p.number(n - 1)
	}
}

func (p *LogPane) pause() { p.paused = true }

// show keeps only some of the lines in sight.
func (p *LogPane) show(o only) {
	p.only, p.shown, p.gone, p.miss = o, nil, 0, false
	if o.on() {
		for no := p.roll.base; no < p.roll.next; no++ {
			if o.passes(p.at(no)) {
				p.shown = append(p.shown, no)
			}
		}
	}
	if n := p.rows(); n > 0 {
		p.cursor = p.number(min(p.row(), n-1))
	}
	p.win, p.below = Window{}, 0
}

// Code is the finding that the line under the cursor belongs to.
func (p *LogPane) Code() string {
	if l, ok := p.selected(); ok && p.standing() {
		return Clean(string(l.Code))
	}
	return ""
}

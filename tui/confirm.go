package tui

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"linecheck/assets/lang"
	"linecheck/checks"
)

// Grace is how long a dialog that appeared by itself ignores keys: what a person typed was meant for the screen
// before it.
const Grace = 500 * time.Millisecond

// Answer is what a person said to a [Confirm].
type Answer int

// The answers.
const (
	Undecided Answer = iota
	Approved
	Left // nothing is done
)

// Confirm shows the whole plan of an action and asks. It takes every key while it is open, ctrl+c apart.
type Confirm struct {
	Kit
	Action checks.Action
	// Say is what a customer who listens is asked before the word is typed; "" where nobody listens.
	Say    string
	agreed bool
	typed  string
	top    int
	room   int // lines of the plan that were in sight when it was drawn last
	wrong  bool
	ready  time.Time
}

// Consented reports whether a customer was asked and agreed.
func (c *Confirm) Consented() bool { return c.agreed }

// asks reports whether the customer still has to be asked.
func (c *Confirm) asks() bool { return c.Say != "" && !c.agreed && c.Action.Blocked == "" }

// NewConfirm opens the dialog. byItself: no key of the person opened it, so keys are ignored for [Grace].
func NewConfirm(kit Kit, a checks.Action, byItself bool) *Confirm {
	c := &Confirm{Kit: kit, Action: a}
	if byItself {
		c.ready = time.Now().Add(Grace)
	}
	return c
}

// Update takes a key; other messages do nothing.
func (c *Confirm) Update(msg tea.Msg) Answer {
	k, ok := msg.(tea.KeyPressMsg)
	if !ok || time.Now().Before(c.ready) {
		return Undecided
	}
	switch s := k.String(); s {
	case "esc":
		return Left
	case "enter", "kpenter":
		if c.Action.Blocked != "" || c.asks() {
			return Undecided
		}
		if strings.EqualFold(strings.TrimSpace(c.typed), c.word()) {
			return Approved
		}
		c.wrong = c.typed != ""
		c.typed = ""
	case "backspace":
		_, n := utf8.DecodeLastRuneInString(c.typed)
		c.typed = c.typed[:len(c.typed)-n]
	case "ctrl+u":
		c.typed = ""
	case "pgup":
		c.top = max(0, c.top-max(1, c.room-1))
	case "pgdown": // a plan is read before a yes: no line of it is jumped over
		c.top += max(1, c.room-1)
	case "up", "down", "home", "end":
		c.top, _ = Step(s, c.top, 1<<20)
	default:
		if c.asks() {
			c.agreed = s == "y" || s == lang.T("panel.confirm.yes_key")
			if s == "n" || s == lang.T("panel.confirm.no_key") {
				return Left
			}
			return Undecided
		}
		if c.Action.Blocked == "" && len(c.typed)+len(k.Text) <= 32 {
			c.typed += Clean(k.Text)
			c.wrong = false
		}
	}
	return Undecided
}

// word is what must be typed. An action without one is approved by "yes": a single key is too easily hit.
func (c *Confirm) word() string {
	if w := strings.TrimSpace(Clean(c.Action.Confirm)); w != "" {
		return w
	}
	return lang.T("panel.confirm.word")
}

// confirmWidth is the widest the dialog gets: its sentences are read, not scanned.
const confirmWidth = 86

// View draws the dialog in the middle of w x h cells. Where the plan is longer than that it scrolls; the line that asks
// always stays in sight.
func (c *Confirm) View(w, h int) string {
	if w <= 0 || h <= 0 {
		return ""
	}
	if w < 20 || h < 5 {
		return Box([]string{c.Glyphs.Fit(Clean(c.Action.Title), w), c.prompt(w)}, w, h)
	}
	width := min(w-2, confirmWidth)
	in := width - 4
	body := c.plan(in)
	room, air := h-4, []string{""}
	if room < 8 {
		room, air = room+1, nil
	}
	if len(body) > room {
		body = body[1:] // the air at the top is the first to go
	}
	c.top, c.room = max(0, min(c.top, len(body)-room)), room
	more := ""
	if len(body) > room {
		more = c.Glyphs.Fit(" "+lang.T("panel.confirm.scroll", "keys", KeyName(c.Glyphs.UpDown), "from", Count(c.top+1),
			"to", Count(c.top+room), "n", Count(len(body)))+" ", width-4)
		body = body[c.top : c.top+room]
	}
	g := c.Glyphs
	side := c.Theme.Border.Render(g.Bar)
	left := strings.Repeat(" ", (w-width)/2)
	frame := func(s string) string { return left + side + " " + g.Pad(s, in) + " " + side }
	title := g.Fit(Clean(c.Action.Title), width-6)
	out := []string{left + c.Theme.Border.Render(g.TL+g.Line) + " " + c.Theme.Title.Render(title) + " " +
		c.Theme.Border.Render(strings.Repeat(g.Line, max(0, width-Width(title)-5))+g.TR)}
	for _, l := range body {
		out = append(out, frame(l))
	}
	for _, l := range append(air, c.prompt(in)) {
		out = append(out, frame(l))
	}
	out = append(out, left+c.Theme.Border.Render(g.BL+strings.Repeat(g.Line, max(0, width-3-Width(more)))+more+g.Line+g.BR))
	above := make([]string, max(0, (h-len(out))/2))
	return Box(append(above, out...), w, h)
}

func (c *Confirm) prompt(w int) string {
	leave := c.Theme.Key.Render(KeyName("Esc")) + " " + lang.T("panel.confirm.leave")
	ends := func(left string) string { return c.Glyphs.Pad(left, w-Width(leave)-1) + " " + leave }
	if c.Action.Blocked != "" {
		return ends(c.Theme.Warn.Render(c.Glyphs.Warn + " " + lang.T("panel.confirm.blocked")))
	}
	if c.asks() {
		yes, no := c.Theme.Key.Render(lang.T("panel.confirm.yes_key")), c.Theme.Key.Render(lang.T("panel.confirm.no_key"))
		if w < 60 {
			return c.Glyphs.Fit(lang.T("panel.confirm.agree_short", "yes", yes, "no", no), w)
		}
		return ends(lang.T("panel.confirm.agree", "yes", yes, "no", no))
	}
	word, typed := c.Theme.Key.Render(c.word()), c.typed+"_"
	left := lang.T("panel.confirm.type", "word", word, "enter", KeyName("Enter"), "typed", typed)
	if w < 60 {
		left = lang.T("panel.confirm.type_short", "word", word, "typed", typed)
	}
	if c.wrong {
		left = c.Theme.Warn.Render(c.Glyphs.Warn+" "+lang.T("panel.confirm.wrong")) + "  " + left
	}
	return ends(left)
}

// plan is everything a person must know before saying yes.
func (c *Confirm) plan(w int) []string {
	a := c.Action
	var steps []string
	for i, s := range a.Steps {
		lines := Wrap(Clean(s), w-4)
		for j := range lines {
			no := "    "
			if j == 0 {
				no = c.Glyphs.PadLeft(strconv.Itoa(i+1), 2) + "  "
			}
			lines[j] = no + lines[j]
		}
		steps = append(steps, lines...)
	}
	var blocked []string
	if a.Blocked != "" {
		for _, l := range Wrap(c.Glyphs.Warn+" "+Clean(a.Blocked), w) {
			blocked = append(blocked, c.Theme.Warn.Render(l))
		}
	}
	var byHand []string
	if len(a.Commands) > 0 {
		byHand = append(byHand, c.Theme.Dim.Render(lang.T("panel.confirm.by_hand")))
		for _, s := range a.Commands {
			byHand = append(byHand, Indent(Break(Clean(s), w-2), 2)...)
		}
	}
	after := Wrap(Clean(a.Effect), w)
	if a.Takes != "" {
		after = append(after, Wrap(lang.T("panel.confirm.takes", "time", Clean(a.Takes)), w)...)
	}
	after = append(after, Wrap(Clean(a.Undo), w)...)
	var say []string
	if c.Say != "" && a.Blocked == "" {
		say = Wrap(lang.T("panel.confirm.say", "text", Clean(c.Say)), w)
	}
	return append([]string{""}, Join(blocked, say, Wrap(Clean(a.Why), w), steps, after, byHand)...)
}

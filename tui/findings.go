package tui

import (
	"cmp"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks"
)

// Item is one finding of a list, with the run that made it.
type Item struct {
	Run     int // index into Findings.Runs
	Finding checks.Finding
}

// Findings is the default panel: all findings of a step, grouped by profile where there are several, the gravest first.
// Enter opens the evidence of one, a second Enter everything raw. A panel with a picture of its own embeds it, draws
// the list itself and leaves selection, depth and movement here.
type Findings struct {
	Kit
	Spec   checks.Spec
	Runs   []Run
	Items  []Item
	Cursor int // index into Items
	Reader Reader
	Win    Window

	// Keep leaves findings out; nil keeps all.
	Keep func(Item) bool
	// Order sorts within a profile; nil is the gravest first.
	Order func(a, b Item) int
	// Mend is the key that asks for the step's action, with its help; the zero value is "a".
	Mend key.Binding
	// Head returns lines to draw above the list, nil for none.
	Head func(w int) []string
	// About returns lines to draw between the list and the sentence about the selected finding, nil for none.
	About func(it Item, w int) []string
	// Below returns lines to draw under that sentence, nil for none.
	Below func(it Item, w int) []string

	text []string // what is read now, kept because a view is drawn after every message; nil when it is to be made
	wide int      // the width it was made for
	deep Depth    // and the depth
}

// NewFindings makes the default panel of a check.
func NewFindings(spec checks.Spec, kit Kit) Panel { return List(spec, kit) }

// List makes a default panel that another panel can embed.
func List(spec checks.Spec, kit Kit) *Findings {
	return &Findings{Kit: kit, Spec: spec, Mend: Bind("a", lang.T("panel.key.mend"), "a")}
}

// Init does nothing: a panel starts nothing itself.
func (f *Findings) Init() tea.Cmd { return nil }

// Update takes the step's runs and the keys of movement, depth and action.
func (f *Findings) Update(msg tea.Msg) (Panel, Intent, tea.Cmd) {
	intent := f.Handle(msg)
	return f, intent, nil
}

// Handle is Update for a panel that embeds this one.
func (f *Findings) Handle(msg tea.Msg) Intent {
	switch msg := msg.(type) {
	case RunsMsg:
		f.text = nil
		f.Runs = msg.Runs
		f.Sort()
	case tea.KeyPressMsg:
		if f.Reader.Key(msg, len(f.Items) > 0) {
			return nil
		}
		if c, ok := Step(msg.String(), f.Cursor, len(f.Items)); ok {
			f.Cursor, f.text = c, nil
			return nil
		}
		if key.Matches(msg, f.Mend) {
			if run, a, ok := f.Action(); ok {
				return Apply{Profile: Name(run.Profile), Action: a}
			}
		}
	}
	return nil
}

// Name is a profile's name, "" for none.
func Name(p *assets.Profile) string {
	if p == nil {
		return ""
	}
	return p.Name
}

// Title is what a person calls a profile's product.
func Title(p *assets.Profile) string {
	switch {
	case p == nil:
		return ""
	case p.Title != "":
		return p.Title
	}
	return p.Name
}

// Sort makes the items anew from the runs. The selection stays on the finding it was on, wherever that went.
func (f *Findings) Sort() {
	f.text = nil
	was, had := f.Selected()
	profile := ""
	if had && was.Run < len(f.Runs) {
		profile = Name(f.Runs[was.Run].Profile)
	}
	f.Items = nil
	for i, r := range f.Runs {
		for _, x := range r.Findings {
			if it := (Item{i, x}); f.Keep == nil || f.Keep(it) {
				f.Items = append(f.Items, it)
			}
		}
	}
	order := f.Order
	if order == nil {
		order = ByGravity
	}
	slices.SortStableFunc(f.Items, func(a, b Item) int { return cmp.Or(cmp.Compare(a.Run, b.Run), order(a, b)) })
	at := -1
	if had {
		at = slices.IndexFunc(f.Items, func(it Item) bool {
			return same(it.Finding, was.Finding) && Name(f.Runs[it.Run].Profile) == profile
		})
	}
	switch {
	case at >= 0 && (f.Cursor > 0 || f.Reader.Depth > AtList):
		f.Cursor = at
	case at < 0:
		f.Reader.Back()
	}
	f.Cursor = max(0, min(f.Cursor, len(f.Items)-1))
}

func same(a, b checks.Finding) bool {
	return a.Code == b.Code && a.Subject == b.Subject && a.View == b.View && a.Args["source"] == b.Args["source"] &&
		a.Args["whose"] == b.Args["whose"]
}

// ByGravity puts fail before warn, unknown, note, pass and skip.
func ByGravity(a, b Item) int {
	return cmp.Compare(gravity(a.Finding.Status), gravity(b.Finding.Status))
}

func gravity(s checks.Status) int {
	return slices.Index([]checks.Status{checks.Fail, checks.Warn, checks.Unknown, checks.Note, checks.Pass, checks.Skip}, s)
}

// Selected is the item under the cursor.
func (f *Findings) Selected() (Item, bool) {
	if f.Cursor < 0 || f.Cursor >= len(f.Items) {
		return Item{}, false
	}
	return f.Items[f.Cursor], true
}

// Action is the change that the selected finding's run proposes; without a selection that of the first run with one.
func (f *Findings) Action() (Run, checks.Action, bool) {
	if it, ok := f.Selected(); ok && it.Run < len(f.Runs) && len(f.Runs[it.Run].Actions) > 0 {
		return f.Runs[it.Run], f.Runs[it.Run].Actions[0], true
	}
	for _, r := range f.Runs {
		if len(r.Actions) > 0 {
			return r, r.Actions[0], true
		}
	}
	return Run{}, checks.Action{}, false
}

// Running returns the runs under way.
func (f *Findings) Running() []Run {
	return slices.DeleteFunc(slices.Clone(f.Runs), func(r Run) bool { return !r.Running })
}

// Holds keeps Esc here while something deeper than the list is shown.
func (f *Findings) Holds(k tea.KeyPressMsg) bool {
	return k.String() == "esc" && f.Reader.Depth > AtList
}

// Tell counts the findings for the status line, and names the selected one's code.
func (f *Findings) Tell() (left, right string) {
	var all []checks.Finding
	for _, it := range f.Items {
		all = append(all, it.Finding)
	}
	if it, ok := f.Selected(); ok {
		right = Clean(string(it.Finding.Code))
	}
	return Tally(all), right
}

// Keys are the keys that matter now.
func (f *Findings) Keys() []key.Binding {
	var out []key.Binding
	move := Bind(f.Glyphs.UpDown, lang.T("panel.key.choose"), "up", "down", "k", "j", "pgup", "pgdown", "home", "end")
	switch f.Reader.Depth {
	case AtEvidence:
		move.SetHelp(KeyName(f.Glyphs.UpDown), lang.T("panel.key.read"))
		return []key.Binding{move, Bind("Enter", lang.T("panel.key.raw"), "enter"), Bind("Esc", lang.T("panel.key.back"), "esc")}
	case AtRaw:
		move.SetHelp(KeyName(f.Glyphs.UpDown), lang.T("panel.key.read"))
		return []key.Binding{move, Bind("Esc", lang.T("panel.key.back"), "esc")}
	}
	if len(f.Items) > 1 {
		out = append(out, move)
	}
	if len(f.Items) > 0 {
		out = append(out, Bind("Enter", lang.T("panel.key.evidence"), "enter"))
	}
	if _, _, ok := f.Action(); ok {
		out = append(out, f.Mend)
	}
	return out
}

// heading is the line above a profile's findings where there are several profiles.
func (f *Findings) heading(run int) string {
	r := f.Runs[run]
	s := Clean(Title(r.Profile))
	if r.Reason != "" {
		s += " " + f.Glyphs.Dot + " " + Clean(lang.Phrase(r.Reason))
	}
	return strings.TrimSpace(s)
}

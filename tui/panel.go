// Package tui is the kit that the screens are built from: theme and glyphs, layout, the path ribbon, tables, the
// confirm dialog, and the [Panel] interface with a default panel for checks that need no screen of their own.
package tui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"linecheck/assets"
	"linecheck/checks"
)

// Panel is the pluggable model of one check. It draws the check's runs and turns keys into an [Intent]; it starts
// nothing itself and does no input or output.
type Panel interface {
	Init() tea.Cmd
	// Update takes a [RunsMsg] whenever the step's runs changed, and the keys that the wizard leaves to the panel.
	Update(tea.Msg) (Panel, Intent, tea.Cmd)
	// View draws in at most width x height cells; 0x0 is allowed.
	View(width, height int) string
	// Keys are the keys that matter now, for the help line; the most important first.
	Keys() []key.Binding
}

// Holder is a panel that sometimes needs keys that else are the wizard's: all but ctrl+c while text is typed, Esc while
// it shows something deeper.
type Holder interface{ Holds(tea.KeyPressMsg) bool }

// Holds reports whether a key must go to the panel now, although the wizard would use it itself.
func Holds(p Panel, k tea.KeyPressMsg) bool {
	h, ok := p.(Holder)
	return ok && k.String() != "ctrl+c" && h.Holds(k)
}

// Teller is a panel with something to say for the status line.
type Teller interface {
	// Tell returns what is true now, for the left and the right end of the line.
	Tell() (left, right string)
}

// Intent is what a person wants, as a value that goes up to the wizard.
type Intent interface{ intent() }

// Start asks for a new run of the step, or of another one that Check names; Follow for a live tail instead of a bounded
// look.
type Start struct {
	Follow bool
	Check  checks.ID
}

// Stop asks to end what runs in this step.
type Stop struct{}

// Apply asks for a change. The wizard shows the plan and asks; the panel does not.
type Apply struct {
	Profile string
	Action  checks.Action
}

func (Start) intent() {}
func (Stop) intent()  {}
func (Apply) intent() {}

// Run is what a step knows for one profile, as the panel may show it. It is a snapshot: nobody changes it.
type Run struct {
	Profile   *assets.Profile
	Status    checks.Status
	Reason    string // why it is skipped or unknown
	Running   bool
	Following bool // a live tail of the logs runs beside
	Stale     bool // an earlier step ran again: this is no longer the whole truth
	Progress  checks.Progress
	Findings  []checks.Finding
	Walking   []checks.Path // walks under way
	Actions   []checks.Action
	Lines     []checks.Line // the newest lines of a live tail, oldest first; bounded
	Dropped   int           // lines that fell out of Lines
	Lost      int           // lines that came too fast and were never in Lines
	Past      bool          // it tells of logs that a person named, not of this machine: nothing can be run again or followed
}

// RunsMsg hands a panel the step's runs, one for each profile.
type RunsMsg struct {
	Runs []Run
}

// Kit is what a panel is made with.
type Kit struct {
	Theme  Theme
	Glyphs Glyphs
}

var panels = map[checks.ID]func(checks.Spec, Kit) Panel{}

// Register gives a check a panel of its own; its model.go calls it from init. Without one it gets the default panel.
func Register(id checks.ID, make func(checks.Spec, Kit) Panel) {
	if _, ok := panels[id]; ok {
		panic("tui: two panels for " + string(id))
	}
	panels[id] = make
}

// PanelFor makes the panel of a check.
func PanelFor(spec checks.Spec, kit Kit) Panel {
	if f, ok := panels[spec.ID]; ok {
		return f(spec, kit)
	}
	return NewFindings(spec, kit)
}

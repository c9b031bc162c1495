package clock

import (
	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/tui"
)

func init() { tui.Register("clock", newModel) }

// newModel is the list of findings with the two clocks above it, one below the other.
func newModel(spec checks.Spec, kit tui.Kit) tui.Panel {
	f := tui.List(spec, kit)
	f.Head = func(w int) []string {
		it, ok := f.Selected()
		if !ok {
			return nil
		}
		var out []string
		for _, row := range [...]string{"ours", "theirs", "skew"} {
			out = append(out, kit.Paragraph(lang.T("panels.clock."+row), tui.Cell(lang.Phrase(it.Finding.Arg(row))), w-4)...)
		}
		return tui.Indent(out, 3)
	}
	return f
}

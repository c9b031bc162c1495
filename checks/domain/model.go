package domain

import (
	"linecheck/checks"
	"linecheck/tui"
)

func init() { tui.Register("domain", newModel) }

// newModel is the list of findings with the answer above it: which server the agent uses by its own rule, and why.
func newModel(spec checks.Spec, kit tui.Kit) tui.Panel {
	f := tui.List(spec, kit)
	f.Head = func(w int) []string {
		it, ok := f.Selected()
		if !ok {
			return nil
		}
		uses := tui.Cell(it.Finding.Arg("uses"))
		if uses == "" {
			return nil
		}
		out := kit.Paragraph("Agent uses", uses, w-4)
		out = append(out, kit.Paragraph("Because", tui.Cell(checks.TextOf(spec.ID, it.Finding).Title), w-4)...)
		out = append(out, kit.Paragraph("The option", tui.Cell(it.Finding.Arg("option")), w-4)...)
		return tui.Indent(out, 3)
	}
	return f
}

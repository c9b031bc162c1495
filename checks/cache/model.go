package cache

import (
	"linecheck/checks"
	"linecheck/tui"
)

func init() { tui.Register("cache", newModel) }

// newModel is the list of findings with what is stored above it, and a key that asks to clean it.
func newModel(spec checks.Spec, kit tui.Kit) tui.Panel {
	f := tui.List(spec, kit)
	f.Mend = tui.Bind("c", "clean", "c")
	f.Head = func(w int) []string {
		it, ok := f.Selected()
		if !ok {
			return nil
		}
		var out []string
		for _, row := range [...][2]string{{"Files", "files"}, {"Size", "size"}, {"Newest", "newest"}, {"May repeat", "until"}} {
			v := tui.Cell(it.Finding.Arg(row[1]))
			if v != "" && row[1] == "until" {
				v = "old answers until " + v
			}
			out = append(out, kit.Paragraph(row[0], v, w-4)...)
		}
		return tui.Indent(out, 3)
	}
	return f
}

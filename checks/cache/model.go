package cache

import (
	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/tui"
)

func init() { tui.Register("cache", newModel) }

// newModel is the list of findings with what is stored above it, and a key that asks to clean it.
func newModel(spec checks.Spec, kit tui.Kit) tui.Panel {
	f := tui.List(spec, kit)
	f.Mend = tui.Bind("c", lang.T("panels.cache.clean"), "c")
	f.Head = func(w int) []string {
		it, ok := f.Selected()
		if !ok {
			return nil
		}
		var out []string
		for _, row := range [...]string{"files", "size", "newest", "until"} {
			v := tui.Cell(lang.Phrase(it.Finding.Arg(row)))
			if v != "" && row == "until" {
				v = lang.T("panels.cache.repeats", "until", v)
			}
			out = append(out, kit.Paragraph(lang.T("panels.cache."+row), v, w-4)...)
		}
		return tui.Indent(out, 3)
	}
	return f
}

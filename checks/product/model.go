package product

import (
	"linecheck/checks"
	"linecheck/tui"
)

func init() { tui.Register("product", newModel) }

// newModel is the list of findings with the products' names and versions above it.
func newModel(spec checks.Spec, kit tui.Kit) tui.Panel {
	f := tui.List(spec, kit)
	f.Head = func(w int) []string {
		var out []string
		for _, it := range f.Items {
			name := tui.Clean(it.Finding.Arg("name"))
			if it.Finding.Code != "product.found" || name == "" {
				continue
			}
			line := kit.Theme.Title.Render(name) + " " + tui.Clean(it.Finding.Arg("version"))
			out = append(out, "   "+kit.Glyphs.Fit(line, w-4))
		}
		return out
	}
	return f
}

package product

import (
	"cmp"

	"linecheck/checks"
	"linecheck/tui"
)

func init() { tui.Register("product", newModel) }

// newModel is the list of findings with the products' names and versions above it.
func newModel(spec checks.Spec, kit tui.Kit) tui.Panel {
	f := tui.List(spec, kit)
	f.Order = func(a, b tui.Item) int { return cmp.Or(cmp.Compare(aside(a), aside(b)), tui.ByGravity(a, b)) }
	f.Head = func(w int) []string {
		var out []string
		for _, it := range f.Items {
			name := tui.Cell(it.Finding.Arg("name"))
			if it.Finding.Code != "product.found" || name == "" {
				continue
			}
			line := kit.Theme.Title.Render(name) + " " + tui.Cell(it.Finding.Arg("version"))
			out = append(out, "   "+kit.Glyphs.Fit(line, w-4))
		}
		return out
	}
	return f
}

// aside puts what is neither right nor wrong, the vendor's tester, below the product and its services.
func aside(it tui.Item) int {
	if it.Finding.Status == checks.Note {
		return 1
	}
	return 0
}

package wizard

import (
	"slices"

	"linecheck/assets"
	"linecheck/assets/lang"
)

// missing says what of the proof was not seen, and what could not be told; empty where the line is proven open.
func missing(rules assets.Rules, p Product, mine []Seen) []string {
	var out []string
	for _, m := range rules.Needed {
		for _, f := range mine {
			if fits(m, f) {
				out = append(out, p.saw(f))
				break
			}
		}
	}
	seen := func(m assets.Match) bool {
		return slices.ContainsFunc(mine, func(f Seen) bool { return fits(m, f) })
	}
	for _, m := range rules.Proof.Looked {
		if !seen(m) {
			out = append(out, p.of(m.Missing))
		}
	}
	return append(out, unproven(rules.Proof, p, mine)...)
}

// unproven names the required addresses that were not seen to answer on the product's own way.
func unproven(proof assets.Proof, p Product, mine []Seen) []string {
	var out []string
	required, unset := 0, unsetOf(mine)
	told := map[goal]bool{}
	open := goals(mine, func(f Seen) bool { return fits(proof.Each, f) })
	for _, f := range mine {
		if f.Path == nil || f.Check != "allowlist" || !f.Path.Product {
			continue
		}
		at := goalOf(f)
		first := !told[at]
		if told[at] = true; !f.Path.Required {
			continue
		}
		if required++; first && !open[at] {
			out = append(out, lang.T("verdict.of_address", "product", p.Title, "address", f.Path.Target, "what", proof.Each.Missing))
		}
	}
	switch {
	case required == 0 && unset != "":
		out = append(out, p.of(lang.T("verdict.no_value", "variable", unset)))
	case required == 0:
		out = append(out, p.of(lang.T("verdict.none_required")))
	case len(out) == 0 && !slices.ContainsFunc(mine, func(f Seen) bool { return fits(proof.One, f) }):
		out = append(out, p.of(proof.One.Missing))
	}
	return out
}

// unsetOf is the variable without which an address that the product needs has no name, the last one of several; "" where
// there is none.
func unsetOf(mine []Seen) (variable string) {
	for _, f := range mine {
		if f.Code == "path.not_configured" && f.Arg("required") == "yes" {
			variable = f.Arg("variable")
		}
	}
	return variable
}

// requires reports whether an address that the product requires was walked to on its own way.
func requires(mine []Seen) bool {
	return slices.ContainsFunc(mine, func(f Seen) bool {
		return f.Path != nil && f.Check == "allowlist" && f.Path.Product && f.Path.Required
	})
}

package wizard

import (
	"slices"

	"linecheck/assets"
	"linecheck/checks"
)

// missing says what of the proof was not seen, and what could not be told; empty where the line is proven open.
func missing(rules assets.Rules, p Product, mine []Seen) []string {
	var out []string
	for _, m := range rules.Needed {
		for _, f := range mine {
			if fits(m, f) {
				out = append(out, p.Title+": "+checks.TextOf(f.Check, f.Finding).Title+" ("+f.Subject+")")
				break
			}
		}
	}
	seen := func(m assets.Match) bool {
		return slices.ContainsFunc(mine, func(f Seen) bool { return fits(m, f) })
	}
	for _, m := range rules.Proof.Looked {
		if !seen(m) {
			out = append(out, p.Title+": "+m.Missing)
		}
	}
	return append(out, unproven(rules.Proof, p, mine)...)
}

// unproven names the required addresses that were not seen to answer on the product's own way.
func unproven(proof assets.Proof, p Product, mine []Seen) []string {
	var out []string
	required, unset := 0, ""
	told := map[goal]bool{}
	open := goals(mine, func(f Seen) bool { return fits(proof.Each, f) })
	for _, f := range mine {
		if f.Code == "path.not_configured" && f.Arg("required") == "yes" {
			unset = f.Arg("variable")
		}
		if f.Path == nil || f.Check != "allowlist" || !f.Path.Product {
			continue
		}
		at := goalOf(f)
		first := !told[at]
		if told[at] = true; !f.Path.Required {
			continue
		}
		if required++; first && !open[at] {
			out = append(out, p.Title+": "+f.Path.Target+" "+proof.Each.Missing)
		}
	}
	switch {
	case required == 0 && unset != "":
		out = append(out, p.Title+": no address that it needs could be tested; the variable "+unset+" has no value")
	case required == 0:
		out = append(out, p.Title+": no address that the profile marks as required was tested on the product's own way")
	case len(out) == 0 && !slices.ContainsFunc(mine, func(f Seen) bool { return fits(proof.One, f) }):
		out = append(out, p.Title+": "+proof.One.Missing)
	}
	return out
}

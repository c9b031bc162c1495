package wizard

import (
	"slices"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks"
)

// weighed makes notes of what the product does not use now, and of what nobody can tell whether it uses. gaps say what the
// latter leaves open.
func weighed(rules assets.Rules, p Product, mine []Seen) (out []Seen, gaps []string) {
	out, known := relevant(rules.Moot, mine)
	if known {
		return out, nil
	}
	for _, e := range rules.Either {
		for _, two := range [...][2]assets.Match{{e.One, e.Other}, {e.Other, e.One}} {
			if target := dead(rules.Proof, two[0], out); target != "" && answers(rules.Proof, two[1], out) {
				out = noted(two[0], out)
				gaps = append(gaps, lang.T("verdict.of_what", "product", p.Title, "what", e.Missing, "subject", target))
			}
		}
	}
	return out, gaps
}

// relevant makes notes of what the product does not use now, and no longer wants it for a proof. known: something said so.
func relevant(rules []assets.Moot, mine []Seen) (out []Seen, known bool) {
	out = slices.Clone(mine)
	for _, m := range rules {
		if slices.ContainsFunc(mine, func(f Seen) bool { return fits(m.While, f) }) {
			out, known = noted(m.Of, out), true
		}
	}
	return out, known
}

func noted(of assets.Match, mine []Seen) []Seen {
	out := slices.Clone(mine)
	for i, f := range out {
		if !fits(whatever(of), f) {
			continue
		}
		if f.Status != checks.Pass {
			f.Status = checks.Note
		}
		if f.Path != nil {
			path := *f.Path
			path.Required = false
			f.Path = &path
		}
		out[i] = f
	}
	return out
}

// whatever is a match for any status but those of what did not run.
func whatever(m assets.Match) assets.Match {
	m.Status = []string{checks.Fail.String(), checks.Warn.String(), checks.Unknown.String(), checks.Pass.String()}
	return m
}

// dead is a required address of a server that was not seen to answer on the product's own way, "" where all of them were.
func dead(proof assets.Proof, server assets.Match, mine []Seen) string {
	open := goals(mine, func(f Seen) bool { return fits(proof.Each, f) })
	for _, f := range mine {
		if needs(server, f) && !open[goalOf(f)] {
			return f.Path.Target
		}
	}
	return ""
}

// answers reports whether the product requires something of a server, and all of it answers.
func answers(proof assets.Proof, server assets.Match, mine []Seen) bool {
	return slices.ContainsFunc(mine, func(f Seen) bool { return needs(server, f) }) && dead(proof, server, mine) == ""
}

func needs(server assets.Match, f Seen) bool {
	return fits(whatever(server), f) && f.Path != nil && f.Path.Product && f.Path.Required
}

package logs

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"linecheck/checks"
)

// clockJump is what a log says of its clock: where it went back, or came back from a time ahead.
type clockJump struct {
	path   string
	jumps  []jump
	upside bool // it goes back more often than on, as where the newest line stands first
}

// jumped keeps what one log says of its clock.
func (g *gather) jumped(path string, jumps []jump, upside bool) {
	if len(jumps) > 0 && len(g.clocks) < maxNames {
		g.clocks = append(g.clocks, clockJump{path, slices.Clone(jumps), upside})
	}
}

// clockFindings is one finding for each log whose clock was changed, with the widest change in its text.
func (g *gather) clockFindings(loc *time.Location) []checks.Finding {
	clocks := byPath(g.clocks)
	var out []checks.Finding
	for i, c := range clocks {
		if i == maxEvidence {
			break // one machine has one clock: more logs say the same
		}
		widest := c.jumps[0]
		for _, j := range c.jumps {
			if j.to.Sub(j.from).Abs() > widest.to.Sub(widest.from).Abs() {
				widest = j
			}
		}
		f := checks.Finding{Code: ClockChanged, Status: checks.Note, Subject: c.path, View: view, At: widest.to, Args: map[string]string{
			"file": base(c.path), "from": clockIn(widest.from, loc), "to": clockIn(widest.to, loc), "direction": "went back", "times": ""}}
		if widest.to.After(widest.from) {
			f.Args["direction"] = "jumped ahead"
		}
		f.Args["by"] = widest.to.Sub(widest.from).Abs().Round(time.Second).String()
		if n := len(c.jumps); n > 1 {
			f.Args["times"] = fmt.Sprintf(", the widest of %d such changes", n)
		}
		if c.upside {
			f.Status = checks.Unknown
			f.Args["times"] += "; it goes back more often than on, so the newest lines may stand first, and what came last is not known"
		}
		for _, j := range c.jumps[:min(len(c.jumps), maxEvidence)] {
			f.Evidence = append(f.Evidence, checks.Evidence{Source: c.path,
				Text: fmt.Sprintf("near byte %d: %s, then %s", j.at, clockIn(j.from, loc), clockIn(j.to, loc))})
		}
		out = append(out, f)
	}
	return out
}

// byPath puts together what was learned of one log at several times.
func byPath(in []clockJump) []clockJump {
	all := slices.Clone(in)
	slices.SortStableFunc(all, func(a, b clockJump) int { return strings.Compare(a.path, b.path) })
	var out []clockJump
	for _, c := range all {
		if n := len(out); n > 0 && out[n-1].path == c.path {
			out[n-1].jumps, out[n-1].upside = append(out[n-1].jumps, c.jumps...), out[n-1].upside || c.upside
			continue
		}
		out = append(out, clockJump{c.path, slices.Clone(c.jumps), c.upside})
	}
	for i := range out {
		slices.SortStableFunc(out[i].jumps, func(a, b jump) int { return cmp.Or(cmp.Compare(a.at, b.at), a.to.Compare(b.to)) })
		out[i].jumps = slices.Compact(out[i].jumps)
	}
	return out
}

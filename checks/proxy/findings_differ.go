package proxy

import (
	"cmp"
	"fmt"
	"strings"

	"linecheck/checks"
)

// differ says why another identity goes another way than the product, in a sentence to be read out: the browser first,
// else the command line.
func (r *run) differ() (checks.Finding, bool) {
	if r.lead == nil || !r.route.known {
		return checks.Finding{}, false
	}
	for _, id := range r.who[2:] {
		yours := id.choice[r.lead]
		if !yours.known || sameWays(yours.ways, r.route.ways) {
			continue
		}
		f := checks.Finding{Code: Differ, Status: checks.Note, Subject: id.name, View: view(you, yours.first()), Args: map[string]string{
			"who": id.name, "yours": r.cell(yours), "product": r.cell(r.route), "address": r.lead.URL(), "why": r.why(id.name, yours),
		}}
		for _, c := range []choice{yours, r.route} {
			if c.from >= 0 {
				s := r.sources[c.from]
				f.Evidence = append(f.Evidence, checks.Evidence{Source: s.Where, Text: s.Raw})
				continue
			}
			f.Evidence = append(f.Evidence, checks.Evidence{Source: "system", Text: "asked: " + cmp.Or(strings.Join(c.asked, ", "), "nothing")})
		}
		return f, true
	}
	return checks.Finding{}, false
}

// why is the sentence: that one works and the other does not is said only where both were seen here.
func (r *run) why(who string, yours choice) string {
	mine := r.route
	if r.opens(yours.ways) && r.shuts(mine.ways) {
		return fmt.Sprintf("%s works because %s; %s does not, because %s%s.", capital(who), r.sends(yours), r.title(), r.sends(mine), r.which(mine))
	}
	return fmt.Sprintf("%s %s; %s %s.", capital(who), r.going(yours), r.title(), r.going(mine))
}

// going is a choice's first way with what was seen of it, and why.
func (r *run) going(c choice) string {
	way := "goes directly"
	if c.first() != nil {
		way = "goes through " + shown(c.first()) + r.which(c)
	}
	return way + ", because " + r.because(c)
}

// which says what became of a choice's first way.
func (r *run) which(c choice) string {
	t := r.tried(c.first())
	if t == nil {
		return ", which was not tried"
	}
	switch v := t.verdict(); {
	case v.failure == checks.ProxyUnresolvable:
		return ", whose name does not resolve"
	case !v.works && v.failure == checks.NoFailure:
		return "" // why nobody can say concerns linecheck alone
	}
	return ", which " + r.state(c.first())
}

// sends says which setting leads to the choice's first way.
func (r *run) sends(c choice) string {
	if c.first() == nil || c.from < 0 {
		return r.because(c)
	}
	by := name(r.sources[c.from])
	if c.script != nil && c.script.ran() {
		by = "the PAC file " + mask(c.script.url)
	}
	return by + " sends it through " + shown(c.first())
}

// because says which setting makes the choice.
func (r *run) because(c choice) string {
	if c.from < 0 {
		switch n := len(c.asked); n {
		case 0:
			return "there is no setting to ask"
		case 1:
			return c.asked[0] + " names no proxy"
		default:
			return "neither " + strings.Join(c.asked[:n-1], ", ") + " nor " + c.asked[n-1] + " names a proxy"
		}
	}
	by := name(r.sources[c.from])
	switch {
	case c.concluded != "":
		return c.concluded + " (" + by + ")"
	case c.script != nil && c.script.ran() && !c.excepted:
		return "the PAC file " + mask(c.script.url) + " says so (" + by + ")"
	case c.excepted:
		return by + " excepts the address from its proxy"
	case c.first() == nil:
		return by + " names no proxy for it"
	}
	return by + " says so"
}

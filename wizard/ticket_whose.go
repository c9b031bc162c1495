package wizard

import (
	"slices"
	"strings"

	"linecheck/assets"
	"linecheck/checks"
)

// blocked are the walks of a check that this team can mend, folded by what to ask for.
func (r Report) blocked(c CheckReport, texts map[string]assets.TicketText) [][]FindingReport {
	var order []string
	groups := map[string][]FindingReport{}
	for _, f := range c.Findings {
		if _, known := texts[string(f.Code)]; !known || !r.theirs(c.Profile, f) {
			continue
		}
		a := f.Detail.Args
		key := strings.Join([]string{string(f.Code), f.Detail.Route, portOf(f), a["issuer"], a["middlebox"], a["status"], a["step"]}, "\n")
		switch f.Code {
		case proxyItself(f):
			key = string(f.Code) + "\n" + f.Detail.Route
		case checks.Code(checks.TooSlow), checks.Code(checks.WrongContent):
			key += "\n" + hostOf(f) // each has a time, or a difference, of its own
		}
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], f)
	}
	out := make([][]FindingReport, 0, len(order))
	for _, k := range order {
		out = append(out, groups[k])
	}
	return out
}

// proxyItself returns the finding's code where it is the proxy that was not reached, whatever it was wanted for.
func proxyItself(f FindingReport) checks.Code {
	switch checks.Failure(f.Code) {
	case checks.ProxyUnresolvable, checks.ProxyUnreachable, checks.ProxyRefused, checks.ProxyNotHTTP:
		return f.Code
	}
	return ""
}

// theirs: the product's own walk failed, and what explains it is not for somebody else alone.
func (r Report) theirs(profile string, f FindingReport) bool {
	if f.Detail.Target == "" || !f.Detail.Product || f.Status != checks.Fail && f.Status != checks.Warn {
		return false
	}
	explained, network := false, false
	for _, c := range r.Verdict.Causes {
		own := c.ID == string(f.Code) || slices.Contains(c.Evidence, f.ID) || r.unsure(c, f.Code)
		if c.Profile == profile && (own || slices.Contains(c.Hides, string(f.Code))) {
			explained = true
			network = network || forNetwork(c) && !r.unsure(c, f.Code) && (own || r.walked(c))
		}
	}
	return network || !explained
}

// walked: a walk to an address shows the cause itself. Where only other things show it, such as a PAC file that fails,
// what then befalls the addresses is a consequence, and to open them would be the wrong thing to ask for.
func (r Report) walked(c Cause) bool {
	return slices.ContainsFunc(r.walks(c.Profile), func(f FindingReport) bool {
		return !r.unsure(c, f.Code) && (c.ID == string(f.Code) || slices.Contains(c.Evidence, f.ID))
	})
}

// unsure: the cause says of walks that end with this code that they may work for the product itself, whose login nobody
// else can try.
func (r Report) unsure(c Cause, code checks.Code) bool {
	return slices.ContainsFunc(r.walks(c.Profile), func(f FindingReport) bool {
		return f.Code == code && f.Detail.Args["unsure"] == "yes" && slices.Contains(c.Evidence, f.ID)
	})
}

// walks are those of the product's own way.
func (r Report) walks(profile string) (out []FindingReport) {
	for _, c := range r.Checks {
		for _, f := range c.Findings {
			if c.ID == "allowlist" && c.Profile == profile && f.Detail.Target != "" && f.Detail.Product {
				out = append(out, f)
			}
		}
	}
	return out
}

func forNetwork(c Cause) bool { return c.Who == "network" || c.Who == "proxy" }

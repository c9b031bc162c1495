package allowlist

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/probe"
)

const (
	maxPortals = 2               // addresses that are asked at most
	portalWait = 5 * time.Second // for all of them together
)

// stranger are the codes that say: somebody else than the vendor answered, or cuts open connections off, as login pages do
// with what is encrypted.
var stranger = []checks.Failure{checks.BlockPage, checks.CaptivePortal, checks.WrongContent, checks.BadStatus, checks.NotHTTP,
	checks.NameMismatch, checks.Untrusted, checks.Intercepted, checks.TLSNotSpoken, checks.ResetLater}

// portals looks for the network's login page, but only where somebody else than the vendor answered, or a person asked
// for it.
func (r *run) portals(ctx context.Context) {
	answered := slices.ContainsFunc(r.found, func(f checks.Finding) bool {
		return f.Path != nil && slices.Contains(stranger, checks.Failure(f.Code))
	})
	if !answered && !r.env.Portals || ctx.Err() != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, portalWait)
	defer cancel()
	var last *checks.Finding
	for _, p := range portals(r.env.Machine.OS) {
		state, a := probe.Portal(ctx, probe.Request{Network: r.env.Machine.Network, Names: r.names, Turns: r.env.Turns}, p)
		f := portal(p, state, a)
		if last != nil {
			f.Evidence = append(last.Evidence, f.Evidence...)
		}
		last = &f
		if f.Code != PortalUnclear {
			break
		}
	}
	if last != nil {
		r.add(*last)
	}
}

// portals are this system's own, then those of nobody's; never another system's.
func portals(os string) []assets.Portal {
	all := slices.DeleteFunc(probe.Portals(os), func(p assets.Portal) bool { return p.OS != "" && p.OS != os })
	return all[:min(len(all), maxPortals)]
}

func portal(p assets.Portal, state probe.PortalState, a probe.Answer) checks.Finding {
	f := checks.Finding{
		Code: PortalUnclear, Status: checks.Note, Subject: p.Endpoint().Host, View: "you, direct", At: time.Now(), Took: a.Took,
		Mark: p.Endpoint().Mark, Evidence: a.Evidence,
		Args: map[string]string{"url": p.URL, "status": a.Args["status"], "answered": cmp.Or(a.Args["status"], "nothing"),
			"failure": string(a.Failure), "state": string(state)},
	}
	for _, k := range []string{"location", "server", "middlebox", "address"} {
		if v := a.Args[k]; v != "" {
			f.Args[k] = v
		}
	}
	switch state {
	case probe.PortalLogin:
		f.Code, f.Status = Portal, checks.Warn
		if a.Failure == checks.CaptivePortal {
			f.Mark = assets.Source // 511, or a redirect to a stranger, whatever its owner would say
		}
		if f.Args["location"] != "" {
			f.Args["to"] = "It leads to " + strings.TrimSuffix(f.Args["location"], ".") + "."
		}
	case probe.PortalExpected:
		f.Code = PortalNone
	}
	return f
}

// Package allowlist walks to every address that the product needs, the way the product goes. Where that fails or is late
// it walks the ways that the product could go instead, so that a closed way and a wrong choice of ways can be told apart.
package allowlist

import (
	"context"
	_ "embed"
	"slices"
	"time"

	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/checks/probe"
)

//go:embed texts.yaml
var texts []byte

func init() { checks.Register(check{}) }

// The codes of this check, beside those of [probe.Codes].
const (
	FamilyBroken  checks.Code = "tcp.family_broken"   // one of IPv4 and IPv6 is dead where the other one works
	NotConfigured checks.Code = "path.not_configured" // a variable of the endpoint has no value
	Wildcard      checks.Code = "path.wildcard"       // the firewall must allow it, but nobody can test it
	NoFamily      checks.Code = "path.no_family"      // this machine has no route in a family at all
	NoEndpoints   checks.Code = "path.none"           // the profile names no address
	Portal        checks.Code = "path.portal"         // the network's login page was seen
	PortalNone    checks.Code = "path.portal_none"    // it was looked for, and the network lets out what it should
	PortalUnclear checks.Code = "path.portal_unclear" // it was looked for, and nothing usable answered
	// PrivateAuthority: the product's way is signed by an authority that this machine trusts and that is no public one.
	PrivateAuthority checks.Code = "tls.private_authority"
	FirstSilent      checks.Code = "path.first_silent" // the direct way comes first in the product's list, and is met with silence
)

const (
	// whole is how long the check may take. What has not been walked by then is not known.
	whole = 19 * time.Second
	// most is how many walks the check begins at once. Where the session gives turns it is twice as many, so that the check
	// is never what they wait for: some wait for a host that is busy.
	most = checks.MostAtOnce
	// polite is how many walks of a comparison go through one proxy at once: the product does not use it, and others do.
	polite = 4
	// patience is how long an address may take before it is compared with other ways: longer than a healthy line needs,
	// short enough that comparisons of a silent one end in time.
	patience = 600 * time.Millisecond
	// maxWait bounds the wait that a profile asks for, so that everything silent still ends in time.
	maxWait = 6 * time.Second
	// scouts is how many walks of a comparison must die of the same silence before the rest of it is left out.
	scouts = 2
)

type check struct{}

func (check) Spec() checks.Spec {
	return checks.Spec{
		ID:       "allowlist",
		Title:    lang.T("step.allowlist.title"),
		Question: lang.T("step.allowlist.question"),
		Summary:  lang.T("step.allowlist.summary"),
		Timeout:  whole + 5*time.Second,
		Needs:    []checks.FactName{checks.FactRoute, checks.FactHosts},
		Provides: []checks.FactName{probe.FactAnswers},
		Texts:    texts,
		Codes: append([]checks.Code{FamilyBroken, NotConfigured, Wildcard, NoFamily, NoEndpoints, Portal, PortalNone, PortalUnclear, FirstSilent, PrivateAuthority},
			probe.Codes()...),
		Order: 40,
	}
}

// Run walks. It opens connections to the profile's endpoints and, where the product's way fails, to the proxies that this
// machine names, sends one GET to each, and changes nothing. Where somebody else than the vendor answered, it also asks
// what this system itself asks to find a login page.
func (check) Run(ctx context.Context, env checks.Env, emit func(checks.Event)) (checks.Result, error) {
	ctx, cancel := context.WithTimeout(ctx, whole)
	defer cancel()
	r := newRun(env, emit)
	cached := r.cached(ctx)
	r.loop(ctx)
	r.leftOver()
	r.owners()
	r.firstSilent()
	r.private()
	r.portals(ctx)
	r.notes(cached())
	slices.SortStableFunc(r.found, r.compareFindings)
	return checks.Result{Findings: r.found, Facts: []checks.Fact{r.answers()}, Reason: r.reason()}, nil
}

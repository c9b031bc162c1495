// Package allowlist walks to every address that the product needs: the way the product goes, and for comparison the
// ways that it could go instead, so that a closed way and a wrong choice of ways can be told apart.
package allowlist

import (
	"context"
	_ "embed"
	"slices"
	"time"

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
)

const (
	// whole is how long the check may take. What has not been walked by then is not known.
	whole = 19 * time.Second
	// most is how many endpoints are walked to at once, on whatever way: enough for 20 s when everything is silent, few
	// enough for a small proxy.
	most = 8
	// scouts is how many walks of a comparison must die of the same silence before the rest of it is left out.
	scouts = 2
)

type check struct{}

func (check) Spec() checks.Spec {
	return checks.Spec{
		ID:       "allowlist",
		Title:    "Allowlist",
		Question: "Can this computer reach each address the product needs, the product's way?",
		Summary:  "Connects to each address of the product the way the product does, hop by hop, and compares other ways.",
		Timeout:  whole + 5*time.Second,
		Needs:    []checks.FactName{checks.FactRoute},
		Texts:    texts,
		Codes:    append([]checks.Code{FamilyBroken, NotConfigured, Wildcard, NoFamily, NoEndpoints}, probe.Codes()...),
		Order:    40,
	}
}

// Run walks. It opens connections to the profile's endpoints and to the proxies that this machine names, sends one GET
// to each, and changes nothing.
func (check) Run(ctx context.Context, env checks.Env, emit func(checks.Event)) (checks.Result, error) {
	ctx, cancel := context.WithTimeout(ctx, whole)
	defer cancel()
	r := newRun(env, emit)
	r.loop(ctx)
	r.leftOver()
	r.notes()
	slices.SortStableFunc(r.found, r.compare)
	return checks.Result{Findings: r.found, Reason: r.reason()}, nil
}

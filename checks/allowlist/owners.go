package allowlist

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"linecheck/checks"
)

// owners adds to certificates that are not the vendor's whom else the same issuer signed for: where these belong to
// different owners it sits on the way, not at one of them.
func (r *run) owners() {
	signed := map[string]map[string]bool{} // by issuer
	opened := func(f checks.Finding) bool {
		return f.Arg("issuer") != "" && (f.Code == checks.Code(checks.Intercepted) || f.Code == checks.Code(checks.Untrusted))
	}
	for _, f := range r.found {
		if opened(f) {
			if signed[f.Arg("issuer")] == nil {
				signed[f.Arg("issuer")] = map[string]bool{}
			}
			signed[f.Arg("issuer")][owner(f.Subject)] = true
		}
	}
	for i, f := range r.found {
		if all := signed[f.Arg("issuer")]; opened(f) && len(all) > 1 {
			text := fmt.Sprintf("%s signed for hosts of %d owners: %s", f.Arg("issuer"), len(all), strings.Join(slices.Sorted(maps.Keys(all)), ", "))
			r.found[i].Evidence = append(slices.Clone(f.Evidence), checks.Evidence{Source: "TLS", Text: text})
			r.found[i] = r.found[i].With("owners", strings.Join(slices.Sorted(maps.Keys(all)), ", ")).
				With("signed", fmt.Sprintf("The same issuer signed for hosts of %d owners.", len(all)))
		}
	}
}

// owner is the part of a name that one party registers: "f-secure.com" of "orsp.f-secure.com".
func owner(name string) string {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if d, err := publicsuffix.EffectiveTLDPlusOne(name); err == nil {
		return d
	}
	return name
}

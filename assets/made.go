package assets

import (
	"fmt"
	"slices"
	"strings"
)

// Made says which variables an endpoint of p was made with, each with its value and where that came from: "version = 20
// (default)". None where the profile names the endpoint as it is.
func (p *Profile) Made(e Endpoint) []string {
	raw, ok := p.written(e)
	if !ok {
		return nil
	}
	used := append(names(raw.Host), names(raw.Path)...)
	if raw.When != "" {
		used = append(used, raw.When)
	}
	var out []string
	for _, name := range used {
		if text := fmt.Sprintf("%s = %s (%s)", name, p.Values[name], p.From[name]); p.Values[name] != "" && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}

// Vendors reports whether the host of an endpoint is the vendor's by the profile, in whole or in part. Somebody's own, as
// a local server's, was told.
func (p *Profile) Vendors(e Endpoint) bool {
	raw, ok := p.written(e)
	return ok && (!strings.HasPrefix(raw.Host, "${") || strings.Index(raw.Host, "}") < len(raw.Host)-1)
}

// written is an endpoint as it stands in the profile, before its variables were filled in.
func (p *Profile) written(e Endpoint) (Endpoint, bool) {
	i := slices.IndexFunc(p.Endpoints, func(o Endpoint) bool { return o.URL() == e.URL() && o.When == e.When })
	if p.raw == nil || i < 0 || i >= len(p.raw.Endpoints) {
		return Endpoint{}, false
	}
	return p.raw.Endpoints[i], true
}

package logs

import (
	"slices"

	"linecheck/assets"
	"linecheck/checks"
)

// untested tells of servers that the product says it lost and that are no address of the profile as it is filled in: what
// other addresses answer says nothing of them. What was said of their loss is marked, so that nobody takes it for over.
func untested(p *assets.Profile, found []checks.Finding) []checks.Finding {
	var out []checks.Finding
	for i := range found {
		f := &found[i]
		h := bare(f.Args["host"])
		if f.Code != Disconnected || f.Status != checks.Warn || h == "" || tested(p, h) {
			continue
		}
		f.Args["alert"] = "untested"
		if !slices.ContainsFunc(out, func(o checks.Finding) bool { return o.Subject == h }) {
			out = append(out, checks.Finding{Code: ServerUntested, Status: checks.Unknown, Subject: h, View: f.View, At: f.At, Mark: f.Mark,
				Args:     map[string]string{"host": h, "last": f.Args["last"], "state": f.Args["state"], "profile": p.Name},
				Evidence: slices.Clone(f.Evidence)})
		}
	}
	return out
}

// tested reports whether a bare host is one of the profile's.
func tested(p *assets.Profile, h string) bool {
	return slices.ContainsFunc(p.Endpoints, func(e assets.Endpoint) bool { return e.Missing(p) == "" && bare(e.Host) == h })
}

package allowlist

import (
	"slices"
	"strconv"
	"time"

	"linecheck/checks"
)

// notes adds what is no walk: variables without a value, wildcards, a family that this machine does not have.
func (r *run) notes(cached names) {
	for name, list := range r.missing {
		v := r.env.Profile.Vars[name]
		for _, e := range list {
			r.add(checks.Finding{
				Code: NotConfigured, Status: checks.Skip, Subject: e.Host, View: "you", At: time.Now(), Mark: e.Mark,
				Args: map[string]string{"variable": name, "help": v.Help, "purpose": e.Purpose, "required": checks.YesNo(e.Required)},
			})
		}
	}
	for _, w := range r.env.Profile.Wildcards {
		r.add(r.wildcard(w, cached))
	}
	for family, list := range r.absent {
		slices.SortFunc(list, r.compareFindings)
		f := list[0]
		r.add(checks.Finding{
			Code: NoFamily, Status: checks.Note, Subject: familyWord[family], View: "you, direct", At: time.Now(), Evidence: f.Evidence,
			Args: map[string]string{"family": familyWord[family], "works": f.Arg("works"), "count": strconv.Itoa(len(list)), "error": f.Arg("error")},
		})
	}
	if len(r.env.Profile.Endpoints) == 0 {
		r.add(checks.Finding{Code: NoEndpoints, Status: checks.Skip, Subject: r.env.Profile.Title, View: "you", At: time.Now()})
	}
}

var familyWord = map[string]string{"ipv4": "IPv4", "ipv6": "IPv6"}

package allowlist

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"linecheck/checks"
	"linecheck/checks/probe"
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
		name := checks.Path{Family: family}.FamilyName()
		r.add(checks.Finding{
			Code: NoFamily, Status: checks.Note, Subject: name, View: "you, direct", At: time.Now(), Evidence: f.Evidence,
			Args: map[string]string{"family": name, "works": f.Arg("works"), "count": strconv.Itoa(len(list)), "error": f.Arg("error")},
		})
	}
	if len(r.env.Profile.Endpoints) == 0 {
		r.add(checks.Finding{Code: NoEndpoints, Status: checks.Skip, Subject: r.env.Profile.Title, View: "you", At: time.Now()})
	}
}

// private tells once of an authority that is no public one and that signs on the product's way.
func (r *run) private() {
	var hosts []string
	var of checks.Finding
	for _, f := range r.found {
		if f.Path == nil || !f.Path.Product || f.Arg("private") == "" || slices.Contains(hosts, f.Subject) {
			continue
		}
		if hosts = append(hosts, f.Subject); len(hosts) == 1 {
			of = f
		}
	}
	if len(hosts) == 0 {
		return
	}
	slices.Sort(hosts)
	r.add(checks.Finding{Code: PrivateAuthority, Status: checks.Note, Subject: of.Subject, View: of.View, At: time.Now(), Evidence: of.Evidence,
		Args: map[string]string{"authority": of.Arg("private"), "hosts": several(hosts), "count": strconv.Itoa(len(hosts)),
			"wildcards": strings.Join(r.env.Profile.Wildcards, ", ")}})
}

// firstSilent tells once that the product's list begins with the direct way, and that nothing comes back there. A dead
// proxy in that place is told by the check that tries proxies.
func (r *run) firstSilent() {
	var lost []*leg
	for _, l := range r.ways[0].legs {
		if l.way.own() && l.walked() && l.won > 0 && l.trips[0].proxy == nil && l.trips[0].fate() == checks.Dropped {
			lost = append(lost, l)
		}
	}
	if len(lost) == 0 {
		return
	}
	l := lost[0] // required ones stand first
	var took time.Duration
	f := checks.Finding{Code: FirstSilent, Status: checks.Warn, Subject: l.endpoint.Host, View: "you, direct", At: time.Now(), Args: map[string]string{
		"url": l.endpoint.URL(), "route": checks.RouteName(l.trip().proxy), "count": strconv.Itoa(len(lost)), "source": l.way.source, "where": l.way.where,
	}}
	for _, family := range l.trips[0].families {
		a := l.trips[0].got[family]
		took = max(took, a.Took)
		f.Evidence = append(f.Evidence, a.Evidence...)
	}
	r.add(f.With("lost", probe.Span(took)))
}

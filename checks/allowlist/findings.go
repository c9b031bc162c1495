package allowlist

import (
	"cmp"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"linecheck/checks"
	"linecheck/checks/probe"
)

// judge turns a leg's walks into findings: one for each family that has something to say.
func (r *run) judge(l *leg) {
	if len(l.families) == 1 {
		r.add(r.finding(l, l.got[l.families[0]]))
		return
	}
	four, six := l.got["ip4"], l.got["ip6"]
	switch {
	case dead(six) && !dead(four) && (six.Failure == checks.NoRoute || four.Failure == checks.NoFailure):
		r.add(r.finding(l, four))
		r.family(l, six, four)
	case dead(four) && !dead(six) && (four.Failure == checks.NoRoute || six.Failure == checks.NoFailure):
		r.add(r.finding(l, six))
		r.family(l, four, six)
	case six.Failure == checks.NoRoute && four.Failure != checks.NoFailure:
		r.add(r.finding(l, four)) // no route in one family adds nothing to what the other one met
	case four.Failure == checks.NoRoute && six.Failure != checks.NoFailure:
		r.add(r.finding(l, six))
	default:
		r.add(r.finding(l, four))
		r.add(r.finding(l, six))
	}
}

// dead reports whether not even a connection came about.
func dead(a probe.Answer) bool { return a.Failed == checks.Connect && a.Failure != checks.Cancelled }

// family is about a family that is dead beside one that lives. Where this machine has no route in it at all, that is
// no fault of the way, and one note at the end tells it for all endpoints.
func (r *run) family(l *leg, broken, works probe.Answer) {
	f := r.finding(l, broken)
	f = f.With("works", works.Args["family"]).With("behind", string(broken.Failure))
	if broken.Failure == checks.NoRoute {
		r.absent[broken.Path.Family] = append(r.absent[broken.Path.Family], f)
		return
	}
	f.Code = FamilyBroken
	if l.way.own() {
		f.Status = checks.Warn
	}
	r.add(f)
}

func (r *run) finding(l *leg, a probe.Answer) checks.Finding {
	f := probe.Judge(r.env.Profile, l.endpoint, a)
	f.Evidence = append(f.Evidence, l.other...)
	if l.way.source != "" {
		f = f.With("source", l.way.source)
	}
	if l.way.where != "" {
		f = f.With("where", l.way.where)
	}
	if l.way.assumed {
		f = f.With("assumed", "yes")
	}
	return f
}

func (r *run) add(f checks.Finding) {
	r.found = append(r.found, f)
	r.emit(checks.Found{Finding: f})
}

// leftOver accounts for what was never walked: nothing passes or fails by silence of ours.
func (r *run) leftOver() {
	for _, w := range r.ways {
		var late []*leg
		for _, l := range w.legs {
			if l.got == nil && !slices.Contains(w.left, l) {
				late = append(late, l)
			}
		}
		switch {
		case w.product:
			for _, l := range late {
				r.add(r.untried(l))
			}
		case len(late) > 0:
			r.add(r.skipped(w, late, "the time of the check was over"))
		}
		if len(w.left) > 0 {
			r.add(r.skipped(w, w.left, fmt.Sprintf("the first %d addresses ended with %s there", scouts, w.same)))
		}
	}
}

func (r *run) untried(l *leg) checks.Finding {
	e := l.endpoint
	target := net.JoinHostPort(e.Host, strconv.Itoa(e.Port))
	f := r.finding(l, probe.Answer{
		Failure: checks.Cancelled,
		Path:    checks.Path{Target: target, URL: target, Route: checks.RouteName(l.way.proxy), Product: l.way.own(), Required: e.Required},
		Args:    map[string]string{"target": target, "route": checks.RouteName(l.way.proxy)},
	})
	return f.With("reason", "the time of the check was over")
}

func (r *run) skipped(w *way, legs []*leg, why string) checks.Finding {
	hosts := make([]string, 0, len(legs))
	for _, l := range legs {
		hosts = append(hosts, l.endpoint.Host)
	}
	slices.Sort(hosts)
	route := checks.RouteName(w.proxy)
	return checks.Finding{
		Code: probe.NotTried, Status: checks.Note, Subject: several(slices.Compact(hosts)), View: "you, " + route, At: time.Now(),
		Args: map[string]string{"route": route, "reason": why, "count": strconv.Itoa(len(legs)), "source": w.source},
	}
}

// several names two and counts the rest.
func several(hosts []string) string {
	if len(hosts) > 2 {
		return fmt.Sprintf("%s, %s and %d more", hosts[0], hosts[1], len(hosts)-2)
	}
	return strings.Join(hosts, ", ")
}

// notes adds what is no walk: variables without a value, wildcards, a family that this machine does not have.
func (r *run) notes() {
	for name, list := range r.missing {
		v := r.env.Profile.Vars[name]
		for _, e := range list {
			r.add(checks.Finding{
				Code: NotConfigured, Status: checks.Skip, Subject: e.Host, View: "you", At: time.Now(), Mark: e.Mark,
				Args: map[string]string{"variable": name, "help": v.Help, "purpose": e.Purpose, "required": checks.YesNo(e.Required)},
			})
		}
	}
	seen, _ := checks.Get[[]string](r.env.Facts, checks.FactHosts)
	for _, w := range r.env.Profile.Wildcards {
		args := map[string]string{}
		if n := covered(w, seen); n > 0 {
			args["seen"] = strconv.Itoa(n)
		}
		r.add(checks.Finding{Code: Wildcard, Status: checks.Note, Subject: w, View: "you", At: time.Now(), Args: args})
	}
	for family, list := range r.absent {
		slices.SortFunc(list, r.compare)
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

// covered counts the hosts that a wildcard of the form *.example.com stands for.
func covered(wildcard string, hosts []string) int {
	n := 0
	tail, ok := strings.CutPrefix(strings.ToLower(wildcard), "*")
	for _, h := range hosts {
		if ok && strings.HasSuffix(strings.ToLower(h), tail) {
			n++
		}
	}
	return n
}

// compare sorts findings for people and makes every run's order the same: required first, then by host, the product's
// way before others.
func (r *run) compare(a, b checks.Finding) int {
	pa, pb := pathOf(a), pathOf(b)
	return cmp.Or(
		cmp.Compare(place(a), place(b)),
		cmp.Compare(a.Subject, b.Subject),
		cmp.Compare(pa.URL, pb.URL),
		cmp.Compare(rank(pa.Product), rank(pb.Product)),
		cmp.Compare(pa.Route, pb.Route),
		cmp.Compare(pa.Family, pb.Family),
		cmp.Compare(a.Code, b.Code),
		cmp.Compare(a.Arg("route"), b.Arg("route")),
	)
}

func pathOf(f checks.Finding) checks.Path {
	if f.Path == nil {
		return checks.Path{}
	}
	return *f.Path
}

func place(f checks.Finding) int {
	if f.Path == nil {
		return 2
	}
	return rank(f.Path.Required)
}

// reason says in one sentence why nothing was walked; "" where the findings speak for themselves.
func (r *run) reason() string {
	switch {
	case r.total > 0 && r.ways[0].assumed:
		return "The product's way out is not known, so no walk here is the product's own."
	case r.total > 0:
		return ""
	}
	if len(r.missing) > 0 {
		return "No address can be tested before its variable has a value."
	}
	return "The profile names no address."
}

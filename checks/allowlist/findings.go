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
	t := l.trip()
	if len(t.families) == 1 {
		r.tell(l, t.got[t.families[0]])
		return
	}
	four, six := t.got["ip4"], t.got["ip6"]
	switch {
	case dead(six) && !dead(four) && (six.Failure == checks.NoRoute || connected(four)):
		r.tell(l, four)
		r.family(l, six, four)
	case dead(four) && !dead(six) && (four.Failure == checks.NoRoute || connected(six)):
		r.tell(l, six)
		r.family(l, four, six)
	case six.Failure == checks.NoRoute && four.Failure != checks.NoFailure:
		r.tell(l, four) // no route in one family adds nothing to what the other one met
	case four.Failure == checks.NoRoute && six.Failure != checks.NoFailure:
		r.tell(l, six)
	case four.Failure == checks.Sinkhole && six.Failure == checks.NoFailure:
		r.add(softer(r.finding(l, four)))
		r.tell(l, six)
	case six.Failure == checks.Sinkhole && four.Failure == checks.NoFailure:
		r.tell(l, four)
		r.add(softer(r.finding(l, six)))
	default:
		r.tell(l, four)
		r.tell(l, six)
	}
}

// softer makes a warning of a fault: programs take the other family, where the vendor answers.
func softer(f checks.Finding) checks.Finding {
	f.Status = min(f.Status, checks.Warn)
	return f
}

// dead reports whether not even a connection came about.
func dead(a probe.Answer) bool { return a.Failed == checks.Connect && a.Failure != checks.Cancelled }

// connected reports whether a connection came about, whatever became of it.
func connected(a probe.Answer) bool {
	return a.Failure == checks.NoFailure || a.Failure != checks.Cancelled && slices.Contains([]checks.StageName{checks.TLS, checks.HTTP, checks.Content}, a.Failed)
}

// family is about a family that is dead beside one that lives. Where this machine has no route in it at all, that is
// no fault of the way, and one note at the end tells it for all endpoints.
func (r *run) family(l *leg, broken, works probe.Answer) {
	f := r.finding(l, broken)
	f = f.With("works", works.Args["family"]).With("behind", string(broken.Failure)).With("over", "it works")
	if works.Failure != checks.NoFailure {
		f = f.With("over", "a connection comes about")
	}
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

// tell adds the finding of a walk, and beside it that its large greeting got lost, which takes nothing from the walk.
func (r *run) tell(l *leg, a probe.Answer) {
	plain := a
	plain.Large = probe.LargeUntried
	r.add(r.finding(l, plain))
	if f := r.finding(l, a); a.Failure == checks.NoFailure && f.Code != checks.Code(checks.TooSlow) && (a.Large == probe.LargeLost || a.Large == probe.LargeSize) {
		r.add(f)
	}
}

func (r *run) finding(l *leg, a probe.Answer) checks.Finding {
	f := probe.Judge(r.env.Profile, l.endpoint, a)
	f.Evidence = append(f.Evidence, l.earlier...)
	if l.walked() {
		f.Evidence = append(f.Evidence, l.trip().other...)
		f = l.told(f)
	}
	if made := r.env.Profile.Made(l.endpoint); len(made) > 0 {
		text := strings.Join(made, ", ")
		f = f.With("vars", text).With("made", "The address was made with "+text+".")
		f.Evidence = append(f.Evidence, checks.Evidence{Source: "profile", Text: l.endpoint.Host + " was made with " + text})
	}
	if l.endpoint.Server != "" {
		f = f.With("server", l.endpoint.Server) // the product uses one of the two at a time: see checks/domain
	}
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

// told adds what the product's own rules did to a walk: the routes that it tried before, and how often it tried.
func (l *leg) told(f checks.Finding) checks.Finding {
	if len(l.trips) > 1 {
		var list []string
		for i, t := range l.trips {
			name := checks.RouteName(t.proxy)
			if t.stuck() {
				name += " (" + word(t.fate()) + ")"
			}
			list = append(list, name)
			if i == l.won {
				continue
			}
			for _, family := range t.families {
				a := t.got[family]
				f.Evidence = append(f.Evidence, checks.Evidence{Source: "tried too", Text: fmt.Sprintf("%s: %s after %s", name, a.Failure, a.Args["took"])})
				f.Evidence = append(f.Evidence, a.Evidence...)
			}
		}
		all := strings.Join(list, ", ")
		f = f.With("ways_tried", all).With("ways", "The product's ways in their order: "+all+".")
	}
	if len(l.earlier) > 0 {
		text := fmt.Sprintf("So ended each of the %d tries that the product makes.", l.tries)
		if l.fate() == checks.NoFailure {
			text = fmt.Sprintf("It took %d tries: the product tries again, and what failed at first got through then.", l.tries)
			f = f.With("retried", "yes")
		}
		f = f.With("again", text)
	}
	return f
}

// word is the end of a failure's name, for a list: "refused", "no answer".
func word(f checks.Failure) string {
	_, last, ok := strings.Cut(string(f), ".")
	if !ok {
		last = string(f)
	}
	return strings.ReplaceAll(last, "_", " ")
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
			if !l.walked() && !slices.Contains(w.left, l) {
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
	e, route := l.endpoint, checks.RouteName(l.routes[0])
	target := net.JoinHostPort(e.Host, strconv.Itoa(e.Port))
	f := r.finding(l, probe.Answer{
		Failure: checks.Cancelled,
		Path:    checks.Path{Target: target, URL: e.URL(), Route: route, Product: l.way.own(), Required: e.Required},
		Args:    map[string]string{"target": target, "route": route},
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

// compareFindings sorts them for people and makes every run's order the same: required first, then by host, the product's
// way before others.
func (r *run) compareFindings(a, b checks.Finding) int {
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

package clock

import (
	"cmp"
	"slices"
	"strings"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/probe"
)

// pick takes from what others heard the two readings that say most: of encrypted servers only, each once, those that
// proved who they are first, then those that told a time at all, then the required ones.
func pick(answers []probe.Answer) []reading {
	var out []reading
	for _, a := range answers {
		if strings.HasPrefix(a.Path.URL, "https://") && a.Failure != checks.Cancelled {
			out = append(out, reading{a})
		}
	}
	slices.SortStableFunc(out, func(a, b reading) int {
		return cmp.Or(cmp.Compare(worth(b), worth(a)), cmp.Compare(yes(b.Path.Required), yes(a.Path.Required)))
	})
	var few []reading
	for _, r := range out {
		if len(few) < servers && !slices.ContainsFunc(few, func(o reading) bool { return o.Path.Target == r.Path.Target }) {
			few = append(few, r)
		}
	}
	return few
}

func worth(r reading) int {
	switch {
	case !r.told():
		return 0
	case doubt(r) > 0:
		return 1
	}
	return 2
}

func yes(b bool) int {
	if b {
		return 1
	}
	return 0
}

// unasked are the endpoints that nobody has walked to to the end.
func unasked(list []assets.Endpoint, answers []probe.Answer) []assets.Endpoint {
	return slices.DeleteFunc(slices.Clone(list), func(e assets.Endpoint) bool {
		return slices.ContainsFunc(answers, func(a probe.Answer) bool { return a.Path.URL == e.URL() && a.Failure != checks.Cancelled })
	})
}

// direct reports whether an endpoint has been asked directly: it is the product's way, or one that it tried.
func direct(e assets.Endpoint, route checks.Route, answers []probe.Answer) bool {
	return route.Ways(e.URL())[0] == nil || slices.ContainsFunc(answers, func(a probe.Answer) bool {
		return a.Path.URL == e.URL() && a.Path.Route == checks.RouteName(nil) && a.Failure != checks.Cancelled
	})
}

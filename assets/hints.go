package assets

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// Hints names what is allowed in a profile and yet weakens what can be said with it. A hint is no mistake.
func (p *Profile) Hints() []Problem {
	raw := p
	if p.raw != nil {
		raw = p.raw
	}
	l := &linter{file: raw.Origin, p: raw, lines: raw.lines}
	if len(raw.Endpoints) == 0 {
		l.bad("endpoints", "there is none, so no way to the cloud is tested", "name at least one address")
	}
	if d := raw.Detect; len(d.Services)+len(d.Registry)+len(d.Paths) == 0 {
		l.bad("detect", "nothing says whether the product is installed", "name a service, a registry key or a path")
	}
	if raw.Revision == "" {
		l.bad("revision", "is missing", "give the profile a version, so that reports can name it")
	}
	for i, e := range raw.Endpoints {
		key := fmt.Sprintf("endpoints[%d]", i)
		if e.Mark == "" {
			l.bad(key+".mark", "is missing, so the address counts as certain", "say source, seed, third_party or inferred")
		}
		if e.Required && e.Scheme != "tcp" && e.Expect.Empty() {
			l.bad(key+".expect", "is missing, so that any answer will do", "say what the vendor answers, if it is known")
		}
	}
	if c := raw.Cache; c != nil && !slices.ContainsFunc(raw.Services, func(s Service) bool { return s.Name == c.Service }) {
		l.bad("cache.service", quote(c.Service)+" is not listed under services", "list it, so that it is looked at too")
	}
	l.unused()
	return l.problems
}

// unused reports variables that change nothing.
func (l *linter) unused() {
	used := map[string]bool{}
	mapText(reflect.ValueOf(*l.p), "", func(_, s string) string {
		for _, name := range names(s) {
			used[name] = true
		}
		return s
	})
	for _, e := range l.p.Endpoints {
		used[e.When] = true
	}
	if l.p.Domain != nil {
		used[l.p.Domain.Option] = true
	}
	for _, name := range slices.Sorted(maps.Keys(l.p.Vars)) {
		if !used[name] {
			l.bad("vars."+name, "is not used", "remove it")
		}
	}
}

package wizard

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"linecheck/assets/lang"
	"linecheck/checks"
)

// reservations are what keeps the two from being compared, or makes the comparison weaker than it looks.
func (p *pair) reservations() {
	a, b := p.old.Run, p.new.Run
	if a.ID == b.ID && a.ID != "" {
		return // one and the same run
	}
	_, aLogs := p.old.namedLogs()
	_, bLogs := p.new.namedLogs()
	switch {
	case aLogs && bLogs:
		p.say(lang.T("diff.apart.logs"))
	case aLogs || bLogs:
		p.say(lang.T("diff.apart.one_logs"))
	case a.Practice != b.Practice:
		real := lang.T("diff.apart.real")
		p.say(lang.T("diff.apart.scenes", "a", cmp.Or(a.Practice, real), "b", cmp.Or(b.Practice, real)))
	case p.sure, a.Practice != "": // one scene is one computer
	case a.Machine != "" && b.Machine != "":
		if a.Machine != b.Machine {
			p.say(twoComputers(a.Host, b.Host))
		}
	case hidden(a.Host) || hidden(b.Host):
		p.say(lang.T("diff.apart.hidden"))
	case !strings.EqualFold(a.Host, b.Host):
		p.say(twoComputers(a.Host, b.Host))
	}
	if a.Elevated != b.Elevated && !aLogs && !bLogs {
		which := "older"
		if a.Elevated {
			which = "newer"
		}
		p.say(lang.T("diff.apart.rights_" + which))
	}
	if a.User != b.User && !hidden(a.User) && !hidden(b.User) {
		p.say(lang.T("diff.apart.people", "a", a.User, "b", b.User))
	}
	if x, y := p.old.Redaction.Level, p.new.Redaction.Level; x != y {
		p.say(lang.T("diff.apart.redacted", "a", x, "b", y))
	}
	if x, y := p.old.Tool.Version, p.new.Tool.Version; x != y {
		p.say(lang.T("diff.apart.versions", "a", x, "b", y))
	}
	p.profilesApart()
	for _, name := range p.profiles() {
		p.checksApart(name)
	}
}

func twoComputers(a, b string) string {
	if a == "" || b == "" || hidden(a) || hidden(b) {
		return lang.T("diff.apart.computers")
	}
	return lang.T("diff.apart.computers_named", "a", a, "b", b)
}

// profilesApart names products that only one of the two looked at, and profiles that are not the same any more.
func (p *pair) profilesApart() {
	named := p.profiles()
	for _, side := range []struct {
		which string
		of    []ProfileInfo
	}{{"older", p.old.Profiles}, {"newer", p.new.Profiles}} {
		for _, i := range side.of {
			if !slices.Contains(named, i.Name) {
				p.say(lang.T("diff.apart.product_"+side.which, "product", i.Product))
			}
		}
	}
	for _, name := range named {
		a, b := p.old.profile(name), p.new.profile(name)
		if a.Revision != b.Revision || !alike(a.Source, b.Source) {
			p.say(lang.T("diff.apart.profile", "name", name, "a", a.Revision, "a_source", a.Source, "b", b.Revision, "b_source", b.Source))
		}
		for _, k := range slices.Sorted(maps.Keys(b.Vars)) {
			if v, ok := a.Vars[k]; ok && !alike(v, b.Vars[k]) {
				empty := lang.T("diff.apart.empty")
				p.say(lang.T("diff.apart.var", "name", k, "a", cmp.Or(v, empty), "b", cmp.Or(b.Vars[k], empty)))
			}
		}
	}
}

// checksApart names the checks that judged in one of the two only.
func (p *pair) checksApart(profile string) {
	one := func(which string, mine, others Report) {
		var none []string
		for _, c := range mine.Checks {
			if c.Profile != profile {
				continue
			}
			i := slices.IndexFunc(others.Checks, func(o CheckReport) bool { return o.Profile == profile && o.ID == c.ID })
			switch {
			case i < 0:
				none = append(none, c.Title)
			case looks(c) && !looks(others.Checks[i]):
				p.say(lang.T("diff.apart.untold_"+which, "of", p.of(profile), "check", c.Title, "why", lang.Phrase(firstLine(others.Checks[i].Reason))))
			}
		}
		if len(none) > 0 {
			p.say(lang.T("diff.apart.none_"+which, "of", p.of(profile), "checks", strings.Join(none, ", ")))
		}
	}
	one("older", p.new, p.old)
	one("newer", p.old, p.new)
}

func looks(c CheckReport) bool {
	return c.Status != checks.Unknown && c.Status != checks.Skip
}

package wizard

import (
	"cmp"
	"maps"
	"slices"
	"strings"

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
		p.say("Both were read from logs alone. They may be of different computers.")
	case aLogs || bLogs:
		p.say("One of the two was read from logs alone, the other was tried on a computer: the logs tell what was, the tries what is.")
	case a.Practice != b.Practice:
		p.say("They are of different scenes of the practice network, or one is of a real computer: %s and %s.",
			cmp.Or(a.Practice, "a real computer"), cmp.Or(b.Practice, "a real computer"))
	case p.sure, a.Practice != "": // one scene is one computer
	case a.Machine != "" && b.Machine != "":
		if a.Machine != b.Machine {
			p.say("These are two different computers%s: what differs need not have changed.", both(a.Host, b.Host))
		}
	case hidden(a.Host) || hidden(b.Host):
		p.say("Whether both are of the same computer is not known, because its name was replaced.")
	case !strings.EqualFold(a.Host, b.Host):
		p.say("These are two different computers%s: what differs need not have changed.", both(a.Host, b.Host))
	}
	if a.Elevated != b.Elevated && !aLogs && !bLogs {
		which := "older"
		if a.Elevated {
			which = "newer"
		}
		p.say("The %s run had no administrator's rights, so it may have seen less.", which)
	}
	if a.User != b.User && !hidden(a.User) && !hidden(b.User) {
		p.say("They were run by different people, %s and %s, and some settings are each person's own.", a.User, b.User)
	}
	if x, y := p.old.Redaction.Level, p.new.Redaction.Level; x != y {
		p.say("The older report is redacted %q and the newer %q. What is replaced in one of them is compared by its place, and is not told as a change.", x, y)
	}
	if x, y := p.old.Tool.Version, p.new.Tool.Version; x != y {
		p.say("They were made by different versions of linecheck, %s and %s: what one looks at, the other may not.", x, y)
	}
	p.profilesApart()
	for _, name := range p.profiles() {
		p.checksApart(name)
	}
}

func both(a, b string) string {
	if a == "" || b == "" || hidden(a) || hidden(b) {
		return ""
	}
	return ", " + a + " and " + b
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
				p.say("%s was looked at in the %s run only.", i.Product, side.which)
			}
		}
	}
	for _, name := range named {
		a, b := p.old.profile(name), p.new.profile(name)
		if a.Revision != b.Revision || !alike(a.Source, b.Source) {
			p.say("The profile %s is another one than before (%s, %s; now %s, %s): what one asks for, the other may not.", name, a.Revision, a.Source, b.Revision, b.Source)
		}
		for _, k := range slices.Sorted(maps.Keys(b.Vars)) {
			if v, ok := a.Vars[k]; ok && !alike(v, b.Vars[k]) {
				p.say("The profile's %s was %s and is %s.", k, cmp.Or(v, "empty"), cmp.Or(b.Vars[k], "empty"))
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
				p.say("%sIn the %s run this could not be told: %s (%s).", p.of(profile), which, c.Title, firstLine(others.Checks[i].Reason))
			}
		}
		if len(none) > 0 {
			p.say("%sNot part of the %s run: %s.", p.of(profile), which, strings.Join(none, ", "))
		}
	}
	one("older", p.new, p.old)
	one("newer", p.old, p.new)
}

func looks(c CheckReport) bool {
	return c.Status != checks.Unknown && c.Status != checks.Skip
}

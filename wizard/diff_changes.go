package wizard

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"linecheck/checks"
)

func (p *pair) add(kind, profile, trend, subject, text string, old, now []string) {
	p.changes = append(p.changes, Difference{Kind: kind, Profile: profile, Subjects: []string{subject}, Trend: trend,
		Text: p.of(profile) + text, Old: append([]string{}, old...), New: append([]string{}, now...)})
}

// ways: how the product goes out.
func (p *pair) ways(profile string) {
	way := func(r Report) (string, string) {
		for _, f := range r.found(profile, "proxy") {
			if f.Code == "proxy.route" && f.Detail.Args["way"] != "" {
				return strings.ReplaceAll(f.Detail.Args["way"], "http://", ""), f.ID
			}
		}
		return "", ""
	}
	a, old := way(p.old)
	b, now := way(p.new)
	product := p.new.profile(profile).Product
	switch {
	case a == "" || b == "":
	case alike(a, b):
		if hidden(a) || hidden(b) {
			p.say("%sWhether the proxy is the same one cannot be told, because its name is replaced in a report.", p.of(profile))
		}
	default:
		x, proxied := strings.CutPrefix(a, "through ")
		y, still := strings.CutPrefix(b, "through ")
		text := fmt.Sprintf("%s went out %s, and goes out %s now.", product, a, b)
		if proxied && still {
			text = fmt.Sprintf("The proxy that %s uses changed from %s to %s.", product, x, y)
		}
		p.add("proxy", profile, Other, product, text, []string{old}, []string{now})
	}
}

// settings: what is set elsewhere on the computer about proxies.
func (p *pair) settings(profile string) {
	type setting struct{ name, value, id string }
	of := func(r Report) []setting {
		var out []setting
		for _, f := range r.found(profile, "proxy") {
			a := f.Detail.Args
			if a["source"] == "" || a["raw"] == "" || a["mode"] == "" {
				continue
			}
			value := strings.TrimPrefix(cmp.Or(a["proxy"], a["mode"]), "http://")
			if a["mode"] != "direct" && a["mode"] != "manual" {
				value = a["raw"]
			}
			s := setting{f.Subject, value, f.ID}
			if !slices.ContainsFunc(out, func(o setting) bool { return o.name == s.name }) {
				out = append(out, s)
			}
		}
		return out
	}
	before, after := of(p.old), of(p.new)
	for _, n := range after {
		i := slices.IndexFunc(before, func(o setting) bool { return alike(o.name, n.name) })
		switch {
		case i < 0 && n.value != "none":
			p.add("setting", profile, Other, n.name, fmt.Sprintf("A proxy is set now in %s: %s.", n.name, n.value), nil, []string{n.id})
		case i >= 0 && !alike(before[i].value, n.value):
			p.add("setting", profile, Other, n.name, fmt.Sprintf("The proxy in %s changed from %s to %s.", n.name, before[i].value, n.value),
				[]string{before[i].id}, []string{n.id})
		}
	}
	for _, o := range before {
		if o.value != "none" && !slices.ContainsFunc(after, func(n setting) bool { return alike(o.name, n.name) }) {
			p.add("setting", profile, Other, o.name, fmt.Sprintf("No proxy is set any more in %s; it was %s.", o.name, o.value), []string{o.id}, nil)
		}
	}
}

// product: what is installed, and which of its services run.
func (p *pair) product(profile string) {
	before := p.old.found(profile, "product")
	for _, n := range p.new.found(profile, "product") {
		switch {
		case n.Code == "product.found":
			i := slices.IndexFunc(before, func(o FindingReport) bool { return o.Code == "product.found" })
			v := n.Detail.Args["version"]
			if i >= 0 && v != "" && before[i].Detail.Args["version"] != "" && before[i].Detail.Args["version"] != v {
				p.add("version", profile, Other, n.Detail.Args["name"], fmt.Sprintf("%s was %s, and is %s now.", n.Detail.Args["name"],
					before[i].Detail.Args["version"], v), []string{before[i].ID}, []string{n.ID})
			}
		case strings.HasPrefix(string(n.Code), "service."):
			i := slices.IndexFunc(before, func(o FindingReport) bool {
				return strings.HasPrefix(string(o.Code), "service.") && o.Subject == n.Subject
			})
			if i < 0 || before[i].Code == n.Code || serviceWords[n.Code] == "" || serviceThen[before[i].Code] == "" {
				continue
			}
			trend := Worse
			if n.Code == "service.running" {
				trend = Better
			}
			name := n.Subject
			if t := n.Detail.Args["title"]; t != "" && t != name {
				name = t + " (" + name + ")"
			}
			p.add("service", profile, trend, n.Subject, fmt.Sprintf("The service %s %s, and %s now.", name, serviceThen[before[i].Code], serviceWords[n.Code]),
				[]string{before[i].ID}, []string{n.ID})
		}
	}
}

var (
	serviceThen  = map[checks.Code]string{"service.running": "ran", "service.stopped": "did not run", "service.missing": "was not there"}
	serviceWords = map[checks.Code]string{"service.running": "runs", "service.stopped": "does not run", "service.missing": "is not there"}
)

// findings are whatever else was at fault or in doubt in one of the two: what a cause or a sentence before tells already
// is left out.
func (p *pair) findings(profile string) {
	before, after := p.rest(p.old, profile), p.rest(p.new, profile)
	for _, n := range after {
		i := slices.IndexFunc(before, func(o seenIn) bool { return o.f.Code == n.f.Code && alike(o.f.Subject, n.f.Subject) })
		if i >= 0 {
			p.again(profile, before[i].f, n.f)
			before = slices.Delete(before, i, i+1)
			continue
		}
		if p.looked(p.old, profile, n.check) && !p.told(n.f, profile, Fresh) {
			p.add("finding", profile, Worse, n.f.Subject, "New: "+n.f.Summary, nil, []string{n.f.ID})
		}
	}
	for _, o := range before {
		if p.looked(p.new, profile, o.check) && !p.told(o.f, profile, Gone) {
			p.add("finding", profile, Better, o.f.Subject, "Not seen any more: "+o.f.Summary, []string{o.f.ID}, nil)
		}
	}
}

type seenIn struct {
	check checks.ID
	f     FindingReport
}

// rest are the findings at fault or in doubt of which no other sentence tells.
func (p *pair) rest(r Report, profile string) []seenIn {
	var out []seenIn
	for _, c := range r.Checks {
		if c.Profile != profile {
			continue
		}
		for _, f := range c.Findings {
			walk := c.ID == "allowlist" && f.Detail.Target != ""
			if f.Status != checks.Fail && f.Status != checks.Warn || walk || strings.HasPrefix(string(f.Code), "service.") {
				continue
			}
			out = append(out, seenIn{c.ID, f})
		}
	}
	return out
}

// looked: the other run had the check too and judged by it.
func (p *pair) looked(r Report, profile string, id checks.ID) bool {
	return slices.ContainsFunc(r.Checks, func(c CheckReport) bool { return c.Profile == profile && c.ID == id && looks(c) })
}

// told: a cause that came or went has this finding in its evidence or its name.
func (p *pair) told(f FindingReport, profile, now string) bool {
	causes := p.new.Verdict.Causes
	if now == Gone {
		causes = p.old.Verdict.Causes
	}
	return slices.ContainsFunc(p.causeChanges, func(x CauseChange) bool {
		return x.Now == now && x.Profile == profile && (x.ID == string(f.Code) || slices.ContainsFunc(causes, func(c Cause) bool {
			return c.ID == x.ID && c.Profile == profile && (slices.Contains(c.Evidence, f.ID) || slices.Contains(c.Hides, string(f.Code)))
		}))
	})
}

// again: a log tells of the same failure in both; whether it came again in between is worth a sentence.
func (p *pair) again(profile string, o, n FindingReport) {
	end, err1 := time.Parse(time.RFC3339, cmp.Or(p.old.Run.Finished, p.old.Run.Started))
	at, err2 := time.Parse(time.RFC3339, n.At)
	if !strings.HasPrefix(string(n.Code), "logs.") || n.Detail.Args["last"] == "" || err1 != nil || err2 != nil || !at.After(end) {
		return
	}
	p.add("log", profile, Worse, n.Subject, "It failed again since the older run, by the product's log: "+n.Summary, []string{o.ID}, []string{n.ID})
}

// repairs are the changes that a person approved in the newer run, and those that only the older one tells of.
func (p *pair) repairs() {
	for _, side := range []struct {
		which string
		of    []RepairReport
	}{{"older", p.old.Repairs}, {"newer", p.new.Repairs}} {
		for _, r := range side.of {
			p.add("repair", r.Profile, Other, r.Title, fmt.Sprintf("In the %s run: %s, %s.", side.which, r.Title, r.Result), nil, nil)
		}
	}
}

package wizard

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"linecheck/assets/lang"
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
			p.say(lang.T("diff.hidden_proxy", "of", p.of(profile)))
		}
	default:
		x, proxied := strings.CutPrefix(a, "through ")
		y, still := strings.CutPrefix(b, "through ")
		text := lang.T("diff.way", "product", product, "before", lang.Phrase(a), "now", lang.Phrase(b))
		if proxied && still {
			text = lang.T("diff.proxy", "product", product, "before", x, "now", y)
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
			p.add("setting", profile, Other, n.name, lang.T("diff.set", "place", lang.Phrase(n.name), "value", lang.Phrase(n.value)), nil, []string{n.id})
		case i >= 0 && !alike(before[i].value, n.value):
			p.add("setting", profile, Other, n.name, lang.T("diff.set_other", "place", lang.Phrase(n.name), "before", lang.Phrase(before[i].value), "now", lang.Phrase(n.value)),
				[]string{before[i].id}, []string{n.id})
		}
	}
	for _, o := range before {
		if o.value != "none" && !slices.ContainsFunc(after, func(n setting) bool { return alike(o.name, n.name) }) {
			p.add("setting", profile, Other, o.name, lang.T("diff.unset", "place", lang.Phrase(o.name), "before", lang.Phrase(o.value)), []string{o.id}, nil)
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
				p.add("version", profile, Other, n.Detail.Args["name"], lang.T("diff.version", "name", n.Detail.Args["name"],
					"before", before[i].Detail.Args["version"], "now", v), []string{before[i].ID}, []string{n.ID})
			}
		case strings.HasPrefix(string(n.Code), "service."):
			i := slices.IndexFunc(before, func(o FindingReport) bool {
				return strings.HasPrefix(string(o.Code), "service.") && o.Subject == n.Subject
			})
			if i < 0 || before[i].Code == n.Code || !serviceCode(n.Code) || !serviceCode(before[i].Code) {
				continue
			}
			trend := Worse
			if n.Code == "service.running" {
				trend = Better
			}
			name := n.Subject
			if t := n.Detail.Args["title"]; t != "" && t != name {
				name = lang.T("diff.service_named", "title", t, "name", name)
			}
			p.add("service", profile, trend, n.Subject, lang.T("diff.service", "name", name, "before", lang.T("diff.service_then."+part(before[i].Code)),
				"now", lang.T("diff.service_now."+part(n.Code))),
				[]string{before[i].ID}, []string{n.ID})
		}
	}
}

// serviceCode: a service is so or so, and both can be said.
func serviceCode(c checks.Code) bool {
	return slices.Contains([]checks.Code{"service.running", "service.stopped", "service.missing"}, c)
}

// part is what a code says behind its area.
func part(c checks.Code) string {
	_, what, _ := strings.Cut(string(c), ".")
	return what
}

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
			p.add("finding", profile, Worse, n.f.Subject, lang.T("diff.fresh", "what", n.f.Summary), nil, []string{n.f.ID})
		}
	}
	for _, o := range before {
		if p.looked(p.new, profile, o.check) && !p.told(o.f, profile, Gone) {
			p.add("finding", profile, Better, o.f.Subject, lang.T("diff.not_seen", "what", o.f.Summary), []string{o.f.ID}, nil)
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
	p.add("log", profile, Worse, n.Subject, lang.T("diff.again", "what", n.Summary), []string{o.ID}, []string{n.ID})
}

// repairs are the changes that a person approved in the newer run, and those that only the older one tells of.
func (p *pair) repairs() {
	for _, side := range []struct {
		which string
		of    []RepairReport
	}{{"older", p.old.Repairs}, {"newer", p.new.Repairs}} {
		for _, r := range side.of {
			p.add("repair", r.Profile, Other, r.Title, lang.T("diff.repair_"+side.which, "title", r.Title, "result", saidResult(r.Result)), nil, nil)
		}
	}
}

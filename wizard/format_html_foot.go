package wizard

import (
	"strings"

	"golang.org/x/net/html"

	"linecheck/assets/lang"
	"linecheck/checks"
)

// repairs are the changes that a person approved: what was known before, and what is true now.
func (p *sheet) repairs() *html.Node {
	var parts []any
	for i, rep := range p.Repairs {
		if i == pageList {
			parts = append(parts, el("p", class("more"), andMore(len(p.Repairs)-i)))
			break
		}
		parts = append(parts, p.repair(rep))
	}
	return section("repairs", lang.T("page.repaired"), parts...)
}

func (p *sheet) repair(rep RepairReport) *html.Node {
	side := func(kind, name string, v Verdict) *html.Node {
		s := verdictState(v.Status)
		return el("div", class(kind), el("h4", name), el("p", icon(s), heard(verdictWord(v.Status)+": "), v.Headline))
	}
	result := "pass"
	if rep.Result != string(Repaired) {
		result = "fail"
	}
	var changed *html.Node
	if d := different(rep.Before.Checks, p.Checks, rep.Profile); len(d) > 0 {
		changed = el("ul", items(d))
	}
	plan := el("ol")
	for _, s := range items(rep.Plan) {
		plan.AppendChild(s)
	}
	return el("div",
		el("h3", icon(result), lang.T("page.repair", "name", p.titled(rep.Title, rep.Profile), "result", saidResult(rep.Result))),
		el("p", class("dim"), lang.T("page.approved", "time", clock(rep.Approved.At), "how", approvedBy(rep.Approved.How, rep.Approved.Role, rep.Approved.Customer))),
		el("div", class("pair"), side("then", lang.T("page.was"), rep.Before.Verdict), side("now", lang.T("page.is"), p.Verdict)),
		changed,
		foldAway("plan", false, lang.T("page.plan"), plan))
}

// changed is what was changed on this computer, one thing a line.
func (p *sheet) changed() *html.Node {
	var out []*html.Node
	for _, c := range p.Changes {
		out = append(out, el("li", el("span", class("when"), moment(c.When)), " ", SaidChange(c)))
	}
	return section("changes", lang.T("page.changed"), list("plain past", out, pageList))
}

// evidence is everything behind the verdict, folded: a check, a finding in it, and what was seen as it was seen.
func (p *sheet) evidence() *html.Node {
	var parts []any
	shown := map[string]bool{}
	left := pageFindings
	for _, c := range p.Checks[:min(len(p.Checks), pageChecks)] {
		if len(c.Findings) == 0 {
			continue
		}
		var found []*html.Node
		for _, f := range c.Findings {
			if p.shown[f.ID] && !shown[f.ID] && left > 0 {
				left--
				shown[f.ID] = true
				found = append(found, p.finding(c, f))
			}
		}
		if over := len(c.Findings) - len(found); over > 0 {
			found = append(found, el("p", class("more"), andMore(over)))
		}
		parts = append(parts, foldAway("check", false, append(marked(c.Status),
			textNode(p.titled(c.Title, c.Profile)+" "), el("span", class("dim"), lang.N("page.findings", len(c.Findings)))), found))
	}
	if len(parts) == 0 {
		return nil
	}
	return el("div", class("tucked"), foldAway("evidence", false, lang.T("page.evidence"), parts...),
		el("p", class("paper"), lang.T("page.paper")))
}

func (p *sheet) finding(c CheckReport, f FindingReport) *html.Node {
	text := checks.TextOf(c.ID, f.finding())
	title := titleOf(c.ID, f)
	body := []any{}
	if f.Summary != title {
		body = append(body, el("p", f.Summary))
	}
	var facts []string
	if f.View != "" {
		facts = append(facts, lang.T("page.seen_by", "who", lang.Phrase(f.View)))
	}
	if f.At != "" {
		facts = append(facts, lang.T("page.at", "time", clock(f.At)))
	}
	if w := markWord(f.Mark); w != "" {
		facts = append(facts, lang.T("page.expected_by", "who", w))
	}
	body = append(body, el("p", class("dim"), strings.Join(append(facts, string(f.Code)), " · ")))
	if text.Fix != "" && f.Status != checks.Pass {
		body = append(body, el("p", class("fix"), lang.T("page.to_do", "what", text.Fix)))
	}
	shown := 0
	for _, e := range f.Detail.Evidence[:min(len(f.Detail.Evidence), pageEvidence)] {
		if p.room -= min(len(e.Text), pageText) + 100; p.room < 0 {
			break
		}
		shown++
		where := cut(lang.Phrase(e.Source), 300)
		if e.Line > 0 {
			where = lang.T("page.line", "file", where, "n", e.Line)
		}
		body = append(body, el("figure", el("figcaption", where), el("pre", e.Text)))
	}
	if over := len(f.Detail.Evidence) - shown; over > 0 {
		body = append(body, el("p", class("more"), andMore(over)))
	}
	n := foldAway("finding", false, append(marked(f.Status), el("span", class("id"), f.ID), textNode(" "+title), dim(lang.Phrase(f.Subject))), body...)
	n.Attr = append(n.Attr, html.Attribute{Key: "id", Val: f.ID})
	return n
}

// foot says by what the page was made, what was replaced in it, and who has nothing to do with it.
func (p *sheet) foot() *html.Node {
	made := lang.T("page.made", "version", p.Tool.Version, "commit", p.Tool.Commit, "os", p.Tool.OS, "arch", p.Tool.Arch,
		"id", p.Run.ID, "at", clock(p.Run.Started), "ms", lang.Count(int(p.Run.DurationMS)))
	var profiles []string
	for _, i := range p.Profiles[:min(len(p.Profiles), pageList)] {
		profiles = append(profiles, lang.T("page.profile", "product", i.Product, "name", i.Name, "revision", i.Revision))
	}
	var known *html.Node
	if len(profiles) > 0 {
		known = el("p", lang.Stop(strings.Join(profiles, "; ")))
	}
	return el("footer", el("p", p.replaced()), known, el("p", made), el("p", lang.T("page.no_affiliation")))
}

// replaced says what was replaced before this was written, so that whoever passes it on knows what is in it.
func (p *sheet) replaced() string {
	if p.Redaction.Level == RedactOff {
		return lang.T("page.nothing_replaced")
	}
	parts := firstOf(p.Redaction.kinds(), pageList)
	if len(parts) == 0 {
		return lang.T("page.none_to_replace", "level", p.Redaction.Level)
	}
	return lang.T("page.replaced", "level", p.Redaction.Level, "kinds", strings.Join(parts, ", "))
}

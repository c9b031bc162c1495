package wizard

import (
	"fmt"
	"strings"

	"golang.org/x/net/html"

	"linecheck/checks"
	"linecheck/tui"
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
	return section("repairs", "What was repaired", parts...)
}

func (p *sheet) repair(rep RepairReport) *html.Node {
	side := func(kind, name string, v Verdict) *html.Node {
		s := verdictState(v.Status)
		return el("div", class(kind), el("h4", name), el("p", icon(s), heard(verdictWords[v.Status]+": "), v.Headline))
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
		el("h3", icon(result), p.titled(rep.Title, rep.Profile)+": "+rep.Result),
		el("p", class("dim"), "Approved at "+clock(rep.Approved.At)+" "+approvedBy(rep.Approved.How, rep.Approved.Role, rep.Approved.Customer)+"."),
		el("div", class("pair"), side("then", "Before", rep.Before.Verdict), side("now", "Now", p.Verdict)),
		changed,
		foldAway("plan", false, "The steps that were approved", plan))
}

// changed is what was changed on this computer, one thing a line.
func (p *sheet) changed() *html.Node {
	var out []*html.Node
	for _, c := range p.Changes {
		out = append(out, el("li", el("span", class("when"), moment(c.When)), " ", c.What+": "+c.Result))
	}
	return section("changes", "What was changed on this computer", list("plain past", out, pageList))
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
			textNode(p.titled(c.Title, c.Profile)+" "), el("span", class("dim"), countOf(len(c.Findings), "finding"))), found))
	}
	if len(parts) == 0 {
		return nil
	}
	return el("div", class("tucked"), foldAway("evidence", false, "Evidence: everything that was seen, as it was seen", parts...),
		el("p", class("paper"), "The evidence is left out on paper. It stands in the page itself and in the JSON report."))
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
		facts = append(facts, "seen by "+f.View)
	}
	if f.At != "" {
		facts = append(facts, "at "+clock(f.At))
	}
	if w := markWords[f.Mark]; w != "" {
		facts = append(facts, "expected by "+w)
	}
	body = append(body, el("p", class("dim"), strings.Join(append(facts, string(f.Code)), " · ")))
	if text.Fix != "" && f.Status != checks.Pass {
		body = append(body, el("p", class("fix"), "To do: "+text.Fix))
	}
	shown := 0
	for _, e := range f.Detail.Evidence[:min(len(f.Detail.Evidence), pageEvidence)] {
		if p.room -= min(len(e.Text), pageText) + 100; p.room < 0 {
			break
		}
		shown++
		where := cut(e.Source, 300)
		if e.Line > 0 {
			where += fmt.Sprintf(", line %d", e.Line)
		}
		body = append(body, el("figure", el("figcaption", where), el("pre", e.Text)))
	}
	if over := len(f.Detail.Evidence) - shown; over > 0 {
		body = append(body, el("p", class("more"), andMore(over)))
	}
	n := foldAway("finding", false, append(marked(f.Status), el("span", class("id"), f.ID), textNode(" "+title), dim(f.Subject)), body...)
	n.Attr = append(n.Attr, html.Attribute{Key: "id", Val: f.ID})
	return n
}

// foot says by what the page was made, what was replaced in it, and who has nothing to do with it.
func (p *sheet) foot() *html.Node {
	made := fmt.Sprintf("linecheck %s (%s) on %s %s; run %s, %s, took %s.", p.Tool.Version, p.Tool.Commit, p.Tool.OS, p.Tool.Arch,
		p.Run.ID, clock(p.Run.Started), tui.Count(int(p.Run.DurationMS))+" ms")
	var profiles []string
	for _, i := range p.Profiles[:min(len(p.Profiles), pageList)] {
		profiles = append(profiles, i.Product+" by the profile "+i.Name+", revision "+i.Revision)
	}
	var known *html.Node
	if len(profiles) > 0 {
		known = el("p", strings.Join(profiles, "; ")+".")
	}
	return el("footer", el("p", p.replaced()), known, el("p", made), el("p", "Not affiliated with any vendor named here."))
}

// replaced says what was replaced before this was written, so that whoever passes it on knows what is in it.
func (p *sheet) replaced() string {
	if p.Redaction.Level == RedactOff {
		return "Nothing was replaced before this page was written: it may hold names, addresses and logins of this computer."
	}
	parts := firstOf(p.Redaction.kinds(), pageList)
	out := "Replaced before this page was written (" + string(p.Redaction.Level) + "): "
	if len(parts) == 0 {
		return out + "nothing had to be."
	}
	return out + strings.Join(parts, ", ") + ". The same value has the same stand-in everywhere."
}

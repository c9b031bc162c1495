package wizard

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/tui"
)

// choose says whose evidence stands on the page where there is more than a browser likes: first what the verdict names,
// then the gravest. What has an id that is no name, or one that is taken, is shown without a name to lead to.
func (p *sheet) choose() map[string]bool {
	named := map[string]bool{}
	for _, c := range p.Verdict.Causes[:min(len(p.Verdict.Causes), pageCauses)] {
		for _, id := range c.Evidence {
			named[id] = true
		}
	}
	for _, id := range p.Verdict.Unexplained {
		named[id] = true
	}
	type ranked struct {
		id   string
		rank int
	}
	var all []ranked
	for _, c := range p.Checks[:min(len(p.Checks), pageChecks)] {
		for _, f := range c.Findings {
			rank := 1 + gravity(f)
			if named[f.ID] {
				rank = 0
			}
			all = append(all, ranked{f.ID, rank})
		}
	}
	slices.SortStableFunc(all, func(a, b ranked) int { return cmp.Compare(a.rank, b.rank) })
	out := map[string]bool{}
	for _, f := range all {
		if len(out) == pageFindings {
			break
		}
		if isID(f.id) {
			out[f.id] = true
		}
	}
	return out
}

// isID: "f12", as every report of this program has them.
func isID(s string) bool {
	if len(s) < 2 || len(s) > 12 || s[0] != 'f' {
		return false
	}
	for _, c := range s[1:] {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// checked is what was looked at and what came of it: a calm list for each product.
func (p *sheet) checked() *html.Node {
	all := el("div", class("columns"))
	for i, info := range p.Profiles {
		if i == pageList {
			all.AppendChild(el("p", class("more"), andMore(len(p.Profiles)-i)))
			break
		}
		var lines []*html.Node
		for _, c := range p.Checks {
			if c.Profile == info.Name {
				lines = append(lines, p.check(c))
			}
		}
		var name *html.Node
		if len(p.Profiles) > 1 {
			name = el("h3", info.Product)
		}
		all.AppendChild(el("div", name, list("plain", lines, pageChecks)))
	}
	if all.FirstChild == nil {
		return nil
	}
	return section("checked", lang.T("page.checked"), all)
}

func (p *sheet) check(c CheckReport) *html.Node {
	text := lang.Phrase(firstLine(c.Reason))
	var judged []checks.Finding
	var beside []FindingReport // what no other part of the page tells
	for _, f := range c.Findings {
		if f.Status != checks.Note && f.Status != checks.Skip {
			judged = append(judged, f.finding())
		}
		if f.Detail.Args["meaning"] == "" && len(f.Detail.Stages) == 0 {
			beside = append(beside, f)
		}
	}
	if text == "" {
		text = tui.Tally(judged)
	}
	line := el("li", icon(lookOf(c.Status)), el("span", class("what"), c.Title), heard(": "+tui.Word(c.Status)+","), el("span", class("dim"), " "+text))
	if not := notable(beside); len(not) > 0 {
		line.AppendChild(list("plain notable", items(not), 6))
	}
	return line
}

// logged are the kinds of lines in the product's logs, the gravest first.
func (p *sheet) logged() *html.Node {
	var parts []any
	bad, alone := false, false // a kind of line that is not well; nothing but logs was looked at
	for _, c := range p.Checks {
		rows, read := kinds(c)
		if len(rows) == 0 {
			continue
		}
		bad, alone = bad || gravity(rows[0]) < 3, alone || read != ""
		body, more := el("tbody"), (*html.Node)(nil)
		for i, f := range rows {
			if i == tableRows {
				more = el("p", class("more"), andMore(len(rows)-i))
				break
			}
			body.AppendChild(p.kindRow(f))
		}
		head := el("thead", el("tr", el("th", attr{"scope", "col"}, lang.T("page.state")), el("th", class("number"), attr{"scope", "col"}, lang.T("page.times")), el("th", attr{"scope", "col"}, lang.T("page.meaning")), el("th", attr{"scope", "col"}, lang.T("page.when"))))
		table := wideBox(el("table", head, body))
		title := ""
		if len(p.Profiles) > 1 {
			title = p.productOf(c.Profile)
		}
		var h *html.Node
		if title != "" {
			h = el("h3", title)
		}
		var said *html.Node
		if read != "" {
			said = el("p", class("dim"), read)
		}
		parts = append(parts, el("div", h, said, table, more))
	}
	if bad || alone {
		return section("logs", lang.T("page.logs"), parts...)
	}
	return tucked("logs", lang.T("page.logs"), parts)
}

// kinds are the findings about kinds of lines, and how far the logs were read where nothing else was looked at.
func kinds(c CheckReport) (rows []FindingReport, read string) {
	for _, f := range c.Findings {
		switch {
		case f.Detail.Args["count"] != "" && f.Detail.Args["meaning"] != "":
			rows = append(rows, f)
		case f.Code == asOfCode && f.Detail.Args["lines"] != "":
			read = f.Summary
		}
	}
	slices.SortStableFunc(rows, func(a, b FindingReport) int { return cmp.Compare(gravity(a), gravity(b)) })
	return rows, read
}

func (p *sheet) kindRow(f FindingReport) *html.Node {
	a := f.Detail.Args
	when := spanOf(a)
	meaning := el("td", lang.Phrase(a["meaning"]))
	if a["ref"] != "" {
		meaning.AppendChild(el("span", class("dim"), " "+a["ref"]))
	}
	if f.Status == checks.Warn || f.Status == checks.Fail {
		if t := checks.TextOf(logsCheck, f.finding()); t.Fix != "" {
			meaning.AppendChild(el("p", class("fix"), lang.T("page.to_do", "what", t.Fix)))
		}
	}
	if a["is"] != "" && a["state"] != "" {
		when += "; " + lang.Phrase(a["state"])
	}
	return el("tr", el("td", class("mark"), marked(f.Status), p.ref(f.ID)), el("td", class("number"), a["count"]), meaning, el("td", when))
}

// compared are the comparisons worth reading: first those that a cause speaks of, the others folded.
func (p *sheet) compared() []*html.Node {
	var near, others []any
	for _, c := range p.Checks {
		for _, f := range c.Findings {
			if len(near)+len(others) == pageTables {
				break
			}
			if !telling(f) {
				continue
			}
			if slices.ContainsFunc(p.Verdict.Causes, func(a Cause) bool {
				return a.Profile == c.Profile && (strings.HasPrefix(a.ID, string(c.ID)+".") || slices.Contains(a.Evidence, f.ID))
			}) {
				near = append(near, p.table(c, f))
			} else {
				others = append(others, p.table(c, f))
			}
		}
	}
	title := lang.T("page.tables")
	if len(near) > 0 {
		title = lang.T("page.more_tables")
	}
	return []*html.Node{section("tables", lang.T("page.tables"), near...), tucked("tables", title, others)}
}

// tucked is a part of the page behind its heading, for whoever wants it; nil where it has no content.
func tucked(kind, title string, parts []any) *html.Node {
	if len(parts) == 0 {
		return nil
	}
	return el("div", class("tucked"), foldAway(kind, false, title, parts...))
}

// pageColumns is how many columns of a table are shown; no check makes more.
const pageColumns = 12

func (p *sheet) table(c CheckReport, f FindingReport) *html.Node {
	t := saidTable(f.Detail.Table)
	head, body := el("tr"), el("tbody")
	columns := min(len(t.Head), pageColumns)
	for _, h := range t.Head[:columns] {
		head.AppendChild(el("th", attr{"scope", "col"}, h))
	}
	for _, r := range t.Rows[:min(len(t.Rows), tableRows)] {
		row := el("tr")
		for i := range columns {
			cell := ""
			if i < len(r) {
				cell = cut(r[i], 300)
			}
			if i == 0 {
				row.AppendChild(el("th", attr{"scope", "row"}, cell))
			} else {
				row.AppendChild(el("td", cell))
			}
		}
		body.AppendChild(row)
	}
	var more *html.Node
	if over := len(t.Rows) - tableRows; over > 0 {
		more = el("p", class("more"), lang.T("report.rows_more", "n", lang.Count(over)))
	}
	return el("div", el("h3", lang.T("page.table", "check", p.titled(c.Title, c.Profile), "title", titleOf(c.ID, f)), p.ref(f.ID)), wideBox(el("table", el("thead", head), body)), more)
}

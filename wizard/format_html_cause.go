package wizard

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"linecheck/assets/lang"
	"linecheck/checks"
)

// causes are what explains the findings, the first one first: what was seen, who can mend it and how, and how sure that is.
func (p *sheet) causes() []*html.Node {
	var out []*html.Node
	for i, c := range p.Verdict.Causes {
		if i == pageCauses {
			return append(out, el("p", class("more"), andMore(len(p.Verdict.Causes)-i)))
		}
		out = append(out, p.cause(i, c))
	}
	return out
}

func (p *sheet) cause(i int, c Cause) *html.Node {
	state := verdictState(cmp.Or(c.Severity, Fault))
	n := el("div", class("cause "+state))
	if i > 0 {
		n.Data = "article"
		n.AppendChild(el("h2", icon(state), heard(verdictWord(c.Severity)+": "), lang.T("page.also", "what", c.Headline)))
	}
	n.AppendChild(el("p", class("seen"), c.Explanation))
	n.AppendChild(rows("acts",
		row{lang.T("page.who"), whoFor(c)},
		row{lang.T("page.todo"), todo(c.Fix)},
		row{lang.T("page.sure"), p.sure(c)}))
	more := rows("acts",
		row{lang.T("page.explains"), joinedSome(titlesOf(c.Hides))},
		row{lang.T("page.customer"), quoted(c.Say)},
		row{lang.T("page.network"), quoted(c.Send)},
		row{lang.T("page.article"), sources(c.Sources)})
	name, how := "how", p.how(c.Evidence)
	switch {
	case i == 0 && more != nil:
		n.AppendChild(more)
		more = nil
	case more != nil:
		name = "say_and_how"
	}
	if how != nil || more != nil {
		n.AppendChild(foldAway("how", false, lang.T("page."+name, "n", lang.N("page.findings", len(c.Evidence))), more, how))
	}
	return n
}

// row is a name and what stands beside it: a string or a node.
type row struct {
	name string
	text any
}

// rows leaves out what has no text; nil where none has.
func rows(kind string, list ...row) *html.Node {
	n := el("dl", class(kind))
	for _, r := range list {
		if text := el("dd", r.text); text.FirstChild != nil {
			n.AppendChild(el("div", el("dt", r.name), text))
		}
	}
	if n.FirstChild == nil {
		return nil
	}
	return n
}

func joinedSome(texts []string) string { return strings.Join(first(texts, pageList), ", ") }

func todo(fixes []string) *html.Node {
	switch len(fixes) {
	case 0:
		return nil
	case 1:
		return el("strong", fixes[0])
	}
	n := el("ul")
	for _, f := range items(fixes) {
		n.AppendChild(f)
	}
	return n
}

func quoted(s string) *html.Node {
	if s == "" {
		return nil
	}
	return el("q", s)
}

// sure is the word for it, and what stands behind it: how many findings of which checks.
func (p *sheet) sure(c Cause) *html.Node {
	marks := map[string]int{"certain": 3, "likely": 2, "possible": 1}[c.Confidence]
	dots := el("span", class("dots"), attr{"aria-hidden", "true"})
	for i := range 3 {
		dots.AppendChild(el("span", class(map[bool]string{true: "on", false: "off"}[i < marks])))
	}
	var from []string
	for _, check := range p.Checks {
		n := 0
		for _, f := range check.Findings {
			if slices.Contains(c.Evidence, f.ID) {
				n++
			}
		}
		if n > 0 {
			from = append(from, lang.T("page.found_by", "n", lang.N("page.findings", n), "check", lowered(check.Title)))
		}
	}
	text := SureWord(c.Confidence)
	if len(from) > 0 {
		text = lang.T("page.sure_of", "sure", text, "from", joinedSome(from))
	}
	return el("span", dots, text, " ", el("code", class("id"), c.ID))
}

func sources(list []Source) *html.Node {
	n := el("ul", class("plain"))
	for _, s := range list[:min(len(list), pageList)] {
		n.AppendChild(el("li", s.Title, whereabouts(s.URL)))
	}
	if n.FirstChild == nil {
		return nil
	}
	return n
}

// whereabouts is where something stands in the world. It is text and no link: nothing on the page leads out of it.
func whereabouts(url string) []*html.Node {
	if url == "" {
		return nil
	}
	return []*html.Node{textNode(" "), el("span", class("url"), url)}
}

// how are these findings in one line each. What is the same for many addresses is said once.
func (p *sheet) how(ids []string) *html.Node {
	wanted := map[string]bool{}
	for _, id := range ids {
		wanted[id] = true
	}
	type line struct {
		item *html.Node
		same []*html.Node
	}
	var lines []*line
	said := map[checks.Code]*line{}
	for _, c := range p.Checks {
		for _, f := range c.Findings {
			if !wanted[f.ID] {
				continue
			}
			if l := said[f.Code]; l != nil && f.Detail.Target != "" {
				l.same = append(l.same, el("li", p.ref(f.ID), dim(strings.TrimSuffix(f.Detail.Target, ":443")+" "+routeOf(f))))
				continue
			}
			l := &line{item: el("li", marked(f.Status), p.ref(f.ID), " ", f.Summary, dim(viewOf(f)))}
			if f.Detail.Target != "" {
				said[f.Code] = l
			}
			lines = append(lines, l)
		}
	}
	var out []*html.Node
	for _, l := range lines {
		if len(l.same) > 0 {
			l.item.AppendChild(el("span", class("dim"), lang.T("page.same")))
			l.item.AppendChild(list("same", l.same, pageEvidence))
		}
		out = append(out, l.item)
	}
	return list("plain", out, pageEvidence)
}

// lowered is a title inside an English sentence; other languages keep their capitals.
func lowered(title string) string {
	if lang.Code() != lang.English {
		return title
	}
	return strings.ToLower(title)
}

func dim(s string) *html.Node {
	if s == "" {
		return nil
	}
	return el("span", class("dim"), " "+s)
}

// ref leads to a finding's evidence, where the page has it.
func (p *sheet) ref(id string) *html.Node {
	if p.shown[id] {
		return el("a", class("id"), attr{"href", "#" + id}, id)
	}
	return el("span", class("id"), id)
}

// unknown is what nobody can tell, and what no cause explains.
func (p *sheet) unknown() []*html.Node {
	var missing []*html.Node
	if p.Verdict.Status == Inconclusive && len(p.Verdict.Missing) > 1 {
		missing = items(p.Verdict.Missing[1:]) // the headline says the first
	}
	if fix := p.Verdict.toLearn(recorded(p.Checks)); fix != "" {
		missing = append(missing, el("li", lang.T("page.to_do", "what", fix)))
	}
	return []*html.Node{section("unknown", lang.T("page.unknown"), list("plain", missing, pageList)),
		section("odd", lang.T("page.unexplained"), p.how(p.Verdict.Unexplained))}
}

// times keeps apart what is so now and what the logs tell of before.
func (p *sheet) times() *html.Node {
	t := p.Verdict.Times
	if t.Differs == "" && (len(t.Then) == 0 || p.Verdict.Status == Healthy) { // old failures are no news where all is well
		return nil
	}
	var words *html.Node
	if s := differWord(t.Differs); s != "" {
		words = el("p", class("differs"), s)
	}
	if t.Now == "" { // nothing was probed, and what the logs say stands below
		return section("times", lang.T("page.now_and_before"), words)
	}
	then := el("div", class("then"), el("h3", lang.T("page.before")))
	var past []*html.Node
	for _, e := range t.Then {
		what := el("li", e.What)
		for _, id := range e.Evidence[:min(len(e.Evidence), 3)] {
			what.AppendChild(textNode(" "))
			what.AppendChild(p.ref(id))
		}
		past = append(past, what)
	}
	if len(past) == 0 {
		then.AppendChild(el("p", lang.T("page.no_failure")))
	} else {
		then.AppendChild(list("plain past", past, 8))
	}
	return section("times", lang.T("page.now_and_before"), words, el("div", class("pair"), el("div", class("now"), el("h3", lang.T("page.now")), el("p", t.Now)), then))
}

// losses are what a lost connection means, feature by feature, and who says so.
func (p *sheet) losses() *html.Node {
	if len(p.Verdict.Impact) == 0 {
		return nil
	}
	n, one := el("dl", class("losses")), oneSource(p.Verdict.Impact)
	for i, e := range p.Verdict.Impact {
		if i == pageList {
			n.AppendChild(el("div", el("dt", "…"), el("dd", andMore(len(p.Verdict.Impact)-i))))
			break
		}
		name := el("dt", e.Feature)
		if len(p.Profiles) > 1 {
			name.AppendChild(el("span", class("source"), p.productOf(e.Profile)))
		}
		said := el("dd", e.Effect)
		if !one {
			said.AppendChild(vendorPage(e.Source))
		}
		n.AppendChild(el("div", name, said))
	}
	var source *html.Node
	if one {
		source = vendorPage(p.Verdict.Impact[0].Source)
	}
	return section("impact", until(p.Verdict.Impact), n, source)
}

// oneSource: one page of the vendor says it all.
func oneSource(impact []Effect) bool {
	return !slices.ContainsFunc(impact, func(e Effect) bool { return e.Source != impact[0].Source })
}

// vendorPage is the vendor's page that says so.
func vendorPage(s Source) *html.Node {
	n := el("span", class("source"), s.Title, whereabouts(s.URL))
	if n.FirstChild != nil {
		n.InsertBefore(textNode(lang.T("page.article_is")), n.FirstChild)
	}
	return n
}

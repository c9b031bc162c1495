package wizard

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
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
	n := el("article", class("cause "+state))
	if i > 0 {
		n.AppendChild(el("h2", icon(state), heard(verdictWords[c.Severity]+": "), "Also: "+c.Headline))
	}
	n.AppendChild(el("p", class("seen"), c.Explanation))
	n.AppendChild(rows("acts",
		row{"Who can mend it", whoFor(c)},
		row{"What to do", todo(c.Fix)},
		row{"How sure", p.sure(c)}))
	more := rows("acts",
		row{"Also explains", joinedSome(titlesOf(c.Hides))},
		row{"To the customer", quoted(c.Say)},
		row{"To the network team", quoted(c.Send)},
		row{"By the vendor", sources(c.Sources)})
	name, how := "How we know", p.how(c.Evidence)
	switch {
	case i == 0 && more != nil:
		n.AppendChild(more)
		more = nil
	case more != nil:
		name = "What to say, and how we know"
	}
	if how != nil || more != nil {
		n.AppendChild(foldAway("how", false, name+": "+countOf(len(c.Evidence), "finding"), more, how))
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
			from = append(from, countOf(n, "finding")+" of "+strings.ToLower(check.Title))
		}
	}
	text := c.Confidence
	if len(from) > 0 {
		text += ": " + joinedSome(from)
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

// how are the findings behind a cause, in one line each.
func (p *sheet) how(ids []string) *html.Node {
	var out []*html.Node
	for _, c := range p.Checks {
		for _, f := range c.Findings {
			if slices.Contains(ids, f.ID) {
				out = append(out, el("li", marked(f.Status), p.ref(f.ID), " ", f.Summary, dim(viewOf(f))))
			}
		}
	}
	return list("plain", out, pageEvidence)
}

func countOf(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
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
	var missing, odd []*html.Node
	if p.Verdict.Status == Inconclusive && len(p.Verdict.Missing) > 1 {
		missing = items(p.Verdict.Missing[1:]) // the headline says the first
	}
	for _, c := range p.Checks {
		for _, f := range c.Findings {
			if slices.Contains(p.Verdict.Unexplained, f.ID) {
				odd = append(odd, el("li", marked(f.Status), p.ref(f.ID), " ", f.Summary, dim(viewOf(f))))
			}
		}
	}
	return []*html.Node{section("unknown", "Not known", list("plain", missing, pageList)),
		section("odd", "Broken, and explained by no cause above", list("plain", odd, pageList))}
}

// times keeps apart what is so now and what the logs tell of before.
func (p *sheet) times() *html.Node {
	t := p.Verdict.Times
	if t.Differs == "" && (len(t.Then) == 0 || p.Verdict.Status == Healthy) { // old failures are no news where all is well
		return nil
	}
	now, then := el("div", class("now"), el("h3", "Now, by probes"), el("p", t.Now)), el("div", class("then"), el("h3", "Before, by the logs"))
	title := "Now and before"
	if t.Now == "" { // nothing was probed
		now, title = nil, "What the logs tell of"
	}
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
		then.AppendChild(el("p", "The logs tell of no failure."))
	} else {
		then.AppendChild(list("plain past", past, 8))
	}
	var words *html.Node
	if s := differWords[t.Differs]; s != "" {
		words = el("p", class("differs"), strings.ToUpper(s[:1])+s[1:]+".")
	}
	return section("times", title, words, el("div", class("pair"), now, then))
}

// losses are what a lost connection means, feature by feature, and who says so.
func (p *sheet) losses() *html.Node {
	if len(p.Verdict.Impact) == 0 {
		return nil
	}
	n := el("dl", class("losses"))
	for i, e := range p.Verdict.Impact {
		if i == pageList {
			n.AppendChild(el("div", el("dt", "…"), el("dd", andMore(len(p.Verdict.Impact)-i))))
			break
		}
		said := el("dd", e.Effect)
		if e.Source.Title != "" {
			said.AppendChild(el("span", class("source"), e.Source.Title, whereabouts(e.Source.URL)))
		}
		name := el("dt", e.Feature)
		if len(p.Profiles) > 1 {
			name.AppendChild(el("span", class("source"), p.productOf(e.Profile)))
		}
		n.AppendChild(el("div", name, said))
	}
	return section("impact", until(p.Verdict.Impact), n)
}

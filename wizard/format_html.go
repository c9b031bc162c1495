package wizard

import (
	"bufio"
	"io"
	"slices"

	"golang.org/x/net/html"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/tui"
)

// The most that the page shows of each thing, so that a browser opens every report; the JSON report has all of it.
const (
	pageCauses   = 20
	pageList     = 20 // of what is missing, tells of the past, is lost, was changed, and of causes explained away
	pageChecks   = 100
	pageWalks    = 120 // addresses
	pageWays     = 8   // of one address
	pageTables   = 20
	pageFindings = 400
	pageEvidence = 12      // pieces behind one finding
	pageRoom     = 1 << 20 // bytes of evidence, of all findings together
)

// html writes the report as one page for a browser. It asks for nothing else, runs nothing, and reads well in light, in
// dark, on a telephone and on paper.
func (r Report) html(w io.Writer) error {
	p := newSheet(r)
	doc := &html.Node{Type: html.DocumentNode}
	doc.AppendChild(&html.Node{Type: html.DoctypeNode, Data: "html"})
	doc.AppendChild(el("html", attr{"lang", lang.Code()}, p.head(), p.body()))
	b := bufio.NewWriter(w)
	if err := html.Render(b, doc); err != nil {
		return err
	}
	b.WriteByte('\n')
	return b.Flush()
}

// sheet is a report on its way to a page.
type sheet struct {
	Report
	shown map[string]bool // ids of the findings whose evidence stands on the page
	room  int             // bytes of evidence that still have a place
}

func newSheet(r Report) *sheet {
	p := &sheet{Report: r, room: pageRoom}
	p.shown = p.choose()
	return p
}

func (p *sheet) head() *html.Node {
	meta := func(key, name, content string) *html.Node {
		return el("meta", attr{key, name}, attr{"content", content})
	}
	style := el("style")
	style.AppendChild(&html.Node{Type: html.TextNode, Data: assets.PageStyle}) // as it is: the policy holds its hash
	return el("head",
		el("meta", attr{"charset", "utf-8"}),
		meta("http-equiv", "Content-Security-Policy", assets.PagePolicy()),
		meta("name", "viewport", "width=device-width, initial-scale=1"),
		meta("name", "color-scheme", "light dark"),
		meta("name", "referrer", "no-referrer"),
		meta("name", "generator", "linecheck "+p.Tool.Version),
		el("title", cut(p.Verdict.Headline, 120)+" · linecheck"),
		style)
}

func (p *sheet) body() *html.Node {
	about := el("p", class("about"))
	for i, s := range p.about() {
		if i > 0 {
			about.AppendChild(textNode(" · "))
		}
		about.AppendChild(el("span", s))
	}
	return el("body", icons(),
		el("header", class("top"),
			el("p", class("brand"), "linecheck"),
			about),
		el("main", p.practice(), p.sentence(), p.causes(), p.unknown(), p.repairs(), p.times(), p.middle(),
			p.logged(), p.compared(), p.changed(), p.evidence()),
		p.foot())
}

// middle is what was looked at. Where all is well the list of it comes first, and says enough.
func (p *sheet) middle() []*html.Node {
	if p.Verdict.Status == Healthy {
		return []*html.Node{p.checked(), p.paths()}
	}
	return []*html.Node{p.paths(), p.losses(), p.checked()}
}

// about says of which products, which computer and when.
func (p *sheet) about() []string {
	var out []string
	for _, i := range p.Profiles {
		if len(out) < pageList {
			out = append(out, i.Product)
		}
	}
	if when, named := p.namedLogs(); named {
		return append(out, lang.T("page.named_logs", "when", when))
	}
	if p.Run.Host != "" {
		out = append(out, p.Run.Host)
	}
	return append(out, clock(p.Run.Started))
}

func (p *sheet) practice() *html.Node {
	if p.Run.Practice == "" {
		return nil
	}
	return el("p", class("practice"), lang.T("page.practice", "scene", p.Run.Practice))
}

// verdictWord is the status of a verdict as a person reads it.
func verdictWord(status string) string {
	if !slices.Contains([]string{Healthy, Warning, Fault}, status) {
		status = Inconclusive
	}
	return lang.T("page.status." + status)
}

// sentence is the verdict in one sentence, by shape, word and colour.
func (p *sheet) sentence() *html.Node {
	state := verdictState(p.Verdict.Status)
	return el("section", class("sentence "+state),
		el("p", class("word"), icon(state), verdictWord(p.Verdict.Status)),
		el("h1", p.Verdict.Headline))
}

// section is a part of the page below its heading; nil where it has no content.
func section(kind, title string, parts ...any) *html.Node {
	body := el("section", append([]any{class(kind)}, parts...)...)
	if body.FirstChild == nil {
		return nil
	}
	body.InsertBefore(el("h2", title), body.FirstChild)
	return body
}

// list is each item once, the first few of them.
func list(kind string, items []*html.Node, most int) *html.Node {
	if len(items) == 0 {
		return nil
	}
	n := el("ul", class(kind))
	for _, i := range items[:min(len(items), most)] {
		n.AppendChild(i)
	}
	if over := len(items) - most; over > 0 {
		n.AppendChild(el("li", class("more"), andMore(over)))
	}
	return n
}

func andMore(n int) string { return lang.T("page.more", "n", lang.Count(n)) }

func items(texts []string) []*html.Node {
	var out []*html.Node
	for _, t := range texts[:min(len(texts), pageList)] {
		out = append(out, el("li", t))
	}
	if over := len(texts) - pageList; over > 0 {
		out = append(out, el("li", class("more"), andMore(over)))
	}
	return out
}

// marked is a state's icon and, for whoever does not see that, its word.
func marked(s checks.Status) []*html.Node {
	return []*html.Node{icon(lookOf(s)), heard(tui.Word(s) + ": ")}
}

package wizard

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"

	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/tui"
)

// reach is one address of a product, and every way to it that was tried.
type reach struct {
	target string
	own    []FindingReport // the product's own ways: one, or one for each family
	others []FindingReport // ways not taken
}

func (a reach) all() []FindingReport { return slices.Concat(a.own, a.others) }

// status is the gravest of the product's own ways.
func (a reach) status() checks.Status {
	s := checks.Note
	for _, f := range a.own {
		if s == checks.Note || gravity(f) < gravity(FindingReport{Status: s}) {
			s = f.Status
		}
	}
	return s
}

// paths draws every address with the hops to it as a ribbon, the broken ones first.
func (p *sheet) paths() *html.Node {
	var parts []any
	for _, c := range p.Checks[:min(len(p.Checks), pageChecks)] {
		if c.ID == "allowlist" { // what others walk, it walks too
			if n := p.ways(c); n != nil {
				parts = append(parts, n)
			}
		}
	}
	if p.Verdict.Status == Healthy {
		return tucked("paths", lang.T("page.ways"), parts)
	}
	return section("paths", lang.T("page.ways"), parts...)
}

func (p *sheet) ways(c CheckReport) *html.Node {
	reached, beside := reaches(c.Findings)
	if len(reached) == 0 {
		return nil
	}
	n := el("div", class("ways"))
	if len(p.Profiles) > 1 {
		n.AppendChild(el("h3", p.productOf(c.Profile)))
	}
	if way := p.goesOut(c.Profile); way != "" {
		n.AppendChild(el("p", class("dim"), lang.T("page.goes_out", "way", way)))
	}
	slices.SortStableFunc(reached, func(a, b reach) int {
		return cmp.Compare(gravity(FindingReport{Status: a.status()}), gravity(FindingReport{Status: b.status()}))
	})
	bad, well := el("ul", class("plain")), el("ul", class("plain"))
	wells := 0
	for i, a := range reached[:min(len(reached), pageWalks)] {
		if s := a.status(); s == checks.Pass || s == checks.Note && p.Verdict.Status == Healthy {
			well.AppendChild(el("li", p.reach(a, false)))
			wells++
		} else {
			bad.AppendChild(el("li", p.reach(a, i == 0 && p.Verdict.Status != Healthy)))
		}
	}
	if over := len(reached) - pageWalks; over > 0 {
		bad.AppendChild(el("li", class("more"), andMore(over)))
	}
	if bad.FirstChild != nil {
		n.AppendChild(bad)
	}
	switch {
	case wells > 3 && p.Verdict.Status != Healthy:
		n.AppendChild(foldAway("well", false, append(marked(checks.Pass), textNode(lang.N("page.answering", wells))), well))
	case wells > 0:
		n.AppendChild(well)
	}
	if len(beside) > 0 {
		n.AppendChild(foldAway("beside", false, lang.T("page.not_walked", "n", lang.Count(len(beside))), list("plain", beside, pageList)))
	}
	return n
}

// reaches gathers the walks of each address, in the order of the report, and says what of the rest was no walk.
func reaches(found []FindingReport) (out []reach, beside []*html.Node) {
	at := map[string]int{}
	for _, f := range found {
		if f.Detail.Target == "" || len(f.Detail.Stages) == 0 {
			beside = append(beside, el("li", marked(f.Status), f.Summary))
			continue
		}
		i, known := at[f.Detail.Target]
		if !known {
			i = len(out)
			at[f.Detail.Target] = i
			out = append(out, reach{target: f.Detail.Target})
		}
		if f.Detail.Product {
			out[i].own = append(out[i].own, f)
		} else {
			out[i].others = append(out[i].others, f)
		}
	}
	return out, beside
}

// goesOut says how the product goes out, "" where nobody found it out.
func (p *sheet) goesOut(profile string) string {
	for _, c := range p.Checks {
		for _, f := range c.Findings {
			if w := wayOut(f.Code, f.Status, f.Detail.Args); w != "" && c.Profile == profile {
				return w
			}
		}
	}
	return ""
}

// reach is one address: its name, the product's own ways as ribbons, and below them, folded, the hops in words and the ways
// not taken, dimmed.
func (p *sheet) reach(a reach, open bool) *html.Node {
	s := a.status()
	shown, kind := a.own, ""
	if slices.ContainsFunc(a.all(), func(f FindingReport) bool { return f.Detail.Required }) {
		kind = lang.T("page.required")
	}
	if len(shown) == 0 {
		shown, kind = a.others[:1], lang.T("page.not_own")
	}
	name := el("span", class("name"), marked(s), el("span", hostName(a.target), dim(kind)))
	ways := el("span", class("own"))
	same := lookalike(shown)
	for _, group := range same[:min(len(same), pageWays)] {
		ways.AppendChild(p.ribbon(group, len(same) > 1))
	}
	walks := el("div", class("walks"))
	for _, f := range a.own[:min(len(a.own), pageWays)] {
		walks.AppendChild(p.hops(f))
	}
	var not *html.Node
	if len(a.own) > 0 && len(a.others) > 0 {
		not = el("div", class("others"), el("p", class("dim"), lang.T("page.not_taken")))
		for _, group := range lookalike(a.others[:min(len(a.others), pageWays)]) {
			not.AppendChild(p.ribbon(group, true))
		}
	}
	return foldAway("reach "+lookOf(s), open, []*html.Node{name, ways}, walks, not)
}

// hostName may break behind its dots only.
func hostName(target string) *html.Node {
	n := el("span", class("host"))
	for part := range strings.SplitAfterSeq(cut(strings.TrimSuffix(target, ":443"), 300), ".") {
		n.AppendChild(textNode(part))
		n.AppendChild(el("wbr"))
	}
	return n
}

// lookalike puts together walks of two families that look the same in every hop.
func lookalike(walks []FindingReport) (out [][]FindingReport) {
	look := func(f FindingReport) string {
		key := string(f.Code) + f.Status.String() + f.Detail.Route
		for _, s := range f.Detail.Stages {
			kind, _ := hopState(f, s)
			key += " " + string(s.Name) + kind
		}
		return key
	}
	for _, f := range walks {
		i := slices.IndexFunc(out, func(g []FindingReport) bool { return look(g[0]) == look(f) })
		if i < 0 {
			out = append(out, []FindingReport{f})
			continue
		}
		out[i] = append(out[i], f)
	}
	return out
}

// routeOf is the way of these walks in words.
func routeOf(walks ...FindingReport) string {
	way, via := "direct", strings.TrimPrefix(proxyOf(walks[0]), "http://")
	if via != "" {
		way = "proxy"
	}
	var families []string
	for _, f := range walks {
		if name := (checks.Path{Family: f.Detail.Family}).FamilyName(); name != "" && !slices.Contains(families, name) {
			families = append(families, name)
		}
	}
	if len(families) == 0 {
		return lang.T("page.route."+way, "proxy", via)
	}
	return lang.T("page.route."+way+"_family", "proxy", via, "families", lang.List(families))
}

// hopName is a hop of a walk as its ribbon names it; through a proxy the first two are those of the proxy.
func hopName(s checks.StageName, proxied bool) string {
	if proxied && (s == checks.Resolve || s == checks.Connect) {
		if s == checks.Resolve {
			return lang.T("page.hops.proxy_name")
		}
		return lang.T("page.hops.proxy")
	}
	if stageWord(s) == "" {
		return string(s)
	}
	return lang.T("page.hops." + string(s))
}

// ribbon draws walks that look the same, from here to the answer. The first broken hop is told by its shape, its word and its colour; what
// lies behind it was not tested, and looks so.
func (p *sheet) ribbon(walks []FindingReport, labelled bool) *html.Node {
	f := walks[0]
	proxied := proxyOf(f) != ""
	way := el("span", class("way"), hop("here", lang.T("page.hops.you"), ""))
	columns := []checks.StageName{checks.Resolve, checks.Connect, checks.Tunnel, checks.TLS, checks.HTTP, checks.Content}
	if !proxied {
		columns = slices.Delete(columns, 2, 3)
	}
	at := 0
	for _, s := range f.Detail.Stages[:min(len(f.Detail.Stages), len(columns))] {
		kind, word := hopState(f, s)
		for ; at < len(columns) && columns[at] != s.Name && slices.Contains(columns[at:], s.Name); at++ {
			way.AppendChild(el("span", class("hop "+kind))) // only the line, so that the same hops stand below each other
		}
		at++
		way.AppendChild(hop(kind, hopName(s.Name, proxied), word))
	}
	for ; at < len(columns); at++ {
		way.AppendChild(el("span", class("gone")))
	}
	words := el("span", class("answer"))
	if f.Status == checks.Pass || f.Status == checks.Note && failedStage(f) == "" {
		words.AppendChild(textNode(lang.T("page.answers")))
	} else {
		words.AppendChild(textNode(titleOf("allowlist", f)))
	}
	slowest := slices.MaxFunc(walks, func(a, b FindingReport) int { return cmp.Compare(a.Detail.TookMS, b.Detail.TookMS) })
	if t := tui.Took(time.Duration(slowest.Detail.TookMS) * time.Millisecond); t != "" {
		words.AppendChild(el("span", class("took"), t))
	}
	n := el("span", class("ribbon "+lookOf(f.Status)))
	if labelled {
		n.AppendChild(el("span", class("route"), routeOf(walks...)))
	}
	n.AppendChild(way)
	n.AppendChild(words)
	return n
}

// hopState is the look of a hop, and the word for it where it is not well.
func hopState(f FindingReport, s StageReport) (kind, word string) {
	switch {
	case s.Status == checks.Fail || s.Code != checks.NoFailure && s.Code != checks.TooSlow && s.Status != checks.Warn:
		return "fail", lang.T("page.broken")
	case s.Code == checks.TooSlow:
		return "warn", lang.T("page.slow")
	case s.Status == checks.Warn:
		return "warn", lang.T("page.doubtful")
	case s.Status == checks.Unknown && failedStage(f) != "":
		return "untested", lang.T("page.untested")
	case s.Status == checks.Skip:
		return "skipped", lang.T("page.skipped")
	}
	return lookOf(s.Status), tui.Word(s.Status)
}

func hop(kind, name, word string) *html.Node {
	n := el("span", class("hop "+kind), icon(kind), el("span", class("label"), name))
	switch kind {
	case "here":
	case "fail", "warn", "unknown":
		n.AppendChild(el("span", class("state"), " "+word))
	default:
		n.AppendChild(heard(" " + word))
	}
	return n
}

// hops are the hops of one of the product's own ways in words.
func (p *sheet) hops(f FindingReport) *html.Node {
	proxied := proxyOf(f) != ""
	body := el("tbody")
	for _, s := range f.Detail.Stages[:min(len(f.Detail.Stages), 8)] {
		kind, word := hopState(f, s)
		seen := lang.Phrase(cmp.Or(s.Error, s.Note))
		if kind == "untested" {
			seen = ""
		}
		body.AppendChild(el("tr", class(kind), el("th", attr{"scope", "row"}, hopName(s.Name, proxied)), el("td", word),
			el("td", class("number"), tui.Took(time.Duration(s.DurationMS)*time.Millisecond)), el("td", seen)))
	}
	head := el("thead", el("tr", el("th", attr{"scope", "col"}, lang.T("page.hop")), el("th", attr{"scope", "col"}, lang.T("page.state")),
		el("th", class("number"), attr{"scope", "col"}, lang.T("page.time")), el("th", attr{"scope", "col"}, lang.T("page.seen"))))
	return el("div", class("hops"), el("p", p.ref(f.ID), " ", f.Summary, dim("["+routeOf(f)+"]")), wideBox(el("table", head, body)))
}

// wideBox keeps what is wide from widening the page.
func wideBox(n *html.Node) *html.Node { return el("div", class("wide"), n) }

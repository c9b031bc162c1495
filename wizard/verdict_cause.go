package wizard

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks"
)

// compose writes a cause out of its rule and the findings behind it.
func compose(s standing, p Product, mine []Seen) Cause {
	rule, hits := s.rule, s.hits()
	first := hits[0].Finding
	args := maps.Clone(p.Args)
	if args == nil {
		args = map[string]string{}
	}
	args["wildcards"] = strings.Join(p.Wildcards, ", ")
	for _, h := range slices.Backward(hits) {
		for k, v := range h.Args {
			if v != "" {
				args[k] = bare(k, v)
			}
		}
	}
	if ports := portsOf(hits); len(ports) > 1 {
		args["port"] = lang.List(ports)
	}
	subjects := subjectsOf(rule, hits)
	if len(p.Wildcards) == 0 {
		args["wildcards"] = strings.Join(subjects, ", ")
	}
	args["n"], args["subjects"] = strconv.Itoa(len(subjects)), strings.Join(subjects, ", ")
	if len(subjects) > 1 {
		args["more"] = lang.T("verdict.more", "n", lang.Count(len(subjects)-1))
	}
	route, proxy := otherRoute(hits, mine)
	args["otherroute"], args["otherproxy"] = bare("proxy", route), bare("proxy", proxy)
	first.Args = args
	c := Cause{ID: rule.ID, Profile: p.Name, Severity: s.severity, Who: rule.Who, Hides: []string{},
		Title: checks.Fill(rule.Title, first), Headline: checks.Fill(rule.Headline, first),
		aside:       s.severity == Warning && !slices.ContainsFunc(hits, func(h Seen) bool { return h.Path == nil || h.Path.Required }),
		Explanation: checks.Fill(rule.Explanation, first), Say: checks.Fill(rule.Say, first), Send: checks.Fill(rule.Send, first)}
	for _, a := range p.Articles {
		if a.Supports(rule.ID) {
			c.Sources = append(c.Sources, Source{a.URL, assets.Spoken(a.Title)})
		}
	}
	for _, f := range rule.Fix {
		if !strings.Contains(f, "{otherroute}") || route != "" {
			c.Fix = append(c.Fix, checks.Fill(f, first))
		}
	}
	support := slices.Clone(hits)
	for _, m := range rule.Also {
		for _, f := range mine {
			if fits(m, f) {
				support = append(support, f)
			}
		}
	}
	for _, m := range rule.More {
		if said, ok := saidMore(m, first, support); ok {
			c.Explanation += " " + said
		}
	}
	told := map[string]bool{}
	for _, f := range support {
		if !told[f.ID] {
			told[f.ID] = true
			c.Evidence = append(c.Evidence, f.ID)
		}
	}
	c.Confidence = confidence(s, support)
	return c
}

// saidMore fills a sentence with what the first finding that has its value says.
func saidMore(m assets.More, first checks.Finding, support []Seen) (string, bool) {
	for _, f := range support {
		if f.Args[m.Arg] != "" {
			args := maps.Clone(first.Args)
			maps.Copy(args, f.Args)
			first.Args = args
			return checks.Fill(m.Text, first), true
		}
	}
	return "", false
}

// bare leaves out of a proxy what every proxy has, so that its host and port are seen at once.
func bare(arg, value string) string {
	if slices.Contains([]string{"proxy", "product", "system"}, arg) {
		return strings.TrimPrefix(value, "http://")
	}
	return value
}

// portsOf are the ports of these walks, each once: who opens one of two is asked again tomorrow.
func portsOf(hits []Seen) []string {
	var out []string
	for _, h := range hits {
		if port := h.Args["port"]; h.Path != nil && port != "" && !slices.Contains(out, port) {
			out = append(out, port)
		}
	}
	return out
}

func subjectsOf(rule assets.Rule, hits []Seen) []string {
	var out []string
	told := map[string]bool{}
	for _, h := range hits {
		if !told[h.Subject] && fits(rule.When[0], h) {
			told[h.Subject] = true
			out = append(out, h.Subject)
		}
	}
	return out
}

// otherRoute names a way by which the addresses of a cause were reached where the product's own did not lead there.
func otherRoute(hits, mine []Seen) (route, proxy string) {
	theirs := goals(hits, anywhere)
	for _, f := range mine {
		open := f.Path != nil && !f.Path.Product && (f.Code == "path.open" || f.Code == "path.answered")
		if !open || !theirs[goalOf(f)] {
			continue
		}
		if f.Path.Route != "direct" {
			return f.Path.Route, f.Path.Route
		}
		route = lang.T("verdict.directly")
	}
	return route, ""
}

// losses is what a lost connection means for each feature. may: it is concluded from logs alone.
func (p Product) losses(may bool) []Effect {
	var out []Effect
	for _, i := range p.Impact {
		e := Effect{Profile: p.Name, Feature: assets.Spoken(i.Feature), Effect: assets.Spoken(i.Effect), May: may}
		if j := slices.IndexFunc(p.Articles, func(a assets.Article) bool { return a.Key == i.Article }); j >= 0 && i.Article != "" {
			e.Source = Source{p.Articles[j].URL, assets.Spoken(p.Articles[j].Title)}
		}
		out = append(out, e)
	}
	return out
}

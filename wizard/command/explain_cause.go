package command

import (
	"io"
	"slices"
	"strings"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/checks/lab"
	"linecheck/wizard"
)

// explainCause prints the page of a cause: what it means, who mends it how, what has to be seen for it, and where to
// practise it.
func explainCause(w io.Writer, rules assets.Rules, c assets.Rule) {
	p := page{w, 16}
	p.head("cause:"+c.ID, c.Title)
	p.say(lang.T("explain.label.means"), example(c.Explanation))
	for _, m := range c.More {
		p.say(lang.T("explain.label.if_known"), example(m.Text))
	}
	p.say(lang.T("explain.label.who"), wizard.Mender(c.ID, c.Who))
	p.list(lang.T("explain.label.todo"), c.Fix)
	p.say(lang.T("explain.label.customer"), quoted(c.Say))
	p.say(lang.T("explain.label.network"), quoted(c.Send))
	for i, m := range c.When {
		p.say([]string{lang.T("explain.label.seen"), lang.T("explain.label.and")}[min(i, 1)], titles(m))
	}
	for i, m := range c.Unless {
		p.say([]string{lang.T("explain.label.unless"), lang.T("explain.label.or")}[min(i, 1)], titles(m))
	}
	for i, m := range c.Also {
		p.say([]string{lang.T("explain.label.also"), lang.T("explain.label.or")}[min(i, 1)], titles(m))
	}
	p.say(lang.T("explain.label.explains"), strings.Join(causeTitles(rules, slices.Concat(c.Hides, c.Covers)), "; "))
	p.say(lang.T("explain.label.sure"), sureness(c))
	if said := inLogs(rules.Logs, c.ID); said != "" {
		p.say(lang.T("explain.label.logs"), said)
	}
	p.say(lang.T("explain.label.practise"), practised(c.ID))
}

// list is say for several texts, the label before the first.
func (p page) list(label string, texts []string) {
	for _, t := range texts {
		p.say(label, example(t))
		label = ""
	}
}

func quoted(s string) string {
	if s == "" {
		return ""
	}
	return `"` + example(s) + `"`
}

// titles says what findings a condition of a rule is about, in the words that a report uses.
func titles(m assets.Match) string {
	var out []string
	var add func(assets.Match)
	add = func(m assets.Match) {
		for _, code := range m.Code {
			if t := codeTitle(code); t != "" && !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
		for _, a := range m.Any {
			add(a)
		}
	}
	add(m)
	if len(out) > shownTitles {
		out = append(out[:shownTitles:shownTitles], lang.T("explain.another"))
	}
	return strings.Join(out, "; ")
}

// shownTitles is how many there is room for before a page becomes a list.
const shownTitles = 4

// areaWord says what a whole area of codes is, such as "proxy.*"; "" where it is none.
func areaWord(code string) string {
	area, all := strings.CutSuffix(code, ".*")
	if !all || !slices.Contains([]string{"proxy", "dns", "tcp", "tls", "http"}, area) {
		return ""
	}
	return lang.T("explain.area." + area)
}

// codeTitle is what the checks call a finding; "" where none of them knows it.
func codeTitle(code string) string {
	if area := areaWord(code); area != "" {
		return area
	}
	if f := findingsOf(code); len(f) > 0 {
		return example(f[0].text.Title) + " (" + code + ")"
	}
	return ""
}

// worded is what one check says of a code.
type worded struct {
	check checks.Spec
	text  checks.Text
}

func findingsOf(code string) (out []worded) {
	for _, c := range checks.All() {
		s := c.Spec()
		if t, ok := checks.Texts(s.ID)[checks.Code(code)]; ok {
			out = append(out, worded{s, t})
		}
	}
	return out
}

func causeTitles(rules assets.Rules, ids []string) (out []string) {
	for _, id := range ids {
		t := areaWord(id)
		if rule, ok := rules.Cause(id); ok {
			t = rule.Title + " (" + id + ")"
		}
		if t != "" && !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

func sureness(c assets.Rule) string {
	switch {
	case c.Confidence != "":
		return lang.T("explain.at_most", "sure", wizard.SureWord(c.Confidence))
	case c.Own:
		return lang.T("explain.own")
	}
	return lang.T("explain.two")
}

// practised names a scene of the practice network that leads to the cause, the plainest one first.
func practised(id string) string {
	scenes, err := lab.Scenes()
	if err != nil {
		return ""
	}
	best := ""
	for _, s := range scenes {
		switch first := len(s.Expect.Causes) > 0 && s.Expect.Causes[0] == id; {
		case s.Name == id:
			return "linecheck lab --run " + id
		case first && (best == "" || len(s.Name) < len(best)):
			best = s.Name
		}
	}
	if best == "" {
		return ""
	}
	return "linecheck lab --run " + best
}

// leadsTo names the causes that a code of a finding is a condition of.
func leadsTo(rules assets.Rules, code string) string {
	var out []string
	for _, c := range rules.Causes {
		if len(c.When) > 0 && asks(c.When[0], code) {
			out = append(out, "cause:"+c.ID)
		}
	}
	if len(out) > shownTitles {
		out = append(out[:shownTitles:shownTitles], lang.T("explain.others"))
	}
	return strings.Join(out, ", ")
}

// asks reports whether a condition names the code itself, alone or among others; a whole area is no answer to "what then".
func asks(m assets.Match, code string) bool {
	return slices.Contains(m.Code, code) || slices.ContainsFunc(m.Any, func(a assets.Match) bool { return asks(a, code) })
}

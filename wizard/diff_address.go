package wizard

import (
	"slices"
	"strings"
	"time"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/tui"
)

// outcome is what came of all walks to one address on the product's own way.
type outcome struct {
	name string // as a person reads it
	code checks.Code
	took time.Duration
	ids  []string
}

// outcomes are those of one profile, in the order of the report.
func (r Report) outcomes(profile string) []outcome {
	var out []outcome
	for _, f := range r.found(profile, "allowlist") {
		if f.Detail.Target == "" || !f.Detail.Product || f.Code == "path.not_tried" || f.Status == checks.Skip {
			continue
		}
		name := strings.TrimSuffix(f.Detail.Target, ":443")
		i := slices.IndexFunc(out, func(o outcome) bool { return o.name == name })
		if i < 0 {
			out = append(out, outcome{name: name})
			i = len(out) - 1
		}
		o := &out[i]
		o.ids = append(o.ids, f.ID)
		// One family or one path of an address that answers is enough; what is slow is worth more than what fails.
		if o.code == "" || rankOf(f.Code) < rankOf(o.code) {
			o.code, o.took = f.Code, time.Duration(f.Detail.TookMS)*time.Millisecond
		}
	}
	return out
}

func rankOf(c checks.Code) int {
	switch c {
	case "path.open":
		return 0
	case "path.answered":
		return 1
	case checks.Code(checks.TooSlow):
		return 2
	}
	return 3
}

// asAnswer: how much an answer proves is nothing that a person would call a change.
func asAnswer(c checks.Code) checks.Code {
	if opens(c) {
		return "path.open"
	}
	return c
}

func opens(c checks.Code) bool { return rankOf(c) < 2 }

// addresses tells what became of each address, and of those with the same fate in one sentence.
func (p *pair) addresses(profile string) {
	before, after := p.old.outcomes(profile), p.new.outcomes(profile)
	type fate struct {
		then, now []outcome
	}
	var order []string
	fates := map[string]*fate{}
	for _, n := range after {
		i := slices.IndexFunc(before, func(o outcome) bool { return o.name == n.name })
		if i < 0 {
			i = slices.IndexFunc(before, func(o outcome) bool { return alike(o.name, n.name) })
		}
		if i < 0 {
			continue
		}
		o := before[i]
		before = slices.Delete(before, i, i+1)
		if o.code == n.code || opens(o.code) && opens(n.code) {
			continue
		}
		key := string(asAnswer(o.code)) + " " + string(asAnswer(n.code))
		if fates[key] == nil {
			fates[key] = &fate{}
			order = append(order, key)
		}
		fates[key].then, fates[key].now = append(fates[key].then, o), append(fates[key].now, n)
	}
	for _, key := range order {
		p.changes = append(p.changes, p.fate(profile, fates[key].then, fates[key].now))
	}
	p.untested(profile)
}

// fate is one sentence on addresses that did the same before and do the same now.
func (p *pair) fate(profile string, then, now []outcome) Difference {
	d := Difference{Kind: "address", Profile: profile}
	for i := range now {
		d.Subjects = append(d.Subjects, now[i].name)
		d.Old, d.New = append(d.Old, then[i].ids...), append(d.New, now[i].ids...)
	}
	a, b, slow := then[0].code, now[0].code, checks.Code(checks.TooSlow)
	many := len(now) > 1
	was, is := thenWords(a, many), nowWords(b, many)
	switch {
	case opens(b):
		d.Trend = Better
	case opens(a):
		d.Trend = Worse
	case b == slow:
		d.Trend = Better
	case a == slow:
		d.Trend = Worse
	default:
		d.Trend = Other
	}
	if !many && a == slow && then[0].took > 0 {
		was = lang.T("diff.took", "what", was, "took", tui.Took(then[0].took))
	}
	if a == slow && opens(b) {
		is = lang.T("diff.in_time", "what", is)
	}
	if !many && (b == slow || a == slow && opens(b)) && now[0].took > 0 {
		is = lang.T("diff.took", "what", is, "took", tui.Took(now[0].took))
	}
	text := d.Subjects[0]
	if many {
		text = lang.T("diff.addresses", "n", lang.Count(len(now)))
	}
	if opens(b) {
		text = lang.T("diff.fate_open", "who", text, "before", was, "now", is)
	} else {
		text = lang.T("diff.fate", "who", text, "before", was, "now", is)
	}
	if many {
		text = lang.T("diff.fate_list", "what", text, "names", strings.Join(first(d.Subjects, 8), ", "))
	}
	d.Text = lang.T("diff.fate_end", "of", p.of(profile), "what", text)
	return d
}

// thenWords and nowWords are what one address or several did and do, by the code of the walk.
func thenWords(code checks.Code, many bool) string {
	texts, _ := assets.LoadChange()
	t, ok := texts[string(code)]
	switch {
	case !ok:
		return lang.T("diff.ended", "code", code)
	case many:
		return t.ThenMany
	}
	return t.Then
}

func nowWords(code checks.Code, many bool) string {
	texts, _ := assets.LoadChange()
	t, ok := texts[string(code)]
	switch {
	case ok && many:
		return t.NowMany
	case ok:
		return t.Now
	case many:
		return lang.T("diff.end", "code", code)
	}
	return lang.T("diff.ends", "code", code)
}

// untested names the addresses that one of the two runs tried alone.
func (p *pair) untested(profile string) {
	before, after := p.old.outcomes(profile), p.new.outcomes(profile)
	if len(before) == 0 || len(after) == 0 {
		return // the check as a whole is named
	}
	only := func(which string, mine, others []outcome) {
		var names []string
		for _, m := range mine {
			if !slices.ContainsFunc(others, func(o outcome) bool { return alike(o.name, m.name) }) {
				names = append(names, m.name)
			}
		}
		if len(names) > 0 {
			p.say(lang.T("diff.tried_"+which, "of", p.of(profile), "names", strings.Join(first(names, 8), ", ")))
		}
	}
	only("older", before, after)
	only("newer", after, before)
}

package wizard

import (
	"slices"
	"strings"

	"linecheck/assets"
	"linecheck/assets/lang"
	"linecheck/checks"
)

// How much of what was seen a ticket repeats; the report holds the rest.
const (
	ticketItems = 60
	ticketWalks = 120
	ticketLines = 80
	linesEach   = 6
	ticketProof = 12
)

// vendorWalks are the ways that were tried: whose identity, which way, what came of it.
func (r Report) vendorWalks() []Item {
	var out []Item
	n, over := 0, 0
	for _, c := range r.Checks {
		if c.ID != "allowlist" {
			continue
		}
		var views []string
		by := map[string][]FindingReport{}
		for _, f := range c.Findings {
			if f.Detail.Target == "" {
				continue
			}
			if n++; n > ticketWalks {
				over++
				continue
			}
			if by[f.View] == nil {
				views = append(views, f.View)
			}
			by[f.View] = append(by[f.View], f)
		}
		for _, v := range views {
			i := Item{Text: lang.T("ticket.vendor.as", "who", viewer(v))}
			if by[v][0].Detail.Product {
				i.Text = lang.T("ticket.vendor.own_way", "who", viewer(v))
			}
			if len(r.Profiles) > 1 {
				i.Text += " (" + c.Profile + ")"
			}
			for _, f := range by[v] {
				i.Sub = append(i.Sub, walkOf(f))
			}
			out = append(out, i)
		}
	}
	if over > 0 {
		out = append(out, Item{Text: lang.T("ticket.vendor.more", "n", lang.Count(over))})
	}
	return out
}

// walkOf is one walk in a line.
func walkOf(f FindingReport) string {
	d := f.Detail
	where := d.Target
	if d.Address != "" {
		where += " (" + d.Address + ")"
	}
	what := string(f.Code)
	switch step := stageWord(failedStage(f)); {
	case f.Status == checks.Pass:
		what = lang.T("ticket.vendor.reached", "code", what)
	case step != "":
		if said := lang.Phrase(failedText(f)); said != "" {
			what = lang.T("ticket.vendor.failed_said", "code", what, "step", step, "what", said)
		} else {
			what = lang.T("ticket.vendor.failed", "code", what, "step", step)
		}
	}
	if took := tookOf(f); took != "" {
		return lang.T("ticket.vendor.walk_took", "id", f.ID, "where", where, "what", firstLine(what), "took", took, "at", clock(f.At))
	}
	return lang.T("ticket.vendor.walk", "id", f.ID, "where", where, "what", firstLine(what), "at", clock(f.At))
}

// vendorLogs are what the product's logs say, with the lines, and the meaning of the numbers in them.
func (r Report) vendorLogs() (lines, codes []Item) {
	left, over := ticketLines, 0
	var refs []string
	for _, c := range r.Checks {
		if c.ID != logsCheck {
			continue
		}
		for _, f := range c.Findings {
			told := f.Status == checks.Fail || f.Status == checks.Warn || f.Status == checks.Unknown || f.Code == "logs.connected"
			if !told {
				continue
			}
			i := Item{Text: f.ID + " " + f.Summary}
			raw := f.Detail.Evidence
			for _, e := range raw[:min(len(raw), linesEach, left)] {
				i.Raw = append(i.Raw, sourceOf(e)+": "+firstLine(e.Text))
			}
			left -= len(i.Raw)
			over += len(raw) - len(i.Raw)
			lines = append(lines, i)
			for _, ref := range strings.Split(f.Detail.Args["ref"], ", ") {
				if ref != "" && !slices.Contains(refs, ref) {
					refs = append(refs, ref)
				}
			}
		}
	}
	if over > 0 {
		lines = append(lines, Item{Text: lang.T("ticket.vendor.more_lines", "n", lang.Count(over))})
	}
	for _, ref := range refs {
		for _, code := range assets.Explain(ref) {
			codes = append(codes, Item{Text: lang.T("ticket.vendor.code",
				"code", strings.Join(slices.DeleteFunc([]string{ref, code.Name, quotedText(code)}, func(s string) bool { return s == "" }), " "),
				"meaning", code.Meaning+markNote(code.Mark))})
		}
	}
	return lines, codes
}

func sourceOf(e checks.Evidence) string {
	if e.Line > 0 {
		return lang.T("ticket.vendor.line", "file", e.Source, "n", e.Line)
	}
	return e.Source
}

func quotedText(c assets.Code) string {
	if c.Text == "" {
		return ""
	}
	return `"` + c.Text + `"`
}

func markNote(m assets.Mark) string {
	if !m.Hint() {
		return ""
	}
	return " (" + markWord(m) + ")"
}

// inOrder is what was looked at and found to be right, in few words: it need not be looked for again. What the
// ticket names before is left out.
func (r Report) inOrder() []Item {
	var out []Item
	for _, c := range r.Checks {
		if _, named := r.namedLogs(); named {
			break
		}
		var seen []string
		more, walks := 0, 0
		for _, f := range c.Findings {
			switch {
			case f.Status != checks.Pass || slices.Contains([]checks.ID{"product", "clock", logsCheck}, c.ID) || f.Code == "proxy.route":
			case f.Detail.Target != "" && f.Detail.Product:
				walks++
			case f.Detail.Target != "":
			case len(seen) < ticketProof:
				seen = append(seen, f.ID+" "+f.Summary)
			default:
				more++
			}
		}
		if walks > 0 {
			seen = append(seen, lang.T("ticket.vendor.open_ways", "n", lang.Count(walks)))
		}
		if more > 0 {
			seen = append(seen, lang.T("ticket.vendor.and_more", "n", lang.Count(more)))
		}
		if len(seen) > 0 {
			out = append(out, Item{Text: r.titled(c.Title, c.Profile), Sub: seen})
		}
	}
	return out
}

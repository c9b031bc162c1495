package wizard

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"linecheck/assets/lang"
	"linecheck/checks"
)

// vendorTicket is what the support of a product's maker asks for first: which product and version, when, what was tried
// and seen by whose identity, what its logs say, and what is ruled out.
func (r Report) vendorTicket() Ticket {
	t := Ticket{For: ForVendor, Practice: r.Run.Practice, Made: r.madeForVendor()}
	t.Lead = r.vendorLead()
	put := func(title string, items []Item) {
		if over := len(items) - ticketItems; over > 0 {
			items = append(items[:ticketItems:ticketItems], Item{Text: lang.T("ticket.vendor.more", "n", lang.Count(over))})
		}
		if len(items) > 0 {
			t.Parts = append(t.Parts, Part{title, items})
		}
	}
	put(lang.T("ticket.vendor.product"), r.vendorProducts())
	put(lang.T("ticket.vendor.place"), r.vendorPlace())
	put(lang.T("ticket.vendor.cause"), r.vendorCauses())
	put(lang.T("ticket.vendor.times"), r.vendorTimes())
	put(lang.T("ticket.vendor.tried"), r.vendorWalks())
	logs, codes := r.vendorLogs()
	put(lang.T("ticket.vendor.logs"), logs)
	put(lang.T("ticket.vendor.codes"), codes)
	put(lang.T("ticket.vendor.well"), r.inOrder())
	put(lang.T("ticket.vendor.unknown"), r.vendorUnknown())
	put(lang.T("ticket.vendor.changed"), r.vendorChanges())
	for _, p := range r.Profiles {
		t.Help = append(t.Help, helpSaid(p.Help)...)
	}
	return t
}

func (r Report) vendorLead() []string {
	var names []string
	for _, p := range r.Profiles {
		names = append(names, p.Product)
	}
	out := []string{lang.T("ticket.vendor.lead", "products", lang.List(names), "headline", r.Verdict.Headline)}
	if logs, named := r.namedLogs(); named {
		out = append(out, lang.T("ticket.vendor.logs_alone", "logs", logs))
	}
	theirs := slices.IndexFunc(r.Verdict.Causes, func(c Cause) bool { return c.Who == "vendor" })
	switch {
	case theirs >= 0:
		out = append(out, lang.T("ticket.vendor.theirs", "evidence", strings.Join(r.Verdict.Causes[theirs].Evidence, ", ")))
	case r.Verdict.Status == Healthy:
		out = append(out, lang.T("ticket.vendor.no_fault"))
	case len(r.Verdict.Causes) > 0:
		out = append(out, lang.T("ticket.vendor.others", "who", whoFor(r.Verdict.Causes[0])))
	default:
		out = append(out, lang.T("ticket.vendor.no_cause"))
	}
	return out
}

func (r Report) vendorProducts() []Item {
	var out []Item
	for _, p := range r.Profiles {
		version, sub := lang.T("ticket.vendor.no_version"), []string{}
		var states []string // what a service does and as whom; a product has a dozen that do the same
		services := map[string][]string{}
		for _, f := range r.found(p.Name, "product") {
			switch {
			case f.Code == "product.found":
				version = strings.TrimSpace(f.Detail.Args["name"] + " " + f.Detail.Args["version"])
			case f.Code == "product.not_found":
				version = lang.T("ticket.vendor.not_found")
			case strings.HasPrefix(string(f.Code), "service."):
				state := accountOf(f, lang.Phrase(cmp.Or(f.Detail.Args["state"], strings.TrimPrefix(string(f.Code), "service."))))
				if services[state] == nil {
					states = append(states, state)
				}
				services[state] = append(services[state], f.Subject)
			}
		}
		for _, state := range states {
			sub = append(sub, lang.T("ticket.vendor.services", "state", state, "names", strings.Join(services[state], ", ")))
		}
		for _, f := range r.found(p.Name, "proxy") {
			if f.Code == "proxy.route" {
				sub = append(sub, f.Summary)
			}
		}
		sub = append(sub, lang.T("ticket.vendor.profile", "name", p.Name, "revision", p.Revision, "source", origin(p.Source)))
		for _, k := range slices.Sorted(maps.Keys(p.Vars)) {
			if p.Vars[k] != "" {
				sub = append(sub, lang.T("ticket.vendor.var", "name", k, "value", p.Vars[k], "from", p.VarsFrom[k]))
			}
		}
		out = append(out, Item{Text: lang.T("ticket.vendor.version", "product", p.Product, "version", version), Sub: sub})
	}
	return out
}

// accountOf adds to a service's state as whom it runs.
func accountOf(f FindingReport, state string) string {
	if a := f.Detail.Args["account"]; a != "" {
		return lang.T("ticket.vendor.account", "state", state, "account", a)
	}
	return state
}

// found are the findings of one check for one profile.
func (r Report) found(profile string, id checks.ID) []FindingReport {
	for _, c := range r.Checks {
		if c.Profile == profile && c.ID == id {
			return c.Findings
		}
	}
	return nil
}

func (r Report) vendorPlace() []Item {
	seen := "seen_from"
	if r.Run.Elevated {
		seen = "seen_elevated"
	}
	if _, named := r.namedLogs(); named {
		return []Item{{Text: lang.T("ticket.vendor.logs_read", "at", clock(r.Run.Started))}}
	}
	system := r.Tool.OS + " " + r.Tool.Arch
	if r.Run.Practice != "" {
		system = lang.T("ticket.vendor.practice")
	}
	out := []Item{
		{Text: lang.T("ticket.vendor."+seen, "host", r.Run.Host, "system", system, "user", cmp.Or(r.Run.User, lang.T("ticket.vendor.nameless")))},
		{Text: lang.T("ticket.vendor.looked", "from", clock(r.Run.Started), "to", clock(r.Run.Finished))},
	}
	for _, c := range r.Checks {
		for _, f := range c.Findings {
			if c.ID == "clock" && f.Status != checks.Unknown && f.Status != checks.Skip {
				return append(out, Item{Text: f.Summary})
			}
		}
	}
	return append(out, Item{Text: lang.T("ticket.vendor.no_clock")})
}

func (r Report) vendorCauses() []Item {
	var out []Item
	for _, c := range r.Verdict.Causes {
		i := Item{Text: lang.T("ticket.vendor.cause_is", "title", c.Title, "id", c.ID, "sure", SureWord(c.Confidence), "headline", c.Headline), Sub: []string{c.Explanation,
			lang.T("ticket.vendor.mended_by", "who", whoFor(c), "fix", strings.Join(c.Fix, " ")), lang.T("ticket.vendor.evidence", "list", strings.Join(first(c.Evidence, 20), ", "))}}
		if len(c.Hides) > 0 {
			i.Sub = append(i.Sub, lang.T("ticket.vendor.explains", "causes", strings.Join(titlesOf(c.Hides), ", ")))
		}
		for _, s := range c.Sources {
			i.Sub = append(i.Sub, lang.T("ticket.vendor.your_page", "page", strings.TrimSpace(s.Title+" "+s.URL)))
		}
		out = append(out, i)
	}
	for _, id := range firstOf(r.Verdict.Unexplained, ticketItems) {
		if f, ok := r.finding(id); ok {
			out = append(out, Item{Text: lang.T("ticket.vendor.odd", "what", f.Summary), Sub: []string{seenBy(f)}})
		}
	}
	return out
}

func (r Report) finding(id string) (FindingReport, bool) {
	for _, c := range r.Checks {
		for _, f := range c.Findings {
			if f.ID == id {
				return f, true
			}
		}
	}
	return FindingReport{}, false
}

// viewer is whose identity saw something, for a reader who is not the person at the computer.
func viewer(view string) string {
	if rest, ok := strings.CutPrefix(view, "you"); ok && (rest == "" || rest[0] == ',') {
		return strings.TrimSuffix(lang.T("ticket.vendor.you")+", "+lang.Phrase(strings.TrimPrefix(rest, ", ")), ", ")
	}
	return cmp.Or(lang.Phrase(view), lang.T("ticket.vendor.somebody"))
}

// seenBy says who saw a finding when.
func seenBy(f FindingReport) string {
	return lang.T("ticket.vendor.seen_by", "id", f.ID, "who", viewer(f.View), "at", cmp.Or(clock(f.At), lang.T("ticket.vendor.no_time")))
}

func (r Report) vendorTimes() []Item {
	var out []Item
	if r.Verdict.Times.Now != "" {
		out = append(out, Item{Text: lang.T("ticket.vendor.now", "what", r.Verdict.Times.Now)})
	}
	for _, p := range firstOf(r.Verdict.Times.Then, 20) {
		out = append(out, Item{Text: lang.T("ticket.vendor.before", "at", cmp.Or(clock(p.At), lang.T("ticket.vendor.unknown_time")), "what", p.What)})
	}
	if s := differWord(r.Verdict.Times.Differs); s != "" {
		out = append(out, Item{Text: lang.T("ticket.vendor.so", "what", s)})
	}
	return out
}

// firstOf are the first of a list; [first] says beside them how many more there are.
func firstOf[T any](list []T, n int) []T { return list[:min(n, len(list))] }

// vendorUnknown is what could not be looked at, so that nobody takes silence for an answer.
func (r Report) vendorUnknown() []Item {
	var out []Item
	if r.Verdict.Status == Inconclusive { // else it is what the causes speak of
		for _, m := range r.Verdict.Missing {
			out = append(out, Item{Text: m})
		}
	}
	for _, c := range r.Checks {
		if (c.Status == checks.Unknown || c.Status == checks.Skip) && !needless(c) {
			out = append(out, Item{Text: lang.T("ticket.vendor.reason", "check", r.titled(c.Title, c.Profile), "why", lang.Phrase(firstLine(cmp.Or(c.Reason, resultWord(c.Status)))))})
		}
	}
	return out
}

// needless: there was nothing to look at for this product.
func needless(c CheckReport) bool {
	return c.Status == checks.Skip && slices.ContainsFunc(c.Findings, func(f FindingReport) bool { return strings.HasSuffix(string(f.Code), ".none") })
}

func (r Report) vendorChanges() []Item {
	var out []Item
	for _, c := range r.Changes {
		out = append(out, Item{Text: moment(c.When) + " " + SaidChange(c)})
	}
	for _, rep := range r.Repairs {
		out = append(out, Item{Text: lang.T("repair.head", "name", rep.Title, "result", saidResult(rep.Result)), Sub: []string{
			lang.T("repair.before", "headline", headlineOf(rep.Before.Verdict)), lang.T("repair.after", "headline", r.headline())}})
	}
	return out
}

// madeForVendor says by what this was written, and what stands for what in it.
func (r Report) madeForVendor() string {
	kinds := r.Redaction.kinds()
	what := lang.T("ticket.vendor.none_replaced")
	if len(kinds) > 0 {
		what = lang.T("ticket.vendor.replaced", "kinds", strings.Join(kinds, ", "), "kind", firstWord(kinds[0]))
	}
	return lang.T("ticket.vendor.made", "version", r.Tool.Version, "commit", cmp.Or(r.Tool.Commit, lang.T("ticket.vendor.no_commit")),
		"id", r.Run.ID, "at", clock(r.Run.Started), "level", r.Redaction.Level, "what", what)
}

func firstWord(s string) string {
	w, _, _ := strings.Cut(s, " ")
	return w
}

// tookOf writes how long a walk took.
func tookOf(f FindingReport) string {
	if f.Detail.TookMS == 0 {
		return ""
	}
	return (time.Duration(f.Detail.TookMS) * time.Millisecond).String()
}

// origin is where a profile came from: a file's name, or a word for the program itself.
func origin(source string) string {
	if source == "embedded" {
		return lang.T("ticket.vendor.embedded")
	}
	return source
}

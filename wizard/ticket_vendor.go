package wizard

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"linecheck/checks"
)

// vendorTicket is what the support of a product's maker asks for first: which product and version, when, what was tried
// and seen by whose identity, what its logs say, and what is ruled out.
func (r Report) vendorTicket() Ticket {
	t := Ticket{For: ForVendor, Practice: r.Run.Practice, Made: r.madeForVendor()}
	t.Lead = r.vendorLead()
	put := func(title string, items []Item) {
		if over := len(items) - ticketItems; over > 0 {
			items = append(items[:ticketItems:ticketItems], Item{Text: fmt.Sprintf("and %d more, in the report of this run", over)})
		}
		if len(items) > 0 {
			t.Parts = append(t.Parts, Part{title, items})
		}
	}
	put("Product", r.vendorProducts())
	put("Computer and time", r.vendorPlace())
	put("What we take for the cause", r.vendorCauses())
	put("Now and before", r.vendorTimes())
	put("What was tried", r.vendorWalks())
	logs, codes := r.vendorLogs()
	put("What the product's logs say", logs)
	put("The codes in those lines", codes)
	put("Looked at, and in order", r.inOrder())
	put("Not known", r.vendorUnknown())
	put("Changed on this computer", r.vendorChanges())
	for _, p := range r.Profiles {
		t.Help = append(t.Help, p.Help...)
	}
	return t
}

func (r Report) vendorLead() []string {
	var names []string
	for _, p := range r.Profiles {
		names = append(names, p.Product)
	}
	out := []string{strings.Join(names, " and ") + ": " + r.Verdict.Headline}
	if logs, named := r.namedLogs(); named {
		out = append(out, "This was read from logs alone, "+logs+"; nothing was tried on the computer itself.")
	}
	theirs := slices.IndexFunc(r.Verdict.Causes, func(c Cause) bool { return c.Who == "vendor" })
	switch {
	case theirs >= 0:
		out = append(out, "By what was seen this can be mended at the vendor's: please look at "+strings.Join(r.Verdict.Causes[theirs].Evidence, ", ")+" below.")
	case r.Verdict.Status == Healthy:
		out = append(out, "Nothing was found at fault between this computer and the cloud. If the product still complains, please tell what it looks at.")
	case len(r.Verdict.Causes) > 0:
		out = append(out, "By what was seen this can be mended by "+whoFor(r.Verdict.Causes[0])+". Please tell us where you see it differently.")
	default:
		out = append(out, "What the cause is we could not tell. What we know is below.")
	}
	return out
}

func (r Report) vendorProducts() []Item {
	var out []Item
	for _, p := range r.Profiles {
		version, sub := "version not known", []string{}
		var states []string // what a service does and as whom; a product has a dozen that do the same
		services := map[string][]string{}
		for _, f := range r.found(p.Name, "product") {
			switch {
			case f.Code == "product.found":
				version = strings.TrimSpace(f.Detail.Args["name"] + " " + f.Detail.Args["version"])
			case f.Code == "product.not_found":
				version = "not found on this computer"
			case strings.HasPrefix(string(f.Code), "service."):
				state := cmp.Or(f.Detail.Args["state"], strings.TrimPrefix(string(f.Code), "service.")) + accountOf(f)
				if services[state] == nil {
					states = append(states, state)
				}
				services[state] = append(services[state], f.Subject)
			}
		}
		for _, state := range states {
			sub = append(sub, "Services "+state+": "+strings.Join(services[state], ", "))
		}
		for _, f := range r.found(p.Name, "proxy") {
			if f.Code == "proxy.route" {
				sub = append(sub, f.Summary)
			}
		}
		sub = append(sub, fmt.Sprintf("Checked by the profile %s of %s (%s)", p.Name, p.Revision, p.Source))
		for _, k := range slices.Sorted(maps.Keys(p.Vars)) {
			if p.Vars[k] != "" {
				sub = append(sub, fmt.Sprintf("with %s = %s (%s)", k, p.Vars[k], p.VarsFrom[k]))
			}
		}
		out = append(out, Item{Text: p.Product + ": " + version, Sub: sub})
	}
	return out
}

func accountOf(f FindingReport) string {
	if a := f.Detail.Args["account"]; a != "" {
		return " as " + a
	}
	return ""
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
	rights := "without administrator's rights"
	if r.Run.Elevated {
		rights = "with administrator's rights"
	}
	if _, named := r.namedLogs(); named {
		return []Item{{Text: "The logs were read on " + clock(r.Run.Started) + ", not necessarily on the computer that wrote them."}}
	}
	system := r.Tool.OS + " " + r.Tool.Arch
	if r.Run.Practice != "" {
		system = "the practice network"
	}
	out := []Item{
		{Text: fmt.Sprintf("Seen from %s on %s, by %s, %s", r.Run.Host, system, cmp.Or(r.Run.User, "a user without a name"), rights)},
		{Text: "Looked at from " + clock(r.Run.Started) + " to " + clock(r.Run.Finished) + "; all times without a zone are of that zone"},
	}
	for _, c := range r.Checks {
		for _, f := range c.Findings {
			if c.ID == "clock" && f.Status != checks.Unknown && f.Status != checks.Skip {
				return append(out, Item{Text: f.Summary})
			}
		}
	}
	return append(out, Item{Text: "This computer's clock was not compared with another."})
}

func (r Report) vendorCauses() []Item {
	var out []Item
	for _, c := range r.Verdict.Causes {
		i := Item{Text: fmt.Sprintf("%s (%s, %s): %s", c.Title, c.ID, c.Confidence, c.Headline), Sub: []string{c.Explanation,
			"To be mended by " + whoFor(c) + ": " + strings.Join(c.Fix, " "), "Evidence: " + strings.Join(first(c.Evidence, 20), ", ")}}
		if len(c.Hides) > 0 {
			i.Sub = append(i.Sub, "It also explains: "+strings.Join(titlesOf(c.Hides), ", "))
		}
		for _, s := range c.Sources {
			i.Sub = append(i.Sub, "Your page on it: "+strings.TrimSpace(s.Title+" "+s.URL))
		}
		out = append(out, i)
	}
	for _, id := range firstOf(r.Verdict.Unexplained, ticketItems) {
		if f, ok := r.finding(id); ok {
			out = append(out, Item{Text: "Explained by nothing we know: " + f.Summary, Sub: []string{seenBy(f)}})
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
		return "the person who ran linecheck" + rest
	}
	return cmp.Or(view, "somebody who is not named")
}

// seenBy says who saw a finding when.
func seenBy(f FindingReport) string {
	return fmt.Sprintf("%s, seen by %s at %s", f.ID, viewer(f.View), cmp.Or(clock(f.At), "no time"))
}

func (r Report) vendorTimes() []Item {
	var out []Item
	if r.Verdict.Times.Now != "" {
		out = append(out, Item{Text: "Now: " + r.Verdict.Times.Now})
	}
	for _, p := range firstOf(r.Verdict.Times.Then, 20) {
		out = append(out, Item{Text: "Before, by the logs, last at " + cmp.Or(clock(p.At), "a time that is not known") + ": " + p.What})
	}
	if s := differWords[r.Verdict.Times.Differs]; s != "" {
		out = append(out, Item{Text: "So " + s + "."})
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
			out = append(out, Item{Text: r.titled(c.Title, c.Profile) + ": " + firstLine(cmp.Or(c.Reason, c.Status.String()))})
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
		out = append(out, Item{Text: moment(c.When) + " " + c.What + ": " + c.Result})
	}
	for _, rep := range r.Repairs {
		out = append(out, Item{Text: rep.Title + ": " + rep.Result, Sub: []string{"Before: " + headlineOf(rep.Before.Verdict), "After: " + r.headline()}})
	}
	return out
}

// madeForVendor says by what this was written, and what stands for what in it.
func (r Report) madeForVendor() string {
	kinds := r.Redaction.kinds()
	what := "nothing had to be replaced"
	if len(kinds) > 0 {
		what = "replaced were " + strings.Join(kinds, ", ") + ", and the same value has the same stand-in, such as <" + firstWord(kinds[0]) + "-1>, everywhere here"
	}
	return fmt.Sprintf("linecheck %s (%s), run %s of %s. Redaction %s: %s. Not affiliated with any vendor named here.",
		r.Tool.Version, cmp.Or(r.Tool.Commit, "commit not known"), r.Run.ID, clock(r.Run.Started), r.Redaction.Level, what)
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
	return ", after " + (time.Duration(f.Detail.TookMS) * time.Millisecond).String()
}

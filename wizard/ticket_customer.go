package wizard

import (
	"slices"
	"strings"

	"linecheck/assets/lang"
)

// customerTicket is what whoever sits at the computer may be told: what was found, what it means, who acts, what comes
// next. No name, no number and no word of the trade stands in it.
func (r Report) customerTicket() Ticket {
	t := Ticket{For: ForCustomer, Practice: r.Run.Practice,
		Made: lang.T("ticket.customer.made", "at", clock(r.Run.Started), "id", r.Run.ID)}
	t.Lead = []string{r.toldCustomer()}
	grave := firstOf(distinct(r.Verdict.Causes, func(c Cause) string { return c.Say }, r.Verdict.Status == Fault), 3)
	put := func(title string, texts ...string) {
		part := Part{Title: title}
		for _, s := range texts {
			if s != "" {
				part.Items = append(part.Items, Item{Text: s})
			}
		}
		if len(part.Items) > 0 {
			t.Parts = append(t.Parts, part)
		}
	}
	put(lang.T("ticket.customer.found"), grave...)
	put(lang.T("ticket.customer.means"), r.meansForCustomer()...)
	put(lang.T("ticket.customer.done"), r.doneForCustomer()...)
	put(lang.T("ticket.customer.acts"), distinct(r.Verdict.Causes, customerWho, r.Verdict.Status == Fault)...)
	put(lang.T("ticket.customer.next"), r.nextForCustomer())
	return t
}

// distinct are the different texts of causes, in their order; with grave only those of faults.
func distinct(causes []Cause, text func(Cause) string, grave bool) []string {
	var out []string
	for _, c := range causes {
		if s := text(c); s != "" && !slices.Contains(out, s) && (!grave || c.Severity == Fault) {
			out = append(out, s)
		}
	}
	return out
}

// makers of the products, whom those who use them know.
func (r Report) makers() (makers []string) {
	for _, p := range r.Profiles {
		if !slices.Contains(makers, p.Vendor) && p.Vendor != "" {
			makers = append(makers, p.Vendor)
		}
	}
	return makers
}

func (r Report) toldCustomer() string {
	makers := r.makers()
	n := max(1, len(makers))
	name, first := lang.T("ticket.customer.program.none"), lang.T("ticket.customer.program_first.none")
	if len(makers) > 0 {
		name = lang.N("ticket.customer.program", n, "makers", lang.List(makers))
		first = lang.N("ticket.customer.program_first", n, "makers", lang.List(makers))
	}
	said := func(key string) string { return lang.N("ticket.customer."+key, n, "program", name) }
	if _, named := r.namedLogs(); named {
		if !slices.Contains([]string{Healthy, Warning, Fault, Inconclusive}, r.Verdict.Status) {
			return ""
		}
		return said("logs." + r.Verdict.Status)
	}
	switch r.Verdict.Status {
	case Healthy:
		return said("healthy")
	case Warning:
		return lang.N("ticket.customer.warning", n, "program", first)
	case Fault:
		if len(r.Verdict.Impact) == 0 && !r.broken() {
			return said("order")
		}
		if len(r.Verdict.Causes) == 0 {
			return said("odd")
		}
		return said("fault")
	}
	return said("inconclusive")
}

// broken: what is wrong stands between the product and its cloud, or nobody knows where it stands.
func (r Report) broken() bool {
	return len(r.Verdict.Unexplained) > 0 || len(r.Verdict.Causes) == 0
}

func (r Report) meansForCustomer() []string {
	var features []string
	for _, e := range r.Verdict.Impact {
		if !slices.Contains(features, e.Feature) {
			features = append(features, e.Feature)
		}
	}
	switch {
	case len(features) > 0 && mayMean(r.Verdict.Impact):
		return []string{lang.T("ticket.customer.may_lose", "parts", strings.Join(features, ", "))}
	case len(features) > 0:
		return []string{lang.T("ticket.customer.loses", "parts", strings.Join(features, ", "))}
	case r.Verdict.Status == Healthy:
		return []string{lang.T("ticket.customer.rest")}
	}
	return nil
}

func (r Report) doneForCustomer() []string {
	var out []string
	for _, rep := range r.Repairs {
		outcome, _, _ := strings.Cut(rep.Result, ":")
		text := map[Outcome]string{
			Repaired:   lang.T("ticket.customer.emptied"),
			RolledBack: lang.T("ticket.customer.put_back"),
			Broken:     lang.T("ticket.customer.not_emptied"),
		}[Outcome(outcome)]
		if text != "" && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	if len(out) == 0 && len(r.Changes) == 0 {
		return []string{lang.T("ticket.customer.looked")}
	}
	return out
}

// customerWho says who acts, to somebody who knows no teams.
func customerWho(c Cause) string {
	switch known := whoWord(c.Who); {
	case c.Who == "user":
		return lang.T("ticket.customer.who.user")
	case whoFor(c) != known:
		return lang.T("ticket.customer.who.policy")
	case known == "":
		return ""
	}
	return lang.T("ticket.customer.who." + c.Who)
}

func (r Report) nextForCustomer() string {
	who := distinct(r.Verdict.Causes, func(c Cause) string { return c.Who }, r.Verdict.Status == Fault)
	switch {
	case r.Verdict.Status == Healthy:
		return lang.T("ticket.customer.then.healthy")
	case r.Verdict.Status == Inconclusive:
		return lang.T("ticket.customer.then.inconclusive")
	case len(who) == 1 && who[0] == "user":
		return lang.T("ticket.customer.then.user")
	case len(who) == 0:
		return lang.T("ticket.customer.then.nobody")
	}
	return lang.T("ticket.customer.then.others")
}

package wizard

import (
	"fmt"
	"slices"
	"strings"
)

// customerTicket is what whoever sits at the computer may be told: what was found, what it means, who acts, what comes
// next. No name, no number and no word of the trade stands in it.
func (r Report) customerTicket() Ticket {
	t := Ticket{For: ForCustomer, Practice: r.Run.Practice,
		Made: fmt.Sprintf("linecheck looked at this on %s (reference %s). It is no part of the security program, and it is not affiliated with the program's maker.",
			clock(r.Run.Started), r.Run.ID)}
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
	put("What we found", grave...)
	put("What it means for you", r.meansForCustomer()...)
	put("What was done", r.doneForCustomer()...)
	put("Who acts now", distinct(r.Verdict.Causes, customerWho, r.Verdict.Status == Fault)...)
	put("What happens next", r.nextForCustomer())
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

// program names the products as whoever uses them knows them: by their makers.
func (r Report) program() (name string, many bool) {
	var makers []string
	for _, p := range r.Profiles {
		if !slices.Contains(makers, p.Vendor) && p.Vendor != "" {
			makers = append(makers, p.Vendor)
		}
	}
	if len(makers) == 0 {
		return "the security program", false
	}
	if len(makers) > 1 {
		return "the security programs of " + listed(makers, "and"), true
	}
	return "the security program of " + makers[0], false
}

func (r Report) toldCustomer() string {
	name, many := r.program()
	its := "its maker"
	if many {
		its = "their makers"
	}
	upper := strings.ToUpper(name[:1]) + name[1:]
	if _, named := r.namedLogs(); named {
		return map[string]string{
			Healthy:      "By its own records, " + name + " stayed in contact with " + its + ".",
			Warning:      "By its own records, " + name + " was in contact with " + its + " in the end. There is one thing to look after.",
			Fault:        "By its own records, " + name + " could not stay in contact with " + its + ".",
			Inconclusive: "The records of " + name + " do not tell yet whether it is in contact with " + its + ".",
		}[r.Verdict.Status]
	}
	switch r.Verdict.Status {
	case Healthy:
		return "All is well: nothing keeps " + name + " from " + its + "."
	case Warning:
		return upper + " can reach " + its + ". There is something that should be put in order."
	case Fault:
		if len(r.Verdict.Impact) == 0 && !r.broken() {
			return "Something about " + name + " has to be put in order."
		}
		if len(r.Verdict.Causes) == 0 {
			return "Something keeps " + name + " from working fully with " + its + ". What it is we do not know yet; somebody with more knowledge looks at it."
		}
		return "Something keeps " + name + " from working fully with " + its + ". We know what it looks like, and who can mend it."
	}
	return "We cannot tell yet whether " + name + " can reach " + its + ", because not everything could be looked at."
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
		return []string{"Until it is mended, these parts of the program may do less than usual, or take longer: " + strings.Join(features, ", ") + "."}
	case len(features) > 0:
		return []string{"Until it is mended, these parts of the program do less than usual, or take longer: " + strings.Join(features, ", ") + "."}
	case r.Verdict.Status == Healthy:
		return []string{"You need not do anything."}
	}
	return nil
}

func (r Report) doneForCustomer() []string {
	var out []string
	for _, rep := range r.Repairs {
		outcome, _, _ := strings.Cut(rep.Result, ":")
		text := map[Outcome]string{
			Repaired:   "The program's memory of old answers was emptied, as agreed.",
			RolledBack: "We tried to empty the program's memory of old answers. That did not work, and it was put back as it was.",
			Broken:     "We tried to empty the program's memory of old answers. That was not completed; we look after it.",
		}[Outcome(outcome)]
		if text != "" && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	if len(out) == 0 && len(r.Changes) == 0 {
		return []string{"We looked only; nothing on the computer was changed."}
	}
	return out
}

// customerWho says who acts, to somebody who knows no teams.
func customerWho(c Cause) string {
	switch {
	case c.Who == "user":
		return "You can do this yourself; we help you with it."
	case whoFor(c) != whoWords[c.Who]:
		return "The administrator who looks after the security program's settings. You need not do anything."
	}
	return map[string]string{
		"admin":   "An administrator of the computer. You need not do anything.",
		"network": "The people who look after your network. You need not do anything.",
		"proxy":   "The people who look after your company's way to the internet. You need not do anything.",
		"vendor":  "The maker of the security program. You need not do anything.",
	}[c.Who]
}

func (r Report) nextForCustomer() string {
	who := distinct(r.Verdict.Causes, func(c Cause) string { return c.Who }, r.Verdict.Status == Fault)
	switch {
	case r.Verdict.Status == Healthy:
		return "Nothing more has to be done. Should the program complain again, tell us the time at which it did."
	case r.Verdict.Status == Inconclusive:
		return "We look again with what was missing, and then tell you."
	case len(who) == 1 && who[0] == "user":
		return "When you have done it, we look again together."
	case len(who) == 0:
		return "We pass on what we saw to somebody who can tell more, and then look again."
	}
	return "We pass on what has to be done, with everything that is needed for it. When it is done we look again, and tell you how it is."
}

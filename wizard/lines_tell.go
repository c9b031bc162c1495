package wizard

import (
	"cmp"
	"slices"
	"strings"

	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/tui"
)

// tell says what a step found, what is wrong first.
func (l *Lines) tell(i int) {
	st := l.s.Steps[i]
	for j, r := range st.Runs {
		if len(st.Runs) > 1 {
			l.say(l.s.Profiles[j].Title + ":")
		}
		if why := r.Reason(); why != "" && !slices.ContainsFunc(r.Result.Findings, func(f checks.Finding) bool { return f.Status == r.Status() }) {
			l.say("  " + tui.Word(r.Status()) + ": " + lang.Phrase(why))
		}
		list := brief(r.Result.Findings, st.Spec.Follows)
		of := map[string][]string{} // what is said of more than one thing is said once
		for _, f := range list {
			said := tui.Word(f.Status) + ": " + checks.TextOf(st.Spec.ID, f).Text
			of[said] = append(of[said], strings.TrimSuffix(lang.Phrase(f.Subject), ":443"))
		}
		for _, f := range list {
			said := tui.Word(f.Status) + ": " + checks.TextOf(st.Spec.ID, f).Text
			switch things, first := of[said]; {
			case !first:
				continue
			case len(things) > 1:
				l.say("  " + lang.T("lines.same", "said", said, "list", lang.List(slices.Compact(things))))
			default:
				l.say("  " + said)
			}
			delete(of, said)
			if f.Table != nil && (bad(f) || st.Spec.Follows) {
				l.table(f.Table, newestRows)
			}
		}
		if more := len(r.Result.Findings) - len(list); more > 0 {
			l.say("  " + lang.N("lines.more", more))
		}
	}
}

// table tells the rows of a table, the last ones where there are more than most.
func (l *Lines) table(t *checks.Table, most int) {
	rows := spokenTable(t)
	if over := len(rows) - most; over > 0 {
		l.say("    " + lang.N("lines.earlier", over))
		rows = rows[over:]
	}
	for _, row := range rows {
		l.say("    " + row)
	}
}

// newestRows is how much of a table is told unasked.
const newestRows = 12

func bad(f checks.Finding) bool {
	return f.Status == checks.Fail || f.Status == checks.Warn || f.Status == checks.Unknown
}

// brief puts what is wrong or not known first, and of the rest says a few things, one for each subject: what is well
// before what is only seen, and one of every kind before a second of any.
// tables: a table is told whatever it says, because in the logs that is the history.
func brief(found []checks.Finding, tables bool) []checks.Finding {
	const calm = 6
	var out, rest []checks.Finding
	for _, f := range found {
		same := func(o checks.Finding) bool {
			return o.Code == f.Code && o.Subject == f.Subject && o.Status == f.Status && f.Path != nil
		}
		switch {
		case (bad(f) || tables && f.Table != nil) && !slices.ContainsFunc(out, same):
			out = append(out, f)
		case !bad(f) && !(tables && f.Table != nil) && !slices.ContainsFunc(rest, same):
			rest = append(rest, f)
		}
	}
	nth, order := map[checks.Code]int{}, map[int]int{}
	at := make([]int, len(rest))
	for i, f := range rest {
		at[i], order[i] = i, nth[f.Code]*2
		if f.Status != checks.Pass {
			order[i]++
		}
		nth[f.Code]++
	}
	slices.SortStableFunc(at, func(a, b int) int { return cmp.Compare(order[a], order[b]) })
	for _, i := range at[:min(calm, len(at))] {
		out = append(out, rest[i])
	}
	return out
}

package wizard

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"linecheck/checks"
	"linecheck/tui"
)

var statusWords = map[checks.Status]string{checks.Pass: "works", checks.Warn: "warning", checks.Fail: "broken",
	checks.Unknown: "unknown", checks.Skip: "skipped", checks.Note: "note"}

// tell says what a step found; with evidence also what only says that all is well, and everything raw.
func (l *Lines) tell(i int, evidence bool) {
	st := l.s.Steps[i]
	for j, r := range st.Runs {
		if len(st.Runs) > 1 {
			l.say("%s:", l.s.Profiles[j].Title)
		}
		if why := r.Reason(); why != "" && !slices.ContainsFunc(r.Result.Findings, func(f checks.Finding) bool { return f.Status == r.Status() }) {
			l.say("  %s: %s", statusWords[r.Status()], why)
		}
		list := r.Result.Findings
		if !evidence {
			list = brief(list, st.Spec.Follows)
		}
		for _, f := range list {
			l.say("  %s: %s", statusWords[f.Status], checks.TextOf(st.Spec.ID, f).Text)
			if f.Table != nil && (evidence || bad(f) || st.Spec.Follows) {
				rows := spokenTable(f.Table)
				if over := len(rows) - newestRows; over > 0 && !evidence {
					l.say("    %d earlier ones; choose evidence to read them", over)
					rows = rows[over:]
				}
				for _, row := range rows {
					l.say("    %s", row)
				}
			}
			if evidence {
				l.say("    seen by %s", f.View)
				for _, e := range f.Evidence {
					l.raw("    %s %s", e.Source, e.Text)
				}
			}
		}
		if more := len(r.Result.Findings) - len(list); more > 0 {
			l.say("  and %d more; choose evidence to read them all.", more)
		}
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

// say tells sentences, broken between words at the terminal's width.
func (l *Lines) say(format string, a ...any) {
	fmt.Fprintln(l.out, wrapped(Printable(fmt.Sprintf(format, a...)), l.opts.Width))
}

// raw tells what must be read to the letter: commands, folders, evidence.
func (l *Lines) raw(format string, a ...any) {
	fmt.Fprintln(l.out, Printable(fmt.Sprintf(format, a...)))
}

// prompt asks; the answer is typed behind it. A line breaks only between the words, each of which ends in its blanks.
func (l *Lines) prompt(words ...string) {
	for i := range words {
		words[i] = Printable(words[i])
	}
	fmt.Fprint(l.out, strings.Join(fold(words, "", l.opts.Width), "\n")+" ")
}

// wrapped breaks text between words; what does not fit hangs below the first word of its line.
func wrapped(text string, w int) string {
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		body := strings.TrimLeft(line, " ")
		out = append(out, fold(strings.SplitAfter(body, " "), line[:len(line)-len(body)], w)...)
	}
	return strings.Join(out, "\n")
}

// fold fills lines of less than w cells (0: 80) with words, behind the same margin. A word that is longer than a line
// stays whole, so that a path can be copied.
func fold(words []string, margin string, w int) []string {
	if w <= 0 {
		w = 80
	}
	var out []string
	at := margin
	for _, word := range words {
		if at != margin && tui.Width(at+strings.TrimRight(word, " ")) >= w {
			out, at = append(out, strings.TrimRight(at, " ")), margin
		}
		at += word
	}
	return append(out, strings.TrimRight(at, " "))
}

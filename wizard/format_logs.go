package wizard

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/tui"
)

// logsWidth is how wide what a person reads of logs is written; a line of a log itself keeps its length.
const (
	logsWidth  = 80
	kindIndent = 14 // what stands before a meaning: the finding's id and how often
)

// WriteLogs writes what logs say together for people: each meaning with its count, times, state and remedy, the worst
// first; what else the look found; what that may mean; then the verdict, which is to be in sight when the end is.
func (r Report) WriteLogs(w io.Writer) error {
	b := &strings.Builder{}
	for _, c := range r.Checks {
		name := r.titled(lang.T("report.logs.title"), c.Profile)
		read, said, others := r.saidBy(c)
		if read == "" && len(said)+len(others) == 0 {
			continue
		}
		b.WriteString(name + "\n\n" + read + strings.Join(slices.Concat(said, others), ""))
		if len(said)+len(others) > 0 {
			b.WriteString("\n")
		}
	}
	b.WriteString(folded(r.losses(plain) + r.causesIn(plain)))
	fmt.Fprintf(b, "%s\n", strings.Join(tui.Wrap(lang.T("report.logs.foot", "version", r.Tool.Version, "started", r.Run.Started, "id", r.Run.ID), logsWidth), "\n"))
	_, err := io.WriteString(w, Printable(b.String()))
	return err
}

// LogsHead is the verdict's sentence as it is written above what [Report.WriteLogs] writes, where that is long.
func (r Report) LogsHead() string { return Printable(folded(r.headline())) + "\n\n" }

func (r Report) productOf(profile string) string { return r.profile(profile).Product }

// titled is a title, and of which product it is where there are several.
func (r Report) titled(title, profile string) string {
	if len(r.Profiles) > 1 {
		return title + ", " + r.productOf(profile)
	}
	return title
}

// saidBy is what one product's logs say: kinds of lines, and what the look found beside them.
func (r Report) saidBy(c CheckReport) (read string, said, others []string) {
	found := slices.Clone(c.Findings)
	slices.SortStableFunc(found, func(a, b FindingReport) int { return cmp.Compare(gravity(a), gravity(b)) })
	for _, f := range found {
		switch {
		case f.Detail.Args["count"] != "":
			said = append(said, kindOfLine(f))
		case f.Code == asOfCode && f.Detail.Args["lines"] != "":
			read = hanging("  "+f.Summary, 2) + "\n"
		case f.Code != asOfCode:
			others = append(others, r.beside(c, f))
		}
	}
	if len(said) > 0 && len(others) > 0 {
		others[0] = "\n" + others[0]
	}
	return read, said, others
}

// gravity orders what stands before what recovered, and that before what is well.
func gravity(f FindingReport) int {
	switch {
	case f.Status == checks.Fail:
		return 0
	case f.Status == checks.Warn:
		return 1
	case f.Status == checks.Unknown:
		return 2
	case f.Detail.Args["recovered"] != "":
		return 3
	case f.Status == checks.Note:
		return 4
	}
	return 5
}

func kindOfLine(f FindingReport) string {
	a := f.Detail.Args
	head := fmt.Sprintf("%-4s %5s x  %s", f.ID, a["count"], lang.Phrase(a["meaning"]))
	if a["ref"] != "" {
		head += " [" + a["ref"] + "]"
	}
	when := spanOf(a)
	if a["is"] != "" { // else the state is one that a line names
		when += "; " + lang.Phrase(a["state"])
	}
	out := hanging(head, kindIndent) + indented(when, kindIndent)
	if f.Status == checks.Warn || f.Status == checks.Fail {
		if t := checks.TextOf(logsCheck, f.finding()); t.Fix != "" {
			out += indented(lang.T("report.todo", "what", t.Fix), kindIndent)
		}
	}
	return out
}

// spanOf says when a kind of line was written, the first and the last of it.
func spanOf(args map[string]string) string {
	first, last := lang.Phrase(args["first"]), lang.Phrase(args["last"])
	if args["count"] != "1" && first != "" && first != last {
		return lang.T("report.logs.span", "first", first, "last", last)
	}
	return last
}

// beside is what is no line of a log: hours, how long queries took, what the manager shows, what was not read.
func (r Report) beside(c CheckReport, f FindingReport) string {
	text := f.Summary
	if f.Status == checks.Unknown || f.Status == checks.Warn || f.Status == checks.Fail {
		if t := checks.TextOf(c.ID, f.finding()); t.Fix != "" {
			text += " " + lang.T("report.todo", "what", t.Fix)
		}
	}
	out := hanging("  "+text, 2)
	if t := saidTable(f.Detail.Table); t != nil && len(t.Rows) > 0 {
		if over := len(t.Rows) - tableRows; over > 0 {
			t = &checks.Table{Head: t.Head, Rows: t.Rows[over:]}
			out += "  " + lang.T("report.logs.last_rows", "n", lang.Count(tableRows), "all", lang.Count(tableRows+over)) + "\n"
		}
		head, body := tui.Grid(t, logsWidth-4)
		out += strings.Join(tui.Indent(append(head, body...), 4), "\n") + "\n"
	}
	return out
}

// hanging breaks what stands behind the first n characters, which are ASCII, and keeps them free below.
func hanging(s string, n int) string {
	head, rest := s[:n], tui.Wrap(tui.Clean(s[n:]), logsWidth-n)
	return head + strings.TrimLeft(strings.Join(tui.Indent(rest, n), "\n"), " ") + "\n"
}

func indented(s string, n int) string {
	return strings.Join(tui.Indent(tui.Wrap(tui.Clean(s), logsWidth-n), n), "\n") + "\n"
}

// folded breaks every line of prose at the width, and keeps its first blanks for the lines that follow.
func folded(s string) string {
	var out []string
	for line := range strings.SplitSeq(s, "\n") {
		text := strings.TrimLeft(line, " ")
		n := len(line) - len(text)
		if text == "" {
			out = append(out, "")
			continue
		}
		out = append(out, tui.Indent(tui.Wrap(text, logsWidth-n), n)...)
	}
	return strings.Join(out, "\n")
}

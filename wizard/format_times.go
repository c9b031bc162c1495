package wizard

import (
	"fmt"
	"slices"
	"strings"

	"linecheck/assets/lang"
	"linecheck/checks"
)

// timesShown and unexplainedShown are how many of each a page for people tells; the JSON report has them all.
const (
	timesShown       = 3
	unexplainedShown = 5
)

// Told is now and then in a few lines for people, each a label and a sentence; none where the logs tell of nothing, or
// all is well.
func (v Verdict) Told() [][2]string {
	t := v.Times
	if t.Now == "" || len(t.Then) == 0 || v.Status == Healthy {
		return nil
	}
	out := [][2]string{{lang.T("report.now"), t.Now}}
	for i, p := range t.Then[:min(len(t.Then), timesShown)] {
		what := lang.Stop(p.What)
		if rest := len(t.Then) - timesShown; rest > 0 && i == timesShown-1 {
			what = lang.T("report.more_past", "what", what, "n", lang.Count(rest))
		}
		label := ""
		if i == 0 {
			label = lang.T("report.before")
		}
		out = append(out, [2]string{label, what})
	}
	if w := differWord(t.Differs); w != "" {
		out = append(out, [2]string{lang.T("report.so"), w})
	}
	return out
}

// times is now and then in prose; "" where there is nothing to tell.
func (r Report) times(st style) string {
	told := r.Verdict.Told()
	if len(told) == 0 {
		return ""
	}
	b := &strings.Builder{}
	fmt.Fprintf(b, "%s\n", st.head(lang.T("report.now_and_before")))
	for _, t := range told {
		if t[0] == "" {
			t[0] = lang.T("report.before")
		}
		fmt.Fprintf(b, "%s\n", st.item(lang.T("report.label", "label", t[0], "what", t[1])))
	}
	return b.String() + "\n"
}

// Unexplained are the findings at fault that no cause explains, in words.
func (r Report) Unexplained() []string {
	var out []string
	for _, c := range r.Checks {
		for _, f := range c.Findings {
			if slices.Contains(r.Verdict.Unexplained, f.ID) {
				out = append(out, f.ID+" "+f.Summary)
			}
		}
	}
	return out
}

// unexplained is the same in prose; "" where all is explained.
func (r Report) unexplained(st style) string {
	all := r.Unexplained()
	if len(all) == 0 {
		return ""
	}
	b := &strings.Builder{}
	for _, s := range all[:min(len(all), unexplainedShown)] {
		fmt.Fprintf(b, "%s\n", st.item(lang.T("report.unexplained", "what", s)))
	}
	if rest := len(all) - unexplainedShown; rest > 0 {
		fmt.Fprintf(b, "%s\n", st.item(lang.T("report.unexplained_more", "n", lang.Count(rest))))
	}
	return b.String() + "\n"
}

// unexplainedOf are the same findings of a session, each with its words.
func unexplainedOf(s Session, v Verdict) []string {
	var out []string
	for _, f := range s.Seen() {
		if slices.Contains(v.Unexplained, f.ID) {
			out = append(out, f.ID+" "+checks.TextOf(f.Check, f.Finding).Text)
		}
	}
	if rest := len(out) - unexplainedShown; rest > 0 {
		out = append(out[:unexplainedShown], lang.T("report.unexplained_rest", "n", lang.Count(rest)))
	}
	return out
}

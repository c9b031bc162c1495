package wizard

import (
	"fmt"
	"slices"
	"strings"

	"linecheck/checks"
)

// timesShown and unexplainedShown are how many of each a page for people tells; the JSON report has them all.
const (
	timesShown       = 3
	unexplainedShown = 5
)

// differWords say how what probes see now and what logs tell of before differ.
var differWords = map[string]string{
	DiffersCache: "the line is open, and the product may still answer from its cache",
	DiffersAlert: "it is connected, and the alert on the manager is an old one",
	DiffersComes: "the fault comes and goes",
}

// Told is now and then in a few lines for people, each a label and a sentence; none where the logs tell of nothing, or
// all is well.
func (v Verdict) Told() [][2]string {
	t := v.Times
	if t.Now == "" || len(t.Then) == 0 || v.Status == Healthy {
		return nil
	}
	out := [][2]string{{"Now", t.Now}}
	for i, p := range t.Then[:min(len(t.Then), timesShown)] {
		what := p.What + "."
		if rest := len(t.Then) - timesShown; rest > 0 && i == timesShown-1 {
			what += fmt.Sprintf(" (%d more in the report)", rest)
		}
		out = append(out, [2]string{map[bool]string{true: "Before"}[i == 0], what})
	}
	if w := differWords[t.Differs]; w != "" {
		out = append(out, [2]string{"So", strings.ToUpper(w[:1]) + w[1:] + "."})
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
	fmt.Fprintf(b, "%s\n", st.head("Now and before"))
	for _, t := range told {
		if t[0] == "" {
			t[0] = "Before"
		}
		fmt.Fprintf(b, "%s\n", st.item(t[0]+": "+t[1]))
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
		fmt.Fprintf(b, "%s\n", st.item("Not explained: "+s))
	}
	if rest := len(all) - unexplainedShown; rest > 0 {
		fmt.Fprintf(b, "%s\n", st.item(fmt.Sprintf("Not explained: %d more; the JSON report has them all", rest)))
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
		out = append(out[:unexplainedShown], fmt.Sprintf("%d more; the report has them all.", rest))
	}
	return out
}

package command

import (
	"fmt"
	"io"
	"strings"

	"linecheck/assets"
	"linecheck/checks"
)

// explain prints what is known of a code or a cause, and reports whether anything is.
func (a *app) explain(rules assets.Rules, q string) bool {
	w := a.io.out
	id, isCause := strings.CutPrefix(strings.ToLower(q), "cause:")
	if c, ok := rules.Cause(id); ok {
		fmt.Fprintf(w, "cause:%s  %s\n  %s\n", c.ID, c.Title, example(c.Explanation))
		for _, m := range c.More {
			fmt.Fprintf(w, "  where it is known: %s\n", example(m.Text))
		}
		for _, f := range c.Fix {
			fmt.Fprintf(w, "  to do: %s\n", example(f))
		}
		return true
	}
	if explainFinding(w, id) {
		return true
	}
	if isCause {
		fmt.Fprintf(w, "%s: no such cause. Known are:\n", q)
		for _, c := range rules.Causes {
			fmt.Fprintf(w, "  cause:%-28s %s\n", c.ID, c.Title)
		}
		return false
	}
	codes := assets.Explain(q)
	for _, c := range codes {
		fmt.Fprintln(w, strings.TrimSpace(c.Table+":"+c.Number+"  "+strings.TrimSpace(c.Name+"  "+c.Text)))
		for _, line := range [][2]string{{"means", c.Meaning}, {"where", c.Hop}, {"to do", c.Do}, {"known from", marks[c.Mark]}} {
			if line[1] != "" {
				fmt.Fprintf(w, "  %s: %s\n", line[0], line[1])
			}
		}
	}
	if len(codes) > 0 {
		return true
	}
	fmt.Fprintf(w, "%s: no table of linecheck knows this code.\n", q)
	for _, c := range assets.Nearest(q) {
		fmt.Fprintf(w, "  near it: %s:%s  %s\n", c.Table, c.Number, strings.TrimSpace(c.Name+"  "+c.Text))
	}
	return false
}

// explainFinding prints what the checks say of a code that stands at the end of a finding's line.
func explainFinding(w io.Writer, code string) bool {
	known := false
	for _, c := range checks.All() {
		s := c.Spec()
		texts, err := checks.ParseTexts(string(s.ID), s.Texts)
		t, ok := texts[checks.Code(code)]
		if err != nil || !ok {
			continue
		}
		known = true
		fmt.Fprintf(w, "%s  %s (%s)\n  %s\n", code, example(t.Title), s.Title, example(t.Text))
		if t.Fix != "" {
			fmt.Fprintf(w, "  to do: %s\n", example(t.Fix))
		}
	}
	return known
}

var marks = map[assets.Mark]string{assets.Source: "a document of the vendor or the standard", assets.Seed: "the vendor's article",
	assets.ThirdParty: "reports by others", assets.Inferred: "conclusion from other facts; not stated anywhere"}

// example writes a rule's text without the values of a run.
func example(s string) string {
	s = strings.ReplaceAll(s, "{more}", "")
	return strings.NewReplacer("{", "<", "}", ">").Replace(s)
}

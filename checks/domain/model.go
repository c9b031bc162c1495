package domain

import (
	"cmp"

	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/tui"
)

func init() { tui.Register("domain", newModel) }

// newModel is the list of findings with the answer above it: which server the agent uses now, by what rule, whether that
// server answers, and what would change it. Below the sentence about the selected finding stands its comparison: controllers
// by signals, the replay, the two servers, or what would change the answer.
func newModel(spec checks.Spec, kit tui.Kit) tui.Panel {
	f := tui.List(spec, kit)
	f.Order = func(a, b tui.Item) int { return cmp.Compare(rank(a.Finding.Status), rank(b.Finding.Status)) }
	f.Head = func(w int) []string {
		it, ok := f.Selected()
		if !ok || it.Run >= len(f.Runs) {
			return nil
		}
		var out []string
		for _, x := range f.Runs[it.Run].Findings {
			if turn := tui.Cell(lang.Phrase(x.Arg("turn"))); x.Code == Otherwise && turn != "" && w >= 76 {
				out = append(out, kit.Paragraph(lang.T("panels.domain.turn"), turn, w-4)...)
			}
			if x.Code != Server {
				continue
			}
			uses := tui.Cell(lang.Phrase(x.Arg("uses")))
			if works := tui.Cell(lang.Phrase(x.Arg("works"))); works != "" && x.Arg("host") != "" {
				uses = lang.T("panels.domain.uses_works", "uses", uses, "works", works)
			}
			out = append(out, kit.Paragraph(lang.T("panels.domain.uses"), uses, w-4)...)
			if w >= 60 {
				out = append(out, kit.Paragraph(lang.T("panels.domain.rule"), tui.Cell(lang.Phrase(x.Arg("rule"))), w-4)...)
			}
		}
		return tui.Indent(out, 3)
	}
	f.Below = func(it tui.Item, w int) []string { return kit.Comparison(it.Finding, w) }
	return f
}

// rank puts what is wrong first and leaves the rest in the order of the story.
func rank(s checks.Status) int {
	switch s {
	case checks.Fail:
		return 0
	case checks.Warn:
		return 1
	case checks.Unknown:
		return 2
	}
	return 3
}

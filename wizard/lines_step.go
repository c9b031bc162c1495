package wizard

import (
	"cmp"
	"context"
	"slices"

	"linecheck/assets/lang"
	"linecheck/checks"
)

// numbers of the choices at a step, and at the verdict. They stay what they are when another one is not offered.
var (
	stepChoices = []choice{{1, "continue", "n", ""}, {2, "evidence", "e", ""}, {3, "again", "r", ""}, {4, "back", "p", ""}, {5, "save", "s", ""},
		{6, "verdict", "v", ""}, {7, "quit", "q", ""}, {8, "follow", "F", ""}, {9, "ticket", "t", ""}, {10, "work", "w", ""}}
	endChoices = []choice{{1, "quit", "q", ""}, {2, "save", "s", ""}, {3, "all_again", "R", ""}, {4, "mend", "c", ""}, {5, "ticket", "t", ""},
		{6, "compare", "d", ""}, {7, "evidence", "e", ""}, {8, "report", "o", ""}, {9, "back", "p", ""}, {10, "work", "w", ""}}
)

// offered are those of the choices that are possible now, with their words.
func offered(all []choice, without func(id string) bool) []choice {
	list := slices.DeleteFunc(slices.Clone(all), func(c choice) bool { return without(c.id) })
	for i := range list {
		list[i].word = lang.T("lines.choice." + list[i].id)
	}
	return list
}

// step waits for one step, tells what it found, and asks how to go on. It returns the step to go to.
func (l *Lines) step(ctx context.Context, i int) (int, error) {
	spec := l.s.Steps[i].Spec
	l.apply(Moved{To: i})
	l.say("\n" + lang.T("lines.step", "n", i+1, "of", len(l.s.Steps), "title", spec.Title, "question", spec.Question))
	l.tells("why")
	skipped, err := l.wait(ctx, i, func() { l.tells("do", "say") })
	if err != nil {
		return 0, err
	}
	if skipped {
		l.say(lang.T("lines.skipped", "title", spec.Title))
		return i + 1, nil
	}
	l.tell(i)
	l.after(i)
	list := offered(stepChoices, func(id string) bool {
		switch id {
		case "follow":
			return !spec.Follows || l.past != nil
		case "again", "work":
			return l.past != nil
		case "back":
			return i == 0
		case "verdict":
			return i+1 == len(l.s.Steps)
		case "ticket":
			return !slices.Contains([]checks.ID{"proxy", "allowlist"}, spec.ID)
		}
		return false
	})
	for {
		c, err := l.choose(ctx, inquiry{text: lang.T("lines.next"), place: "step", list: list, enter: 1})
		if err != nil {
			return 0, err
		}
		switch c.id {
		case "continue":
			return i + 1, nil
		case "evidence":
			err = l.evidence(ctx, l.seenAt(i))
		case "again":
			l.apply(RerunAsked{Keys: l.keys(i)})
			return i, nil
		case "follow":
			err = l.follow(ctx, i)
		case "back":
			return i - 1, nil
		case "save":
			l.save()
		case "verdict":
			return len(l.s.Steps), nil
		case "ticket":
			err = l.ticket(ctx)
		case "work":
			err = l.workAnew(ctx)
		}
		if err != nil {
			return 0, err
		}
	}
}

// tells says those parts of what the role says of the step that is looked at.
func (l *Lines) tells(parts ...string) {
	for _, a := range l.s.advise(Verdict{}, handles{}) {
		if slices.Contains(parts, a.part) {
			l.advice(a)
		}
	}
}

// after is what the role says of what was found.
func (l *Lines) after(i int) {
	st := l.s.Steps[i]
	state, worst := l.s.stateOf(st), l.s.gravest(i)
	for _, a := range l.s.advise(l.s.Verdict(l.opts.Rules), handles{}) {
		switch a.part {
		case "do":
			a.text = lang.T("lines.do." + state)
		case "try":
			fix := ""
			if worst != nil {
				fix = checks.TextOf(st.Spec.ID, *worst).Fix
			}
			a.text = cmp.Or(fix, lang.T("lines.try"))
		case "why", "seen": // told before
			continue
		}
		l.advice(a)
	}
}

func (l *Lines) advice(a advice) { l.say("  " + a.label() + ": " + a.text) }

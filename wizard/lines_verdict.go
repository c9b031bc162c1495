package wizard

import (
	"context"
	"strings"

	"linecheck/checks"
)

// end is the verdict and what can be done about it.
func (l *Lines) end(ctx context.Context) error {
	if err := l.wait(ctx, len(l.s.Steps)); err != nil {
		return err
	}
	for {
		l.say("\nVerdict.")
		r := l.opts.Report(l.s, l.id)
		var text strings.Builder
		spoken := plain
		spoken.table = func(t *checks.Table) string { return "  " + strings.Join(spokenTable(t), "\n  ") }
		if err := r.prose(&text, spoken); err != nil {
			return err
		}
		l.say("%s", strings.TrimSuffix(text.String(), "\n"))
		for _, c := range r.Verdict.Causes {
			if l.s.Role == Guided && c.Say != "" {
				l.say("To say: \"%s\"", c.Say)
			}
		}
		choices := []string{"quit", "save report"}
		if l.past == nil {
			choices = append(choices, "everything again")
		}
		on, act, ok := l.s.Action()
		if ok {
			choices = append(choices, strings.TrimSuffix(act.Title, "?"))
		}
		choices = append(choices, "ticket for the network team")
		n, err := l.choose(ctx, "What next?", choices...)
		if err != nil || n == 0 {
			return err
		}
		switch n {
		case len(choices) - 1:
			if err := l.ticket(ctx); err != nil {
				return err
			}
		case 1:
			l.save()
		case 2:
			for i := range l.s.Steps {
				l.apply(RerunAsked{Keys: l.keys(i)})
			}
			if err := l.wait(ctx, len(l.s.Steps)); err != nil {
				return err
			}
		case 3:
			if err := l.fix(ctx, on, act); err != nil {
				return err
			}
		}
	}
}

// fix tells the plan, wants the word, and carries it out.
func (l *Lines) fix(ctx context.Context, on Key, a checks.Action) error {
	l.say("%s\n%s", a.Title, a.Why)
	for i, s := range a.Steps {
		l.say("  %d. %s", i+1, s)
	}
	l.say("While it runs: %s\nUndo: %s", a.Effect, a.Undo)
	if a.Blocked != "" {
		l.say("It cannot be done from here: %s\nBy hand:", a.Blocked)
		for _, c := range a.Commands {
			l.raw("  %s", c)
		}
		return nil
	}
	l.prompt("Type ", a.Confirm, " to go on, ", "anything else to leave it:")
	select {
	case <-ctx.Done():
		return errQuit{}
	case line, ok := <-l.in:
		if !ok || !strings.EqualFold(strings.TrimSpace(line), a.Confirm) {
			l.say("Nothing was changed.")
			return nil
		}
	}
	l.r.Fix(l.s, on, a)
	for {
		for _, c := range l.r.Next(context.WithoutCancel(ctx)) {
			l.s = l.s.Apply(c)
			if f, ok := c.(FixFinished); ok {
				for _, ch := range f.Result.Changes {
					l.say("  %s: %s", ch.What, ch.Result)
				}
				l.say("%s", saidFixed(f))
				return nil
			}
		}
	}
}

// ticket tells what the network team has to know, and saves it where that is wanted.
func (l *Lines) ticket(ctx context.Context) error {
	t := l.opts.Ticket(l.s, l.id)
	for _, p := range t.paragraphs() {
		l.say("%s%s", strings.Repeat(" ", p.margin), p.text)
	}
	n, err := l.choose(ctx, "What next?", "back to the verdict", "save this ticket")
	if n == 1 {
		files, err := SaveTicket(t, l.s.Started, l.id)
		l.raw("%s", saidSaved(savedMsg{files, err}))
	}
	return err
}

func (l *Lines) save() {
	files, err := SaveReport(l.opts.Report(l.s, l.id))
	l.raw("%s", saidSaved(savedMsg{files, err}))
}

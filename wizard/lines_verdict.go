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

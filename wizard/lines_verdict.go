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
	told := false // the verdict is long: it is told again only where it may be another one
	for {
		if !told {
			if err := l.verdict(); err != nil {
				return err
			}
			told = true
		}
		const quit, save, again, ticket = "quit", "save report", "everything again", "a ticket to hand on"
		choices := []string{quit, save}
		if l.past == nil {
			choices = append(choices, again)
		}
		on, act, ok := l.s.Action()
		mend := strings.TrimSuffix(act.Title, "?")
		if ok {
			choices = append(choices, mend)
		}
		choices = append(choices, ticket)
		compare := ""
		if last, ok := l.last(ctx); ok {
			compare = "compare with the last run, of " + last.when()
			choices = append(choices, compare)
		}
		n, err := l.choose(ctx, "What next?", choices...)
		if err != nil {
			return err
		}
		switch choices[n] {
		case quit:
			return nil
		case save:
			l.save()
		case again:
			told = false
			for i := range l.s.Steps {
				l.apply(RerunAsked{Keys: l.keys(i)})
			}
			if err := l.wait(ctx, len(l.s.Steps)); err != nil {
				return err
			}
		case mend:
			told = false
			if err := l.fix(ctx, on, act); err != nil {
				return err
			}
		case ticket:
			if err := l.ticket(ctx); err != nil {
				return err
			}
		case compare:
			l.compare(ctx)
		}
	}
}

// verdict tells the whole verdict.
func (l *Lines) verdict() error {
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
	return nil
}

// ticket asks for whom, tells what that reader has to know, and saves it where that is wanted.
func (l *Lines) ticket(ctx context.Context) error {
	words := []string{readerWords[ForNetwork], readerWords[ForCustomer], readerWords[ForVendor]} // the network team is the first choice
	n, err := l.choose(ctx, "For whom?", words...)
	if err != nil {
		return err
	}
	t := l.opts.TicketFor([]Whose{ForNetwork, ForCustomer, ForVendor}[n], l.s, l.id)
	for _, p := range t.paragraphs() {
		l.say("%s%s", strings.Repeat(" ", p.margin), p.text)
	}
	n, err = l.choose(ctx, "What next?", "back to the verdict", "save this ticket")
	if n == 1 {
		files, err := SaveTicket(t, l.s.Started, l.id)
		l.raw("%s", saidSaved(savedMsg{files, err}))
	}
	return err
}

// compare tells what is different from the last run.
func (l *Lines) compare(ctx context.Context) {
	last, ok := l.last(ctx)
	if !ok {
		return
	}
	for _, p := range last.against(l.opts.Report(l.s, l.id)).paragraphs() {
		l.say("%s%s", strings.Repeat(" ", p.margin), p.text)
	}
}

// last is the newest saved report that this session can be compared with.
func (l *Lines) last(ctx context.Context) (LastRun, bool) {
	if l.past != nil {
		return LastRun{}, false
	}
	return FindLast(ctx, saveDirs(), l.opts, l.s, l.id)
}

func (l *Lines) save() {
	files, err := SaveReport(l.opts.Report(l.s, l.id))
	l.raw("%s", saidSaved(savedMsg{files, err}))
}

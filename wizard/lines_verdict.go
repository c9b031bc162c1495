package wizard

import (
	"context"
	"slices"
	"strings"

	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/tui"
)

// end is the verdict and what can be done about it. back: the person wants to see the steps again.
func (l *Lines) end(ctx context.Context) (back bool, err error) {
	if _, err := l.wait(ctx, len(l.s.Steps), nil); err != nil {
		return false, err
	}
	told := false // the verdict is long: it is told again only where it may be another one
	for {
		if !told {
			l.verdict()
			told = true
		}
		v := l.s.Verdict(l.opts.Rules)
		on, act, mends := l.s.Action()
		last, compares := l.last(ctx)
		list := offered(endChoices, func(id string) bool {
			switch id {
			case "all_again", "work":
				return l.past != nil
			case "mend":
				return !mends || l.past != nil
			case "compare":
				return !compares
			case "evidence":
				return len(v.Causes) == 0
			}
			return false
		})
		enter := 8
		for i, c := range list {
			switch c.id {
			case "mend":
				list[i].word = strings.TrimSuffix(act.Title, "?")
			case "compare":
				list[i].word = lang.T("lines.choice.compare", "when", last.when())
			case "evidence":
				enter = c.n // as on the screen
			}
		}
		c, err := l.choose(ctx, inquiry{text: lang.T("lines.next"), place: "verdict", list: list, enter: enter})
		if err != nil {
			return false, err
		}
		switch c.id {
		case "save":
			l.save()
		case "all_again":
			told = false
			for i := range l.s.Steps {
				l.apply(RerunAsked{Keys: l.keys(i)})
			}
			_, err = l.wait(ctx, len(l.s.Steps), nil)
		case "mend":
			told = false
			err = l.fix(ctx, on, act)
		case "ticket":
			err = l.ticket(ctx)
		case "compare":
			l.compare(last)
		case "evidence":
			err = l.proof(ctx, v)
		case "report":
			err = l.report()
		case "back":
			return true, nil
		case "work":
			told = false
			err = l.workAnew(ctx)
		}
		if err != nil {
			return false, err
		}
	}
}

// hearable is prose for whoever hears it.
func hearable() style {
	st := plain
	st.table = func(t *checks.Table) string { return "  " + strings.Join(spokenTable(t), "\n  ") }
	return st
}

// verdict tells the sentence, what to do and how that is known, what was changed, and what is lost until then. What the
// whole report has besides is told on demand.
func (l *Lines) verdict() {
	l.say("\n" + lang.T("lines.verdict"))
	r, st := l.opts.Report(l.s, l.id), hearable()
	l.sayAll(r.causesIn(st))
	v := l.s.Verdict(l.opts.Rules)
	if len(v.Causes) == 0 {
		for _, step := range l.s.Steps {
			l.say("  " + lang.T("lines.calm", "title", step.Spec.Title, "word", tui.Word(step.Status()), "tally", tui.Tally(judgedOf(step))))
		}
	}
	for _, a := range l.s.advise(v, handles{}) {
		switch a.part {
		case "do":
			a.text = lang.T("lines.do.verdict")
			if v.Status == Healthy {
				a.text = lang.T("lines.do.healthy")
			}
		case "say":
			if len(v.Causes) > 0 {
				continue // below, for every cause
			}
		case "why", "vendor", "try":
			continue // the causes say it
		}
		l.advice(a)
	}
	for _, c := range v.Causes {
		if l.s.Role == Guided && c.Say != "" {
			l.advice(advice{"say", aloud(c.Say)})
		}
	}
	l.sayAll(r.times(st))
	l.sayAll(r.repairsIn(st))
	l.sayAll(r.losses(st))
}

func (l *Lines) sayAll(text string) {
	if text = strings.TrimRight(text, "\n"); text != "" {
		l.say(text)
	}
}

// judgedOf are the findings of a step that say whether all is well.
func judgedOf(st Step) []checks.Finding {
	var out []checks.Finding
	for _, r := range st.Runs {
		for _, f := range r.Result.Findings {
			if f.Status != checks.Note && f.Status != checks.Skip {
				out = append(out, f)
			}
		}
	}
	return out
}

// proof tells what stands behind a cause.
func (l *Lines) proof(ctx context.Context, v Verdict) error {
	at := 0
	if len(v.Causes) > 1 {
		words := make([]string, len(v.Causes))
		for i, c := range v.Causes {
			words[i] = c.Title
		}
		n, err := l.pick(ctx, lang.T("lines.which_cause"), 1, words...)
		if err != nil {
			return err
		}
		at = n - 1
	}
	return l.evidence(ctx, slices.DeleteFunc(l.s.Seen(), func(f Seen) bool { return !slices.Contains(v.Causes[at].Evidence, f.ID) }))
}

// report tells the whole report.
func (l *Lines) report() error {
	var text strings.Builder
	if err := l.opts.Report(l.s, l.id).prose(&text, hearable()); err != nil {
		return err
	}
	l.sayAll(text.String())
	return nil
}

// ticket asks for whom, tells what that reader has to know, and saves it where that is wanted.
func (l *Lines) ticket(ctx context.Context) error {
	words := make([]string, len(Readers)) // in the order of the screen, where the network team is the first too that is shown
	for i, w := range Readers {
		words[i] = w.word()
	}
	n, err := l.pick(ctx, lang.T("lines.for_whom"), slices.Index(Readers, ForNetwork)+1, words...)
	if err != nil {
		return err
	}
	t := l.opts.TicketFor(Readers[n-1], l.s, l.id)
	l.paragraphs(t.paragraphs())
	n, err = l.pick(ctx, lang.T("lines.next"), 1, lang.T("lines.choice.ticket_back"), lang.T("lines.choice.ticket_save"))
	if n == 2 {
		files, err := SaveTicket(t, l.s.Started, l.id)
		l.raw(saidSaved(savedMsg{files, err}))
	}
	return err
}

func (l *Lines) paragraphs(list []paragraph) {
	for _, p := range list {
		l.say(strings.Repeat(" ", p.margin) + p.text)
	}
}

// compare tells what is different from the last run.
func (l *Lines) compare(last LastRun) {
	l.paragraphs(last.against(l.opts.Report(l.s, l.id)).paragraphs())
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
	l.raw(saidSaved(savedMsg{files, err}))
}

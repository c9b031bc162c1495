package wizard

import (
	"context"
	"strings"
	"time"

	"linecheck/assets/lang"
	"linecheck/checks"
)

// fix tells the plan, asks for the customer's consent where one listens, wants the word, and carries the plan out. Then it
// looks again at what may be different now.
func (l *Lines) fix(ctx context.Context, on Key, a checks.Action) error {
	for _, s := range planned(a) {
		l.say(s)
	}
	if a.Blocked != "" {
		l.say(lang.T("lines.fix.blocked", "why", a.Blocked))
		if len(a.Commands) > 0 {
			l.say(lang.T("lines.fix.by_hand"))
		}
		for _, c := range a.Commands {
			l.raw("  " + c)
		}
		return nil
	}
	by := Approval{How: InLines}
	if l.s.Role == Guided {
		l.say(lang.T("lines.part.say", "text", askFor(a)))
		n, err := l.pick(ctx, lang.T("lines.fix.agreed"), 1, lang.T("lines.fix.no"), lang.T("lines.fix.yes"))
		if err != nil {
			return err
		}
		if n == 1 {
			l.say(lang.T("lines.fix.nothing"))
			return nil
		}
		by.Customer = Agreed
	}
	l.prompt(strings.SplitAfter(lang.T("lines.fix.type", "word", wordOf(a)), " ")...)
	line, err := l.line(ctx)
	if err != nil {
		l.say(lang.T("lines.fix.nothing"))
		return err
	}
	switch line = strings.TrimSpace(line); {
	case line == "":
		l.say(lang.T("lines.fix.nothing"))
		return nil
	case !strings.EqualFold(line, wordOf(a)):
		l.say(lang.T("lines.fix.another", "word", wordOf(a)))
		return nil
	}
	by.At = time.Now()
	l.s = l.r.Fix(l.s, on, a, by)
	l.follows(ctx, on)
	if ctx.Err() != nil {
		return errQuit{}
	}
	if !l.s.Settled() {
		l.say(lang.T("lines.fix.again"))
	}
	_, err = l.wait(ctx, len(l.s.Steps), nil)
	return err
}

// follows tells each step of a repair until it has ended, whatever happens to the person.
func (l *Lines) follows(ctx context.Context, on Key) {
	told := steps{say: func(s string) { l.say("  " + s) }}
	news, stop := l.news(context.WithoutCancel(ctx))
	defer stop()
	asked := ctx.Done()
	for {
		select {
		case <-asked:
			asked = nil
			l.s = l.s.Apply(Interrupted{}) // nothing is looked at again for whoever left
			l.say("\n" + lang.T("lines.fix.finishing"))
		case changes := <-news:
			for _, c := range changes {
				if ctx.Err() != nil {
					l.s = l.s.Apply(Interrupted{})
				}
				l.s = l.s.Apply(c)
				if e, ok := c.(EventsSeen); ok && e.Key == on {
					told.tell(e.Steps)
				}
				if f, ok := c.(FixFinished); ok && f.Key == on {
					l.fixed(f)
					asked, on = nil, Key{}
				}
			}
			if on == (Key{}) {
				l.s = l.r.StartReady(l.s)
				return
			}
		}
	}
}

// fixed says how a repair ended, and what to do now.
func (l *Lines) fixed(f FixFinished) {
	for _, ch := range f.Result.Changes {
		l.say("  " + SaidChange(ch))
	}
	r := l.s.Repairs[len(l.s.Repairs)-1]
	l.say(saidFixed(r))
	for _, s := range r.Advice(l.s.Role) {
		l.say(s)
	}
}

package wizard

import (
	"context"
	"strings"
	"time"

	"linecheck/checks"
)

// fix tells the plan, asks for the customer's consent where one listens, wants the word, and carries the plan out. Then it
// looks again at what may be different now.
func (l *Lines) fix(ctx context.Context, on Key, a checks.Action) error {
	for _, s := range planned(a) {
		l.say("%s", s)
	}
	if a.Blocked != "" {
		l.say("It cannot be done from here: %s", a.Blocked)
		if len(a.Commands) > 0 {
			l.say("The same by hand, in a console with administrator rights:")
		}
		for _, c := range a.Commands {
			l.raw("  %s", c)
		}
		return nil
	}
	by := Approval{How: InLines}
	if l.s.Role == Guided {
		l.say("To say: \"%s\"", askFor(a))
		n, err := l.choose(ctx, "Did the customer agree?", "no, leave it", "yes")
		if err != nil {
			return err
		}
		if n == 0 {
			l.say("Nothing was changed.")
			return nil
		}
		by.Customer = Agreed
	}
	l.prompt("Type ", wordOf(a), " to go on, ", "anything else to leave it:")
	select {
	case <-ctx.Done():
		return errQuit{}
	case line, ok := <-l.in:
		if !ok || !strings.EqualFold(strings.TrimSpace(line), wordOf(a)) {
			l.say("Nothing was changed.")
			return nil
		}
	}
	by.At = time.Now()
	l.s = l.r.Fix(l.s, on, a, by)
	l.follows(ctx, on)
	if ctx.Err() != nil {
		return errQuit{}
	}
	if !l.s.Settled() {
		l.say("Looking again at what may be different now.")
	}
	return l.wait(ctx, len(l.s.Steps))
}

// follows tells each step of a repair until it has ended, whatever happens to the person.
func (l *Lines) follows(ctx context.Context, on Key) {
	told := steps{say: func(s string) { l.say("  %s", s) }}
	for {
		for _, c := range l.r.Next(context.Background()) {
			if ctx.Err() != nil {
				l.s = l.s.Apply(Interrupted{})
			}
			l.s = l.s.Apply(c)
			switch c := c.(type) {
			case EventsSeen:
				if c.Key == on {
					told.tell(c.Steps)
				}
			case FixFinished:
				if c.Key != on {
					continue
				}
				for _, ch := range c.Result.Changes {
					l.say("  %s: %s", ch.What, ch.Result)
				}
				r := l.s.Repairs[len(l.s.Repairs)-1]
				l.say("%s", saidFixed(r))
				for _, s := range r.Advice(l.s.Role) {
					l.say("%s", s)
				}
				l.s = l.r.StartReady(l.s)
				return
			}
		}
	}
}

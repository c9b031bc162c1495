package wizard

import (
	"context"
	"strings"
	"time"

	"linecheck/assets/lang"
	"linecheck/checks"
)

// tellEvery is how often a waiting person hears what is being waited for.
const tellEvery = 5 * time.Second

// aheadMost bounds what is kept of what is typed while linecheck waits.
const aheadMost = 1000

// done reports whether the step, or for one past the last everything, has ended.
func (l *Lines) done(i int) bool {
	if rec := l.opts.Replay; rec != nil && (l.s.Ended || l.replayed >= len(rec.Changes)) {
		return true // what was never finished then is not finished now
	}
	if i >= len(l.s.Steps) {
		return l.s.Settled()
	}
	for _, r := range l.s.Steps[i].Runs {
		if r.State != Done && r.State != Skipped || r.Fixing {
			return false
		}
	}
	return true
}

// wait takes news until the step, or for a step past the last everything, has ended. Meanwhile it tells rarely what is
// waited for, and takes x, q and ?. Whatever else is typed is kept for the next question. soon is called where it takes
// more than a second; nil: nothing is.
func (l *Lines) wait(ctx context.Context, i int, soon func()) (skipped bool, err error) {
	l.apply(Moved{To: i})
	if l.done(i) {
		return false, nil
	}
	news, stop := l.news(ctx)
	defer stop()
	tick := time.NewTicker(tellEvery)
	defer tick.Stop()
	first := time.NewTimer(time.Second)
	defer first.Stop()
	for !l.done(i) {
		in := l.in
		if l.ended || len(l.ahead) >= aheadMost {
			in = nil
		}
		select {
		case <-ctx.Done():
			return false, errQuit{}
		case changes := <-news:
			if changes == nil {
				return false, errQuit{}
			}
			l.take(changes)
		case <-first.C:
			if soon != nil {
				soon()
			}
		case <-tick.C:
			l.progress(i)
		case line, ok := <-in:
			if !ok {
				l.ended = true
				continue
			}
			switch word := strings.TrimSpace(line); {
			case len(l.ahead) > 0:
				l.ahead = append(l.ahead, line) // whoever types ahead answers in turn
			case word == "x" && i < len(l.s.Steps) && l.past == nil:
				l.skip(i)
				return true, nil
			case word == "q":
				if err := l.leave(ctx); err != nil {
					return false, err
				}
			case word == "?":
				l.help()
				l.progress(i)
			default:
				l.ahead = append(l.ahead, line)
			}
		}
	}
	return false, nil
}

func (l *Lines) skip(i int) {
	for _, k := range l.keys(i) {
		l.r.Stop(k)
	}
	l.apply(StepSkipped{Check: l.s.Steps[i].Spec.ID})
}

// progress says what is waited for, for how long that was done, and how long it can take.
func (l *Lines) progress(i int) {
	told := false
	for j, st := range l.s.Steps {
		if i < len(l.s.Steps) && i != j {
			continue
		}
		for k, r := range st.Runs {
			switch on := l.s.waitsFor(st.Spec, k); {
			case r.State == Running || r.Fixing:
				l.say("  " + l.waitsFor(st.Spec, r))
			case r.State == Waiting && on != "":
				l.say("  " + lang.T("lines.wait.on", "title", st.Spec.Title, "other", on))
			default:
				continue
			}
			told = true
		}
	}
	if told && !l.hinted && !l.ended {
		l.hinted = true
		l.say("  " + lang.T("lines.wait.hint"))
	}
}

// waitsFor is a sentence about a run under way.
func (l *Lines) waitsFor(spec checks.Spec, r Run) string {
	what, p := lang.T("lines.wait.looking"), r.Progress
	if p.Waiting != "" {
		what = strings.TrimSuffix(lang.Phrase(p.Waiting), ".")
	}
	if p.Total > 0 {
		what = lang.T("lines.wait.counted", "what", what, "done", lang.Count(p.Done), "total", lang.Count(p.Total))
	}
	past := int(time.Since(r.Started).Seconds())
	if r.Started.IsZero() || l.past != nil || past < 1 {
		return lang.T("lines.wait.what", "title", spec.Title, "what", what)
	}
	if most := int(spec.Timeout.Seconds()); most > past {
		return lang.T("lines.wait.at_most", "title", spec.Title, "what", what, "past", lang.Count(past), "most", lang.Count(most))
	}
	return lang.T("lines.wait.since", "title", spec.Title, "what", what, "past", lang.Count(past))
}

// news hands out what the runner tells, until stop is called; nothing is lost then.
func (l *Lines) news(ctx context.Context) (<-chan []Change, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	out, done := make(chan []Change), make(chan struct{})
	var left []Change
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			changes := l.r.Next(ctx)
			select {
			case out <- changes:
			case <-ctx.Done():
				left = changes
			}
		}
	}()
	return out, func() {
		cancel()
		<-done
		l.take(left)
	}
}

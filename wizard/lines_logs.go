package wizard

import (
	"context"
	"strings"
	"time"

	"linecheck/assets/lang"
	"linecheck/checks"
	"linecheck/tui"
)

// look asks for a log or bundle and reads it; without a path it goes back.
func (l *Lines) look(ctx context.Context) error {
	for {
		l.prompt(strings.SplitAfter(lang.T("lines.look.path"), " ")...)
		path, err := l.line(ctx)
		if err != nil || unquoted(path) == "" {
			return err
		}
		if word := strings.TrimSpace(path); word == "q" || word == "?" {
			if word == "?" {
				l.say(lang.T("lines.look.help"))
			} else if err := l.leave(ctx); err != nil {
				return err
			}
			continue
		}
		began := time.Now()
		came, done, err := l.read(ctx, unquoted(path))
		if err != nil {
			return err
		}
		if !done {
			l.say(lang.T("lines.look.left"))
			continue
		}
		_, ok := came.looked.Session(l.opts.Role, began, time.Now())
		if why := came.whyNot(unquoted(path), ok); why != "" {
			l.say(why)
			continue
		}
		l.past = &came.looked
		return nil
	}
}

// read reads what a person named and tells now and then how far it is. done is false where the person did not want to
// wait for it.
func (l *Lines) read(ctx context.Context, path string) (came lookEnd, done bool, err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	l.say(lang.T("lines.look.reading", "what", lastOf(path)))
	progress, end := make(chan checks.Progress, 1), make(chan lookEnd, 1)
	go func() {
		var e lookEnd
		e.looked, e.err = guarded(func() (Looked, error) {
			return l.opts.Look(ctx, []string{path}, func(p checks.Progress) {
				select {
				case progress <- p:
				default:
				}
			})
		})
		end <- e
	}()
	last := time.Now()
	for {
		select {
		case came = <-end:
			return came, true, nil
		case p := <-progress:
			if p.Waiting != "" && time.Since(last) > tellEvery {
				last = time.Now()
				l.say("  " + lang.Phrase(p.Waiting))
			}
		case _, ok := <-l.in:
			if !ok {
				return came, false, errQuit{}
			}
			return came, false, nil
		case <-ctx.Done():
			return came, false, errQuit{}
		}
	}
}

// followTells is how many lines are told at once, four times a second at most: more is not read.
const followTells = 20

// follow tells every new line that linecheck knows, until the person types Enter. Markers stand among them.
func (l *Lines) follow(ctx context.Context, step int) error {
	l.say(lang.T("lines.follow.begins"))
	for _, k := range l.keys(step) {
		l.r.Start(l.s, k, true)
	}
	news, stop := l.news(ctx)
	defer stop()
	t := tailTold{at: make([]int, len(l.s.Profiles)), fixes: map[string]bool{}}
	ending := false
	typed := func(line string) {
		switch {
		case ending:
		case strings.EqualFold(strings.TrimSpace(line), "t"):
			l.test()
		default:
			ending = true
			for _, k := range l.keys(step) {
				l.r.StopTail(k)
			}
		}
	}
	for {
		for ; len(l.ahead) > 0 && !ending; l.ahead = l.ahead[1:] {
			typed(l.ahead[0])
		}
		select {
		case <-ctx.Done():
			return errQuit{}
		case line, ok := <-l.in:
			if !ok {
				_, err := l.line(ctx) // which says so
				return err
			}
			typed(line)
		case changes := <-news:
			l.take(changes)
			l.tellTail(step, &t)
			if ending && !l.s.Steps[step].Follows() {
				t.end(l, step)
				return nil
			}
		}
	}
}

// test asks the cloud again while the tail runs.
func (l *Lines) test() {
	i := l.s.step(asker)
	if i < 0 || l.s.Steps[i].Busy() {
		l.say(lang.T("lines.follow.cannot_ask"))
		return
	}
	l.say(lang.T("lines.follow.asking"))
	l.apply(RerunAsked{Keys: l.keys(i)})
}

// asker is the check that asks the product's cloud.
const asker checks.ID = "allowlist"

// tailTold is what was told of the tails so far.
type tailTold struct {
	at                 []int // by profile: how many of its lines were looked at
	all, unknown, fast int
	fixes              map[string]bool
}

// end says what was not told one by one.
func (t *tailTold) end(l *Lines, step int) {
	for _, r := range l.s.Steps[step].Runs {
		t.all, t.fast = t.all+r.Tail.Lost, t.fast+r.Tail.Lost
	}
	l.say(lang.T("lines.follow.ended", "all", lang.Count(t.all), "unknown", lang.Count(t.unknown), "fast", lang.Count(t.fast)))
}

// tellTail tells the lines that are new.
func (l *Lines) tellTail(step int, t *tailTold) {
	room := followTells
	for i, r := range l.s.Steps[step].Runs {
		total := r.Tail.Dropped + len(r.Tail.Lines)
		if total < t.at[i] {
			t.at[i] = 0 // a new tail
		}
		fresh := min(total-t.at[i], len(r.Tail.Lines))
		t.fast += total - t.at[i] - fresh
		t.at[i] = total
		for _, line := range r.Tail.Lines[len(r.Tail.Lines)-fresh:] {
			if !line.Own {
				t.all++
			}
			switch {
			case line.Meaning == "":
				t.unknown++
			case room <= 0 && !line.Own:
				t.fast++
			default:
				room--
				l.tellLine(line, t)
			}
		}
	}
}

// tellLine tells one line, and what to do about it where that was not said before.
func (l *Lines) tellLine(line checks.Line, t *tailTold) {
	at := ""
	if !line.At.IsZero() {
		at = line.At.Format("15:04:05.000") + " "
	}
	if line.Own {
		l.say(at + lang.Phrase(line.Meaning) + ": " + strings.TrimSuffix(tui.Word(line.Status)+", "+lang.Phrase(line.Text), ", "))
		return
	}
	ref := ""
	if line.Ref != "" {
		ref = " (" + line.Ref + ")"
	}
	l.say(at + line.File + ": " + tui.Word(line.Status) + ": " + lang.Phrase(line.Meaning) + ref)
	if line.Fix != "" && !t.fixes[line.Fix] && len(t.fixes) < 100 {
		t.fixes[line.Fix] = true
		l.say("  " + lang.T("lines.part.fix", "text", lang.Phrase(line.Fix)))
	}
}

package wizard

import (
	"context"
	"strings"
	"time"

	"linecheck/checks"
)

// look asks for a log or bundle and reads it; without a path it goes back.
func (l *Lines) look(ctx context.Context) error {
	for {
		l.prompt("Path of a log, a folder or a support bundle, ", "or only Enter to go back:")
		path, err := l.typed(ctx)
		if err != nil || unquoted(path) == "" {
			return err
		}
		began := time.Now()
		came, done, err := l.read(ctx, unquoted(path))
		if err != nil {
			return err
		}
		if !done {
			l.say("Left before it was read to its end.")
			continue
		}
		_, ok := came.looked.Session(l.opts.Role, began, time.Now())
		if why := came.whyNot(unquoted(path), ok); why != "" {
			l.say("%s", why)
			continue
		}
		l.past = &came.looked
		return nil
	}
}

// typed is a line of input.
func (l *Lines) typed(ctx context.Context) (string, error) {
	select {
	case <-ctx.Done():
		return "", errQuit{}
	case line, ok := <-l.in:
		if !ok {
			return "", errQuit{}
		}
		return line, nil
	}
}

// read reads what a person named and tells now and then how far it is. done is false where the person did not want to
// wait for it.
func (l *Lines) read(ctx context.Context, path string) (came lookEnd, done bool, err error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	l.say("Reading %s. Enter stops it.", lastOf(path))
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
				l.say("  %s", p.Waiting)
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
	l.say("Following the product's logs. Only lines that linecheck knows are told. Enter stops; t and Enter asks the product's cloud now.")
	for _, k := range l.keys(step) {
		l.r.Start(l.s, k, true)
	}
	news, stop := l.news(ctx)
	defer stop()
	t := tailTold{at: make([]int, len(l.s.Profiles)), fixes: map[string]bool{}}
	ending := false
	for {
		select {
		case <-ctx.Done():
			return errQuit{}
		case line, ok := <-l.in:
			switch {
			case strings.EqualFold(strings.TrimSpace(line), "t") && ok && !ending:
				l.test()
			case !ending:
				ending = true
				for _, k := range l.keys(step) {
					l.r.StopTail(k)
				}
			}
			if !ok {
				return errQuit{}
			}
		case changes := <-news:
			for _, c := range changes {
				l.apply(c)
			}
			l.tellTail(step, &t)
			if ending && !l.s.Steps[step].Follows() {
				t.end(l, step)
				return nil
			}
		}
	}
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
		for _, c := range left {
			l.apply(c)
		}
	}
}

// test asks the cloud again while the tail runs.
func (l *Lines) test() {
	i := l.s.step(asker)
	if i < 0 || l.s.Steps[i].Busy() {
		l.say("linecheck cannot ask now: it is asking already, or that step is not part of this session.")
		return
	}
	l.say("Asking the product's cloud.")
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
	l.say("Stopped. Lines written: %d; not known to linecheck: %d; too fast to tell: %d.", t.all, t.unknown, t.fast)
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
		l.say("%s%s: %s", at, line.Meaning, strings.TrimSuffix(statusWords[line.Status]+", "+line.Text, ", "))
		return
	}
	ref := ""
	if line.Ref != "" {
		ref = " (" + line.Ref + ")"
	}
	l.say("%s%s: %s: %s%s", at, line.File, statusWords[line.Status], line.Meaning, ref)
	if line.Fix != "" && !t.fixes[line.Fix] && len(t.fixes) < 100 {
		t.fixes[line.Fix] = true
		l.say("  What to do: %s", line.Fix)
	}
}

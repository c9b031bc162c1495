package wizard

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"linecheck/assets"
)

// Lines is the same session without a screen to paint: append-only, numbered choices, no escape codes. It is for screen
// readers, for consoles that know no escape codes, and for whoever prefers it.
type Lines struct {
	opts Options
	in   <-chan string // closed at the end of input
	out  io.Writer
	s    Session
	past *Looked // what was read in place of this machine; nil: this machine
	r    *Runner
	id   string
}

// errQuit ends the walk when the person wants to leave.
type errQuit struct{}

func (errQuit) Error() string { return "the person left" }

// RunLines walks the session in lines until the person leaves or in ends.
func RunLines(ctx context.Context, o Options, in io.Reader, out io.Writer) (Session, error) {
	lines := make(chan string)
	go func() { // ends with the input; a blocked read of a terminal ends with the program
		defer close(lines)
		sc := bufio.NewScanner(in)
		for sc.Scan() {
			select {
			case lines <- sc.Text():
			case <-ctx.Done():
				return
			}
		}
	}()
	l := &Lines{opts: o, in: lines, out: out, id: NewRunID()}
	defer func() { l.opts.Place.Close() }()
	err := l.walk(ctx)
	if l.r != nil {
		l.r.Close()
		for _, c := range l.r.drain() {
			l.s = l.s.Apply(c)
		}
	}
	if _, left := err.(errQuit); left || ctx.Err() != nil {
		if !l.s.Settled() || ctx.Err() != nil || l.r == nil {
			l.s = l.s.Apply(Interrupted{})
		}
		err = nil
	}
	return l.s, err
}

// choose asks for one of the choices; an empty line is the first, the end of input is leaving.
func (l *Lines) choose(ctx context.Context, question string, choices ...string) (int, error) {
	for {
		words := []string{question + "  "}
		for i, c := range choices {
			words = append(words, fmt.Sprintf("%d %s  ", i+1, c))
		}
		l.prompt(append(words, "[1]:")...)
		select {
		case <-ctx.Done():
			return 0, errQuit{}
		case line, ok := <-l.in:
			if !ok {
				return 0, errQuit{}
			}
			line = strings.TrimSpace(line)
			if line == "" {
				return 0, nil
			}
			if n, err := strconv.Atoi(line); err == nil && n >= 1 && n <= len(choices) {
				return n - 1, nil
			}
			l.say("Please type a number from 1 to %d, or only Enter for 1.", len(choices))
		}
	}
}

func (l *Lines) walk(ctx context.Context) error {
	l.say("linecheck finds out why a security product has lost its vendor's cloud. It changes nothing unless you approve it.")
	if l.opts.Place.Practice != "" {
		l.say("This is the practice network, scene %s: nothing of it is real.", l.opts.Place.Practice)
	}
	for _, line := range l.opts.notice() {
		l.say("%s", line)
	}
	if l.opts.Ask {
		if err := l.ask(ctx); err != nil {
			return err
		}
	}
	l.s = l.opts.New(l.opts.Profiles, l.opts.Role, time.Now())
	if l.past != nil {
		l.s, _ = l.past.Session(l.opts.Role, time.Now(), time.Now())
		l.s.Past = l.past
		l.say("\nThis is what was read: %s. Nothing of this computer is looked at.", l.s.past())
	}
	l.r = NewRunner(ctx, l.opts.Env(), l.opts.Place.Hands)
	for i := 0; i < len(l.s.Steps); {
		next, err := l.step(ctx, i)
		if err != nil {
			return err
		}
		i = max(next, 0)
	}
	return l.end(ctx)
}

// ask is the start: which product, and how the person works.
func (l *Lines) ask(ctx context.Context) error {
	known, err := assets.Profiles()
	if err != nil {
		return err
	}
	var names []string
	for _, d := range Detect(ctx, l.opts.Env(), known) {
		name := d.Profile.Title
		if d.Installed.Present {
			name += " (found here)"
		}
		names = append(names, name)
	}
	const all, logs, practice, quit = "all of them", "a log or support bundle", "the practice network", "quit"
	names = append(names, all)
	if l.opts.Look != nil {
		names = append(names, logs)
	}
	names = append(names, practice, quit)
	n, err := l.choose(ctx, "Which product?", names...)
	if err != nil {
		return err
	}
	switch names[n] {
	case quit:
		return errQuit{}
	case practice:
		place, profiles, err := l.opts.Practise(ctx, practiceScene)
		if err != nil {
			return err
		}
		l.opts.Place, l.opts.Profiles, l.opts.Kept = place, profiles, nil // what was made good was on the real machine
	case logs:
		if err := l.look(ctx); err != nil {
			return err
		}
		if l.past == nil {
			return l.ask(ctx)
		}
	case all:
		l.opts.Profiles = known
	default:
		l.opts.Profiles = known[n : n+1]
	}
	words := make([]string, len(roles))
	for i, r := range roles {
		words[i] = r.words()
	}
	r, err := l.choose(ctx, "How do you work?", words...)
	l.opts.Role = roles[r]
	return err
}

// step waits for one step, tells what it found, and asks how to go on. It returns the step to go to.
func (l *Lines) step(ctx context.Context, i int) (int, error) {
	spec := l.s.Steps[i].Spec
	l.say("\nStep %d of %d: %s. %s", i+1, len(l.s.Steps), spec.Title, spec.Question)
	if err := l.wait(ctx, i); err != nil {
		return 0, err
	}
	l.tell(i, false)
	const next, evidence, again, follow, back, save, skip, quit = "continue", "evidence", "again", "follow live", "back", "save report", "skip to the verdict", "quit"
	choices := []string{next, evidence, again, back, save, skip, quit, follow} // so that no number has two meanings
	choices = slices.DeleteFunc(choices, func(c string) bool {
		return c == follow && !spec.Follows || l.past != nil && slices.Contains([]string{again, follow, back, skip}, c)
	})
	for {
		n, err := l.choose(ctx, "What next?", choices...)
		if err != nil {
			return 0, err
		}
		switch choices[n] {
		case next:
			return i + 1, nil
		case evidence:
			l.tell(i, true)
		case again:
			l.apply(RerunAsked{Keys: l.keys(i)})
			return i, nil
		case follow:
			if err := l.follow(ctx, i); err != nil {
				return 0, err
			}
		case back:
			return i - 1, nil
		case save:
			l.save()
		case skip:
			return len(l.s.Steps), nil
		default:
			return 0, errQuit{}
		}
	}
}

func (l *Lines) keys(step int) []Key {
	var out []Key
	for _, p := range l.s.Profiles {
		out = append(out, Key{l.s.Steps[step].Spec.ID, p.Name})
	}
	return out
}

func (l *Lines) apply(c Change) { l.s = l.r.StartReady(l.s.Apply(c)) }

// tellEvery is how often a waiting person hears what is being waited for.
const tellEvery = 5 * time.Second

// wait takes news until the step, or for a step past the last everything, has ended.
func (l *Lines) wait(ctx context.Context, i int) error {
	last := time.Now()
	l.apply(Moved{To: i})
	for {
		done := l.s.Settled()
		if i < len(l.s.Steps) {
			done = true
			for _, r := range l.s.Steps[i].Runs {
				done = done && (r.State == Done || r.State == Skipped) && !r.Fixing
			}
		}
		if done {
			return nil
		}
		changes := l.r.Next(ctx)
		if changes == nil {
			return errQuit{}
		}
		for _, c := range changes {
			l.apply(c)
			if e, ok := c.(EventsSeen); ok && e.Progress != nil && e.Progress.Waiting != "" && time.Since(last) > tellEvery {
				last = time.Now()
				l.say("  %d of %d, %s", e.Progress.Done, e.Progress.Total, e.Progress.Waiting)
			}
		}
	}
}

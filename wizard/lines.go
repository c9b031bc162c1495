package wizard

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"time"

	"linecheck/assets/lang"
)

// Lines is the same session without a screen to paint: append-only, numbered choices, no escape codes. It is for screen
// readers, for consoles that know no escape codes, and for whoever prefers it.
type Lines struct {
	opts  Options
	in    <-chan string // closed at the end of input
	ahead []string      // typed while something was waited for; the next questions take them
	ended bool          // the input has ended
	out   io.Writer
	s     Session
	past  *Looked // what was read in place of this machine; nil: this machine
	r     *Runner
	id    string

	heard    map[string]bool // the choices that were told in full already
	hinted   bool            // what can be typed while linecheck waits was told
	replayed int             // how many changes of a record were walked
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
	l := &Lines{opts: o, in: lines, out: out, id: NewRunID(), heard: map[string]bool{}}
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
		if ctx.Err() != nil {
			fmt.Fprintln(l.out) // the line holds a question, or ^C
			l.say(lang.T("lines.stopped"))
		}
		err = nil
	}
	return l.s, err
}

func (l *Lines) walk(ctx context.Context) error {
	l.say(lang.T("lines.welcome"))
	if l.opts.Place.Practice != "" {
		l.say(lang.T("lines.practice", "scene", l.opts.Place.Practice))
	}
	for _, line := range l.opts.notice() {
		l.say(line)
	}
	l.say(lang.T("lines.how"))
	if l.opts.Ask {
		if err := l.ask(ctx); err != nil {
			return err
		}
	}
	l.begin(ctx)
	for i := 0; ; {
		for i < len(l.s.Steps) {
			next, err := l.step(ctx, i)
			if err != nil {
				return err
			}
			i = max(next, 0)
		}
		back, err := l.end(ctx)
		if err != nil || !back {
			return err
		}
		i = max(0, len(l.s.Steps)-1)
	}
}

// begin makes the session: of this machine, of what was read, or of a record.
func (l *Lines) begin(ctx context.Context) {
	now := time.Now()
	switch {
	case l.opts.Replay != nil:
		l.s = l.opts.Replay.Session(l.opts.Role)
		l.past = l.s.Past
	case l.past != nil:
		l.s, _ = l.past.Session(l.opts.Role, now, now)
		l.s.Past = l.past
	default:
		l.s = l.opts.New(l.opts.Profiles, l.opts.Role, now)
	}
	if l.past != nil {
		l.say("\n" + lang.T("lines.past", "what", l.s.past()))
	}
	l.r = NewRunner(ctx, l.opts.Env(), l.opts.Place.Hands)
	if l.opts.Replay != nil {
		l.r.Replay(*l.opts.Replay)
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

// take is apply for what the runner tells. Of a record, the steps that somebody took are left out: whoever hears it
// walks alone.
func (l *Lines) take(changes []Change) {
	for _, c := range changes {
		if l.opts.Replay != nil {
			l.replayed++
			if _, moved := c.(Moved); moved {
				continue
			}
		}
		l.apply(c)
	}
}

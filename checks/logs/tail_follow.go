package logs

import (
	"context"
	"time"

	"linecheck/checks"
	"linecheck/checks/host"
)

// follow is Run for a live tail.
func follow(ctx context.Context, env checks.Env, since time.Duration, emit func(checks.Event)) (checks.Result, error) {
	var found finds
	select {
	case found = <-aside(func() finds { return find(ctx, env.Machine, env.Profile) }):
	case <-ctx.Done():
		return none(env)
	}
	if len(found.patterns) == 0 {
		return none(env)
	}
	t := &tail{files: env.Machine.Files, loc: time.Local, every: true, done: newGather(time.Time{}), known: map[string]bool{},
		search: func(ctx context.Context) []source { return find(ctx, env.Machine, env.Profile).all },
		tell:   func(e Entry) { emit(e.Line) },
		passed: func(g gap) { emit(g.line(time.Now())) }}
	waiting := ""
	t.waits = func(s string) {
		if s != waiting {
			waiting = s
			emit(checks.Progress{Waiting: s})
		}
	}
	if err := t.begin(ctx, found, time.Now().Add(-since)); err != nil {
		return checks.Result{}, err
	}
	err := t.run(ctx)
	return result(t.end(), found, env, since), err
}

// begin reads what is there already, silently, so that lines have their numbers and failures their count. What is older
// than start is left out of a large file, whose lines then have no numbers.
func (t *tail) begin(ctx context.Context, found finds, start time.Time) error {
	taken := map[string]bool{}
	for _, src := range found.sources {
		c, err := newCursor(src, t.loc, false, nil)
		if err != nil {
			return err
		}
		c.start = start
		t.cursors = append(t.cursors, c)
		taken[src.path] = true
	}
	t.gone = map[string]rest{}
	left := 0
	for _, s := range found.all {
		if taken[s.path] {
			continue
		}
		// Should it be written to again it is followed from here, from the next beginning of a line on.
		t.known[s.path] = true
		r := rest{foot: foot{path: s.path, at: max(s.size-2, 0) &^ 1, size: s.size, touched: s.changed}, begun: true, half: s.size > 0}
		if left++; left <= knownMost && ctx.Err() == nil {
			r.foot.meet(t.files)
		}
		t.keep(s.path, r)
	}
	scan(ctx, t.files, t.cursors, readers, func(int, *cursor) {})
	for _, c := range t.cursors {
		if c.id == nil {
			c.live.mute = c.source.size // it could not be opened; what it holds already is not new
		}
	}
	return nil
}

// knownMost is how many of the files that are not followed are known again under another name.
const knownMost = 256

// meet learns what a file is known by.
func (f *foot) meet(files host.Files) {
	h, info, err := reach(files, f.path)
	if err != nil {
		return
	}
	defer h.Close()
	f.id, f.head, f.mark = info, part(h, 0, min(headMax, f.at)), part(h, max(f.at-markMax, 0), min(f.at, markMax))
}

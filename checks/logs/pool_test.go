package logs

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// fickle is done after it was asked a number of times.
type fickle struct {
	context.Context
	left atomic.Int64
}

func (f *fickle) Err() error {
	if f.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

func TestAWorkerStopsInsideABlock(t *testing.T) {
	const all = 1000
	for title, c := range map[string]struct {
		asked int64
		whole bool
	}{
		"when nobody waits any more": {20, false},
		"and not before":             {100 * all, true},
	} {
		t.Run(title, func(t *testing.T) {
			told := 0
			cur, err := newCursor(source{path: fsLog}, time.UTC, false, func(*Entry) { told++ })
			must(t, err)
			ctx := &fickle{Context: t.Context()}
			ctx.left.Store(c.asked)
			p := newPool()
			defer p.close()
			err = p.read(ctx, strings.NewReader(strings.Repeat(wsFails, all)), 0, cur.stream)
			if whole := err == nil && told == all; whole != c.whole || !c.whole && (!errors.Is(err, context.Canceled) || told >= all) {
				t.Errorf("%d of %d lines were told, error %v", told, all, err)
			}
		})
	}
}

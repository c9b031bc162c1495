package host

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
)

const (
	usualEvents  = 1000 // where the caller does not say how many
	eventBatch   = 32   // ctx is looked at between two
	maxProviders = 64   // whose texts are kept open
)

// errNoneYet: the service needs longer for the next events.
var errNoneYet = errors.New("no events yet")

// eventCalls are the calls of the event log service. A handle of 0 is none.
type eventCalls interface {
	query(q EventQuery) (set uintptr, err error) // the newest first
	next(set uintptr, into []uintptr) (int, error)
	render(event uintptr) ([]byte, error) // as XML, at most MaxEvent
	publisher(name string) uintptr
	format(publisher, event uintptr) string
	close(handle uintptr)
}

// readEvents takes the newest events first, so that the newest remain where there are more than wanted. What was read
// before an error or the end of ctx is handed out all the same.
func readEvents(ctx context.Context, calls eventCalls, q EventQuery, each func(EventRecord) error) (bool, error) {
	got := reading{calls: calls}
	_, err := within(ctx, func() (struct{}, error) { return struct{}{}, got.run(ctx, q) })
	all, more := got.take()
	slices.Reverse(all)
	for _, e := range all {
		if err := each(e); err != nil {
			return more, err
		}
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", q.place(), err)
	}
	return more, err
}

// reading is one read, which may be left alone in the background when time runs out.
type reading struct {
	calls eventCalls
	big   int // events that are larger than linecheck reads, or that it cannot read

	mu   sync.Mutex
	all  []EventRecord // newest first
	more bool
}

func (r *reading) take() ([]EventRecord, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.all), r.more
}

// add reports whether more are wanted.
func (r *reading) add(e EventRecord, most int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.all) >= most {
		r.more = true
		return false
	}
	r.all = append(r.all, e)
	return true
}

func (r *reading) run(ctx context.Context, q EventQuery) error {
	set, err := r.calls.query(q)
	if err != nil {
		return err
	}
	defer r.calls.close(set)
	texts := publishers{}
	defer texts.close(r.calls)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		on, err := r.batch(set, q, texts)
		switch {
		case err != nil:
			return err
		case !on && r.big > 0:
			return fmt.Errorf("events that could not be read, or are larger than %d bytes: %d", MaxEvent, r.big)
		case !on:
			return nil
		}
	}
}

// batch takes the next few events; false at the end.
func (r *reading) batch(set uintptr, q EventQuery, texts publishers) (bool, error) {
	var handles [eventBatch]uintptr
	n, err := r.calls.next(set, handles[:])
	switch {
	case errors.Is(err, errNoneYet):
		return true, nil
	case errors.Is(err, io.EOF):
		return false, nil
	case err != nil:
		return false, err
	}
	got := handles[:min(n, eventBatch)]
	defer func() {
		for _, h := range got {
			r.calls.close(h)
		}
	}()
	for _, h := range got {
		xml, err := r.calls.render(h)
		if err != nil {
			r.big++
			continue
		}
		e, err := ParseEvent(xml)
		if err != nil {
			r.big++
			continue
		}
		if !q.fits(e) {
			continue
		}
		if e.Message == "" {
			e.Message = texts.message(r.calls, e.Provider, h)
		}
		if !r.add(e, q.most()) {
			return false, nil
		}
	}
	return len(got) > 0, nil
}

// publishers are providers whose texts are open; 0: this machine has none of them.
type publishers map[string]uintptr

func (p publishers) close(calls eventCalls) {
	for _, h := range p {
		if h != 0 {
			calls.close(h)
		}
	}
}

// message is the event's text in the machine's language; "" where this machine has no text for it.
func (p publishers) message(calls eventCalls, provider string, event uintptr) string {
	h, ok := p[provider]
	if !ok {
		if len(p) >= maxProviders {
			return ""
		}
		h = calls.publisher(provider)
		p[provider] = h
	}
	if h == 0 {
		return ""
	}
	return calls.format(h, event)
}

func (q EventQuery) most() int {
	if q.Most <= 0 {
		return usualEvents
	}
	return q.Most
}

// place is what is asked, for an error.
func (q EventQuery) place() string {
	if q.File != "" {
		return q.File
	}
	return q.Channel
}

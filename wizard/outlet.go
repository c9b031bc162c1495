package wizard

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync"
	"time"
)

// Outlet writes to a terminal, pipe or file whose other side may have stopped taking: once ctx is done a write is given
// up after a second, and every later one at once. It remembers the first error. Writes may come from any goroutine.
type Outlet struct {
	ctx context.Context
	w   io.Writer

	mu  sync.Mutex
	err error
}

// NewOutlet returns an outlet to w.
func NewOutlet(ctx context.Context, w io.Writer) *Outlet { return &Outlet{ctx: ctx, w: w} }

// lastWrite is how long the other side is given to take what is still to be said after an interrupt.
const lastWrite = time.Second

var errNotTaken = errors.New("nobody takes what is written")

func (o *Outlet) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if errors.Is(o.err, errNotTaken) {
		return 0, o.err // the write that was given up still holds the other side
	}
	n, err := o.write(bytes.Clone(p)) // the caller may use p again while a write that was given up still reads it
	if o.err == nil {
		o.err = err
	}
	return n, err
}

func (o *Outlet) write(p []byte) (int, error) {
	type result struct {
		n   int
		err error
	}
	done := make(chan result, 1)
	go func() {
		n, err := o.w.Write(p)
		done <- result{n, err}
	}()
	select {
	case r := <-done:
		return r.n, r.err
	case <-o.ctx.Done():
	}
	last := time.NewTimer(lastWrite)
	defer last.Stop()
	select {
	case r := <-done:
		return r.n, r.err
	case <-last.C:
		return 0, errNotTaken
	}
}

// Err is the first error of a write, nil while all went out.
func (o *Outlet) Err() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.err
}

// Inlet reads from r until ctx is done, also where r then still waits for its other side.
func Inlet(ctx context.Context, r io.Reader) io.Reader { return inlet{ctx, r} }

type inlet struct {
	ctx context.Context
	r   io.Reader
}

func (i inlet) Read(p []byte) (int, error) {
	type result struct {
		b   []byte
		err error
	}
	if err := i.ctx.Err(); err != nil {
		return 0, err
	}
	done := make(chan result, 1)
	go func() { // ends with the program where the other side says nothing any more
		b := make([]byte, len(p))
		n, err := i.r.Read(b)
		done <- result{b[:n], err}
	}()
	select {
	case r := <-done:
		return copy(p, r.b), r.err
	case <-i.ctx.Done():
		return 0, i.ctx.Err()
	}
}

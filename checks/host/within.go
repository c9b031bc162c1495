package host

import (
	"context"
	"time"
)

// lastWords is how long a call that watches ctx too is given to say what it was waiting for.
const lastWords = 100 * time.Millisecond

// within waits for a call of the system that knows no context. When ctx ends first the call goes on in the background
// and its result is dropped; the system's own limits end it.
func within[T any](ctx context.Context, call func() (T, error)) (T, error) {
	type result struct {
		v   T
		err error
	}
	var zero T
	if err := ctx.Err(); err != nil {
		return zero, err
	}
	done := make(chan result, 1)
	go func() {
		v, err := call()
		done <- result{v, err}
	}()
	select {
	case r := <-done:
		return r.v, r.err
	case <-ctx.Done():
	}
	select {
	case r := <-done:
		return r.v, r.err
	case <-time.After(lastWords):
		return zero, ctx.Err()
	}
}

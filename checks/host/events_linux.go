package host

import "context"

// noEvents is a system without an event log of this kind.
type noEvents struct{}

func (noEvents) Read(context.Context, EventQuery, func(EventRecord) error) (bool, error) {
	return false, ErrUnsupported
}

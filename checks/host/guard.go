package host

import (
	"context"
	"errors"
)

// NewGuards returns what starts watchdogs for the journal in dir. Each is this program itself, called as
// "linecheck guard --promise ID".
func NewGuards(dir string) Guards { return guards{dir} }

type guards struct{ dir string }

// Watch implements [Guards].
func (guards) Watch(context.Context, string) (Guard, error) { return nil, errors.ErrUnsupported }

// Lock implements [Journal].
func (j journal) Lock(context.Context) (func(), error) { return func() {}, nil }

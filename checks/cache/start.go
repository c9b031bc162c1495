package cache

import (
	"context"
	"errors"
	"fmt"
	"time"

	"linecheck/checks/host"
)

// How long a service may take. Windows itself waits 30 s for a start before it calls it failed.
const (
	stopWait    = time.Minute
	startWait   = 30 * time.Second
	pendingWait = 10 * time.Second // for a state that is on its way to another
	pollEvery   = 250 * time.Millisecond
	settleWait  = time.Second // a service that dies at once after its start is not running
	startTries  = 3
	startPause  = 3 * time.Second // between two tries
)

// starter starts services and does not believe it before it saw them running.
type starter struct {
	services host.Services
	control  host.Controller
	tell     func(format string, args ...any)
}

// up makes the service run, in at most startTries tries. started is false where it ran already.
func (s starter) up(ctx context.Context, name string) (started bool, err error) {
	for try := 1; ; try++ {
		began, e := s.once(ctx, name, try)
		started, err = started || began, e
		if err == nil || try == startTries || final(err) {
			return started, err
		}
		if !pause(ctx, startPause) {
			return started, errors.Join(err, ctx.Err())
		}
	}
}

// errPending says that a start was accepted and does not come to its end: another one would be refused.
var errPending = errors.New("it has been starting for too long")

// final reports whether another try can change nothing.
func final(err error) bool {
	return host.Denied(err) || errors.Is(err, host.ErrNotFound) || errors.Is(err, errPending)
}

func (s starter) once(ctx context.Context, name string, try int) (started bool, err error) {
	err = guarded(func() (err error) { started, err = s.launch(ctx, name, try); return err })
	return started, err
}

func (s starter) launch(ctx context.Context, name string, try int) (started bool, err error) {
	if state, err := s.settled(ctx, name); err == nil && state == host.Running {
		return false, nil
	}
	s.tell("%s: starting, try %d of %d", name, try, startTries)
	limit, cancel := context.WithTimeout(ctx, startWait)
	defer cancel()
	failed := s.control.Start(limit, name)
	if host.Denied(failed) || errors.Is(failed, host.ErrNotFound) {
		return false, failed
	}
	// An error of Start is not the last word: "already running" is one too.
	for first := true; ; first = false {
		state, err := s.settled(ctx, name)
		switch {
		case err != nil:
			return failed == nil, errors.Join(failed, fmt.Errorf("whether it runs cannot be told: %w", err))
		case state == host.StartPending:
			return true, errors.Join(errPending, failed)
		case state != host.Running && failed != nil:
			return false, failed
		case state != host.Running:
			return false, fmt.Errorf("its state is %q after the start", state)
		case !first:
			return true, nil
		case !pause(ctx, settleWait):
			return true, ctx.Err()
		}
	}
}

// settled waits until the state is none that is on its way to another, at most pendingWait, and returns the last one.
func (s starter) settled(ctx context.Context, name string) (host.ServiceState, error) {
	end := time.Now().Add(pendingWait)
	for {
		svc, err := query(ctx, s.services, name)
		if err != nil || svc.State != host.StartPending && svc.State != host.StopPending {
			return svc.State, err
		}
		if !time.Now().Before(end) || !pause(ctx, pollEvery) {
			return svc.State, nil
		}
	}
}

// pause waits; false where ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

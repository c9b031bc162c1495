package cache

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"linecheck/checks"
	"linecheck/checks/host"
)

// busy is longer than any cleanup takes, so that an older promise belongs to nobody who still works.
const busy = 10 * time.Minute

// maxID is the longest ID that a journal takes.
const maxID = 100

// promise is the promise to start a service; place is its turn, 0 the product's own.
func promise(service string, place int) host.Promise {
	return host.Promise{ID: promiseID(service), Action: "start", Services: []string{service},
		Written: time.Now().Add(time.Duration(place)), PID: os.Getpid()}
}

// promiseID is the same for every promise about one service: two of them would be kept by one start.
func promiseID(service string) string {
	b := []byte("start-" + service)
	for i, c := range b {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '.') {
			b[i] = '_'
		}
	}
	return string(b[:min(len(b), maxID)])
}

// strike takes a promise back. It turns a panic into an error: the next service still waits to be started.
func strike(j host.Journal, service string) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("linecheck itself failed: %v", p)
		}
	}()
	if err := j.Strike(promiseID(service)); err != nil {
		return fmt.Errorf("the promise to start %s is kept but could not be struck: %w", service, err)
	}
	return nil
}

// KeepPromises starts the services that an interrupted cleanup left stopped; main calls it before anything else. It
// returns what it changed, and an error for every promise that stays open. A promise of a process that may still be at
// work is left alone, as is one that is no start.
func KeepPromises(ctx context.Context, machine host.Machine, hands host.Hands) ([]checks.Change, error) {
	open, err := hands.Journal.Open()
	if err != nil && len(open) == 0 {
		return nil, fmt.Errorf("promises of an earlier run cannot be read: %w", err)
	}
	errs := []error{err}
	slices.SortStableFunc(open, func(a, b host.Promise) int { return a.Written.Compare(b.Written) })
	var changes []checks.Change
	s := starter{services: machine.Services, control: hands.Services, tell: func(string, ...any) {}}
	for _, p := range open {
		if p.Action != "start" || len(p.Services) != 1 || oddName(p.Services[0]) {
			errs = append(errs, fmt.Errorf("promise %q is not understood: %s %q", p.ID, p.Action, p.Services[0]))
			continue
		}
		if p.PID != os.Getpid() && time.Since(p.Written) < busy && host.Alive(p.PID) {
			errs = append(errs, fmt.Errorf("another linecheck, process %d, is at work on the service %s", p.PID, p.Services[0]))
			continue
		}
		started, err := s.up(ctx, p.Services[0])
		c := checks.Change{What: "start " + p.Services[0] + ", which an interrupted cleanup had stopped", When: time.Now(),
			Result: "done", Undo: command(machine.OS, "stop", p.Services[0])}
		switch {
		case errors.Is(err, host.ErrNotFound):
			c.Result, c.Undo = "failed: the service is no longer on this machine; the promise is given up", ""
		case err != nil:
			c.Result = "failed: " + oneLine(err)
			errs = append(errs, fmt.Errorf("%s is stopped since an interrupted cleanup; start it as administrator with %q: %w",
				p.Services[0], command(machine.OS, "start", p.Services[0]), err))
		}
		if started || err != nil {
			changes = append(changes, c)
		}
		if err == nil || errors.Is(err, host.ErrNotFound) {
			if err := hands.Journal.Strike(p.ID); err != nil {
				errs = append(errs, fmt.Errorf("the promise to start %s could not be struck: %w", p.Services[0], err))
			}
		}
	}
	return changes, errors.Join(errs...)
}

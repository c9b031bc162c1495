package cache

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"linecheck/checks/host"
)

// begin writes the promise and sets a watchdog. Where one of the two cannot be had, nothing is changed.
func (j *job) begin(ctx context.Context) error {
	defer j.step(stepPromise, "")()
	services := slices.Clone(j.plan.stops)
	slices.Reverse(services)
	var err error
	if j.promise, err = newPromise(j.plan.dir, services); err != nil {
		return err
	}
	if err := j.reach(phaseBegun); err != nil {
		j.note("journal", strike(j.hands.Journal, j.promise.ID)) // it may be there all the same
		return err
	}
	err = guarded(func() (err error) { j.guard, err = j.hands.Guards.Watch(ctx, j.promise.ID); return err })
	if err != nil {
		j.note("journal", strike(j.hands.Journal, j.promise.ID))
		return fmt.Errorf("no second process could be started that would bring the service back if linecheck were ended: %w", err)
	}
	_ = guarded(func() error {
		for _, t := range j.guard.Told() {
			j.note("watchdog", errors.New(t))
		}
		return nil
	})
	return nil
}

// reach writes down how far the work is, before it goes on.
func (j *job) reach(phase string) error {
	p := j.promise
	p.Phase, p.Written = phase, time.Now()
	if err := guarded(func() error { return j.hands.Journal.Promise(p) }); err != nil {
		return fmt.Errorf("the promise to finish the cleanup could not be written: %w", err)
	}
	j.promise = p
	return nil
}

// forward is the cleanup itself. back says that what was moved has to be taken back even where the service runs.
func (j *job) forward(ctx context.Context) (back bool, err error) {
	for _, name := range j.plan.stops {
		if err := j.stop(ctx, name); err != nil {
			return false, err
		}
	}
	if err := j.reach(phaseMoving); err != nil {
		return false, err
	}
	if err := j.shelve(ctx); err != nil {
		return true, err
	}
	if err := j.reach(phaseMoved); err != nil {
		return true, err
	}
	var late error
	for i, name := range j.promise.Services {
		done := j.step(stepStart, name)
		err := j.start(ctx, []string{name})
		done()
		if err != nil && i == 0 {
			return true, fmt.Errorf("with an empty cache %w", err)
		}
		late = errors.Join(late, err)
	}
	if late != nil {
		return false, late
	}
	if len(j.plan.stops) > 0 {
		done := j.step(stepCheck, "")
		err := j.cloud.again(ctx, j.tell)
		done()
		if err != nil {
			return true, fmt.Errorf("an address of the product answered before, and none does since its service was started with an empty cache: %w", err)
		}
		// A service may run for some seconds only: from here on there is no way back.
		for i, name := range j.promise.Services {
			if !j.runs(ctx, name) {
				return i == 0, fmt.Errorf("%s was started with an empty cache and did not stay running", name)
			}
		}
	}
	// Without these words on the disk the older ones lead to the same end, as the services run.
	j.note("journal", j.reach(phaseVerified))
	done := j.step(stepDelete, "")
	defer done()
	j.removed, j.freed, j.open = j.remove(ctx, j.promise)
	j.note("deleting", j.open)
	if j.open == nil {
		j.amend("done", "cannot be undone: it was deleted once the service ran again")
	}
	return false, j.start(ctx, j.promise.Services) // they run, or died while that was deleted
}

// stop stops one service and makes sure that it has.
func (j *job) stop(ctx context.Context, name string) error {
	defer j.step(stepStop, name)()
	limit, cancel := context.WithTimeout(ctx, stopWait)
	defer cancel()
	err := guarded(func() error {
		err := j.hands.Services.Stop(limit, name)
		if err == nil {
			var svc host.Service
			if svc, err = query(ctx, j.services, name); err == nil && svc.State != host.Stopped {
				err = fmt.Errorf("its state is %q", svc.State)
			}
		}
		return err
	})
	j.record("stop "+name, command(j.os, "start", name), err)
	if err == nil {
		return nil
	}
	switch {
	case host.Denied(err):
		err = fmt.Errorf("%w (the product's own tamper protection may forbid it)", err)
	case limit.Err() != nil:
		err = fmt.Errorf("it did not come to its end within %d s: %w", int(stopWait.Seconds()), err)
	}
	return fmt.Errorf("%s could not be stopped: %w", name, err)
}

// shelve moves the content aside.
func (j *job) shelve(ctx context.Context) error {
	defer j.step(stepMove, "")()
	limit, cancel := context.WithTimeout(ctx, moveWait)
	defer cancel()
	j.content = between
	n := 0
	err := guarded(func() (err error) {
		n, err = j.hands.Files.Shelve(limit, j.promise.Dir, j.promise.Shelf, func(n int) { j.doing("moving aside: %s so far", things(n, "entry")) })
		return err
	})
	j.record(fmt.Sprintf("move what was in %s aside to %s (%s)", j.promise.Dir, j.promise.Shelf, things(n, "entry")), undoMove, err)
	if err != nil {
		return fmt.Errorf("the content of %s could not be moved aside: %w", j.promise.Dir, err)
	}
	j.content = aside
	return nil
}

// undo makes the machine as it was, as far as that can be.
func (j *job) undo(ctx context.Context, back bool) error {
	defer j.back()()
	moved := j.content != inPlace
	if moved && back {
		for _, name := range j.plan.stops {
			if j.stands(ctx, name) {
				continue
			}
			if err := j.stop(ctx, name); err != nil {
				// It runs with an empty cache: that is left to it.
				back = false
				break
			}
		}
	}
	if moved && back {
		j.open = j.keeper.back(ctx, j.promise)
	} else {
		j.open = j.keep(ctx, j.promise)
	}
	if moved && j.content == inPlace {
		j.amend("rolled back: everything is in its place again", undoReturn)
	}
	return j.open
}

// amend says of the move what became of it.
func (j *job) amend(result, undo string) {
	for i := range j.changes {
		if c := &j.changes[i]; c.Undo == undoMove {
			c.Result, c.Undo = result, undo
		}
	}
}

// close strikes the promise where it is kept, and hands it to the watchdog where it is not.
func (j *job) close() {
	if j.open == nil {
		j.open = strike(j.hands.Journal, j.promise.ID)
	}
	end, name := j.guard.Dismiss, "dismissing the watchdog"
	if j.open != nil {
		end, name = j.guard.Leave, "leaving it to the watchdog"
	}
	j.note(name, guarded(end))
}

// How changes are taken back.
const (
	undoMove   = "linecheck moves it back where the service does not start"
	undoReturn = "nothing is left to undo"
)

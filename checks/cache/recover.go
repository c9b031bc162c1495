package cache

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"linecheck/checks"
	"linecheck/checks/host"
)

// How long the content may take. The product stands still while it is moved, so that has to be quick: it is renamed, not
// copied.
const (
	moveWait    = time.Minute
	returnWait  = 15 * time.Second
	discardWait = time.Minute
)

// keeper makes true what a promise says, and notes what it changed.
type keeper struct {
	starter
	os      string
	files   host.Files
	hands   host.Hands
	changes []checks.Change
	content content // where it is now, by what was seen
}

// content is where the cache's content is.
type content string

const (
	inPlace content = "in its place"
	between content = "partly moved aside"
	aside   content = "moved aside"
	deleted content = "deleted"
)

func newKeeper(m host.Machine, hands host.Hands) *keeper {
	return &keeper{starter: starter{services: m.Services, control: hands.Services, tell: func(string, ...any) {}}, os: m.OS, files: m.Files, hands: hands, content: inPlace}
}

// keep takes up a cleanup where it was left and brings it to an end, forward or back. nil: every service of the promise
// was seen running, the shelf is gone, and the promise may be struck. Services go first: they are started also after ctx
// is done; deleting heeds it.
func (k *keeper) keep(ctx context.Context, p host.Promise) error {
	switch p.Phase {
	case phaseBegun:
		return k.start(ctx, p.Services)
	case phaseMoving, phaseReturning:
		if len(p.Services) == 0 || !k.runs(ctx, p.Services[0]) {
			return k.back(ctx, p)
		}
		// Somebody started it meanwhile: it is not disturbed a second time for what is only a cache.
	case phaseMoved:
		if len(p.Services) > 0 {
			if err := k.start(ctx, p.Services[:1]); err != nil {
				return k.back(ctx, p)
			}
		}
	}
	return errors.Join(k.start(ctx, p.Services), k.discard(ctx, p))
}

// back puts the content where it was, starts the services, and then removes what could not be put back.
func (k *keeper) back(ctx context.Context, p host.Promise) error {
	if p.Phase != phaseReturning {
		p.Phase = phaseReturning
		// Where it cannot be written the older phase leads to the same end.
		_ = guarded(func() error { return k.hands.Journal.Promise(p) })
	}
	err := k.takeBack(ctx, p)
	started := k.start(ctx, p.Services)
	if err != nil && started != nil {
		// It may start with its cache only, and what kept the content back may be over.
		err = k.takeBack(ctx, p)
		started = k.start(ctx, p.Services)
	}
	switch {
	case err == nil:
		return started
	case started != nil || len(p.Services) == 0 && !host.Absent(err) && linked(k.files, p.Dir) == "":
		return errors.Join(started, fmt.Errorf("the content of %s could not be moved back: %w", p.Dir, err))
	}
	return k.discard(ctx, p) // nobody waits for it: the service runs, or its folder is gone
}

func (k *keeper) takeBack(ctx context.Context, p host.Promise) error {
	k.tell("moving the content of %s back", p.Dir)
	n := 0
	err := guarded(func() (err error) {
		limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), returnWait)
		defer cancel()
		n, err = k.hands.Files.Return(limit, p.Dir, p.Shelf)
		return err
	})
	if k.content = inPlace; err != nil {
		k.content = between
	}
	if n > 0 || err != nil {
		k.record("move the content of "+p.Dir+" back ("+things(n, "entry")+")", undoReturn, err)
	}
	return err
}

// start starts the services in their order and returns what did not start.
func (k *keeper) start(ctx context.Context, services []string) error {
	ctx = context.WithoutCancel(ctx)
	var errs []error
	for _, name := range services {
		started, err := k.up(ctx, name)
		if started || err != nil {
			k.record("start "+name, command(k.os, "stop", name), err)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%s did not start: %w", name, err))
		}
	}
	return errors.Join(errs...)
}

// runs reports whether a service was seen running.
func (k *keeper) runs(ctx context.Context, name string) bool {
	return guarded(func() error {
		state, err := k.settled(context.WithoutCancel(ctx), name)
		if err == nil && state != host.Running {
			err = errors.New(string(state))
		}
		return err
	}) == nil
}

// stands reports whether a service was seen stopped. One that cannot be asked may run.
func (k *keeper) stands(ctx context.Context, name string) bool {
	return guarded(func() error {
		svc, err := query(ctx, k.services, name)
		if err == nil && svc.State != host.Stopped {
			err = errors.New(string(svc.State))
		}
		return err
	}) == nil
}

// discard deletes what was moved aside.
func (k *keeper) discard(ctx context.Context, p host.Promise) error {
	_, _, err := k.remove(ctx, p)
	return err
}

func (k *keeper) remove(ctx context.Context, p host.Promise) (files int, bytes int64, err error) {
	k.tell("deleting what was moved aside")
	err = guarded(func() (err error) {
		limit, cancel := context.WithTimeout(ctx, discardWait)
		defer cancel()
		files, bytes, err = k.hands.Files.Discard(limit, p.Dir, p.Shelf)
		return err
	})
	if files > 0 || err != nil {
		k.record(fmt.Sprintf("delete what was in %s (%s, %s)", p.Dir, things(files, "file"), size(bytes)),
			"cannot be undone; the product fills its cache again by itself", err)
	}
	if err != nil {
		return files, bytes, fmt.Errorf("what was moved aside to %s could not be deleted: %w", p.Shelf, err)
	}
	k.content = deleted
	return files, bytes, nil
}

func (k *keeper) record(what, undo string, err error) {
	c := checks.Change{What: what, When: time.Now(), Result: "done", Undo: undo}
	if err != nil {
		c.Result = "failed: " + oneLine(err)
	}
	k.changes = append(k.changes, c)
}

// released reports whether nothing but a shelf is left of a promise, and that lies behind a link by now: linecheck never
// goes there, and a service no longer needs it.
func (k *keeper) released(ctx context.Context, p host.Promise) bool {
	at := linked(k.files, above(p.Dir))
	if at == "" || slices.ContainsFunc(p.Services, func(name string) bool { return !k.runs(ctx, name) }) {
		return false
	}
	k.changes = append(k.changes, checks.Change{What: "delete " + p.Shelf + ", which an interrupted cleanup had moved aside", When: time.Now(),
		Result: "failed: " + at + " is a link now; the promise is given up, and an administrator may delete what is left"})
	return true
}

// gone drops the services of a promise that are no longer on this machine: nobody can start them.
func (k *keeper) gone(ctx context.Context, p host.Promise) host.Promise {
	p.Services = slices.Clone(p.Services)
	p.Services = slices.DeleteFunc(p.Services, func(name string) bool {
		err := guarded(func() error { _, err := query(ctx, k.services, name); return err })
		if !errors.Is(err, host.ErrNotFound) {
			return false
		}
		k.changes = append(k.changes, checks.Change{What: "start " + name + ", which an interrupted cleanup had stopped", When: time.Now(),
			Result: "failed: the service is no longer on this machine; the promise is given up"})
		return true
	})
	return p
}

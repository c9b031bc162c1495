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

const (
	lockWait   = 30 * time.Second // for a cleanup, or its watchdog, that is at work when linecheck starts
	guardFor   = 10 * time.Minute // how long a watchdog goes on trying
	guardEvery = 5 * time.Second
)

// KeepPromises brings interrupted cleanups to their end; main calls it before anything else. It returns what it changed
// and what a watchdog changed before, and an error for every promise that stays open. It waits up to 30 s for a process
// that is at work on a promise; [host.ErrBusy] where that goes on.
func KeepPromises(ctx context.Context, machine host.Machine, hands host.Hands) ([]checks.Change, error) {
	if open, err := hands.Journal.Open(); len(open) == 0 {
		return nil, unreadable(err)
	}
	wait, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	unlock, err := lock(func() (func(), error) { return hands.Journal.Lock(wait) }, hands.Journal)
	if err != nil {
		return nil, err
	}
	defer unlock()
	open, err := hands.Journal.Open() // again: whoever had the lock may have kept them
	errs := []error{unreadable(err)}
	var changes []checks.Change
	for _, p := range open {
		changes = append(changes, told(p)...)
		if p.Action != actionTold {
			made, err := settle(ctx, machine, hands, p)
			changes = append(changes, made...)
			if err != nil {
				errs = append(errs, err)
				continue
			}
		}
		errs = append(errs, strike(hands.Journal, p.ID))
	}
	return changes, errors.Join(errs...)
}

func unreadable(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("what it may have left to do cannot be read: %w", err)
}

// settle keeps one promise. An error: it stays open.
func settle(ctx context.Context, machine host.Machine, hands host.Hands, p host.Promise) ([]checks.Change, error) {
	if err := understood(p); err != nil {
		return nil, err
	}
	k := newKeeper(machine, hands)
	p = k.gone(ctx, p)
	err := k.keep(ctx, p)
	if err == nil || k.released(ctx, p) {
		return k.changes, nil
	}
	down := ""
	for _, name := range p.Services {
		if !k.runs(ctx, name) {
			down += fmt.Sprintf("; start %s as administrator: %s", name, command(machine.OS, "start", name))
		}
	}
	return k.changes, fmt.Errorf("an interrupted cleanup of %s is not at its end: %w%s", p.Dir, err, down)
}

// Guard is the work of a watchdog once its parent is gone: it brings the cleanup of that promise to its end, tries again
// for 10 minutes where it cannot, and leaves word of what it did for the next start. nil where nothing is left to be done.
func Guard(ctx context.Context, machine host.Machine, hands host.Hands, id string) error {
	limit, cancel := context.WithTimeout(ctx, guardFor)
	defer cancel()
	var before []host.Told
	for {
		made, err := attend(limit, machine, hands, id, before)
		if err == nil || !pause(limit, guardEvery) {
			return err
		}
		before = append(before, made...)
	}
}

// attend makes one try under the lock. before is what earlier tries did; it returns what this one did.
func attend(ctx context.Context, machine host.Machine, hands host.Hands, id string, before []host.Told) (made []host.Told, err error) {
	unlock, err := lock(func() (func(), error) { return hands.Journal.Lock(ctx) }, hands.Journal)
	if err != nil {
		return nil, err
	}
	defer unlock()
	var open []host.Promise
	err = guarded(func() (err error) { open, err = hands.Journal.Open(); return err })
	for _, p := range open {
		if p.ID != id || p.Action == actionTold {
			continue
		}
		changes, err := settle(ctx, machine, hands, p)
		for _, c := range changes {
			if err == nil || c.Result == "done" { // the failures of a try that is made again are no news
				made = append(made, host.Told{When: c.When, What: c.What, Result: c.Result})
			}
		}
		if err != nil {
			return made, err
		}
		all := slices.Concat(before, made)
		if len(all) == 0 {
			return nil, strike(hands.Journal, id)
		}
		t := host.Promise{ID: id, Action: actionTold, Told: all, Written: time.Now()}
		if guarded(func() error { return hands.Journal.Promise(t) }) == nil {
			return made, nil
		}
		return made, strike(hands.Journal, id) // better that nobody is told than that it is done again
	}
	if errors.Is(err, host.ErrBadPromise) {
		err = nil // that is another one, or one that no try will make readable
	}
	return nil, err
}

// told are the changes that a watchdog left word of.
func told(p host.Promise) []checks.Change {
	var out []checks.Change
	for _, t := range p.Told {
		out = append(out, checks.Change{What: t.What + " (by the watchdog, after linecheck had ended)", When: t.When, Result: t.Result})
	}
	return out
}

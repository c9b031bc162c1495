package cache

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"linecheck/checks/host"
)

// The actions of a promise.
const (
	actionClean = "clean"
	actionTold  = "told" // kept by a watchdog; a person has to be told
)

// The phases of a cleanup. Each is on the disk before the next thing happens.
const (
	phaseBegun     = "begun"     // services may be stopped; nothing was moved
	phaseMoving    = "moving"    // content may be in both places
	phaseMoved     = "moved"     // all content is on the shelf
	phaseReturning = "returning" // content is on its way back
	phaseVerified  = "verified"  // services run and the line answers; the shelf is no longer needed
)

// newPromise is what a cleanup writes down before it begins. services are in the order in which they are started.
func newPromise(dir string, services []string) (host.Promise, error) {
	var b [8]byte
	if _, err := rand.Read(b[:]); err != nil {
		return host.Promise{}, err
	}
	number := hex.EncodeToString(b[:])
	return host.Promise{ID: "clean-" + number, Action: actionClean, Phase: phaseBegun, Services: services,
		Dir: dir, Shelf: host.Shelf(dir, number), Written: time.Now(), PID: os.Getpid()}, nil
}

const otherVersion = "start the version that wrote it once more, as administrator"

// understood says why a promise must not be acted on, nil where it may: what it names is started and deleted with an
// administrator's rights.
func understood(p host.Promise) error {
	if p.Action != actionClean {
		return fmt.Errorf("promise %q is of a kind that this linecheck does not know: %q; %s", p.ID, p.Action, otherVersion)
	}
	switch p.Phase {
	case phaseBegun, phaseMoving, phaseMoved, phaseReturning, phaseVerified:
	default:
		return fmt.Errorf("promise %q is in a phase that this linecheck does not know: %q; %s", p.ID, p.Phase, otherVersion)
	}
	if len(p.Services) > maxChain {
		return fmt.Errorf("promise %q names more than %d services", p.ID, maxChain)
	}
	for _, s := range p.Services {
		if oddName(s) {
			return fmt.Errorf("promise %q names a service %q that cannot be one", p.ID, s)
		}
	}
	if err := unsafePlace(p.Dir); err != nil {
		return fmt.Errorf("promise %q: %w", p.ID, err)
	}
	if !host.IsShelf(p.Dir, p.Shelf) {
		return fmt.Errorf("promise %q names %q, which is no shelf of %s", p.ID, p.Shelf, p.Dir)
	}
	return nil
}

// guarded turns a panic into an error: what comes after it must still be done.
func guarded(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("linecheck itself failed: %v", p)
		}
	}()
	return f()
}

// strike takes a promise back that is kept.
func strike(j host.Journal, id string) error {
	if err := guarded(func() error { return j.Strike(id) }); err != nil {
		return fmt.Errorf("what was promised is done, but the promise could not be struck: %w", err)
	}
	return nil
}

// lock takes the journal, and says who has it where that can be told.
func lock(wait func() (func(), error), j host.Journal) (unlock func(), err error) {
	err = guarded(func() (err error) { unlock, err = wait(); return err })
	if err == nil {
		free := unlock // the result of this function is another one in a moment
		return func() { _ = guarded(func() error { free(); return nil }) }, nil
	}
	if errors.Is(err, host.ErrBusy) {
		open, _ := j.Open()
		for _, p := range slices.Backward(open) {
			if p.Action == actionClean {
				err = fmt.Errorf("%w: process %d cleans %s since %s", err, p.PID, p.Dir, clock(p.Written, time.Now()))
				break
			}
		}
	}
	return nil, err
}

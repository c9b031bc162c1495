package wizard

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"linecheck/checks"
	"linecheck/checks/host"
)

// Runner runs checks beside the screen and gathers what they say. It holds no state of the session.
type Runner struct {
	base   checks.Env // Profile and Facts are filled in for each run
	hands  host.Hands
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu       sync.Mutex
	pending  []Change
	gathered map[Key]*gathering // what runs said since the last look
	urgent   bool               // something in pending cannot wait for the gathering time
	wake     chan struct{}      // one token: there is something to tell
	stop     map[runID]context.CancelFunc
}

type runID struct {
	key    Key
	follow bool
}

// NewRunner returns a runner whose checks use env. ctx ends them all, except a fix under way.
func NewRunner(ctx context.Context, env checks.Env, hands host.Hands) *Runner {
	ctx, cancel := context.WithCancel(ctx)
	return &Runner{base: env, hands: hands, ctx: ctx, cancel: cancel,
		wake: make(chan struct{}, 1), gathered: map[Key]*gathering{}, stop: map[runID]context.CancelFunc{}}
}

// StartReady starts every run that may begin and returns the session in which they run, so that the next look does not
// start them twice.
func (r *Runner) StartReady(s Session) Session {
	for _, k := range s.Ready() {
		r.Start(s, k, false)
		s = s.Apply(RunStarted{Key: k, At: time.Now()})
	}
	return s
}

// Start begins a run that is not under way. RunStarted comes out of Next, like everything that happens to it.
func (r *Runner) Start(s Session, k Key, follow bool) {
	c, ok := checks.Lookup(k.Check)
	i := s.profile(k.Profile)
	if !ok || i < 0 {
		return
	}
	env := r.base
	env.Profile, env.Facts, env.Follow = s.Profiles[i], s.Facts(k.Profile), follow
	var ctx context.Context
	var cancel context.CancelFunc
	if t := c.Spec().Timeout; t > 0 && !follow {
		ctx, cancel = context.WithTimeoutCause(r.ctx, t, fmt.Errorf("not finished within %s", t))
	} else {
		ctx, cancel = context.WithCancel(r.ctx)
	}
	id := runID{k, follow}
	r.mu.Lock()
	if r.stop[id] != nil {
		r.mu.Unlock()
		cancel()
		return
	}
	r.stop[id] = cancel
	r.mu.Unlock()
	r.put(k, RunStarted{Key: k, At: time.Now(), Follow: follow})
	r.wg.Go(func() {
		res, err := guarded(func() (checks.Result, error) { return c.Run(ctx, env, func(e checks.Event) { r.event(k, e) }) })
		if ctx.Err() != nil && err == nil {
			err = context.Cause(ctx)
		}
		if errors.Is(err, context.Canceled) {
			err = errStopped
		}
		cancel()
		r.mu.Lock()
		delete(r.stop, id)
		r.mu.Unlock()
		r.put(k, RunFinished{Key: k, At: time.Now(), Result: res, Err: err, Follow: follow})
	})
}

var errStopped = errors.New("stopped before it was finished")

// Stop ends the runs of a key, the tail too.
func (r *Runner) Stop(k Key) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for id, cancel := range r.stop {
		if id.key == k {
			cancel()
		}
	}
}

// StopTail ends only the live tail of a key.
func (r *Runner) StopTail(k Key) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if cancel := r.stop[runID{k, true}]; cancel != nil {
		cancel()
	}
}

// Fix carries out an action that a person approved, and returns the session in which it is under way. It is not ended by
// the runner's context: a service that was stopped has to be started again.
func (r *Runner) Fix(s Session, k Key, a checks.Action, by Approval) Session {
	c, _ := checks.Lookup(k.Check)
	f, ok := c.(checks.Fixer)
	i := s.profile(k.Profile)
	if !ok || i < 0 || s.openRepair(k) >= 0 {
		return s
	}
	env := r.base
	env.Profile, env.Facts = s.Profiles[i], s.Facts(k.Profile)
	r.wg.Go(func() {
		res, err := guarded(func() (checks.Result, error) {
			return f.Fix(context.WithoutCancel(r.ctx), env, r.hands, a, func(e checks.Event) { r.said(k, e) })
		})
		r.put(k, FixFinished{Key: k, At: time.Now(), Result: res, Err: err})
	})
	return s.Apply(FixStarted{Key: k, Action: a, Approved: by})
}

// guarded turns a panic of one check, or of reading what a person named, into its own error, so that the others and the
// terminal live on.
func guarded[T any](f func() (T, error)) (res T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("this check broke down, please report it: %v at %s", p, debug.Stack())
		}
	}()
	return f()
}

// Next waits until something happened and returns it, oldest first. Events are gathered for checks.Gather; beginnings and
// ends are told at once. It returns nil when ctx is done.
func (r *Runner) Next(ctx context.Context) []Change {
	select {
	case <-r.wake:
	case <-ctx.Done():
		return nil
	}
	if !r.isUrgent() {
		t := time.NewTimer(checks.Gather)
		defer t.Stop()
	gather:
		for {
			select {
			case <-t.C:
				break gather
			case <-r.wake:
				if r.isUrgent() {
					break gather
				}
			case <-ctx.Done():
				break gather
			}
		}
	}
	r.mu.Lock()
	for _, k := range slices.SortedFunc(maps.Keys(r.gathered), func(a, b Key) int {
		return cmp.Or(cmp.Compare(a.Check, b.Check), cmp.Compare(a.Profile, b.Profile))
	}) {
		r.flush(k)
	}
	out := r.pending
	r.pending, r.urgent = nil, false
	select {
	case <-r.wake:
	default:
	}
	r.mu.Unlock()
	return quietly(out)
}

func (r *Runner) isUrgent() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.urgent
}

// drain returns what is still to be told, without waiting.
func (r *Runner) drain() []Change {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := r.pending
	r.pending = nil
	return quietly(out)
}

// Close ends every run and waits for them, and for a fix under way.
func (r *Runner) Close() {
	r.cancel()
	r.wg.Wait()
}

// Cancel ends every run and does not wait.
func (r *Runner) Cancel() { r.cancel() }

// put tells of a beginning or an end, behind what the run said before it.
func (r *Runner) put(k Key, c Change) {
	r.mu.Lock()
	r.flush(k)
	r.pending = append(r.pending, c)
	r.urgent = true
	r.signal()
	r.mu.Unlock()
}

// signal leaves a token. The caller holds mu: a token that came after what it stands for was taken would wake Next for
// nothing, which says that the person left.
func (r *Runner) signal() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

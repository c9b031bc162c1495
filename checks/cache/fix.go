package cache

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"linecheck/checks"
	"linecheck/checks/host"
)

// busyWait is how long a cleanup waits for another linecheck before it gives way.
const busyWait = 5 * time.Second

// errPlan says that what a person approved is not what would be done now.
var errPlan = errors.New("the machine is not as it was when the plan was made; look again")

// job is one cleanup under way.
type job struct {
	*keeper
	env     checks.Env
	cloud   cloud
	plan    plan
	emit    func(checks.Event)
	steps   []step
	waits   waits
	saying  sync.Mutex
	before  survey
	promise host.Promise
	guard   host.Guard

	begun   bool // something may have been changed
	removed int
	freed   int64
	open    error             // why the promise was not struck
	notes   []checks.Evidence // what else is worth knowing
}

// Fix empties the cache. Whatever happens on the way, an error or a panic, every service that it stopped is started
// again; a promise in the journal and a watchdog do so where this process itself ends. Only the time before the first
// change heeds ctx.
func (c check) Fix(ctx context.Context, env checks.Env, hands host.Hands, action checks.Action, emit func(checks.Event)) (checks.Result, error) {
	j := &job{keeper: newKeeper(env.Machine, hands), env: env, cloud: newCloud(env, c.walk), emit: emit}
	j.tell = func(format string, args ...any) { j.doing(format, args...); j.progress() }
	err := j.admit(ctx, action)
	switch {
	case err != nil:
		err = fmt.Errorf("nothing was changed: %w", err)
	case j.before.nothing():
		// The product was faster: there is no reason to stop anything.
	default:
		err = j.locked(ctx)
	}
	res := checks.Result{Findings: []checks.Finding{j.finding(context.WithoutCancel(ctx), err)}, Changes: j.changes}
	j.say(checks.Found{Finding: res.Findings[0]})
	if err != nil {
		return res, fmt.Errorf("%s: %w", ActionClean, err)
	}
	return res, nil
}

// admit looks whether the approved plan is still what would be done, and changes nothing.
func (j *job) admit(ctx context.Context, action checks.Action) error {
	p, ok := action.Data.(plan)
	c := j.env.Profile.Cache
	if c != nil {
		j.plan = plan{dir: c.Dir, service: c.Service, called: p.called, what: p.what}
	}
	switch {
	case action.ID != ActionClean || !ok:
		return fmt.Errorf("%q is no action of this check", action.ID)
	case action.Blocked != "":
		return errors.New(action.Blocked)
	case absent(c, j.env.Machine.OS) != "":
		return errors.New(absent(c, j.env.Machine.OS))
	}
	if p.dir != c.Dir || p.service != c.Service {
		return fmt.Errorf("the plan is for %s, the profile says %s: %w", p.dir, c.Dir, errPlan)
	}
	if !j.env.Machine.Identity.Elevated {
		return errors.New("needs administrator rights")
	}
	var err error
	if j.before, err = look(ctx, j.env.Machine.Files, c.Dir); err != nil {
		return err
	}
	if err := j.agreed(ctx, p); err != nil || j.before.nothing() {
		return err
	}
	j.steps = j.plan.order()
	done := j.step(stepLine, "")
	defer done()
	if err := j.cloud.answers(ctx, j.tell); err != nil {
		return fmt.Errorf("no address of the product answers now, so an empty cache would only lose the answers it holds: %w", err)
	}
	return ctx.Err()
}

// agreed looks at the machine again and at whether the approved plan covers it.
func (j *job) agreed(ctx context.Context, p plan) error {
	j.plan.stops, j.plan.idle = nil, false
	if _, blocked := ready(ctx, j.env.Machine, j.env.Profile.Cache, j.before, &j.plan); blocked != "" {
		return errors.New(blocked)
	}
	for _, s := range j.plan.stops {
		if !slices.Contains(p.stops, s) {
			return fmt.Errorf("the service %s would have to be stopped too: %w", s, errPlan)
		}
	}
	return nil
}

// locked is everything that no other linecheck may do at the same time.
func (j *job) locked(ctx context.Context) error {
	wait, cancel := context.WithTimeout(ctx, busyWait)
	defer cancel()
	unlock, err := lock(func() (func(), error) { return j.hands.Journal.Lock(wait) }, j.hands.Journal)
	if err != nil {
		return fmt.Errorf("nothing was changed: %w", err)
	}
	defer unlock()
	if err := errors.Join(j.unfinished(), ctx.Err()); err != nil {
		return fmt.Errorf("nothing was changed: %w", err)
	}
	// Whoever had the lock may have done it.
	if j.before, err = look(ctx, j.env.Machine.Files, j.plan.dir); err == nil {
		err = errors.Join(j.agreed(ctx, j.plan), ctx.Err())
	}
	if err != nil {
		return fmt.Errorf("nothing was changed: %w", err)
	}
	if j.before.nothing() {
		return nil
	}
	ctx = context.WithoutCancel(ctx)
	if err := j.begin(ctx); err != nil {
		return fmt.Errorf("nothing was changed: %w", err)
	}
	j.begun = true
	back, err := j.forward(ctx)
	if err != nil {
		if worse := j.undo(ctx, back); worse != nil && !strings.Contains(err.Error(), worse.Error()) {
			err = errors.Join(err, worse)
		}
	}
	j.close()
	return err
}

// unfinished refuses a cleanup of what an earlier one has not brought to its end.
func (j *job) unfinished() error {
	open, err := j.hands.Journal.Open()
	for _, p := range open {
		if p.Action == actionClean && strings.EqualFold(p.Dir, j.plan.dir) {
			if err := understood(p); err != nil {
				return err
			}
			return fmt.Errorf("an earlier cleanup of %s is not at its end (%s); linecheck goes on with it when it is started", p.Dir, p.Phase)
		}
	}
	if errors.Is(err, host.ErrBadPromise) {
		err = nil
	}
	return err
}

func (j *job) note(source string, err error) {
	if err != nil {
		j.notes = append(j.notes, checks.Evidence{Source: source, Text: err.Error()})
	}
}

// say hands an event on, one at a time. A listener that panics must not keep a service stopped.
func (j *job) say(e checks.Event) {
	defer func() { _ = recover() }()
	j.saying.Lock()
	defer j.saying.Unlock()
	j.emit(e)
}

// oneLine writes an error of several lines in one, as part of a sentence.
func oneLine(err error) string {
	return strings.TrimSuffix(strings.ToValidUTF8(strings.ReplaceAll(err.Error(), "\n", "; "), "?"), ".")
}

package cache

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"linecheck/checks"
	"linecheck/checks/host"
)

// emptyWait bounds deleting: a reputation cache is gone in a second, and the product waits stopped meanwhile.
const emptyWait = 2 * time.Minute

// errPlan says that what a person approved is not what would be done now.
var errPlan = errors.New("the machine is not as it was when the plan was made; look again")

// job is one cleanup under way.
type job struct {
	starter
	env     checks.Env
	hands   host.Hands
	plan    plan
	emit    func(checks.Event)
	steps   int
	done    int
	ran     []string // ran before, in the order in which they are stopped
	before  survey
	removed int
	freed   int64
	left    survey
	changes []checks.Change
	notes   []checks.Evidence // trouble that did not stop the work
}

// Fix empties the cache. Whatever happens on the way, an error or a panic, it starts every service that it stopped; a
// promise in the journal does so where this process itself ends. Only the time before the first change heeds ctx.
func (check) Fix(ctx context.Context, env checks.Env, hands host.Hands, action checks.Action, emit func(checks.Event)) (checks.Result, error) {
	j := &job{env: env, hands: hands, emit: emit}
	j.starter = starter{services: env.Machine.Services, control: hands.Services, tell: j.tell}
	err := j.admit(ctx, action)
	switch {
	case err != nil:
		err = fmt.Errorf("nothing was changed: %w", err)
	case j.before.nothing():
		// The product was faster: there is no reason to stop anything.
	default:
		err = j.work(context.WithoutCancel(ctx))
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
		j.plan = plan{dir: c.Dir, service: c.Service}
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
	if _, blocked := ready(ctx, j.env.Machine, c, &j.plan); blocked != "" {
		return errors.New(blocked)
	}
	for _, s := range j.plan.stops {
		if !slices.Contains(p.stops, s) {
			return fmt.Errorf("the service %s would have to be stopped too: %w", s, errPlan)
		}
	}
	j.ran = j.plan.stops
	j.steps = 2*len(j.ran) + 1
	return ctx.Err()
}

// work is everything between the first change and the last. It returns only after every service was dealt with.
func (j *job) work(ctx context.Context) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("linecheck itself failed: %v", p)
		}
		err = errors.Join(err, j.restore(ctx))
	}()
	for i, name := range slices.Backward(j.ran) {
		if err := j.hands.Journal.Promise(promise(name, len(j.ran)-1-i)); err != nil {
			return fmt.Errorf("the promise to start %s could not be written, so nothing was stopped: %w", name, err)
		}
	}
	for _, name := range j.ran {
		if err := j.stop(ctx, name); err != nil {
			return err
		}
	}
	return j.empty(ctx)
}

// stop stops one service and makes sure that it has.
func (j *job) stop(ctx context.Context, name string) error {
	j.tell("%s: stopping, at most %s", name, span(stopWait))
	limit, cancel := context.WithTimeout(ctx, stopWait)
	defer cancel()
	err := j.hands.Services.Stop(limit, name)
	if err == nil {
		var svc host.Service
		if svc, err = query(ctx, j.services, name); err == nil && svc.State != host.Stopped {
			err = fmt.Errorf("its state is %q", svc.State)
		}
	}
	j.record("stop "+name, command(j.env.Machine.OS, "start", name), err)
	if err == nil {
		return nil
	}
	if host.Denied(err) {
		err = fmt.Errorf("%w (the product's own tamper protection may forbid it)", err)
	}
	return fmt.Errorf("%s could not be stopped, so nothing was deleted: %w", name, err)
}

func (j *job) empty(ctx context.Context) error {
	j.tell("deleting what is in the cache, at most %s", span(emptyWait))
	limit, cancel := context.WithTimeout(ctx, emptyWait)
	defer cancel()
	shelf := host.Shelf(j.plan.dir, "00000000")
	_, err := j.hands.Files.Shelve(limit, j.plan.dir, shelf, nil)
	if err != nil {
		return err
	}
	n, bytes, err := j.hands.Files.Discard(limit, j.plan.dir, shelf)
	j.removed, j.freed = n, bytes
	what := fmt.Sprintf("delete what was in %s: %s, %s", j.plan.dir, things(n, "file"), size(bytes))
	j.record(what, "cannot be undone; the product fills its cache again by itself", err)
	left, lerr := look(limit, j.env.Machine.Files, j.plan.dir)
	j.left = left
	switch {
	case lerr != nil:
		err = errors.Join(err, fmt.Errorf("what is left could not be counted: %w", lerr))
	case left.files == 0 && !left.partial():
		// What the Remover could not delete vanished otherwise, or was an empty folder: the cache is empty all the same.
		j.note("deleting", err)
		err = nil
	case err == nil:
		err = fmt.Errorf("%s still there", things(left.files, "file"))
	default:
		err = fmt.Errorf("%s could not be deleted: %w", things(left.files, "file"), err)
	}
	return err
}

// restore starts what ran, the product's service first, and strikes a promise only when the service was seen running.
func (j *job) restore(ctx context.Context) error {
	var errs []error
	for _, name := range slices.Backward(j.ran) {
		started, err := j.up(ctx, name)
		if started || err != nil {
			j.record("start "+name, command(j.env.Machine.OS, "stop", name), err)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%s did not start again: %w", name, err))
			continue
		}
		j.note("journal", strike(j.hands.Journal, name))
	}
	return errors.Join(errs...)
}

func (j *job) record(what, undo string, err error) {
	c := checks.Change{What: what, When: time.Now(), Result: "done", Undo: undo}
	if err != nil {
		c.Result = "failed: " + oneLine(err)
	}
	j.changes = append(j.changes, c)
	j.done++
}

func (j *job) note(source string, err error) {
	if err != nil {
		j.notes = append(j.notes, checks.Evidence{Source: source, Text: err.Error()})
	}
}

func (j *job) tell(format string, args ...any) {
	j.say(checks.Progress{Done: min(j.done, j.steps), Total: j.steps, Waiting: fmt.Sprintf(format, args...)})
}

// say hands an event on. A listener that panics must not keep a service stopped.
func (j *job) say(e checks.Event) {
	defer func() { _ = recover() }()
	j.emit(e)
}

// finding says what is true after the work.
func (j *job) finding(ctx context.Context, err error) checks.Finding {
	now := time.Now()
	f := checks.Finding{Code: Cleaned, Status: checks.Pass, Subject: j.plan.dir, View: view, At: now, Evidence: j.notes,
		Args: map[string]string{
			"service": j.plan.service, "state": j.state(ctx), "at": clock(now, now),
			"removed": number(j.removed), "freed": size(j.freed),
			"before": j.before.count(), "left": j.left.count(),
			"command": byHandStart(j.env.Machine.OS, j.plan.service, j.down(ctx)),
		}}
	if c := j.env.Profile.Cache; c != nil {
		f.Mark = c.Mark
	}
	switch {
	case err == nil && j.before.nothing():
		f.Code = Empty
	case len(j.ran) == 0:
		f.Args["note"] = ", as it was before"
	}
	for _, c := range j.changes {
		f.Evidence = append(f.Evidence, checks.Evidence{Source: "change " + c.When.Format(time.RFC3339), Text: c.What + ": " + c.Result})
	}
	if err != nil {
		f.Code, f.Status, f.Subject = Failed, checks.Fail, j.plan.service
		f.Args["dir"], f.Args["error"] = j.plan.dir, oneLine(err)
		f.Evidence = append(f.Evidence, checks.Evidence{Source: ActionClean, Text: err.Error()})
	}
	return f
}

// oneLine writes an error of several lines in one.
func oneLine(err error) string {
	return strings.ToValidUTF8(strings.ReplaceAll(err.Error(), "\n", "; "), "?")
}

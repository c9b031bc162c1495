package hosttest

import (
	"context"
	"fmt"

	"linecheck/checks/host"
)

type hands struct{ *Fake }

func (f hands) Start(ctx context.Context, name string) error {
	return f.turn(ctx, "start", name, host.StartPending, host.Running, f.StartErr)
}

func (f hands) Stop(ctx context.Context, name string) error {
	return f.turn(ctx, "stop", name, host.StopPending, host.Stopped, f.StopErr)
}

func (f hands) turn(ctx context.Context, verb, name string, pending, done host.ServiceState, scripted map[string]error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, verb+" "+name)
	s, err := f.service(ctx, "Controller."+verb, name)
	if err != nil {
		return err
	}
	if f.OnCall != nil {
		// The script may look at the fake itself.
		f.mu.Unlock()
		err = f.OnCall(verb, name)
		f.mu.Lock()
		if err != nil {
			return err
		}
	}
	if err, ok := fold(scripted, name); ok && err != nil {
		return err
	}
	if stuck, _ := fold(f.Stuck, name); stuck {
		s.State = pending
		f.mu.Unlock()
		<-ctx.Done()
		f.mu.Lock()
		return fmt.Errorf("service %s is still in the state %q: %w", name, pending, ctx.Err())
	}
	s.State, s.PID = done, 0
	if done == host.Running {
		s.PID = 4711
	}
	return nil
}

// shelves notes the call, lets the script answer it, and hands over the real disk.
func (f hands) shelves(verb, dir string) (host.Disk, error) {
	f.mu.Lock()
	f.calls = append(f.calls, verb+" "+dir)
	script := f.OnShelf
	f.mu.Unlock()
	if script != nil {
		if err := script(verb, dir); err != nil {
			return host.Disk{}, err
		}
	}
	return files(f).disk(verb, dir)
}

func (f hands) Shelve(ctx context.Context, dir, shelf string, moved func(int)) (int, error) {
	d, err := f.shelves("shelve", dir)
	if err != nil {
		return 0, err
	}
	return d.Shelve(ctx, dir, shelf, moved)
}

func (f hands) Return(ctx context.Context, dir, shelf string) (int, error) {
	d, err := f.shelves("return", dir)
	if err != nil {
		return 0, err
	}
	return d.Return(ctx, dir, shelf)
}

func (f hands) Discard(ctx context.Context, dir, shelf string) (int, int64, error) {
	d, err := f.shelves("discard", dir)
	if err != nil {
		return 0, 0, err
	}
	return d.Discard(ctx, dir, shelf)
}

type guards struct{ *Fake }

func (f guards) Watch(_ context.Context, id string) (host.Guard, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, "watch")
	if f.WatchErr != nil {
		return nil, f.WatchErr
	}
	return guard(f), nil
}

type guard struct{ *Fake }

func (f guard) Told() []string { return []string{"a second process watches"} }

func (f guard) Dismiss() error { return f.end("dismiss") }

func (f guard) Leave() error { return f.end("leave") }

func (f guard) end(verb string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, verb)
	return nil
}

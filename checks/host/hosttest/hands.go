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

func (f hands) Empty(ctx context.Context, dir string) (int, int64, error) {
	f.mu.Lock()
	f.calls = append(f.calls, "empty "+dir)
	script := f.Fake.Empty
	f.mu.Unlock()
	if script != nil {
		return script(dir)
	}
	d, err := files(f).disk("Empty", dir)
	if err != nil {
		return 0, 0, err
	}
	return d.Empty(ctx, dir)
}

package host

import (
	"context"
	"errors"
	"fmt"
)

// Start starts a unit and returns when it runs: systemctl waits for the job.
func (s systemd) Start(ctx context.Context, name string) error {
	return s.turn(ctx, "start", name, Running)
}

// Stop stops a unit and returns when it has stopped. systemd would stop running units that need it along with it, so it
// refuses and names them.
func (s systemd) Stop(ctx context.Context, name string) error {
	need, err := s.Dependents(ctx, name)
	if err != nil {
		return err
	}
	if len(need) > 0 {
		return fmt.Errorf("service %s was not stopped, these need it: %q", name, need)
	}
	return s.turn(ctx, "stop", name, Stopped)
}

func (s systemd) turn(ctx context.Context, verb, name string, want ServiceState) error {
	unit, err := unitName(name)
	if err != nil {
		return err
	}
	before, err := s.Query(ctx, name)
	if err != nil {
		return err
	}
	if before.State == want {
		return nil
	}
	// Without asking for a password: nobody sees the question.
	_, err = run(ctx, "systemctl", verb, "--no-ask-password", "--", unit)
	if err != nil {
		err = busError(err)
	}
	after, qerr := s.Query(context.WithoutCancel(ctx), name) // also where its time is over: the state is what counts
	switch {
	case err != nil && qerr == nil:
		return fmt.Errorf("service %s is %s: %w", name, after.State, err)
	case err != nil || qerr != nil:
		return errors.Join(err, qerr)
	case after.State != want:
		return fmt.Errorf("service %s is %s after its %s", name, after.State, verb)
	}
	return nil
}

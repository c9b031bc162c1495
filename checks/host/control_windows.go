package host

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/windows"
)

// How long a service is waited for.
const (
	pollLeast = 50 * time.Millisecond
	pollMost  = time.Second
	// patience is how long a service may show no progress, where its own wait hint is shorter. Windows itself gives a
	// service 30 s to answer (ServicesPipeTimeout).
	patience = 30 * time.Second
	// hintMost bounds a wait hint that makes no sense.
	hintMost = 5 * time.Minute
	// exitWait is how long a stopped service's process may take to end and to let go of its files.
	exitWait = 10 * time.Second
)

// Start starts a service and returns when it runs. One that runs already is no error.
func (scm) Start(ctx context.Context, name string) error {
	_, err := within(ctx, func() (struct{}, error) { return struct{}{}, start(ctx, name) })
	return err
}

// Stop stops a service and returns when it has stopped and its process has ended. One that does not run is no error.
// Services that depend on it are not stopped: the error names them.
func (scm) Stop(ctx context.Context, name string) error {
	_, err := within(ctx, func() (struct{}, error) { return struct{}{}, stop(ctx, name) })
	return err
}

func start(ctx context.Context, name string) error {
	h, done, err := openService(name, windows.SERVICE_START|windows.SERVICE_QUERY_STATUS)
	if err != nil {
		return err
	}
	defer done()
	st, err := settle(ctx, h, name, Stopped, StopPending)
	if err != nil {
		return err
	}
	if state(st.CurrentState) == Stopped {
		err := windows.StartService(h, 0, nil)
		if err != nil && !errors.Is(err, windows.ERROR_SERVICE_ALREADY_RUNNING) {
			return fmt.Errorf("service %s did not start: %w", name, mapped(err))
		}
	}
	st, err = settle(ctx, h, name, Running, StartPending)
	if err != nil {
		return err
	}
	switch s := state(st.CurrentState); s {
	case Running:
		return nil
	case Stopped:
		return fmt.Errorf("service %s started and ended again: %w", name, exitError(st))
	default:
		return fmt.Errorf("service %s is %s after its start", name, s)
	}
}

func stop(ctx context.Context, name string) error {
	h, done, err := openService(name, windows.SERVICE_STOP|windows.SERVICE_QUERY_STATUS)
	if err != nil {
		return err
	}
	defer done()
	st, err := settle(ctx, h, name, Running, StartPending)
	if err != nil {
		return err
	}
	if state(st.CurrentState) != Stopped {
		gone := watchExit(st)
		defer gone.close()
		var answer windows.SERVICE_STATUS
		err := windows.ControlService(h, windows.SERVICE_CONTROL_STOP, &answer)
		switch {
		case err == nil, errors.Is(err, windows.ERROR_SERVICE_NOT_ACTIVE):
		case errors.Is(err, windows.ERROR_DEPENDENT_SERVICES_RUNNING):
			names, derr := dependents(name)
			if derr != nil {
				names = []string{"(" + derr.Error() + ")"}
			}
			return fmt.Errorf("service %s was not stopped, these need it: %s: %w", name, strings.Join(names, ", "), mapped(err))
		case errors.Is(err, windows.ERROR_SERVICE_CANNOT_ACCEPT_CTRL) && state(st.CurrentState) == StopPending:
		default:
			return fmt.Errorf("service %s did not stop: %w", name, mapped(err))
		}
		if st, err = settle(ctx, h, name, Stopped, StopPending, Running); err != nil {
			return err
		}
		if state(st.CurrentState) == Stopped {
			return gone.wait(ctx, name)
		}
	}
	if s := state(st.CurrentState); s != Stopped {
		return fmt.Errorf("service %s is %s after its stop", name, s)
	}
	return nil
}

// settle waits as long as the service is in one of the passing states and not yet in the wanted one. It returns the
// state that the service settled in, whichever that is.
func settle(ctx context.Context, h windows.Handle, name string, want ServiceState, passing ...ServiceState) (windows.SERVICE_STATUS_PROCESS, error) {
	var check uint32
	moved, wait := time.Now(), pollLeast
	for {
		st, err := status(h)
		if err != nil {
			return st, fmt.Errorf("service %s: %w", name, mapped(err))
		}
		s := state(st.CurrentState)
		if s == want || !slices.Contains(passing, s) {
			return st, nil
		}
		if st.CheckPoint != check {
			check, moved = st.CheckPoint, time.Now()
		}
		hint := min(time.Duration(st.WaitHint)*time.Millisecond, hintMost)
		if still := time.Since(moved); still > max(hint, patience) {
			return st, fmt.Errorf("service %s is %s and has shown no progress for %d s", name, s, int(still.Seconds()))
		}
		// A tenth of the wait hint is what the SCM's documentation advises.
		wait = min(max(2*wait, hint/10), pollMost)
		select {
		case <-ctx.Done():
			return st, fmt.Errorf("service %s is still %s: %w", name, s, ctx.Err())
		case <-time.After(wait):
		}
	}
}

// exitError is why a service ended, by its own words.
func exitError(st windows.SERVICE_STATUS_PROCESS) error {
	if st.Win32ExitCode == uint32(windows.ERROR_SERVICE_SPECIFIC_ERROR) {
		return fmt.Errorf("its own error %d", st.ServiceSpecificExitCode)
	}
	return mapped(windows.Errno(st.Win32ExitCode))
}

// exit waits for a service's process: it holds its files a little longer than the service manager says.
type exit struct{ process windows.Handle }

func watchExit(st windows.SERVICE_STATUS_PROCESS) exit {
	if st.ProcessId == 0 || st.ServiceType&windows.SERVICE_WIN32_OWN_PROCESS == 0 {
		return exit{}
	}
	// A protected process may not be opened even for this; its files are then simply tried.
	h, err := windows.OpenProcess(windows.SYNCHRONIZE, false, st.ProcessId)
	if err != nil {
		return exit{}
	}
	return exit{h}
}

func (e exit) close() {
	if e.process != 0 {
		_ = windows.CloseHandle(e.process)
	}
}

// wait returns nil also where the process stays: the service itself has stopped.
func (e exit) wait(ctx context.Context, name string) error {
	if e.process == 0 {
		return nil
	}
	for end := time.Now().Add(exitWait); time.Now().Before(end); {
		if r, err := windows.WaitForSingleObject(e.process, 50); err != nil || r == windows.WAIT_OBJECT_0 {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("service %s has stopped but its process has not ended: %w", name, err)
		}
	}
	return nil
}

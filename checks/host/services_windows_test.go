package host

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/svc"
	"golang.org/x/sys/windows/svc/mgr"
)

// serviceArg makes this test program a service: serviceArg, its name, how it behaves.
const serviceArg = "linecheck-test-service"

func init() {
	roles[serviceArg] = func(args []string) error { return svc.Run(args[0], behaviour(args[1])) }
}

type behaviour string

func (b behaviour) Execute(_ []string, r <-chan svc.ChangeRequest, s chan<- svc.Status) (bool, uint32) {
	s <- svc.Status{State: svc.StartPending, WaitHint: 3000}
	switch b {
	case "fails":
		return true, 42
	case "slow":
		for i := uint32(1); i <= 5; i++ {
			time.Sleep(50 * time.Millisecond)
			s <- svc.Status{State: svc.StartPending, CheckPoint: i, WaitHint: 3000}
		}
	case "never":
		time.Sleep(time.Minute)
	}
	s <- svc.Status{State: svc.Running, Accepts: svc.AcceptStop}
	for c := range r {
		switch c.Cmd {
		case svc.Interrogate:
			s <- c.CurrentStatus
		case svc.Stop:
			s <- svc.Status{State: svc.StopPending, WaitHint: 3000}
			if b == "stuck" {
				time.Sleep(time.Minute)
			}
			return false, 0
		}
	}
	return false, 0
}

// install makes a service out of this program and takes it away again, with its process.
func install(t *testing.T, kind string, needs ...string) string {
	t.Helper()
	m, err := mgr.Connect()
	if errors.Is(err, windows.ERROR_ACCESS_DENIED) {
		t.Skip("only an administrator installs services:", err)
	}
	must(t, err)
	defer m.Disconnect()
	exe, err := os.Executable()
	must(t, err)
	name := fmt.Sprintf("linecheck-test-%d-%s", os.Getpid(), kind)
	s, err := m.CreateService(name, exe, mgr.Config{DisplayName: "linecheck test " + kind, StartType: mgr.StartManual, Dependencies: needs},
		serviceArg, name, kind)
	must(t, err)
	t.Cleanup(func() {
		defer s.Close()
		if st, err := s.Query(); err == nil && st.State != svc.Stopped {
			_, _ = s.Control(svc.Stop)
			if kind == "stuck" || kind == "never" {
				if p, err := os.FindProcess(int(st.ProcessId)); err == nil && st.ProcessId != 0 {
					_ = p.Kill()
					_, _ = p.Wait()
				}
			}
		}
		if err := s.Delete(); err != nil {
			t.Error("the test's service stays:", err)
		}
	})
	return name
}

func TestServiceStartsAndStops(t *testing.T) {
	for _, kind := range []string{"plain", "slow"} {
		t.Run(kind, func(t *testing.T) {
			name, s, ctx := install(t, kind), scm{}, t.Context()
			before, err := s.Query(ctx, name)
			if err != nil || before.State != Stopped || before.PID != 0 || !strings.HasPrefix(before.Raw, "STATE 1,") {
				t.Errorf("before: %+v, %v", before, err)
			}
			if before.Start != "manual" || before.Title != "linecheck test "+kind || !strings.Contains(before.Path, serviceArg) || before.Account == "" {
				t.Errorf("configuration: %+v", before)
			}
			must(t, s.Stop(ctx, name)) // it has stopped already
			must(t, s.Start(ctx, name))
			running, err := s.Query(ctx, name)
			if err != nil || running.State != Running || running.PID == 0 {
				t.Errorf("running: %+v, %v", running, err)
			}
			must(t, s.Start(ctx, name)) // it runs already
			if again, _ := s.Query(ctx, name); again.PID != running.PID {
				t.Errorf("the second start made another process: %d, %d", running.PID, again.PID)
			}
			must(t, s.Stop(ctx, name))
			after, err := s.Query(ctx, name)
			if err != nil || after.State != Stopped {
				t.Errorf("after: %+v, %v", after, err)
			}
			if h, err := windows.OpenProcess(windows.SYNCHRONIZE, false, uint32(running.PID)); err == nil {
				if r, _ := windows.WaitForSingleObject(h, 0); r != windows.WAIT_OBJECT_0 {
					t.Error("Stop returned before the process had let go of its files")
				}
				_ = windows.CloseHandle(h)
			}
		})
	}
}

func TestServiceThatIsNotThere(t *testing.T) {
	s, ctx := scm{}, t.Context()
	for _, name := range []string{"linecheck-nothing", "", "a\x00b", strings.Repeat("x", 300), `a\b`, "a/b"} {
		_, qerr := s.Query(ctx, name)
		_, derr := s.Dependents(ctx, name)
		for what, err := range map[string]error{"Query": qerr, "Dependents": derr, "Start": s.Start(ctx, name), "Stop": s.Stop(ctx, name)} {
			if !errors.Is(err, ErrNotFound) {
				t.Errorf("%s(%.20q): %v", what, name, err)
			}
		}
	}
	if _, err := s.Environment(ctx, "Spooler"); !errors.Is(err, ErrUnsupported) {
		t.Errorf("Environment: %v", err)
	}
}

func TestServiceThatEndsAtOnce(t *testing.T) {
	name := install(t, "fails")
	err := scm{}.Start(t.Context(), name)
	if err == nil || !strings.Contains(err.Error(), "42") {
		t.Errorf("Start = %v; want the service's own error 42", err)
	}
}

func TestServiceThatHangs(t *testing.T) {
	t.Run("a start without an end", func(t *testing.T) {
		name := install(t, "never")
		ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		if err := (scm{}).Start(ctx, name); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Start = %v", err)
		}
		if q, err := (scm{}).Query(t.Context(), name); err != nil || q.State != StartPending {
			t.Errorf("Query = %+v, %v", q, err)
		}
	})
	t.Run("a stop without an end", func(t *testing.T) {
		name := install(t, "stuck")
		must(t, scm{}.Start(t.Context(), name))
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		if err := (scm{}).Stop(ctx, name); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), string(StopPending)) {
			t.Errorf("Stop = %v; want the state it hangs in", err)
		}
	})
}

// underWine tells a real Windows from one whose gaps are known; every use says what Wine does instead.
func underWine() bool {
	return windows.NewLazySystemDLL("ntdll.dll").NewProc("wine_get_version").Find() == nil
}

// Wine 8 neither starts what a service depends on nor lists dependents (it always answers with none), and so stops a
// service under its dependents. There only the empty answer is shown; the refusal is on a real Windows.
func TestServiceWithDependents(t *testing.T) {
	s, ctx := scm{}, t.Context()
	base := install(t, "base")
	need := install(t, "need", base)
	must(t, s.Start(ctx, need))
	q, err := s.Query(ctx, base)
	must(t, err)
	got, err := s.Dependents(ctx, base)
	if underWine() {
		if err != nil || len(got) != 0 || q.State != Stopped {
			t.Errorf("Wine has learned about dependents: %q, %v, %s. Look at this test again", got, err, q.State)
		}
		must(t, s.Stop(ctx, need))
		return
	}
	if q.State != Running {
		t.Errorf("what the service needs was not started with it: %+v", q)
	}
	if err != nil || !slices.Equal(got, []string{need}) {
		t.Errorf("Dependents = %q, %v; want %s", got, err, need)
	}
	if err := s.Stop(ctx, base); err == nil || !strings.Contains(err.Error(), need) {
		t.Errorf("Stop = %v; want a refusal that names %s", err, need)
	}
	if q, _ := s.Query(ctx, need); q.State != Running {
		t.Errorf("the dependent was stopped: %+v", q)
	}
	must(t, s.Stop(ctx, need))
	if got, err := s.Dependents(ctx, base); err != nil || len(got) != 0 {
		t.Errorf("Dependents that have stopped = %q, %v", got, err)
	}
	must(t, s.Stop(ctx, base))
}

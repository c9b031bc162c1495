package cache

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/checks/host"
	"linecheck/checks/host/hosttest"
)

// saboteur stands between the cleanup and the machine and breaks one call, or every call from one on.
type saboteur struct {
	bed    *bed
	mode   mode
	at     int // which call, from 1
	calls  int
	names  []string
	broken bool // a file was deleted while the service was not stopped
}

// mode is how a call breaks.
type mode struct {
	name  string
	panic bool
	after bool // only after the call was carried out
	dead  bool // so does every later one: the process is gone
}

var modes = []mode{
	{name: "an error before"}, {name: "an error after", after: true},
	{name: "a panic before", panic: true}, {name: "a panic after", panic: true, after: true},
	{name: "death before", panic: true, dead: true}, {name: "death after", panic: true, after: true, dead: true},
}

func (s *saboteur) do(name string, call func() error) error {
	s.calls++
	s.names = append(s.names, name)
	hit := s.calls == s.at || s.mode.dead && s.calls > s.at && s.at > 0
	late := s.mode.after && s.calls == s.at
	if hit && !late {
		return s.fail(name)
	}
	err := call()
	if hit {
		return s.fail(name)
	}
	return err
}

func (s *saboteur) fail(name string) error {
	if s.mode.panic {
		panic("sabotage of " + name)
	}
	return fmt.Errorf("sabotage of %s", name)
}

func (s *saboteur) Query(ctx context.Context, name string) (svc host.Service, err error) {
	err = s.do("query "+name, func() (err error) { svc, err = s.bed.Machine().Services.Query(ctx, name); return })
	return svc, err
}

func (s *saboteur) Dependents(ctx context.Context, name string) (out []string, err error) {
	err = s.do("dependents "+name, func() (err error) { out, err = s.bed.Machine().Services.Dependents(ctx, name); return })
	return out, err
}

func (s *saboteur) Environment(context.Context, string) (map[string]string, error) {
	return nil, host.ErrUnsupported
}

func (s *saboteur) Start(ctx context.Context, name string) error {
	return s.do("start "+name, func() error { return s.bed.Hands().Services.Start(ctx, name) })
}

func (s *saboteur) Stop(ctx context.Context, name string) error {
	return s.do("stop "+name, func() error { return s.bed.Hands().Services.Stop(ctx, name) })
}

func (s *saboteur) Empty(ctx context.Context, dir string) (n int, bytes int64, err error) {
	err = s.do("empty", func() (err error) {
		s.broken = s.broken || s.bed.state() != host.Stopped
		n, bytes, err = s.bed.Hands().Files.Empty(ctx, dir)
		return err
	})
	return n, bytes, err
}

func (s *saboteur) Promise(p host.Promise) error {
	return s.do("promise "+p.Service, func() error { return s.bed.hands.Journal.Promise(p) })
}

func (s *saboteur) Strike(id string) error {
	return s.do("strike "+id, func() error { return s.bed.hands.Journal.Strike(id) })
}

func (s *saboteur) Open() ([]host.Promise, error) { return s.bed.hands.Journal.Open() }

// attempt runs one sabotaged cleanup from plan to start-up of the next linecheck.
func attempt(t *testing.T, m mode, at int, depends bool) (s *saboteur) {
	synctest.Test(t, func(t *testing.T) {
		b := newBed(t)
		b.put(t, "a", 1, time.Hour)
		must := []string{service}
		if depends {
			b.Services["near"] = &host.Service{Name: "near", State: host.Running, Start: "auto"}
			b.Dependents[service] = []string{"near"}
			must = append(must, "near")
		}
		action := b.plan(t)
		s = &saboteur{bed: b, mode: m, at: at}
		b.env.Machine.Services = s
		func() {
			defer func() {
				// Before the first change a panic may go up: there is nothing to put right.
				if p := recover(); p != nil && len(b.Calls()) > 0 {
					t.Errorf("Fix let a panic out after it had changed something: %v", p)
				}
			}()
			_, err := check{}.Fix(t.Context(), b.env, host.Hands{Services: s, Files: s, Journal: s}, action, quiet)
			if err == nil && len(b.files(t)) > 0 {
				t.Error("no error, but the cache is not empty")
			}
		}()
		down := func() (out []string) {
			for _, name := range must {
				if b.Services[name].State != host.Running {
					out = append(out, name)
				}
			}
			return out
		}
		open := b.promises(t)
		for _, name := range down() {
			if !slices.Contains(open, "start "+name) {
				t.Errorf("%s is %q and nothing is promised", name, b.Services[name].State)
			}
			if !m.dead {
				t.Errorf("%s is %q after a single failure", name, b.Services[name].State)
			}
		}
		if s.broken {
			t.Error("files were deleted while the service ran")
		}
		if _, err := KeepPromises(t.Context(), b.Machine(), b.Hands()); err != nil {
			t.Error(err)
		}
		if d, p := down(), b.promises(t); len(d)+len(p) > 0 {
			t.Errorf("after the next start-up %v do not run, promises %v", d, p)
		}
	})
	return s
}

// TestACrashLeavesTheServiceStopped breaks every call that a cleanup makes, one after the other, in every way.
func TestACrashLeavesTheServiceStopped(t *testing.T) {
	for _, depends := range []bool{false, true} {
		whole := attempt(t, mode{}, 0, depends)
		if whole.calls < 10 {
			t.Fatalf("a cleanup made only %d calls: %q", whole.calls, whole.names)
		}
		for _, m := range modes {
			for at := 1; at <= whole.calls; at++ {
				t.Run(fmt.Sprintf("%s call %d (%s), dependents %v", m.name, at, whole.names[at-1], depends), func(t *testing.T) {
					attempt(t, m, at, depends)
				})
			}
		}
	}
}

func TestKeepPromises(t *testing.T) {
	other := running(t)
	type want struct {
		state   host.ServiceState
		open    int
		changes int
		fails   bool
		calls   int
	}
	fresh := func(p host.Promise) host.Promise { p.Written = time.Now(); return p }
	mine := host.Promise{ID: "start-fsulnethoster", Action: "start", Service: service, PID: os.Getpid()}
	for name, c := range map[string]struct {
		promise host.Promise
		set     func(*bed)
		want    want
	}{
		"a promise of a dead run is forgotten": {
			mine, func(b *bed) { b.Services[service].State = host.Stopped }, want{host.Running, 0, 1, false, 1},
		},
		"a service that runs already is started": {
			mine, func(*bed) {}, want{host.Running, 0, 0, false, 0},
		},
		"a promise that cannot be kept is struck": {
			mine, func(b *bed) {
				b.Services[service].State = host.Stopped
				b.StartErr[service] = errScript
			}, want{host.Stopped, 1, 1, true, 3},
		},
		"missing rights delay the start-up": {
			mine, func(b *bed) {
				b.Services[service].State = host.Stopped
				b.StartErr[service] = host.ErrDenied
			}, want{host.Stopped, 1, 1, true, 1},
		},
		"a service that cannot be asked counts as running": {
			mine, func(b *bed) {
				b.Services[service].State = host.Stopped
				b.ServiceErr[service] = errScript
			}, want{host.Stopped, 1, 1, true, 3},
		},
		"a running linecheck is disturbed by another": {
			host.Promise{ID: "x", Action: "start", Service: service, PID: other},
			func(b *bed) { b.Services[service].State = host.Stopped }, want{host.Stopped, 1, 0, true, 0},
		},
		"a promise of a process that does not exist is left alone": {
			host.Promise{ID: "x", Action: "start", Service: service, PID: 1<<22 + 1},
			func(b *bed) { b.Services[service].State = host.Stopped }, want{host.Running, 0, 1, false, 1},
		},
		"a promise of another kind is taken for a start": {
			host.Promise{ID: "x", Action: "format", Service: service}, func(b *bed) { b.Services[service].State = host.Stopped },
			want{host.Stopped, 1, 0, true, 0},
		},
		"a service name is taken for a command line": {
			host.Promise{ID: "x", Action: "start", Service: "--now; reboot"}, func(*bed) {}, want{host.Running, 1, 0, true, 0},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBed(t)
				if err := b.hands.Journal.Promise(fresh(c.promise)); err != nil {
					t.Fatal(err)
				}
				c.set(b)
				changes, err := KeepPromises(t.Context(), b.Machine(), b.hands)
				if (err != nil) != c.want.fails || len(changes) != c.want.changes || len(b.Calls()) != c.want.calls {
					t.Errorf("%+v, %v, calls %q; want %+v", changes, err, b.Calls(), c.want)
				}
				if b.state() != c.want.state || len(b.promises(t)) != c.want.open {
					t.Errorf("state %q, promises %v", b.state(), b.promises(t))
				}
			})
		})
	}
}

func TestAPromiseOfAnUninstalledServiceStaysForEver(t *testing.T) {
	b := newBed(t)
	b.Services[service] = nil
	if err := b.hands.Journal.Promise(promise(service, 0)); err != nil {
		t.Fatal(err)
	}
	changes, err := KeepPromises(t.Context(), b.Machine(), b.hands)
	if err != nil || len(changes) != 1 || len(b.promises(t)) != 0 {
		t.Errorf("%+v, %v, %v", changes, err, b.promises(t))
	}
}

// mortal is a service manager whose service dies half a second after its start.
type mortal struct {
	host.Services
	fake    *hosttest.Fake
	started time.Time
}

func (m *mortal) Start(ctx context.Context, name string) error {
	m.started = time.Now()
	return m.fake.Hands().Services.Start(ctx, name)
}

func (m *mortal) Stop(ctx context.Context, name string) error {
	return m.fake.Hands().Services.Stop(ctx, name)
}

func (m *mortal) Query(ctx context.Context, name string) (host.Service, error) {
	svc, err := m.fake.Machine().Services.Query(ctx, name)
	if !m.started.IsZero() && time.Since(m.started) > 500*time.Millisecond {
		svc.State = host.Stopped
	}
	return svc, err
}

func TestAServiceThatDiesAfterItsStartCountsAsRunning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBed(t)
		b.put(t, "a", 1, time.Hour)
		action := b.plan(t)
		m := &mortal{Services: b.env.Machine.Services, fake: b.Fake}
		b.env.Machine.Services = m
		b.hands.Services = m
		res, err := check{}.Fix(t.Context(), b.env, b.hands, action, quiet)
		if err == nil || res.Findings[0].Code != Failed || res.Findings[0].Arg("state") != "stopped" {
			t.Errorf("%+v, %v", res.Findings, err)
		}
		if len(b.promises(t)) != 1 {
			t.Errorf("promises %v", b.promises(t))
		}
	})
}

// running starts another process that lives as long as the test, and returns its number.
func running(t *testing.T) int {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestWaitsForItsInputToEnd$")
	cmd.Env = append(os.Environ(), "LINECHECK_WAITS=1")
	in, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		cmd.Wait()
	})
	return cmd.Process.Pid
}

// TestWaitsForItsInputToEnd is what running starts; by itself it does nothing.
func TestWaitsForItsInputToEnd(*testing.T) {
	if os.Getenv("LINECHECK_WAITS") != "" {
		io.Copy(io.Discard, os.Stdin)
	}
}

// link makes a symbolic link, or leaves the test where the system cannot: Wine says that it did and makes nothing.
func link(t *testing.T, to, at string) {
	t.Helper()
	if err := os.Symlink(to, at); err != nil {
		t.Skip(err)
	}
	if info, err := os.Lstat(at); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Skip("this system says that it made a link, and made none")
	}
}

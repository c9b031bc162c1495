package cache

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/checks"
	"linecheck/checks/host"
	"linecheck/checks/host/hosttest"
)

// shelve moves the content of the bed's folder aside, as a cleanup that died later has.
func (b *bed) shelve(t *testing.T, p host.Promise, upTo int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	_, err := host.Disk{Root: b.Root}.Shelve(ctx, p.Dir, p.Shelf, func(n int) {
		if n == upTo {
			cancel()
		}
	})
	if err != nil && !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

func TestAnInterruptedCleanupEndsWhereItsPhaseSays(t *testing.T) {
	for name, c := range map[string]struct {
		phase    string
		moved    int // entries of three
		state    host.ServiceState
		services []string
		set      func(*bed)
		calls    string
		files    int
		open     bool
		running  bool
	}{
		"a service that was stopped stays so": {
			phase: phaseBegun, state: host.Stopped, calls: "start fsulnethoster", files: 3, running: true,
		},
		"a service that runs is started": {
			phase: phaseBegun, state: host.Running, files: 3, running: true,
		},
		"half of the content is lost": {
			phase: phaseMoving, moved: 2, state: host.Stopped, calls: "return, start fsulnethoster", files: 3, running: true,
		},
		"a service that was started by somebody else is disturbed again": {
			phase: phaseMoving, moved: 3, state: host.Running, calls: "discard", files: 0, running: true,
		},
		"a return is not gone on with": {
			phase: phaseReturning, moved: 1, state: host.Stopped, calls: "return, start fsulnethoster", files: 3, running: true,
		},
		"content that is moved is moved back though its service starts": {
			phase: phaseMoved, moved: 3, state: host.Stopped, calls: "start fsulnethoster, discard", files: 0, running: true,
		},
		"a service that starts only with its cache stays stopped": {
			phase: phaseMoved, moved: 3, state: host.Stopped, set: func(b *bed) { b.OnCall = b.full }, files: 3, running: true,
			calls: "start fsulnethoster, start fsulnethoster, start fsulnethoster, return, start fsulnethoster",
		},
		"what is verified is moved back": {
			phase: phaseVerified, moved: 3, state: host.Running, calls: "discard", files: 0, running: true,
		},
		"a stopped service of a finished cleanup stays so": {
			phase: phaseVerified, moved: 3, state: host.Stopped, calls: "start fsulnethoster, discard", files: 0, running: true,
		},
		"a service that cannot be started is given up": {
			phase: phaseMoving, moved: 2, state: host.Stopped, set: func(b *bed) { b.StartErr[service] = host.ErrDenied }, files: 3, open: true,
			calls: "return, start fsulnethoster",
		},
		"a service that cannot be asked counts as running": {
			phase: phaseBegun, state: host.Stopped, set: func(b *bed) { b.ServiceErr[service] = errScript }, files: 3, open: true,
			calls: "start fsulnethoster, start fsulnethoster, start fsulnethoster",
		},
		"a shelf that cannot be deleted is forgotten": {
			phase: phaseMoved, moved: 3, state: host.Running, set: func(b *bed) { b.OnShelf = failing("discard") }, files: 0, open: true, running: true,
			calls: "discard",
		},
		"a service that nobody stopped is started": {
			phase: phaseMoving, moved: 2, state: host.Stopped, services: []string{}, calls: "return", files: 3,
		},
		"content of a stopped service is forgotten on its shelf": {
			phase: phaseMoved, moved: 3, state: host.Stopped, services: []string{}, calls: "discard", files: 0,
		},
		"a promise of an uninstalled service stays for ever": {
			phase: phaseMoved, moved: 3, state: host.Stopped, services: []string{"gone"}, calls: "discard", files: 0,
			set: func(b *bed) { b.Services["gone"] = nil },
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBed(t)
				for _, f := range []string{"a", "b", "s/c"} {
					b.put(t, f, 1, time.Hour)
				}
				b.Services[service].State = c.state
				if c.services == nil {
					c.services = []string{service}
				}
				p := b.promise(t, c.phase, c.services...)
				if c.moved > 0 {
					b.shelve(t, p, c.moved)
				}
				if c.set != nil {
					c.set(b)
				}
				changes, err := KeepPromises(t.Context(), b.Machine(), b.hands)
				if (err != nil) != c.open || (len(b.promises(t)) > 0) != c.open {
					t.Errorf("%v, promises %v", err, b.promises(t))
				}
				if calls := strings.ReplaceAll(strings.Join(b.Calls(), ", "), " "+folder, ""); calls != c.calls {
					t.Errorf("calls %q, want %q", calls, c.calls)
				}
				if len(b.left()) != c.files || (len(b.shelves(t)) > 0) != (c.open && c.moved > 0 && c.files == 0) {
					t.Errorf("left %v, beside it %v", b.left(), b.shelves(t))
				}
				if (b.Services[service].State == host.Running) != c.running {
					t.Errorf("the service is %q", b.Services[service].State)
				}
				if c.calls != "" && len(changes) == 0 {
					t.Error("nobody is told")
				}
			})
		})
	}
}

func TestOddPromises(t *testing.T) {
	for name, change := range map[string]func(*host.Promise){
		"a promise of another kind is taken for a cleanup":     func(p *host.Promise) { p.Action = "format" },
		"a phase of a later linecheck is guessed":              func(p *host.Promise) { p.Phase = "half done" },
		"a service name is taken for a command line":           func(p *host.Promise) { p.Services = []string{"--now; reboot"} },
		"a folder of the system is taken for a cache":          func(p *host.Promise) { p.Dir = `C:\Windows\System32\drivers\etc` },
		"a folder elsewhere is taken for a shelf":              func(p *host.Promise) { p.Shelf = `C:\ProgramData\vendor\letters` },
		"a name that only begins like a shelf is taken as one": func(p *host.Promise) { p.Shelf = folder + `.linecheck-..\..\x` },
		"a promise without a folder is acted on":               func(p *host.Promise) { p.Dir, p.Shelf = "", "" },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBed(t)
			b.put(t, "a", 1, time.Hour)
			b.Services[service].State = host.Stopped
			p := b.promise(t, phaseMoved, service)
			change(&p)
			if err := b.hands.Journal.Promise(p); err != nil {
				t.Fatal(err)
			}
			changes, err := KeepPromises(t.Context(), b.Machine(), b.hands)
			if err == nil || len(changes) > 0 || len(b.Calls()) > 0 || len(b.promises(t)) != 1 {
				t.Errorf("%+v, %v, calls %q", changes, err, b.Calls())
			}
		})
	}
}

func TestAStartWithoutPromisesWaitsForALock(t *testing.T) {
	b := newBed(t)
	unlock, err := b.hands.Journal.Lock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	if changes, err := KeepPromises(t.Context(), b.Machine(), b.hands); err != nil || len(changes) > 0 {
		t.Errorf("%+v, %v", changes, err)
	}
}

func TestACleanupAtWorkIsTakenForAnInterruptedOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBed(t)
		b.Services[service].State = host.Stopped
		b.promise(t, phaseMoving, service)
		unlock, err := b.hands.Journal.Lock(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer unlock()
		began := time.Now()
		_, err = KeepPromises(t.Context(), b.Machine(), b.hands)
		if !errors.Is(err, host.ErrBusy) || !strings.Contains(err.Error(), "process ") || len(b.Calls()) > 0 || time.Since(began) > lockWait+time.Second {
			t.Errorf("%v after %v, calls %q", err, time.Since(began), b.Calls())
		}
	})
}

func TestAWatchdogLeavesNoWord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBed(t)
		b.put(t, "a", 1, time.Hour)
		b.Services[service].State = host.Stopped
		p := b.promise(t, phaseMoving, service)
		b.shelve(t, p, 1)
		other := b.promise(t, phaseBegun)
		fails := 0
		b.OnCall = func(verb, _ string) error {
			if fails++; fails <= 4 { // the first three tries and one of the second three
				return errScript
			}
			return nil
		}
		if err := Guard(t.Context(), b.Machine(), b.hands, p.ID); err != nil || b.state() != host.Running || len(b.left()) != 1 {
			t.Fatalf("%v, %q, %v", err, b.state(), b.left())
		}
		if got := b.promises(t); !slices.Contains(got, "told ") || len(got) != 2 {
			t.Fatalf("promises %v", got)
		}
		// Another watchdog of the same promise finds it kept.
		before := len(b.Calls())
		if err := Guard(t.Context(), b.Machine(), b.hands, p.ID); err != nil || len(b.Calls()) != before {
			t.Errorf("%v, calls %q", err, b.Calls()[before:])
		}
		at := time.Now()
		time.Sleep(time.Hour)
		if err := b.hands.Journal.Strike(other.ID); err != nil {
			t.Fatal(err)
		}
		changes, err := KeepPromises(t.Context(), b.Machine(), b.hands)
		if err != nil || len(changes) != 2 || len(b.promises(t)) != 0 {
			t.Fatalf("%+v, %v, %v", changes, err, b.promises(t))
		}
		for i, part := range []string{"move the content of " + folder + " back", "start " + service} {
			c := changes[i]
			if !strings.HasPrefix(c.What, part) || !strings.Contains(c.What, "watchdog") || c.Result != "done" || c.When.After(at.Add(time.Second)) {
				t.Errorf("%+v", c)
			}
		}
	})
}

func TestAWatchdogGivesUpTooEarly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBed(t)
		b.Services[service].State = host.Stopped
		p := b.promise(t, phaseBegun, service)
		began := time.Now()
		b.OnCall = func(string, string) error {
			if time.Since(began) < 9*time.Minute {
				return errScript
			}
			return nil
		}
		if err := Guard(t.Context(), b.Machine(), b.hands, p.ID); err != nil || b.state() != host.Running {
			t.Errorf("%v, %q after %v", err, b.state(), time.Since(began))
		}
		b.Services[service].State = host.Stopped
		b.StartErr[service] = errScript
		p = b.promise(t, phaseBegun, service)
		began = time.Now()
		if err := Guard(t.Context(), b.Machine(), b.hands, p.ID); err == nil || time.Since(began) > guardFor+time.Minute {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		if got := b.promises(t); !slices.Contains(got, "clean begun") {
			t.Errorf("promises %v", got)
		}
	})
}

func TestAWatchdogStartsWhatItWasNotAskedFor(t *testing.T) {
	b := newBed(t)
	b.Services[service].State = host.Stopped
	b.promise(t, phaseBegun, service)
	if err := Guard(t.Context(), b.Machine(), b.hands, "clean-0000000000000000"); err != nil || len(b.Calls()) > 0 {
		t.Errorf("%v, calls %q", err, b.Calls())
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
		res, err := b.fix(t.Context(), action, quiet)
		if err == nil || res.Findings[0].Code != Failed || res.Findings[0].Arg("state") != "stopped" || res.Findings[0].Arg("content") != "in its place" {
			t.Errorf("%+v, %v", res.Findings, err)
		}
		if len(b.promises(t)) != 1 || len(b.left()) != 1 {
			t.Errorf("promises %v, left %v", b.promises(t), b.left())
		}
	})
}

func TestAChangeIsToldInOtherWords(t *testing.T) {
	at := time.Date(2026, 11, 23, 1, 2, 3, 0, time.UTC)
	b := newBed(t)
	p := host.Promise{ID: "told", Action: actionTold, Told: []host.Told{{When: at, What: "start a: done: b", Result: "failed: its state is: none"}}}
	if err := b.hands.Journal.Promise(p); err != nil {
		t.Fatal(err)
	}
	got, err := KeepPromises(t.Context(), b.Machine(), b.hands)
	want := checks.Change{What: "start a: done: b (by the watchdog, after linecheck had ended)", When: at, Result: "failed: its state is: none"}
	if err != nil || !slices.Equal(got, []checks.Change{want}) || len(b.promises(t)) != 0 {
		t.Errorf("%+v, %v, want %+v; left %v", got, err, want, b.promises(t))
	}
}

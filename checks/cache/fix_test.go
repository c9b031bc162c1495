package cache

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/checks"
	"linecheck/checks/host"
)

var errScript = errors.New("the script says no")

func quiet(checks.Event) {}

func TestFix(t *testing.T) {
	type want struct {
		code     checks.Code
		state    host.ServiceState
		calls    string
		files    int
		promises int
		says     []string // parts of the error
		args     map[string]string
	}
	const all = "stop fsulnethoster, empty, start fsulnethoster"
	for name, c := range map[string]struct {
		before func(*testing.T, *bed)                 // before the plan is made
		after  func(*testing.T, *bed, *checks.Action) // after it was approved
		want   want
	}{
		"a cleanup does not say what it did": {
			want: want{code: Cleaned, state: host.Running, calls: all,
				args: map[string]string{"before": "3", "left": "0", "removed": "3", "freed": "111 bytes", "state": "running", "note": ""}},
		},
		"a service that was stopped is started": {
			before: func(_ *testing.T, b *bed) { b.Services[service].State = host.Stopped },
			want: want{code: Cleaned, state: host.Stopped, calls: "empty",
				args: map[string]string{"state": "stopped", "note": ", as it was before"}},
		},
		"a service that never stops loses its cache while it runs": {
			after: func(_ *testing.T, b *bed, _ *checks.Action) { b.Stuck[service] = true },
			want: want{code: Failed, state: host.StartPending, files: 3, promises: 1, says: []string{"could not be stopped", "did not start again"},
				calls: "stop fsulnethoster, start fsulnethoster",
				args:  map[string]string{"state": "start pending", "command": "net start fsulnethoster"}},
		},
		"a service that refuses to stop loses its cache": {
			after: func(_ *testing.T, b *bed, _ *checks.Action) { b.StopErr[service] = host.ErrDenied },
			want: want{code: Failed, state: host.Running, files: 3, calls: "stop fsulnethoster",
				says: []string{"could not be stopped", "tamper protection"}, args: map[string]string{"state": "running"}},
		},
		"a stop that only says so costs files": {
			after: func(_ *testing.T, b *bed, _ *checks.Action) { b.hands.Services = liar{b.hands.Services} },
			want:  want{code: Failed, state: host.Running, files: 3, says: []string{`its state is "running"`}},
		},
		"a start that fails twice is given up": {
			after: func(_ *testing.T, b *bed, _ *checks.Action) {
				n := 0
				b.OnCall = func(verb, _ string) error {
					if n++; verb == "start" && n <= 3 {
						return errScript
					}
					return nil
				}
			},
			want: want{code: Cleaned, state: host.Running, calls: all + ", start fsulnethoster, start fsulnethoster"},
		},
		"a service that does not come back is forgotten": {
			after: func(_ *testing.T, b *bed, _ *checks.Action) { b.StartErr[service] = errScript },
			want: want{code: Failed, state: host.Stopped, promises: 1, says: []string{"did not start again", errScript.Error()},
				calls: all + ", start fsulnethoster, start fsulnethoster",
				args:  map[string]string{"state": "stopped", "command": "net start fsulnethoster", "removed": "3"}},
		},
		"a file that cannot be deleted keeps the service stopped": {
			after: func(_ *testing.T, b *bed, _ *checks.Action) {
				b.Empty = func(string) (int, int64, error) { return 0, 0, errScript }
			},
			want: want{code: Failed, state: host.Running, calls: all, files: 3, says: []string{"3 files could not be deleted"},
				args: map[string]string{"left": "3"}},
		},
		"files that stay without an error are overlooked": {
			after: func(_ *testing.T, b *bed, _ *checks.Action) {
				b.Empty = func(string) (int, int64, error) { return 3, 111, nil }
			},
			want: want{code: Failed, state: host.Running, calls: all, files: 3, says: []string{"3 files still there"}},
		},
		"an empty folder that stays is called a failed cleanup": {
			after: func(t *testing.T, b *bed, _ *checks.Action) {
				b.Empty = func(string) (int, int64, error) {
					for _, f := range []string{"a", "b", "s/c"} {
						os.Remove(filepath.Join(b.dir, f))
					}
					return 3, 111, errScript
				}
			},
			want: want{code: Cleaned, state: host.Running, calls: all},
		},
		"a way to the folder that became a link is followed": {
			after: func(t *testing.T, b *bed, _ *checks.Action) {
				up := filepath.Dir(b.dir)
				if err := os.Rename(up, up+"-other"); err != nil {
					t.Fatal(err)
				}
				link(t, filepath.Base(up)+"-other", up)
			},
			want: want{code: Failed, state: host.Running, calls: all, files: 3, says: []string{"link"}},
		},
		"a folder that became a link costs a stop": {
			after: func(t *testing.T, b *bed, _ *checks.Action) {
				if err := os.Rename(b.dir, b.dir+"-other"); err != nil {
					t.Fatal(err)
				}
				link(t, b.dir+"-other", b.dir)
			},
			want: want{code: Failed, state: host.Running, says: []string{"nothing was changed", "link"}},
		},
		"a cache that the product emptied itself costs a stop": {
			after: func(t *testing.T, b *bed, _ *checks.Action) { os.RemoveAll(b.dir); os.MkdirAll(b.dir, 0o755) },
			want:  want{code: Empty, state: host.Running},
		},
		"a plan for another profile is carried out": {
			after: func(_ *testing.T, b *bed, _ *checks.Action) {
				c := *b.profile.Cache
				c.Dir = `C:\ProgramData\vendor\other`
				b.profile.Cache = &c
			},
			want: want{code: Failed, state: host.Running, files: 3, says: []string{errPlan.Error()}},
		},
		"a blocked action is carried out": {
			after: func(_ *testing.T, _ *bed, a *checks.Action) { a.Blocked = "no rights" },
			want:  want{code: Failed, state: host.Running, files: 3, says: []string{"nothing was changed", "no rights"}},
		},
		"an action of another check is carried out": {
			after: func(_ *testing.T, _ *bed, a *checks.Action) { a.Data = nil },
			want:  want{code: Failed, state: host.Running, files: 3, says: []string{"no action of this check"}},
		},
		"rights that are gone are not missed": {
			after: func(_ *testing.T, b *bed, _ *checks.Action) { b.Identity.Elevated = false; b.renew() },
			want:  want{code: Failed, state: host.Running, files: 3, says: []string{"administrator"}},
		},
		"a service that nobody approved is stopped": {
			after: func(_ *testing.T, b *bed, _ *checks.Action) {
				b.Services["late"] = &host.Service{Name: "late", State: host.Running}
				b.Dependents[service] = []string{"late"}
			},
			want: want{code: Failed, state: host.Running, files: 3, says: []string{"late would have to be stopped too"}},
		},
		"a service that was started since is stopped": {
			before: func(_ *testing.T, b *bed) { b.Services[service].State = host.Stopped },
			after:  func(_ *testing.T, b *bed, _ *checks.Action) { b.Services[service].State = host.Running },
			want:   want{code: Failed, state: host.Running, files: 3, says: []string{errPlan.Error()}},
		},
		"a service is stopped without a written promise": {
			after: func(t *testing.T, b *bed, _ *checks.Action) { b.hands.Journal = mute{} },
			want:  want{code: Failed, state: host.Running, files: 3, says: []string{"nothing was stopped", errScript.Error()}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBed(t)
				b.put(t, "a", 1, time.Hour)
				b.put(t, "b", 10, time.Hour)
				b.put(t, "s/c", 100, 3*time.Hour)
				if c.before != nil {
					c.before(t, b)
				}
				action := b.plan(t)
				if c.after != nil {
					c.after(t, b, &action)
				}
				began := time.Now()
				res, err := check{}.Fix(t.Context(), b.env, b.hands, action, quiet)
				if d := time.Since(began); d > 3*time.Minute {
					t.Errorf("took %v of virtual time", d)
				}
				f := res.Findings[0]
				whole(t, f)
				if f.Code != c.want.code || (err != nil) != (c.want.code == Failed) || (f.Status == checks.Fail) != (err != nil) {
					t.Errorf("got %s %s, %v; want %s", f.Code, f.Status, err, c.want.code)
				}
				for _, part := range c.want.says {
					if err == nil || !strings.Contains(err.Error(), part) {
						t.Errorf("%v does not say %q", err, part)
					}
				}
				for k, v := range c.want.args {
					if f.Args[k] != v {
						t.Errorf("arg %s is %q, want %q", k, f.Args[k], v)
					}
				}
				calls := strings.ReplaceAll(strings.Join(b.Calls(), ", "), "empty "+folder, "empty")
				if calls != c.want.calls {
					t.Errorf("calls %q, want %q", calls, c.want.calls)
				}
				if b.state() != c.want.state {
					t.Errorf("the service is %q, want %q", b.state(), c.want.state)
				}
				if n := len(b.files(t)); n != c.want.files && !strings.Contains(name, "link") {
					t.Errorf("%d files are left, want %d", n, c.want.files)
				}
				if _, silent := b.hands.Journal.(mute); !silent && len(b.promises(t)) != c.want.promises {
					t.Errorf("promises %v, want %d", b.promises(t), c.want.promises)
				}
				for _, ch := range res.Changes {
					if ch.What == "" || ch.Result == "" || ch.Undo == "" || ch.When.IsZero() {
						t.Errorf("half a change: %+v", ch)
					}
				}
				if _, lies := b.hands.Services.(liar); !lies && len(res.Changes) != len(b.Calls()) && !strings.Contains(c.want.calls, "start fsulnethoster, start") {
					t.Errorf("calls %v, changes %+v", b.Calls(), res.Changes)
				}
			})
		})
	}
}

// liar says that it stopped what it did not.
type liar struct{ host.Controller }

func (liar) Stop(context.Context, string) error { return nil }

// mute is a journal that cannot be written.
type mute struct{ host.Journal }

func (mute) Promise(host.Promise) error { return errScript }
func (mute) Strike(string) error        { return nil }

func TestALinkedWayLosesTheFilesBehindIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBed(t)
		b.put(t, "a", 1, time.Hour)
		action := b.plan(t)
		up := filepath.Dir(b.dir)
		victim := up + "-victim"
		if err := os.Rename(up, victim); err != nil {
			t.Fatal(err)
		}
		link(t, filepath.Base(victim), up)
		res, err := check{}.Fix(t.Context(), b.env, b.hands, action, quiet)
		if err == nil || res.Findings[0].Code != Failed {
			t.Errorf("%+v, %v", res, err)
		}
		if _, err := os.Stat(filepath.Join(victim, "fsscor", "a")); err != nil {
			t.Error(err)
		}
		if b.state() != host.Running || len(b.promises(t)) != 0 {
			t.Errorf("state %q, promises %v", b.state(), b.promises(t))
		}
	})
}

func TestDependentsAreStoppedInTheWrongOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBed(t)
		b.put(t, "a", 1, time.Hour)
		for name, s := range map[string]host.ServiceState{"near": host.Running, "far": host.Running, "idle": host.Stopped} {
			b.Services[name] = &host.Service{Name: name, State: s, Start: "auto"}
		}
		b.Dependents[service] = []string{"near", "idle", "far"}
		b.Dependents["near"] = []string{"far", service} // a ring must not hang it
		action := b.plan(t)
		if action.Blocked != "" {
			t.Fatal(action.Blocked)
		}
		for _, part := range []string{"net stop far", `del /q /s "` + folder + `\*"`, "net start far"} {
			if !slices.Contains(action.Commands, part) {
				t.Errorf("commands %q lack %q", action.Commands, part)
			}
		}
		if _, err := (check{}).Fix(t.Context(), b.env, b.hands, action, quiet); err != nil {
			t.Error(err)
		}
		want := []string{"stop far", "stop near", "stop " + service, "empty " + folder, "start " + service, "start near", "start far"}
		if !slices.Equal(b.Calls(), want) {
			t.Errorf("calls %q, want %q", b.Calls(), want)
		}
		if len(b.promises(t)) != 0 || b.Services["idle"].State != host.Stopped {
			t.Errorf("promises %v, idle is %q", b.promises(t), b.Services["idle"].State)
		}
	})
}

func TestAClosedScreenStopsTheCleanupHalfWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBed(t)
		b.put(t, "a", 1, time.Hour)
		action := b.plan(t)
		ctx, cancel := context.WithCancel(t.Context())
		b.OnCall = func(string, string) error { cancel(); return nil }
		res, err := check{}.Fix(ctx, b.env, b.hands, action, quiet)
		if err != nil || b.state() != host.Running || len(b.files(t)) != 0 || len(res.Changes) != 3 {
			t.Errorf("%+v, %v, %q", res, err, b.state())
		}
	})
}

func TestAnAnswerOfNoStillStopsTheService(t *testing.T) {
	b := newBed(t)
	b.put(t, "a", 1, time.Hour)
	action := b.plan(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (check{}).Fix(ctx, b.env, b.hands, action, quiet); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if len(b.Calls()) != 0 || len(b.promises(t)) != 0 {
		t.Errorf("calls %q, promises %v", b.Calls(), b.promises(t))
	}
}

func TestAListenerThatPanicsKeepsTheServiceStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBed(t)
		b.put(t, "a", 1, time.Hour)
		action := b.plan(t)
		_, err := check{}.Fix(t.Context(), b.env, b.hands, action, func(checks.Event) { panic("screen gone") })
		if err != nil || b.state() != host.Running || len(b.files(t)) != 0 {
			t.Errorf("%v, %q", err, b.state())
		}
	})
}

func TestThePlanHidesAStep(t *testing.T) {
	b := newBed(t)
	b.put(t, "a", 1200, time.Hour)
	b.put(t, "b", 1, time.Hour)
	a := b.plan(t)
	for i, part := range []string{"must run again", "stop fsulnethoster (Network Hoster)", "delete 2 files (1.2 kB) in " + folder,
		"start fsulnethoster again", "check that fsulnethoster runs"} {
		if i >= len(a.Steps) || !strings.Contains(a.Steps[i], part) {
			t.Errorf("step %d of %q lacks %q", i+1, a.Steps, part)
		}
	}
	want := []string{"net stop fsulnethoster", `del /q /s "` + folder + `\*"`, "net start fsulnethoster"}
	if !slices.Equal(a.Commands, want) {
		t.Errorf("commands %q, want %q", a.Commands, want)
	}
	if a.ID != ActionClean || a.Confirm != "clean" || a.Title == "" || a.Why == "" || a.Effect == "" || !strings.HasPrefix(a.Undo, "It cannot be undone") {
		t.Errorf("%+v", a)
	}
}

func TestLinuxIsToldWindowsCommands(t *testing.T) {
	b := newBed(t)
	b.OS = "linux"
	b.profile.Cache.Dir = "/var/opt/vendor/cache"
	b.dir = filepath.Join(b.Root, "var", "opt", "vendor", "cache")
	b.put(t, "a", 1, time.Hour)
	b.Identity.Elevated = false
	a := b.plan(t)
	want := []string{"systemctl stop fsulnethoster", "find '/var/opt/vendor/cache' -mindepth 1 -delete", "systemctl start fsulnethoster"}
	if !slices.Equal(a.Commands, want) || !strings.HasSuffix(a.Blocked, "as root") {
		t.Errorf("%q, %q", a.Commands, a.Blocked)
	}
}

package cache

import (
	"context"
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

func TestFix(t *testing.T) {
	type want struct {
		code     checks.Code
		state    host.ServiceState
		calls    string
		files    int
		promises int
		shelf    bool     // something is left beside the folder
		says     []string // parts of the error
		args     map[string]string
	}
	const (
		all    = "watch, stop fsulnethoster, shelve, start fsulnethoster, discard, dismiss"
		thrice = "start fsulnethoster, start fsulnethoster, start fsulnethoster"
	)
	for name, c := range map[string]struct {
		before func(*testing.T, *bed)                 // before the plan is made
		after  func(*testing.T, *bed, *checks.Action) // after it was approved
		want   want
	}{
		"a cleanup does not say what it did": {
			want: want{code: Cleaned, state: host.Running, calls: all,
				args: map[string]string{"before": "3", "removed": "3", "freed": "111 bytes", "state": "running", "note": "", "content": "deleted"}},
		},
		"a service that was stopped is started": {
			before: func(_ *testing.T, b *bed) { b.Services[service].State = host.Stopped },
			want: want{code: Cleaned, state: host.Stopped, calls: "watch, shelve, discard, dismiss",
				args: map[string]string{"state": "stopped", "note": ", as it was before"}},
		},
		"a cache is emptied while no address answers": {
			after: func(_ *testing.T, b *bed, _ *checks.Action) { b.silent = func(int) bool { return true } },
			want: want{code: RolledBack, state: host.Running, files: 3, says: []string{"nothing was changed", "no address of the product answers now", "tcp.dropped"},
				args: map[string]string{"content": "in its place"}},
		},
		"a profile without addresses lets the cache be emptied blindly": {
			after: func(_ *testing.T, b *bed, _ *checks.Action) { b.profile.Endpoints = nil },
			want:  want{code: RolledBack, state: host.Running, files: 3, says: []string{"nothing was changed", "names no address"}},
		},
		"a line that is lost with the cache keeps it lost": {
			after: func(_ *testing.T, b *bed, _ *checks.Action) { b.silent = func(n int) bool { return n > 1 } },
			want: want{code: RolledBack, state: host.Running, files: 3, says: []string{"answered before"},
				calls: "watch, stop fsulnethoster, shelve, start fsulnethoster, stop fsulnethoster, return, start fsulnethoster, dismiss",
				args:  map[string]string{"state": "running", "content": "in its place"}},
		},
		"a line that comes back a moment later costs the cleanup": {
			after: func(_ *testing.T, b *bed, _ *checks.Action) { b.silent = func(n int) bool { return n == 2 } },
			want:  want{code: Cleaned, state: host.Running, calls: all},
		},
		"a service that does not stop twice is moved under": {
			after: func(_ *testing.T, b *bed, _ *checks.Action) {
				b.silent = func(n int) bool { return n > 1 }
				n := 0
				b.OnCall = func(verb, _ string) error {
					if verb == "stop" {
						if n++; n > 1 {
							return errScript
						}
					}
					return nil
				}
			},
			want: want{code: Failed, state: host.Running, says: []string{"answered before"}, args: map[string]string{"content": "deleted"},
				calls: "watch, stop fsulnethoster, shelve, start fsulnethoster, stop fsulnethoster, discard, dismiss"},
		},
		"a service that never stops loses its cache while it runs": {
			after: func(_ *testing.T, b *bed, _ *checks.Action) { b.Stuck[service] = true },
			want: want{code: Failed, state: host.StartPending, files: 3, promises: 1, says: []string{"could not be stopped", "did not start"},
				calls: "watch, stop fsulnethoster, start fsulnethoster, leave",
				args:  map[string]string{"state": "start pending", "command": "net start fsulnethoster"}},
		},
		"a service that refuses to stop loses its cache": {
			after: func(_ *testing.T, b *bed, _ *checks.Action) { b.StopErr[service] = host.ErrDenied },
			want: want{code: RolledBack, state: host.Running, files: 3, calls: "watch, stop fsulnethoster, dismiss",
				says: []string{"could not be stopped", "tamper protection"}, args: map[string]string{"state": "running"}},
		},
		"a stop that only says so costs files": {
			after: func(_ *testing.T, b *bed, _ *checks.Action) { b.hands.Services = liar{b.hands.Services} },
			want:  want{code: RolledBack, state: host.Running, files: 3, calls: "watch, dismiss", says: []string{`its state is "running"`}},
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
			want: want{code: Cleaned, state: host.Running, calls: "watch, stop fsulnethoster, shelve, " + thrice + ", discard, dismiss"},
		},
		"a service that starts only with its cache stays stopped": {
			after: func(_ *testing.T, b *bed, _ *checks.Action) { b.OnCall = b.full },
			want: want{code: RolledBack, state: host.Running, files: 3, says: []string{"with an empty cache", errScript.Error()},
				calls: "watch, stop fsulnethoster, shelve, " + thrice + ", return, start fsulnethoster, dismiss"},
		},
		"a service that does not come back is forgotten": {
			after: func(_ *testing.T, b *bed, _ *checks.Action) { b.StartErr[service] = errScript },
			want: want{code: Failed, state: host.Stopped, files: 3, promises: 1, says: []string{"did not start", errScript.Error()},
				calls: "watch, stop fsulnethoster, shelve, " + thrice + ", return, " + thrice + ", leave",
				args:  map[string]string{"state": "stopped", "command": "net start fsulnethoster", "removed": "0"}},
		},
		"a file that is held open keeps the service stopped": {
			after: func(_ *testing.T, b *bed, _ *checks.Action) { b.OnShelf = failing("shelve") },
			want: want{code: RolledBack, state: host.Running, files: 3, says: []string{"could not be moved aside", errScript.Error()},
				calls: "watch, stop fsulnethoster, shelve, return, start fsulnethoster, dismiss"},
		},
		"what cannot be deleted is forgotten": {
			after: func(_ *testing.T, b *bed, _ *checks.Action) { b.OnShelf = failing("discard") },
			want: want{code: Cleaned, state: host.Running, promises: 1, shelf: true, args: map[string]string{"content": "moved aside"},
				calls: "watch, stop fsulnethoster, shelve, start fsulnethoster, discard, leave"},
		},
		"content that cannot be moved back keeps the service stopped": {
			after: func(_ *testing.T, b *bed, _ *checks.Action) {
				b.silent = func(n int) bool { return n > 1 }
				b.OnShelf = failing("return")
			},
			want: want{code: Failed, state: host.Running, args: map[string]string{"content": "deleted"}, says: []string{"answered before"},
				calls: "watch, stop fsulnethoster, shelve, start fsulnethoster, stop fsulnethoster, return, start fsulnethoster, discard, dismiss"},
		},
		"a cleanup begins without a watchdog": {
			after: func(_ *testing.T, b *bed, _ *checks.Action) { b.WatchErr = errScript },
			want:  want{code: RolledBack, state: host.Running, files: 3, calls: "watch", says: []string{"nothing was changed", "no second process", errScript.Error()}},
		},
		"two cleanups work at once": {
			after: func(t *testing.T, b *bed, _ *checks.Action) {
				unlock, err := b.hands.Journal.Lock(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(unlock)
			},
			want: want{code: RolledBack, state: host.Running, files: 3, says: []string{"nothing was changed", host.ErrBusy.Error()}},
		},
		"a cleanup begins on top of one that is not at its end": {
			after: func(t *testing.T, b *bed, _ *checks.Action) { b.promise(t, phaseVerified, service) },
			want:  want{code: RolledBack, state: host.Running, files: 3, promises: 1, says: []string{"nothing was changed", "not at its end"}},
		},
		"a folder on the way that became a link costs a stop": {
			after: func(t *testing.T, b *bed, _ *checks.Action) { b.swap(t) },
			want:  want{code: RolledBack, state: host.Running, says: []string{"nothing was changed", `F-Secure is a link`}},
		},
		"a folder that became a link costs a stop": {
			after: func(t *testing.T, b *bed, _ *checks.Action) {
				if err := os.Rename(b.dir, b.dir+"-other"); err != nil {
					t.Fatal(err)
				}
				link(t, b.dir+"-other", b.dir)
			},
			want: want{code: RolledBack, state: host.Running, says: []string{"nothing was changed", "link"}},
		},
		"a link that was put into the folder costs a stop": {
			after: func(t *testing.T, b *bed, _ *checks.Action) {
				link(t, t.TempDir(), filepath.Join(b.dir, "s", "etc"))
			},
			want: want{code: RolledBack, state: host.Running, files: 4, says: []string{"nothing was changed", `s\etc is a link`}},
		},
		"a folder that users may swap since is emptied": {
			after: func(_ *testing.T, b *bed, _ *checks.Action) {
				b.Exposures = map[string][]host.Exposure{folder: {{Path: folder, Who: "Everyone", May: "owns it"}}}
			},
			want: want{code: RolledBack, state: host.Running, files: 3, says: []string{"nothing was changed", "Everyone owns it"}},
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
			want: want{code: RolledBack, state: host.Running, files: 3, says: []string{errPlan.Error()}},
		},
		"a blocked action is carried out": {
			after: func(_ *testing.T, _ *bed, a *checks.Action) { a.Blocked = "no rights" },
			want:  want{code: RolledBack, state: host.Running, files: 3, says: []string{"nothing was changed", "no rights"}},
		},
		"an action of another check is carried out": {
			after: func(_ *testing.T, _ *bed, a *checks.Action) { a.Data = nil },
			want:  want{code: RolledBack, state: host.Running, files: 3, says: []string{"no action of this check"}},
		},
		"rights that are gone are not missed": {
			after: func(_ *testing.T, b *bed, _ *checks.Action) { b.Identity.Elevated = false; b.renew() },
			want:  want{code: RolledBack, state: host.Running, files: 3, says: []string{"administrator"}},
		},
		"a service that nobody approved is stopped": {
			after: func(_ *testing.T, b *bed, _ *checks.Action) { b.depend("late") },
			want:  want{code: RolledBack, state: host.Running, files: 3, says: []string{"late would have to be stopped too"}},
		},
		"a service that was started since is stopped": {
			before: func(_ *testing.T, b *bed) { b.Services[service].State = host.Stopped },
			after:  func(_ *testing.T, b *bed, _ *checks.Action) { b.Services[service].State = host.Running },
			want:   want{code: RolledBack, state: host.Running, files: 3, says: []string{errPlan.Error()}},
		},
		"a service is stopped without a written promise": {
			after: func(t *testing.T, b *bed, _ *checks.Action) { b.hands.Journal = &full{Journal: b.hands.Journal} },
			want:  want{code: RolledBack, state: host.Running, files: 3, says: []string{"nothing was changed", errScript.Error()}},
		},
		"a disk that fills up before the move loses content": {
			after: func(t *testing.T, b *bed, _ *checks.Action) {
				b.hands.Journal = &full{Journal: b.hands.Journal, room: 1}
			},
			want: want{code: RolledBack, state: host.Running, files: 3, says: []string{errScript.Error()},
				calls: "watch, stop fsulnethoster, start fsulnethoster, dismiss"},
		},
		"a disk that fills up after the move loses content": {
			after: func(t *testing.T, b *bed, _ *checks.Action) {
				b.hands.Journal = &full{Journal: b.hands.Journal, room: 2}
			},
			want: want{code: RolledBack, state: host.Running, files: 3, says: []string{errScript.Error()},
				calls: "watch, stop fsulnethoster, shelve, return, start fsulnethoster, dismiss"},
		},
		"a disk that fills up at the end fails a cleanup that is done": {
			after: func(t *testing.T, b *bed, _ *checks.Action) {
				b.hands.Journal = &full{Journal: b.hands.Journal, room: 3}
			},
			want: want{code: Cleaned, state: host.Running, calls: all},
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
				res, err := b.fix(t.Context(), action, quiet)
				if d := time.Since(began); d > 3*time.Minute {
					t.Errorf("took %v of virtual time", d)
				}
				f := res.Findings[0]
				whole(t, f)
				if f.Code != c.want.code || (err != nil) != (f.Code == Failed || f.Code == RolledBack) {
					t.Errorf("got %s %s, %v; want %s", f.Code, f.Status, err, c.want.code)
				}
				if status := map[checks.Code]checks.Status{Failed: checks.Fail, RolledBack: checks.Warn}[f.Code]; err != nil && f.Status != status {
					t.Errorf("status %s of %s", f.Status, f.Code)
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
				calls := strings.ReplaceAll(strings.Join(b.Calls(), ", "), " "+folder, "")
				if calls != c.want.calls {
					t.Errorf("calls %q, want %q", calls, c.want.calls)
				}
				if b.state() != c.want.state {
					t.Errorf("the service is %q, want %q", b.state(), c.want.state)
				}
				if n := len(b.left()); n != c.want.files && !strings.Contains(name, "became a link") {
					t.Errorf("%v are left, want %d", b.left(), c.want.files)
				}
				if !strings.Contains(name, "link") && (len(b.shelves(t)) > 0) != c.want.shelf {
					t.Errorf("beside the folder: %v", b.shelves(t))
				}
				if len(b.promises(t)) != c.want.promises {
					t.Errorf("promises %v, want %d", b.promises(t), c.want.promises)
				}
				for _, ch := range res.Changes {
					if ch.What == "" || ch.Result == "" || ch.Undo == "" || ch.When.IsZero() {
						t.Errorf("half a change: %+v", ch)
					}
				}
				rolled := slices.ContainsFunc(res.Changes, func(c checks.Change) bool { return strings.HasPrefix(c.Result, "rolled back: ") })
				if want := f.Arg("content") == "in its place" && strings.Contains(calls, "shelve"); rolled != want {
					t.Errorf("a change that was taken back: %v, want %v: %+v", rolled, want, res.Changes)
				}
			})
		})
	}
}

// liar says that it stopped what it did not.
type liar struct{ host.Controller }

func (liar) Stop(context.Context, string) error { return nil }

// full is a journal on a disk with room for some promises.
type full struct {
	host.Journal
	room int
}

func (f *full) Promise(p host.Promise) error {
	if f.room--; f.room < 0 {
		return errScript
	}
	return f.Journal.Promise(p)
}

// promise leaves one of an earlier linecheck in the journal.
func (b *bed) promise(t *testing.T, phase string, services ...string) host.Promise {
	t.Helper()
	p, err := newPromise(folder, services)
	if err == nil {
		p.Phase = phase
		err = b.hands.Journal.Promise(p)
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

package cache

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/checks"
	"linecheck/checks/host"
)

// A shell follows what linecheck refuses.
func TestAPersonIsToldToDoByHandWhatWasRefused(t *testing.T) {
	for name, set := range map[string]func(*testing.T, *bed){
		"where the folder is a link": func(t *testing.T, b *bed) {
			os.RemoveAll(b.dir)
			link(t, t.TempDir(), b.dir)
		},
		"where a folder on the way is a link": func(t *testing.T, b *bed) { b.swap(t) },
		"where a link lies in it": func(t *testing.T, b *bed) {
			link(t, t.TempDir(), filepath.Join(b.dir, "etc"))
		},
		"where a link lies in it and the service is just starting": func(t *testing.T, b *bed) {
			b.Services[service].State = host.StartPending
			link(t, t.TempDir(), filepath.Join(b.dir, "etc"))
		},
		"where a user could swap it": func(_ *testing.T, b *bed) {
			b.Exposures = map[string][]host.Exposure{folder: {{Path: folder, Who: "Users", May: "owns it"}}}
		},
		"where the service could not be started again": func(_ *testing.T, b *bed) { b.Services[service].Start = "disabled" },
		"without the rights, where a link lies in it": func(t *testing.T, b *bed) {
			b.Identity.Elevated = false
			link(t, t.TempDir(), filepath.Join(b.dir, "etc"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBed(t)
			b.put(t, "a", 1, time.Hour)
			set(t, b)
			if a := b.plan(t); a.Blocked == "" || len(a.Commands) > 0 {
				t.Errorf("blocked %q, commands %q", a.Blocked, a.Commands)
			}
		})
	}
}

// unmovable is a folder on a volume of its own.
type unmovable struct{ host.Files }

func (unmovable) Movable(dir string) error {
	return &fs.PathError{Op: "look at", Path: dir, Err: errors.New("it is on another volume")}
}

func TestAVolumeOfItsOwnIsSeenOnlyAfterTheStop(t *testing.T) {
	b := newBed(t)
	b.put(t, "a", 1, time.Hour)
	b.env.Machine.Files = unmovable{b.env.Machine.Files}
	res, err := check{}.Run(t.Context(), b.env, quiet)
	if err != nil || len(res.Actions) != 1 {
		t.Fatal(res, err)
	}
	// By hand it can be emptied there all the same.
	if a := res.Actions[0]; a.Blocked != folder+": it is on another volume" || len(a.Commands) != 3 {
		t.Errorf("blocked %q, commands %q", a.Blocked, a.Commands)
	}
}

func TestAServiceThatRunsForAMomentOnlyLosesItsCache(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBed(t)
		b.put(t, "a", 1, time.Hour)
		a := b.plan(t)
		b.silent = func(n int) bool {
			if n == 2 { // it runs again, and dies while the line is asked
				b.Services[service].State = host.Stopped
			}
			return false
		}
		var back bool
		res, err := b.fix(t.Context(), a, func(e checks.Event) {
			p, ok := e.(checks.Progress)
			back = back || ok && p.Back
		})
		if err == nil || !strings.Contains(err.Error(), "did not stay running") || res.Findings[0].Code != RolledBack || !back {
			t.Errorf("%+v, %v, back %v", res, err, back)
		}
		if len(b.left()) != 1 || b.state() != host.Running || len(b.promises(t)) > 0 {
			t.Errorf("left %q, %s, promises %q", b.left(), b.state(), b.promises(t))
		}
	})
}

func TestAServiceThatDiesWhileTheRestIsDeletedStaysDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBed(t)
		b.put(t, "a", 1, time.Hour)
		a := b.plan(t)
		b.OnShelf = func(verb, _ string) error {
			if verb == "discard" {
				b.Services[service].State = host.Stopped
			}
			return nil
		}
		res, err := b.fix(t.Context(), a, quiet)
		if err != nil || res.Findings[0].Code != Cleaned || b.state() != host.Running || len(b.promises(t)) > 0 {
			t.Errorf("%+v, %v, %s", res, err, b.state())
		}
	})
}

func TestAPromiseOfAnotherVersionIsSaidToBeGoneOnWith(t *testing.T) {
	b := newBed(t)
	b.put(t, "a", 1, time.Hour)
	a := b.plan(t)
	b.promise(t, "half done", service)
	_, err := b.fix(t.Context(), a, quiet)
	if err == nil || !strings.Contains(err.Error(), "start the version that wrote it") || len(b.Calls()) > 0 {
		t.Errorf("%v, calls %q", err, b.Calls())
	}
}

func TestAPromiseThatWaitsToBeToldIsTakenForWhoIsAtWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBed(t)
		p := b.promise(t, phaseMoved, service)
		told := host.Promise{ID: "told", Action: actionTold, Told: []host.Told{{What: "x"}}, Written: p.Written.Add(time.Hour), PID: 4711}
		if err := b.hands.Journal.Promise(told); err != nil {
			t.Fatal(err)
		}
		unlock, err := b.hands.Journal.Lock(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer unlock()
		_, err = KeepPromises(t.Context(), b.Machine(), b.hands)
		if !errors.Is(err, host.ErrBusy) || !strings.Contains(err.Error(), "cleans "+folder) || strings.Contains(err.Error(), "4711") {
			t.Error(err)
		}
	})
}

// slow is a journal whose lock was held by somebody who did the same work.
type slow struct {
	host.Journal
	meanwhile func()
}

func (s slow) Lock(ctx context.Context) (func(), error) {
	s.meanwhile()
	return s.Journal.Lock(ctx)
}

func TestASecondCleanupRestartsAServiceForNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBed(t)
		b.put(t, "a", 1, time.Hour)
		a := b.plan(t)
		b.hands.Journal = slow{b.hands.Journal, func() { os.Remove(filepath.Join(b.dir, "a")) }}
		res, err := b.fix(t.Context(), a, quiet)
		if err != nil || res.Findings[0].Code != Empty || len(b.Calls()) > 0 || len(b.promises(t)) > 0 {
			t.Errorf("%+v, %v, calls %q", res, err, b.Calls())
		}
	})
}

func TestALinkThatCameWhileTheLockWasHeldIsMoved(t *testing.T) {
	b := newBed(t)
	b.put(t, "a", 1, time.Hour)
	a := b.plan(t)
	b.hands.Journal = slow{b.hands.Journal, func() { link(t, t.TempDir(), filepath.Join(b.dir, "etc")) }}
	if _, err := b.fix(t.Context(), a, quiet); err == nil || !strings.Contains(err.Error(), "is a link") || len(b.Calls()) > 0 {
		t.Errorf("%v, calls %q", err, b.Calls())
	}
}

// A journal may be lost with what it knew.
func TestAShelfThatNobodyKnowsOfIsNotNoticed(t *testing.T) {
	b := newBed(t)
	shelf := b.dir + ".linecheck-0123456789abcdef"
	for _, dir := range []string{shelf, b.dir + ".linecheck-zz", b.dir + ".old"} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	res, err := check{}.Run(t.Context(), b.env, quiet)
	if err != nil || len(res.Findings) != 2 {
		t.Fatalf("%+v, %v", res, err)
	}
	f := res.Findings[1]
	if f.Code != LeftOver || f.Status != checks.Note || f.Subject != folder+".linecheck-0123456789abcdef" || len(f.Evidence) == 0 {
		t.Errorf("%+v", f)
	}
	whole(t, f)
}

func TestAPromiseBehindALinkIsNamedForEver(t *testing.T) {
	for name, c := range map[string]struct {
		at   string // what became a link
		set  func(*bed)
		open bool
		told string
	}{
		"where the service runs":          {at: "parent", told: "is a link now; the promise is given up"},
		"where it does not":               {at: "parent", set: func(b *bed) { b.StartErr[service] = host.ErrDenied }, open: true, told: "start"},
		"where it never ran":              {at: "folder", set: func(b *bed) { delete(b.Services, service) }, told: "delete"},
		"where only the folder is a link": {at: "folder", told: "delete"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBed(t)
				b.put(t, "a", 1, time.Hour)
				b.Services[service].State = host.Stopped
				services := []string{service}
				if strings.Contains(name, "never") {
					services = nil
				}
				p := b.promise(t, phaseReturning, services...)
				b.shelve(t, p, 1)
				if c.set != nil {
					c.set(b)
				}
				out := t.TempDir()
				if err := os.WriteFile(filepath.Join(out, "precious"), nil, 0o600); err != nil {
					t.Fatal(err)
				}
				at := b.dir
				if c.at == "parent" {
					at = filepath.Dir(b.dir)
				}
				if err := os.Rename(at, at+"-away"); err != nil {
					t.Fatal(err)
				}
				link(t, out, at)
				changes, err := KeepPromises(t.Context(), b.Machine(), b.hands)
				if (err != nil) != c.open || (len(b.promises(t)) > 0) != c.open {
					t.Errorf("%v, promises %v", err, b.promises(t))
				}
				told := ""
				for _, ch := range changes {
					told += ch.What + ": " + ch.Result + "\n"
				}
				if !strings.Contains(told, c.told) {
					t.Errorf("told %q", told)
				}
				if list, _ := os.ReadDir(out); len(list) != 1 {
					t.Errorf("behind the link: %v", list)
				}
			})
		})
	}
}

func TestAFolderThatHoldsOnlyALinkIsPassedOverInSilence(t *testing.T) {
	b := newBed(t)
	link(t, t.TempDir(), filepath.Join(b.dir, "etc"))
	if a := b.plan(t); !strings.Contains(a.Blocked, "is a link") || len(a.Commands) > 0 {
		t.Errorf("blocked %q, commands %q", a.Blocked, a.Commands)
	}
}

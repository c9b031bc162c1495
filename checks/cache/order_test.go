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

// swap puts a link in the place of a folder on the way, and returns where the folder is now.
func (b *bed) swap(t *testing.T) string {
	up := filepath.Dir(b.dir)
	if err := os.Rename(up, up+"-victim"); err != nil {
		t.Fatal(err)
	}
	link(t, filepath.Base(up)+"-victim", up)
	return up + "-victim"
}

func TestAWayThatBecomesALinkInTheMiddleLosesTheFilesBehindIt(t *testing.T) {
	for _, verb := range []string{"shelve", "discard"} {
		synctest.Test(t, func(t *testing.T) {
			b := newBed(t)
			b.put(t, "a", 1, time.Hour)
			action := b.plan(t)
			victim := ""
			b.OnShelf = func(v, _ string) error {
				if v == verb && victim == "" {
					victim = b.swap(t)
					if err := os.WriteFile(filepath.Join(victim, "fsscor", "other"), nil, 0o644); err != nil {
						t.Error(err)
					}
				}
				return nil
			}
			res, err := b.fix(t.Context(), action, quiet)
			if (err == nil) != (verb == "discard") || len(b.promises(t)) != 1 {
				t.Errorf("at %s: %+v, %v, %v", verb, res, err, b.promises(t))
			}
			if _, err := os.Stat(filepath.Join(victim, "fsscor", "other")); err != nil {
				t.Error(err)
			}
			if b.state() != host.Running {
				t.Errorf("state %q, promises %v", b.state(), b.promises(t))
			}
		})
	}
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
		if _, err := b.fix(t.Context(), action, quiet); err != nil {
			t.Error(err)
		}
		want := []string{"watch", "stop far", "stop near", "stop " + service, "shelve " + folder, "start " + service, "start near", "start far",
			"discard " + folder, "dismiss"}
		if !slices.Equal(b.Calls(), want) {
			t.Errorf("calls %q, want %q", b.Calls(), want)
		}
		if len(b.promises(t)) != 0 || b.Services["idle"].State != host.Stopped {
			t.Errorf("promises %v, idle is %q", b.promises(t), b.Services["idle"].State)
		}
	})
}

func TestADependentThatDoesNotStartTakesTheServiceDownAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBed(t)
		b.put(t, "a", 1, time.Hour)
		b.depend("near")
		action := b.plan(t)
		b.StartErr["near"] = errScript
		res, err := b.fix(t.Context(), action, quiet)
		f := res.Findings[0]
		if err == nil || f.Code != Failed || b.state() != host.Running || f.Arg("command") != "net start near" || f.Arg("content") != "deleted" ||
			strings.Count(f.Arg("error"), "near did not start") != 1 {
			t.Errorf("%+v, %v, %q", f, err, b.state())
		}
		if f.Subject != "near" || f.Arg("state") != "stopped" || f.Arg("emptied") != "yes" {
			t.Errorf("what is down is told as %q in the state %q, emptied: %q", f.Subject, f.Arg("state"), f.Arg("emptied"))
		}
		if calls := b.Calls(); slices.Contains(calls, "return "+folder) || calls[len(calls)-1] != "leave" || len(b.promises(t)) != 1 {
			t.Errorf("calls %q, promises %v", calls, b.promises(t))
		}
		delete(b.StartErr, "near")
		if _, err := KeepPromises(t.Context(), b.Machine(), b.hands); err != nil || len(b.down(service, "near")) > 0 || len(b.shelves(t)) > 0 {
			t.Errorf("%v, %v, %v", err, b.down(service, "near"), b.shelves(t))
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
		res, err := b.fix(ctx, action, quiet)
		if err != nil || b.state() != host.Running || len(b.left()) != 0 || len(res.Changes) != 4 {
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
	if _, err := b.fix(ctx, action, quiet); !errors.Is(err, context.Canceled) {
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
		_, err := b.fix(t.Context(), action, func(checks.Event) { panic("screen gone") })
		if err != nil || b.state() != host.Running || len(b.left()) != 0 {
			t.Errorf("%v, %q", err, b.state())
		}
	})
}

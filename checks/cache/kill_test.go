package cache

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/checks"
	"linecheck/checks/host"
)

const victim = "LINECHECK_TEST_VICTIM"

// killer ends its process in the middle of moving.
type killer struct{ host.Shelver }

func (k killer) Shelve(ctx context.Context, dir, shelf string, moved func(int)) (int, error) {
	return k.Shelver.Shelve(ctx, dir, shelf, func(n int) {
		if moved(n); n < 2 {
			return
		}
		if p, err := os.FindProcess(os.Getpid()); err == nil {
			_ = p.Kill()
		}
		select {}
	})
}

// TestAKilledProcessForgetsTheService ends a real process while the service is stopped and half of the content is moved,
// and lets another keep its promise. The dead one held the journal's lock.
func TestAKilledProcessForgetsTheService(t *testing.T) {
	if dir := os.Getenv(victim); dir != "" {
		b := newBed(t)
		b.Root = filepath.Join(dir, "disk")
		b.renew()
		b.hands = b.Hands()
		b.hands.Journal, b.hands.Files = host.NewJournal(filepath.Join(dir, "journal")), killer{b.hands.Files}
		_, actions := b.look(t)
		_, err := b.fix(t.Context(), actions[0], func(checks.Event) {})
		t.Fatalf("still alive: %v", err)
	}
	dir := t.TempDir()
	b := newBed(t)
	b.dir = filepath.Join(dir, "disk", "C", "Windows", "ServiceProfiles", "NetworkService", "AppData", "Local", "F-Secure", "fsscor")
	for _, name := range []string{"a", "b", "c"} {
		b.put(t, name, 1, time.Hour)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestAKilledProcessForgetsTheService$")
	temp := t.TempDir() // a killed test removes nothing
	cmd.Env = append(os.Environ(), victim+"="+dir, "TMPDIR="+temp, "TMP="+temp)
	if out, err := cmd.CombinedOutput(); cmd.ProcessState.ExitCode() != -1 && cmd.ProcessState.ExitCode() != 1 || err == nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if len(b.left()) != 1 {
		t.Fatalf("it died with %v in the folder", b.left())
	}
	synctest.Test(t, func(t *testing.T) {
		after := newBed(t)
		after.Root, after.dir = filepath.Join(dir, "disk"), b.dir
		after.Services[service].State = host.Stopped
		after.hands = after.Hands()
		after.hands.Journal = host.NewJournal(filepath.Join(dir, "journal"))
		if got := after.promises(t); len(got) != 1 || got[0] != "clean moving" {
			t.Fatalf("promises %v", got)
		}
		changes, err := KeepPromises(t.Context(), after.Machine(), after.hands)
		if err != nil || len(changes) != 2 || after.state() != host.Running || len(after.promises(t)) != 0 {
			t.Errorf("%+v, %v, %q, %v", changes, err, after.state(), after.promises(t))
		}
		if len(after.left()) != 3 || len(after.shelves(t)) != 0 {
			t.Errorf("left %v, beside it %v", after.left(), after.shelves(t))
		}
	})
}

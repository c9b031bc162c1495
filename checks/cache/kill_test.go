package cache

import (
	"os"
	"os/exec"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/checks/host"
)

const victim = "LINECHECK_TEST_VICTIM"

// TestAKilledProcessForgetsTheService ends a real process while the service is stopped, and lets another keep its promise.
func TestAKilledProcessForgetsTheService(t *testing.T) {
	if dir := os.Getenv(victim); dir != "" {
		b := newBed(t)
		b.put(t, "a", 1, time.Hour)
		action := b.plan(t)
		b.hands.Journal = host.NewJournal(dir)
		b.Empty = func(string) (int, int64, error) {
			if p, err := os.FindProcess(os.Getpid()); err == nil {
				_ = p.Kill()
			}
			select {}
		}
		_, err := check{}.Fix(t.Context(), b.env, b.hands, action, quiet)
		t.Fatalf("still alive: %v", err)
	}
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestAKilledProcessForgetsTheService$")
	temp := t.TempDir() // a killed test removes nothing
	cmd.Env = append(os.Environ(), victim+"="+dir, "TMPDIR="+temp, "TMP="+temp)
	if out, err := cmd.CombinedOutput(); cmd.ProcessState.ExitCode() != -1 && cmd.ProcessState.ExitCode() != 1 || err == nil {
		t.Fatalf("%v\n%s", err, out)
	}
	synctest.Test(t, func(t *testing.T) {
		b := newBed(t)
		b.Services[service].State = host.Stopped
		b.hands.Journal = host.NewJournal(dir)
		if got := b.promises(t); len(got) != 1 {
			t.Fatalf("promises %v", got)
		}
		changes, err := KeepPromises(t.Context(), b.Machine(), b.hands)
		if err != nil || len(changes) != 1 || b.state() != host.Running || len(b.promises(t)) != 0 {
			t.Errorf("%+v, %v, %q, %v", changes, err, b.state(), b.promises(t))
		}
	})
}

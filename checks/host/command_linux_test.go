package host

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestAProgramThatHangsCostsItsOwnAnswerOnly(t *testing.T) {
	if _, err := find("sleep"); err != nil {
		t.Skip(err)
	}
	out, err := askFor(t.Context(), 50*time.Millisecond, "sleep", "1000")
	if !errors.Is(err, context.DeadlineExceeded) || out != "" || t.Context().Err() != nil {
		t.Errorf("%q, %v", out, err)
	}
	called, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := askFor(called, time.Minute, "sleep", "1000"); !errors.Is(err, context.Canceled) {
		t.Errorf("called off: %v", err)
	}
}

func TestAProgramIsNotInterruptedWithThisOne(t *testing.T) {
	// Fields 1 and 5 of stat are the process and its group (proc_pid_stat(5)).
	out, err := run(t.Context(), "sh", "-c", "cat /proc/$$/stat")
	must(t, err)
	f := strings.Fields(out)
	if len(f) < 5 || f[0] != f[4] {
		t.Errorf("it is in another's group: %q", f)
	}
}

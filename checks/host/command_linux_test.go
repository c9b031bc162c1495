package host

import (
	"context"
	"errors"
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

package probe

import (
	"slices"
	"testing"
	"testing/synctest"

	"linecheck/checks"
)

func TestAWalkThatWaitsSaysHowLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.there(silence{})
		var said []string
		l.req.OnStage = func(p checks.Path) {
			if note := Waits(p); note != "" {
				said = append(said, note)
			}
		}
		Walk(t.Context(), l.req)
		for _, want := range []string{"waiting for TCP, at most 4 s", "waiting for TCP, 1 of 4 s", "waiting for TCP, 3 of 4 s"} {
			if !slices.Contains(said, want) {
				t.Errorf("no %q in %q", want, said)
			}
		}
		if len(said) > 8 {
			t.Errorf("told %d times in 9 seconds", len(said))
		}
	})
}

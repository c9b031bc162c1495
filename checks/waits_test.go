package checks

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func TestAWaitSaysForWhatAndHowLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var said []string
		w := NewWaits(func(s string) { said = append(said, s) })
		time.Sleep(2 * time.Second)
		w.For("TCP", 5*time.Second)
		time.Sleep(2500 * time.Millisecond)
		w.For("the name", 0)
		time.Sleep(1600 * time.Millisecond)
		w.For("", 0)
		time.Sleep(3 * time.Second)
		w.End()
		want := []string{"TCP, at most 5 s", "TCP, 1 of 5 s", "TCP, 2 of 5 s", "the name", "the name, 1 s so far"}
		if !slices.Equal(said, want) {
			t.Errorf("said %q, want %q", said, want)
		}
	})
}

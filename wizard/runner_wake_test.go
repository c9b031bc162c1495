package wizard

import (
	"context"
	"sync"
	"testing"

	"linecheck/checks"
	"linecheck/checks/host"
)

// Play takes nothing told for the end: a token that comes after what it stands for was taken would end a session in its
// middle, as soon as nothing happens for a moment.
func TestNothingTellsThatThereIsSomethingToTell(t *testing.T) {
	r := NewRunner(t.Context(), checks.Env{}, host.Hands{})
	defer r.Close()
	for round := range 20000 {
		var told sync.WaitGroup
		for range 3 {
			told.Go(func() { r.put(Key{}, RunStarted{}) })
		}
		for got := 0; got < 3; {
			got += len(r.Next(context.Background()))
		}
		told.Wait()
		if len(r.wake) > 0 {
			t.Fatalf("in round %d a token is left, and nothing to tell", round)
		}
	}
}

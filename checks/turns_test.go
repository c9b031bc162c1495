package checks_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"

	"linecheck/checks"
)

func TestAtMostTwoProbesGoToOneHostAndSixteenInAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := checks.NewTurns()
		var ends []func()
		taken := make(chan func(), 64)
		take := func(host string) {
			go func() {
				if done, err := turns.Take(t.Context(), host); err == nil {
					taken <- done
				}
			}()
			synctest.Wait()
		}
		settle := func(want int) {
			t.Helper()
			synctest.Wait()
			for len(taken) > 0 {
				ends = append(ends, <-taken)
			}
			if len(ends) != want {
				t.Fatalf("%d turns given, want %d", len(ends), want)
			}
		}
		for range 3 {
			take("a")
		}
		settle(2)
		for i := range 20 {
			take(fmt.Sprint("host", i))
		}
		settle(16)    // the third to a does not hold up the others
		for range 7 { // seven more wait: one for a, and the last of the others
			ends[0]()
			ends[0]() // twice is once
			ends = ends[1:]
			settle(16)
		}
		ends[0]()
		ends = ends[1:]
		settle(15)
	})
}

func TestATurnThatNobodyWaitsForIsGivenToTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := checks.NewTurns()
		one, _ := turns.Take(t.Context(), "a")
		two, _ := turns.Take(t.Context(), "a")
		ctx, cancel := context.WithCancel(t.Context())
		left := make(chan error, 1)
		go func() { _, err := turns.Take(ctx, "a"); left <- err }()
		got := make(chan func(), 1)
		go func() { done, _ := turns.Take(t.Context(), "a"); got <- done }()
		synctest.Wait()
		cancel()
		if err := <-left; err == nil {
			t.Error("a turn without an end of the wait")
		}
		one()
		done := <-got
		done()
		two()
		if _, err := turns.Take(t.Context(), "a"); err != nil {
			t.Error(err)
		}
	})
}

func TestNoTurnsBoundNothing(t *testing.T) {
	var turns *checks.Turns
	for range 100 {
		if _, err := turns.Take(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
	}
}

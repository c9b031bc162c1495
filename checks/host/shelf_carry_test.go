package host

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// Whatever interrupts a move and its way back, every entry is in one of the two places, and the next try goes on.
func TestInterruptedMovesLoseNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	want := map[string]string{}
	for i := range 60 {
		want[fmt.Sprintf("f%02d", i)] = fmt.Sprint(i)
	}
	plant(t, dir, want)
	shelf := Shelf(dir, shelfNumber)
	for round := range 20 {
		seed := rand.New(rand.NewPCG(5, uint64(round)))
		ctx, cancel := context.WithCancel(t.Context())
		stop := seed.IntN(60)
		n, err := Disk{}.Shelve(ctx, dir, shelf, func(n int) {
			if n == stop {
				cancel()
			}
		})
		if stop == 0 {
			cancel()
		}
		if stop > 0 && (n != stop || !errors.Is(err, context.Canceled)) {
			t.Fatalf("round %d: Shelve = %d, %v; want to end after %d", round, n, err, stop)
		}
		both := manifest(t, dir)
		maps.Copy(both, manifest(t, shelf))
		if !maps.Equal(both, want) {
			t.Fatalf("round %d: %d entries are left of 60", round, len(both))
		}
		if _, err := (Disk{}).Return(ctx, dir, shelf); !errors.Is(err, context.Canceled) {
			t.Fatalf("round %d: Return with an ended context: %v", round, err)
		}
		n2, err := Disk{}.Return(t.Context(), dir, shelf)
		if err != nil || n2 != n {
			t.Fatalf("round %d: Return = %d, %v; want %d", round, n2, err, n)
		}
		if got := manifest(t, filepath.Dir(dir)); len(got) != 61 {
			t.Fatalf("round %d: %d entries beside and in the folder, want 61", round, len(got))
		}
	}
}

// The work grows with the number of entries and no faster, however many there are.
func TestMovingManyFilesIsOneMoveEach(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	must(t, os.Mkdir(dir, 0o755))
	const files, batch = 1005, 100
	for i := range files {
		must(t, os.WriteFile(filepath.Join(dir, fmt.Sprint(i)), nil, 0o600))
	}
	shelf := Shelf(dir, shelfNumber)
	c := newCarrier(t.Context())
	c.batch = batch
	n, err := c.shelve(Disk{}, dir, shelf)
	if err != nil || n != files || c.tries != files || c.reads != files/batch+1 {
		t.Errorf("shelved %d, %v with %d moves and %d listings; want %d, %d, %d", n, err, c.tries, c.reads, files, files, files/batch+1)
	}
	c = newCarrier(t.Context())
	c.batch = batch
	n, err = c.giveBack(Disk{}, dir, shelf)
	if err != nil || n != files || c.tries != files || c.reads != files/batch+1 {
		t.Errorf("returned %d, %v with %d moves and %d listings; want %d, %d, %d", n, err, c.tries, c.reads, files, files, files/batch+1)
	}
}

package checks

import (
	"fmt"
	"sync"
	"time"
)

// Waits says for what something waits, and how long: at once with the limit, "TCP, at most 5 s", then once a second with
// the seconds gone, "TCP, 3 of 5 s", so that who looks at it sees that it is alive. All waits of the program are told at
// the same moments, which makes one update of them.
type Waits struct {
	say   func(waiting string)
	mu    sync.Mutex
	what  string
	most  time.Duration
	since time.Time
	stop  chan struct{}
	ended sync.WaitGroup
}

// NewWaits begins to tell say; it is never called by two at once. Nothing is told before [Waits.For].
func NewWaits(say func(waiting string)) *Waits {
	w := &Waits{say: say, stop: make(chan struct{})}
	w.ended.Go(w.beat)
	return w
}

// For is waited for from now on; "" is for nothing. most is the limit of the wait, 0 where it has none.
func (w *Waits) For(what string, most time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.what, w.most, w.since = what, most, time.Now()
	if what != "" {
		w.say(Waiting(what, 0, most))
	}
}

// End stops it. After End nothing is told.
func (w *Waits) End() {
	close(w.stop)
	w.ended.Wait()
}

func (w *Waits) beat() {
	for {
		now := time.Now()
		t := time.NewTimer(now.Truncate(time.Second).Add(time.Second).Sub(now))
		select {
		case <-w.stop:
			t.Stop()
			return
		case <-t.C:
		}
		w.mu.Lock()
		if gone := time.Since(w.since); w.what != "" && gone >= time.Second {
			w.say(Waiting(w.what, gone, w.most))
		}
		w.mu.Unlock()
	}
}

// Waiting are the words of a wait that has lasted gone, of most at the longest; 0 is no limit.
func Waiting(what string, gone, most time.Duration) string {
	switch n := int(gone.Seconds()); {
	case n < 1 && most <= 0:
		return what
	case n < 1:
		return fmt.Sprintf("%s, at most %s", what, span(most))
	case most <= 0:
		return fmt.Sprintf("%s, %d s so far", what, n)
	default:
		return fmt.Sprintf("%s, %d of %s", what, n, span(most))
	}
}

func span(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%g s", d.Round(100*time.Millisecond).Seconds())
}

package checks

import (
	"context"
	"slices"
	"sync"
)

// How many probes of a session are under way: more would look like a scan to a firewall, and load a small proxy.
const (
	MostAtOnce = 16
	MostToHost = 2
)

// Turns bounds the probes of all checks of a session. A nil *Turns bounds nothing.
type Turns struct {
	mu    sync.Mutex
	all   int
	hosts map[string]int
	queue []*turn
}

type turn struct {
	host  string
	begin chan struct{}
}

// NewTurns returns one for a new session.
func NewTurns() *Turns { return &Turns{hosts: map[string]int{}} }

// Take waits for a turn to probe a host: an address, or a name where a proxy looks it up. The turn is over when done is
// called. The error is that of ctx, which ended before there was one.
func (t *Turns) Take(ctx context.Context, host string) (done func(), err error) {
	if t == nil {
		return func() {}, ctx.Err()
	}
	me := &turn{host, make(chan struct{})}
	t.mu.Lock()
	t.queue = append(t.queue, me)
	t.next()
	t.mu.Unlock()
	select {
	case <-me.begin:
	case <-ctx.Done():
		t.mu.Lock()
		defer t.mu.Unlock()
		i := slices.Index(t.queue, me)
		if i < 0 { // it came at the same moment
			t.give(host)
		} else {
			t.queue = slices.Delete(t.queue, i, i+1)
		}
		return func() {}, ctx.Err()
	}
	return sync.OnceFunc(func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.give(host)
	}), nil
}

func (t *Turns) give(host string) {
	t.all--
	if t.hosts[host]--; t.hosts[host] == 0 {
		delete(t.hosts, host)
	}
	t.next()
}

// next lets begin whoever may, in the order in which they came; one whose host is busy does not hold up the others.
func (t *Turns) next() {
	t.queue = slices.DeleteFunc(t.queue, func(w *turn) bool {
		if t.all >= MostAtOnce || t.hosts[w.host] >= MostToHost {
			return false
		}
		t.all++
		t.hosts[w.host]++
		close(w.begin)
		return true
	})
}

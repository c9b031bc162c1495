package probe

import (
	"context"
	"net"
	"net/netip"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/checks"
)

func TestWaitingForATurnIsNobodysSlowness(t *testing.T) {
	for name, proxied := range map[string]bool{"direct": false, "through a proxy": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t)
				key := vendor4.String()
				thinks := slow(3*time.Second, secure(l.cert, answer(ok("ok"))))
				if proxied {
					l.through(piped(slow(3*time.Second, answer("HTTP/1.1 200 OK\r\n\r\n"))))
					key = vendor
				} else {
					l.there(piped(thinks))
				}
				l.req.Turns = checks.NewTurns()
				for range checks.MostToHost {
					done, err := l.req.Turns.Take(t.Context(), key)
					if err != nil {
						t.Fatal(err)
					}
					time.AfterFunc(20*time.Second, done)
				}
				begin := time.Now()
				a := Walk(t.Context(), l.req)
				if time.Since(begin) != 23*time.Second || a.Took != 3*time.Second || a.Connected != 0 {
					t.Errorf("in all %s, took %s, connected after %s (%v)", time.Since(begin), a.Took, a.Connected, a.Err)
				}
				if !proxied && a.Failure != "" || proxied && a.Failed != checks.TLS {
					t.Errorf("the walk ended with %q at %q", a.Failure, a.Failed)
				}
				holds(t, a)
				time.Sleep(time.Minute)
			})
		})
	}
}

func TestWhoIsCalledOffWhileWaitingForATurnProvesNothing(t *testing.T) {
	for name, proxied := range map[string]bool{"direct": false, "through a proxy": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t)
				key, at := vendor4.String(), checks.Connect
				if proxied {
					l.through(silence{})
					key, at = vendor, checks.Resolve
				}
				l.req.Turns = checks.NewTurns()
				for range checks.MostToHost {
					l.req.Turns.Take(t.Context(), key)
				}
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				var waiting bool
				l.req.OnStage = func(p checks.Path) {
					for _, s := range p.Stages {
						waiting = waiting || s.Name == at && s.Note == Waiting+"its turn"
					}
				}
				a := Walk(ctx, l.req)
				if a.Failure != checks.Cancelled || a.Failed != at || a.Took != 0 || !waiting {
					t.Errorf("%q at %q, took %s, told that it waits: %v", a.Failure, a.Failed, a.Took, waiting)
				}
				holds(t, a)
			})
		})
	}
}

func TestWalksKeepTheirTurnUntilTheyEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		var now, most atomic.Int32
		inner := secure(l.cert, slow(time.Second-1, answer(ok("ok"))))
		l.there(piped(func(c net.Conn) {
			time.Sleep(time.Nanosecond) // the one before may end in the same moment, and is counted until it has
			most.Store(max(most.Load(), now.Add(1)))
			defer now.Add(-1)
			inner(c)
		}))
		second := netip.MustParseAddr("203.0.113.11")
		l.names["ip4 "+vendor] = []netip.Addr{vendor4, second}
		l.req.Turns = checks.NewTurns()
		done := make(chan Answer)
		begin := time.Now()
		for range 6 {
			go func() { done <- Walk(t.Context(), l.req) }()
		}
		for range 6 {
			if a := <-done; a.Failure != "" || a.Took != time.Second {
				t.Errorf("%q after %s", a.Failure, a.Took)
			}
		}
		if most.Load() != checks.MostToHost || time.Since(begin) != 3*time.Second {
			t.Errorf("%d at once, %s in all", most.Load(), time.Since(begin))
		}
		if free, err := l.req.Turns.Take(t.Context(), vendor4.String()); err != nil {
			t.Error("a turn was kept")
		} else {
			free()
		}
	})
}

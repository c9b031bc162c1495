package probe

import (
	"context"
	"io"
	"net"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/assets"
	"linecheck/checks"
)

// piped is a port in virtual time: handle gets the other end of each connection.
func piped(handle func(net.Conn)) func() net.Conn {
	return func() net.Conn {
		ours, theirs := net.Pipe()
		go func() { defer theirs.Close(); handle(theirs) }()
		return ours
	}
}

// slow lets a server think before it goes on.
func slow(d time.Duration, next func(net.Conn)) func(net.Conn) {
	return func(c net.Conn) { time.Sleep(d); next(c) }
}

func trickle(c net.Conn) {
	answer("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")(c)
	for {
		time.Sleep(time.Second)
		if _, err := io.WriteString(c, "x"); err != nil {
			return
		}
	}
}

// delayed answers lookups late.
type delayed struct {
	*world
	by time.Duration
}

func (d delayed) Lookup(ctx context.Context, family, name string) ([]netip.Addr, error) {
	select {
	case <-time.After(d.by):
		return d.world.Lookup(ctx, family, name)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (d delayed) Dial(ctx context.Context, network string, a netip.AddrPort) (net.Conn, error) {
	select {
	case <-time.After(d.by):
		return d.world.Dial(ctx, network, a)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func TestHowLongAWalkTakes(t *testing.T) {
	budget := func(connect, answer int, m assets.Mark) assets.Budget {
		return assets.Budget{ConnectMS: connect, AnswerMS: answer, Mark: m}
	}
	for name, c := range map[string]struct {
		set    func(*lab)
		budget assets.Budget
		after  time.Duration // the caller's patience; zero: for ever
		want   checks.Failure
		took   time.Duration
		code   checks.Code
		status checks.Status
	}{
		"silent DNS is given up after 5 s": {set: func(l *lab) { l.names["ip4 "+vendor] = silence{} },
			want: checks.NoAnswerDNS, took: 5 * time.Second},
		"silent DNS for both families is given up after the same 5 s": {set: func(l *lab) {
			l.req.Family = ""
			l.names["ip4 "+vendor], l.names["ip6 "+vendor] = silence{}, silence{}
		}, want: checks.NoAnswerDNS, took: 5 * time.Second},
		"three silent addresses are given up after 4 s together": {set: func(l *lab) {
			var all []netip.Addr
			for _, s := range []string{"203.0.113.1", "203.0.113.2", "203.0.113.3"} {
				all = append(all, netip.MustParseAddr(s))
				l.ports[netip.MustParseAddrPort(s+":443")] = silence{}
			}
			l.names["ip4 "+vendor] = all
		}, want: checks.Dropped, took: 4 * time.Second},
		"a dead first address costs half a second": {set: func(l *lab) {
			dead := netip.MustParseAddr("203.0.113.9")
			l.names["ip4 "+vendor] = []netip.Addr{dead, vendor4}
			l.ports[netip.AddrPortFrom(dead, 443)] = silence{}
			l.there(piped(secure(l.cert, answer(ok("ok")))))
		}, took: 500 * time.Millisecond},
		"a silent handshake and its comparison end together after 5 s": {set: func(l *lab) { l.there(piped(mute)) },
			want: checks.TLSNoAnswer, took: 5 * time.Second},
		"silence by name is known after 5 s": {set: func(l *lab) { l.there(piped(byName(vendor, mute, l.cert))) },
			want: checks.TLSReset, took: 5 * time.Second},
		"a handshake of 3 s is slow and not dead": {set: func(l *lab) { l.there(piped(slow(3*time.Second, secure(l.cert, answer(ok("ok")))))) },
			took: 3 * time.Second},
		"a silent proxy is given up after 5 s": {set: func(l *lab) { l.through(piped(mute)) },
			want: checks.ProxyNoAnswer, took: 5 * time.Second},
		"silence after the request is given up after 5 s": {set: func(l *lab) { l.there(piped(secure(l.cert, mute))) },
			want: checks.NoAnswerHTTP, took: 5 * time.Second},
		"a body that trickles is given up after 5 s": {set: func(l *lab) { l.there(piped(secure(l.cert, trickle))) },
			want: checks.NoAnswerHTTP, took: 5 * time.Second},
		"a walk that is slow in every hop ends after 12 s": {set: func(l *lab) {
			l.req.Network = delayed{l.world, 3900 * time.Millisecond}
			l.there(piped(slow(3*time.Second, secure(l.cert, mute))))
		}, want: checks.NoAnswerHTTP, took: 12 * time.Second},
		"being called off is no failure of the network": {set: func(l *lab) { l.there(silence{}) }, after: time.Second,
			want: checks.Cancelled, took: time.Second, code: NotTried},
		"being called off in the handshake is no failure of TLS": {set: func(l *lab) { l.there(piped(mute)) }, after: 3 * time.Second,
			want: checks.Cancelled, took: 3 * time.Second, code: NotTried},
		"being called off in a lookup is no failure of DNS": {set: func(l *lab) { l.names["ip4 "+vendor] = silence{} }, after: time.Second,
			want: checks.Cancelled, took: time.Second, code: NotTried},

		"slower than the product waits is a fault": {set: func(l *lab) { l.there(piped(secure(l.cert, slow(1500*time.Millisecond, answer(ok("ok")))))) },
			budget: budget(1000, 1000, assets.Seed), took: 1500 * time.Millisecond, code: "path.too_slow", status: checks.Fail},
		"slower than the product is believed to wait is a warning": {set: func(l *lab) { l.there(piped(secure(l.cert, slow(1500*time.Millisecond, answer(ok("ok")))))) },
			budget: budget(1000, 1000, assets.Inferred), took: 1500 * time.Millisecond, code: "path.too_slow", status: checks.Warn},
		"slow and still in time is open": {set: func(l *lab) { l.there(piped(secure(l.cert, slow(900*time.Millisecond, answer(ok("ok")))))) },
			budget: budget(1000, 1000, assets.Seed), took: 900 * time.Millisecond, code: Open, status: checks.Pass},
		"a slow connection counts by itself": {set: func(l *lab) {
			l.req.Network = delayed{l.world, 700 * time.Millisecond}
			l.there(piped(secure(l.cert, answer(ok("ok")))))
		}, budget: budget(500, 5000, assets.Seed), took: 1400 * time.Millisecond, code: "path.too_slow", status: checks.Fail},
		"a slow lookup counts to the answer": {set: func(l *lab) {
			l.req.Network = delayed{l.world, 700 * time.Millisecond}
			l.there(piped(secure(l.cert, answer(ok("ok")))))
		}, budget: budget(1000, 1000, assets.Seed), took: 1400 * time.Millisecond, code: "path.too_slow", status: checks.Fail},
		"a lookup that another walk made counts as well": {set: func(l *lab) {
			l.req.Network = delayed{l.world, 700 * time.Millisecond}
			l.req.Names = NewNames(l.req.Network)
			l.req.Names.Lookup(l.t.Context(), "ip4", vendor)
			l.there(piped(secure(l.cert, answer(ok("ok")))))
		}, budget: budget(1000, 1000, assets.Seed), took: 1400 * time.Millisecond, code: "path.too_slow", status: checks.Fail},
		"a product whose patience nobody knows is not too slow": {set: func(l *lab) { l.there(piped(slow(3*time.Second, secure(l.cert, answer(ok("ok")))))) },
			took: 3 * time.Second, code: Open, status: checks.Pass},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t)
				c.set(l)
				ctx := t.Context()
				if c.after > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, c.after)
					defer cancel()
				}
				a := Walk(ctx, l.req)
				defer time.Sleep(time.Minute) // servers that still think
				if a.Failure != c.want || a.Took != c.took {
					t.Errorf("the walk ended with %q (%v) after %s, want %q after %s", a.Failure, a.Err, a.Took, c.want, c.took)
				}
				holds(t, a)
				if c.code != "" {
					a.Path.Product = true
					if f := Judge(&assets.Profile{Budget: c.budget}, l.req.Endpoint, a); f.Code != c.code || f.Status != c.status {
						t.Errorf("the finding is %s %s, want %s %s", f.Status, f.Code, c.status, c.code)
					}
				}
			})
		})
	}
}

func TestNamesAreAskedForOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		names := NewNames(delayed{l.world, time.Second})
		impatient, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if _, _, err := names.Lookup(impatient, "ip4", vendor); checks.Classify(checks.Resolve, err) == checks.NoFailure {
			t.Error("an asker that went away got an answer")
		}
		done := make(chan string)
		for range 5 {
			go func() {
				a, took, err := names.Lookup(t.Context(), "ip4", vendor)
				if err != nil {
					done <- err.Error()
					return
				}
				done <- list(a) + " " + took.String()
			}()
		}
		for range 5 {
			if got := <-done; got != "203.0.113.10 1s" {
				t.Errorf("got %q", got)
			}
		}
		if a, took, err := names.Lookup(t.Context(), "ip4", "Doorman.Vendor.Example."); err != nil || took != time.Second || list(a) != "203.0.113.10" {
			t.Errorf("another spelling got %v, %s, %v", a, took, err)
		}
		if n := l.called("ip4 " + vendor); n != 1 {
			t.Errorf("the name was asked for %d times", n)
		}
	})
}

func TestConnectionThatComesTooLateIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		first := netip.MustParseAddr("203.0.113.9")
		l.names["ip4 "+vendor] = []netip.Addr{first, vendor4}
		closed := make(chan bool, 1)
		l.ports[netip.AddrPortFrom(first, 443)] = func() net.Conn {
			time.Sleep(700 * time.Millisecond) // a system that connects although it was told to stop
			return piped(func(c net.Conn) { mute(c); closed <- true })()
		}
		l.there(piped(secure(l.cert, answer(ok("ok")))))
		a := Walk(t.Context(), l.req)
		synctest.Wait()
		if a.Failure != "" || a.Path.Address != vendor4.String() || len(closed) != 1 {
			t.Errorf("the walk ended with %q at %s; closed: %d", a.Failure, a.Path.Address, len(closed))
		}
	})
}

// A name that another walk of the run already asked for in vain was waited for all the same: "no answer within 0 ms" is
// what a person would read otherwise.
func TestALookupThatAnotherWalkLostWasWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.names["ip4 "+vendor] = silence{}
		l.req.Names = NewNames(l.req.Network)
		l.req.Names.Lookup(t.Context(), "ip4", vendor)
		a := Walk(t.Context(), l.req)
		if a.Failure != checks.NoAnswerDNS || a.Args["wait"] != "5 s" || a.Took != 5*time.Second {
			t.Errorf("%q after a wait of %q, %s in all, want no answer of DNS after 5 s", a.Failure, a.Args["wait"], a.Took)
		}
	})
}

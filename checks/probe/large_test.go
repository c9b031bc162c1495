package probe

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/assets"
	"linecheck/checks"
)

// bySize looks at how long the ClientHello is: bad gets the connections with one of more than a packet. It counts both.
func bySize(bad func(net.Conn), cert tls.Certificate, next func(net.Conn), small, large *atomic.Int32) func(net.Conn) {
	return func(c net.Conn) {
		head := make([]byte, 5)
		if _, err := io.ReadFull(c, head); err != nil {
			return
		}
		if int(head[3])<<8|int(head[4]) > 1460-5 {
			large.Add(1)
			if bad != nil {
				bad(c)
				return
			}
		} else {
			small.Add(1)
		}
		secure(cert, next)(again{c, io.MultiReader(bytes.NewReader(head), c)})
	}
}

// again is a connection whose first bytes are given back.
type again struct {
	net.Conn
	in io.Reader
}

func (a again) Read(p []byte) (int, error) { return a.in.Read(p) }

func TestALargeGreeting(t *testing.T) {
	for name, c := range map[string]struct {
		bad          func(net.Conn) // what becomes of a large ClientHello; nil: it is answered
		want         Large
		small, large int32
		code         checks.Code
	}{
		"both greetings are answered":                     {nil, LargeAnswered, 1, 1, Open},
		"a large greeting that is cut is tried again":     {rst, LargeLost, 2, 2, "tls.large_hello"},
		"a large greeting that is hung up on":             {fin, LargeLost, 2, 2, "tls.large_hello"},
		"a large greeting that is answered in plain text": {say("HTTP/1.1 400 No\r\n\r\n"), LargeUnclear, 1, 1, Open},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			var small, large atomic.Int32
			l.up(bySize(c.bad, l.cert, answer(ok("ok")), &small, &large))
			l.req.Large = true
			a := walk(t.Context(), l.req, patient)
			if a.Failure != "" || a.Large != c.want || a.Args["large_hello"] != string(c.want) {
				t.Errorf("the walk ended with %q, large %q (%q), want %q:\n%s", a.Failure, a.Large, a.Args["large_hello"], c.want, evidence(a))
			}
			if small.Load() != c.small || large.Load() != c.large {
				t.Errorf("%d small and %d large greetings, want %d and %d", small.Load(), large.Load(), c.small, c.large)
			}
			holds(t, a)
			for product, status := range map[bool]checks.Status{true: checks.Warn, false: checks.Note} {
				a.Path.Product = product
				if c.code == Open && product {
					status = checks.Pass
				}
				if f := Judge(&assets.Profile{}, l.req.Endpoint, a); f.Code != c.code || f.Status != status {
					t.Errorf("%s is %s, want %s %s", f.Code, f.Status, status, c.code)
				}
			}
		})
	}
}

func TestALargeGreetingIsOnlySentWhereItIsWanted(t *testing.T) {
	l := newLab(t)
	var small, large atomic.Int32
	l.up(bySize(nil, l.cert, answer(ok("ok")), &small, &large))
	if a := walk(t.Context(), l.req, patient); a.Large != LargeUntried || large.Load() != 0 {
		t.Errorf("%d large greetings, outcome %q", large.Load(), a.Large)
	}
	l.req.Large = true
	l.up(slam)
	if a := walk(t.Context(), l.req, patient); a.Large != LargeUntried || a.Failure != checks.ResetLater {
		t.Errorf("where the small one is cut: %q, %q", a.Failure, a.Large)
	}
}

func TestTheTimeOfALargeGreetingIsNobodysSlowness(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		var small, large atomic.Int32
		l.there(piped(bySize(mute, l.cert, slow(time.Second, answer(ok("ok"))), &small, &large)))
		l.req.Large = true
		begin := time.Now()
		a := Walk(t.Context(), l.req)
		if a.Large != LargeLost || a.Took != time.Second || time.Since(begin) != 2*usual.second || small.Load() != 2 || large.Load() != 2 {
			t.Errorf("%q, took %s, in all %s, %d small greetings, %d large ones", a.Large, a.Took, time.Since(begin), small.Load(), large.Load())
		}
		time.Sleep(time.Minute)
	})
}

func TestASlowLineIsNoLostLargeGreeting(t *testing.T) {
	for name, c := range map[string]struct {
		small, large time.Duration // how long the server thinks before it answers; an hour: nobody waits for it
		want         Large
	}{
		"the small one takes long too, and a large one comes late": {500 * time.Millisecond, 4500 * time.Millisecond, LargeAnswered},
		"small ones are answered at once, and no large one":        {0, 4500 * time.Millisecond, LargeLost},
		"there is ten times the silence":                           {320 * time.Millisecond, time.Hour, LargeLost},
		"the walk has no time for ten times the silence":           {time.Second, time.Hour, LargeUnclear},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t)
				l.there(piped(func(conn net.Conn) {
					head := make([]byte, 5)
					if _, err := io.ReadFull(conn, head); err != nil {
						return
					}
					think := c.small
					if int(head[3])<<8|int(head[4]) > 1460-5 {
						think = c.large
					}
					time.Sleep(think)
					secure(l.cert, answer(ok("ok")))(again{conn, io.MultiReader(bytes.NewReader(head), conn)})
				}))
				l.req.Large = true
				begin := time.Now()
				if a := Walk(t.Context(), l.req); a.Failure != "" || a.Large != c.want {
					t.Errorf("%q, large %q, want %q:\n%s", a.Failure, a.Large, c.want, evidence(a))
				}
				if took := time.Since(begin); took > usual.whole {
					t.Errorf("the walk took %s", took)
				}
				time.Sleep(2 * time.Hour)
			})
		})
	}
}

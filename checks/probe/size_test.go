package probe

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/assets"
	"linecheck/checks"
)

// inSmall says what becomes of connections to the vendor with small packets.
func (l *lab) inSmall(port uint16, handle func(net.Conn)) {
	l.small[netip.AddrPortFrom(vendor4, port)] = piped(handle)
}

// turns does with the first connections what the list says, and with all others what its last entry says.
func turns(all ...func(net.Conn)) func(net.Conn) {
	var n atomic.Int32
	return func(c net.Conn) { all[min(int(n.Add(1)), len(all))-1](c) }
}

// once is silent to the first greeting with the vendor's name and to all with another one.
func once(cert tls.Certificate) func(net.Conn) {
	var n atomic.Int32
	return func(c net.Conn) {
		cfg := &tls.Config{Certificates: []tls.Certificate{cert}, GetConfigForClient: func(h *tls.ClientHelloInfo) (*tls.Config, error) {
			if h.ServerName != vendor || n.Add(1) == 1 {
				mute(c)
			}
			return nil, nil
		}}
		_ = tls.Server(c, cfg).Handshake()
	}
}

// part takes a greeting and goes.
func part(c net.Conn) {
	_, _ = c.Read(make([]byte, 8<<10))
	c.Close()
}

func TestLargePacketsThatVanish(t *testing.T) {
	whole := func(l *lab) func(net.Conn) { return secure(l.cert, answer(ok("ok"))) }
	half := func(c net.Conn) {
		answer("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nsome")(c)
		mute(c)
	}
	for name, c := range map[string]struct {
		set  func(*lab)
		want checks.Failure
		at   checks.StageName
		took time.Duration
		tell string // that stands in the evidence; "!" before it: that does not
	}{
		"a handshake that only small packets finish": {func(l *lab) {
			l.there(piped(mute))
			l.inSmall(443, whole(l))
		}, checks.SizeLost, checks.TLS, 5 * time.Second, "in small packets again: answered"},
		"silence in small packets too is a silent handshake": {func(l *lab) {
			l.there(piped(mute))
			l.inSmall(443, mute)
		}, checks.TLSNoAnswer, checks.TLS, 5 * time.Second, "in small packets, for comparison: "},
		"where small packets cannot be asked for nothing is said of them": {func(l *lab) {
			l.there(piped(mute))
		}, checks.TLSNoAnswer, checks.TLS, 5 * time.Second, "!small packets"},
		"a refusal of another name is small and proves no filter by name": {func(l *lab) {
			l.there(piped(byName(vendor, mute, l.cert)))
			l.inSmall(443, whole(l))
		}, checks.SizeLost, checks.TLS, 5 * time.Second, "is answered"},
		// A filter that reads certificates may overlook one that comes in pieces.
		"another name's answer of more than a packet shows that large packets arrive": {func(l *lab) {
			names := []string{"x.example"}
			for i := range 60 {
				names = append(names, fmt.Sprintf("alias-%02d.customers.vendor.example", i))
			}
			l.there(piped(byName(vendor, mute, l.ca.leaf(l.t, -1, 24, names...))))
			l.inSmall(443, whole(l))
		}, checks.TLSReset, checks.TLS, 5 * time.Second, "is answered"},
		"a filter by name swallows small packets too": {func(l *lab) {
			l.there(piped(byName(vendor, mute, l.cert)))
			l.inSmall(443, byName(vendor, mute, l.cert))
		}, checks.TLSReset, checks.TLS, 5 * time.Second, ""},
		"a server that answers every second connection loses no large packets": {func(l *lab) {
			l.there(piped(once(l.cert)))
			l.inSmall(443, whole(l))
		}, checks.TLSNoAnswer, checks.TLS, 5 * time.Second, "of the usual size again: answered"},
		"an answer to small packets that does not come again was luck": {func(l *lab) {
			l.there(piped(mute))
			l.inSmall(443, turns(whole(l), mute))
		}, checks.TLSNoAnswer, checks.TLS, 5 * time.Second, ""},
		"a line that is slow for small packets too is not judged by its silence": {func(l *lab) {
			l.there(piped(mute))
			l.inSmall(443, slow(1500*time.Millisecond, whole(l)))
		}, checks.TLSNoAnswer, checks.TLS, 12 * time.Second, ""},
		"a cut is no lost packet": {func(l *lab) {
			l.there(piped(slow(3*time.Second, part)))
			l.inSmall(443, whole(l))
		}, checks.ResetLater, checks.TLS, 5 * time.Second, "!small packets"},
		"an answer that only small packets bring": {func(l *lab) {
			l.there(piped(secure(l.cert, mute)))
			l.inSmall(443, whole(l))
		}, checks.SizeLost, checks.HTTP, 5 * time.Second, ""},
		"a body that only small packets bring to its end": {func(l *lab) {
			l.there(piped(secure(l.cert, half)))
			l.inSmall(443, whole(l))
		}, checks.SizeLost, checks.Content, 5 * time.Second, ""},
		"a service that is slow in small packets too": {func(l *lab) {
			l.there(piped(secure(l.cert, mute)))
			l.inSmall(443, secure(l.cert, mute))
		}, checks.NoAnswerHTTP, checks.HTTP, 5 * time.Second, ""},
		"a plain answer that only small packets bring": {func(l *lab) {
			l.req.Endpoint.Scheme, l.req.Endpoint.Port = "http", 80
			l.ports[netip.AddrPortFrom(vendor4, 80)] = piped(mute)
			l.inSmall(80, answer(ok("ok")))
		}, checks.SizeLost, checks.HTTP, 5 * time.Second, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t)
				c.set(l)
				a := Walk(t.Context(), l.req)
				defer time.Sleep(time.Hour) // servers that still think
				said := evidence(a)
				if a.Failure != c.want || a.Failed != c.at || a.Took.Round(100*time.Millisecond) != c.took {
					t.Errorf("%q at %s after %s, want %q at %s after %s:\n%s", a.Failure, a.Failed, a.Took, c.want, c.at, c.took, said)
				}
				if no := strings.HasPrefix(c.tell, "!"); strings.Contains(said, strings.TrimPrefix(c.tell, "!")) == no {
					t.Errorf("want %q in\n%s", c.tell, said)
				}
				holds(t, a)
				a.Path.Product = true
				f := Judge(&assets.Profile{}, l.req.Endpoint, a)
				if c.want == checks.SizeLost && (f.Code != "path.mtu" || f.Status != checks.Fail || f.Args["direction"] != inbound) {
					t.Errorf("%s %s %q", f.Code, f.Status, f.Args["direction"])
				}
			})
		})
	}
}

// A walk that is answered in time asks for nothing in small packets.
func TestSmallPacketsAreOnlySentAfterSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.there(piped(slow(1900*time.Millisecond, secure(l.cert, slow(1900*time.Millisecond, answer(ok("ok")))))))
		l.inSmall(443, func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
		if a := Walk(t.Context(), l.req); a.Failure != "" || l.called("small "+netip.AddrPortFrom(vendor4, 443).String()) != 0 {
			t.Errorf("%q, %d dials with small packets", a.Failure, l.called("small "+netip.AddrPortFrom(vendor4, 443).String()))
		}
		time.Sleep(time.Minute)
	})
}

func TestALargeGreetingThatOnlySmallPacketsCarry(t *testing.T) {
	for name, c := range map[string]struct {
		bad   func(net.Conn) // what becomes of a large ClientHello in large packets
		small func(net.Conn)
		want  Large
		code  checks.Code
	}{
		"it is answered in small packets":      {mute, nil, LargeSize, "path.mtu"},
		"it is swallowed in small packets too": {mute, mute, LargeLost, "tls.large_hello"},
		"it is cut, which is somebody's deed":  {part, nil, LargeLost, "tls.large_hello"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLab(t)
				var few, many atomic.Int32
				l.there(piped(bySize(c.bad, l.cert, answer(ok("ok")), &few, &many)))
				l.inSmall(443, bySize(c.small, l.cert, answer(ok("ok")), &few, &many))
				l.req.Large = true
				a := Walk(t.Context(), l.req)
				if a.Failure != "" || a.Large != c.want {
					t.Errorf("%q, large %q, want %q:\n%s", a.Failure, a.Large, c.want, evidence(a))
				}
				a.Path.Product = true
				f := Judge(&assets.Profile{}, l.req.Endpoint, a)
				if f.Code != c.code || f.Status != checks.Warn || (f.Args["direction"] == outbound) != (c.code == "path.mtu") {
					t.Errorf("%s %s %q", f.Code, f.Status, f.Args["direction"])
				}
				time.Sleep(time.Hour)
			})
		})
	}
}

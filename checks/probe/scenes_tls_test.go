package probe

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/assets"
	"linecheck/checks"
)

func TestHandshakes(t *testing.T) {
	// by puts a certificate of some other authority in the vendor's place, trusted or not.
	by := func(cn, org string, trusted bool) func(*lab) {
		return func(l *lab) {
			ca := newAuthority(l.t, cn, org)
			if trusted {
				l.req.Roots.AddCert(ca.cert)
			}
			l.up(secure(ca.leaf(l.t, -1, 24, vendor), answer(ok("ok"))))
		}
	}
	dated := func(from, until int) func(*lab) {
		return func(l *lab) { l.up(secure(l.ca.leaf(l.t, from, until, vendor), answer(ok("ok")))) }
	}
	for name, s := range map[string]scene{
		"silence in the handshake, whatever the name": {set: func(l *lab) { l.up(mute) },
			want: checks.TLSNoAnswer, at: checks.TLS, hurry: true},
		"a reset only when the vendor's name is sent": {set: func(l *lab) { l.up(byName(vendor, rst, l.cert)) },
			want: checks.TLSReset, at: checks.TLS, args: map[string]string{"sni": vendor}},
		"a close only when the vendor's name is sent": {set: func(l *lab) { l.up(byName(vendor, fin, l.cert)) },
			want: checks.TLSReset, at: checks.TLS},
		"silence only when the vendor's name is sent": {set: func(l *lab) { l.up(byName(vendor, mute, l.cert)) },
			want: checks.TLSReset, at: checks.TLS, hurry: true},
		"a reset whatever the name is no filter by name": {set: func(l *lab) { l.up(slam) },
			want: checks.ResetLater, at: checks.TLS},
		"a server that hangs up on everybody is no filter by name": {set: func(l *lab) { l.up(hangUp) },
			want: checks.ResetLater, at: checks.TLS},
		"an address has no name that a filter could read": {set: func(l *lab) { l.req.Endpoint.Host = "203.0.113.10"; l.up(slam) },
			want: checks.ResetLater, at: checks.TLS, args: map[string]string{"sni": ""}},

		"an expired certificate is not an unknown issuer": {set: dated(-48, -24),
			want: checks.Expired, at: checks.TLS, args: map[string]string{"validity": "expired", "trusted": "yes", "issuer": "Public Root"}},
		"a certificate of tomorrow is not an expired one": {set: dated(24, 48),
			want: checks.Expired, at: checks.TLS, args: map[string]string{"validity": "not yet valid", "trusted": "yes"}},
		"a certificate for somebody else": {set: func(l *lab) { l.up(secure(l.ca.leaf(l.t, -1, 24, "portal.hotel.example"), answer(ok("ok")))) },
			want: checks.NameMismatch, at: checks.TLS, args: map[string]string{"names": "portal.hotel.example", "trusted": "yes"}},
		"an unknown issuer is untrusted": {set: by("Nobody CA", "", false),
			want: checks.Untrusted, at: checks.TLS, args: map[string]string{"issuer": "Nobody CA", "trusted": "no", "middlebox": ""}},
		"an untrusted Zscaler certificate is interception": {set: by("Zscaler Root CA", "Zscaler Inc.", false),
			want: checks.Intercepted, at: checks.TLS, args: map[string]string{"middlebox": "Zscaler", "trusted": "no"}},
		"a Zscaler certificate that this machine trusts is interception too": {set: by("Zscaler Root CA", "Zscaler Inc.", true),
			want: checks.Intercepted, at: checks.TLS, args: map[string]string{"middlebox": "Zscaler", "trusted": "yes"}},
		"an inspector's expired certificate is interception first": {set: func(l *lab) {
			ca := newAuthority(l.t, "Zscaler Root CA", "")
			l.up(secure(ca.leaf(l.t, -48, -24, vendor), answer(ok("ok"))))
		}, want: checks.Intercepted, at: checks.TLS},
		"an issuer other than the vendor's usual one is interception": {set: func(l *lab) {
			by("Corp Secure Web", "Corp Ltd", false)(l)
			l.req.Endpoint.Expect.Issuer = "Good Trust"
		}, want: checks.Intercepted, at: checks.TLS, args: map[string]string{"middlebox": "Corp Secure Web, Corp Ltd", "expected_issuer": "Good Trust"}},
		"the vendor's usual issuer passes": {set: func(l *lab) { l.says(ok("ok")); l.req.Endpoint.Expect.Issuer = "good trust" }},

		"TLS 1.0 only is a matter of protocol": {set: func(l *lab) {
			l.up(secure(l.cert, answer(ok("ok")), func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS10 }))
		}, want: checks.Protocol, at: checks.TLS},
		"plain text instead of TLS": {set: func(l *lab) { l.up(say("HTTP/1.1 400 Bad Request\r\n\r\nplain HTTP request sent to HTTPS port")) },
			want: checks.TLSNotSpoken, at: checks.TLS},
		"TLS 1.2 only is good enough": {set: func(l *lab) {
			l.up(secure(l.cert, answer(ok("ok")), func(c *tls.Config) { c.MaxVersion = tls.VersionTLS12 }))
		}, args: map[string]string{"tls": "TLS 1.2"}},
		"an encrypted endpoint of which nothing is expected is proven by its certificate": {set: func(l *lab) { l.expect(assets.Expect{}); l.says("HTTP/1.1 404 Not Found\r\n\r\n") },
			code: Answered},
	} {
		t.Run(name, s.run)
	}
}

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
		hurry        bool
	}{
		"both greetings are answered":                     {nil, LargeAnswered, 1, 1, Open, false},
		"a large greeting that is cut is tried again":     {rst, LargeLost, 2, 2, "tls.large_hello", false},
		"a large greeting that is swallowed":              {mute, LargeLost, 2, 2, "tls.large_hello", true},
		"a large greeting that is hung up on":             {fin, LargeLost, 2, 2, "tls.large_hello", false},
		"a large greeting that is answered in plain text": {say("HTTP/1.1 400 No\r\n\r\n"), LargeUnclear, 1, 1, Open, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			var small, large atomic.Int32
			l.up(bySize(c.bad, l.cert, answer(ok("ok")), &small, &large))
			l.req.Large = true
			lim := patient
			if c.hurry {
				lim = hasty
			}
			a := walk(t.Context(), l.req, lim)
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
		if a.Large != LargeLost || a.Took != time.Second || time.Since(begin) != 2*usual.second {
			t.Errorf("%q, took %s, in all %s", a.Large, a.Took, time.Since(begin))
		}
		time.Sleep(time.Minute)
	})
}

func TestWhichStepOfAHandshakeFails(t *testing.T) {
	// half answers with a part of the server's flight: what a lost large packet looks like.
	half := func(l *lab) func(net.Conn) {
		return func(c net.Conn) {
			near, far := net.Pipe()
			go func() {
				tls.Server(far, &tls.Config{Certificates: []tls.Certificate{l.cert}, MaxVersion: tls.VersionTLS12}).Handshake()
				far.Close()
			}()
			go io.Copy(near, c)
			io.CopyN(c, near, 40)
			near.Close()
			mute(c)
		}
	}
	for name, c := range map[string]struct {
		up    func(*lab) func(net.Conn)
		step  string
		args  map[string]string
		hurry bool
	}{
		"silence after the greeting":        {func(*lab) func(net.Conn) { return mute }, StepGreeting, nil, true},
		"a cut after the greeting":          {func(*lab) func(net.Conn) { return slam }, StepGreeting, nil, false},
		"plain text is no greeting":         {func(*lab) func(net.Conn) { return say("HTTP/1.1 400 No\r\n\r\n") }, StepServer, nil, false},
		"a flight that stops in the middle": {half, StepServer, nil, true},
		"a certificate that is not accepted": {func(l *lab) func(net.Conn) {
			return secure(newAuthority(l.t, "Nobody", "").leaf(l.t, -1, 24, vendor), answer(""))
		}, StepCert, map[string]string{"issuer": "Nobody", "product_trusts": "not known"}, false},
		"a server that wants a certificate of ours": {func(l *lab) func(net.Conn) {
			ca := newAuthority(l.t, "Zscaler Root CA", "")
			return secure(ca.leaf(l.t, -1, 24, vendor), answer(""), func(c *tls.Config) {
				c.ClientAuth, c.MaxVersion = tls.RequireAnyClientCert, tls.VersionTLS12
			})
		}, StepFinish, map[string]string{"issuer": "Zscaler Root CA", "middlebox": "Zscaler"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			l.up(c.up(l))
			lim := patient
			if c.hurry {
				lim = hasty
			}
			a := walk(t.Context(), l.req, lim)
			f := Judge(&assets.Profile{}, l.req.Endpoint, a)
			if a.Failed != checks.TLS || a.Step != c.step || f.Args["step"] != c.step {
				t.Errorf("failed at %q (%v), step %q, argument %q, want %q", a.Failed, a.Err, a.Step, f.Args["step"], c.step)
			}
			for k, v := range c.args {
				if f.Args[k] != v {
					t.Errorf("argument %s is %q, want %q", k, f.Args[k], v)
				}
			}
			holds(t, a)
		})
	}
}

func TestSilenceSaysWhetherTheNeutralNameIsAnswered(t *testing.T) {
	for name, c := range map[string]struct {
		up   func(*lab) func(net.Conn)
		want string
	}{
		"neither":        {func(*lab) func(net.Conn) { return mute }, `SNI "example.com", for comparison, is not answered either`},
		"the other name": {func(l *lab) func(net.Conn) { return byName(vendor, mute, l.cert) }, `SNI "example.com", for comparison, is answered`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			l.up(c.up(l))
			if got := evidence(walk(t.Context(), l.req, hasty)); !strings.Contains(got, c.want) {
				t.Errorf("%q is not in\n%s", c.want, got)
			}
		})
	}
}

func TestGreetingFitsOnePacket(t *testing.T) {
	l := newLab(t)
	size := make(chan int, 1)
	l.up(func(c net.Conn) {
		head := make([]byte, 5) // RFC 8446, 5.1: type, version, length
		if _, err := io.ReadFull(c, head); err == nil {
			select {
			case size <- int(head[3])<<8 | int(head[4]):
			default:
			}
		}
	})
	walk(t.Context(), l.req, patient)
	if n := <-size; n > 1200 {
		t.Errorf("the ClientHello has %d bytes and does not fit one packet on every way", n)
	}
}

func TestUnusualButTrustedIssuerIsNoMoreThanAWarning(t *testing.T) {
	l := newLab(t)
	l.says(ok("ok"))
	l.req.Endpoint.Expect.Issuer = "Another Trust"
	a := walk(t.Context(), l.req, patient)
	a.Path.Product = true
	if f := Judge(&assets.Profile{}, l.req.Endpoint, a); f.Code != "tls.intercepted" || f.Status != checks.Warn {
		t.Errorf("%s is %s", f.Code, f.Status)
	}
}

func TestClockIsReadBehindABadCertificate(t *testing.T) {
	l := newLab(t)
	l.up(secure(l.ca.leaf(t, -48, -24, vendor), answer("HTTP/1.1 200 OK\r\nDate: Mon, 02 Nov 2026 10:00:00 GMT\r\n\r\nok")))
	a := walk(t.Context(), l.req, patient)
	if !a.Date.IsZero() || a.Status != 0 {
		t.Errorf("an ordinary walk went on behind a bad certificate: %d, %s", a.Status, a.Date)
	}
	l.req.Insecure = true
	a = walk(t.Context(), l.req, patient)
	if a.Failure != checks.Expired || a.Failed != checks.TLS {
		t.Errorf("the walk ended with %q at %q", a.Failure, a.Failed)
	}
	if a.Date.Format(time.DateTime) != "2026-11-02 10:00:00" || a.Asked.IsZero() || a.Heard.Before(a.Asked) {
		t.Errorf("date %s, asked %s, heard %s", a.Date, a.Asked, a.Heard)
	}
	holds(t, a)
}

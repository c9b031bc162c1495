package probe

import (
	"crypto/tls"
	"io"
	"net"
	"testing"
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
		"a server's own certificate ends the walk": {set: func(l *lab) {
			l.req.Endpoint.Own = true
			ca := newAuthority(l.t, "Homemade", "")
			l.up(secure(ca.leaf(l.t, -1, 24, vendor), answer(ok("ok"))))
		}, args: map[string]string{"certificate": "not made by", "certificate_fault": "", "status": "200 OK"}},
		"a server's own certificate that has expired is not told of": {set: func(l *lab) {
			l.req.Endpoint.Own = true
			l.up(secure(newAuthority(l.t, "Homemade", "").leaf(l.t, -48, -24, "old.example"), answer(ok("ok"))))
		}, args: map[string]string{"certificate_fault": "expired on ", "names": "old.example"}},
		"an inspector in front of a server with its own certificate is not seen": {set: func(l *lab) {
			l.req.Endpoint.Own = true
			l.up(secure(newAuthority(l.t, "Zscaler Root CA", "Zscaler Inc.").leaf(l.t, -1, 24, vendor), answer(ok("ok"))))
		}, want: checks.Intercepted, at: checks.TLS},
		"a certificate for somebody else": {set: func(l *lab) { l.up(secure(l.ca.leaf(l.t, -1, 24, "portal.hotel.example"), answer(ok("ok")))) },
			want: checks.NameMismatch, at: checks.TLS, args: map[string]string{"names": "portal.hotel.example", "trusted": "yes"}},
		"an unknown issuer is untrusted": {set: by("Nobody CA", "", false),
			want: checks.Untrusted, at: checks.TLS, args: map[string]string{"issuer": "Nobody CA", "trusted": "no", "middlebox": ""}},
		"an untrusted Zscaler certificate is interception": {set: by("Zscaler Root CA", "Zscaler Inc.", false),
			want: checks.Intercepted, at: checks.TLS, args: map[string]string{"middlebox": "Zscaler", "trusted": "no"}},
		"a Zscaler certificate that this machine trusts is interception too": {set: by("Zscaler Root CA", "Zscaler Inc.", true),
			want: checks.Intercepted, at: checks.TLS, args: map[string]string{"middlebox": "Zscaler", "trusted": "yes"}},
		"a block page behind an inspector that this machine trusts is not looked at": {set: func(l *lab) {
			l.req.Insecure = true
			ca := newAuthority(l.t, "FortiGate CA", "Fortinet")
			l.req.Roots.AddCert(ca.cert)
			l.up(secure(ca.leaf(l.t, -1, 24, vendor), answer("HTTP/1.1 200 OK\r\n\r\n<p>Webfilter Violation</p>")))
		}, want: checks.BlockPage, at: checks.Content, args: map[string]string{"middlebox": "FortiGate", "rule": "fortigate.violation", "issuer": "FortiGate CA"}},
		"a block page behind an inspector that nobody trusts is read": {set: func(l *lab) {
			l.req.Insecure = true
			l.up(secure(newAuthority(l.t, "FortiGate CA", "Fortinet").leaf(l.t, -1, 24, vendor), answer("HTTP/1.1 200 OK\r\n\r\n<p>Webfilter Violation</p>")))
		}, want: checks.Intercepted, at: checks.TLS, args: map[string]string{"status": ""}},
		"an answer behind a trusted inspector is a failure, or as if nobody opened it": {warns: true, set: func(l *lab) {
			by("Zscaler Root CA", "Zscaler Inc.", true)(l)
			l.req.Insecure = true
		}, want: checks.Intercepted, at: checks.TLS, args: map[string]string{"middlebox": "Zscaler", "trusted": "yes", "works": "yes", "content": "verified"}},
		"a cut behind an inspector hides the inspection": {set: func(l *lab) {
			ca := newAuthority(l.t, "Zscaler Root CA", "Zscaler Inc.")
			l.req.Roots.AddCert(ca.cert)
			l.req.Insecure = true
			l.up(secure(ca.leaf(l.t, -1, 24, vendor), hangUp))
		}, want: checks.Intercepted, at: checks.TLS},
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

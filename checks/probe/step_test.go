package probe

import (
	"crypto/tls"
	"io"
	"net"
	"strings"
	"testing"

	"linecheck/assets"
	"linecheck/checks"
)

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

package probe

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/netip"
	"time"

	"linecheck/checks"
)

// neutral is a name that no filter has a reason to cut (RFC 2606 reserves it for examples).
const neutral = "example.com"

// The steps of a handshake that can fail, for [Answer.Step].
const (
	StepGreeting = "greeting sent, nothing came back"
	StepServer   = "server's greeting" // something came back, and it ended or was not understood before the certificate
	StepCert     = "certificate"       // the chain came and is not accepted
	StepFinish   = "finish"            // the chain came and the handshake did not end well
)

// config is a ClientHello like the products': the small kind that fits one packet. A post-quantum key share would not,
// and a device on the way that trips over it would be blamed on a product that never sends one.
func config(name string) *tls.Config {
	return &tls.Config{
		ServerName:         name,
		MinVersion:         tls.VersionTLS12,
		CurvePreferences:   []tls.CurveID{tls.X25519, tls.CurveP256, tls.CurveP384},
		NextProtos:         []string{"http/1.1"},
		InsecureSkipVerify: true, // verified by our own hands, so that a chain that fails is still seen
	}
}

// handshake shakes hands, captures the chain and verifies it.
func (w *walker) handshake(ctx context.Context, conn net.Conn) (net.Conn, bool) {
	w.begin(checks.TLS, w.lim.tls)
	host := w.Endpoint.Host
	sni := host
	if _, err := netip.ParseAddr(host); err == nil {
		sni = "" // crypto/tls sends no address as a name
	}
	w.arg("sni", sni)

	second := w.doubt(ctx, sni)
	lost := w.resize(ctx, w.lim.tls, func(ctx context.Context, p packets, wait time.Duration) greeting {
		return w.greet(ctx, config(host), p, wait)
	})
	heard := &counted{Conn: conn}
	cfg := config(host)
	cfg.VerifyPeerCertificate = func(raw [][]byte, _ [][]*x509.Certificate) error {
		w.keep(raw)
		return nil
	}
	tc := tls.Client(heard, cfg)
	release := guard(ctx, conn, w.lim.tls)
	err := tc.Handshake()
	release()
	w.certificates("TLS", w.a.Chain)
	if err != nil {
		f := checks.Classify(checks.TLS, err)
		w.step(heard.n)
		w.seen("TLS", "SNI %q: %v (%s; %d bytes came back)", sni, err, w.a.Step, heard.n)
		mute := f == checks.TLSNoAnswer || f == checks.TLSReset
		w.early(conn)
		answered := second(mute && sni != "")
		switch bySize := lost(f == checks.TLSNoAnswer); {
		case bySize && !w.carries: // a mere refusal of the other name is small and proves no filter by name
			f = checks.SizeLost
			w.arg("direction", inbound)
		case mute:
			f = cause(f, answered)
		}
		w.fail(checks.TLS, f, err)
		return tc, false
	}
	second(false)
	lost(false)

	state := tc.ConnectionState()
	w.arg("tls", tls.VersionName(state.Version))
	if f, err := w.verify(); f != checks.NoFailure {
		w.a.Step = StepCert
		w.arg("step", w.a.Step)
		w.seen("TLS", "%v", err)
		if f == checks.Intercepted && w.a.Trusted && w.Insecure {
			w.opened = err
			w.pass(checks.TLS, tls.VersionName(state.Version)+", "+w.a.Args["issuer"])
			return tc, true
		}
		w.fail(checks.TLS, f, err)
		return tc, w.Insecure && w.a.Failure != checks.Cancelled
	}
	if !w.Endpoint.Own {
		w.private()
	}
	w.pass(checks.TLS, tls.VersionName(state.Version)+", "+w.a.Args["issuer"])
	return tc, true
}

// settle ends a walk whose encryption was opened on the way by somebody whom this machine trusts. A block page behind it
// says more than that; whatever else came, the opened encryption is what failed.
func (w *walker) settle() {
	if w.opened == nil || w.a.Failure == checks.BlockPage || w.a.Failure == checks.Cancelled {
		return
	}
	s := w.stage(checks.TLS)
	took, works := s.Took, w.a.Failure == checks.NoFailure
	if works {
		w.arg("works", "yes")
		if asserts(w.Endpoint.Expect) {
			w.arg("content", "verified")
		}
	}
	w.fail(checks.TLS, checks.Intercepted, w.opened)
	if s.Took = took; works && s.Status == checks.Fail {
		s.Status = checks.Warn // the hops behind it were walked: it is no break
	}
	w.arg("wait", Span(took))
}

// counted counts what comes from the other side.
type counted struct {
	net.Conn
	n int
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.n += n
	return n, err
}

// keep parses a chain as soon as it is there, so that it is seen even where the handshake ends badly after it.
func (w *walker) keep(raw [][]byte) {
	for _, der := range raw[:min(len(raw), maxChain)] {
		c, err := x509.ParseCertificate(der)
		if err != nil {
			return
		}
		w.a.Chain = append(w.a.Chain, c)
	}
}

// step says how far a handshake came that did not end.
func (w *walker) step(heard int) {
	switch {
	case heard == 0:
		w.a.Step = StepGreeting
	case len(w.a.Chain) == 0:
		w.a.Step = StepServer
	default:
		w.a.Step = StepFinish
		w.described(w.a.Chain[0])
		if box, ok := inspector(w.a.Chain); ok {
			w.arg("middlebox", box)
		}
	}
	w.arg("step", w.a.Step)
}

// cause tells apart what silence and a cut in the handshake mean, now that another name was tried.
func cause(first checks.Failure, otherAnswered bool) checks.Failure {
	switch {
	case otherAnswered:
		return checks.TLSReset
	case first == checks.TLSReset:
		return checks.ResetLater
	}
	return checks.TLSNoAnswer
}

// doubt prepares the one comparison that tells a filter by name from a dead line: the same handshake with another name.
// It begins by itself when the first has been silent for a while, so that both end together. The returned function must
// be called once; it waits, and reports whether the other name was answered. want false: the comparison is not needed.
func (w *walker) doubt(ctx context.Context, sni string) func(want bool) bool {
	type outcome struct {
		text  string
		ok    bool
		heard int
	}
	ctx, cancel := context.WithTimeout(ctx, w.lim.tls)
	done := make(chan outcome, 1)
	compare := func(wait time.Duration) {
		ctx, cancel := context.WithTimeout(ctx, wait)
		defer cancel()
		text, ok, heard := w.compare(ctx)
		done <- outcome{text, ok, heard}
	}
	var timer *time.Timer
	if sni != "" {
		timer = time.AfterFunc(w.lim.doubt, func() { compare(w.lim.tls) })
	}
	return func(want bool) bool {
		defer cancel()
		if timer == nil {
			return false
		}
		running := !timer.Stop()
		if !want {
			cancel()
		}
		if !running {
			if !want {
				return false
			}
			compare(w.lim.second)
		}
		o := <-done
		if want {
			word := "not answered either"
			if o.ok {
				word = "answered"
			}
			w.seen("TLS", "SNI %q, for comparison, is %s: %s (%d bytes came back)", neutral, word, o.text, o.heard)
			w.carries = o.heard > packet
		}
		return want && o.ok
	}
}

// compare shakes hands with the neutral name. Only words of TLS from the other side count as an answer. heard is how many
// bytes came back.
func (w *walker) compare(ctx context.Context) (text string, answered bool, heard int) {
	conn, err := w.again(ctx, usualSize)
	if err != nil {
		return "no second connection: " + err.Error(), false, 0
	}
	defer conn.Close()
	release := guard(ctx, conn, w.lim.tls)
	in := &counted{Conn: conn}
	tc := tls.Client(in, config(neutral))
	err = tc.Handshake()
	release()
	if err != nil {
		return err.Error(), checks.Classify(checks.TLS, err) == checks.Protocol, in.n
	}
	s := tc.ConnectionState()
	return fmt.Sprintf("%s, certificate of %s", tls.VersionName(s.Version), s.PeerCertificates[0].Subject), true, in.n
}

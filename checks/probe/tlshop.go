package probe

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
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
	StepSilent = "greeting sent, nothing came back"
	StepCut    = "greeting sent, cut before anything came back"
	StepServer = "server's greeting" // something came back, and it ended or was not understood before the certificate
	StepCert   = "certificate"       // the chain came and is not accepted
	StepFinish = "finish"            // the chain came and the handshake did not end
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
	tc := tls.Client(conn, config(host))
	release := guard(ctx, conn, w.lim.tls)
	err := tc.Handshake()
	release()
	if err != nil {
		f := checks.Classify(checks.TLS, err)
		w.seen("TLS", "SNI %q: %v", sni, err)
		mute := f == checks.TLSNoAnswer || f == checks.TLSReset
		answered := second(mute && sni != "")
		if mute {
			f = cause(f, answered)
		}
		w.fail(checks.TLS, f, err)
		return tc, false
	}
	second(false)

	state := tc.ConnectionState()
	w.arg("tls", tls.VersionName(state.Version))
	chain := state.PeerCertificates
	w.a.Chain = chain[:min(len(chain), maxChain)]
	for i, c := range w.a.Chain {
		w.seen("TLS", "certificate %d: subject %s; issuer %s; valid %s to %s; SHA-256 %x", i, c.Subject, c.Issuer,
			c.NotBefore.UTC().Format(time.RFC3339), c.NotAfter.UTC().Format(time.RFC3339), sha256.Sum256(c.Raw))
	}
	if f, err := w.verify(); f != checks.NoFailure {
		w.seen("TLS", "%v", err)
		w.fail(checks.TLS, f, err)
		return tc, w.Insecure && w.a.Failure != checks.Cancelled
	}
	w.pass(checks.TLS, tls.VersionName(state.Version)+", "+w.a.Args["issuer"])
	return tc, true
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
		text string
		ok   bool
	}
	ctx, cancel := context.WithTimeout(ctx, w.lim.tls)
	done := make(chan outcome, 1)
	compare := func(wait time.Duration) {
		ctx, cancel := context.WithTimeout(ctx, wait)
		defer cancel()
		text, ok := w.compare(ctx)
		done <- outcome{text, ok}
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
			w.seen("TLS", "SNI %q, for comparison: %s", neutral, o.text)
		}
		return want && o.ok
	}
}

// compare shakes hands with the neutral name. Only words of TLS from the other side count as an answer.
func (w *walker) compare(ctx context.Context) (text string, answered bool) {
	conn, err := w.again(ctx)
	if err != nil {
		return "no second connection: " + err.Error(), false
	}
	defer conn.Close()
	release := guard(ctx, conn, w.lim.tls)
	tc := tls.Client(conn, config(neutral))
	err = tc.Handshake()
	release()
	if err != nil {
		return err.Error(), checks.Classify(checks.TLS, err) == checks.Protocol
	}
	s := tc.ConnectionState()
	return fmt.Sprintf("answered, %s, certificate of %s", tls.VersionName(s.Version), s.PeerCertificates[0].Subject), true
}

// verify judges the chain: whom it leads to, its dates, its name, and who issued it.
func (w *walker) verify() (checks.Failure, error) {
	leaf := w.a.Chain[0]
	now := time.Now()
	w.arg("issuer", issuerName(leaf))
	w.arg("subject_name", leaf.Subject.String())
	w.arg("names", certNames(leaf))
	w.arg("from", leaf.NotBefore.UTC().Format("2006-01-02 15:04 MST"))
	w.arg("until", leaf.NotAfter.UTC().Format("2006-01-02 15:04 MST"))

	dated, err := w.trust(now)
	w.a.Trusted = err == nil
	var roots x509.SystemRootsError
	if errors.As(err, &roots) {
		return checks.Unclear, err
	}
	w.arg("trusted", checks.YesNo(w.a.Trusted))

	if box, ok := inspector(w.a.Chain); ok {
		w.arg("middlebox", box)
		return checks.Intercepted, fmt.Errorf("issued by %s, which is known to open encryption", issuerName(leaf))
	}
	if want := w.Endpoint.Expect.Issuer; want != "" && !issuedBy(w.a.Chain, want) {
		w.arg("middlebox", issuerName(leaf))
		w.arg("expected_issuer", want)
		return checks.Intercepted, fmt.Errorf("issued by %s, not by %s", issuerName(leaf), want)
	}
	switch {
	case !w.a.Trusted:
		return checks.Untrusted, err
	case !dated:
		if now.Before(leaf.NotBefore) {
			w.arg("validity", "not yet valid")
		} else {
			w.arg("validity", "expired")
		}
		return checks.Expired, x509.CertificateInvalidError{Cert: leaf, Reason: x509.Expired,
			Detail: fmt.Sprintf("this computer's clock says %s", now.UTC().Format(time.RFC3339))}
	}
	if err := leaf.VerifyHostname(w.Endpoint.Host); err != nil {
		return checks.NameMismatch, err
	}
	return checks.NoFailure, nil
}

// trust reports whether the chain leads to a root (err nil), and whether that is so at the present time as well. Without
// regard to dates the chain is tried at times at which each of its certificates was valid.
func (w *walker) trust(now time.Time) (dated bool, err error) {
	between := x509.NewCertPool()
	for _, c := range w.a.Chain[1:] {
		between.AddCert(c)
	}
	if w.Roots == nil {
		// Go takes an empty list of trusted certificates for a list; nothing could ever be verified against it.
		if pool, err := x509.SystemCertPool(); err == nil && pool.Equal(x509.NewCertPool()) {
			return false, x509.SystemRootsError{Err: errors.New("it is empty")}
		}
	}
	at := func(t time.Time) error {
		_, err := w.a.Chain[0].Verify(x509.VerifyOptions{Roots: w.Roots, Intermediates: between, CurrentTime: t})
		return err
	}
	if err = at(now); err == nil {
		return true, nil
	}
	for _, c := range w.a.Chain {
		for _, t := range []time.Time{c.NotBefore.Add(time.Second), c.NotAfter.Add(-time.Second)} {
			if at(t) == nil {
				return false, nil
			}
		}
	}
	return false, err
}

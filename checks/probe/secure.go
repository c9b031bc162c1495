package probe

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"time"

	"linecheck/checks"
)

// secured reports whether the proxy itself is spoken to in TLS.
func (w *walker) secured() bool { return w.proxied() && w.Route.Scheme == "https" }

// safe is a connection in TLS that is closed without a farewell: that would wait for a peer that no longer reads.
type safe struct {
	*tls.Conn
	socket net.Conn
}

func (s safe) Close() error { return s.socket.Close() }

// reach connects to the first hop again, in TLS where that is a proxy that wants it.
func (w *walker) reach(ctx context.Context, p packets) (net.Conn, error) {
	conn, err := w.redial(ctx, p)
	if err != nil || !w.secured() {
		return conn, err
	}
	through, _, err := w.secure(ctx, conn)
	if err != nil {
		conn.Close()
		return nil, err
	}
	return through, nil
}

// secure shakes hands with the proxy itself and judges its certificate. The chain is there as soon as the proxy showed it.
func (w *walker) secure(ctx context.Context, conn net.Conn) (net.Conn, []*x509.Certificate, error) {
	defer guard(ctx, conn, w.lim.tunnel)()
	name := w.Route.Hostname()
	cfg := config(name)
	cfg.NextProtos = nil
	tc := tls.Client(conn, cfg)
	if err := tc.Handshake(); err != nil {
		return nil, nil, err
	}
	chain := tc.ConnectionState().PeerCertificates
	chain = chain[:min(len(chain), maxChain)]
	if f, _, err := judge(chain, w.Roots, name, time.Now()); f != checks.NoFailure {
		return nil, chain, err
	}
	return safe{tc, conn}, chain, nil
}

// proxyTLS is what a failed handshake with the proxy means.
func proxyTLS(err error) checks.Failure {
	var roots x509.SystemRootsError
	switch f := checks.Classify(checks.Tunnel, err); {
	case errors.As(err, &roots):
		return checks.Unclear
	case f == checks.ProxyNoAnswer:
		return f
	}
	return checks.ProxyTLS
}

// proxyChain notes the proxy's own certificates.
func (w *walker) proxyChain(source string, chain []*x509.Certificate) {
	if len(chain) == 0 {
		return
	}
	w.arg("proxy_issuer", issuerName(chain[0]))
	w.arg("proxy_names", certNames(chain[0]))
	w.certificates(source, chain)
}

// certificates notes a chain as it came.
func (w *walker) certificates(source string, chain []*x509.Certificate) {
	for i, c := range chain {
		w.seen(source, "certificate %d: subject %s; issuer %s; valid %s to %s; SHA-256 %x", i, c.Subject, c.Issuer,
			c.NotBefore.UTC().Format(time.RFC3339), c.NotAfter.UTC().Format(time.RFC3339), sha256.Sum256(c.Raw))
	}
}

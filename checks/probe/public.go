package probe

import (
	"crypto/sha256"
	"crypto/x509"
	"sync"
	"time"

	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// authorities are public ones, by name and key: an authority has several certificates for one key.
type authorities map[[sha256.Size]byte]bool

func identity(c *x509.Certificate) [sha256.Size]byte {
	return sha256.Sum256(append(append([]byte(nil), c.RawSubject...), c.RawSubjectPublicKeyInfo...))
}

// mozilla are the authorities of Mozilla's list (NSS), as Go's own module carries it. A list of the system's may hold
// more; that of a company's computer holds the company's own.
var mozilla = sync.OnceValue(func() authorities {
	out := authorities{}
	for r := range bundle.Roots() {
		if c, err := x509.ParseCertificate(r.Certificate); err == nil {
			out[identity(c)] = true
		}
	}
	return out
})

// private notes an authority that this machine trusts and that is no public one: usually the company's, whose gateway
// opens the encryption. That is in order as long as the product accepts it too, so it is no failure.
func (w *walker) private() {
	public := authorities{}
	switch {
	case w.Public != nil:
		for _, c := range w.Public {
			public[identity(c)] = true
		}
	case w.Roots == nil:
		public = mozilla()
	default:
		return
	}
	if root := privateRoot(w.a.Chain, w.Roots, public); root != nil {
		name := subjectName(root)
		w.arg("private", name)
		w.seen("TLS", "the chain leads to %s, which this computer trusts and which is no public authority", name)
	}
}

// privateRoot is where a chain leads that meets no public authority on any way to a root; nil where it meets one.
func privateRoot(chain []*x509.Certificate, roots *x509.CertPool, public authorities) *x509.Certificate {
	between := x509.NewCertPool()
	for _, c := range chain[1:] {
		between.AddCert(c)
	}
	ways, err := chain[0].Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, CurrentTime: time.Now()})
	if err != nil || len(ways) == 0 {
		return nil
	}
	for _, way := range ways {
		for _, c := range way {
			if public[identity(c)] {
				return nil
			}
		}
	}
	return ways[0][len(ways[0])-1]
}

package probe

import (
	"crypto/x509"
	"testing"
	"time"

	"linecheck/checks"
)

// FuzzCertificates lets a server show any chain: certificates of several authorities in any order, with a byte changed,
// and bytes of its own.
func FuzzCertificates(f *testing.F) {
	good, bad := newAuthority(f, "Good", "Good Trust"), newAuthority(f, "Zscaler Root CA", "Zscaler")
	var known [][]byte
	for _, ca := range []authority{good, bad} {
		known = append(known, ca.cert.Raw)
		for _, hours := range [][2]int{{-1, 1 << 14}, {-48, -24}, {1 << 14, 1 << 15}} {
			for _, name := range []string{vendor, "*.vendor.example", "other.example"} {
				known = append(known, ca.leaf(f, hours[0], hours[1], name).Certificate[0])
			}
		}
	}
	for i := range known {
		f.Add([]byte{byte(i), 0}, uint16(0), byte(0), []byte(nil))
		f.Add([]byte{byte(i), byte(i + 1), byte(len(known) + 3)}, uint16(i*40), byte(1), known[i])
	}
	roots := good.pool()
	f.Fuzz(func(t *testing.T, order []byte, at uint16, flip byte, own []byte) {
		var chain []*x509.Certificate
		for i, k := range order[:min(len(order), maxChain)] {
			der := own
			if int(k) < len(known) {
				der = append([]byte(nil), known[k]...)
			}
			if i == 0 && len(der) > 0 && flip != 0 {
				der = append([]byte(nil), der...)
				der[int(at)%len(der)] ^= flip
			}
			if c, err := x509.ParseCertificate(der); err == nil {
				chain = append(chain, c)
			}
		}
		now := time.Now()
		failure, trusted, err := judge(chain, roots, vendor, now)
		if (failure == checks.NoFailure) != (err == nil) {
			t.Fatalf("%q with error %v", failure, err)
		}
		if len(chain) == 0 {
			if trusted || failure == checks.NoFailure {
				t.Fatal("nothing is trusted")
			}
			return
		}
		between := x509.NewCertPool()
		for _, c := range chain[1:] {
			between.AddCert(c)
		}
		o := x509.VerifyOptions{Roots: roots, Intermediates: between, CurrentTime: now, DNSName: vendor}
		_, proof := chain[0].Verify(o)
		if (failure == checks.NoFailure) != (proof == nil) {
			t.Fatalf("judged %q (%v), and x509 says %v", failure, err, proof)
		}
		if trusted && chain[0].CheckSignatureFrom(good.cert) != nil && !chain[0].Equal(good.cert) {
			t.Fatalf("trusted without the root's signature: %s", chain[0].Subject)
		}
		w := &walker{a: Answer{Args: map[string]string{}, Chain: chain}}
		w.veil.base = Hider()
		w.Roots, w.Endpoint.Host = roots, vendor
		got, _ := w.verify()
		w.certificates("TLS", chain)
		if got == checks.NoFailure && proof != nil {
			t.Fatalf("passed although x509 says %v", proof)
		}
		if w.a.Trusted != trusted {
			t.Fatal("the walk trusts another chain")
		}
		for k, v := range w.a.Args {
			if clean(v) != v || len([]rune(v)) > maxArg {
				t.Fatalf("argument %s is not clean: %q", k, v)
			}
		}
		for _, e := range w.a.Evidence {
			if len(e.Text) > maxEvidence {
				t.Fatalf("%d bytes of evidence", len(e.Text))
			}
		}
	})
}

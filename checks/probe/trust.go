package probe

import (
	"cmp"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"linecheck/checks"
)

// verify judges the chain: whom it leads to, its dates, its name, and who issued it.
func (w *walker) verify() (checks.Failure, error) {
	leaf := w.a.Chain[0]
	now := time.Now()
	w.described(leaf)

	f, trusted, err := judge(w.a.Chain, w.Roots, w.Endpoint.Host, now)
	w.a.Trusted = trusted
	if f == checks.Unclear && !w.Endpoint.Own {
		return f, err
	}
	w.arg("trusted", checks.YesNo(trusted))
	if box, ok := inspector(w.a.Chain); ok {
		w.arg("middlebox", box)
		return checks.Intercepted, fmt.Errorf("issued by %s, which is known to open encryption", issuerName(leaf))
	}
	if w.Endpoint.Own {
		w.homemade(leaf, f, now)
		return checks.NoFailure, nil
	}
	if want := w.Endpoint.Expect.Issuer; want != "" && !issuedBy(w.a.Chain, want) {
		w.arg("middlebox", issuerName(leaf))
		w.arg("expected_issuer", want)
		return checks.Intercepted, fmt.Errorf("issued by %s, not by %s", issuerName(leaf), want)
	}
	if f == checks.Expired {
		w.arg("validity", "expired")
		if now.Before(leaf.NotBefore) {
			w.arg("validity", "not yet valid")
		}
	}
	return f, err
}

// described fills the arguments that say whose certificate it is.
func (w *walker) described(leaf *x509.Certificate) {
	w.arg("issuer", issuerName(leaf))
	w.arg("names", certNames(leaf))
	w.arg("from", leaf.NotBefore.UTC().Format("2006-01-02 15:04 MST"))
	w.arg("until", leaf.NotAfter.UTC().Format("2006-01-02 15:04 MST"))
}

// judge says what is wrong with a chain for a host: [checks.Untrusted], [checks.Expired], [checks.NameMismatch], or
// [checks.Unclear] where this machine's own list of roots cannot be read. trusted is true where the chain leads to one of
// roots (nil: the system's), dates and name apart; only package x509 says so.
func judge(chain []*x509.Certificate, roots *x509.CertPool, host string, now time.Time) (f checks.Failure, trusted bool, err error) {
	if len(chain) == 0 {
		return checks.Untrusted, false, errors.New("no certificate was shown")
	}
	dated, err := leads(chain, roots, now)
	var none x509.SystemRootsError
	switch {
	case errors.As(err, &none):
		return checks.Unclear, false, err
	case err != nil:
		return checks.Untrusted, false, err
	case !dated:
		return checks.Expired, true, x509.CertificateInvalidError{Cert: chain[0], Reason: x509.Expired,
			Detail: fmt.Sprintf("this computer's clock says %s", now.UTC().Format(time.RFC3339))}
	}
	if err := chain[0].VerifyHostname(host); err != nil {
		return checks.NameMismatch, true, err
	}
	return checks.NoFailure, true, nil
}

// leads reports whether the chain leads to a root (err nil), and whether that is so at the present time as well. Without
// regard to dates the chain is tried at times at which each of its certificates was valid.
func leads(chain []*x509.Certificate, roots *x509.CertPool, now time.Time) (dated bool, err error) {
	between := x509.NewCertPool()
	for _, c := range chain[1:] {
		between.AddCert(c)
	}
	if roots == nil {
		// Go takes an empty list of trusted certificates for a list; nothing could ever be verified against it.
		if pool, err := x509.SystemCertPool(); err == nil && pool.Equal(x509.NewCertPool()) {
			return false, x509.SystemRootsError{Err: errors.New("it is empty")}
		}
	}
	at := func(t time.Time) error {
		_, err := chain[0].Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, CurrentTime: t})
		return err
	}
	if err = at(now); err == nil {
		return true, nil
	}
	for _, t := range otherTimes(chain, now, err) {
		if at(t) == nil {
			return false, nil
		}
	}
	return false, err
}

// otherTimes are those at which a chain may hold that does not hold now: just inside the dates of its certificates. There
// are none where dates cannot be what is wrong, and few in any case, as each costs up to a hundred signatures.
func otherTimes(chain []*x509.Certificate, now time.Time, err error) (out []time.Time) {
	var invalid x509.CertificateInvalidError
	late := errors.As(err, &invalid) && invalid.Reason == x509.Expired
	for _, c := range chain[:min(len(chain), maxDated)] {
		late = late || now.Before(c.NotBefore) || now.After(c.NotAfter)
		for _, t := range []time.Time{c.NotBefore.Add(time.Second), c.NotAfter.Add(-time.Second)} {
			if !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
	}
	if !late {
		return nil
	}
	return out
}

// homemade says what there is to say of the certificate of a server that usually makes its own. Whether the product looks
// at it is not known, so nothing of it ends the walk.
func (w *walker) homemade(leaf *x509.Certificate, f checks.Failure, now time.Time) {
	kind := "not made by an authority that this computer trusts"
	switch {
	case f == checks.NoFailure || f == checks.Expired || f == checks.NameMismatch:
		kind = "made by an authority that this computer trusts"
	case leaf.CheckSignature(leaf.SignatureAlgorithm, leaf.RawTBSCertificate, leaf.Signature) == nil:
		kind = "self-signed"
	}
	w.arg("certificate", kind)
	var faults []string
	switch {
	case now.After(leaf.NotAfter):
		faults = append(faults, "expired on "+w.a.Args["until"])
	case now.Before(leaf.NotBefore):
		faults = append(faults, "not valid before "+w.a.Args["from"])
	}
	if leaf.VerifyHostname(w.Endpoint.Host) != nil {
		faults = append(faults, "made for "+cmp.Or(w.a.Args["names"], "no name")+", not for "+w.Endpoint.Host)
	}
	w.arg("certificate_fault", strings.Join(faults, "; "))
}

package probe

import (
	"cmp"
	"crypto/x509"
	"crypto/x509/pkix"
	"strings"
	"sync"

	"linecheck/assets"
)

// boxes is what is known of inspecting devices. Data that does not load is found by its own tests; a walk then goes
// without.
var boxes = sync.OnceValue(func() assets.Middleboxes {
	m, _ := assets.LoadMiddleboxes()
	return m
})

// inspector returns the product whose name stands as issuer, or as owner of an authority, anywhere in the chain.
func inspector(chain []*x509.Certificate) (string, bool) {
	m := boxes()
	for i, c := range chain {
		if name, ok := m.Issuer(c.Issuer.String()); ok {
			return name, true
		}
		if name, ok := m.Issuer(c.Subject.String()); ok && i > 0 {
			return name, true
		}
	}
	return "", false
}

// issuedBy reports whether part of any issuer's name in the chain is the expected one.
func issuedBy(chain []*x509.Certificate, want string) bool {
	for _, c := range chain {
		if strings.Contains(strings.ToLower(c.Issuer.String()), strings.ToLower(want)) {
			return true
		}
	}
	return false
}

// issuerName is what a person calls the issuer: its common name with the organisation, where they differ.
func issuerName(c *x509.Certificate) string {
	name, org := c.Issuer.CommonName, first(c.Issuer)
	if name != "" && org != "" && !strings.Contains(name, org) {
		return name + ", " + org
	}
	return cmp.Or(name, org, c.Issuer.String(), "nobody named")
}

// subjectName is what a person calls an authority.
func subjectName(c *x509.Certificate) string {
	return cmp.Or(c.Subject.CommonName, first(c.Subject), c.Subject.String(), "nobody named")
}

func first(n pkix.Name) string {
	if len(n.Organization) > 0 {
		return n.Organization[0]
	}
	return ""
}

func certNames(c *x509.Certificate) string {
	var names []string
	names = append(names, c.DNSNames...)
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	if len(names) > 3 {
		names = append(names[:3:3], "…")
	}
	return cmp.Or(strings.Join(names, ", "), c.Subject.CommonName, "no name")
}

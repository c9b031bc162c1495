package probe

import (
	"crypto/x509"
	"strings"
	"testing"

	"golang.org/x/crypto/x509roots/fallback/bundle"
)

func TestAPrivateAuthorityIsToldAndIsNoFailure(t *testing.T) {
	other := newLab(t).ca.cert
	for name, c := range map[string]struct {
		public func(root *x509.Certificate) []*x509.Certificate
		want   bool
	}{
		"the authority is a public one":                       {func(root *x509.Certificate) []*x509.Certificate { return []*x509.Certificate{other, root} }, false},
		"the authority is none of the public ones":            {func(*x509.Certificate) []*x509.Certificate { return []*x509.Certificate{other} }, true},
		"nobody says which authorities are public":            {func(*x509.Certificate) []*x509.Certificate { return nil }, false},
		"an empty list of public ones is a list all the same": {func(*x509.Certificate) []*x509.Certificate { return []*x509.Certificate{} }, true},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			l.says(ok("ok"))
			l.req.Public = c.public(l.ca.cert)
			a := Walk(t.Context(), l.req)
			if a.Failure != "" || (a.Args["private"] != "") != c.want || strings.Contains(evidence(a), "no public authority") != c.want {
				t.Errorf("ended with %q, private %q, evidence:\n%s", a.Failure, a.Args["private"], evidence(a))
			}
		})
	}
}

func TestMozillasListHoldsTheGreatAuthorities(t *testing.T) {
	var names []string
	verified := 0 // the others are refused by the verification itself, and show nothing
	for r := range bundle.Roots() {
		c, err := x509.ParseCertificate(r.Certificate)
		if err != nil || !mozilla()[identity(c)] {
			t.Fatal("an authority of the list is not known: ", err)
		}
		names = append(names, c.Subject.String())
		pool := x509.NewCertPool()
		pool.AddCert(c)
		if root := privateRoot([]*x509.Certificate{c}, pool, mozilla()); root != nil {
			t.Errorf("%s is told as a private authority", c.Subject)
		}
		if root := privateRoot([]*x509.Certificate{c}, pool, authorities{}); root != nil {
			verified++
		}
	}
	if verified < 50 {
		t.Errorf("only %d could be verified at all", verified)
	}
	for _, want := range []string{"DigiCert", "Amazon", "GlobalSign", "ISRG"} {
		if !strings.Contains(strings.Join(names, "\n"), want) {
			t.Errorf("%s is not among them", want)
		}
	}
}

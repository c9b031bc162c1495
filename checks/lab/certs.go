package lab

import (
	"cmp"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"strings"
	"sync"
	"time"
)

// authority signs the certificates of one lab. Its keys live as long as the lab and are never written anywhere.
type authority struct {
	clock time.Duration // the servers' clock minus ours
	wide  bool          // certificates fill more than a packet, as most real ones do
	key   *ecdsa.PrivateKey

	root    *signer
	foreign *signer // nobody trusts it

	mu      sync.Mutex
	signers map[string]*signer
	leaves  map[leafKey]*tls.Certificate
	trusted []*x509.Certificate
}

type signer struct {
	cert *x509.Certificate
	key  crypto.Signer
	up   []byte // the certificate of a signer below the root, to be sent along
}

type leafKey struct{ host, mode, by string }

// The names of the lab's authorities say what they are, since they can show up in a report.
const (
	rootName    = "CN=Practice Network Root CA,O=linecheck lab"
	issuingName = "CN=Practice Network Issuing CA,O=linecheck lab"
	foreignName = "CN=Homemade Server CA,O=Nobody Knows"
	inspectName = "CN=FortiGate CA,O=Fortinet" // what FortiGate's own inspection authority is called
)

func newAuthority(s Scene) (*authority, error) {
	a := &authority{clock: s.Network.Clock, signers: map[string]*signer{}, leaves: map[leafKey]*tls.Certificate{}}
	for _, v := range s.Network.Servers {
		a.wide = a.wide || v.LargeLost > 0
	}
	for _, v := range s.Network.Proxies {
		a.wide = a.wide || v.LargeLost > 0
	}
	var err error
	if a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return nil, err
	}
	if a.root, err = a.sign(rootName, nil); err != nil {
		return nil, err
	}
	if a.foreign, err = a.sign(foreignName, nil); err != nil {
		return nil, err
	}
	a.trusted = []*x509.Certificate{a.root.cert}
	for _, v := range s.Network.Servers {
		if v.TLS == "intercepted" && !v.Foreign {
			by, err := a.inspector(v.Issuer)
			if err != nil {
				return nil, err
			}
			a.trusted = append(a.trusted, by.cert)
		}
	}
	return a, nil
}

func (a *authority) roots() *x509.CertPool {
	pool := x509.NewCertPool()
	for _, c := range a.trusted {
		pool.AddCert(c)
	}
	return pool
}

// inspector is the authority of a box that re-signs on the way: a root of its own.
func (a *authority) inspector(name string) (*signer, error) {
	if name == "" {
		name = inspectName
	}
	return a.named("inspect "+name, name, nil)
}

func (a *authority) named(key, name string, above *signer) (*signer, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if s := a.signers[key]; s != nil {
		return s, nil
	}
	s, err := a.sign(name, above)
	if err != nil {
		return nil, err
	}
	a.signers[key] = s
	return s, nil
}

// sign makes an authority below another one, or a root.
func (a *authority) sign(name string, above *signer) (*signer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	far := a.clock.Abs() // an authority outlives what it signs, by whichever clock
	t := template(name, time.Now().AddDate(-1, 0, 0).Add(-far), time.Now().AddDate(5, 0, 0).Add(far))
	t.IsCA, t.KeyUsage = true, x509.KeyUsageCertSign|x509.KeyUsageCRLSign
	parent, by := t, crypto.Signer(key)
	if above != nil {
		parent, by = above.cert, above.key
	}
	der, err := x509.CreateCertificate(rand.Reader, t, parent, key.Public(), by)
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	s := &signer{cert: cert, key: key}
	if above != nil {
		s.up = der
	}
	return s, nil
}

// leaf returns the certificate that a server shows. issuer is the public authority that the profile expects there, ""
// where it expects none. own: the server signs it itself, unless somebody else does.
func (a *authority) leaf(host string, rule Server, issuer string, own bool) (*tls.Certificate, error) {
	var by *signer
	var err error
	switch {
	case rule.TLS == "untrusted":
		by = a.foreign
	case rule.TLS == "intercepted":
		by, err = a.inspector(rule.Issuer)
	case own:
		by = &signer{key: a.key}
	default:
		name := issuingName
		if issuer != "" {
			name = "CN=" + issuer + " (practice),O=" + issuer
		}
		by, err = a.named(name, name, a.root)
	}
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	k := leafKey{host: host, mode: rule.TLS}
	if by.cert != nil {
		k.by = by.cert.Subject.String()
	}
	if c := a.leaves[k]; c != nil {
		return c, nil
	}
	name := host
	if rule.TLS == "wrong_name" {
		name = cmp.Or(rule.Cert, "portal.example")
	}
	from, until := a.valid(rule.TLS)
	t := template("CN="+name, from, until)
	t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	if ip := net.ParseIP(name); ip != nil {
		t.IPAddresses = []net.IP{ip}
	} else {
		t.DNSNames = []string{name}
	}
	for i := 0; a.wide && i < 60; i++ {
		t.DNSNames = append(t.DNSNames, fmt.Sprintf("alias-%02d.customers.practice.example", i))
	}
	der, err := x509.CreateCertificate(rand.Reader, t, cmp.Or(by.cert, t), a.key.Public(), by.key)
	if err != nil {
		return nil, err
	}
	c := &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: a.key}
	if by.up != nil {
		c.Certificate = append(c.Certificate, by.up)
	}
	a.leaves[k] = c
	return c, nil
}

// valid is how long a server's certificate lasts. Where the clocks are far apart it is valid by the servers' alone.
func (a *authority) valid(mode string) (from, until time.Time) {
	now, day := time.Now().Add(a.clock), 24*time.Hour
	switch {
	case mode == "expired":
		return now.Add(-92 * day), now.Add(-2 * day)
	case mode == "not_yet_valid":
		return now.Add(2 * day), now.Add(92 * day)
	case a.clock.Abs() > time.Hour: // as with real ones, which begin some time before they are used
		span := a.clock.Abs() / 2
		return now.Add(-span), now.Add(span)
	}
	return now.Add(-30 * day), now.Add(60 * day)
}

func template(name string, from, until time.Time) *x509.Certificate {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		serial = big.NewInt(time.Now().UnixNano())
	}
	return &x509.Certificate{
		SerialNumber: serial, Subject: subject(name), NotBefore: from, NotAfter: until,
		KeyUsage: x509.KeyUsageDigitalSignature, BasicConstraintsValid: true,
	}
}

// subject reads "CN=FortiGate CA,O=Fortinet"; anything without a key is the common name.
func subject(text string) (n pkix.Name) {
	for part := range strings.SplitSeq(text, ",") {
		key, value, ok := strings.Cut(strings.TrimSpace(part), "=")
		switch {
		case !ok:
			n.CommonName = key
		case key == "O":
			n.Organization = []string{value}
		case key == "OU":
			n.OrganizationalUnit = []string{value}
		case key == "CN":
			n.CommonName = value
		}
	}
	return n
}

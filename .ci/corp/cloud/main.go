// Command cloud plays everybody behind the firewall of the corporate network: the vendors' cloud with an authority of its
// own, the web server of the PAC file, a login page and a parked domain. It writes its certificates into DIR: cloud.pem (the cloud's
// authority), inspection.pem (the authority of the company's TLS inspection) and inspection-key.pem (with its key, for squid).
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	cloudAddress  = "198.51.100.80"
	pacAddress    = "198.51.100.81"
	portalAddress = "198.51.100.82"
	parkedAddress = "198.51.100.83"
)

const pacFile = `function FindProxyForURL(url, host) {
  if (isPlainHostName(host) || dnsDomainIs(host, ".corp.example")) return "DIRECT";
  return "PROXY proxy.corp.example:3128; DIRECT";
}
`

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: cloud DIR")
	}
	dir := os.Args[1]
	vendor := newAuthority("Practice Cloud Root")
	company := newAuthority("Corp TLS Inspection CA")
	save(dir, "inspection.pem", company.public())
	save(dir, "inspection-key.pem", company.public()+company.private())

	serve(cloudAddress+":80", nil, cloud)
	serve(cloudAddress+":443", vendor.leaf(shared("*.fsapi.com", "*.sc.fsapi.com", "*.f-secure.com", "*.sp.f-secure.com", "*.icrc.trendmicro.com")...), cloud)
	serve(pacAddress+":80", nil, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-ns-proxy-autoconfig")
		io.WriteString(w, pacFile)
	})
	login := func(w http.ResponseWriter, r *http.Request) {
		if r.Host != "login.corp.example" {
			http.Redirect(w, r, "http://login.corp.example/welcome", http.StatusFound)
			return
		}
		io.WriteString(w, "<title>Welcome to the guest network</title>")
	}
	serve(portalAddress+":80", nil, login)
	serve(portalAddress+":443", company.leaf("login.corp.example"), login)
	parked := func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "<title>This domain is for sale</title>")
	}
	serve(parkedAddress+":80", nil, parked)
	serve(parkedAddress+":443", newAuthority("Parking Root").leaf("parked.example"), parked)
	save(dir, "cloud.pem", vendor.public()) // the last one: whoever waits for it finds everybody listening
	select {}
}

// cloud answers as the vendors do: four bytes where a Smart Protection Server is asked, else ok.
func cloud(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/tmcss") {
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Write([]byte{0, 0, 0, 0})
		return
	}
	io.WriteString(w, "ok")
}

func serve(addr string, cert *tls.Certificate, h http.HandlerFunc) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		log.Fatal(err)
	}
	if cert != nil {
		l = tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{*cert}})
	}
	s := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute, ErrorLog: log.New(io.Discard, "", 0)}
	go func() { log.Fatal(s.Serve(l)) }()
}

type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(name string) authority {
	t := template(name)
	t.IsCA, t.BasicConstraintsValid, t.KeyUsage = true, true, x509.KeyUsageCertSign|x509.KeyUsageCRLSign
	key := newKey()
	return authority{issue(t, t, key, key), key}
}

// shared are the names of a certificate that many customers share, so that it fills more than a packet as real ones do.
func shared(names ...string) []string {
	for i := range 60 {
		names = append(names, fmt.Sprintf("alias-%02d.customers.example", i))
	}
	return names
}

func (a authority) leaf(names ...string) *tls.Certificate {
	t := template(names[0])
	t.DNSNames, t.KeyUsage, t.ExtKeyUsage = names, x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	key := newKey()
	c := issue(t, a.cert, key, a.key)
	return &tls.Certificate{Certificate: [][]byte{c.Raw, a.cert.Raw}, PrivateKey: key}
}

func (a authority) public() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw}))
}

func (a authority) private() string {
	b, err := x509.MarshalPKCS8PrivateKey(a.key)
	if err != nil {
		log.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: b}))
}

func template(name string) *x509.Certificate {
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		log.Fatal(err)
	}
	return &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour)}
}

func newKey() *ecdsa.PrivateKey {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		log.Fatal(err)
	}
	return k
}

func issue(t, parent *x509.Certificate, key, signer *ecdsa.PrivateKey) *x509.Certificate {
	der, err := x509.CreateCertificate(rand.Reader, t, parent, &key.PublicKey, signer)
	if err != nil {
		log.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		log.Fatal(err)
	}
	return c
}

func save(dir, name, text string) {
	part := filepath.Join(dir, name+".part")
	if err := os.WriteFile(part, []byte(text), 0o644); err != nil {
		log.Fatal(err)
	}
	if err := os.Rename(part, filepath.Join(dir, name)); err != nil {
		log.Fatal(err)
	}
}

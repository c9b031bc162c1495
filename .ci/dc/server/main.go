// Command server plays local Smart Protection Servers, one at each ADDRESS: file reputation on 80 and 443, web reputation on
// 5274 and 5275, encrypted with a certificate that it made for NAME and that no authority signed, as the real one is
// installed. A certificate of DAYS below zero ended so long ago. It writes a line on its output when all of them listen.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

func main() {
	args := os.Args[1:]
	if len(args) == 0 || len(args)%3 != 0 {
		log.Fatal("usage: server ADDRESS NAME DAYS ...")
	}
	for ; len(args) > 0; args = args[3:] {
		days, err := strconv.Atoi(args[2])
		if err != nil {
			log.Fatal(err)
		}
		serve(args[0], certificate(args[1], days))
	}
	fmt.Println("listening")
	select {}
}

func serve(address string, own tls.Certificate) {
	for port, answer := range map[string]http.HandlerFunc{"80": files, "443": files, "5274": sites, "5275": sites} {
		l, err := net.Listen("tcp", net.JoinHostPort(address, port))
		if err != nil {
			log.Fatal(err)
		}
		if port == "443" || port == "5275" {
			l = tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{own}})
		}
		s := &http.Server{Handler: answer, ReadHeaderTimeout: time.Minute, ErrorLog: log.New(io.Discard, "", 0)}
		go func() { log.Fatal(s.Serve(l)) }()
	}
}

// files answers four bytes under /tmcss, in small letters only: the path is case sensitive.
func files(w http.ResponseWriter, r *http.Request) {
	if !strings.HasPrefix(r.URL.Path, "/tmcss") {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "binary/octet-stream")
	w.Write([]byte{0, 0, 0, 0})
}

func sites(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok") }

func certificate(name string, days int) tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		log.Fatal(err)
	}
	t := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: time.Now().AddDate(-2, 0, 0), NotAfter: time.Now().AddDate(0, 0, days),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	der, err := x509.CreateCertificate(rand.Reader, t, t, &key.PublicKey, key)
	if err != nil {
		log.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

package lab

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"linecheck/checks"
)

const okHost = "ok.vendor.example"

func TestServerMisbehavesAsTheSceneSays(t *testing.T) {
	for name, tc := range map[string]struct {
		scene  string
		family string
		want   checks.Failure // what the program's own classifier makes of the raw error
	}{
		"a dropped connection connects after all":             {scene: "servers: {'*': {tcp: drop}}", want: checks.Dropped},
		"a refused connection is not refused":                 {scene: "servers: {'*': {tcp: refuse}}", want: checks.Refused},
		"an unroutable host is not unroutable":                {scene: "servers: {'*': {tcp: no_route}}", want: checks.NoRoute},
		"no network at all still resolves":                    {scene: "down: true", want: checks.NoAnswerDNS},
		"closed direct access lets connections through":       {scene: "direct: dropped", want: checks.Dropped},
		"refused direct access lets connections through":      {scene: "direct: refused", want: checks.Refused},
		"a fault of one family hits that family not":          {scene: "servers: {'*': {tcp: drop, family: ip6}}", family: "ip6", want: checks.Dropped},
		"a fault of one family hits the other too":            {scene: "servers: {'*': {tcp: drop, family: ip6}}", family: "ip4"},
		"a silent handshake answers":                          {scene: "servers: {'*': {tls: silent}}", want: checks.TLSNoAnswer},
		"a large hello is answered where it must not be":      {scene: "servers: {'*': {tls: large_silent}}", want: checks.TLSNoAnswer},
		"a reset handshake goes on":                           {scene: "servers: {'*': {tls: reset}}", want: checks.TLSReset},
		"a handshake that is reset by its name goes on":       {scene: "servers: {'*': {tls: reset_by_name}}", want: checks.TLSReset},
		"an unknown authority is trusted":                     {scene: "servers: {'*': {tls: untrusted}}", want: checks.Untrusted},
		"an expired certificate is valid":                     {scene: "servers: {'*': {tls: expired}}", want: checks.Expired},
		"a certificate of tomorrow is valid":                  {scene: "servers: {'*': {tls: not_yet_valid}}", want: checks.Expired},
		"a certificate of another clock is valid":             {scene: "clock: 72h", want: checks.Expired},
		"a certificate of an earlier clock is valid":          {scene: "clock: -72h", want: checks.Expired},
		"a certificate for another name fits":                 {scene: "servers: {'*': {tls: wrong_name, cert: portal.example}}", want: checks.NameMismatch},
		"an inspected connection is distrusted where trusted": {scene: "servers: {'*': {tls: intercepted}}"},
		"an inspected connection is trusted where foreign":    {scene: "servers: {'*': {tls: intercepted, foreign: true}}", want: checks.Untrusted},
		"TLS 1.0 is accepted":                                 {scene: "servers: {'*': {tls: tls10}}", want: checks.Protocol},
		"plain HTTP passes for TLS":                           {scene: "servers: {'*': {tls: plain}}", want: checks.TLSNotSpoken},
		"NXDOMAIN resolves":                                   {scene: "names: {'*': {rcode: nxdomain}}", want: checks.NoSuchName},
		"SERVFAIL resolves":                                   {scene: "names: {'*': {rcode: servfail}}", want: checks.ServerFailure},
		"REFUSED resolves":                                    {scene: "names: {'*': {rcode: refused}}", want: checks.ServerFailure},
		"silent DNS resolves":                                 {scene: "names: {'*': {rcode: silent}}", want: checks.NoAnswerDNS},
		"slow DNS is in time":                                 {scene: "names: {'*': {slow: 1h}}", want: checks.NoAnswerDNS},
		"a name without addresses has some":                   {scene: "names: {'*': {a: [none], aaaa: [none]}}", want: checks.NoSuchName},
		"a sinkhole's address is somebody":                    {scene: "names: {'*': {a: [0.0.0.0]}}", want: checks.Refused},
		"a blocking address is somebody":                      {scene: "names: {'*': {a: [146.112.61.106]}}", want: checks.Dropped},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := begin(t, "network: {"+tc.scene+"}")
			family := tc.family
			if family == "" {
				family = "ip4"
			}
			stage, err := attempt(t, l, family)
			if got := checks.Classify(stage, err); got != tc.want {
				t.Errorf("%s ended with %q (%v), want %q", stage, got, err, tc.want)
			}
			if s := l.Surprises(); len(s) > 0 {
				t.Errorf("surprises: %q", s)
			}
		})
	}
}

// attempt walks to the first endpoint as far as it gets.
func attempt(t *testing.T, l *Lab, family string) (checks.StageName, error) {
	n := l.Machine().Network
	addrs, err := n.Lookup(soon(t), family, okHost)
	if err != nil {
		return checks.Resolve, err
	}
	c, err := n.Dial(soon(t), "tcp", addrPort(addrs[0], 443))
	if err != nil {
		return checks.Connect, err
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(patience))
	if l.scene.Network.Servers["*"].TLS == "" {
		_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	}
	_, err = secure(l, c, okHost)
	return checks.TLS, err
}

func TestResetIsByNameAlone(t *testing.T) {
	l := begin(t, "network: {servers: {'*': {tls: reset_by_name}}}")
	c := tls.Client(connect(t, l, "ip4", okHost, 443), &tls.Config{ServerName: "other.example", InsecureSkipVerify: true})
	if err := c.Handshake(); err != nil {
		t.Errorf("with another name: %v", err)
	}
}

func TestSmallHelloPassesWhereLargeOnesStall(t *testing.T) {
	l := begin(t, "network: {servers: {'*': {tls: large_silent}}}")
	c := tls.Client(connect(t, l, "ip4", okHost, 443), &tls.Config{
		ServerName: okHost, RootCAs: l.Roots(), CurvePreferences: []tls.CurveID{tls.X25519},
	})
	if err := c.Handshake(); err != nil {
		t.Errorf("a small ClientHello: %v", err)
	}
}

func TestInspectingIssuerIsNamed(t *testing.T) {
	l := begin(t, "network: {servers: {'*': {tls: intercepted, foreign: true, issuer: 'CN=Zscaler Root CA,O=Zscaler Inc.'}}}")
	_, err := secure(l, connect(t, l, "ip4", okHost, 443), okHost)
	var unknown x509.UnknownAuthorityError
	if !errors.As(err, &unknown) || unknown.Cert.Issuer.String() != "CN=Zscaler Root CA,O=Zscaler Inc." {
		t.Errorf("error %v", err)
	}
}

func TestExpectedIssuerSignsInAHealthyNetwork(t *testing.T) {
	p := small()
	p.Endpoints[0].Expect.Issuer = "DigiCert"
	l, err := Start(Scene{Name: "x"}, []*profile{p})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := secure(l, connect(t, l, "ip4", okHost, 443), okHost)
	if err != nil {
		t.Fatal(err)
	}
	chain := c.ConnectionState().PeerCertificates
	if len(chain) != 2 || !strings.Contains(chain[0].Issuer.String(), "DigiCert") {
		t.Errorf("issuer %v of %d certificates", chain[0].Issuer, len(chain))
	}
}

func TestHTTPMisbehavesAsTheSceneSays(t *testing.T) {
	for name, tc := range map[string]struct {
		http, body, location string
		status               int
	}{
		"a told status is not sent":    {http: "{status: 503}", status: 503, body: "ok"},
		"a told body is not sent":      {http: "{body: '<html>blocked</html>'}", status: 200, body: "<html>blocked</html>"},
		"an empty body is not sent":    {http: "{body: ''}", status: 200},
		"a told length is not sent":    {http: "{length: 5}", status: 200, body: "\x00\x00\x00\x00\x00"},
		"a redirect leads nowhere":     {http: "{redirect: 'http://portal.example/login'}", status: 302, location: "http://portal.example/login"},
		"a delayed answer never comes": {http: "{delay: 1ms}", status: 200, body: "ok"},
	} {
		t.Run(name, func(t *testing.T) {
			l := begin(t, "network: {servers: {'"+okHost+"': {http: "+tc.http+"}}}")
			c, err := secure(l, connect(t, l, "ip4", okHost, 443), okHost)
			if err != nil {
				t.Fatal(err)
			}
			r, body := get(t, c, okHost, "/")
			if r.StatusCode != tc.status || body != tc.body || r.Header.Get("Location") != tc.location {
				t.Errorf("%d %q to %q", r.StatusCode, body, r.Header.Get("Location"))
			}
		})
	}
}

func TestSilentHTTPTakesTheRequestAndSaysNothing(t *testing.T) {
	l := begin(t, "network: {servers: {'*': {http: {silent: true}}}}")
	c, err := secure(l, connect(t, l, "ip4", okHost, 443), okHost)
	if err != nil {
		t.Fatal(err)
	}
	_ = c.SetDeadline(time.Now().Add(patience))
	_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: "+okHost+"\r\n\r\n")
	var ne net.Error
	if _, err := c.Read(make([]byte, 1)); !errors.As(err, &ne) || !ne.Timeout() {
		t.Errorf("read %v, want a time-out", err)
	}
}

func TestServersTellTheirOwnTime(t *testing.T) {
	l := begin(t, "network: {clock: 72h}")
	r, _ := get(t, connect(t, l, "ip4", "plain.vendor.example", 80), "plain.vendor.example", "/")
	at, err := http.ParseTime(r.Header.Get("Date"))
	if ahead := time.Until(at); err != nil || ahead < 71*time.Hour || ahead > 73*time.Hour {
		t.Errorf("Date %q is %v ahead (%v)", r.Header.Get("Date"), ahead, err)
	}
}

// proxyAnswer sends CONNECT and returns the answer; the reader may hold more of the tunnel.
func proxyAnswer(t *testing.T, c net.Conn, target, extra string) *http.Response {
	t.Helper()
	fmt.Fprintf(c, "CONNECT %s HTTP/1.1\r\nHost: %s\r\n%s\r\n", target, target, extra)
	r, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: http.MethodConnect})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

package probe

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host/hosttest"
)

// pipes is a network in memory in which everybody answers every request with the same bytes and then hangs up.
type pipes struct {
	hosttest.Plain
	raw  []byte
	pass string // what it knows of the login, without having been told
}

func (pipes) Lookup(context.Context, string, string) ([]netip.Addr, error) {
	return []netip.Addr{vendor4}, nil
}

func (p pipes) Dial(context.Context, string, netip.AddrPort) (net.Conn, error) {
	ours, theirs := net.Pipe()
	go func() {
		defer theirs.Close()
		theirs.SetDeadline(time.Now().Add(5 * time.Second))
		in := bufio.NewReader(theirs)
		for {
			head, err := in.Peek(1)
			if err != nil {
				return
			}
			auth := ""
			if head[0] >= 'A' && head[0] <= 'Z' {
				req, err := http.ReadRequest(in)
				if err != nil {
					return
				}
				auth = req.Header.Get("Proxy-Authorization")
			} else { // TLS or SOCKS: whatever comes, the same words
				in.Discard(in.Buffered())
			}
			again := bytes.Contains(p.raw, []byte("{again}"))
			if !again {
				go io.Copy(io.Discard, in) // a pipe holds nothing: who writes waits for who reads
			}
			if _, err := theirs.Write(p.said(auth)); err != nil || !again {
				return
			}
		}
	}()
	return ours, nil
}

// said lets the other side say back what it was told.
func (p pipes) said(auth string) []byte {
	return []byte(strings.NewReplacer("{again}", "", "{auth}", auth, "{token}", auth[strings.IndexByte(auth, ' ')+1:],
		"{pass}", p.pass, "{escaped}", url.QueryEscape(p.pass)).Replace(string(p.raw)))
}

const canary = `C4n4ry/&"Vogel`

// FuzzHTTPAnswer lets a server, or a proxy, say anything to a walk.
func FuzzHTTPAnswer(f *testing.F) {
	for _, s := range []string{
		ok("ok"), ok(" OK\r\n"), ok("okay"), ok(""), "HTTP/1.0 200 OK\r\n\r\nok", "ok", "",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\no",
		"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokok", "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999\r\n\r\nok",
		"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nok", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\nok",
		"HTTP/1.1 407 Login\r\nProxy-Authenticate: Basic realm=\"{auth}\"\r\nContent-Length: 0\r\n\r\n{again}",
		"HTTP/1.1 407 Login {token}\r\nProxy-Authenticate: NTLM {token}\r\nContent-Length: 0\r\n\r\n{again}",
		"HTTP/1.1 407 Login\r\nProxy-Authenticate: Negotiate {token}, NTLM, Basic\r\nContent-Length: 3\r\n\r\n{pa{again}",
		"HTTP/1.1 407 Login\r\nProxy-Authenticate: NTLM\r\nConnection: close\r\n\r\n{pass} {escaped}",
		"HTTP/1.1 403 No {pass}\r\nLocation: http://x/?{escaped}\r\nServer: {auth}\r\n\r\n{token}",
		"HTTP/1.1 302 Found\r\nLocation: http://login.example/{pass}\r\n\r\n", "HTTP/1.1 {pass}\r\n\r\n", "{auth}\r\n\r\n",
		"HTTP/1.1 200 OK\r\n\x1b]0;x\x07: \u202e\r\n\r\n\x00\xff", "HTTP/1.1 511 \x9b31m\r\n\r\n<form>", "HTTP/1.1 200 OK\r\nDate: Mon, 02 Nov 2026 10:00:00 GMT\r\n\r\nok",
		"HTTP/1.1 502 Bad\r\nX-Squid-Error: ERR_DNS_FAIL 0\r\n\r\n", "\x05\x00\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00" + ok("ok"), "\x00\x5a\x00\x00\x00\x00\x00\x00" + ok("ok"),
		"\x16\x03\x03\x00\x02\x02\x28", "HTTP/1.1 200 Connection established\r\n\r\n\x15\x03\x03\x00\x02\x02\x28",
	} {
		for way := range byte(ways) {
			f.Add(way, []byte(s))
		}
	}
	f.Fuzz(func(t *testing.T, way byte, raw []byte) {
		if len(raw) > 1<<20 {
			t.Skip()
		}
		r := Request{Family: "ip4", Roots: fuzzRoots, Endpoint: assets.Endpoint{Host: vendor, Scheme: "http", Port: 80,
			Path: "/", Required: true, Mark: assets.Seed, Expect: assets.Expect{Status: []int{200}, Body: "ok"}}}
		secure := wayOf(way%ways, &r)
		net := pipes{raw: raw}
		if r.Login != nil || r.Route != nil && r.Route.User != nil {
			net.pass = canary
		}
		r.Network = net
		lim := hasty // whatever is silent costs the search its speed, and nothing here depends on who was in time
		lim.tls, lim.http, lim.tunnel, lim.second, lim.page, lim.doubt = wink, wink, wink, wink, wink, time.Minute
		var b strings.Builder
		r.OnStage = func(p checks.Path) { fmt.Fprintf(&b, "%+v\n", p) }
		begin := time.Now()
		a := walk(t.Context(), r, lim)
		if time.Since(begin) > 30*time.Second {
			t.Fatal("the walk does not end")
		}
		if a.Failure == checks.NoFailure && (secure || a.Status != 200 || !strings.EqualFold(strings.TrimSpace(string(a.Body)), "ok")) {
			t.Fatalf("passed with %d %q", a.Status, a.Body)
		}
		if len(a.Body) > maxBody || len(a.ProxyAuth) > 8 || len(a.Evidence) > 64 || len(a.Chain) > maxChain {
			t.Fatalf("%d bytes of body, %d schemes, %d pieces of evidence", len(a.Body), len(a.ProxyAuth), len(a.Evidence))
		}
		holds(t, a)
		judged := Judge(&assets.Profile{}, r.Endpoint, a)
		fmt.Fprintf(&b, "%+v %+v %v %q", judged, *judged.Path, a.Err, a.ProxyAuth)
		for _, s := range []string{"C4n4ry", "Vogel", b64("agent:" + canary), b64(secretToken)} {
			if strings.Contains(b.String(), s) && !strings.Contains(string(raw), s) {
				t.Fatalf("%q is left in %s", s, b.String())
			}
		}
	})
}

const wink = 100 * time.Millisecond

const secretToken = "T0ken-of-the-system"

var fuzzRoots = newAuthority(panics{}, "Fuzz", "").pool()

// panics is a test for what is made outside of any.
type panics struct{ testing.TB }

func (panics) Helper() {}

const ways = 8

// wayOf prepares one kind of way and reports whether it leads to an encrypted endpoint, which nobody here can be.
func wayOf(way byte, r *Request) (secure bool) {
	proxy := func(scheme string) { r.Route = &url.URL{Scheme: scheme, Host: gate + ":3128"} }
	login := url.UserPassword("agent", canary)
	system := &clerk{can: map[string][]string{"ntlm": {secretToken, secretToken + "3"}, "negotiate": {secretToken}}}
	if way >= 2 {
		proxy([]string{"http", "http", "http", "socks5", "socks4a", "https"}[way-2])
		r.Login = login
	}
	switch way {
	case 1, 2, 7:
		r.Endpoint.Scheme, r.Endpoint.Port, secure = "https", 443, true
	case 4:
		r.Endpoint.Scheme, r.Endpoint.Port, secure = "https", 443, true
		r.Login, r.Logins = nil, system
	case 3:
		r.Route.User, r.Logins, r.Login = login, system, nil
	}
	return secure
}

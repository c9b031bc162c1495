package probe

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"linecheck/assets"
	"linecheck/checks"
)

// socks is a SOCKS5 server (RFC 1928) without login that gives every request the same reply.
func socks(reply byte, target string) func(net.Conn) {
	return func(c net.Conn) {
		b := make([]byte, 262)
		if _, err := io.ReadFull(c, b[:2]); err != nil {
			return
		}
		io.ReadFull(c, b[:b[1]])
		c.Write([]byte{5, 0})
		if _, err := io.ReadFull(c, b[:5]); err != nil {
			return
		}
		io.ReadFull(c, b[:int(b[4])+2])
		c.Write([]byte{5, reply, 0, 1, 0, 0, 0, 0, 0, 0})
		if reply != 0 {
			return
		}
		out, err := net.Dial("tcp", target)
		if err != nil {
			return
		}
		defer out.Close()
		go func() { io.Copy(out, c); out.(*net.TCPConn).CloseWrite() }()
		io.Copy(c, out)
	}
}

func TestProxies(t *testing.T) {
	through := func(raw string) func(*lab) { return func(l *lab) { l.through(answer(raw)) } }
	for name, s := range map[string]scene{
		"an open proxy leads to the vendor": {set: func(l *lab) { l.behind(secure(l.cert, answer(ok("ok")))) },
			args: map[string]string{"proxy": "http://gw.corp.example:3128", "proxyhost": gate, "address": "10.0.0.8", "route": "http://gw"}},
		"a proxy's name that does not exist is not the vendor's": {set: func(l *lab) { l.through(mute); delete(l.names, "ip4 "+gate) },
			want: checks.ProxyUnresolvable, at: checks.Resolve, args: map[string]string{"dns": "dns.no_such_name", "proxyhost": gate}},
		"a proxy that refuses is not a vendor that refuses": {set: func(l *lab) { l.through(closedPort(l.t)) },
			want: checks.ProxyRefused, at: checks.Connect},
		"a silent proxy port is not a silent vendor": {set: func(l *lab) { l.through(silence{}) },
			want: checks.ProxyUnreachable, at: checks.Connect, hurry: true},
		"no route to the proxy is the proxy's failure": {set: func(l *lab) { l.through(noNet()) },
			want: checks.ProxyUnreachable, at: checks.Connect},
		"407 names the schemes that the proxy offers": {set: through("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM, Basic realm=\"a, b=c\"\r\nContent-Length: 0\r\n\r\n"),
			want: checks.ProxyAuth, at: checks.Tunnel, args: map[string]string{"schemes": "negotiate, ntlm, basic", "status": "407", "login": ""}},
		"403 from the proxy is a denial": {set: through("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"),
			want: checks.ProxyDenied, at: checks.Tunnel, args: map[string]string{"status": "403 Forbidden"}},
		"a proxy's page says which rule denied": {set: through("HTTP/1.1 403 Forbidden\r\nX-Squid-Error: ERR_ACCESS_DENIED 0\r\nContent-Length: 2\r\n\r\nno"),
			want: checks.ProxyDenied, at: checks.Tunnel, args: map[string]string{"middlebox": "Squid"}},
		"405 from a web server is no open proxy": {set: through("HTTP/1.1 405 Method Not Allowed\r\n\r\n"),
			want: checks.ProxyDenied, at: checks.Tunnel},
		"502 is the proxy's own way out": {set: through("HTTP/1.1 502 Bad Gateway\r\n\r\n"),
			want: checks.ProxyTarget, at: checks.Tunnel},
		"503 is the proxy's own way out": {set: through("HTTP/1.1 503 Service Unavailable\r\n\r\n"),
			want: checks.ProxyTarget, at: checks.Tunnel},
		"504 is the proxy's own way out": {set: through("HTTP/1.1 504 Gateway Timeout\r\n\r\n"),
			want: checks.ProxyTarget, at: checks.Tunnel},
		"a refusal whose page never ends is still read": {set: func(l *lab) { l.through(stall("HTTP/1.1 403 Forbidden\r\nContent-Length: 9999\r\n\r\nno")) },
			want: checks.ProxyDenied, at: checks.Tunnel, hurry: true},
		"a proxy that says nothing to CONNECT": {set: func(l *lab) { l.through(mute) },
			want: checks.ProxyNoAnswer, at: checks.Tunnel, hurry: true},
		"a proxy that closes on CONNECT is no proxy": {set: func(l *lab) { l.through(hangUp) },
			want: checks.ProxyNotHTTP, at: checks.Tunnel, args: map[string]string{"manner": "cuts the connection off"}},
		"a proxy that resets on CONNECT is no proxy": {set: func(l *lab) { l.through(slam) },
			want: checks.ProxyNotHTTP, at: checks.Tunnel, args: map[string]string{"manner": "cuts the connection off"}},
		"an SSH server on the proxy's port is no proxy": {set: func(l *lab) { l.through(say("SSH-2.0-OpenSSH_9.2\r\n")) },
			want: checks.ProxyNotHTTP, at: checks.Tunnel, args: map[string]string{"manner": "is no HTTP"}},
		"a proxy's header without end is cut off": {set: through("HTTP/1.1 200 OK\r\nX: " + strings.Repeat("x", 1<<20)),
			want: checks.ProxyNotHTTP, at: checks.Tunnel, args: map[string]string{"error": "larger than 64 KiB"}},
		"escape codes of a proxy do not reach the sentences": {set: through("HTTP/1.1 403 \x1b[31mNo\x1b[0m\r\n\r\n\x1b]0;x\x07"),
			want: checks.ProxyDenied, at: checks.Tunnel, args: map[string]string{"status": "403 [31mNo [0m"}},
		"escape codes in a proxy's header are not HTTP": {set: through("HTTP/1.1 403 No\r\nServer: \x1b]0;x\x07evil\r\n\r\n"),
			want: checks.ProxyNotHTTP, at: checks.Tunnel},
		"silence behind the tunnel is the handshake's": {set: func(l *lab) { l.behind(mute) },
			want: checks.TLSNoAnswer, at: checks.TLS, hurry: true},
		"a cut by name behind a proxy is found through the proxy": {set: func(l *lab) { l.behind(byName(vendor, rst, l.cert)) },
			want: checks.TLSReset, at: checks.TLS},
		"the login goes to the proxy and into no text": {set: func(l *lab) {
			target := serve(l.t, secure(l.cert, answer(ok("ok"))))
			l.through(func(c net.Conn) {
				in := bufio.NewReader(c)
				req, err := http.ReadRequest(in)
				if err != nil || req.Header.Get("Proxy-Authorization") != "Basic dXNlcjpzM2NyZXQ=" {
					io.WriteString(c, "HTTP/1.1 407 No\r\n\r\n")
					return
				}
				out, err := net.Dial("tcp", target)
				if err != nil {
					return
				}
				defer out.Close()
				io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
				go func() { io.Copy(out, in); out.(*net.TCPConn).CloseWrite() }()
				io.Copy(c, out)
			})
			l.req.Route.User = url.UserPassword("user", "s3cret")
		}, args: map[string]string{"login": "sent", "proxy": "http://gw.corp.example:3128"}},

		"plain http is asked from the proxy itself": {set: func(l *lab) {
			l.req.Endpoint.Scheme, l.req.Endpoint.Port, l.req.Endpoint.Path = "http", 80, "/tmcss/?LCRC=08"
			l.through(func(c net.Conn) {
				line, _ := bufio.NewReader(c).ReadString('\n')
				if strings.HasPrefix(line, "GET http://"+vendor+"/tmcss/?LCRC=08 HTTP/1.1") {
					io.WriteString(c, ok("ok"))
				}
			})
		}},
		"407 to plain http is the proxy's": {set: func(l *lab) {
			l.plain("")
			l.through(answer("HTTP/1.1 407 No\r\nProxy-Authenticate: NTLM\r\n\r\n"))
		}, want: checks.ProxyAuth, at: checks.Content, args: map[string]string{"schemes": "ntlm"}},
		"504 to plain http is the proxy's": {set: func(l *lab) {
			l.plain("")
			l.through(answer("HTTP/1.1 504 Gateway Timeout\r\nX-Squid-Error: ERR_DNS_FAIL 0\r\n\r\n"))
		}, want: checks.ProxyTarget, at: checks.Content},
		"504 to plain http without a proxy is the vendor's": {set: func(l *lab) { l.plain("HTTP/1.1 504 Gateway Timeout\r\n\r\n") },
			want: checks.BadStatus, at: checks.Content},

		"a SOCKS5 proxy leads to the vendor": {set: func(l *lab) {
			l.through(socks(0, serve(l.t, secure(l.cert, answer(ok("ok"))))))
			l.req.Route.Scheme = "socks5"
		}},
		"plain http goes through a SOCKS5 proxy as it is": {set: func(l *lab) {
			l.req.Endpoint.Scheme, l.req.Endpoint.Port = "http", 80
			l.through(socks(0, serve(l.t, answer(ok("ok")))))
			l.req.Route.Scheme = "socks5"
		}},
		"a SOCKS5 proxy that forbids is a denial": {set: func(l *lab) { l.through(socks(2, "")); l.req.Route.Scheme = "socks5" },
			want: checks.ProxyDenied, at: checks.Tunnel},
		"a SOCKS5 proxy without a way out": {set: func(l *lab) { l.through(socks(4, "")); l.req.Route.Scheme = "socks5" },
			want: checks.ProxyTarget, at: checks.Tunnel},
		"a SOCKS5 proxy that wants a login": {set: func(l *lab) { l.through(say("\x05\xff")); l.req.Route.Scheme = "socks5" },
			want: checks.ProxyAuth, at: checks.Tunnel},
		"an HTTP proxy where SOCKS was configured": {set: func(l *lab) { l.through(say("HTTP/1.1 400 Bad Request\r\n\r\n")); l.req.Route.Scheme = "socks5" },
			want: checks.ProxyNotHTTP, at: checks.Tunnel},
		"a bare TCP endpoint behind a proxy ends with the tunnel": {set: func(l *lab) {
			l.req.Endpoint.Scheme, l.req.Endpoint.Expect = "tcp", assets.Expect{}
			l.behind(mute)
		}, code: Answered},
	} {
		t.Run(name, s.run)
	}
}

func TestAWalkMayEndAtTheTunnel(t *testing.T) {
	l := newLab(t)
	l.behind(func(c net.Conn) {
		if n, _ := c.Read(make([]byte, 1)); n > 0 {
			t.Error("something was sent through the tunnel")
		}
	})
	l.req.Tunnel = true
	a := Walk(t.Context(), l.req)
	last := a.Path.Stages[len(a.Path.Stages)-1]
	if a.Failure != "" || last.Name != checks.Tunnel || last.Status != checks.Pass {
		t.Errorf("ended with %q, the last hop is %s, %s", a.Failure, last.Name, last.Status)
	}
	l.through(answer("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"))
	if a := Walk(t.Context(), l.req); a.Failure != checks.ProxyDenied {
		t.Errorf("a proxy that denies: %q", a.Failure)
	}
}

func TestPasswordOfARouteIsNowhere(t *testing.T) {
	l := newLab(t)
	l.through(answer("HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\n\r\n"))
	l.req.Route.User = url.UserPassword("jdoe", "s3cret")
	var all strings.Builder
	l.req.OnStage = func(p checks.Path) { all.WriteString(p.Route + p.URL) }
	a := walk(t.Context(), l.req, patient)
	if a.Failure != checks.ProxyAuth {
		t.Fatalf("the walk ended with %q", a.Failure)
	}
	for _, e := range a.Evidence {
		all.WriteString(e.Source + e.Text)
	}
	for _, v := range a.Args {
		all.WriteString(v)
	}
	for _, secret := range []string{"s3cret", "jdoe", "amRvZTpzM2NyZXQ"} {
		if strings.Contains(all.String(), secret) {
			t.Errorf("%q is in what the walk hands over", secret)
		}
	}
}

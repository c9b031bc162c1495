package probe

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/url"
	"testing"

	"linecheck/checks"
)

// socks4 is a SOCKS4 server that gives every request the same reply, and tells the request.
func socks4(reply byte, target string, told chan<- string) func(net.Conn) {
	return func(c net.Conn) {
		in := bufio.NewReader(c)
		head := make([]byte, 8)
		if _, err := io.ReadFull(in, head); err != nil {
			return
		}
		user, _ := in.ReadString(0)
		name := ""
		if head[4] == 0 && head[5] == 0 && head[6] == 0 && head[7] != 0 {
			name, _ = in.ReadString(0)
		}
		if told != nil {
			told <- fmt.Sprintf("%x %q %q", head, user, name)
		}
		c.Write([]byte{0, reply, 0, 0, 0, 0, 0, 0})
		if reply != 90 {
			return
		}
		out, err := net.Dial("tcp", target)
		if err != nil {
			return
		}
		defer out.Close()
		go func() { io.Copy(out, in); out.(*net.TCPConn).CloseWrite() }()
		io.Copy(c, out)
	}
}

func TestKindsOfProxies(t *testing.T) {
	kind := func(l *lab, scheme string) { l.req.Route.Scheme = scheme }
	four := func(reply byte, scheme string) func(*lab) {
		return func(l *lab) {
			l.through(socks4(reply, serve(l.t, secure(l.cert, answer(ok("ok")))), nil))
			kind(l, scheme)
		}
	}
	// inTLS puts the proxy behind TLS with the given certificate.
	inTLS := func(l *lab, cert tls.Certificate, handle func(net.Conn)) {
		l.through(secure(cert, handle))
		kind(l, "https")
	}
	for name, s := range map[string]scene{
		"a SOCKS4 proxy leads to the vendor":  {set: four(90, "socks4")},
		"a SOCKS4a proxy leads to the vendor": {set: four(90, "socks4a")},
		"a bare SOCKS proxy is version 4":     {set: four(90, "socks")},
		"a SOCKS4a proxy looks names up by itself": {set: func(l *lab) {
			four(90, "socks4a")(l)
			delete(l.names, "ip4 "+vendor)
		}},
		"a SOCKS4 proxy needs an address that this computer does not have": {set: func(l *lab) {
			four(90, "socks4")(l)
			delete(l.names, "ip4 "+vendor)
		}, want: checks.NoSuchName, at: checks.Tunnel},
		"a SOCKS4 proxy that rejects": {set: four(91, "socks4"), want: checks.ProxyDenied, at: checks.Tunnel,
			args: map[string]string{"error": "91"}},
		"a SOCKS4 proxy that asks who the user is": {set: four(92, "socks4a"), want: checks.ProxyAuth, at: checks.Tunnel,
			args: map[string]string{"schemes": "identd"}},
		"a SOCKS4 proxy that gives an answer of its own": {set: four(7, "socks4"), want: checks.ProxyNotHTTP, at: checks.Tunnel},
		"an HTTP proxy where SOCKS4 was configured": {set: func(l *lab) { l.through(say("HTTP/1.1 400 Bad Request\r\n\r\n")); kind(l, "socks4") },
			want: checks.ProxyNotHTTP, at: checks.Tunnel, args: map[string]string{"manner": "is no SOCKS"}},
		"a silent SOCKS4 proxy": {set: func(l *lab) { l.through(mute); kind(l, "socks4") },
			want: checks.ProxyNoAnswer, at: checks.Tunnel, hurry: true},
		"a SOCKS4 proxy that hangs up": {set: func(l *lab) { l.through(hangUp); kind(l, "socks4") },
			want: checks.ProxyNotHTTP, at: checks.Tunnel},

		"a proxy that speaks TLS leads to the vendor": {set: func(l *lab) {
			inTLS(l, l.ca.leaf(l.t, -1, 24, gate), gateway(serve(l.t, secure(l.cert, answer(ok("ok"))))))
		}, args: map[string]string{"proxy_issuer": "Public Root", "proxy_names": gate, "issuer": "Public Root", "names": vendor}},
		"a proxy that speaks TLS is asked for plain http as well": {set: func(l *lab) {
			l.plain("")
			inTLS(l, l.ca.leaf(l.t, -1, 24, gate), answer(ok("ok")))
		}},
		"a TLS proxy of an unknown authority is no interception": {set: func(l *lab) {
			inTLS(l, newAuthority(l.t, "Zscaler Root CA", "").leaf(l.t, -1, 24, gate), gateway(""))
		}, want: checks.ProxyTLS, at: checks.Tunnel, args: map[string]string{"proxy_issuer": "Zscaler", "middlebox": "", "issuer": ""}},
		"a TLS proxy whose certificate is out of date": {set: func(l *lab) { inTLS(l, l.ca.leaf(l.t, -48, -24, gate), gateway("")) },
			want: checks.ProxyTLS, at: checks.Tunnel},
		"a TLS proxy with a certificate for another name": {set: func(l *lab) { inTLS(l, l.ca.leaf(l.t, -1, 24, vendor), gateway("")) },
			want: checks.ProxyTLS, at: checks.Tunnel, args: map[string]string{"proxy_names": vendor}},
		"a plain proxy that is set as one that speaks TLS": {set: func(l *lab) { l.through(say("HTTP/1.1 400 Bad Request\r\n\r\n")); kind(l, "https") },
			want: checks.ProxyTLS, at: checks.Tunnel},
		"a TLS proxy that is silent": {set: func(l *lab) { l.through(mute); kind(l, "https") },
			want: checks.ProxyNoAnswer, at: checks.Tunnel, hurry: true},
		"a proxy that speaks TLS and denies": {set: func(l *lab) {
			inTLS(l, l.ca.leaf(l.t, -1, 24, gate), answer("HTTP/1.1 403 Forbidden\r\n\r\n"))
		}, want: checks.ProxyDenied, at: checks.Tunnel},
		"a login to a proxy that speaks TLS": {set: func(l *lab) {
			inTLS(l, l.ca.leaf(l.t, -1, 24, gate), guarded(serve(l.t, secure(l.cert, answer(ok("ok")))),
				map[string]string{"": "Basic close", "Basic " + b64("a:b"): "ok"}))
			l.req.Login = url.UserPassword("a", "b")
		}, args: map[string]string{"logged_in": "basic"}, code: checks.Code(checks.ProxyAuth), warns: true},
	} {
		t.Run(name, s.run)
	}
}

func TestWhatSOCKS4IsAsked(t *testing.T) {
	for name, c := range map[string]struct {
		scheme, host string
		user         *url.Userinfo
		want         string
	}{
		"SOCKS4 with an address":                {"socks4", vendor, nil, `040101bbcb00710a "\x00" ""`},
		"SOCKS4a with a name":                   {"socks4a", vendor, nil, `040101bb00000001 "\x00" "doorman.vendor.example\x00"`},
		"SOCKS4a with an address that is given": {"socks4a", "198.51.100.7", nil, `040101bbc6336407 "\x00" ""`},
		"the user of the setting":               {"socks4", vendor, url.UserPassword("jdoe", "x"), `040101bbcb00710a "jdoe\x00" ""`},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			told := make(chan string, 4)
			l.through(socks4(91, "", told))
			l.req.Route.Scheme, l.req.Route.User, l.req.Endpoint.Host = c.scheme, c.user, c.host
			walk(t.Context(), l.req, patient)
			if got := <-told; got != c.want {
				t.Errorf("asked %s, want %s", got, c.want)
			}
		})
	}
}

func TestALoginToSOCKS5(t *testing.T) {
	// RFC 1929: the server chooses 2 and then checks a name and a password.
	wants := func(target string) func(net.Conn) {
		inner := socks(0, target)
		return func(c net.Conn) {
			b := make([]byte, 512)
			if _, err := io.ReadFull(c, b[:2]); err != nil {
				return
			}
			io.ReadFull(c, b[:b[1]])
			c.Write([]byte{5, 2})
			io.ReadFull(c, b[:2])
			io.ReadFull(c, b[:b[1]])
			io.ReadFull(c, b[:1])
			io.ReadFull(c, b[:b[0]])
			c.Write([]byte{1, 0})
			near, far := net.Pipe() // what comes next is as without a login
			go func() { defer far.Close(); inner(far) }()
			near.Write([]byte{5, 1, 0})
			io.ReadFull(near, b[:2])
			go func() { io.Copy(near, c); near.Close() }()
			io.Copy(c, near)
		}
	}
	l := newLab(t)
	l.through(wants(serve(t, secure(l.cert, answer(ok("ok"))))))
	l.req.Route.Scheme, l.req.Login = "socks5", url.UserPassword("jdoe", "s3cret")
	if a := walk(t.Context(), l.req, patient); a.Failure != "" || a.LoggedIn != "password" {
		t.Errorf("the walk ended with %q (%v), logged in with %q", a.Failure, a.Err, a.LoggedIn)
	}
	l.through(socks(0, serve(t, secure(l.cert, answer(ok("ok"))))))
	l.req.Route.Scheme = "socks5"
	if a := walk(t.Context(), l.req, patient); a.Failure != "" || a.LoggedIn != "" {
		t.Errorf("the walk ended with %q (%v), logged in with %q where nobody asked", a.Failure, a.Err, a.LoggedIn)
	}
}

func TestPortsOfProxies(t *testing.T) {
	for raw, want := range map[string]uint16{"http://p": 80, "https://p": 443, "socks4://p": 1080, "socks5://p": 1080, "https://p:8443": 8443} {
		u, _ := url.Parse(raw)
		if got := proxyPort(u.Scheme, u.Port()); got != want {
			t.Errorf("%s has port %d, want %d", raw, got, want)
		}
	}
}

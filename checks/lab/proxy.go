package lab

import (
	"bufio"
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// proxy is a proxy: of HTTP (CONNECT, and plain requests with an absolute URL) or of SOCKS. Its way out is the lab's own
// map, with a working DNS and without the company's firewall.
type proxy struct {
	lab  *Lab
	rule Proxy
	host string
}

func (p *proxy) serve(c net.Conn) {
	switch p.rule.Mode {
	case "silent":
		drain(c)
		return
	case "garbage":
		// A server that speaks first, of another kind.
		_, _ = io.WriteString(c, "SSH-2.0-OpenSSH_9.2p1\r\n")
		drain(c)
		return
	}
	switch p.rule.Kind {
	case "socks4", "socks4a":
		p.socks4(c)
		return
	case "socks5":
		p.socks5(c)
		return
	case "https":
		s := &site{lab: p.lab, host: p.host, rule: Server{TLS: p.rule.TLS}}
		t := s.handshake(c)
		if t == nil {
			return
		}
		c = t
	}
	in, t := bufio.NewReader(c), &talk{}
	for {
		req, err := http.ReadRequest(in)
		if err != nil {
			if !errors.Is(err, io.EOF) {
				_ = p.lab.respond(c, nil, http.StatusBadRequest, nil, "Bad Request\n")
			}
			return
		}
		if !p.handle(c, in, req, t) || req.Close {
			return
		}
	}
}

// handle answers one request and says whether another may follow on the connection.
func (p *proxy) handle(c net.Conn, in *bufio.Reader, req *http.Request, t *talk) bool {
	say := func(status int, squid string, extra http.Header) bool {
		_, _ = io.CopyN(io.Discard, req.Body, maxBody)
		h := http.Header{"Server": {"squid/5.7"}, "Via": {"1.1 proxy (squid/5.7)"}, "Content-Type": {"text/html"}}
		if squid != "" {
			h.Set("X-Squid-Error", squid+" 0")
		}
		for k, v := range extra {
			h[k] = v
		}
		return p.lab.respond(c, req, status, h, "<html><body>"+squid+"</body></html>\n") == nil
	}
	host, port, ok := target(req)
	p.lab.dial("proxy " + authorityOf(host, port))
	if !p.lab.pause(p.rule.Slow) {
		return false
	}
	var ask []string
	if p.wants(host) {
		ask = p.gate(req, t)
	}
	switch {
	case p.rule.Mode == "reset":
		reset(c)
		return false
	case ask != nil:
		return say(http.StatusProxyAuthRequired, "ERR_CACHE_ACCESS_DENIED", http.Header{"Proxy-Authenticate": ask})
	case p.rule.Answer != nil && (len(p.rule.Deny) == 0 || p.forbids(host)):
		return p.instead(c, req)
	case p.rule.Mode == "deny" || p.forbids(host):
		return say(http.StatusForbidden, "ERR_ACCESS_DENIED", nil)
	case p.rule.Mode == "echo":
		auth := req.Header.Get("Proxy-Authorization")
		login, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(auth, "Basic "))
		page := fmt.Sprintf("<html><body>No, %s (%s)</body></html>\n", login, auth)
		_, err := fmt.Fprintf(c, "HTTP/1.1 403 No %s\r\nX-Seen: %s\r\nX-Login: %s\r\nContent-Length: %d\r\n\r\n%s", login, auth, login, len(page), page)
		return err == nil
	case p.rule.Mode == "bad_gateway":
		return say(http.StatusBadGateway, "ERR_CONNECT_FAIL", nil)
	}
	if !ok {
		return say(http.StatusBadRequest, "ERR_INVALID_URL", nil)
	}
	out, fate := p.lab.reach(host, port)
	switch fate {
	case "no_such_name":
		return say(http.StatusServiceUnavailable, "ERR_DNS_FAIL", nil)
	case "drop":
		return say(http.StatusGatewayTimeout, "ERR_CONNECT_FAIL", nil)
	case "open":
	default:
		return say(http.StatusServiceUnavailable, "ERR_CONNECT_FAIL", nil)
	}
	defer p.lab.release(out)
	if req.Method != http.MethodConnect {
		return p.forward(c, out, req)
	}
	if _, err := io.WriteString(c, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		return false
	}
	join(c, in, out)
	return false
}

// instead answers as the scene tells: 403 unless it tells another status.
func (p *proxy) instead(c net.Conn, req *http.Request) bool {
	_, _ = io.CopyN(io.Discard, req.Body, maxBody)
	r, h, body := p.rule.Answer, http.Header{"Content-Type": {"text/html"}}, ""
	status := cmp.Or(r.Status, http.StatusForbidden)
	if r.Redirect != "" {
		status = cmp.Or(r.Status, http.StatusFound)
		h.Set("Location", r.Redirect)
	}
	if r.Body != nil {
		body = *r.Body
	}
	for k, v := range r.Headers {
		h.Set(k, v)
	}
	return p.lab.respond(c, req, status, h, body) == nil
}

// wants reports whether the proxy wants a login for a host.
func (p *proxy) wants(host string) bool {
	return len(p.rule.Ask) == 0 || slices.ContainsFunc(p.rule.Ask, func(pattern string) bool { return fits(pattern, host) })
}

// forbids reports whether the proxy denies a host.
func (p *proxy) forbids(host string) bool {
	return slices.ContainsFunc(p.rule.Deny, func(pattern string) bool { return fits(pattern, host) })
}

// forward hands a plain request on and its answer back.
func (p *proxy) forward(c, out net.Conn, req *http.Request) bool {
	req.Header.Del("Proxy-Authorization")
	req.URL = &url.URL{Path: req.URL.Path, RawPath: req.URL.RawPath, RawQuery: req.URL.RawQuery}
	if err := req.Write(out); err != nil {
		return false
	}
	resp, err := http.ReadResponse(bufio.NewReader(out), req)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	resp.Header.Add("Via", "1.1 proxy (squid/5.7)")
	return resp.Write(c) == nil
}

// target is where a request to a proxy wants to go.
func target(req *http.Request) (host string, port uint16, ok bool) {
	at := req.URL.Host
	if req.Method == http.MethodConnect {
		at = req.Host
	}
	host, number, err := net.SplitHostPort(at)
	if err != nil {
		if req.Method == http.MethodConnect || at == "" {
			return "", 0, false
		}
		return at, 80, true
	}
	n, err := strconv.ParseUint(number, 10, 16)
	return host, uint16(n), err == nil
}

// reach connects to a place of the lab from within the network, by the right name. The other ends of the world are a
// fate: no_such_name, drop, refuse, no_route.
func (l *Lab) reach(host string, port uint16) (net.Conn, string) {
	pl := l.world.places[strings.ToLower(host)]
	if pl == nil {
		return nil, "no_such_name"
	}
	pt := pl.ports[port]
	switch {
	case pt == nil:
		l.surprise("proxy " + authorityOf(host, port))
		return nil, "refuse"
	case pt.listener == nil:
		return nil, pt.tcp
	}
	c, err := net.Dial("tcp", pt.listener.String())
	if err != nil || !l.hold(c) {
		return nil, "no_route"
	}
	return c, "open"
}

// join carries bytes both ways until both are at their end. in holds what was read from a too early.
func join(a net.Conn, in io.Reader, b net.Conn) {
	var wg sync.WaitGroup
	wg.Go(func() { _, err := io.Copy(b, in); end(b, err) })
	_, err := io.Copy(a, b)
	end(a, err)
	wg.Wait()
}

// end passes the end of one direction on: a cut connection as a cut, an orderly one as an orderly one.
func end(c net.Conn, err error) {
	w, ok := c.(interface{ CloseWrite() error })
	switch {
	case err != nil:
		reset(c)
	case ok:
		_ = w.CloseWrite()
	default:
		c.Close()
	}
}

package probe

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"net"
	"net/http"
	"slices"
	"strings"

	"linecheck/checks"
)

// agent is what linecheck calls itself: in a proxy's log it is to be told from the product.
const agent = "linecheck"

var errLargeHeader = errors.New("the header is larger than 64 KiB")

// tunnel asks the proxy for a way to the endpoint; to a proxy that is spoken to in TLS, that comes first.
func (w *walker) tunnel(ctx context.Context, conn net.Conn) (net.Conn, bool) {
	w.begin(checks.Tunnel, w.lim.tunnel)
	source := "proxy " + w.a.Path.Route
	if w.secured() {
		ctx, cancel := context.WithTimeout(ctx, w.lim.tunnel)
		defer cancel()
		safe, chain, err := w.secure(ctx, conn)
		w.proxyChain(source, chain)
		if err != nil {
			w.seen(source, "TLS to the proxy: %v", err)
			w.fail(checks.Tunnel, proxyTLS(err), err)
			return conn, false
		}
		conn = safe
		if !w.tunnelled() {
			w.pass(checks.Tunnel, "TLS to the proxy, "+w.a.Args["proxy_issuer"])
			return conn, true
		}
	}
	o, err := w.open(ctx, conn)
	conn = o.conn
	w.logged(source, o)
	if err != nil {
		f := checks.Classify(checks.Tunnel, err)
		var name *net.DNSError
		switch {
		case errors.As(err, &name): // SOCKS4 wants an address of the target
			f = checks.Classify(checks.Resolve, err)
		case w.socks():
			f = socksFailure(f, err)
		case f == checks.Unclear:
			f = checks.ProxyNotHTTP
		}
		if f == checks.ProxyAuth {
			w.schemes([]string{w.socksLogin()})
		}
		if f == checks.ProxyNotHTTP {
			w.arg("manner", w.manner(err))
		}
		w.seen(source, "%s: %v", w.asked(), err)
		w.fail(checks.Tunnel, f, err)
		return conn, false
	}
	res := o.res
	if res == nil {
		w.seen(source, "%s: granted", w.asked())
		w.pass(checks.Tunnel, "granted")
		return conn, true
	}
	if len(o.heads) == 0 || res.StatusCode != http.StatusProxyAuthRequired {
		w.seen(source, "%s: %s", w.asked(), headText(res))
	}
	if res.StatusCode/100 == 2 {
		w.pass(checks.Tunnel, res.Status)
		return conn, true
	}
	w.arg("status", res.Status)
	w.arg("server", res.Header.Get("Server"))
	w.arg("location", res.Header.Get("Location"))
	if res.StatusCode != http.StatusProxyAuthRequired {
		release := guard(ctx, conn, w.lim.page)
		body, _ := io.ReadAll(io.LimitReader(res.Body, maxBody))
		release()
		w.excerpt(source, body)
		w.boxed(res.StatusCode, res.Header, body, true)
	}
	w.fail(checks.Tunnel, refusal(res.StatusCode), fmt.Errorf("the proxy answered %s", clean(res.Status)))
	return conn, false
}

// manner says how something that is no proxy met a request for a tunnel.
func (w *walker) manner(err error) string {
	switch checks.Classify(checks.HTTP, err) {
	case checks.ResetLater:
		return "it cuts the connection off without a word"
	case checks.NoAnswerHTTP:
		return "it begins to speak and does not end"
	}
	if w.socks() {
		return "what it says is no SOCKS"
	}
	return "what it says is no HTTP"
}

// logged notes what a proxy that asked for a login was told, and what came of it.
func (w *walker) logged(source string, o opened) {
	for _, h := range o.heads {
		w.seen(source, "%s: %s", w.asked(), h)
	}
	l := &o.login
	if len(o.heads) > 0 {
		w.schemes(l.offered)
	}
	w.arg("login_refused", strings.Join(l.refused, ", "))
	if o.way != "" {
		w.a.LoggedIn = o.way
	}
	if o.res != nil && o.res.StatusCode != http.StatusProxyAuthRequired && l.scheme != "" {
		w.a.LoggedIn = l.scheme
	}
	w.arg("logged_in", w.a.LoggedIn)
}

func (w *walker) asked() string {
	switch {
	case w.socks():
		return w.Route.Scheme + " to " + w.target
	case w.tunnelled():
		return "CONNECT " + w.target
	}
	return "GET " + w.a.Path.URL
}

// opened is a way that an answering proxy gave, or did not give.
type opened struct {
	conn  net.Conn       // in the place of the one that was used; its first bytes may already have been read
	res   *http.Response // the proxy's answer, whatever it says; nil for SOCKS
	heads []string       // of the answers that asked for a login
	login login          // what was said to that
	way   string         // "password" where a SOCKS proxy asked for the login; else ""
}

// open makes the tunnel through conn, which already speaks TLS where the proxy does. It notes nothing.
func (w *walker) open(ctx context.Context, conn net.Conn) (opened, error) {
	ctx, cancel := context.WithTimeout(ctx, w.lim.tunnel)
	defer cancel()
	t := w.talk(ctx, conn, nil)
	o := opened{conn: conn, login: login{w: w}}
	if w.socks() {
		defer t.release()
		var err error
		o.conn, o.way, err = w.socksDial(ctx, conn)
		if err != nil {
			o.conn = conn
		}
		return o, err
	}
	t, res, err := w.converse(ctx, t, &o.login, func(t *talk, auth string) (*http.Response, error) {
		var req strings.Builder
		fmt.Fprintf(&req, "CONNECT %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: %s\r\n", w.target, w.target, agent)
		if auth != "" {
			fmt.Fprintf(&req, "Proxy-Authorization: %s\r\n", auth)
		}
		if _, err := io.WriteString(t.conn, req.String()+"\r\n"); err != nil {
			return nil, err
		}
		t.limit.N = maxHeader
		res, err := http.ReadResponse(t.in, &http.Request{Method: http.MethodConnect})
		if err != nil && t.limit.N <= 0 {
			err = errLargeHeader
		}
		t.limit.N = math.MaxInt64
		return res, w.unquoted(err)
	})
	t.release()
	o.conn, o.heads, o.res = buffered{t.conn, t.in}, t.heads, res
	return o, err
}

// talk begins to talk on a connection, in the place of an earlier one where there was one. Its time is ctx's.
func (w *walker) talk(ctx context.Context, conn net.Conn, before *talk) *talk {
	limit := &io.LimitedReader{R: conn, N: math.MaxInt64}
	t := &talk{conn: conn, limit: limit, in: bufio.NewReader(limit), release: guard(ctx, conn, w.lim.whole)}
	if before != nil {
		t.heads = before.heads
	}
	return t
}

// buffered is a connection whose first bytes have already been read.
type buffered struct {
	net.Conn
	in *bufio.Reader
}

func (b buffered) Read(p []byte) (int, error) { return b.in.Read(p) }

// refusal is what a proxy's status means.
func refusal(status int) checks.Failure {
	switch {
	case status == http.StatusProxyAuthRequired:
		return checks.ProxyAuth
	case status >= 500 && status != http.StatusNotImplemented:
		return checks.ProxyTarget
	}
	return checks.ProxyDenied
}

func (w *walker) schemes(offered []string) {
	w.a.ProxyAuth = offered
	w.arg("schemes", strings.Join(offered, ", "))
}

// authSchemes reads the schemes out of Proxy-Authenticate headers (RFC 9110, 11.6.1): several may stand in one header,
// with commas between them and between their parameters, and commas in quotes.
func authSchemes(headers []string, hide func(string) string) []string {
	var out []string
	for _, h := range headers {
		quoted := false
		for _, part := range strings.FieldsFunc(cut(hide(h), maxEvidence), func(r rune) bool {
			if r == '"' {
				quoted = !quoted
			}
			return r == ',' && !quoted
		}) {
			word, _, _ := strings.Cut(strings.TrimSpace(part), " ")
			word = strings.ToLower(clean(word))
			if word != "" && !strings.Contains(word, "=") && !slices.Contains(out, word) && len(out) < 8 {
				out = append(out, word)
			}
		}
	}
	return out
}

// headText is the head of an answer as it came, as evidence; logins are no part of an answer.
func headText(res *http.Response) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", res.Proto, withoutTokens(res.Status))
	for _, k := range slices.Sorted(maps.Keys(res.Header)) {
		for _, v := range res.Header[k] {
			if b.Len() < maxEvidence {
				fmt.Fprintf(&b, "%s: %s\n", k, withoutTokens(v))
			}
		}
	}
	return b.String()
}

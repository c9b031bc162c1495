package probe

import (
	"bufio"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"net"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/net/proxy"

	"linecheck/checks"
)

// agent is what linecheck calls itself: in a proxy's log it is to be told from the product.
const agent = "linecheck"

var errLargeHeader = errors.New("the header is larger than 64 KiB")

// tunnel asks the proxy for a way to the endpoint.
func (w *walker) tunnel(ctx context.Context, conn net.Conn) (net.Conn, bool) {
	w.begin(checks.Tunnel, w.lim.tunnel)
	source := "proxy " + w.a.Path.Route
	through, res, err := w.open(ctx, conn)
	if err != nil {
		f := checks.Classify(checks.Tunnel, err)
		if w.socks() {
			f = socksFailure(f, err)
		} else if f == checks.Unclear {
			f = checks.ProxyNotHTTP
		}
		if f == checks.ProxyAuth {
			w.schemes([]string{"username/password"})
		}
		w.seen(source, "%s: %v", w.asked(), err)
		w.fail(checks.Tunnel, f, err)
		return conn, false
	}
	if res == nil {
		w.seen(source, "SOCKS5 to %s: granted", w.target)
		w.pass(checks.Tunnel, "granted")
		return through, true
	}
	w.seen(source, "%s: %s", w.asked(), headText(res))
	if res.StatusCode/100 == 2 {
		w.pass(checks.Tunnel, res.Status)
		return through, true
	}
	w.arg("status", res.Status)
	w.arg("server", res.Header.Get("Server"))
	w.arg("location", res.Header.Get("Location"))
	if res.StatusCode == http.StatusProxyAuthRequired {
		w.schemes(authSchemes(res.Header.Values("Proxy-Authenticate"), w.hide))
	} else {
		release := guard(ctx, conn, w.lim.page)
		body, _ := io.ReadAll(io.LimitReader(res.Body, maxBody))
		release()
		w.excerpt(source, body)
		w.boxed(res.StatusCode, res.Header, body, true)
	}
	w.fail(checks.Tunnel, refusal(res.StatusCode), fmt.Errorf("the proxy answered %s", clean(res.Status)))
	return conn, false
}

func (w *walker) asked() string { return "CONNECT " + w.target }

// open makes the tunnel through conn. Without an error res is the proxy's answer, whatever it says; nil for SOCKS.
// through takes conn's place: the first bytes from behind the tunnel may already be in its buffer.
func (w *walker) open(ctx context.Context, conn net.Conn) (through net.Conn, res *http.Response, err error) {
	defer guard(ctx, conn, w.lim.tunnel)()
	if w.socks() {
		through, err = w.socks5(ctx, conn)
		return through, nil, err
	}
	var req strings.Builder
	fmt.Fprintf(&req, "CONNECT %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: %s\r\n", w.target, w.target, agent)
	if basic := w.basic(); basic != "" {
		fmt.Fprintf(&req, "Proxy-Authorization: %s\r\n", basic)
	}
	if _, err := io.WriteString(conn, req.String()+"\r\n"); err != nil {
		return nil, nil, err
	}
	bounded := &io.LimitedReader{R: conn, N: maxHeader}
	in := bufio.NewReader(bounded)
	res, err = http.ReadResponse(in, &http.Request{Method: http.MethodConnect})
	if err != nil {
		if bounded.N <= 0 {
			err = errLargeHeader
		}
		return nil, nil, w.unquoted(err)
	}
	bounded.N = math.MaxInt64
	return buffered{conn, in}, res, nil
}

// basic is the value that logs in to the proxy, "" where the route has no login.
func (w *walker) basic() string {
	if w.Route == nil || w.Route.User == nil {
		return ""
	}
	password, _ := w.Route.User.Password()
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(w.Route.User.Username()+":"+password))
}

// buffered is a connection whose first bytes have already been read.
type buffered struct {
	net.Conn
	in *bufio.Reader
}

func (b buffered) Read(p []byte) (int, error) { return b.in.Read(p) }

// given hands out a connection that already stands.
type given struct{ net.Conn }

func (g given) Dial(string, string) (net.Conn, error) { return g.Conn, nil }

func (w *walker) socks5(ctx context.Context, conn net.Conn) (net.Conn, error) {
	var auth *proxy.Auth
	if u := w.Route.User; u != nil {
		password, _ := u.Password()
		auth = &proxy.Auth{User: u.Username(), Password: password}
	}
	d, err := proxy.SOCKS5("tcp", w.Route.Host, auth, given{conn})
	if err != nil {
		return nil, err
	}
	return d.Dial("tcp", w.target)
}

// socksFailure reads the words of golang.org/x/net's SOCKS client, which has no error values: RFC 1928, replies 1 to 8.
func socksFailure(f checks.Failure, err error) checks.Failure {
	text := err.Error()
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(s string) bool { return strings.Contains(text, s) })
	}
	switch {
	case f != checks.Unclear:
		return f
	case has("authentication"):
		return checks.ProxyAuth
	case has("not allowed by ruleset"):
		return checks.ProxyDenied
	case has("unreachable", "connection refused", "TTL expired", "general SOCKS server failure"):
		return checks.ProxyTarget
	}
	return checks.ProxyNotHTTP
}

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
	fmt.Fprintf(&b, "%s %s\n", res.Proto, res.Status)
	for _, k := range slices.Sorted(maps.Keys(res.Header)) {
		for _, v := range res.Header[k] {
			if b.Len() < maxEvidence {
				fmt.Fprintf(&b, "%s: %s\n", k, v)
			}
		}
	}
	return b.String()
}

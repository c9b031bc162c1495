package probe

import (
	"bufio"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"linecheck/checks/host"
)

const (
	maxLogins = 4        // requests with a login in one conversation
	maxToken  = 16 << 10 // bytes of one token, either way; Kerberos tickets with many groups need most of it
)

// login is a conversation with a proxy that asks for one: the typed login where it takes Basic, then what the system can
// do. RFC 7617, RFC 4559, MS-NTHT.
type login struct {
	w       *walker
	plan    []string   // schemes yet to be tried
	offered []string   // schemes of the first 407
	scheme  string     // the one under way
	refused []string   // the ones that the proxy did not take
	system  host.Login // of ntlm and negotiate
	midway  bool       // the next request only makes sense on the same connection
	steps   int
}

// next reads a 407 and gives the value of Proxy-Authorization that answers it.
func (l *login) next(res *http.Response) (value string, ok bool) {
	headers := res.Header.Values("Proxy-Authenticate")
	if l.offered == nil {
		l.offered = authSchemes(headers, l.w.hide)
		l.choose()
	}
	l.midway = false
	if l.system != nil {
		if t := challenge(headers, l.scheme); len(t) > 0 && l.steps < maxLogins {
			if value, ok = l.token(t); ok {
				l.midway = true
				return value, true
			}
		}
	}
	l.leave()
	for len(l.plan) > 0 && l.steps < maxLogins {
		l.scheme, l.plan = l.plan[0], l.plan[1:]
		if l.scheme == "basic" {
			l.steps++
			return basic(l.w.Login), true
		}
		var err error
		if l.system, err = l.w.Logins.Begin(l.scheme, l.w.Route.Hostname()); err != nil {
			l.system, l.scheme = nil, ""
			continue
		}
		if value, ok = l.token(nil); ok {
			return value, true
		}
		l.leave()
	}
	return "", false
}

func (l *login) choose() {
	if l.w.Login != nil && slices.Contains(l.offered, "basic") && !sameLogin(l.w.Login, l.w.Route.User) {
		l.plan = append(l.plan, "basic")
	}
	for _, s := range []string{"negotiate", "ntlm"} {
		if l.w.Logins != nil && slices.Contains(l.offered, s) {
			l.plan = append(l.plan, s)
		}
	}
}

// token asks the system what to send.
func (l *login) token(in []byte) (value string, ok bool) {
	out, err := l.system.Next(in)
	if err != nil || len(out) == 0 || len(out) > maxToken {
		return "", false
	}
	text := base64.StdEncoding.EncodeToString(out)
	l.w.veil.add(text)
	l.steps++
	return map[string]string{"ntlm": "NTLM ", "negotiate": "Negotiate "}[l.scheme] + text, true
}

// leave ends the scheme under way; the proxy did not take it.
func (l *login) leave() {
	if l.scheme != "" {
		l.refused = append(l.refused, l.scheme)
	}
	l.close()
	l.scheme = ""
}

func (l *login) close() {
	if l.system != nil {
		l.system.Close()
		l.system = nil
	}
}

func sameLogin(a, b *url.Userinfo) bool { return a != nil && b != nil && a.String() == b.String() }

// basic is the value that logs in to the proxy, "" without a login.
func basic(u *url.Userinfo) string {
	if u == nil {
		return ""
	}
	password, _ := u.Password()
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(u.Username()+":"+password))
}

// challenge is the token that a proxy sent for a scheme, nil where there is none.
func challenge(headers []string, scheme string) []byte {
	for _, h := range headers {
		for part := range strings.SplitSeq(cut(h, 2*maxToken), ",") {
			word, text, _ := strings.Cut(strings.TrimSpace(part), " ")
			if b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text)); strings.EqualFold(word, scheme) && err == nil && len(b) > 0 {
				return b
			}
		}
	}
	return nil
}

// tokens are what no evidence may hold: the logins of either side.
var tokens = regexp.MustCompile(`(?i)\b(ntlm|negotiate|kerberos)([ \t]+)[A-Za-z0-9+/=._~-]{4,}`)

func withoutTokens(s string) string { return tokens.ReplaceAllString(s, "$1$2"+Hidden) }

var errLoginCut = errors.New("the proxy closed the connection in the middle of the login")

// converse sends a request that the proxy may want a login for, again and again on a connection that is fit for it, until
// the answer is no 407 or nothing is left to try. It gives the conversation that stands, which the caller ends.
func (w *walker) converse(ctx context.Context, t *talk, l *login, send func(*talk, string) (*http.Response, error)) (*talk, *http.Response, error) {
	defer l.close()
	res, err := send(t, basic(w.Route.User))
	for err == nil && res.StatusCode == http.StatusProxyAuthRequired {
		t.heads = append(t.heads, headText(res))
		value, ok := l.next(res)
		if !ok {
			break
		}
		if fit := t.drain(res); !fit && l.midway {
			return t, nil, errLoginCut
		} else if !fit {
			t.end()
			conn, err := w.reach(ctx, usualSize)
			if err != nil {
				return t, nil, err
			}
			t = w.talk(ctx, conn, t)
		}
		res, err = send(t, value)
	}
	return t, res, err
}

// talk is a connection to a proxy or server on which bounded answers are read.
type talk struct {
	conn    net.Conn
	limit   *io.LimitedReader
	in      *bufio.Reader
	release func()
	heads   []string // of the 407s so far
}

// drain reads what is left of an answer and reports whether the connection can take another request.
func (t *talk) drain(res *http.Response) bool {
	// Old proxies keep to a header of their own, which no standard knows.
	keep := res.Header.Get("Proxy-Connection")
	closes := strings.EqualFold(keep, "close") || res.Close && (res.ProtoAtLeast(1, 1) || !strings.EqualFold(keep, "keep-alive"))
	if closes || res.ContentLength < 0 && len(res.TransferEncoding) == 0 {
		return false
	}
	t.limit.N = maxBody + maxHeader
	n, err := io.Copy(io.Discard, io.LimitReader(res.Body, maxBody+1))
	return err == nil && n <= maxBody
}

func (t *talk) end() {
	t.release()
	t.conn.Close()
}

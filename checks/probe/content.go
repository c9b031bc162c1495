package probe

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/publicsuffix"

	"linecheck/assets"
	"linecheck/checks"
)

// asserts reports whether an expectation says anything about the HTTP answer.
func asserts(e assets.Expect) bool { return len(e.Status) > 0 || e.ContentType != "" || wantsBody(e) }

func wantsBody(e assets.Expect) bool {
	return e.Body != "" || e.BodyContains != "" || e.BodyLength != nil
}

// content judges the answer. broken is why the body ended before its end, if it did.
func (w *walker) content(body []byte, broken error) {
	more := len(body) > maxBody
	if more {
		body = body[:maxBody]
	}
	w.a.Body = body
	length := strconv.Itoa(len(body))
	if more {
		length = "more than " + length
	}
	w.arg("length", length)
	w.excerpt("HTTP", body)
	e := w.Endpoint.Expect
	if broken != nil {
		w.arg("incomplete", "yes")
		w.seen("HTTP", "the body broke off after %d bytes: %v", len(body), broken)
		f := checks.Classify(checks.Content, broken)
		cutShort := errors.Is(broken, io.ErrUnexpectedEOF) // a definite end, only too early: a wrong content like others
		if wantsBody(e) && !cutShort || over(w.caller) {
			if f == checks.Unclear {
				f = checks.NotHTTP
			}
			w.fail(checks.Content, w.sized(f), broken)
			return
		}
	}

	if w.moved() {
		w.arg("moved", "yes")
		w.pass(checks.Content, "")
		s := w.stage(checks.Content)
		s.Status, s.Note = checks.Skip, "it leads to the same name with encryption"
		return
	}
	wrong := difference(e, w.a.Status, w.a.Header, body, more)
	f := w.meaning(wrong)
	if f != checks.NoFailure {
		if wrong == "" {
			wrong = "that is not the vendor's answer"
			if f == checks.BadStatus {
				wrong = "the service behind it was not reached"
			}
		}
		w.arg("difference", wrong)
		w.fail(checks.Content, f, errors.New(wrong))
		return
	}
	if !asserts(e) {
		w.pass(checks.Content, "")
		s := w.stage(checks.Content)
		s.Status, s.Note = checks.Skip, "nothing is known of what the vendor answers"
		return
	}
	w.pass(checks.Content, "as expected, "+length+" bytes")
}

// meaning names the failure behind a difference. Without a difference only what gives itself away counts: an answer as
// expected is the vendor's, and where nothing is expected a weak sign proves nothing.
func (w *walker) meaning(wrong string) checks.Failure {
	e, status := w.Endpoint, w.a.Status
	if wrong == "" && asserts(e.Expect) {
		return checks.NoFailure
	}
	plain := e.Scheme == "http"
	asked := plain && w.proxied() && !w.tunnelled() // the proxy itself may have answered
	if asked && status == http.StatusProxyAuthRequired {
		return checks.ProxyAuth
	}
	switch {
	case w.boxed(status, w.a.Header, w.a.Body, false):
		return checks.BlockPage
	case plain && w.portal():
		return checks.CaptivePortal
	case asked && status >= 502 && status <= 504:
		return checks.ProxyTarget
	case wrong != "" && w.boxed(status, w.a.Header, w.a.Body, true):
		return checks.BlockPage
	case wrong == "" && unreached(status):
		return checks.BadStatus
	case wrong == "":
		return checks.NoFailure
	case status >= 300 && !slices.Contains(e.Expect.Status, status):
		return checks.BadStatus
	}
	return checks.WrongContent
}

// moved reports whether a plain address that the product can do without leads to the same name with encryption, as most
// servers have come to do. Whoever says so sends nobody to a stranger, and it is no error of the service.
func (w *walker) moved() bool {
	if w.Endpoint.Scheme != "http" || w.Endpoint.Required || w.a.Status < 301 || w.a.Status > 308 || slices.Contains(w.Endpoint.Expect.Status, w.a.Status) {
		return false
	}
	u, err := url.Parse(w.a.Header.Get("Location"))
	return err == nil && u.Scheme == "https" && strings.EqualFold(u.Hostname(), w.Endpoint.Host)
}

// unreached reports whether a status is the word of somebody in front of the service, who did not reach it: RFC 9110,
// 15.6.3 to 15.6.5. It shows no vendor, whatever the vendor would say.
func unreached(status int) bool {
	return status >= http.StatusBadGateway && status <= http.StatusGatewayTimeout
}

// portal reports whether the network asks to log in first: RFC 6585's 511, or a redirect to somebody else's host. Only
// without encryption can anybody on the way say so.
func (w *walker) portal() bool {
	if w.a.Status == http.StatusNetworkAuthenticationRequired {
		return true
	}
	if w.a.Status < 300 || w.a.Status > 399 || slices.Contains(w.Endpoint.Expect.Status, w.a.Status) {
		return false
	}
	u, err := url.Parse(w.a.Header.Get("Location"))
	return err == nil && u.Hostname() != "" && owner(u.Hostname()) != owner(w.Endpoint.Host)
}

// owner is the part of a name that one party registers: "f-secure.com" of "orsp.f-secure.com".
func owner(host string) string {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if d, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return d
	}
	return host
}

// boxed notes which device wrote the page, if one is known for it. Weak signs count only where weak is true: beside an
// answer that is wrong anyway.
func (w *walker) boxed(status int, h http.Header, body []byte, weak bool) bool {
	name, rule, isWeak, ok := boxes().Page(status, h, body)
	if !ok || isWeak && !weak {
		return false
	}
	w.arg("middlebox", name)
	w.arg("rule", rule)
	return true
}

// difference says how an answer differs from what is expected; "" where it does not.
func difference(e assets.Expect, status int, h http.Header, body []byte, more bool) string {
	text := strings.TrimSpace(string(body))
	n := fmt.Sprintf("%d bytes", len(body))
	if more {
		n = "more than " + n
	}
	switch {
	case len(e.Status) > 0 && !slices.Contains(e.Status, status):
		return fmt.Sprintf("the status is %d instead of %s", status, either(e.Status))
	case e.BodyLength != nil && (more || len(body) != *e.BodyLength):
		return fmt.Sprintf("the body has %s instead of %d", n, *e.BodyLength)
	case e.Body != "" && (more || !strings.EqualFold(text, strings.TrimSpace(e.Body))):
		return fmt.Sprintf("the body is %q instead of %q", clean(cut(text, 60)), e.Body)
	case e.BodyContains != "" && !strings.Contains(string(body), e.BodyContains):
		return fmt.Sprintf("the body (%s) does not contain %q", n, e.BodyContains)
	case e.ContentType != "" && !sameType(h.Get("Content-Type"), e.ContentType):
		return fmt.Sprintf("the content type is %q instead of %q", clean(cut(h.Get("Content-Type"), 60)), e.ContentType)
	}
	return ""
}

func sameType(got, want string) bool {
	g, _, _ := mime.ParseMediaType(got)
	t, _, err := mime.ParseMediaType(want)
	return err == nil && g == t
}

func either(status []int) string {
	out := make([]string, len(status))
	for i, s := range status {
		out[i] = strconv.Itoa(s)
	}
	return strings.Join(out, " or ")
}

// excerpt keeps the beginning of a body as evidence.
func (w *walker) excerpt(source string, body []byte) {
	if len(body) > 0 {
		w.seen(source, "body, the first of %d bytes: %s", len(body), cut(w.hide(string(body)), maxExcerpt))
	}
}

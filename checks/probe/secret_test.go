package probe

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"linecheck/assets"
	"linecheck/checks"
)

func TestALoginThatTheProxySendsBackIsHidden(t *testing.T) {
	const secret = `C4n4ry/"Geheim" & Söhne`
	echo := func(form string) func(net.Conn) {
		return func(c net.Conn) {
			r, err := http.ReadRequest(bufio.NewReader(c))
			if err != nil {
				return
			}
			auth := r.Header.Get("Proxy-Authorization")
			b, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(auth, "Basic "))
			_, pass, _ := strings.Cut(string(b), ":")
			io.WriteString(c, strings.NewReplacer("{auth}", auth, "{login}", string(b), "{pass}", pass, "{escaped}", url.QueryEscape(pass)).Replace(form))
		}
	}
	for name, form := range map[string]string{
		"in the status line":                  "HTTP/1.1 403 No {pass}\r\n\r\n",
		"in a header":                         "HTTP/1.1 407 Login\r\nX-Seen: {auth}\r\nProxy-Authenticate: Basic realm=\"{login}\"\r\n\r\n",
		"as a scheme of the 407":              "HTTP/1.1 407 Login\r\nProxy-Authenticate: {pass}\r\n\r\n",
		"in the page":                         "HTTP/1.1 403 No\r\n\r\n" + strings.Repeat("x", maxExcerpt-8) + "{pass} {escaped}",
		"in an answer that is no HTTP at all": "{login}\r\n\r\n",
		"as the status code":                  "HTTP/1.1 {pass}\r\n\r\n",
		"in a header line without a colon":    "HTTP/1.1 200 OK\r\n{pass}\r\n\r\n",
		"in the redirect to a login page":     "HTTP/1.1 302 Found\r\nLocation: http://login.test/?u={escaped}\r\nServer: {login}\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			l.through(echo(form))
			l.req.Route.User = url.UserPassword("agent", secret)
			var b strings.Builder
			l.req.OnStage = func(p checks.Path) { fmt.Fprintf(&b, "%+v\n", p) }
			a := walk(t.Context(), l.req, patient)
			if a.Failure == checks.NoFailure {
				t.Fatal("the walk got through")
			}
			f := Judge(&assets.Profile{}, l.req.Endpoint, a)
			fmt.Fprintf(&b, "%+v %+v %v %q", f, *f.Path, a.Err, a.ProxyAuth)
			seen := strings.ToLower(b.String())
			for _, s := range append(secrets(l.req.Route), "C4n4ry", "Geheim", "Söhne") {
				if strings.Contains(seen, strings.ToLower(s)) {
					t.Errorf("%q is left in %s", s, b.String())
				}
			}
		})
	}
}

func TestALoginThatIsAlmostNothingLeavesTheWordsAlone(t *testing.T) {
	const said = "a proxy at gw.test:8080 answered: 403"
	for name, user := range map[string]*url.Userinfo{
		"an empty name":              url.User(""),
		"an empty name and password": url.UserPassword("", ""),
		"a name of one letter":       url.User("a"),
		"a password of one letter":   url.UserPassword("", "a"),
	} {
		t.Run(name, func(t *testing.T) {
			if got := Hider(&url.URL{Scheme: "http", User: user, Host: "gw.test:8080"})(said); got != said {
				t.Errorf("%q became %q", said, got)
			}
		})
	}
}

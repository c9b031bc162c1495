package probe

import (
	"bufio"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

// clerk is a system that logs in: each scheme says its words, the tokens of the proxy's answers must fit.
type clerk struct {
	mu    sync.Mutex
	can   map[string][]string // scheme -> what to send, step by step
	heard []string            // tokens that came
	open  int
	asked string
}

func (c *clerk) Begin(scheme, proxy string) (host.Login, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.can[scheme] == nil {
		return nil, host.ErrUnsupported
	}
	c.open++
	c.asked = proxy
	return &desk{c, c.can[scheme]}, nil
}

type desk struct {
	c    *clerk
	left []string
}

func (d *desk) Next(token []byte) ([]byte, error) {
	d.c.mu.Lock()
	defer d.c.mu.Unlock()
	d.c.heard = append(d.c.heard, string(token))
	if len(d.left) == 0 {
		return nil, errors.New("no more tokens")
	}
	out := d.left[0]
	d.left = d.left[1:]
	return []byte(out), nil
}

func (d *desk) Close() {
	d.c.mu.Lock()
	defer d.c.mu.Unlock()
	d.c.open--
}

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// guarded is a proxy that wants a login. rules say what it answers to a value of Proxy-Authorization; "" is none. "ok"
// lets through; a value that is in no rule gets the rule of "". A rule with "close" ends the connection.
func guarded(target string, rules map[string]string) func(net.Conn) {
	return func(c net.Conn) {
		in := bufio.NewReader(c)
		for {
			req, err := http.ReadRequest(in)
			if err != nil {
				return
			}
			rule, known := rules[req.Header.Get("Proxy-Authorization")]
			if !known {
				rule = rules[""]
			}
			if rule == "ok" {
				pass(c, in, req, target)
				return
			}
			rule, hangUp := strings.CutSuffix(rule, " close")
			rule, old := strings.CutSuffix(rule, " old")
			head := "HTTP/1.1 407 Login\r\nContent-Length: 9\r\n"
			if old {
				head = "HTTP/1.0 407 Login\r\nContent-Length: 9\r\nProxy-Connection: keep-alive\r\n"
			}
			if hangUp {
				head += "Connection: close\r\n"
			}
			for s := range strings.SplitSeq(rule, "|") {
				head += "Proxy-Authenticate: " + s + "\r\n"
			}
			io.WriteString(c, head+"\r\nno entry.")
			if hangUp {
				return
			}
		}
	}
}

func pass(c net.Conn, in *bufio.Reader, req *http.Request, target string) {
	out, err := net.Dial("tcp", target)
	if err != nil {
		return
	}
	defer out.Close()
	if req.Method == http.MethodConnect {
		io.WriteString(c, "HTTP/1.1 200 Connection established\r\n\r\n")
	} else {
		req.Write(out)
	}
	go func() { io.Copy(out, in); out.(*net.TCPConn).CloseWrite() }()
	io.Copy(c, out)
}

func TestLoginsToAProxy(t *testing.T) {
	typed := url.UserPassword("agent", "Gehe1mnis")
	basicValue := "Basic " + b64("agent:Gehe1mnis")
	ntlm := func() *clerk { return &clerk{can: map[string][]string{"ntlm": {"TYPE1", "TYPE3"}}} }
	for name, c := range map[string]struct {
		rules map[string]string
		login *url.Userinfo
		route *url.Userinfo
		clerk *clerk
		want  checks.Failure
		way   string // LoggedIn
		fell  string // refused
		heard string // tokens of the proxy that reached the system
	}{
		"a typed login answers Basic": {rules: map[string]string{"": `Basic realm="gw"`, basicValue: "ok"}, login: typed, way: "basic"},
		"a typed login answers Basic on a new connection where the proxy closes": {
			rules: map[string]string{"": `Basic realm="gw" close`, basicValue: "ok"}, login: typed, way: "basic"},
		"a typed login that is wrong is refused": {rules: map[string]string{"": `Basic realm="gw"`}, login: typed, want: checks.ProxyAuth, fell: "basic"},
		"a typed login is not sent to a proxy that does not take Basic": {rules: map[string]string{"": "NTLM", basicValue: "ok"}, login: typed,
			want: checks.ProxyAuth},
		"a typed login is not sent to a proxy that asks for none": {rules: map[string]string{"": "ok"}, login: typed},
		"the login of the setting is not tried twice": {rules: map[string]string{"": `Basic realm="gw"`}, login: typed, route: typed,
			want: checks.ProxyAuth},
		"NTLM takes three requests on one connection": {rules: map[string]string{"": "NTLM", "NTLM " + b64("TYPE1"): "NTLM " + b64("TYPE2"),
			"NTLM " + b64("TYPE3"): "ok"}, clerk: ntlm(), way: "ntlm", heard: "|TYPE2"},
		"NTLM begins again on a new connection where the first 407 closes": {rules: map[string]string{"": "NTLM close",
			"NTLM " + b64("TYPE1"): "NTLM " + b64("TYPE2"), "NTLM " + b64("TYPE3"): "ok"}, clerk: ntlm(), way: "ntlm", heard: "|TYPE2"},
		"NTLM goes through an old proxy that keeps its connection in its own way": {rules: map[string]string{"": "NTLM old",
			"NTLM " + b64("TYPE1"): "NTLM " + b64("TYPE2") + " old", "NTLM " + b64("TYPE3"): "ok"}, clerk: ntlm(), way: "ntlm", heard: "|TYPE2"},
		"a proxy that closes in the middle of NTLM is not logged in to": {rules: map[string]string{"": "NTLM",
			"NTLM " + b64("TYPE1"): "NTLM " + b64("TYPE2") + " close", "NTLM " + b64("TYPE3"): "ok"}, clerk: ntlm(), want: checks.ProxyNotHTTP, heard: "|TYPE2"},
		"an account that NTLM does not take": {rules: map[string]string{"": "NTLM", "NTLM " + b64("TYPE1"): "NTLM " + b64("TYPE2")}, clerk: ntlm(),
			want: checks.ProxyAuth, fell: "ntlm", heard: "|TYPE2"},
		"Negotiate goes before NTLM": {rules: map[string]string{"": "NTLM|Negotiate", "Negotiate " + b64("TICKET"): "ok"},
			clerk: &clerk{can: map[string][]string{"negotiate": {"TICKET"}, "ntlm": {"TYPE1"}}}, way: "negotiate"},
		"NTLM is tried where Negotiate was refused": {rules: map[string]string{"": "Negotiate|NTLM", "NTLM " + b64("TYPE1"): "NTLM " + b64("TYPE2"),
			"NTLM " + b64("TYPE3"): "ok"}, clerk: &clerk{can: map[string][]string{"negotiate": {"TICKET"}, "ntlm": {"TYPE1", "TYPE3"}}},
			way: "ntlm", fell: "negotiate", heard: "||TYPE2"},
		"a proxy that asks for ever is given up": {rules: map[string]string{"": "NTLM " + b64("MORE")},
			clerk: &clerk{can: map[string][]string{"ntlm": {"1", "2", "3", "4", "5", "6", "7", "8"}}}, want: checks.ProxyAuth, fell: "ntlm",
			heard: "|MORE|MORE|MORE"},
		"a system without logins logs nobody in": {rules: map[string]string{"": "Negotiate|NTLM"}, clerk: &clerk{}, want: checks.ProxyAuth},
		"a token that is no base64 ends the login": {rules: map[string]string{"": "NTLM", "NTLM " + b64("TYPE1"): "NTLM ???"}, clerk: ntlm(),
			want: checks.ProxyAuth, fell: "ntlm"},
	} {
		for _, scheme := range []string{"https", "http"} {
			t.Run(name+", "+scheme, func(t *testing.T) {
				t.Parallel()
				l := newLab(t)
				if scheme == "http" {
					l.plain("")
					l.through(guarded(serve(t, answer(ok("ok"))), c.rules))
				} else {
					l.through(guarded(serve(t, secure(l.cert, answer(ok("ok")))), c.rules))
				}
				l.req.Login, l.req.Route.User = c.login, c.route
				k := &clerk{}
				if c.clerk != nil {
					k = &clerk{can: c.clerk.can}
					l.req.Logins = k
				}
				var b strings.Builder
				l.req.OnStage = func(p checks.Path) { fmt.Fprintf(&b, "%+v\n", p) }
				a := walk(t.Context(), l.req, patient)
				want := c.want
				if scheme == "http" && want == checks.ProxyNotHTTP {
					want = checks.NotHTTP
				}
				if a.Failure != want || a.LoggedIn != c.way {
					t.Errorf("the walk ended with %q (%v), logged in with %q; want %q, %q", a.Failure, a.Err, a.LoggedIn, want, c.way)
				}
				if a.Args["login_refused"] != c.fell || a.Args["logged_in"] != c.way {
					t.Errorf("refused %q, logged in %q; want %q, %q", a.Args["login_refused"], a.Args["logged_in"], c.fell, c.way)
				}
				if got := strings.Join(k.heard, "|"); got != c.heard {
					t.Errorf("the system heard %q, want %q", got, c.heard)
				}
				if k.open != 0 || k.asked != "" && k.asked != gate {
					t.Errorf("%d logins are left open; begun for %q", k.open, k.asked)
				}
				f := Judge(&assets.Profile{}, l.req.Endpoint, a)
				fmt.Fprintf(&b, "%+v %+v %v %q", f, *f.Path, a.Err, a.ProxyAuth)
				for _, s := range []string{"Gehe1mnis", basicValue[6:], b64("TYPE1"), b64("TYPE2"), b64("TYPE3"), b64("TICKET"), b64("MORE")} {
					if strings.Contains(b.String(), s) {
						t.Errorf("%q is left in %s", s, b.String())
					}
				}
				holds(t, a)
			})
		}
	}
}

func TestAComparisonLogsInAsWell(t *testing.T) {
	l := newLab(t)
	l.through(guarded(serve(t, byName(vendor, rst, l.cert)), map[string]string{"": "Basic close", "Basic " + b64("a:secret"): "ok"}))
	l.req.Login = url.UserPassword("a", "secret")
	if a := walk(t.Context(), l.req, patient); a.Failure != checks.TLSReset || a.LoggedIn != "basic" {
		t.Errorf("the walk ended with %q (%v), logged in with %q", a.Failure, a.Err, a.LoggedIn)
	}
}

func TestHowGraveItIsThatAProxyWantsALogin(t *testing.T) {
	for name, c := range map[string]struct {
		can, offered []string
		in           string
		args         map[string]string
		want         checks.Status
	}{
		"a product that can do none of them is shut out":                        {[]string{"basic"}, []string{"ntlm"}, "", nil, checks.Fail},
		"a product that can is shut out, though this account gets through":      {[]string{"negotiate"}, []string{"negotiate"}, "negotiate", nil, checks.Warn},
		"a product that can is shut out, though nobody could try":               {[]string{"negotiate"}, []string{"negotiate", "basic"}, "", nil, checks.Warn},
		"a product that can gets through where this account is refused":         {[]string{"negotiate"}, []string{"negotiate"}, "", map[string]string{"login_refused": "negotiate"}, checks.Fail},
		"a product that nobody knows is shut out, though this account gets in":  {nil, []string{"ntlm"}, "ntlm", nil, checks.Warn},
		"a product that nobody knows gets through where nobody could try":       {nil, []string{"ntlm"}, "", nil, checks.Fail},
		"a typed login opens the way for a product that was given none":         {[]string{"basic"}, []string{"basic"}, "basic", nil, checks.Fail},
		"a product that cannot do the login of this account gets through":       {[]string{"basic"}, []string{"ntlm"}, "ntlm", nil, checks.Fail},
		"a product whose stored login is refused gets through by another login": {[]string{"basic", "ntlm"}, []string{"ntlm"}, "", map[string]string{"login": "sent"}, checks.Fail},
	} {
		if got := Asked(c.can, Answer{ProxyAuth: c.offered, LoggedIn: c.in, Args: c.args}, checks.Fail); got != c.want {
			t.Errorf("%s: %s", name, got)
		}
		if got := Asked(c.can, Answer{ProxyAuth: c.offered, LoggedIn: c.in, Args: c.args}, checks.Note); got != checks.Note {
			t.Errorf("%s, and a comparison is more than a note: %s", name, got)
		}
	}
}

func TestALoginThatTheProductDoesNotHaveOpensNoWayForIt(t *testing.T) {
	for name, c := range map[string]struct {
		auth    []string
		product bool
		code    checks.Code
		status  checks.Status
	}{
		"a product that cannot do NTLM is shut out":             {[]string{"basic"}, true, "proxy.auth_required", checks.Fail},
		"a product that can may have a login of its own or not": {[]string{"basic", "ntlm"}, true, "proxy.auth_required", checks.Warn},
		"of a product that nobody knows it is a warning":        {nil, true, "proxy.auth_required", checks.Warn},
		"another way is a comparison":                           {[]string{"basic"}, false, Open, checks.Note},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			l.through(guarded(serve(t, secure(l.cert, answer(ok("ok")))), map[string]string{"": "NTLM",
				"NTLM " + b64("TYPE1"): "NTLM " + b64("TYPE2"), "NTLM " + b64("TYPE3"): "ok"}))
			l.req.Logins = &clerk{can: map[string][]string{"ntlm": {"TYPE1", "TYPE3"}}}
			a := walk(t.Context(), l.req, patient)
			a.Path.Product = c.product
			f := Judge(&assets.Profile{Proxy: assets.ProxyRules{Auth: c.auth}}, l.req.Endpoint, a)
			if f.Code != c.code || f.Status != c.status {
				t.Errorf("%s is %s, want %s %s", f.Code, f.Status, c.status, c.code)
			}
			got := a
			got.Path = *f.Path
			if c.product {
				got.Failure = checks.ProxyAuth
			}
			holds(t, got)
			if a.Path.Stages[2].Status != checks.Pass {
				t.Error("the walk itself was changed")
			}
		})
	}
}

package lab

import (
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"linecheck/checks"
)

const proxyHost = "proxy.example.intern"

func TestProxyAnswersConnectAsTheSceneSays(t *testing.T) {
	for name, tc := range map[string]struct {
		rule, more, target, extra string
		status                    int
	}{
		"an open proxy makes no tunnel":                  {rule: "{mode: open}", status: 200},
		"a proxy obeys the firewall in front of clients": {rule: "{mode: open}", more: "direct: dropped", status: 200},
		"a proxy uses the clients' broken DNS":           {rule: "{mode: open}", more: "names: {'*.vendor.example': {rcode: nxdomain}}", status: 200},
		"an unknown target gets a tunnel":                {rule: "{mode: open}", target: "nobody.example:443", status: 503},
		"a silent target gets a tunnel":                  {rule: "{mode: open}", more: "servers: {'*': {tcp: drop}}", status: 504},
		"a refusing target gets a tunnel":                {rule: "{mode: open}", more: "servers: {'*': {tcp: refuse}}", status: 503},
		"a login is not wanted":                          {rule: "{mode: auth, schemes: [NTLM, Basic], login: 'u:p'}", status: 407},
		"a wrong login passes":                           {rule: "{mode: auth, login: 'u:p'}", extra: login("u:q"), status: 407},
		"the right login fails":                          {rule: "{mode: auth, login: 'u:p'}", extra: login("u:p"), status: 200},
		"a denying proxy lets through":                   {rule: "{mode: deny}", status: 403},
		"a proxy without a way out finds one":            {rule: "{mode: bad_gateway}", status: 502},
		"a login for one host is wanted for all":         {rule: "{mode: auth, ask: [other.example]}", status: 200},
		"a login for one host is wanted for none":        {rule: "{mode: auth, schemes: [NTLM, Basic], ask: ['*.example']}", status: 407},
		"a slow proxy never answers":                     {rule: "{slow: 50ms}", status: 200},
		"an answer of the scene's own is not given":      {rule: "{answer: {redirect: 'http://login.example/'}}", status: 302},
		"an answer is given to what is not denied":       {rule: "{deny: [other.example], answer: {status: 418}}", status: 200},
		"an answer is kept from what is denied":          {rule: "{deny: ['*.example'], answer: {status: 418}}", status: 418},
	} {
		t.Run(name, func(t *testing.T) {
			more := ""
			if tc.more != "" {
				more = ", " + tc.more
			}
			l := begin(t, "network: {proxies: {'"+proxyHost+":3128': "+tc.rule+"}"+more+"}")
			target := tc.target
			if target == "" {
				target = okHost + ":443"
			}
			c := connect(t, l, "ip4", proxyHost, 3128)
			r := proxyAnswer(t, c, target, tc.extra)
			if r.StatusCode != tc.status {
				t.Fatalf("status %d, want %d", r.StatusCode, tc.status)
			}
			if tc.status == 407 && tc.extra == "" {
				if got := r.Header.Values("Proxy-Authenticate"); strings.Join(got, "|") != `NTLM|Basic realm="practice proxy"` {
					t.Errorf("offers %q", got)
				}
			}
			if tc.status != 200 {
				return
			}
			s, err := secure(l, c, okHost)
			if err != nil {
				t.Fatalf("TLS through the tunnel: %v", err)
			}
			if _, body := get(t, s, okHost, "/"); body != "ok" {
				t.Errorf("body through the tunnel %q", body)
			}
		})
	}
}

func login(s string) string {
	return "Proxy-Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(s)) + "\r\n"
}

func TestProxyThatIsDeadIsDeadInItsOwnWay(t *testing.T) {
	for name, tc := range map[string]struct {
		mode string
		want checks.Failure
	}{
		"a refusing proxy accepts": {"refuse", checks.Refused},
		"a silent port accepts":    {"drop", checks.Dropped},
	} {
		t.Run(name, func(t *testing.T) {
			l := begin(t, "network: {proxies: {'"+proxyHost+":3128': {mode: "+tc.mode+"}}}")
			_, err := l.Machine().Network.Dial(soon(t), "tcp", address(t, l, "ip4", proxyHost, 3128))
			if got := checks.Classify(checks.Connect, err); got != tc.want {
				t.Errorf("%q (%v), want %q", got, err, tc.want)
			}
		})
	}
	l := begin(t, "network: {proxies: {'"+proxyHost+":3128': {mode: silent}, '"+proxyHost+":22': {mode: garbage}}}")
	c := connect(t, l, "ip4", proxyHost, 3128)
	_ = c.SetDeadline(time.Now().Add(patience))
	_, _ = io.WriteString(c, "CONNECT x:443 HTTP/1.1\r\n\r\n")
	if _, err := c.Read(make([]byte, 1)); checks.Classify(checks.Tunnel, err) != checks.ProxyNoAnswer {
		t.Errorf("the silent proxy: %v", err)
	}
	b := make([]byte, 4)
	if _, err := io.ReadFull(connect(t, l, "ip4", proxyHost, 22), b); err != nil || string(b) != "SSH-" {
		t.Errorf("the proxy that is none says %q (%v)", b, err)
	}
}

func TestFaultsOfTheServerShowThroughTheProxy(t *testing.T) {
	l := begin(t, "network: {proxies: {'"+proxyHost+":3128': {mode: open}}, servers: {'*': {tls: reset_by_name}}}")
	c := connect(t, l, "ip4", proxyHost, 3128)
	if r := proxyAnswer(t, c, okHost+":443", ""); r.StatusCode != 200 {
		t.Fatal(r.Status)
	}
	_, err := secure(l, c, okHost)
	if got := checks.Classify(checks.TLS, err); got != checks.TLSReset {
		t.Errorf("%q (%v)", got, err)
	}
}

func TestProxyForwardsPlainRequests(t *testing.T) {
	l := begin(t, "network: {proxies: {'"+proxyHost+":3128': {mode: open}}}")
	r, _ := get(t, connect(t, l, "ip4", proxyHost, 3128), "plain.vendor.example", "http://plain.vendor.example/")
	if r.StatusCode != 204 || !strings.Contains(r.Header.Get("Via"), "squid") {
		t.Errorf("%s, Via %q", r.Status, r.Header.Get("Via"))
	}
}

func TestPACFileIsServedAsTheSceneSays(t *testing.T) {
	l := begin(t, `
network:
  pac:
    http://wpad.corp.example/wpad.dat: {body: "function FindProxyForURL(u, h) { return 'DIRECT'; }"}
    http://wpad.corp.example/gone.pac: {status: 404, body: gone}
    http://wpad.corp.example/mute.pac: {silent: true}
`)
	dial := func() net.Conn { return connect(t, l, "ip4", "wpad.corp.example", 80) }
	if r, body := get(t, dial(), "wpad.corp.example", "/wpad.dat"); r.StatusCode != 200 || !strings.HasPrefix(body, "function") {
		t.Errorf("%s %q", r.Status, body)
	}
	if r, _ := get(t, dial(), "wpad.corp.example", "/gone.pac"); r.StatusCode != http.StatusNotFound {
		t.Error(r.Status)
	}
	c := dial()
	_ = c.SetDeadline(time.Now().Add(patience))
	_, _ = io.WriteString(c, "GET /mute.pac HTTP/1.1\r\nHost: wpad.corp.example\r\n\r\n")
	if _, err := c.Read(make([]byte, 1)); err == nil {
		t.Error("the silent server speaks")
	}
}

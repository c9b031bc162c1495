package lab

import (
	"bufio"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"
	socks "golang.org/x/net/proxy"

	"linecheck/checks"
	"linecheck/checks/host"
)

func TestEachDNSServerIsAskedItself(t *testing.T) {
	l := begin(t, `
network:
  names: {ok.vendor.example: {cname: [edge.vendor.example, pop.cdn.example], ttl: 300s}}
  resolvers:
    - {address: 10.11.12.253}
    - {address: 10.11.12.252, names: {ok.vendor.example: {a: [146.112.61.106]}}}
    - {address: 10.11.12.251, names: {ok.vendor.example: {rcode: nxdomain}}}
    - {address: 10.11.12.250, silent: true}
`)
	n := l.Machine().Network
	got := n.Records(long(t), "ip4", okHost)
	right := address(t, l, "ip4", okHost, 443).Addr()
	if len(got) != 4 || !slices.Equal(n.Resolvers(), []string{"10.11.12.253", "10.11.12.252", "10.11.12.251", "10.11.12.250"}) {
		t.Fatalf("%+v of %q", got, n.Resolvers())
	}
	if r := got[0]; r.Server != "10.11.12.253" || r.Rcode != "NOERROR" || r.TTL != 5*time.Minute || !slices.Equal(r.Addrs, []netip.Addr{right}) ||
		strings.Join(r.Aliases, " > ") != "edge.vendor.example > pop.cdn.example" {
		t.Errorf("the first: %+v", r)
	}
	if r := got[1]; len(r.Addrs) != 1 || r.Addrs[0].String() != "146.112.61.106" {
		t.Errorf("the second: %+v", r)
	}
	if r := got[2]; r.Rcode != "NXDOMAIN" || len(r.Addrs) != 0 || r.Err != nil {
		t.Errorf("the third: %+v", r)
	}
	if r := got[3]; r.Err == nil || r.Rcode != "" {
		t.Errorf("the silent one: %+v", r)
	}
}

func TestProgramsAskTheFirstServerThatAnswers(t *testing.T) {
	l := begin(t, "network: {resolvers: [{address: 10.11.12.252, silent: true}, {address: 10.11.12.253, names: {"+okHost+": {a: [192.0.2.7]}}}]}")
	if a := address(t, l, "ip4", okHost, 443).Addr(); a.String() != "192.0.2.7" {
		t.Errorf("%s", a)
	}
}

func TestOneOfTwoAddressesCanBeDead(t *testing.T) {
	l := begin(t, "network: {names: {"+okHost+": {a: [198.51.100.9, right]}}, addresses: {198.51.100.9: refuse}}")
	a, err := l.Machine().Network.Lookup(long(t), "ip4", okHost)
	if err != nil || len(a) != 2 {
		t.Fatalf("%v, %v", a, err)
	}
	for _, to := range a {
		c, err := l.Machine().Network.Dial(long(t), "tcp", addrPort(to, 443))
		if dead := to.String() == "198.51.100.9"; dead != (err != nil) {
			t.Errorf("%s: %v", to, err)
		}
		if c != nil {
			c.Close()
		}
	}
}

func TestForbiddenIsToldApartFromNoRouteWithRightsAlone(t *testing.T) {
	for name, tc := range map[string]struct {
		body   string
		barred bool
	}{
		"an administrator does not hear that a rule forbids it": {"network: {servers: {'*': {tcp: prohibited}}}", true},
		"no route is taken for a rule":                          {"network: {servers: {'*': {tcp: no_route}}}", false},
		"anybody hears the router":                              {"machine: {limited: true}\nnetwork: {direct: prohibited}", false},
	} {
		for _, family := range []string{"ip4", "ip6"} {
			l := begin(t, tc.body)
			_, err := l.Machine().Network.Dial(soon(t), "tcp", address(t, l, family, okHost, 443))
			var b *host.Barred
			if errors.As(err, &b) != tc.barred || b != nil && !b.Prohibited() || checks.Classify(checks.Connect, err) == checks.Dropped {
				t.Errorf("%s: %s: %v", name, family, err)
			}
		}
	}
}

func TestFlakyServerWorksAfterItsFirstConnections(t *testing.T) {
	l := begin(t, "network: {servers: {'*': {flaky: 2}}}")
	to := address(t, l, "ip4", okHost, 443)
	var got []bool
	for range 4 {
		c, err := l.Machine().Network.Dial(soon(t), "tcp", to)
		got = append(got, err == nil)
		if c != nil {
			c.Close()
		}
	}
	if !slices.Equal(got, []bool{false, false, true, true}) {
		t.Errorf("%v", got)
	}
}

func TestSOCKSProxyLeadsThrough(t *testing.T) {
	l := begin(t, "network: {direct: dropped, proxies: {'"+proxyHost+":1080': {kind: socks5, mode: auth, login: 'u:p', deny: [plain.vendor.example]}}}")
	via := func(auth *socks.Auth, target string) error {
		d, err := socks.SOCKS5("tcp", "", auth, given{connect(t, l, "ip4", proxyHost, 1080)})
		if err != nil {
			return err
		}
		c, err := d.Dial("tcp", target)
		if err != nil {
			return err
		}
		_, err = secure(l, c, okHost)
		return err
	}
	if err := via(&socks.Auth{User: "u", Password: "p"}, okHost+":443"); err != nil {
		t.Errorf("with the right login: %v", err)
	}
	for name, err := range map[string]error{
		"no login passes":    via(nil, okHost+":443"),
		"a wrong one passes": via(&socks.Auth{User: "u", Password: "q"}, okHost+":443"),
		"a denied host is":   via(&socks.Auth{User: "u", Password: "p"}, "plain.vendor.example:80"),
	} {
		if err == nil {
			t.Error(name)
		}
	}
}

func TestSOCKS4TakesAddressesAndItsBetterKindNames(t *testing.T) {
	for kind, named := range map[string]bool{"socks4": false, "socks4a": true} {
		l := begin(t, "network: {proxies: {'"+proxyHost+":1080': {kind: "+kind+"}}}")
		right := address(t, l, "ip4", okHost, 443).Addr().As4()
		for what, req := range map[string]string{
			"address": "\x04\x01\x01\xbb" + string(right[:]) + "me\x00",
			"name":    "\x04\x01\x01\xbb\x00\x00\x00\x01me\x00" + okHost + "\x00",
		} {
			c := connect(t, l, "ip4", proxyHost, 1080)
			_, _ = c.Write([]byte(req))
			b := make([]byte, 8)
			_, err := bufio.NewReaderSize(c, 8).Read(b)
			if granted := err == nil && b[1] == 0x5a; granted != (what == "address" || named) {
				t.Errorf("%s by %s: % x, %v", kind, what, b, err)
			}
		}
	}
}

func TestEncryptedProxyIsReachedByTLS(t *testing.T) {
	l := begin(t, "network: {proxies: {'"+proxyHost+":3129': {kind: https}}}")
	c, err := secure(l, connect(t, l, "ip4", proxyHost, 3129), proxyHost)
	if err != nil {
		t.Fatal(err)
	}
	if r := proxyAnswer(t, c, okHost+":443", ""); r.StatusCode != 200 {
		t.Fatal(r.Status)
	}
	if _, err := secure(l, c, okHost); err != nil {
		t.Errorf("through it: %v", err)
	}
}

func TestSystemLoginIsOfTheConnection(t *testing.T) {
	for name, tc := range map[string]struct {
		scheme, rule string
		rounds       int
		ok           bool
	}{
		"NTLM takes other than two rounds":         {"NTLM", "{mode: auth, schemes: [NTLM], system: true}", 2, true},
		"NTLM of a stranger passes":                {"NTLM", "{mode: auth, schemes: [NTLM]}", 2, false},
		"Negotiate takes other than one round":     {"Negotiate", "{mode: auth, schemes: [Negotiate, NTLM], system: true}", 1, true},
		"a scheme that was not offered is taken":   {"Negotiate", "{mode: auth, schemes: [NTLM], system: true}", 1, false},
		"the system's login is taken for Basic's":  {"NTLM", "{mode: auth, schemes: [Basic], login: 'u:p', system: true}", 2, false},
		"a second login is wanted on a connection": {"NTLM", "{mode: auth, schemes: [NTLM], system: true}", 3, true},
	} {
		t.Run(name, func(t *testing.T) {
			l := begin(t, "machine: {login: true}\nnetwork: {proxies: {'"+proxyHost+":3128': "+tc.rule+"}}")
			login, err := l.Machine().Logins.Begin(strings.ToLower(tc.scheme), proxyHost)
			if err != nil {
				t.Fatal(err)
			}
			defer login.Close()
			c := connect(t, l, "ip4", proxyHost, 3128)
			var token []byte
			var r *http.Response
			for i := range tc.rounds {
				extra := ""
				if i < 2 {
					if token, err = login.Next(token); err != nil {
						break
					}
					extra = "Proxy-Authorization: " + tc.scheme + " " + base64.StdEncoding.EncodeToString(token) + "\r\n"
				}
				target := okHost + ":443"
				if i+1 < tc.rounds && i > 0 {
					target = "nobody.example:443" // fails behind the login, and the connection stays
				}
				r = proxyAnswer(t, c, target, extra)
				_, text, _ := strings.Cut(r.Header.Get("Proxy-Authenticate"), " ")
				token, _ = base64.StdEncoding.DecodeString(text)
				if r.StatusCode != 200 {
					_, _ = io.Copy(io.Discard, r.Body)
				}
			}
			if ok := r != nil && r.StatusCode == 200; ok != tc.ok {
				t.Errorf("%v, %v", r, err)
			}
		})
	}
	if _, err := begin(t, "").Machine().Logins.Begin("ntlm", proxyHost); !errors.Is(err, host.ErrUnsupported) {
		t.Errorf("a machine without one: %v", err)
	}
}

func TestSlowNamesAreWaitedForWhateverThisMachinesResolverIsSetTo(t *testing.T) {
	l := begin(t, "network: {names: {ok.vendor.example: {slow: 1ms}}}")
	c, err := l.dialNames(t.Context(), "udp", "")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, packet := c.(net.PacketConn); !packet {
		t.Error("the resolver would take it for TCP")
	}
	c.SetDeadline(time.Now().Add(-time.Second)) // what "options timeout:" of resolv.conf comes to
	q, _ := new(dns.Msg).SetQuestion("ok.vendor.example.", dns.TypeA).Pack()
	if _, err := c.Write(q); err != nil {
		t.Fatal(err)
	}
	if n, err := c.Read(make([]byte, 512)); err != nil || n == 0 {
		t.Errorf("%d bytes, %v", n, err)
	}
}

// given hands out a connection that already stands.
type given struct{ c net.Conn }

func (g given) Dial(string, string) (net.Conn, error) { return g.c, nil }

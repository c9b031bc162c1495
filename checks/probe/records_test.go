package probe

import (
	"errors"
	"net"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/checks"
	"linecheck/checks/host"
)

// answers is a DNS server's answer to be told.
func answers(server string, ttl time.Duration, aliases string, addrs ...string) host.Records {
	r := host.Records{Server: server, Rcode: "NOERROR", TTL: ttl, Took: 7 * time.Millisecond, Aliases: strings.Fields(aliases)}
	for _, a := range addrs {
		r.Addrs = append(r.Addrs, netip.MustParseAddr(a))
	}
	return r
}

func refusesName(server, rcode string) host.Records {
	return host.Records{Server: server, Rcode: rcode}
}

var servfail = &net.DNSError{Err: "server misbehaving", Name: vendor}

func evidence(a Answer) string {
	var b strings.Builder
	for _, e := range a.Evidence {
		b.WriteString(e.Source + ": " + e.Text + "\n")
	}
	return b.String()
}

func TestWhatDNSServersSay(t *testing.T) {
	const a, b = "192.0.2.53", "192.0.2.54"
	for name, c := range map[string]struct {
		set  func(*lab)
		said []host.Records
		args map[string]string // exact
		seen []string          // parts of the evidence
		want checks.Failure
	}{
		"the chain of aliases, the TTL and the server are told": {
			said: []host.Records{answers(a, time.Minute, "edge.cdn.example pop7.cdn.example", "203.0.113.10")},
			args: map[string]string{"aliases": "edge.cdn.example > pop7.cdn.example", "ttl": "60 s", "answered_by": a, "dns_differs": ""},
			seen: []string{"DNS 192.0.2.53: doorman.vendor.example ip4: NOERROR, alias edge.cdn.example > pop7.cdn.example, 203.0.113.10, TTL 60 s, after 7 ms"}},
		"the server whose answer the programs got is the one that answered": {
			said: []host.Records{refusesName(a, "SERVFAIL"), answers(b, time.Hour, "", "203.0.113.10")},
			args: map[string]string{"ttl": "3600 s", "answered_by": b, "dns_differs": "servers"},
			seen: []string{"192.0.2.53 says SERVFAIL, 192.0.2.54 says 203.0.113.10"}},
		"a server that is silent is not taken for one that disagrees": {
			said: []host.Records{{Server: a, Err: errors.New("i/o timeout")}, answers(b, time.Hour, "", "203.0.113.10")},
			args: map[string]string{"answered_by": b, "dns_differs": ""},
			seen: []string{"DNS 192.0.2.53: doorman.vendor.example ip4: no answer: i/o timeout"}},
		"parts of one set of addresses are no disagreement": {
			said: []host.Records{answers(a, time.Minute, "", "203.0.113.10", "203.0.113.11"), answers(b, time.Minute, "", "203.0.113.11", "203.0.113.12")},
			args: map[string]string{"answered_by": a, "dns_differs": ""}},
		"a hosts file shows as an answer that no server gave": {
			set:  func(l *lab) { l.hosts = []string{"203.0.113.10 " + vendor} },
			said: []host.Records{answers(a, time.Minute, "", "198.51.100.7")},
			args: map[string]string{"answered_by": "", "aliases": "", "ttl": "", "dns_differs": "computer"},
			seen: []string{"programs on this computer get 203.0.113.10 for doorman.vendor.example, and 192.0.2.53 says 198.51.100.7"}},
		"a name that only the servers know is told": {
			set:  func(l *lab) { delete(l.names, "ip4 "+vendor) },
			said: []host.Records{answers(a, time.Minute, "", "198.51.100.7")},
			args: map[string]string{"dns_differs": "computer", "answered_by": ""},
			seen: []string{"programs on this computer get no address"}, want: checks.NoSuchName},
		"who said that the name does not exist is told": {
			set:  func(l *lab) { delete(l.names, "ip4 "+vendor) },
			said: []host.Records{refusesName(a, "NXDOMAIN")},
			args: map[string]string{"dns_differs": "", "answered_by": a, "ttl": ""}, want: checks.NoSuchName},
		"a server that fails and says so itself is believed": {
			set:  func(l *lab) { l.names["ip4 "+vendor] = servfail },
			said: []host.Records{refusesName(a, "SERVFAIL")},
			want: checks.ServerFailure},
		"a failing server that no server is, is silence": {
			set:  func(l *lab) { l.names["ip4 "+vendor] = servfail },
			said: []host.Records{{Server: a, Err: errors.New("connection refused")}, {Server: b, Err: errors.New("i/o timeout")}},
			seen: []string{"none of its servers answers when it is asked itself"}, want: checks.NoAnswerDNS},
		"the same of a proxy's name": {
			set: func(l *lab) {
				l.through(mute)
				l.names["ip4 "+gate] = servfail
				l.said["ip4 "+gate] = []host.Records{{Server: a, Err: errors.New("connection refused")}}
				l.said["ip6 "+gate] = l.said["ip4 "+gate]
			},
			args: map[string]string{"dns": "dns.no_answer"}, want: checks.ProxyUnresolvable},
		"a proxy's name that fails is asked for as well": {
			set: func(l *lab) {
				l.through(mute)
				delete(l.names, "ip4 "+gate)
				l.said["ip4 "+gate] = []host.Records{refusesName(b, "NXDOMAIN")}
			},
			args: map[string]string{"answered_by": b}, want: checks.ProxyUnresolvable},
		"a proxy that resolves by itself needs no servers of ours": {
			set:  func(l *lab) { l.behind(secure(l.cert, answer(ok("ok")))) },
			said: []host.Records{answers(a, time.Minute, "", "203.0.113.10")},
			args: map[string]string{"answered_by": ""}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			l.says(ok("ok"))
			l.said["ip4 "+vendor] = c.said
			if c.set != nil {
				c.set(l)
			}
			// Nobody waits for the servers of a walk that succeeds; here their answer is there before it begins.
			l.req.Names = newNames(l.world, time.Minute)
			for n := range l.said {
				family, name, _ := strings.Cut(n, " ")
				q := l.req.Names.consult(family, name)
				<-q.done
				l.req.Names.leave(t.Context(), q, family, name, 0)
			}
			got := walk(t.Context(), l.req, patient)
			if got.Failure != c.want {
				t.Errorf("the walk ended with %q (%v), want %q", got.Failure, got.Err, c.want)
			}
			for k, v := range c.args {
				if got.Args[k] != v {
					t.Errorf("argument %s is %q, want %q", k, got.Args[k], v)
				}
			}
			for _, s := range c.seen {
				if !strings.Contains(evidence(got), s) {
					t.Errorf("%q is not in the evidence:\n%s", s, evidence(got))
				}
			}
			holds(t, got)
		})
	}
}

func TestAskingDNSServersCostsNoWalkItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.said["ip4 "+vendor] = silence{}
		l.there(piped(secure(l.cert, slow(300*time.Millisecond, answer(ok("ok"))))))
		begin := time.Now()
		a := Walk(t.Context(), l.req)
		if took := time.Since(begin); a.Failure != "" || took != 300*time.Millisecond {
			t.Errorf("a walk that succeeds ended with %q after %s", a.Failure, took)
		}
		delete(l.names, "ip4 "+vendor)
		begin = time.Now()
		a = Walk(t.Context(), l.req)
		if took := time.Since(begin); a.Failure != checks.NoSuchName || took != usual.records || a.Took != 0 {
			t.Errorf("a walk that fails ended with %q after %s, and says %s", a.Failure, took, a.Took)
		}
	})
}

func TestASilentDNSServerDoesNotHideWhatAnotherOneSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.said["ip4 "+vendor] = partly{answers("192.0.2.54", time.Minute, "", "203.0.113.10")}
		l.there(piped(secure(l.cert, slow(300*time.Millisecond, answer(ok("ok"))))))
		a := Walk(t.Context(), l.req)
		if a.Args["answered_by"] != "192.0.2.54" || strings.Contains(evidence(a), "DNS 192.0.2.99") {
			t.Errorf("answered by %q, evidence:\n%s", a.Args["answered_by"], evidence(a))
		}
	})
}

func TestDNSServersAreAskedOnceForAllWalks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLab(t)
		l.said["ip4 "+vendor] = []host.Records{answers("192.0.2.53", time.Minute, "", "203.0.113.10")}
		l.there(piped(secure(l.cert, slow(time.Second, answer(ok("ok"))))))
		l.req.Names = NewNames(l.world)
		done := make(chan string)
		for range 4 {
			go func() { done <- Walk(t.Context(), l.req).Args["answered_by"] }()
		}
		for range 4 {
			if got := <-done; got != "192.0.2.53" {
				t.Errorf("a walk was told %q", got)
			}
		}
		if n := l.called("records ip4 " + vendor); n != 1 {
			t.Errorf("asked %d times", n)
		}
	})
}

func TestAddressesThatNoVendorHas(t *testing.T) {
	for addr, want := range map[string]string{
		"10.1.2.3": "private", "172.31.0.1": "private", "192.168.1.1": "private", "fd00::1": "private",
		"100.64.0.1": "carrier's own (CGNAT)", "100.128.0.1": "", "169.254.1.1": "link-local", "fe80::1": "link-local",
		"198.18.0.3": "benchmarking", "224.0.0.251": "multicast", "ff02::1": "multicast", "255.255.255.255": "reserved",
		"192.0.2.1": "documentation", "2001:db8::1": "documentation", "::ffff:10.0.0.1": "private",
		"0.0.0.0": "this network", "127.0.0.53": "loopback", "::1": "loopback", "::": "no address",
		"18.66.1.1": "", "2600:9000::1": "", "172.32.0.1": "", "11.0.0.1": "",
	} {
		if got := bogon(netip.MustParseAddr(addr)); got != want {
			t.Errorf("%s is %q, want %q", addr, got, want)
		}
	}
}

func TestAnAddressOfTheInsideIsEvidenceAndNoFailure(t *testing.T) {
	inside := netip.MustParseAddr("10.20.30.40")
	l := newLab(t)
	l.names["ip4 "+vendor] = []netip.Addr{inside}
	l.ports[netip.AddrPortFrom(inside, 443)] = serve(t, secure(l.cert, answer(ok("ok"))))
	a := walk(t.Context(), l.req, patient)
	if a.Failure != "" || a.Args["bogon"] != "yes" || a.Args["bogon_address"] != "10.20.30.40" || a.Args["bogon_kind"] != "private" {
		t.Errorf("%q, bogon %q %q %q", a.Failure, a.Args["bogon"], a.Args["bogon_address"], a.Args["bogon_kind"])
	}
	if !strings.Contains(evidence(a), "10.20.30.40 is no address of the internet (private)") {
		t.Errorf("not in the evidence:\n%s", evidence(a))
	}
}

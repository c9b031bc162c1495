package probe

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"testing"

	"linecheck/assets"
	"linecheck/checks"
)

func TestNamesAndConnections(t *testing.T) {
	for name, s := range map[string]scene{
		"a healthy endpoint is open": {set: func(l *lab) { l.says(ok("ok\n")) },
			args: map[string]string{"address": "203.0.113.10", "sni": vendor, "issuer": "Public Root, Good Trust", "trusted": "yes", "status": "200 OK", "local_address": "127.0.0.1:", "resolvers": "192.0.2.53", "local": ""}},
		"a name that does not exist ends the walk at once": {set: func(l *lab) { delete(l.names, "ip4 "+vendor) },
			want: checks.NoSuchName, at: checks.Resolve},
		"an answer without addresses is no such name": {set: func(l *lab) { l.names["ip4 "+vendor] = []netip.Addr{} },
			want: checks.NoSuchName, at: checks.Resolve},
		"a failing DNS server is not a missing name": {set: func(l *lab) {
			l.names["ip4 "+vendor] = &net.DNSError{Err: "server misbehaving", Name: vendor, IsTemporary: true}
		}, want: checks.ServerFailure, at: checks.Resolve},
		"a silent DNS server is waited for no longer than its limit": {set: func(l *lab) { l.names["ip4 "+vendor] = silence{} },
			want: checks.NoAnswerDNS, at: checks.Resolve, hurry: true},
		"the better reason wins when both families fail": {set: func(l *lab) {
			l.req.Family = ""
			l.names["ip6 "+vendor] = &net.DNSError{Err: "server misbehaving", IsTemporary: true}
			delete(l.names, "ip4 "+vendor)
		}, want: checks.ServerFailure, at: checks.Resolve},

		"0.0.0.0 for a vendor's name is a sinkhole": {set: func(l *lab) {
			l.names["ip4 "+vendor] = []netip.Addr{netip.IPv4Unspecified()}
			l.ports[netip.AddrPortFrom(netip.IPv4Unspecified(), 443)] = closedPort(l.t)
		}, want: checks.Sinkhole, at: checks.Resolve, args: map[string]string{"address": "0.0.0.0", "behind": "tcp.refused"}},
		"a filter's address for what it blocks is taken for the vendor's, and its silence for a firewall's": {set: func(l *lab) {
			a := netip.MustParseAddr("146.112.61.106")
			l.names["ip4 "+vendor] = []netip.Addr{a}
			l.ports[netip.AddrPortFrom(a, 443)] = closedPort(l.t)
		}, want: checks.Sinkhole, at: checks.Resolve, args: map[string]string{"address": "146.112.61.106", "behind": "tcp.refused"}},
		"loopback by the hosts file is blamed on the hosts file": {set: func(l *lab) {
			l.names["ip4 "+vendor] = []netip.Addr{netip.MustParseAddr("127.0.0.1")}
			l.hosts = []string{"127.0.0.1\t" + vendor + " # ads"}
			l.ports[netip.MustParseAddrPort("127.0.0.1:443")] = closedPort(l.t)
		}, want: checks.HostsFile, at: checks.Resolve, args: map[string]string{"line": "127.0.0.1 " + vendor}},
		"a local helper that answers as the vendor does is no sinkhole": {set: func(l *lab) {
			l.names["ip4 "+vendor] = []netip.Addr{netip.MustParseAddr("127.0.0.1")}
			l.ports[netip.MustParseAddrPort("127.0.0.1:443")] = serve(l.t, secure(l.cert, answer(ok("ok"))))
		}, args: map[string]string{"sinkhole": "127.0.0.1"}},
		"a sinkhole that takes TCP connections proves nothing": {set: func(l *lab) {
			l.req.Endpoint.Scheme = "tcp"
			l.names["ip4 "+vendor] = []netip.Addr{netip.MustParseAddr("127.0.0.1")}
			l.ports[netip.MustParseAddrPort("127.0.0.1:443")] = serve(l.t, mute)
		}, want: checks.Sinkhole, at: checks.Resolve},
		"a hosts file line for a proper address does not hide the failure": {set: func(l *lab) {
			l.hosts = []string{"203.0.113.10 " + vendor}
			l.there(closedPort(l.t))
		}, want: checks.Refused, at: checks.Connect, args: map[string]string{"line": "203.0.113.10 " + vendor}},
		"localhost is where it should be": {set: func(l *lab) {
			l.req.Endpoint.Host, l.req.Endpoint.Scheme = "localhost", "tcp"
			l.names["ip4 localhost"] = []netip.Addr{netip.MustParseAddr("127.0.0.1")}
			l.ports[netip.MustParseAddrPort("127.0.0.1:443")] = serve(l.t, mute)
		}, code: Answered},
		"a server in the house is marked as local": {set: func(l *lab) {
			a := netip.MustParseAddr("10.1.2.3")
			l.names["ip4 "+vendor] = []netip.Addr{a}
			l.ports[netip.AddrPortFrom(a, 443)] = closedPort(l.t)
		}, want: checks.Refused, at: checks.Connect, args: map[string]string{"local": "yes"}},
		"an endpoint given as an address needs no DNS": {set: func(l *lab) {
			l.req.Endpoint.Host, l.req.Endpoint.Scheme = "203.0.113.10", "tcp"
			l.up(mute)
		}, code: Answered},

		"a closed port is refused, not dropped": {set: func(l *lab) { l.there(closedPort(l.t)) },
			want: checks.Refused, at: checks.Connect},
		"silence to the SYN is a dropped packet": {set: func(l *lab) { l.there(silence{}) },
			want: checks.Dropped, at: checks.Connect, hurry: true, args: map[string]string{"wait": "s"}},
		"no route is told apart from silence": {set: func(l *lab) { l.there(noNet()) },
			want: checks.NoRoute, at: checks.Connect},
		"an error that nobody knows is shown raw": {set: func(l *lab) { l.there(errors.New("flux capacitor")) },
			want: checks.Unclear, at: checks.Connect, args: map[string]string{"error": "flux capacitor"}},
		"a dead first address does not hide a living second": {set: func(l *lab) {
			dead := netip.MustParseAddr("203.0.113.9")
			l.names["ip4 "+vendor] = []netip.Addr{dead, vendor4}
			l.ports[netip.AddrPortFrom(dead, 443)] = silence{}
			l.says(ok("ok"))
		}, args: map[string]string{"address": "203.0.113.10", "addresses": "203.0.113.9, 203.0.113.10"}},
		"at most three addresses are tried": {set: func(l *lab) {
			var all []netip.Addr
			for _, s := range []string{"203.0.113.1", "203.0.113.2", "203.0.113.3", "203.0.113.10"} {
				all = append(all, netip.MustParseAddr(s))
				l.ports[netip.MustParseAddrPort(s+":443")] = closedPort(l.t)
			}
			l.names["ip4 "+vendor] = all
		}, want: checks.Refused, at: checks.Connect, args: map[string]string{"addresses": "203.0.113.1, 203.0.113.2, 203.0.113.3"}},
		"a dead IPv6 is not saved by IPv4 when it was asked for": {set: func(l *lab) {
			l.req.Family = "ip6"
			l.names["ip6 "+vendor] = []netip.Addr{vendor6}
			l.ports[netip.AddrPortFrom(vendor6, 443)] = silence{}
			l.says(ok("ok"))
		}, want: checks.Dropped, at: checks.Connect, hurry: true, args: map[string]string{"family": "IPv6"}},
		"IPv4 and then IPv6 is tried where no family was asked for": {set: func(l *lab) {
			l.req.Family = ""
			l.names["ip6 "+vendor] = []netip.Addr{vendor6}
			l.there(closedPort(l.t))
			l.ports[netip.AddrPortFrom(vendor6, 443)] = serve(l.t, secure(l.cert, answer(ok("ok"))))
		}, args: map[string]string{"family": "IPv6"}},
		"a bare TCP endpoint ends after the connection": {set: func(l *lab) {
			l.req.Endpoint.Scheme, l.req.Endpoint.Expect = "tcp", assets.Expect{}
			l.up(mute)
		}, code: Answered},

		"a scheme that linecheck does not know is not called broken": {set: func(l *lab) { l.req.Endpoint.Scheme = "quic" },
			want: checks.Unclear, code: NotTried},
		"a kind of proxy that nobody knows is not called broken": {set: func(l *lab) { l.req.Route = &url.URL{Scheme: "quic", Host: gate + ":1080"} },
			want: checks.Unclear, code: NotTried},
	} {
		t.Run(name, s.run)
	}
}

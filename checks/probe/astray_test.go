package probe

import (
	"net/netip"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
)

func refused() error {
	if runtime.GOOS == "windows" {
		return syscall.Errno(10061)
	}
	return syscall.ECONNREFUSED
}

// A hosts file that leads to a dead address is the fault only where DNS knows a better one.
func TestAnOldLineOfTheHostsFile(t *testing.T) {
	old := netip.MustParseAddr("203.0.113.250")
	for name, c := range map[string]struct {
		dns  string // what DNS says
		live bool   // somebody takes connections at the vendor's address
		line string
		want checks.Failure
	}{
		"DNS names an address that takes the connection": {vendor4.String(), true, old.String() + " " + vendor, checks.HostsFile},
		"DNS's address is dead too":                      {vendor4.String(), false, old.String() + " " + vendor, checks.Refused},
		"DNS says the same":                              {old.String(), true, old.String() + " " + vendor, checks.Refused},
		"the address is not the line's":                  {vendor4.String(), true, "203.0.113.66 " + vendor, checks.Refused},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			l.names["ip4 "+vendor] = []netip.Addr{old}
			l.hosts = []string{c.line}
			l.said["ip4 "+vendor] = []host.Records{{Server: "192.0.2.53", Rcode: "NOERROR", Addrs: []netip.Addr{netip.MustParseAddr(c.dns)}}}
			l.ports[netip.AddrPortFrom(old, 443)] = refused()
			l.ports[netip.AddrPortFrom(vendor4, 443)] = refused()
			if c.live {
				l.up(mute)
			}
			a := walk(t.Context(), l.req, patient)
			if a.Failure != c.want {
				t.Errorf("%q, want %q:\n%s", a.Failure, c.want, evidence(a))
			}
			holds(t, a)
			if c.want == checks.HostsFile && (a.Args["behind"] != "tcp.refused" || a.Args["address"] != old.String() || a.Path.Stages[1].Note != NotTested) {
				t.Errorf("%v %+v", a.Args, a.Path.Stages)
			}
		})
	}
}

// A vendor's public host at a private address where nobody is was led there by DNS; somebody's own server is at home there.
func TestAVendorAtAPrivateAddress(t *testing.T) {
	p, err := assets.LoadProfile("deepsecurity", map[string]string{"sps": "sps.corp.example", "region": "us-1"})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		host  string
		addrs string
		fails checks.Failure
		want  checks.Code
	}{
		"nobody answers there":                 {"ds20.icrc.trendmicro.com", "10.66.66.66", checks.Dropped, "dns.sinkhole"},
		"it is refused there":                  {"ds20.icrc.trendmicro.com", "fd00::66", checks.Refused, "dns.sinkhole"},
		"a host of the region is the vendor's": {"agents.workload.us-1.cloudone.trendmicro.com", "192.168.1.1", checks.Dropped, "dns.sinkhole"},
		"somebody else answers there":          {"ds20.icrc.trendmicro.com", "10.66.66.66", checks.Untrusted, "tls.untrusted"},
		"one of the addresses is public":       {"ds20.icrc.trendmicro.com", "10.66.66.66 9.9.9.9", checks.Dropped, "tcp.dropped"},
		"one's own server is at home there":    {"sps.corp.example", "10.66.66.66", checks.Dropped, "tcp.dropped"},
	} {
		t.Run(name, func(t *testing.T) {
			var e assets.Endpoint
			for _, o := range p.Endpoints {
				if o.Host == c.host && e.Host == "" {
					e = o
				}
			}
			a := Answer{Failure: c.fails, Failed: checks.Connect, Args: map[string]string{}}
			for _, n := range []checks.StageName{checks.Resolve, checks.Connect, checks.TLS} {
				a.Path.Stages = append(a.Path.Stages, checks.Stage{Name: n})
			}
			for _, s := range strings.Fields(c.addrs) {
				a.Addrs = append(a.Addrs, netip.MustParseAddr(s))
			}
			a.Path.Product = true
			f := Judge(p, e, a)
			if f.Code != c.want || f.Status != checks.Fail {
				t.Errorf("%s %s, want fail %s", f.Status, f.Code, c.want)
			}
			if s := f.Path.Stages; c.want == "dns.sinkhole" && (s[0].Failure != checks.Sinkhole || s[1].Note != NotTested || f.Args["behind"] != string(c.fails)) {
				t.Errorf("%+v %v", s, f.Args)
			}
		})
	}
}

package domain

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
	"linecheck/checks/host/hosttest"
)

const srvName = "_ldap._tcp.dc._msdcs.corp.example"

// office is a joined machine whose one controller answers everything; a case changes what it is about.
func office(t *testing.T, dc replica) (*hosttest.Fake, *assets.Profile) {
	f := hosttest.New(t)
	f.Join = host.Join{State: host.DomainJoined, Domain: "corp.example", How: "NetGetJoinInformation", Raw: "3"}
	f.LocateErr["corp.example"] = host.ErrNotFound
	f.Network.SRV[srvName] = []*net.SRV{{Target: "DC1.corp.example.", Port: 389}}
	f.Network.Name("dc1.corp.example", "192.0.2.10")
	f.Pings["192.0.2.10"] = hosttest.Pong{Took: 3 * time.Millisecond}
	dc.at(f, "192.0.2.10")
	return f, &assets.Profile{
		Title:  "Trend Micro Deep Security",
		Values: map[string]string{"off_domain_global": "on"},
		From:   map[string]string{"off_domain_global": "argument"},
		Domain: &assets.Domain{Ping: "icmp", OnDomain: "local server", OffDomain: "global service",
			Option: "off_domain_global", OS: []string{"windows"}, Mark: assets.Seed},
	}
}

func each(f func(string), addr string) {
	for _, p := range ports {
		f(fmt.Sprintf("%s:%d", addr, ways[p].port))
	}
}

var noEcho = hosttest.Pong{Err: os.ErrDeadlineExceeded}

func TestRun(t *testing.T) {
	type want struct {
		code   checks.Code
		status checks.Status
		args   map[string]string
		seen   []string // parts of the evidence
	}
	for name, c := range map[string]struct {
		set  func(*hosttest.Fake, *assets.Profile)
		want want
	}{
		"a controller that answers ping does not put the agent on its domain": {
			set: func(*hosttest.Fake, *assets.Profile) {},
			want: want{On, checks.Pass, map[string]string{"uses": "local server", "controller": "dc1.corp.example",
				"option": "on", "took": "3ms", "domain": "corp.example"}, []string{"answered in 3ms", "DC1.corp.example.:389", "connected in"}},
		},
		"a blocked ping is not told from a dead controller": {
			set: func(f *hosttest.Fake, _ *assets.Profile) { f.Pings["192.0.2.10"] = noEcho },
			want: want{Filtered, checks.Fail, map[string]string{"uses": "global service",
				"ports": "389 (LDAP), 636 (LDAP over TLS), 88 (Kerberos), 445 (SMB)"}, []string{"i/o timeout", "connected in"}},
		},
		"a controller that takes only Kerberos counts as dead": {
			set: func(f *hosttest.Fake, _ *assets.Profile) {
				f.Pings["192.0.2.10"] = noEcho
				f.Network.Drop("192.0.2.10:389")
				f.Network.Drop("192.0.2.10:636")
				f.Network.Refuse("192.0.2.10:445")
			},
			want: want{Filtered, checks.Fail, map[string]string{"ports": "88 (Kerberos)"}, []string{"refused"}},
		},
		"an unreachable controller takes longer than the check may, or is no fault": {
			set: func(f *hosttest.Fake, _ *assets.Profile) {
				f.Pings["192.0.2.10"] = noEcho
				each(f.Network.Drop, "192.0.2.10")
			},
			want: want{Unreachable, checks.Warn, map[string]string{"uses": "global service", "ports": ""}, []string{"i/o timeout"}},
		},
		"a refusing controller counts as alive on the domain": {
			set: func(f *hosttest.Fake, _ *assets.Profile) {
				f.Pings["192.0.2.10"] = noEcho
				each(f.Network.Refuse, "192.0.2.10")
			},
			want: want{Unreachable, checks.Warn, nil, []string{"refused"}},
		},
		"a fault is found although the option is off": {
			set: func(f *hosttest.Fake, p *assets.Profile) {
				p.Values["off_domain_global"] = "off"
				f.Pings["192.0.2.10"] = noEcho
			},
			want: want{Filtered, checks.Note, map[string]string{"option": "off", "uses": "not known"}, nil},
		},
		"an option that nobody told is taken for on": {
			set: func(f *hosttest.Fake, p *assets.Profile) {
				p.Values = nil
				f.Pings["192.0.2.10"] = noEcho
			},
			want: want{Filtered, checks.Note, map[string]string{"option": "not known", "uses": "not known"}, nil},
		},
		"a misspelt option is taken for off or on": {
			set: func(f *hosttest.Fake, p *assets.Profile) {
				p.Values["off_domain_global"] = "onn"
				f.Pings["192.0.2.10"] = noEcho
			},
			want: want{Filtered, checks.Note, map[string]string{"option": "not known"}, []string{"onn"}},
		},
		"a rule that is only inferred gives a fault": {
			set: func(f *hosttest.Fake, p *assets.Profile) {
				p.Domain.Mark = assets.Inferred
				f.Pings["192.0.2.10"] = noEcho
			},
			want: want{Filtered, checks.Warn, nil, nil},
		},
		"a workgroup computer with the option on is healthy": {
			set: func(f *hosttest.Fake, _ *assets.Profile) { f.Join = host.Join{State: host.WorkgroupOnly, How: "test"} },
			want: want{NotJoined, checks.Warn, map[string]string{"uses": "global service", "state": "in a workgroup"},
				[]string{"workgroup"}},
		},
		"an Entra computer is searched for controllers": {
			set: func(f *hosttest.Fake, p *assets.Profile) {
				f.Join = host.Join{State: host.EntraJoined, How: "test"}
				p.Values["off_domain_global"] = "no"
			},
			want: want{NotJoined, checks.Note, map[string]string{"uses": "not known"}, nil},
		},
		"a hybrid computer counts as not joined": {
			set:  func(f *hosttest.Fake, _ *assets.Profile) { f.Join.State = host.HybridJoined },
			want: want{On, checks.Pass, nil, nil},
		},
		"a laptop at home, where DNS knows nothing of the domain, is at fault": {
			set:  func(f *hosttest.Fake, _ *assets.Profile) { f.Network.SRV[srvName] = nil },
			want: want{NotFound, checks.Warn, map[string]string{"uses": "global service"}, []string{"no such host", "not found"}},
		},
		"controllers whose names do not resolve are pinged": {
			set:  func(f *hosttest.Fake, _ *assets.Profile) { f.Network.Names["dc1.corp.example"] = hosttest.Name{} },
			want: want{NotFound, checks.Fail, nil, []string{"no such host"}},
		},
		"a domain whose name nobody knows has no controllers": {
			set: func(f *hosttest.Fake, _ *assets.Profile) {
				f.Join.Domain = ""
				f.LocateErr[""] = host.ErrUnsupported
			},
			want: want{UnknownState, checks.Unknown, map[string]string{"uses": "not known"}, []string{"the domain's name is not known"}},
		},
		"this computer's own firewall is taken for the network": {
			set: func(f *hosttest.Fake, _ *assets.Profile) {
				f.Pings["192.0.2.10"] = hosttest.Pong{Err: fmt.Errorf("ping: %w", syscall.EPERM)}
			},
			want: want{Filtered, checks.Fail, map[string]string{"silence": "this computer's own firewall keeps it in",
				"keeper": "whoever keeps this computer's own firewall"}, nil},
		},
		"a resolver that never answers hangs the check": {
			set: func(f *hosttest.Fake, _ *assets.Profile) {
				f.Network.Names["dc1.corp.example"] = hosttest.Name{Silent: true}
			},
			want: want{NotFound, checks.Fail, nil, []string{"i/o timeout"}},
		},
		"only the locator knows the controller, and it is not asked": {
			set: func(f *hosttest.Fake, _ *assets.Profile) {
				f.Network.SRV[srvName] = nil
				f.LocateErr = nil
				f.Located["corp.example"] = host.LocatedController{Name: `\\DC9`, Address: `\\192.0.2.19`, Site: "Default", How: "DsGetDcName"}
				f.Network.Names["dc9"] = hosttest.Name{}
				f.Pings["192.0.2.19"] = hosttest.Pong{Took: time.Millisecond}
				each(f.Network.Refuse, "192.0.2.19")
			},
			want: want{On, checks.Pass, map[string]string{"controller": "dc9"}, []string{"site Default"}},
		},
		"a ping that may not be sent is called unanswered": {
			set: func(f *hosttest.Fake, _ *assets.Profile) {
				f.Pings["192.0.2.10"] = hosttest.Pong{Err: fmt.Errorf("socket: %w: %w", host.ErrDenied, syscall.EPERM)}
			},
			want: want{NoPing, checks.Unknown, map[string]string{"uses": "not known", "tcp": "389 (LDAP), 636 (LDAP over TLS), 88 (Kerberos), 445 (SMB)",
				"keeper": "the network team"}, []string{"access denied"}},
		},
		"a dead line without the right to ping is called off domain": {
			set: func(f *hosttest.Fake, _ *assets.Profile) {
				f.Pings["192.0.2.10"] = hosttest.Pong{Err: host.ErrDenied}
				each(f.Network.Drop, "192.0.2.10")
			},
			want: want{NoPing, checks.Unknown, map[string]string{"tcp": "none of 389 (LDAP), 636 (LDAP over TLS), 88 (Kerberos), 445 (SMB)"}, nil},
		},
		"a missing IPv6 ping hides that IPv4 is filtered": {
			set: func(f *hosttest.Fake, _ *assets.Profile) {
				f.Network.Name("dc1.corp.example", "192.0.2.10", "2001:db8::10")
				f.Pings["192.0.2.10"] = noEcho
				f.Pings["2001:db8::10"] = hosttest.Pong{Err: host.ErrUnsupported}
				each(f.Network.Refuse, "[2001:db8::10]")
			},
			want: want{Filtered, checks.Fail, nil, nil},
		},
		"a system that cannot tell its join state passes": {
			set: func(f *hosttest.Fake, _ *assets.Profile) { f.JoinErr = host.ErrUnsupported },
			want: want{UnknownState, checks.Unknown, map[string]string{"why": "this system has no way to tell whether it is in a domain"},
				[]string{"not on this system"}},
		},
		"a join state that may not be asked passes": {
			set:  func(f *hosttest.Fake, _ *assets.Profile) { f.JoinErr = host.ErrDenied },
			want: want{UnknownState, checks.Unknown, nil, []string{"access denied"}},
		},
		"an empty join state counts as not joined": {
			set:  func(f *hosttest.Fake, _ *assets.Profile) { f.Join = host.Join{How: "test"} },
			want: want{UnknownState, checks.Unknown, nil, nil},
		},
		"a profile without the mode is checked": {
			set:  func(_ *hosttest.Fake, p *assets.Profile) { p.Domain = nil },
			want: want{None, checks.Skip, map[string]string{"why": "the product has no off-domain mode"}, nil},
		},
		"the Windows mode is checked on Linux": {
			set:  func(f *hosttest.Fake, _ *assets.Profile) { f.OS = "linux" },
			want: want{None, checks.Skip, map[string]string{"why": "the product has an off-domain mode only on windows"}, nil},
		},
		"a network that says no to ping is taken for a missing right": {
			set: func(f *hosttest.Fake, _ *assets.Profile) {
				f.Pings["192.0.2.10"] = hosttest.Pong{Err: errors.New("destination host unreachable")}
			},
			want: want{Filtered, checks.Fail, nil, []string{"destination host unreachable"}},
		},
	} {
		live := serve(t, "corp.example", "")
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, p := office(t, live)
				c.set(f, p)
				began := time.Now()
				res, err := check{}.Run(t.Context(), checks.Env{Machine: f.Machine(), Profile: p}, func(checks.Event) {})
				if err != nil {
					t.Fatal(err)
				}
				if d := time.Since(began); d > wholeWait {
					t.Errorf("took %v of virtual time", d)
				}
				if len(res.Findings) == 0 {
					t.Fatal("no finding")
				}
				got := res.Findings[0]
				if got.Code != c.want.code || got.Status != c.want.status {
					t.Errorf("got %s %s, want %s %s; %+v", got.Code, got.Status, c.want.code, c.want.status, got.Evidence)
				}
				for k, v := range c.want.args {
					if got.Args[k] != v {
						t.Errorf("arg %s is %q, want %q", k, got.Args[k], v)
					}
				}
				for _, part := range c.want.seen {
					if !strings.Contains(fmt.Sprint(got.Evidence), part) {
						t.Errorf("no evidence of %q in %+v", part, got.Evidence)
					}
				}
				if (got.Status == checks.Unknown || got.Status == checks.Skip) == (res.Reason == "") {
					t.Errorf("status %s, reason %q", got.Status, res.Reason)
				}
				whole(t, got)
			})
		})
	}
}

// whole fails for a text with a hole in it.
func whole(t *testing.T, f checks.Finding) {
	t.Helper()
	raw, err := checks.ParseTexts("texts.yaml", texts)
	if err != nil {
		t.Fatal(err)
	}
	x := raw[f.Code]
	if len(x.Title) > 40 {
		t.Errorf("title of %s is %d characters long", f.Code, len(x.Title))
	}
	for _, s := range []string{x.Title, x.Text, x.Fix, x.Say} {
		for part := range strings.SplitSeq(s, "{") {
			name, _, ok := strings.Cut(part, "}")
			if ok && name != "subject" && name != "view" && name != "logged" && f.Args[name] == "" {
				t.Errorf("%s: the text needs %q, the finding has %v", f.Code, name, f.Args)
			}
		}
	}
}

func TestSomeControllersAreSilent(t *testing.T) {
	f, p := office(t, serve(t, "corp.example", ""))
	f.Network.SRV[srvName] = append(f.Network.SRV[srvName], &net.SRV{Target: "dc2.corp.example."})
	f.Network.Name("dc2.corp.example", "192.0.2.11")
	f.Pings["192.0.2.11"] = noEcho
	each(f.Network.Refuse, "192.0.2.11")
	f.Network.SRV[srvName] = append(f.Network.SRV[srvName], &net.SRV{Target: "dc3.corp.example."})
	f.Network.Name("dc3.corp.example", "192.0.2.12")
	f.Pings["192.0.2.12"] = hosttest.Pong{Err: host.ErrDenied} // not tried is not silent
	each(f.Network.Refuse, "192.0.2.12")
	res, err := check{}.Run(t.Context(), checks.Env{Machine: f.Machine(), Profile: p}, func(checks.Event) {})
	if err != nil || len(res.Findings) < 2 {
		t.Fatalf("%+v, %v", res, err)
	}
	second := res.Findings[1]
	if res.Findings[0].Code != On || second.Code != SomeSilent || second.Status != checks.Note ||
		second.Arg("controllers") != "dc2.corp.example" {
		t.Errorf("%+v", res.Findings)
	}
	if checks.Overall(res.Findings) != checks.Pass {
		t.Errorf("overall is %s", checks.Overall(res.Findings))
	}
	whole(t, second)
}

// TestAForestIsAskedWithoutABound fails where more controllers or addresses are asked than are promised.
func TestAForestIsAskedWithoutABound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, p := office(t, replica{tcp: "127.0.0.1:1", logon: "127.0.0.1:1", krb: "127.0.0.1:1"})
		f.Network.SRV[srvName] = nil
		dialed := make(chan netip.AddrPort, 1000)
		f.Network.Dialed = func(_ string, a netip.AddrPort) { dialed <- a }
		for i := range 200 {
			name := fmt.Sprintf("dc%d.corp.example", i)
			f.Network.SRV[srvName] = append(f.Network.SRV[srvName], &net.SRV{Target: name})
			var addrs []string
			for k := range 5 {
				a := fmt.Sprintf("198.51.%d.%d", 100+k, i)
				addrs = append(addrs, a)
				f.Pings[a] = noEcho
				each(f.Network.Drop, a)
			}
			f.Network.Name(name, addrs...)
		}
		began := time.Now()
		res, err := check{}.Run(t.Context(), checks.Env{Machine: f.Machine(), Profile: p}, func(checks.Event) {})
		if err != nil || res.Findings[0].Code != Unreachable {
			t.Fatalf("%+v, %v", res.Findings, err)
		}
		if got := res.Findings[0].Arg("controllers"); !strings.HasSuffix(got, "dc7.corp.example (192 more were not)") {
			t.Errorf("asked were %s", got)
		}
		if n := len(dialed); n != maxControllers*maxAddrs*(len(ports)+2) {
			t.Errorf("%d connections were tried", n)
		}
		if d := time.Since(began); d > wholeWait {
			t.Errorf("took %v of virtual time", d)
		}
	})
}

func TestAStoppedRunConcludesOffDomain(t *testing.T) {
	for name, want := range map[string]checks.Code{"192.0.2.10": UnknownState, "192.0.2.11": On} {
		live := serve(t, "corp.example", "")
		t.Run("no answer yet from "+name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, p := office(t, live)
				if want == On {
					f.Network.SRV[srvName] = append(f.Network.SRV[srvName], &net.SRV{Target: "dc2.corp.example."})
					f.Network.Name("dc2.corp.example", "192.0.2.11")
					live.at(f, "192.0.2.11")
				}
				ctx, cancel := context.WithTimeout(t.Context(), time.Second/2)
				defer cancel()
				m := f.Machine()
				m.Ping = patient{m.Ping, netip.MustParseAddr(name)}
				res, err := check{}.Run(ctx, checks.Env{Machine: m, Profile: p}, func(checks.Event) {})
				if err != nil || res.Findings[0].Code != want {
					t.Fatalf("%+v, %v", res.Findings, err)
				}
			})
		})
	}
}

// patient never gets an echo back from one address.
type patient struct {
	host.Pinger
	never netip.Addr
}

func (p patient) Ping(ctx context.Context, a netip.Addr) (time.Duration, error) {
	if a != p.never {
		return p.Pinger.Ping(ctx, a)
	}
	<-ctx.Done()
	return 0, os.ErrDeadlineExceeded
}

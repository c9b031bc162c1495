package domain

import (
	"context"
	"net/netip"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/checks"
	"linecheck/checks/host"
	"linecheck/checks/host/hosttest"
)

const dc = "192.0.2.10"

func TestAControllerIsAskedInAllWays(t *testing.T) {
	f := hosttest.New(t)
	f.Pings[dc] = hosttest.Pong{Took: time.Millisecond}
	serve(t, "corp.example", "Branch").at(f, dc)
	a := askAt(t, f, "CORP.Example", dc)
	for s, x := range a.said {
		if x.reply != answered || x.text == "" {
			t.Errorf("%s: %+v", ways[s].name, x)
		}
	}
	want := logonInfo{Flags: 0x3fd, Domain: "corp.example", Forest: "corp.example", Host: "dc1.corp.example", Flat: "CORP", Site: "Home", Near: "Branch"}
	if a.logon != want {
		t.Errorf("netlogon: %+v", a.logon)
	}
	if x := a.ticket; x.Realm != "CORP.EXAMPLE" || x.Code != 25 || x.Text != "KDC_ERR_PREAUTH_REQUIRED" || x.Server != "krbtgt/CORP.EXAMPLE" || !x.Clock || x.By != "TCP" {
		t.Errorf("Kerberos: %+v", x)
	}
	if !a.speaks() || !a.alive() || a.foreign() != "" {
		t.Errorf("speaks %v, alive %v, foreign %q", a.speaks(), a.alive(), a.foreign())
	}
	if e := a.evidence(&controller{name: "dc1"}); len(e) != int(signals) || !strings.Contains(e[1].Text, "this computer's site is Branch; PDC, global catalog") {
		t.Errorf("evidence: %+v", e)
	}
}

func TestSignals(t *testing.T) {
	type replies map[signal]reply
	to := func(port uint16) netip.AddrPort { return netip.AddrPortFrom(netip.MustParseAddr(dc), port) }
	for name, c := range map[string]struct {
		domain  string
		set     func(f *hosttest.Fake, s replica)
		want    replies
		foreign string
		seen    string // in the evidence
	}{
		"a controller of another domain counts as one of this computer's": {
			domain: "other.example", set: func(*hosttest.Fake, replica) {},
			want:    replies{viaLogon: odd, viaTicket: answered, viaKDC: answered},
			foreign: "corp.example", seen: "it serves corp.example, not other.example",
		},
		"a domain known by its NetBIOS name alone is another domain": {
			domain: "corp", set: func(*hosttest.Fake, replica) {},
			want: replies{viaLogon: answered}, seen: "dc1.corp.example serves corp.example",
		},
		"a dropped TCP 88 hides the answer over UDP": {
			set: func(f *hosttest.Fake, s replica) {
				f.Network.Targets[to(88)] = hosttest.Target{To: "127.0.0.1:1", UDP: s.krb}
			},
			want: replies{viaTicket: answered, viaKDC: refused}, seen: "over UDP answered",
		},
		"the directory of another domain is not asked which one it is": {
			domain: "other.example", set: func(f *hosttest.Fake, s replica) {
				f.Network.Targets[to(389)] = hosttest.Target{To: s.tcp, UDP: "127.0.0.1:1"}
			},
			want:    replies{viaLDAP: odd, viaTicket: answered},
			foreign: "corp.example", seen: "the directory of corp.example on dc1.corp.example, not of other.example",
		},
		"a controller that knows this computer's account is another domain's": {
			domain: "other.example", set: func(f *hosttest.Fake, s replica) {
				o := serve(t, "other.example", "")
				f.Network.Targets[to(88)] = hosttest.Target{To: o.tcp, UDP: o.krb}
			},
			want: replies{viaLogon: odd, viaTicket: answered}, seen: "KDC_ERR_PREAUTH_REQUIRED (25) from OTHER.EXAMPLE",
		},
		"closed ports look like silence": {
			set: func(f *hosttest.Fake, s replica) {
				each(f.Network.Refuse, dc)
			},
			want: replies{viaLogon: refused, viaTicket: refused, viaLDAP: refused, viaLDAPS: refused, viaKDC: refused, viaSMB: refused},
			seen: "refused",
		},
		"a router's word is not kept": {
			set: func(f *hosttest.Fake, s replica) {
				for _, p := range []uint16{88, 389, 445, 636} {
					f.Network.Forbid(to(p).String(), "192.0.2.1")
				}
			},
			want: replies{viaLogon: unreachable, viaTicket: unreachable, viaLDAP: unreachable, viaLDAPS: unreachable, viaKDC: unreachable},
			seen: "192.0.2.1",
		},
		"rubbish on the netlogon port is an answer": {
			set: func(f *hosttest.Fake, s replica) {
				f.Network.Targets[to(389)] = hosttest.Target{To: s.tcp, UDP: s.krb}
			},
			want: replies{viaLogon: odd, viaTicket: answered}, seen: "cannot be read",
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := hosttest.New(t)
			f.Pings[dc] = hosttest.Pong{}
			s := serve(t, "corp.example", "Home")
			s.at(f, dc)
			c.set(f, s)
			domain := c.domain
			if domain == "" {
				domain = "corp.example"
			}
			a := askAt(t, f, domain, dc)
			for k, want := range c.want {
				if got := a.said[k]; got.reply != want {
					t.Errorf("%s: %s (%s), want %s", ways[k].name, got.reply, got.text, want)
				}
			}
			if got := a.foreign(); got != c.foreign {
				t.Errorf("foreign: %q, want %q", got, c.foreign)
			}
			var all strings.Builder
			for _, e := range a.evidence(&controller{}) {
				all.WriteString(e.Source + ": " + e.Text + "\n")
			}
			if !strings.Contains(all.String(), c.seen) {
				t.Errorf("no %q in\n%s", c.seen, all.String())
			}
		})
	}
}

func TestAStoppedQuestionIsNoSilence(t *testing.T) {
	f := hosttest.New(t)
	f.Pings[dc] = hosttest.Pong{}
	each(f.Network.Drop, dc)
	l := looking(t, f, "corp.example")
	c := &controller{name: "dc1.corp.example", addrs: []netip.Addr{netip.MustParseAddr(dc)}}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	l.probe(ctx, []*controller{c})
	for s, x := range c.asked[0].said {
		if want := map[bool]reply{true: answered, false: cut}[signal(s) == viaPing]; x.reply != want {
			t.Errorf("%s: %s (%s)", ways[s].name, x.reply, x.text)
		}
	}
}

func TestAnAnswerThroughASlowTunnelComesTooLate(t *testing.T) {
	live := serve(t, "corp.example", "")
	synctest.Test(t, func(t *testing.T) {
		f, p := office(t, live)
		m := f.Machine()
		m.Ping = slow{m.Ping}
		res, err := check{}.Run(t.Context(), checks.Env{Machine: m, Profile: p}, func(checks.Event) {})
		if err != nil || res.Findings[0].Code != On {
			t.Errorf("%+v, %v", res.Findings, err)
		}
	})
}

// slow answers after more than a second.
type slow struct{ host.Pinger }

func (s slow) Ping(ctx context.Context, a netip.Addr) (time.Duration, error) {
	select {
	case <-time.After(1300 * time.Millisecond):
		return s.Pinger.Ping(ctx, a)
	case <-ctx.Done():
		return 0, os.ErrDeadlineExceeded
	}
}

package domain

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"

	"linecheck/checks/host"
	"linecheck/checks/host/hosttest"
)

const branchName = "_ldap._tcp.Branch._sites.dc._msdcs.corp.example"

func names(found []*controller) (out []string) {
	for _, c := range found {
		n := c.name
		if c.near {
			n += " near"
		}
		if c.located {
			n += " located"
		}
		out = append(out, n)
	}
	return out
}

func srv(targets ...string) (out []*net.SRV) {
	for _, t := range targets {
		out = append(out, &net.SRV{Target: t + ".corp.example.", Port: 389})
	}
	return out
}

func TestFind(t *testing.T) {
	for name, c := range map[string]struct {
		set   func(*hosttest.Fake)
		names string
		check func(directory) bool
	}{
		"controllers of the computer's own site come last": {
			func(f *hosttest.Fake) {
				f.Join.Site = "Branch"
				f.Network.SRV[branchName] = srv("dc3")
			}, "dc3.corp.example near, dc1.corp.example, dc2.corp.example",
			func(d directory) bool { return d.Site == "Branch" && d.Near.Found == 1 && d.Domain.Found == 2 },
		},
		"the site that the locator tells is not asked for": {
			func(f *hosttest.Fake) {
				f.LocateErr = nil
				f.Located["corp.example"] = host.LocatedController{Name: "DC2.corp.example", Near: "Branch", How: "test"}
				f.Network.SRV[branchName] = srv("dc2")
			}, "dc2.corp.example near located, dc1.corp.example",
			func(d directory) bool {
				return d.SiteFrom == "test" && d.Locator.Reply == answered && d.Near.Reply == answered
			},
		},
		"a site without records hides the others": {
			func(f *hosttest.Fake) { f.Join.Site = "Branch"; f.Network.SRV[branchName] = nil },
			"dc1.corp.example, dc2.corp.example", func(d directory) bool { return d.Near.Reply == refused && d.Near.Text != "" },
		},
		"no such record looks like silence": {
			func(f *hosttest.Fake) { f.Network.SRV[srvName] = nil }, "",
			func(d directory) bool { return d.Domain.Reply == refused && d.Locator.Reply == refused },
		},
		"silence looks like no such record": {
			func(f *hosttest.Fake) {
				f.Network.SRVErr[srvName] = &net.DNSError{Err: "i/o timeout", IsTimeout: true}
				f.LocateErr["corp.example"] = context.DeadlineExceeded
			}, "", func(d directory) bool { return d.Domain.Reply == silent && d.Locator.Reply == silent },
		},
		"a server's failure looks like no such record": {
			func(f *hosttest.Fake) {
				f.Network.SRVErr[srvName] = &net.DNSError{Err: "server misbehaving", IsTemporary: true}
				f.LocateErr["corp.example"] = host.ErrUnsupported
			}, "", func(d directory) bool { return d.Domain.Reply == odd && d.Locator.Reply == cannot },
		},
		"a locator's strange error is none": {
			func(f *hosttest.Fake) { f.LocateErr["corp.example"] = errors.New("5") }, "dc1.corp.example, dc2.corp.example",
			func(d directory) bool { return d.Locator.Reply == odd },
		},
		"a domain without a name is asked for": {
			func(f *hosttest.Fake) { f.Join.Domain = ""; f.LocateErr[""] = host.ErrNotFound }, "",
			func(d directory) bool { return d.Domain.Reply == cut && d.Domain.Text != "" },
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := hosttest.New(t)
			f.Join = host.Join{State: host.DomainJoined, Domain: "corp.example", How: "join"}
			f.LocateErr["corp.example"] = host.ErrNotFound
			f.Network.SRV[srvName] = srv("dc1", "dc2")
			c.set(f)
			l := &looker{machine: f.Machine(), join: f.Join}
			got := l.find(t.Context())
			if s := strings.Join(names(got), ", "); s != c.names {
				t.Errorf("found %s, want %s", s, c.names)
			}
			if !c.check(l.dir) {
				t.Errorf("%+v", l.dir)
			}
			if len(l.evidence) == 0 {
				t.Error("no evidence")
			}
		})
	}
}

// A large forest: DNS gives any eight, and only a controller can say which are near.
func TestControllersNearbyAreAskedAfterOneSaysWhereThisIs(t *testing.T) {
	live := serve(t, "corp.example", "Branch")
	f := hosttest.New(t)
	f.Join = host.Join{State: host.DomainJoined, Domain: "corp.example"}
	f.LocateErr["corp.example"] = host.ErrUnsupported
	var far []string
	for i := range 20 {
		n := fmt.Sprintf("far%d", i)
		far = append(far, n)
		addr := fmt.Sprintf("192.0.2.%d", 100+i)
		f.Network.Name(n+".corp.example", addr)
		f.Pings[addr] = hosttest.Pong{}
		live.at(f, addr)
	}
	f.Network.SRV[srvName] = srv(far...)
	f.Network.SRV[branchName] = srv("near1", far[0])
	f.Network.Name("near1.corp.example", "192.0.2.50")
	f.Pings["192.0.2.50"] = hosttest.Pong{}
	live.at(f, "192.0.2.50")
	l := &looker{machine: f.Machine(), join: f.Join}
	found := l.find(t.Context())
	l.resolve(t.Context(), found)
	l.probe(t.Context(), found)
	found = l.nearer(t.Context(), found)
	if got := names(found); len(got) != maxControllers+1 || got[0] != "far0.corp.example near" || got[maxControllers] != "near1.corp.example near" {
		t.Errorf("%q", got)
	}
	if l.dir.Site != "Branch" || l.dir.SiteFrom != "netlogon ping to far0.corp.example" || l.dir.Near.Found != 2 {
		t.Errorf("%+v", l.dir)
	}
	if c := found[maxControllers]; len(c.asked) != 1 || !c.asked[0].speaks() {
		t.Errorf("the near one was not asked: %+v", c)
	}
	told := len(l.evidence)
	if again := l.nearer(t.Context(), found); !slices.Equal(again, found) || len(l.evidence) != told {
		t.Error("a second look changes something")
	}
}

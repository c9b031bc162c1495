package proxy

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"linecheck/assets"
	"linecheck/checks"
	"linecheck/checks/host"
	"linecheck/checks/host/hosttest"
)

// mute is a network whose connections all stand and never say a word, in memory so that time can be virtual.
type mute struct {
	host.Network
	mu   sync.Mutex
	open int
	most int
}

func (m *mute) Dial(ctx context.Context, _ string, _ netip.AddrPort) (net.Conn, error) {
	near, far := net.Pipe()
	go io.Copy(io.Discard, far)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.open++
	m.most = max(m.most, m.open)
	return &counted{near, m}, nil
}

type counted struct {
	net.Conn
	m *mute
}

func (c *counted) Close() error {
	c.m.mu.Lock()
	c.m.open--
	c.m.mu.Unlock()
	return c.Conn.Close()
}

func silent(t *testing.T) (*hosttest.Fake, *assets.Profile) {
	m := hosttest.New(t)
	m.OS, m.Root = "linux", t.TempDir()
	m.Settings = []host.Setting{}
	return m, &assets.Profile{Name: "vendor", RunAs: "user",
		Endpoints: []assets.Endpoint{{Host: vendor, Scheme: "https", Port: 443, Path: "/", Required: true}}}
}

func TestSilenceIsToldByWhereItIs(t *testing.T) {
	cases := map[string]struct {
		setup func(m *hosttest.Fake) host.Network
		code  checks.Code
	}{
		"a proxy that takes the connection and says nothing": {func(m *hosttest.Fake) host.Network {
			m.Network.Name("gw.corp.example", "192.0.2.1")
			return &mute{Network: m.Machine().Network}
		}, "proxy.no_answer"},
		"a proxy whose port is silent": {func(m *hosttest.Fake) host.Network {
			m.Network.Name("gw.corp.example", "192.0.2.1")
			m.Network.Drop("192.0.2.1:8080")
			return m.Machine().Network
		}, "proxy.unreachable"},
		"a proxy whose name DNS does not answer for": {func(m *hosttest.Fake) host.Network {
			m.Network.Names["gw.corp.example"] = hosttest.Name{Silent: true}
			return m.Machine().Network
		}, "proxy.unresolvable"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			m, p := silent(t)
			m.Env["https_proxy"] = "gw.corp.example:8080"
			synctest.Test(t, func(t *testing.T) {
				machine := m.Machine()
				machine.Network = c.setup(m)
				begun := time.Now()
				res, err := check{}.Run(t.Context(), checks.Env{Machine: machine, Profile: p}, func(checks.Event) {})
				if err != nil {
					t.Fatal(err)
				}
				f := of(res, ofEnv)[0]
				if f.Code != c.code || f.Status != checks.Fail {
					t.Errorf("%s %s, want %s: %v", f.Code, f.Status, c.code, f.Evidence)
				}
				if took := time.Since(begun); took > (check{}).Spec().Timeout/2 {
					t.Errorf("it took %s", took)
				}
			})
		})
	}
}

func TestARunThatIsStoppedProvesNothing(t *testing.T) {
	m, p := silent(t)
	m.Env["https_proxy"] = "gw.corp.example:8080"
	m.Network.Name("gw.corp.example", "192.0.2.1")
	m.Network.Drop("192.0.2.1:8080")
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		res, err := check{}.Run(ctx, checks.Env{Machine: m.Machine(), Profile: p}, func(checks.Event) {})
		if err != nil {
			t.Fatal(err)
		}
		if f := of(res, ofEnv)[0]; f.Code != Source || f.Status != checks.Unknown || f.Arg("state") != "could not be tried" {
			t.Errorf("%s, %s", line(f), f.Arg("state"))
		}
		for _, f := range res.Findings {
			if f.Status == checks.Fail || f.Status == checks.Warn {
				t.Errorf("a stopped run found %s at fault", f.Code)
			}
		}
	})
}

func TestAPACFileThatNeverEndsIsGivenUp(t *testing.T) {
	m, p := silent(t)
	p.RunAs = "user"
	m.Settings = []host.Setting{{Source: "GNOME", Whose: you, Where: "gsettings", Modes: []host.Mode{host.PAC}, PACURL: pacURL}}
	m.Network.Name("pac.corp.example", "192.0.2.80")
	synctest.Test(t, func(t *testing.T) {
		machine := m.Machine()
		machine.Network = &mute{Network: machine.Network}
		begun := time.Now()
		res, err := check{}.Run(t.Context(), checks.Env{Machine: machine, Profile: p}, func(checks.Event) {})
		if err != nil {
			t.Fatal(err)
		}
		f := of(res, "GNOME/"+you)[0]
		if f.Code != PACUnavail || f.Status != checks.Note || f.Arg("failure") != string(checks.NoAnswerHTTP) || time.Since(begun) != pacWait {
			t.Errorf("%s %s %q after %s", f.Code, f.Status, f.Arg("failure"), time.Since(begun))
		}
	})
}

func TestManyProxiesAreTriedAFewAtATime(t *testing.T) {
	m, p := silent(t)
	var list []host.Setting
	for i := range 20 {
		name := fmt.Sprintf("gw%d.corp.example", i)
		m.Network.Name(name, "192.0.2.1")
		list = append(list, host.Setting{Source: "GNOME", Whose: fmt.Sprint(i), Modes: []host.Mode{host.Manual}, Server: name + ":8080"})
	}
	m.Settings = list
	synctest.Test(t, func(t *testing.T) {
		machine := m.Machine()
		net := &mute{Network: machine.Network}
		machine.Network = net
		var last checks.Progress
		var mu sync.Mutex
		res, err := check{}.Run(t.Context(), checks.Env{Machine: machine, Profile: p}, func(e checks.Event) {
			if p, ok := e.(checks.Progress); ok {
				mu.Lock()
				defer mu.Unlock()
				if p.Done > last.Done {
					last = p
				}
			}
		})
		if err != nil || len(coded(res, "proxy.no_answer")) != 20 {
			t.Fatalf("%v, %d of 20 found silent", err, len(coded(res, "proxy.no_answer")))
		}
		if net.most != mostAtOnce || net.open != 0 {
			t.Errorf("%d at once, %d left open; want %d and 0", net.most, net.open, mostAtOnce)
		}
		if last.Done != 20 || last.Total != 20 {
			t.Errorf("progress ended at %d of %d", last.Done, last.Total)
		}
	})
}

func TestEveryCodeReadsLikeASentence(t *testing.T) {
	texts, err := checks.ParseTexts("texts.yaml", texts)
	if err != nil {
		t.Fatal(err)
	}
	codes := check{}.Spec().Codes
	for code, x := range texts {
		if !slices.Contains(codes, code) {
			t.Errorf("%s has a text and is never reported", code)
		}
		if len(x.Title) > 40 || strings.HasSuffix(x.Title, ".") || !strings.HasSuffix(x.Text, ".") && !strings.HasSuffix(x.Text, "}") {
			t.Errorf("%s: title %q, text %q", code, x.Title, x.Text)
		}
	}
}

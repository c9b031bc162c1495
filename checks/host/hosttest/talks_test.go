package hosttest_test

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"testing"

	"linecheck/checks/host"
	"linecheck/checks/host/hosttest"
)

func TestTalksGoStepByStep(t *testing.T) {
	f := hosttest.New(t)
	if _, err := f.Machine().Logins.Begin("ntlm", "p"); !errors.Is(err, host.ErrUnsupported) {
		t.Errorf("a system without logins: %v", err)
	}
	talks := hosttest.NTLM()
	f.Logins = talks
	m := f.Machine()
	l, err := m.Logins.Begin("NTLM", "proxy.example")
	must(t, err)
	if b, err := l.Next(nil); err != nil || string(b) != "NTLMSSP\x00\x01\x00\x00\x00" {
		t.Errorf("first %q, %v", b, err)
	}
	if b, err := l.Next([]byte("NTLMSSP\x00\x02\x00\x00\x00")); err != nil || string(b) != "NTLMSSP\x00\x03\x00\x00\x00" {
		t.Errorf("then %q, %v", b, err)
	}
	if b, err := l.Next(nil); !errors.Is(err, host.ErrDenied) {
		t.Errorf("after the end %q, %v", b, err)
	}
	if talks.Open() != 1 {
		t.Error("an open login is not counted")
	}
	l.Close()
	l.Close()
	if talks.Open() != 0 || !slices.Equal(talks.Begun(), []string{"ntlm proxy.example"}) {
		t.Errorf("open %d, begun %q", talks.Open(), talks.Begun())
	}
	l, err = m.Logins.Begin("ntlm", "proxy.example")
	must(t, err)
	if _, err := l.Next([]byte("garbage")); !errors.Is(err, host.ErrDenied) {
		t.Errorf("garbage: %v", err)
	}
	if _, err := l.Next(nil); err == nil {
		t.Error("it goes on after garbage")
	}
	l.Close()
	if _, err := m.Logins.Begin("negotiate", "proxy.example"); !errors.Is(err, host.ErrUnsupported) {
		t.Errorf("a scheme that nobody prepared: %v", err)
	}
}

func TestForbiddenAddresses(t *testing.T) {
	f := hosttest.New(t)
	f.Network.Forbid("192.0.2.10:443", "192.0.2.1")
	f.Network.Forbid("[2001:db8::10]:443", "2001:db8::1")
	for _, to := range []string{"192.0.2.10:443", "[2001:db8::10]:443"} {
		_, err := f.Machine().Network.Dial(t.Context(), "tcp", netip.MustParseAddrPort(to))
		var b *host.Barred
		if !errors.As(err, &b) || !b.Prohibited() || !errors.Is(err, hosttest.NoRoute) {
			t.Errorf("%s: %v", to, err)
		}
	}
}

func TestRecordsAndLeasesAsPrepared(t *testing.T) {
	f := hosttest.New(t)
	n, p := f.Machine().Network, f.Machine().Proxies
	if _, err := n.Cached(t.Context()); !errors.Is(err, host.ErrUnsupported) {
		t.Errorf("a cache that nobody prepared: %v", err)
	}
	if _, _, err := p.Offered(t.Context()); !errors.Is(err, host.ErrNotFound) {
		t.Errorf("DHCP without the option: %v", err)
	}
	f.Network.Records = map[string][]host.Records{"ip4 door.example": {{Server: "192.0.2.53", Rcode: "NOERROR"}}}
	f.Network.Own = []netip.Addr{netip.MustParseAddr("192.0.2.9")}
	f.Network.Cached = []string{"door.example"}
	f.Offered = "http://wpad/wpad.dat"
	n.Addresses()[0] = netip.Addr{}
	if got := n.Addresses(); !got[0].IsValid() {
		t.Error("a caller changes the machine's addresses")
	}
	if r := n.Records(t.Context(), "ip4", "Door.example."); len(r) != 1 || r[0].Rcode != "NOERROR" {
		t.Errorf("%+v", r)
	}
	if names, err := n.Cached(t.Context()); err != nil || len(names) != 1 {
		t.Errorf("%q, %v", names, err)
	}
	if url, where, err := p.Offered(t.Context()); err != nil || url == "" || where == "" {
		t.Errorf("%q from %q, %v", url, where, err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if r := n.Records(gone, "ip4", "door.example"); len(r) != 1 || !errors.Is(r[0].Err, context.Canceled) || r[0].Rcode != "" {
		t.Errorf("called off: %+v", r)
	}
	if _, err := n.Cached(gone); !errors.Is(err, context.Canceled) {
		t.Errorf("called off: %v", err)
	}
	f.Network.CachedErr, f.OfferedErr = host.ErrDenied, host.ErrUnsupported
	if _, err := n.Cached(t.Context()); !errors.Is(err, host.ErrDenied) {
		t.Errorf("a cache that may not be read: %v", err)
	}
	if _, _, err := p.Offered(t.Context()); !errors.Is(err, host.ErrUnsupported) {
		t.Errorf("no DHCP client: %v", err)
	}
}

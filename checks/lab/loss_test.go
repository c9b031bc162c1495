package lab

import (
	"context"
	"crypto/tls"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"linecheck/checks/host"
)

// Large packets vanish in the directions that the scene tells; small ones pass, and so does what fits.
func TestLargePacketsVanish(t *testing.T) {
	for name, c := range map[string]struct {
		rule         string
		hello        int // bytes in the protocols' names, to make the greeting large
		usual, small bool
	}{
		"the server's certificates do not come": {"{large_lost: 1360}", 0, false, true},
		"a large greeting does not arrive":      {"{large_lost: 1360, large_way: out}", 1600, false, true},
		"a small greeting is answered in full":  {"{large_lost: 1360, large_way: out}", 0, true, true},
		"without a loss all is answered":        {"{}", 1600, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := begin(t, "network: {servers: {ok.vendor.example: "+c.rule+"}}")
			n := l.Machine().Network
			at := netip.AddrPortFrom(l.world.places["ok.vendor.example"].v4, 443)
			shake := func(conn net.Conn, err error) bool {
				if err != nil {
					t.Fatal(err)
				}
				defer conn.Close()
				_ = conn.SetDeadline(time.Now().Add(patience))
				cfg := &tls.Config{ServerName: "ok.vendor.example", RootCAs: l.Roots(), NextProtos: []string{"http/1.1"},
					CurvePreferences: []tls.CurveID{tls.X25519}} // a larger key would not fit one packet
				for range c.hello / 200 {
					cfg.NextProtos = append(cfg.NextProtos, strings.Repeat("x", 200))
				}
				return tls.Client(conn, cfg).Handshake() == nil
			}
			if got := shake(n.Dial(t.Context(), "tcp", at)); got != c.usual {
				t.Errorf("in packets of the usual size: %v, want %v", got, c.usual)
			}
			if got := shake(n.DialSmall(t.Context(), at)); got != c.small {
				t.Errorf("in small packets: %v, want %v", got, c.small)
			}
		})
	}
	for _, rule := range []string{"large_lost: 100", "large_lost: 1460", "large_way: in"} {
		text := "name: t\ntitle: t\nstory: s\nexpect: {status: warning}\nnetwork: {servers: {'*': {" + rule + "}}, proxies: {'gw:3128': {" + rule + "}}}"
		if _, err := Parse("t.yaml", []byte(text)); err == nil || strings.Count(err.Error(), "large_") < 2 {
			t.Errorf("%s, no size that is at least %d and less than a packet: %v", rule, host.SmallSegment, err)
		}
	}
}

// An answer that is cut short by UDP comes by TCP, or never where TCP is closed; only the asker's patience ends that.
func TestADNSAnswerThatIsCutShort(t *testing.T) {
	l := begin(t, "network: {names: {ok.vendor.example: {cut: by_tcp}, four.vendor.example: {cut: no_tcp}}}")
	n := l.Machine().Network
	if got, err := n.Lookup(t.Context(), "ip4", "ok.vendor.example"); err != nil || len(got) != 1 {
		t.Errorf("by TCP: %v, %v", got, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if got, err := n.Lookup(ctx, "ip4", "four.vendor.example"); err == nil {
		t.Errorf("without TCP: %v", got)
	}
}

package host

import (
	"errors"
	"net/netip"
	"testing"
)

func TestEchoSaysWhoRefused(t *testing.T) {
	router, router6 := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::1")
	for name, c := range map[string]struct {
		by     netip.Addr
		status uint32
		code   int
		heard  bool
	}{
		"no way to the host":            {router, 11003, 1, true},
		"no way to the network":         {router, 11002, 0, true},
		"a rule in IPv6":                {router6, 11004, 1, true},
		"no neighbour in IPv6":          {router6, 11003, 3, true},
		"a scope of IPv6":               {router6, 11045, 2, true},
		"another refusal in IPv6":       {router6, 11040, 0, false},
		"a packet that lived too long":  {router, 11013, 0, false},
		"a fault of this machine's own": {router, 11050, 0, false},
		"a message without its sender":  {netip.IPv4Unspecified(), 11003, 0, false},
	} {
		_, err := echoResult(1, nil, c.status, c.by, 0)
		var b *Barred
		if errors.As(err, &b) != c.heard || err == nil {
			t.Errorf("%s: %v", name, err)
		} else if b != nil && (b.By != c.by || b.Code != c.code) {
			t.Errorf("%s: heard %+v", name, b)
		}
	}
}

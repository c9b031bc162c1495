package host

import (
	"errors"
	"net/netip"
	"testing"
)

// What is not asked is not silent: a controller that the system names by an address of one link was never pinged.
func TestAnAddressThatIsNotPingedIsTakenForSilent(t *testing.T) {
	for _, a := range []string{"fe80::1%eth0", "ff02::1", "224.0.0.1", "0.0.0.0"} {
		if _, err := pingable(netip.MustParseAddr(a)); !errors.Is(err, ErrUnsupported) {
			t.Errorf("%s: %v", a, err)
		}
	}
	if a, err := pingable(netip.MustParseAddr("::ffff:192.0.2.1")); err != nil || a.String() != "192.0.2.1" {
		t.Errorf("%s, %v", a, err)
	}
}

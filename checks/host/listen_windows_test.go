package host

import (
	"errors"
	"net/netip"
	"os"
	"testing"

	"golang.org/x/sys/windows"
)

// TestBarredOfWindows needs a network that forbids an address by ICMP; whoever runs it there names the address.
func TestBarredOfWindows(t *testing.T) {
	to, err := netip.ParseAddrPort(os.Getenv("LINECHECK_TEST_BARRED"))
	if err != nil {
		t.Skip("no address that a router forbids was named (LINECHECK_TEST_BARRED=host:port)")
	}
	_, err = network{}.Dial(t.Context(), "tcp", to)
	var b *Barred
	if !errors.As(err, &b) || !b.Prohibited() || !errors.Is(err, windows.WSAEHOSTUNREACH) {
		t.Errorf("heard %v (%T)", err, err)
	}
}

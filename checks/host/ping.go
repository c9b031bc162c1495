package host

import (
	"fmt"
	"net/netip"
	"time"
)

// pingWait is how long an answer is waited for where the context has no end.
const pingWait = 4 * time.Second

// pingable returns the address in its plain form. One machine is asked, never a group, and none by an address of one link;
// the error is then [ErrUnsupported], since nothing was sent.
func pingable(addr netip.Addr) (netip.Addr, error) {
	addr = addr.Unmap()
	if !addr.IsValid() || addr.IsUnspecified() || addr.IsMulticast() || addr.Zone() != "" {
		return addr, fmt.Errorf("ping: %s is not the address of one machine: %w", addr, ErrUnsupported)
	}
	return addr, nil
}

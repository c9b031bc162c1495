package host

import (
	"context"
	"net/netip"
	"time"
)

type pinger struct{}

// Ping is not there yet.
func (pinger) Ping(context.Context, netip.Addr) (time.Duration, error) { return 0, ErrDenied }

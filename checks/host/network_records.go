package host

import (
	"context"
	"net/netip"
)

// Records is not built yet.
func (network) Records(context.Context, string, string) []Records { return nil }

// Addresses is not built yet.
func (network) Addresses() []netip.Addr { return nil }

// Cached is not built yet.
func (network) Cached(context.Context) ([]string, error) { return nil, ErrUnsupported }

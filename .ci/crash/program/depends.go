package main

import (
	"context"

	"linecheck/checks/host"
)

// depends knows what Wine 8 does not tell: it lists no dependents, for no service.
type depends struct{ host.Services }

// Of the stand-in on Windows: see standin.
const windowsProduct, windowsNeedsIt = "crashhoster", "crashagent"

func (d depends) Dependents(ctx context.Context, name string) ([]string, error) {
	out, err := d.Services.Dependents(ctx, name)
	if err != nil || len(out) > 0 || name != windowsProduct {
		return out, err
	}
	if s, err := d.Services.Query(ctx, windowsNeedsIt); err != nil || s.State == host.Stopped {
		return nil, nil // a machine without it
	}
	return []string{windowsNeedsIt}, nil
}

// machine is this one.
func machine() host.Machine {
	m := host.Local()
	if m.OS == "windows" {
		m.Services = depends{m.Services}
	}
	return m
}

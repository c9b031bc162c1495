package host

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"time"
)

// The monitor of systemd-resolved: varlink, one JSON object and a zero byte each way (varlink.org). Listing the cache
// came with systemd 254, and newer ones ask polkit for it. Source: systemd's own interface description,
// io.systemd.Resolve.Monitor; not tried against a running one.
const (
	resolvedMonitor = "/run/systemd/resolve/io.systemd.Resolve.Monitor"
	dumpCache       = `{"method":"io.systemd.Resolve.Monitor.DumpCache","parameters":{}}` + "\x00"
	maxDump         = 16 << 20 // resolved keeps 4,096 records for each interface
)

// Cached asks systemd-resolved. No other part of a Linux system keeps names that it would tell.
func (network) Cached(ctx context.Context) ([]string, error) { return askMonitor(ctx, resolvedMonitor) }

func askMonitor(ctx context.Context, path string) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, cachedWait)
	defer cancel()
	c, err := (&net.Dialer{}).DialContext(ctx, "unix", path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("systemd-resolved does not run: %w", ErrUnsupported)
	case Denied(err):
		return nil, fmt.Errorf("%w: %w", ErrDenied, err)
	case err != nil:
		return nil, err
	}
	defer c.Close()
	end, _ := ctx.Deadline()
	_ = c.SetDeadline(end)
	stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if _, err := io.WriteString(c, dumpCache); err != nil {
		return nil, err
	}
	b, err := bufio.NewReader(io.LimitReader(c, maxDump)).ReadBytes(0)
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return nil, fmt.Errorf("systemd-resolved: %w", ctx.Err())
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, fmt.Errorf("systemd-resolved: %w", context.DeadlineExceeded)
	case err != nil && len(b) >= maxDump:
		return nil, fmt.Errorf("systemd-resolved: its cache is larger than %d MiB: %w", maxDump>>20, ErrTooMany)
	case err != nil:
		return nil, fmt.Errorf("systemd-resolved: %w", err)
	}
	return monitorNames(b[:len(b)-1])
}

// monitorNames reads the answer of the monitor.
func monitorNames(b []byte) ([]string, error) {
	var answer struct {
		Error      string
		Parameters struct {
			Dump []struct {
				Cache []struct{ Key struct{ Name string } }
			}
		}
	}
	if err := json.Unmarshal(b, &answer); err != nil {
		return nil, fmt.Errorf("systemd-resolved: %w", err)
	}
	switch answer.Error {
	case "":
	case "org.varlink.service.MethodNotFound", "org.varlink.service.InterfaceNotFound", "org.varlink.service.MethodNotImplemented":
		return nil, fmt.Errorf("systemd-resolved is older than 254: %w", ErrUnsupported)
	case "org.varlink.service.PermissionDenied", "io.systemd.InteractiveAuthenticationRequired":
		return nil, fmt.Errorf("systemd-resolved: %w", ErrDenied)
	default:
		return nil, fmt.Errorf("systemd-resolved: %.200q", answer.Error)
	}
	var out cachedNames
	for _, scope := range answer.Parameters.Dump {
		for _, e := range scope.Cache {
			out.add(e.Key.Name)
		}
	}
	return out.names, nil
}

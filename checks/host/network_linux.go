package host

import (
	"errors"
	"io"
	"net/netip"
	"os"
	"slices"
)

const (
	resolvConf = "/etc/resolv.conf"
	// resolvedConf is where systemd-resolved writes whom it asks itself.
	resolvedConf = "/run/systemd/resolve/resolv.conf"
)

var stubResolver = netip.AddrFrom4([4]byte{127, 0, 0, 53})

func hostsPath() string { return "/etc/hosts" }

// nameServers reads resolv.conf. Behind the stub of systemd-resolved come the servers that it asks.
func nameServers() []netip.Addr {
	out := readNameservers(resolvConf)
	if slices.Contains(out, stubResolver) {
		for _, s := range readNameservers(resolvedConf) {
			if !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	}
	return out
}

func readNameservers(path string) []netip.Addr {
	f, err := openShared(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	return nameservers(f)
}

// openShared opens a file of the system, through links too: resolv.conf often is one.
func openShared(path string) (io.ReadCloser, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|openFlags, 0)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		f.Close()
		return nil, errors.Join(named("open", path, errSpecial), err)
	}
	return f, nil
}

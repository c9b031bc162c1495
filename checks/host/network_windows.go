package host

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"unsafe"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// siteLocal holds the addresses that Windows writes where no IPv6 server is configured; nobody answers there
// (RFC 3879 took them out of use).
var siteLocal = netip.MustParsePrefix("fec0::/10")

// nameServers are the DNS servers of all network adapters that are up, each once.
func nameServers() []netip.Addr {
	var out []netip.Addr
	_ = adapters(windows.GAA_FLAG_SKIP_UNICAST|windows.GAA_FLAG_SKIP_ANYCAST|windows.GAA_FLAG_SKIP_MULTICAST|windows.GAA_FLAG_SKIP_FRIENDLY_NAME, func(a *windows.IpAdapterAddresses) {
		if a.OperStatus != windows.IfOperStatusUp {
			return
		}
		for d := a.FirstDnsServerAddress; d != nil && len(out) < maxResolvers; d = d.Next {
			ip, ok := netip.AddrFromSlice(d.Address.IP())
			if !ok || siteLocal.Contains(ip) {
				continue
			}
			if ip = ip.Unmap(); ip.Is6() && ip.IsLinkLocalUnicast() {
				ip = ip.WithZone(strconv.FormatUint(uint64(a.Ipv6IfIndex), 10))
			}
			if !slices.Contains(out, ip) {
				out = append(out, ip)
			}
		}
	})
	return out
}

// adapters shows each network adapter to visit (learn.microsoft.com/windows/win32/api/iphlpapi/
// nf-iphlpapi-getadaptersaddresses).
func adapters(flags uint32, visit func(*windows.IpAdapterAddresses)) error {
	size := uint32(16 << 10) // what GetAdaptersAddresses recommends
	var err error
	for range 4 {
		buf := make([]uint64, size/8+1)
		size = uint32(len(buf) * 8)
		first := (*windows.IpAdapterAddresses)(unsafe.Pointer(&buf[0]))
		err = windows.GetAdaptersAddresses(windows.AF_UNSPEC, flags, 0, first, &size)
		if err == nil {
			for a := first; a != nil; a = a.Next {
				visit(a)
			}
			runtime.KeepAlive(buf)
			return nil
		}
		if !errors.Is(err, windows.ERROR_BUFFER_OVERFLOW) || size > 4<<20 {
			break
		}
	}
	return fmt.Errorf("GetAdaptersAddresses: %w", mapped(err))
}

// hostsPath is where the resolver looks: the folder can be moved in the registry.
func hostsPath() string {
	v, err := hives{}.Value(`HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters`, "DataBasePath")
	if err == nil && v.Text != "" {
		if dir, err := registry.ExpandString(v.Text); err == nil && filepath.IsAbs(dir) {
			return filepath.Join(dir, "hosts")
		}
	}
	dir, err := windows.GetSystemDirectory()
	if err != nil {
		dir = `C:\Windows\System32`
	}
	return filepath.Join(dir, `drivers\etc\hosts`)
}

func openShared(path string) (io.ReadCloser, error) { return Disk{}.Open(path) }

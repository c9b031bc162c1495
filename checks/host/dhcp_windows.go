package host

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	dhcpcsvc    = windows.NewLazySystemDLL("dhcpcsvc.dll")
	dhcpStart   = dhcpcsvc.NewProc("DhcpCApiInitialize")
	dhcpEnd     = dhcpcsvc.NewProc("DhcpCApiCleanup")
	dhcpRequest = dhcpcsvc.NewProc("DhcpRequestParams")
)

// dhcpParam is DHCPCAPI_PARAMS, dhcpParams is DHCPCAPI_PARAMS_ARRAY (dhcpcsdk.h).
type dhcpParam struct {
	flags, option uint32
	vendor        int32
	data          *byte
	size          uint32
}

type dhcpParams struct {
	count  uint32
	params *dhcpParam
}

const (
	dhcpSynchronous = 2    // DHCPCAPI_REQUEST_SYNCHRONOUS
	maxDHCPData     = 4096 // bytes of all options that were asked for
	maxDHCPAdapters = 16
	maxAdapterName  = 256
)

// Offered asks the DHCP client service for each adapter that is up and has its address by DHCP, as WinHTTP does for
// auto-detection. The service answers from its lease, or asks the DHCP server (learn.microsoft.com/windows/win32/api/
// dhcpcsdk/nf-dhcpcsdk-dhcprequestparams). Not tried on a real Windows; Wine cannot say.
func (systemProxies) Offered(ctx context.Context) (url, where string, err error) {
	if runtime.GOARCH != "amd64" && runtime.GOARCH != "arm64" {
		return "", "", fmt.Errorf("no way to call DhcpRequestParams on %s: %w", runtime.GOARCH, ErrUnsupported)
	}
	for _, p := range [...]*windows.LazyProc{dhcpStart, dhcpEnd, dhcpRequest} {
		if err := p.Find(); err != nil {
			return "", "", fmt.Errorf("%w: %w", ErrUnsupported, err)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, offeredWait)
	defer cancel()
	names, err := within(ctx, dhcpAdapters)
	if err != nil {
		return "", "", err
	}
	if len(names) == 0 {
		return "", "", fmt.Errorf("no adapter has its address by DHCP: %w", ErrNotFound)
	}
	type answer struct {
		url string
		err error
	}
	answers := make([]answer, len(names))
	var all sync.WaitGroup
	for i, name := range names {
		all.Go(func() {
			answers[i].url, answers[i].err = within(ctx, func() (string, error) { return dhcpOption(name) })
		})
	}
	all.Wait()
	err = ErrNotFound
	for i, a := range answers {
		if a.err == nil {
			return a.url, "DhcpRequestParams " + names[i] + ": option 252", nil
		}
		if !Absent(a.err) {
			err = fmt.Errorf("adapter %s: %w", names[i], a.err)
		}
	}
	return "", "", err
}

// dhcpAdapters names them by the GUID that DHCP knows them by.
func dhcpAdapters() ([]string, error) {
	var out []string
	err := adapters(windows.GAA_FLAG_SKIP_ANYCAST|windows.GAA_FLAG_SKIP_MULTICAST|windows.GAA_FLAG_SKIP_DNS_SERVER, func(a *windows.IpAdapterAddresses) {
		const dhcpEnabled = 4 // IP_ADAPTER_DHCP_ENABLED
		if a.OperStatus == windows.IfOperStatusUp && a.Flags&dhcpEnabled != 0 && a.AdapterName != nil && len(out) < maxDHCPAdapters {
			out = append(out, bytePtr(a.AdapterName, maxAdapterName))
		}
	})
	return out, err
}

func bytePtr(p *byte, most int) string {
	var b []byte
	for len(b) < most {
		c := *(*byte)(unsafe.Add(unsafe.Pointer(p), len(b)))
		if c == 0 {
			break
		}
		b = append(b, c)
	}
	return string(b)
}

// dhcpOption asks for option 252 of one adapter.
func dhcpOption(adapter string) (string, error) {
	name, err := windows.UTF16PtrFromString(adapter)
	if err != nil {
		return "", err
	}
	var version uint32
	if rc, _, _ := dhcpStart.Call(uintptr(unsafe.Pointer(&version))); rc != 0 {
		return "", dhcpError(syscall.Errno(rc))
	}
	defer dhcpEnd.Call()
	want := dhcpParam{option: optionWPAD}
	send, recv := dhcpParams{}, dhcpParams{count: 1, params: &want}
	buf := make([]uint64, maxDHCPData/8)
	size := uint32(maxDHCPData)
	var pin runtime.Pinner // the call follows pointers that Go does not see
	defer pin.Unpin()
	for _, p := range [...]any{name, &want, &send, &recv, &buf[0], &size} {
		pin.Pin(p)
	}
	args := []uintptr{dhcpSynchronous, 0, uintptr(unsafe.Pointer(name)), 0}
	if runtime.GOARCH == "amd64" { // a structure of 16 bytes goes by its address there, and in two registers on ARM64
		args = append(args, uintptr(unsafe.Pointer(&send)), uintptr(unsafe.Pointer(&recv)))
	} else {
		args = append(args, 0, 0, uintptr(recv.count), uintptr(unsafe.Pointer(recv.params)))
	}
	args = append(args, uintptr(unsafe.Pointer(&buf[0])), uintptr(unsafe.Pointer(&size)), 0)
	rc, _, _ := dhcpRequest.Call(args...)
	if rc != 0 {
		return "", dhcpError(syscall.Errno(rc))
	}
	return dhcpValue(unsafe.Slice((*byte)(unsafe.Pointer(&buf[0])), maxDHCPData), want)
}

// dhcpValue takes the option's bytes out of the buffer that they must lie in.
func dhcpValue(buf []byte, p dhcpParam) (string, error) {
	if p.data == nil || p.size == 0 {
		return "", ErrNotFound
	}
	at := uintptr(unsafe.Pointer(p.data)) - uintptr(unsafe.Pointer(&buf[0]))
	if at >= uintptr(len(buf)) || uintptr(p.size) > uintptr(len(buf))-at {
		return "", errors.New("DhcpRequestParams: its answer lies outside the buffer")
	}
	return wpadText(buf[at : at+uintptr(p.size)])
}

// dhcpError puts this package's errors to the numbers of DhcpRequestParams.
func dhcpError(no syscall.Errno) error {
	switch no {
	case windows.ERROR_FILE_NOT_FOUND, errDHCPNoOption:
		return fmt.Errorf("%w (%d)", ErrNotFound, uint32(no))
	case windows.ERROR_CALL_NOT_IMPLEMENTED, windows.ERROR_NOT_SUPPORTED, windows.ERROR_SERVICE_NOT_ACTIVE:
		return fmt.Errorf("%w (%d)", ErrUnsupported, uint32(no))
	}
	return mapped(no)
}

// errDHCPNoOption is ERROR_DHCP_OPTION_NOT_PRESENT (dhcpssdk.h).
const errDHCPNoOption = syscall.Errno(20010)

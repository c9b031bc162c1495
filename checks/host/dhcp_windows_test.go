package host

import (
	"context"
	"errors"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/windows"
)

func TestDHCPStructuresAreThoseOfWindows(t *testing.T) {
	if unsafe.Sizeof(uintptr(0)) != 8 {
		t.Skip("only 64-bit systems are asked")
	}
	if unsafe.Sizeof(dhcpParam{}) != 32 || unsafe.Offsetof(dhcpParam{}.data) != 16 || unsafe.Offsetof(dhcpParam{}.size) != 24 || unsafe.Sizeof(dhcpParams{}) != 16 {
		t.Error("the layout differs from dhcpcsdk.h")
	}
}

func TestDHCPAnswersLieInTheirBuffer(t *testing.T) {
	buf := []byte("xxhttp://w/wpad.dat\x00yy")
	other := []byte("http://evil/wpad.dat")
	for name, c := range map[string]struct {
		p    dhcpParam
		want string
		err  error
	}{
		"an address":                    {dhcpParam{data: &buf[2], size: 18}, "http://w/wpad.dat", nil},
		"nothing":                       {dhcpParam{}, "", ErrNotFound},
		"no bytes":                      {dhcpParam{data: &buf[2]}, "", ErrNotFound},
		"bytes that end behind it":      {dhcpParam{data: &buf[2], size: 1 << 20}, "", errAny},
		"a size that runs over the end": {dhcpParam{data: &buf[2], size: ^uint32(0)}, "", errAny},
		"bytes that lie somewhere else": {dhcpParam{data: &other[0], size: 4}, "", errAny},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := dhcpValue(buf, c.p)
			if got != c.want || c.err != errAny && !errors.Is(err, c.err) || c.err == errAny && (err == nil || Absent(err)) {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

func TestDHCPErrors(t *testing.T) {
	for no, want := range map[syscall.Errno]error{
		windows.ERROR_FILE_NOT_FOUND: ErrNotFound, errDHCPNoOption: ErrNotFound, windows.ERROR_ACCESS_DENIED: ErrDenied,
		windows.ERROR_CALL_NOT_IMPLEMENTED: ErrUnsupported,
	} {
		if err := dhcpError(no); !errors.Is(err, want) {
			t.Errorf("%d is %v, want %v", no, err, want)
		}
	}
}

func TestOfferedOfWindows(t *testing.T) {
	url, where, err := Local().Proxies.Offered(t.Context())
	t.Logf("%q from %q, %v", url, where, err)
	if err == nil && (url == "" || where == "") || err != nil && url != "" {
		t.Errorf("%q from %q, %v", url, where, err)
	}
	if underWine() && err == nil {
		t.Error("Wine asks no DHCP server")
	}
	if got, err := dhcpOption("{00000000-0000-0000-0000-000000000000}"); err == nil || got != "" {
		t.Errorf("an adapter that is not there: %q, %v", got, err)
	} else {
		t.Log("an adapter that is not there:", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := Local().Proxies.Offered(ctx); err == nil {
		t.Error("an answer without any time")
	}
}

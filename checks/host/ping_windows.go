package host

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

var (
	iphlpapi        = windows.NewLazySystemDLL("iphlpapi.dll")
	icmpCreateFile  = iphlpapi.NewProc("IcmpCreateFile")
	icmp6CreateFile = iphlpapi.NewProc("Icmp6CreateFile")
	icmpCloseHandle = iphlpapi.NewProc("IcmpCloseHandle")
	icmpSendEcho    = iphlpapi.NewProc("IcmpSendEcho")
	icmp6SendEcho2  = iphlpapi.NewProc("Icmp6SendEcho2")
)

// pinger asks the system to send echoes, which needs no rights
// (learn.microsoft.com/windows/win32/api/icmpapi/nf-icmpapi-icmpsendecho).
type pinger struct{}

func (pinger) Ping(ctx context.Context, addr netip.Addr) (time.Duration, error) {
	addr, err := pingable(addr)
	if err != nil {
		return 0, err
	}
	wait := pingWait
	if end, ok := ctx.Deadline(); ok {
		wait = time.Until(end)
	}
	ms := uint32(min(max(wait.Milliseconds(), 1), 60_000))
	send := echo6
	if addr.Is4() {
		send = echo4
	}
	took, err := within(ctx, func() (time.Duration, error) { return send(addr, ms) })
	if errors.Is(err, context.DeadlineExceeded) {
		err = os.ErrDeadlineExceeded
	}
	if err != nil {
		return 0, fmt.Errorf("ping %s: %w", addr, err)
	}
	return took, nil
}

// icmpFile opens what echoes are sent through.
func icmpFile(create *windows.LazyProc) (uintptr, error) {
	if err := create.Find(); err != nil {
		return 0, fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	h, _, err := create.Call()
	if windows.Handle(h) == windows.InvalidHandle {
		if errors.Is(err, windows.ERROR_CALL_NOT_IMPLEMENTED) {
			return 0, fmt.Errorf("%w: %w", ErrUnsupported, err)
		}
		return 0, mapped(err)
	}
	return h, nil
}

var echoData = [8]byte{'l', 'i', 'n', 'e', 'c', 'h', 'e', 'k'}

func echo4(addr netip.Addr, ms uint32) (time.Duration, error) {
	h, err := icmpFile(icmpCreateFile)
	if err != nil {
		return 0, err
	}
	defer icmpCloseHandle.Call(h)
	data := echoData
	var reply [64]uint64 // ICMP_ECHO_REPLY, the data, and 8 bytes for an ICMP error
	b := addr.As4()
	sent := time.Now()
	n, _, err := icmpSendEcho.Call(h, uintptr(binary.NativeEndian.Uint32(b[:])), uintptr(unsafe.Pointer(&data[0])),
		uintptr(len(data)), 0, uintptr(unsafe.Pointer(&reply[0])), unsafe.Sizeof(reply), uintptr(ms))
	took := time.Since(sent)
	// ICMP_ECHO_REPLY begins with Address, Status.
	head := (*[2]uint32)(unsafe.Pointer(&reply[0]))
	from := binary.NativeEndian.AppendUint32(nil, head[0])
	return echoResult(n, err, head[1], netip.AddrFrom4([4]byte(from)), took)
}

func echo6(addr netip.Addr, ms uint32) (time.Duration, error) {
	h, err := icmpFile(icmp6CreateFile)
	if err != nil {
		return 0, err
	}
	defer icmpCloseHandle.Call(h)
	data := echoData
	var reply [64]uint64
	from := windows.RawSockaddrInet6{Family: windows.AF_INET6}
	to := windows.RawSockaddrInet6{Family: windows.AF_INET6, Addr: addr.As16()}
	sent := time.Now()
	n, _, err := icmp6SendEcho2.Call(h, 0, 0, 0, uintptr(unsafe.Pointer(&from)), uintptr(unsafe.Pointer(&to)),
		uintptr(unsafe.Pointer(&data[0])), uintptr(len(data)), 0, uintptr(unsafe.Pointer(&reply[0])), unsafe.Sizeof(reply), uintptr(ms))
	took := time.Since(sent)
	// ICMPV6_ECHO_REPLY begins with IPV6_ADDRESS_EX, 26 bytes packed with the address at 6, then Status at the next
	// multiple of 4.
	by := netip.AddrFrom16([16]byte((*[26]byte)(unsafe.Pointer(&reply[0]))[6:22]))
	return echoResult(n, err, (*[8]uint32)(unsafe.Pointer(&reply[0]))[7], by, took)
}

// IP_STATUS_BASE and the codes that are told apart (ipexport.h).
const (
	ipSuccess  = 0
	ipTimedOut = 11010
)

var ipStatus = map[uint32]string{
	11002: "destination network unreachable", 11003: "destination host unreachable", 11004: "destination protocol unreachable",
	11005: "destination port unreachable", 11009: "packet too big", 11012: "bad route", 11013: "TTL expired in transit",
	11018: "bad destination", 11040: "destination unreachable", 11041: "time exceeded", 11044: "ICMP error",
	11045: "beyond the scope of the source address", 11050: "general failure: this computer did not send it",
}

// ipCode4 and ipCode6 are the codes of ICMP's "destination unreachable" that a status stands for. IPv6 has other ones under
// the same numbers: 11004 is "administratively prohibited" there.
var (
	ipCode4 = map[uint32]int{11002: 0, 11003: 1, 11004: 2, 11005: 3}
	ipCode6 = map[uint32]int{11002: 0, 11003: 3, 11004: 1, 11005: 4, 11045: 2}
)

// echoResult: by is who answered, where replies is not 0.
func echoResult(replies uintptr, err error, status uint32, by netip.Addr, took time.Duration) (time.Duration, error) {
	code := status
	if replies == 0 {
		var no syscall.Errno
		if !errors.As(err, &no) {
			return 0, err
		}
		code = uint32(no)
	}
	codes := ipCode4
	if by.Is6() {
		codes = ipCode6
	}
	switch icmp, ok := codes[code]; {
	case replies > 0 && code == ipSuccess:
		return took, nil
	case code == ipTimedOut:
		return 0, os.ErrDeadlineExceeded
	case ok && replies > 0 && by.IsValid() && !by.IsUnspecified():
		return 0, &Barred{By: by, Code: icmp, Err: fmt.Errorf("status %d", code)}
	case ipStatus[code] != "":
		return 0, fmt.Errorf("%s (%d)", ipStatus[code], code)
	case code == 0:
		return 0, errors.New("the system gave no reason")
	}
	return 0, mapped(syscall.Errno(code))
}

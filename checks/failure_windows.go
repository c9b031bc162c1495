package checks

import (
	"syscall"

	"golang.org/x/sys/windows"
)

// Windows Sockets Error Codes, learn.microsoft.com/windows/win32/winsock/windows-sockets-error-codes-2.
var errnos = map[syscall.Errno]Failure{
	windows.WSAECONNREFUSED:  Refused,
	windows.WSAETIMEDOUT:     Dropped,
	windows.WSAECONNRESET:    ResetLater,
	windows.WSAECONNABORTED:  ResetLater,
	windows.WSAENETUNREACH:   NoRoute,
	windows.WSAEHOSTUNREACH:  NoRoute,
	windows.WSAEACCES:        LocalBlock,
	windows.WSAENETDOWN:      NoRoute,
	windows.WSAEADDRNOTAVAIL: NoRoute,
	windows.WSAEAFNOSUPPORT:  NoRoute,
	windows.WSAENETRESET:     ResetLater,
	windows.WSAESHUTDOWN:     ResetLater,

	// System Error Codes: what the same conditions are called where the kernel answers before Winsock.
	windows.ERROR_CONNECTION_REFUSED:  Refused,
	windows.ERROR_SEM_TIMEOUT:         Dropped,
	windows.ERROR_NETNAME_DELETED:     ResetLater,
	windows.ERROR_CONNECTION_ABORTED:  ResetLater,
	windows.ERROR_NETWORK_UNREACHABLE: NoRoute,
	windows.ERROR_HOST_UNREACHABLE:    NoRoute,
}

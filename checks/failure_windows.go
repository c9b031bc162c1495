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
	windows.WSAENETDOWN:      NoRoute,
	windows.WSAEADDRNOTAVAIL: NoRoute,
	windows.WSAEACCES:        LocalBlock,
	windows.WSAEAFNOSUPPORT:  NoRoute,
}

package hosttest

import "golang.org/x/sys/windows"

// Errors of a connection, as this system numbers them.
const (
	Refused = windows.WSAECONNREFUSED
	NoRoute = windows.WSAEHOSTUNREACH
)

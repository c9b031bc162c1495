package hosttest

import "syscall"

// Errors of a connection, as this system numbers them.
const (
	Refused = syscall.ECONNREFUSED
	NoRoute = syscall.EHOSTUNREACH
)

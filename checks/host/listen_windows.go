package host

import "syscall"

// ownPort is not known before a socket connects: Go binds it itself, and binds only once. The target must do; two
// connections to one target share the way that it is about.
func ownPort(syscall.RawConn, bool) uint16 { return 0 }

package checks

import "syscall"

// errno(3). EPERM comes from a local netfilter rule, ECONNREFUSED also from an ICMP port-unreachable.
var errnos = map[syscall.Errno]Failure{
	syscall.ECONNREFUSED:  Refused,
	syscall.ETIMEDOUT:     Dropped,
	syscall.ECONNRESET:    ResetLater,
	syscall.EPIPE:         ResetLater,
	syscall.ECONNABORTED:  ResetLater,
	syscall.ENETUNREACH:   NoRoute,
	syscall.EHOSTUNREACH:  NoRoute,
	syscall.ENETDOWN:      NoRoute,
	syscall.EADDRNOTAVAIL: NoRoute,
	syscall.EAFNOSUPPORT:  NoRoute,
	syscall.EPERM:         LocalBlock,
	syscall.EACCES:        LocalBlock,
}

package checks

import (
	"io"
	"log"
	"runtime"
	"syscall"
)

var quiet = log.New(io.Discard, "", 0)

// The numbers of the system that the test runs on: errno(3) of Linux, Windows Sockets Error Codes.
var errTimedOut, errNoNet, errNotAllowed = numbers()

func numbers() (timedOut, noNet, notAllowed syscall.Errno) {
	if runtime.GOOS == "windows" {
		return 10060, 10051, 10013
	}
	return 110, 101, 1
}

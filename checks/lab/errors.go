package lab

import (
	"context"
	"net"
	"net/netip"
	"os"
	"syscall"
)

// failed is the error of a dial as package net would return it.
func failed(network string, to netip.AddrPort, err error) error {
	if no, ok := err.(syscall.Errno); ok {
		err = os.NewSyscallError("connect", no)
	}
	return &net.OpError{Op: "dial", Net: network, Addr: net.TCPAddrFromAddrPort(to), Err: err}
}

// waited is what package net says of a wait that a context ended.
func waited(ctx context.Context) error {
	if ctx.Err() == context.Canceled {
		return canceled{}
	}
	return timeout{}
}

type timeout struct{}

func (timeout) Error() string   { return "i/o timeout" }
func (timeout) Timeout() bool   { return true }
func (timeout) Temporary() bool { return true }
func (timeout) Is(target error) bool {
	return target == context.DeadlineExceeded || target == os.ErrDeadlineExceeded
}

type canceled struct{}

func (canceled) Error() string        { return "operation was canceled" }
func (canceled) Is(target error) bool { return target == context.Canceled }

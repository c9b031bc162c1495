package host

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"time"

	"golang.org/x/net/icmp"
	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
	"golang.org/x/sys/unix"
)

// pinger sends echoes through a datagram socket where net.ipv4.ping_group_range allows it (icmp(7)), else through a raw
// one, which needs CAP_NET_RAW.
type pinger struct{}

func (pinger) Ping(ctx context.Context, addr netip.Addr) (time.Duration, error) {
	addr, err := pingable(addr)
	if err != nil {
		return 0, err
	}
	if err := ctx.Err(); err != nil {
		return 0, pingError(ctx, addr, err)
	}
	f, raw, err := echoSocket(addr)
	if err != nil {
		return 0, fmt.Errorf("ping %s: %w", addr, err)
	}
	defer f.Close()
	end, ok := ctx.Deadline()
	if !ok {
		end = time.Now().Add(pingWait)
	}
	if err := f.SetDeadline(end); err != nil {
		return 0, fmt.Errorf("ping %s: %w", addr, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = f.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	took, err := echo(f, addr, raw)
	if err != nil {
		return 0, pingError(ctx, addr, reported(f, err))
	}
	return took, nil
}

// pingError tells the end of the time that was given from a caller who no longer wants to know.
func pingError(ctx context.Context, addr netip.Addr, err error) error {
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		err = ctx.Err()
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		err = os.ErrDeadlineExceeded
	}
	var barred *Barred
	if errors.As(err, &barred) {
		return fmt.Errorf("ping %s: %w", addr, barred)
	}
	return fmt.Errorf("ping %s: %w", addr, bare(err))
}

// echoSocket is connected, so that the system drops what others send and reports ICMP errors as errors of a read.
func echoSocket(addr netip.Addr) (f *os.File, raw bool, err error) {
	family, proto, level, option := unix.AF_INET, unix.IPPROTO_ICMP, unix.IPPROTO_IP, unix.IP_RECVERR
	if addr.Is6() {
		family, proto, level, option = unix.AF_INET6, unix.IPPROTO_ICMPV6, unix.IPPROTO_IPV6, unix.IPV6_RECVERR
	}
	var fd int
	for _, kind := range [...]int{unix.SOCK_DGRAM, unix.SOCK_RAW} {
		raw = kind == unix.SOCK_RAW
		fd, err = unix.Socket(family, kind|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, proto)
		if err == nil || !errors.Is(err, os.ErrPermission) {
			break
		}
	}
	if errors.Is(err, os.ErrPermission) {
		return nil, raw, fmt.Errorf("%w: %w", ErrDenied, err)
	}
	if err != nil {
		return nil, raw, os.NewSyscallError("socket", err)
	}
	var to unix.Sockaddr = &unix.SockaddrInet4{}
	if addr.Is4() {
		to = &unix.SockaddrInet4{Addr: addr.As4()}
	} else {
		to = &unix.SockaddrInet6{Addr: addr.As16()}
	}
	err = unix.SetsockoptInt(fd, level, option, 1)
	if err == nil {
		err = unix.Connect(fd, to)
	}
	if err != nil {
		unix.Close(fd)
		return nil, raw, os.NewSyscallError("connect", err)
	}
	return os.NewFile(uintptr(fd), "ICMP"), raw, nil
}

// echo sends one request and waits for its answer. A raw socket sees every ICMP packet, on loopback its own request
// too, so type, sequence and a random token must be the request's.
func echo(f *os.File, addr netip.Addr, raw bool) (time.Duration, error) {
	token := make([]byte, 16)
	rand.Read(token)
	// A datagram socket's ID is given by the system.
	body := icmp.Echo{ID: int(binary.BigEndian.Uint16(token)), Seq: 1, Data: token}
	request, answer, proto := icmp.Type(ipv4.ICMPTypeEcho), icmp.Type(ipv4.ICMPTypeEchoReply), 1
	if addr.Is6() {
		request, answer, proto = ipv6.ICMPTypeEchoRequest, ipv6.ICMPTypeEchoReply, 58
	}
	b, err := (&icmp.Message{Type: request, Body: &body}).Marshal(nil)
	if err != nil {
		return 0, err
	}
	sent := time.Now()
	if _, err := f.Write(b); err != nil {
		if errors.Is(err, unix.EPERM) {
			err = fmt.Errorf("this machine's own firewall keeps it in: %w", bare(err))
		}
		return 0, err
	}
	buf := make([]byte, 1500)
	for {
		n, err := f.Read(buf)
		if err != nil {
			return 0, err
		}
		took, packet := time.Since(sent), buf[:n]
		if raw && addr.Is4() {
			packet = behindHeader(packet)
		}
		m, err := icmp.ParseMessage(proto, packet)
		if err != nil || m.Type != answer {
			continue
		}
		e, ok := m.Body.(*icmp.Echo)
		if ok && e.Seq == body.Seq && bytes.Equal(e.Data, token) && (!raw || e.ID == body.ID) {
			return took, nil
		}
	}
}

// behindHeader takes away the IPv4 header that a raw socket delivers.
func behindHeader(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	if n := int(b[0]&0x0f) * 4; n <= len(b) {
		return b[n:]
	}
	return nil
}

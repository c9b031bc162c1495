package host

import (
	"context"
	"encoding/binary"
	"errors"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestPingBarredInANetworkOfItsOwn runs TestPingBarredInside in a network with a router of its own.
func TestPingBarredInANetworkOfItsOwn(t *testing.T) {
	for _, tool := range [...]string{"nft", "ip", "nsenter"} {
		if _, err := find(tool); err != nil {
			t.Skip("the router is built with a program that is not here:", err)
		}
	}
	if out := alone(t, "TestPingBarredInside"); strings.Contains(out, "--- SKIP") {
		t.Log(out)
	}
}

const ownRules = `
table inet own {
	chain output {
		type filter hook output priority 0; policy accept;
		ip daddr 198.51.100.20 drop
		ip daddr 198.51.100.21 reject with icmpx type admin-prohibited
	}
}
`

func TestPingBarredInside(t *testing.T) {
	if os.Getenv(insideVar) == "" {
		t.Skip("runs inside TestPingBarredInANetworkOfItsOwn")
	}
	router(t)
	path, err := find("nft")
	must(t, err)
	c := exec.Command(path, "-f", "-")
	c.Stdin = strings.NewReader(ownRules)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	ask := func(t *testing.T, raw bool) {
		f, isRaw, err := echoSocket(netip.MustParseAddr("192.0.2.1"))
		must(t, err)
		f.Close()
		if isRaw != raw {
			t.Fatalf("a raw socket: %v", isRaw)
		}
		for name, c := range map[string]struct {
			to, by string
			code   int
			no     error
			text   string
		}{
			"a router's rule":                 {"198.51.100.13", "192.0.2.1", 13, unix.EHOSTUNREACH, "administratively prohibited"},
			"a router that knows no host":     {"198.51.100.11", "192.0.2.1", 1, unix.EHOSTUNREACH, "host unreachable"},
			"a router without a way":          {"198.51.100.10", "192.0.2.1", 0, unix.ENETUNREACH, "network unreachable"},
			"a router's rule in IPv6":         {"2001:db8:2::13", "2001:db8:1::1", 1, unix.EACCES, "administratively prohibited"},
			"a router that knows no IPv6 one": {"2001:db8:2::11", "2001:db8:1::1", 3, unix.EHOSTUNREACH, "address unreachable"},
			"silence":                         {"198.51.100.5", "", 0, os.ErrDeadlineExceeded, "timeout"},
			"this machine's rule that drops":  {"198.51.100.20", "", 0, unix.EPERM, "own firewall"},
			"this machine's rule that speaks": {"198.51.100.21", "192.0.2.9", 13, unix.EPERM, "own firewall"},
		} {
			ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
			if c.by != "" {
				cancel()
				ctx, cancel = context.WithTimeout(t.Context(), 10*time.Second)
			}
			_, err := pinger{}.Ping(ctx, netip.MustParseAddr(c.to))
			cancel()
			if !errors.Is(err, c.no) || errors.Is(err, ErrDenied) || !strings.Contains(err.Error(), c.text) {
				t.Errorf("%s: %v", name, err)
			}
			var b *Barred
			if errors.As(err, &b) != (c.by != "") {
				t.Errorf("%s: %v", name, err)
			} else if b != nil && (b.By.String() != c.by || b.Code != c.code) {
				t.Errorf("%s: heard %+v", name, b)
			}
		}
	}
	t.Run("by a raw socket", func(t *testing.T) { ask(t, true) })
	must(t, os.WriteFile("/proc/sys/net/ipv4/ping_group_range", []byte("0 0"), 0))
	t.Run("by a datagram socket", func(t *testing.T) { ask(t, false) })
}

func TestQueuedErrors(t *testing.T) {
	message := func(level, kind int, origin, icmp, code byte, sender []byte) []byte {
		data := append([]byte{0, 0, 0, 0, origin, icmp, code, 0, 0, 0, 0, 0, 0, 0, 0, 0}, sender...)
		b := make([]byte, unix.CmsgSpace(len(data)))
		if unix.SizeofCmsghdr == 16 {
			binary.NativeEndian.PutUint64(b, uint64(unix.CmsgLen(len(data))))
		} else {
			binary.NativeEndian.PutUint32(b, uint32(unix.CmsgLen(len(data))))
		}
		binary.NativeEndian.PutUint32(b[unix.SizeofCmsghdr-8:], uint32(level))
		binary.NativeEndian.PutUint32(b[unix.SizeofCmsghdr-4:], uint32(kind))
		copy(b[unix.SizeofCmsghdr:], data)
		return b
	}
	four := append(binary.NativeEndian.AppendUint16(nil, unix.AF_INET), 0, 0, 192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0)
	for name, c := range map[string]struct {
		oob  []byte
		want bool
	}{
		"a router's word is lost":                {message(unix.IPPROTO_IP, unix.IP_RECVERR, 2, 3, 13, four), true},
		"this machine's own error is a router's": {message(unix.IPPROTO_IP, unix.IP_RECVERR, 1, 3, 13, four), false},
		"a packet that lived too long is a rule": {message(unix.IPPROTO_IP, unix.IP_RECVERR, 2, 11, 0, four), false},
		"a sender that is cut off is read":       {message(unix.IPPROTO_IP, unix.IP_RECVERR, 2, 3, 13, four[:4]), false},
		"an IPv4 sender is read as one of IPv6":  {message(unix.IPPROTO_IPV6, unix.IPV6_RECVERR, 3, 1, 1, four), false},
		"rubbish is read":                        {[]byte{1, 2, 3}, false},
		"nothing is read":                        {nil, false},
	} {
		if b := queued(c.oob); (b != nil) != c.want || b != nil && b.By.String() != "192.0.2.1" {
			t.Errorf("%s: %+v", name, b)
		}
	}
	if err := reported(os.NewFile(^uintptr(0), "closed"), syscall.EIO); err != syscall.EIO {
		t.Errorf("a socket that is gone: %v", err)
	}
}

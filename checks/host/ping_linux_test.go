package host

import (
	"context"
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

const insideVar = "LINECHECK_TEST_NETWORK"

// alone runs one test again in a process with a network of its own, as the root of that network, and gives what it says.
func alone(t *testing.T, test string) string {
	t.Helper()
	return namespaced(t, syscall.CLONE_NEWNET, insideVar+"=1", test)
}

// TestPingInANetworkOfItsOwn runs TestPingInside in a network where it may change what the kernel allows.
func TestPingInANetworkOfItsOwn(t *testing.T) { alone(t, "TestPingInside") }

func TestPingInside(t *testing.T) {
	if os.Getenv(insideVar) == "" {
		t.Skip("runs inside TestPingInANetworkOfItsOwn")
	}
	up(t)
	kernel := func(name, value string) {
		t.Helper()
		must(t, os.WriteFile("/proc/sys/net/ipv4/"+name, []byte(value), 0))
	}
	ping := func(addr string) (time.Duration, error) {
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		defer cancel()
		return pinger{}.Ping(ctx, netip.MustParseAddr(addr))
	}
	both := func(t *testing.T, wantRaw bool) {
		f, raw, err := echoSocket(netip.MustParseAddr("127.0.0.1"))
		must(t, err)
		f.Close()
		if raw != wantRaw {
			t.Fatalf("a raw socket: %v", raw)
		}
		for _, addr := range []string{"127.0.0.1", "127.0.0.2", "::1"} {
			if took, err := ping(addr); err != nil || took <= 0 {
				t.Errorf("ping %s = %v, %v", addr, took, err)
			}
		}
		// The kernel answers no more: a raw socket still sees its own request, which must not count.
		kernel("icmp_echo_ignore_all", "1")
		defer kernel("icmp_echo_ignore_all", "0")
		if took, err := ping("127.0.0.1"); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("silence = %v, %v", took, err)
		}
		if _, err := ping("192.0.2.1"); !errors.Is(err, unix.ENETUNREACH) {
			t.Errorf("without a route: %v", err)
		}
	}
	// A new network begins with no group allowed, and cannot be put back to that.
	t.Run("by a raw socket", func(t *testing.T) { both(t, true) })
	t.Run("neither is allowed", func(t *testing.T) {
		// A new user namespace has no right in this network.
		c := exec.Command("/proc/self/exe", "-test.run=^TestPingDenied$", "-test.v")
		c.Env = append(os.Environ(), insideVar+"=denied")
		c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER}
		if out, err := c.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: TestPingDenied") {
			t.Errorf("%v\n%s", err, out)
		}
	})
	kernel("ping_group_range", "0 0")
	t.Run("by a datagram socket", func(t *testing.T) { both(t, false) })
}

func TestPingDenied(t *testing.T) {
	if os.Getenv(insideVar) != "denied" {
		t.Skip("runs inside TestPingInside")
	}
	if _, err := (pinger{}).Ping(t.Context(), netip.MustParseAddr("127.0.0.1")); !errors.Is(err, ErrDenied) || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("Ping = %v", err)
	}
}

// up switches the loopback interface on.
func up(t *testing.T) {
	t.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	must(t, err)
	defer unix.Close(fd)
	r, err := unix.NewIfreq("lo")
	must(t, err)
	r.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	must(t, unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, r))
}

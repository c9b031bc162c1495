package host

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestBarredInANetworkOfItsOwn runs TestBarredInside in a network with a router of its own.
func TestBarredInANetworkOfItsOwn(t *testing.T) {
	for _, tool := range [...]string{"nft", "ip", "nsenter"} {
		if _, err := find(tool); err != nil {
			t.Skip("the router is built with a program that is not here:", err)
		}
	}
	if out := alone(t, "TestBarredInside"); strings.Contains(out, "--- SKIP") {
		t.Log(out)
	}
}

const routerRules = `
table inet barring {
	chain forward {
		type filter hook forward priority 0; policy accept;
		tcp dport 8001 reject with icmpx type admin-prohibited
		tcp dport 8002 reject with icmpx type host-unreachable
		tcp dport 8003 reject with icmpx type port-unreachable
		tcp dport 8004 reject with tcp reset
		tcp dport 8005 drop
		tcp dport 8006 reject with icmpx type no-route
		ip daddr 198.51.100.13 reject with icmpx type admin-prohibited
		ip daddr 198.51.100.11 reject with icmpx type host-unreachable
		ip daddr 198.51.100.10 reject with icmpx type no-route
		ip daddr 198.51.100.5 drop
		ip6 daddr 2001:db8:2::13 reject with icmpx type admin-prohibited
		ip6 daddr 2001:db8:2::11 reject with icmpx type host-unreachable
	}
}
`

// router is a process in a network of its own behind this one: 192.0.2.1 and 2001:db8:1::1, in front of the networks
// 198.51.100.0/24 and 2001:db8:2::/64, where nobody lives.
func router(t *testing.T) {
	t.Helper()
	sh := func(stdin string, args ...string) {
		t.Helper()
		path, err := find(args[0])
		must(t, err)
		c := exec.Command(path, args[1:]...)
		c.Stdin = strings.NewReader(stdin)
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%q: %v\n%s", args, err, out)
		}
	}
	far := exec.Command("/proc/self/exe", "-test.run=^TestRouterProcess$")
	far.Env = append(os.Environ(), insideVar+"=router")
	far.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET, Pdeathsig: syscall.SIGKILL}
	hold, err := far.StdinPipe()
	must(t, err)
	ready, err := far.StdoutPipe()
	must(t, err)
	must(t, far.Start())
	t.Cleanup(func() { hold.Close(); _ = far.Wait() })
	_, err = ready.Read(make([]byte, 1))
	must(t, err)
	pid := strconv.Itoa(far.Process.Pid)
	up(t)
	sh("", "ip", "link", "add", "near", "type", "veth", "peer", "name", "far", "netns", pid)
	sh("", "ip", "link", "set", "near", "up")
	sh("", "ip", "addr", "add", "192.0.2.9/24", "dev", "near")
	sh("", "ip", "addr", "add", "2001:db8:1::9/64", "dev", "near", "nodad")
	in := []string{"nsenter", "-t", pid, "-n", "--"}
	for _, line := range [...]string{
		"ip link set lo up", "ip link set far up", "ip addr add 192.0.2.1/24 dev far", "ip addr add 2001:db8:1::1/64 dev far nodad",
		"ip link add inner type veth peer name inner2", "ip link set inner up", "ip link set inner2 up",
		"ip addr add 198.51.100.1/24 dev inner", "ip addr add 2001:db8:2::1/64 dev inner nodad",
	} {
		sh("", append(in, strings.Fields(line)...)...)
	}
	sh("", append(in, "sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding; "+
		"echo 0 >/proc/sys/net/ipv4/icmp_ratelimit; echo 0 >/proc/sys/net/ipv6/icmp/ratelimit")...)
	sh(routerRules, append(in, "nft", "-f", "-")...)
	sh("", "ip", "route", "add", "default", "via", "192.0.2.1")
	sh("", "ip", "-6", "route", "add", "default", "via", "2001:db8:1::1")
}

func addAddress(a string) error {
	path, err := find("ip")
	if err != nil {
		return err
	}
	return exec.Command(path, "addr", "add", a, "dev", "near").Run()
}

// TestRouterProcess is the router: it holds its network until its standard input ends.
func TestRouterProcess(t *testing.T) {
	if os.Getenv(insideVar) != "router" {
		t.Skip("runs inside TestBarredInside")
	}
	os.Stdout.WriteString("x")
	_, _ = os.Stdin.Read(make([]byte, 1))
}

func TestBarredInside(t *testing.T) {
	if os.Getenv(insideVar) != "1" {
		t.Skip("runs inside TestBarredInANetworkOfItsOwn")
	}
	router(t)
	const none = -1
	for name, c := range map[string]struct {
		to, by     string
		code       int
		no         syscall.Errno
		prohibited bool
	}{
		"a rule that says so":                              {"198.51.100.7:8001", "192.0.2.1", 13, unix.EHOSTUNREACH, true},
		"a rule that feigns a host that is gone":           {"198.51.100.7:8002", "192.0.2.1", 1, unix.EHOSTUNREACH, false},
		"a rule that feigns a closed port":                 {"198.51.100.7:8003", "192.0.2.1", 3, unix.ECONNREFUSED, false},
		"a reset has no message":                           {"198.51.100.7:8004", "", none, unix.ECONNREFUSED, false},
		"a router without a way":                           {"198.51.100.7:8006", "192.0.2.1", 0, unix.ENETUNREACH, false},
		"a rule that says so in IPv6":                      {"[2001:db8:2::7]:8001", "2001:db8:1::1", 1, unix.EACCES, true},
		"a rule that feigns an address that is gone, IPv6": {"[2001:db8:2::7]:8002", "2001:db8:1::1", 3, unix.EHOSTUNREACH, false},
		"a rule that feigns a closed port in IPv6":         {"[2001:db8:2::7]:8003", "2001:db8:1::1", 4, unix.ECONNREFUSED, false},
		"a router without a way in IPv6":                   {"[2001:db8:2::7]:8006", "2001:db8:1::1", 0, unix.ENETUNREACH, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := network{}.Dial(t.Context(), "tcp", netip.MustParseAddrPort(c.to))
			if !errors.Is(err, c.no) {
				t.Errorf("%v (%T) is not %v", err, err, c.no)
			}
			var b *Barred
			if !errors.As(err, &b) {
				if c.code != none {
					t.Errorf("nothing was heard: %v", err)
				}
				return
			}
			if b.By.String() != c.by || b.Code != c.code || b.Prohibited() != c.prohibited {
				t.Errorf("heard %+v", b)
			}
		})
	}
	t.Run("the address that leads out comes first, and link-local ones not at all", func(t *testing.T) {
		must(t, addAddress("198.18.0.1/32"))
		var got []string
		for _, a := range (network{}).Addresses() {
			got = append(got, a.String())
		}
		if strings.Join(got, " ") != "192.0.2.9 2001:db8:1::9 198.18.0.1" {
			t.Errorf("got %q", got)
		}
	})
	t.Run("silence is not dressed up", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		_, err := network{}.Dial(ctx, "tcp", netip.MustParseAddrPort("198.51.100.7:8005"))
		var b *Barred
		if errors.As(err, &b) || !errors.Is(err, os.ErrDeadlineExceeded) && !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
	})
	t.Run("what is said of another connection is not taken", func(t *testing.T) {
		to := netip.MustParseAddrPort("198.51.100.7:8001")
		c := hear(to)
		if c == nil {
			t.Fatal("root hears nothing")
		}
		defer c.close()
		c.from.Store(1) // never a port of ours
		d := net.Dialer{}
		if _, err := d.DialContext(t.Context(), "tcp", to.String()); err == nil {
			t.Fatal("connected")
		}
		if err := c.explain(t.Context(), unix.ENOENT); err != unix.ENOENT {
			t.Errorf("heard %v", err)
		}
	})
	t.Run("a connection that succeeds is as it was, and leaves no socket", func(t *testing.T) {
		l, err := net.Listen("tcp4", "127.0.0.1:0")
		must(t, err)
		defer l.Close()
		var all sync.WaitGroup
		for range 32 {
			all.Go(func() {
				conn, err := network{}.Dial(t.Context(), "tcp", l.Addr().(*net.TCPAddr).AddrPort())
				if err != nil {
					t.Error(err)
					return
				}
				conn.Close()
			})
		}
		all.Wait()
		for _, e := range []*ear{ear4, ear6} {
			e.mu.Lock()
			if e.ended != nil {
				select {
				case <-e.ended:
				default:
					t.Errorf("%s is still listened to", e.network)
				}
			}
			e.mu.Unlock()
		}
	})
	t.Run("without the right nothing changes", func(t *testing.T) {
		// A new user namespace has no right in this network.
		c := exec.Command("/proc/self/exe", "-test.run=^TestBarredDeaf$", "-test.v")
		c.Env = append(os.Environ(), insideVar+"=deaf")
		c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER}
		if out, err := c.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: TestBarredDeaf") {
			t.Errorf("%v\n%s", err, out)
		}
	})
}

func TestBarredDeaf(t *testing.T) {
	if os.Getenv(insideVar) != "deaf" {
		t.Skip("runs inside TestBarredInside")
	}
	_, err := network{}.Dial(t.Context(), "tcp", netip.MustParseAddrPort("198.51.100.7:8001"))
	var b *Barred
	if errors.As(err, &b) || !errors.Is(err, unix.EHOSTUNREACH) {
		t.Errorf("%v", err)
	}
}

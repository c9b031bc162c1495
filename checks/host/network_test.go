package host

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestLookupOfThisMachine(t *testing.T) {
	n := Local().Network
	got, err := n.Lookup(t.Context(), "ip4", "localhost")
	if err != nil || !slices.Contains(got, netip.MustParseAddr("127.0.0.1")) {
		t.Errorf("localhost = %v, %v", got, err)
	}
	for _, a := range got {
		if !a.Is4() {
			t.Errorf("%v is no IPv4 address", a)
		}
	}
	if got, err := n.Lookup(t.Context(), "ip6", "fe80::1%7"); err == nil && (len(got) != 1 || got[0].Zone() != "") {
		t.Errorf("a link-local address = %v; want it without its zone", got)
	}
}

func TestNamesThatAreNone(t *testing.T) {
	n := Local().Network
	for _, name := range []string{"", "a\x00b", "a b", "a/b", `\\server\share`, "x\n", strings.Repeat("a.", 130)} {
		for what, err := range map[string]error{
			"Lookup":    second(n.Lookup(t.Context(), "ip4", name)),
			"LookupSRV": second(n.LookupSRV(t.Context(), name)),
		} {
			var de *net.DNSError
			if !errors.As(err, &de) || !de.IsNotFound {
				t.Errorf("%s(%q) = %v, want a DNS error", what, name, err)
			}
		}
		if _, lines, err := n.HostsFile(name); err == nil || len(lines) > 0 {
			t.Errorf("HostsFile(%q) = %q, %v", name, lines, err)
		}
	}
	if _, err := n.Lookup(t.Context(), "ip5", "localhost"); err == nil {
		t.Error("an unknown family was looked up")
	}
}

func second[T any](_ T, err error) error { return err }

func TestLookupEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	n := Local().Network
	for what, err := range map[string]error{
		"Lookup":    second(n.Lookup(ctx, "ip4", "name.invalid")),
		"LookupSRV": second(n.LookupSRV(ctx, "_ldap._tcp.name.invalid")),
	} {
		var de *net.DNSError
		if !errors.As(err, &de) {
			t.Errorf("%s with a cancelled context = %v (%T), want a DNS error", what, err, err)
		}
	}
}

func TestDialReachesAnAddress(t *testing.T) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	addr := l.Addr().(*net.TCPAddr).AddrPort()
	c, err := Local().Network.Dial(t.Context(), "tcp", addr)
	must(t, err)
	defer c.Close()
	if c.RemoteAddr().String() != addr.String() {
		t.Errorf("connected to %v, want %v", c.RemoteAddr(), addr)
	}
	if _, err := Local().Network.Dial(t.Context(), "tcp", netip.AddrPort{}); err == nil {
		t.Error("connected to no address at all")
	}
}

func TestResolversAreAddresses(t *testing.T) {
	for _, s := range Local().Network.Resolvers() {
		if a, err := netip.ParseAddr(s); err != nil || a.Zone() != "" {
			t.Errorf("the resolver %q is no plain address: %v", s, err)
		}
	}
}

func TestHostsFileOfThisMachine(t *testing.T) {
	path, _, err := Local().Network.HostsFile("localhost")
	if err != nil || !strings.HasSuffix(strings.ToLower(path), "hosts") {
		t.Errorf("HostsFile = %q, %v", path, err)
	}
	_, serr := os.Stat(path)
	if _, lines, err := Local().Network.HostsFile("surely-not-there.invalid"); err != nil || len(lines) > 0 {
		t.Errorf("an unknown host has the lines %q, %v (file: %v)", lines, err, serr)
	}
}

func TestHostsLines(t *testing.T) {
	const file = "\ufeff127.0.0.1 first.example\r\n# 10.0.0.1 doorman.example\n  10.0.0.2\tother Doorman.EXAMPLE. # ours\nx doorman.example\n" +
		"10.0.0.3 xdoorman.example\n::1 doorman.example\n10.0.0.4"
	for name, c := range map[string]struct {
		host string
		want []string
	}{
		"any case, aliases and a last dot count, comments and bad lines do not": {"doorman.example",
			[]string{"10.0.0.2\tother Doorman.EXAMPLE. # ours", "::1 doorman.example"}},
		"a byte order mark hides no line":   {"first.example.", []string{"\ufeff127.0.0.1 first.example"}},
		"a name that is not there has none": {"example", nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := hostsLines(strings.NewReader(file), c.host)
			if err != nil || !slices.Equal(got, c.want) {
				t.Errorf("got %q, %v; want %q", got, err, c.want)
			}
		})
	}
}

func TestHugeHostsFile(t *testing.T) {
	var b strings.Builder
	for i := 0; b.Len() < 5<<20; i++ {
		fmt.Fprintf(&b, "0.0.0.0 ads%d.example tracker%d.example\n", i, i)
	}
	list := b.String() + "192.0.2.1 last.example\n"
	got, err := hostsLines(strings.NewReader(list), "last.example")
	if err != nil || len(got) != 1 {
		t.Errorf("5 MB: %q, %v", got, err)
	}
	long := "192.0.2.1 " + strings.Repeat("x", 1<<20) + " early.example\n192.0.2.2 early.example\n"
	if got, err := hostsLines(strings.NewReader(long), "early.example"); err != nil || len(got) != 1 || !strings.HasPrefix(got[0], "192.0.2.2") {
		t.Errorf("a line of 1 MB: %d lines, %v", len(got), err)
	}
	if _, err := hostsLines(strings.NewReader(strings.Repeat("\x00", maxHosts+1)), "x"); !errors.Is(err, ErrTooMany) {
		t.Errorf("more than is read: %v", err)
	}
	same := strings.Repeat("0.0.0.0 same.example\n", 100)
	if got, err := hostsLines(strings.NewReader(same), "same.example"); !errors.Is(err, ErrTooMany) || len(got) != maxHostLines {
		t.Errorf("100 lines for one host: %d, %v", len(got), err)
	}
}

func TestNameservers(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		want []string
	}{
		"servers stand in their order":     {"search corp.example\nnameserver 10.0.0.53\nnameserver 2001:db8::53\noptions rotate\n", []string{"10.0.0.53", "2001:db8::53"}},
		"a link-local server has its zone": {"nameserver fe80::1%eth0\n", []string{"fe80::1%eth0"}},
		"comments and garbage are no one":  {"#nameserver 1.2.3.4\n;nameserver 1.2.3.4\nnameserver\nnameserver ns.example\n\x00\xff\nnameserver\t9.9.9.9 # x\n", []string{"9.9.9.9"}},
		"an empty file names nobody":       {"", nil},
		"a hundred servers are bounded":    {strings.Repeat("nameserver 10.0.0.1\n", 100), slices.Repeat([]string{"10.0.0.1"}, maxResolvers)},
		"a line without an end is bounded": {strings.Repeat("x", 1<<20) + "\nnameserver 10.0.0.1", nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, a := range nameservers(strings.NewReader(c.file)) {
				got = append(got, a.String())
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestPingOfNoMachine(t *testing.T) {
	for _, s := range []string{"0.0.0.0", "::", "224.0.0.1", "ff02::1", "fe80::1%1"} {
		if _, err := Local().Ping.Ping(t.Context(), netip.MustParseAddr(s)); err == nil || errors.Is(err, ErrDenied) {
			t.Errorf("ping %s: %v", s, err)
		}
	}
	if _, err := Local().Ping.Ping(t.Context(), netip.Addr{}); err == nil {
		t.Error("ping of no address succeeded")
	}
}

// Where the account has no right to send an echo, saying so is the right answer; anything else is a failure.
func TestPingLoopback(t *testing.T) {
	for _, s := range []string{"127.0.0.1", "127.0.0.2", "::1", "::ffff:127.0.0.1"} {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		took, err := Local().Ping.Ping(ctx, netip.MustParseAddr(s))
		cancel()
		switch {
		case errors.Is(err, ErrDenied), errors.Is(err, ErrUnsupported):
			t.Logf("ping %s: this account or system cannot: %v", s, err)
		case err != nil && s == "::1":
			if _, derr := net.Listen("tcp6", "[::1]:0"); derr == nil {
				t.Errorf("ping ::1: %v, although the machine has IPv6", err)
			}
		case err != nil || took <= 0:
			t.Errorf("ping %s: %v, %v", s, took, err)
		}
	}
}

func TestPingEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Local().Ping.Ping(ctx, netip.MustParseAddr("127.0.0.1")); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	ctx, cancel = context.WithTimeout(t.Context(), -time.Second)
	defer cancel()
	if _, err := Local().Ping.Ping(ctx, netip.MustParseAddr("127.0.0.1")); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("out of time: %v", err)
	}
}

func TestWithinDoesNotWaitForACallThatHangs(t *testing.T) {
	hang := make(chan struct{})
	defer close(hang)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := within(ctx, func() (int, error) { <-hang; return 1, nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled before: %v", err)
	}
	ctx, cancel = context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := within(ctx, func() (int, error) { <-hang; return 1, nil }); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("out of time: %v", err)
	}
	ctx, cancel = context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	own := errors.New("was waiting for the door")
	if _, err := within(ctx, func() (int, error) { <-ctx.Done(); return 0, own }); !errors.Is(err, own) {
		t.Errorf("a call that watches its context: %v, want its own words", err)
	}
}

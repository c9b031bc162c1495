package probe

import (
	"net"
	"net/netip"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"linecheck/checks"
	"linecheck/checks/host"
)

// denied is the system's word for a filter of its own.
func denied() error {
	if runtime.GOOS == "windows" {
		return os.NewSyscallError("connectex", syscall.Errno(10013))
	}
	return os.NewSyscallError("connect", syscall.EACCES)
}

func TestHowAConnectionFails(t *testing.T) {
	router := netip.MustParseAddr("10.0.0.1")
	barred := func(code int) error { return &host.Barred{By: router, Code: code, Err: noNet()} }
	for name, c := range map[string]struct {
		there []any // at the vendor's addresses, in their order
		want  checks.Failure
		args  map[string]string
		seen  []string
	}{
		"a rule of a router, heard": {there: []any{barred(13)}, want: checks.Classify(checks.Connect, barred(13)),
			args: map[string]string{"how": "prohibited", "barred_by": "10.0.0.1", "icmp_code": "13"},
			seen: []string{"203.0.113.10:443 prohibited: ", "from 10.0.0.1"}},
		"a router without a way is no rule": {there: []any{barred(1)}, want: checks.NoRoute,
			args: map[string]string{"how": "no route", "barred_by": "10.0.0.1", "icmp_code": "1"}},
		"silence": {there: []any{os.ErrDeadlineExceeded}, want: checks.Dropped, args: map[string]string{"how": "dropped", "barred_by": ""}},
		"a filter on this computer": {there: []any{denied()}, want: checks.LocalBlock,
			args: map[string]string{"how": "local filter"}},
		"each address with its own end": {there: []any{os.ErrDeadlineExceeded, noNet(), barred(10)}, want: checks.Dropped,
			args: map[string]string{"how": "dropped"},
			seen: []string{"203.0.113.10:443 dropped", "203.0.113.11:443 no route", "203.0.113.12:443 prohibited"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t)
			l.own = []netip.Addr{netip.MustParseAddr("2001:db8::5"), netip.MustParseAddr("10.0.0.5")}
			var addrs []netip.Addr
			for i, what := range c.there {
				a := netip.AddrFrom4([4]byte{203, 0, 113, byte(10 + i)})
				addrs = append(addrs, a)
				l.ports[netip.AddrPortFrom(a, 443)] = what
			}
			l.names["ip4 "+vendor] = addrs
			a := walk(t.Context(), l.req, patient)
			if a.Failure != c.want || a.Failed != checks.Connect {
				t.Errorf("%q at %q, want %q", a.Failure, a.Failed, c.want)
			}
			for k, v := range c.args {
				if a.Args[k] != v {
					t.Errorf("argument %s is %q, want %q", k, a.Args[k], v)
				}
			}
			if a.Args["local_address"] != "10.0.0.5" {
				t.Errorf("this machine is %q", a.Args["local_address"])
			}
			for _, s := range c.seen {
				if !strings.Contains(evidence(a), s) {
					t.Errorf("%q is not in\n%s", s, evidence(a))
				}
			}
			holds(t, a)
		})
	}
}

func TestTheOwnAddressOfAConnectionIsItsOwn(t *testing.T) {
	l := newLab(t)
	l.own = []netip.Addr{netip.MustParseAddr("10.0.0.5")}
	l.says(ok("ok"))
	a := walk(t.Context(), l.req, patient)
	if h, _, err := net.SplitHostPort(a.Args["local_address"]); err != nil || h != "127.0.0.1" {
		t.Errorf("%q", a.Args["local_address"])
	}
}

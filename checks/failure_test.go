package checks

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"net/netip"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/miekg/dns"

	"linecheck/checks/host"
)

// resolver asks only the given server.
func resolver(addr string) *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", addr)
	}}
}

func dnsServer(t *testing.T, rcode int) string {
	t.Helper()
	pc, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &dns.Server{PacketConn: pc, Handler: dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) {
		if rcode < 0 {
			return
		}
		m := new(dns.Msg)
		m.SetRcode(q, rcode)
		m.RecursionAvailable = true
		w.WriteMsg(m)
	})}
	go s.ActivateAndServe()
	t.Cleanup(func() { s.Shutdown() })
	return pc.LocalAddr().String()
}

func closedUDP(t *testing.T) string {
	t.Helper()
	pc, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer pc.Close()
	return pc.LocalAddr().String()
}

func TestLookupsThatFail(t *testing.T) {
	for name, c := range map[string]struct {
		server func(*testing.T) string
		want   Failure
	}{
		"NXDOMAIN is not taken for a broken server":       {func(t *testing.T) string { return dnsServer(t, dns.RcodeNameError) }, NoSuchName},
		"a name without addresses is no such name":        {func(t *testing.T) string { return dnsServer(t, dns.RcodeSuccess) }, NoSuchName},
		"SERVFAIL is not taken for a missing name":        {func(t *testing.T) string { return dnsServer(t, dns.RcodeServerFailure) }, ServerFailure},
		"REFUSED is not taken for silence":                {func(t *testing.T) string { return dnsServer(t, dns.RcodeRefused) }, ServerFailure},
		"a silent DNS server is not taken for NXDOMAIN":   {func(t *testing.T) string { return dnsServer(t, -1) }, NoAnswerDNS},
		"a closed DNS port is not taken for a bad answer": {closedUDP, NoAnswerDNS},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wait := 10 * time.Second
			if c.want == NoAnswerDNS {
				wait = 300 * time.Millisecond
			}
			ctx, cancel := context.WithTimeout(t.Context(), wait)
			defer cancel()
			_, err := resolver(c.server(t)).LookupNetIP(ctx, "ip4", "doorman.example.")
			if got := Classify(Resolve, err); got != c.want {
				t.Errorf("%v is %q, want %q", err, got, c.want)
			}
		})
	}
}

// pair is a connection of real TCP and its other end.
func pair(t *testing.T) (ours, theirs *net.TCPConn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	s, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(); s.Close() })
	return c.(*net.TCPConn), s.(*net.TCPConn)
}

func refused(t *testing.T) error {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	_, err = net.Dial("tcp", l.Addr().String())
	return err
}

func reset(t *testing.T) error {
	t.Helper()
	ours, theirs := pair(t)
	theirs.SetLinger(0)
	theirs.Close()
	_, err := io.ReadAll(ours)
	if err == nil && runtime.GOOS == "windows" {
		t.Skip("no reset came over loopback: Wine closes such a connection in the ordinary way; Windows was not asked")
	}
	return err
}

func silent(t *testing.T) error {
	t.Helper()
	ours, _ := pair(t)
	ours.SetReadDeadline(time.Now().Add(time.Millisecond))
	_, err := ours.Read(make([]byte, 1))
	return err
}

func closed(t *testing.T) error {
	t.Helper()
	ours, theirs := pair(t)
	theirs.Close()
	_, err := io.ReadFull(ours, make([]byte, 1))
	return err
}

func handshake(t *testing.T, change func(*tls.Config)) error {
	t.Helper()
	s := httptest.NewUnstartedServer(nil)
	s.TLS = &tls.Config{}
	change(s.TLS)
	s.Config.ErrorLog = quiet
	s.StartTLS()
	t.Cleanup(s.Close)
	c, err := tls.Dial("tcp", s.Listener.Addr().String(), &tls.Config{ServerName: "example.com"})
	if err == nil {
		c.Close()
	}
	return err
}

func plain(t *testing.T) error {
	t.Helper()
	ours, theirs := pair(t)
	go io.WriteString(theirs, "HTTP/1.1 400 Bad Request\r\n\r\n")
	return tls.Client(ours, &tls.Config{ServerName: "example.com"}).Handshake()
}

func barred(by string, code int, err error) func(*testing.T) error {
	return func(*testing.T) error {
		return &net.OpError{Op: "dial", Err: &host.Barred{By: netip.MustParseAddr(by), Code: code, Err: err}}
	}
}

func TestErrorsOfEachHop(t *testing.T) {
	old := func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS10 }
	for name, c := range map[string]struct {
		err   func(*testing.T) error
		stage StageName
		want  Failure
	}{
		"no error is no failure":                              {func(*testing.T) error { return nil }, Connect, NoFailure},
		"a closed port refuses":                               {refused, Connect, Refused},
		"a reset while connecting is a refusal":               {reset, Connect, Refused},
		"a reset in the handshake may be meant for the name":  {reset, TLS, TLSReset},
		"a reset after CONNECT is no proxy":                   {reset, Tunnel, ProxyNotHTTP},
		"a reset of an open connection is no refusal":         {reset, HTTP, ResetLater},
		"silence while connecting is a dropped packet":        {silent, Connect, Dropped},
		"silence after CONNECT is the proxy's":                {silent, Tunnel, ProxyNoAnswer},
		"silence in the handshake is not a dropped SYN":       {silent, TLS, TLSNoAnswer},
		"silence after the request is not a dead connection":  {silent, HTTP, NoAnswerHTTP},
		"silence in the body is not a dead connection":        {silent, Content, NoAnswerHTTP},
		"a connection closed in the handshake is cut":         {closed, TLS, TLSReset},
		"a connection closed after CONNECT is no proxy":       {closed, Tunnel, ProxyNotHTTP},
		"a connection closed instead of an answer is cut":     {closed, HTTP, ResetLater},
		"a certificate of an unknown authority is untrusted":  {func(t *testing.T) error { return handshake(t, func(*tls.Config) {}) }, TLS, Untrusted},
		"TLS 1.0 alone is a matter of protocol, not of trust": {func(t *testing.T) error { return handshake(t, old) }, TLS, Protocol},
		"plain text in the handshake is not TLS":              {plain, TLS, TLSNotSpoken},
		"being called off is no failure of the network":       {func(*testing.T) error { return fmt.Errorf("dial: %w", context.Canceled) }, Connect, Cancelled},
		"a lookup that was called off is no failure of DNS":   {func(*testing.T) error { return &net.DNSError{UnwrapErr: context.Canceled} }, Resolve, Cancelled},
		"a deadline of a context is silence too":              {func(*testing.T) error { return context.DeadlineExceeded }, Connect, Dropped},
		"a deadline of a connection is silence too":           {func(*testing.T) error { return os.ErrDeadlineExceeded }, TLS, TLSNoAnswer},
		"the system's own time-out counts as silence": {func(*testing.T) error {
			return &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", errTimedOut)}
		}, Connect, Dropped},
		"the system's time-out in a handshake is its silence":         {func(*testing.T) error { return os.NewSyscallError("read", errTimedOut) }, TLS, TLSNoAnswer},
		"no route is not silence":                                     {func(*testing.T) error { return os.NewSyscallError("connect", errNoNet) }, Connect, NoRoute},
		"a local filter is not the far side's refusal":                {func(*testing.T) error { return os.NewSyscallError("connect", errNotAllowed) }, Connect, LocalBlock},
		"a router's rule is a refusal, whatever the system calls it":  {barred("192.0.2.1", 13, errNoNet), Connect, Refused},
		"an IPv6 router's rule is not this machine's own filter":      {barred("2001:db8::1", 1, errNotAllowed), Connect, Refused},
		"a rule that was heard explains a connection that ran out":    {barred("192.0.2.1", 10, os.ErrDeadlineExceeded), Connect, Refused},
		"a router that knows no way is no refusal":                    {barred("192.0.2.1", 1, os.ErrDeadlineExceeded), Connect, NoRoute},
		"a network without a way is no refusal":                       {barred("192.0.2.1", 0, errNoNet), Connect, NoRoute},
		"other words of a router leave the system's number to decide": {barred("192.0.2.1", 3, errTimedOut), Connect, Dropped},
		"being called off stays that, whatever was heard":             {barred("192.0.2.1", 13, context.Canceled), Connect, Cancelled},
		"an error that nobody knows is not dressed up as known":       {func(*testing.T) error { return errors.New("flux capacitor") }, Connect, Unclear},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := c.err(t)
			if got := Classify(c.stage, err); got != c.want {
				t.Errorf("%v (%T) is %q, want %q", err, err, got, c.want)
			}
		})
	}
}

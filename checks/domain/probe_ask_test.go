package domain

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"linecheck/checks/host/hosttest"
)

// lone puts one UDP listener behind the netlogon port; all else is closed.
func lone(t *testing.T, answer func([]byte) []byte) (*hosttest.Fake, *looker) {
	t.Helper()
	f := hosttest.New(t)
	each(f.Network.Refuse, dc)
	f.Network.Targets[netip.MustParseAddrPort(dc+":389")] = hosttest.Target{To: "127.0.0.1:1", UDP: replica{}.datagrams(t, answer)}
	return f, looking(t, f, "corp.example")
}

func logonAt(ctx context.Context, l *looker) (answer, said) {
	a := answer{addr: netip.MustParseAddr(dc)}
	x := l.logon(ctx, &a)
	return a, x
}

func TestALostDatagramIsSentAgain(t *testing.T) {
	var n atomic.Int32
	whole := replica{domain: "corp.example"}
	_, l := lone(t, func(q []byte) []byte {
		if n.Add(1) == 1 {
			return nil
		}
		return whole.logonAnswer(q)
	})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if a, x := logonAt(ctx, l); x.reply != answered || a.logon.Domain != "corp.example" || n.Load() < 2 {
		t.Errorf("%+v, %+v, asked %d times", x, a.logon, n.Load())
	}
}

func TestAnAnswerToAnotherQuestionIsPassedOver(t *testing.T) {
	_, l := lone(t, func(q []byte) []byte { return emptyAnswer(1 << 30) })
	ctx, cancel := context.WithTimeout(t.Context(), 150*time.Millisecond)
	defer cancel()
	if _, x := logonAt(ctx, l); x.reply != silent {
		t.Errorf("%+v", x)
	}
}

func TestAControllerThatKnowsNoDomainIsOdd(t *testing.T) {
	_, l := lone(t, func(q []byte) []byte {
		m, _, err := next(q)
		parts, perr := m.parts()
		if err != nil || perr != nil {
			return nil
		}
		id, _ := parts[0].integer()
		return emptyAnswer(uint32(id))
	})
	for _, domain := range []string{"corp.example", "CORP"} {
		l.join.Domain = domain
		a, x := logonAt(t.Context(), l)
		a.said[viaLogon] = x
		if x.reply != odd || !strings.Contains(x.text, "knows no such domain") || a.foreign() != "" || a.speaks() {
			t.Errorf("%s: %+v", domain, x)
		}
	}
}

func TestStoppingEndsAQuestionAtOnce(t *testing.T) {
	asked := make(chan bool, 10)
	_, l := lone(t, func([]byte) []byte { asked <- true; return nil })
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-asked; cancel() }()
	if _, x := logonAt(ctx, l); x.reply != silent {
		t.Errorf("%+v", x)
	}
}

// A server that takes the connection and says nothing, closes it, or promises more than anybody would read.
func TestWhatTakesConnectionsIsNoKerberosServer(t *testing.T) {
	for name, c := range map[string]struct {
		speak func(net.Conn)
		want  reply
		text  string
	}{
		"one that says nothing":    {func(c net.Conn) { _, _ = c.Read(make([]byte, 1000)); _, _ = c.Read(make([]byte, 1)) }, silent, "timeout"},
		"one that closes":          {func(c net.Conn) { _, _ = c.Read(make([]byte, 1000)) }, refused, ""},
		"one that speaks HTTP":     {func(c net.Conn) { _, _ = c.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n")) }, odd, "no Kerberos"},
		"one that sends rubbish":   {func(c net.Conn) { _, _ = c.Write([]byte{0, 0, 0, 3, 1, 2, 3}) }, odd, "cannot be read"},
		"one that stops half-way":  {func(c net.Conn) { _, _ = c.Write([]byte{0, 0, 0, 9, 1}); _, _ = c.Read(make([]byte, 1000)) }, refused, ""},
		"one that claims too much": {func(c net.Conn) { _, _ = c.Write([]byte{0xff, 0xff, 0xff, 0xff}) }, odd, "no Kerberos"},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { l.Close() })
			go func() {
				for {
					conn, err := l.Accept()
					if err != nil {
						return
					}
					go func() { defer conn.Close(); c.speak(conn) }()
				}
			}()
			f := hosttest.New(t)
			f.Network.Lead(dc+":88", l.Addr().String())
			wait := 10 * time.Second
			if c.want == silent {
				wait = 100 * time.Millisecond
			}
			ctx, cancel := context.WithTimeout(t.Context(), wait)
			defer cancel()
			line, out, info := looking(t, f, "corp.example").ticketTCP(ctx, netip.MustParseAddr(dc), ticketQuery("corp.example", "PC$", 1))
			if line.reply != answered || out.reply != c.want || !strings.Contains(out.text, c.text) || info != (ticketInfo{}) {
				t.Errorf("%+v, %+v, %+v", line, out, info)
			}
		})
	}
}

package host

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"runtime"
	"testing"
)

// A whole certificate chain comes over a connection with small packets, and the other side keeps to their size.
func TestDialSmall(t *testing.T) {
	sent := bytes.Repeat([]byte("0123456789abcdef"), 1<<10)
	for _, at := range []string{"127.0.0.1:0", "[::1]:0"} {
		ln, err := net.Listen("tcp", at)
		if err != nil {
			t.Skip("no such family:", err)
		}
		size := make(chan int, 1)
		go func() {
			c, err := ln.Accept()
			if err != nil {
				size <- -1
				return
			}
			defer c.Close()
			p, _ := PacketsOf(c)
			size <- p.Segment
			_, _ = c.Write(sent)
		}()
		c, err := Local().Network.DialSmall(t.Context(), netip.MustParseAddrPort(ln.Addr().String()))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(c)
		if err != nil || !bytes.Equal(got, sent) {
			t.Errorf("%s: %d bytes came, %v", at, len(got), err)
		}
		if n := <-size; runtime.GOOS == "linux" && (n <= 0 || n > SmallSegment) {
			t.Errorf("%s: the other side sends %d bytes in a packet", at, n)
		}
		c.Close()
		ln.Close()
	}
}

func TestDialSmallFailsAsDialDoes(t *testing.T) {
	if _, err := Local().Network.DialSmall(t.Context(), netip.AddrPort{}); err == nil {
		t.Error("no address was connected to")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Local().Network.DialSmall(ctx, netip.MustParseAddrPort("127.0.0.1:9")); !errors.Is(err, context.Canceled) && err == nil {
		t.Error("a cancelled dial came about")
	}
}

func TestPacketsOfWhatIsNoConnection(t *testing.T) {
	a, b := net.Pipe()
	defer a.Close()
	defer b.Close()
	if p, ok := PacketsOf(a); ok {
		t.Errorf("%+v", p)
	}
}

package host

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// monitor is a socket like that of systemd-resolved, with one answer.
func monitor(t *testing.T, answer string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "monitor")
	l, err := net.Listen("unix", path)
	must(t, err)
	t.Cleanup(func() { l.Close() })
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		if q, err := bufio.NewReader(c).ReadString(0); err != nil || q != dumpCache {
			answer = `{"error":"asked ` + fmt.Sprintf("%q", q) + "\"}\x00"
		}
		_, _ = c.Write([]byte(answer))
		if answer == "" {
			_, _ = c.Read(make([]byte, 1)) // silence until the other side leaves
		}
	}()
	return path
}

func TestCachedOfResolved(t *testing.T) {
	var many strings.Builder
	for i := range maxCached + 5 {
		fmt.Fprintf(&many, `{"key":{"class":1,"type":1,"name":"a%d.example"}},`, i)
	}
	for name, c := range map[string]struct {
		answer string
		want   []string
		count  int
		err    error
	}{
		"names of all interfaces come once": {answer: `{"parameters":{"dump":[
			{"protocol":"dns","ifindex":2,"ifname":"eth0","cache":[
				{"key":{"class":1,"type":1,"name":"Doorman.sc.fsapi.com"},"rrs":[{"rr":{"key":{"class":1,"type":1,"name":"doorman.sc.fsapi.com"},"address":[192,0,2,1]},"raw":"AA=="}],"until":1},
				{"key":{"class":1,"type":28,"name":"doorman.sc.fsapi.com"},"type":"nodata","until":1}]},
			{"protocol":"mdns","ifindex":2,"cache":[{"key":{"name":"printer.local"}}]},{"protocol":"dns"}]}}` + "\x00", want: []string{"doorman.sc.fsapi.com", "printer.local"}},
		"an empty cache is no error":        {answer: `{"parameters":{"dump":[{"protocol":"dns","cache":[]}]}}` + "\x00"},
		"what is no name is left out":       {answer: `{"parameters":{"dump":[{"cache":[{"key":{"name":"a b"}},{"key":{"name":""}},{"key":{"name":"x\u0000y"}},{}]}]}}` + "\x00"},
		"more names than anybody reads":     {answer: `{"parameters":{"dump":[{"cache":[` + many.String() + `{}]}]}}` + "\x00", count: maxCached},
		"a resolved that cannot list it":    {answer: `{"error":"org.varlink.service.MethodNotFound","parameters":{}}` + "\x00", err: ErrUnsupported},
		"an account that may not":           {answer: `{"error":"org.varlink.service.PermissionDenied"}` + "\x00", err: ErrDenied},
		"garbage is an error and no answer": {answer: "hello\x00", err: errAny},
		"an answer without an end":          {answer: `{"parameters":`, err: errAny},
		"another error is told":             {answer: `{"error":"io.systemd.Boom"}` + "\x00", err: errAny},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := askMonitor(t.Context(), monitor(t, c.answer))
			switch {
			case c.err == errAny:
				if err == nil || errors.Is(err, ErrUnsupported) || errors.Is(err, ErrDenied) {
					t.Errorf("error %v", err)
				}
			case !errors.Is(err, c.err):
				t.Errorf("error %v, want %v", err, c.err)
			case c.count > 0 && len(got) != c.count, c.count == 0 && !slices.Equal(got, c.want):
				t.Errorf("got %d: %.10q", len(got), got)
			}
		})
	}
}

func TestCachedWithoutResolved(t *testing.T) {
	if _, err := askMonitor(t.Context(), filepath.Join(t.TempDir(), "nothing")); !errors.Is(err, ErrUnsupported) {
		t.Errorf("no socket: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := askMonitor(ctx, monitor(t, "")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("silence: %v", err)
	}
}

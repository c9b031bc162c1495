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
	"sync/atomic"
	"testing"
	"time"

	"github.com/miekg/dns"
)

// server answers on one loopback port by UDP and TCP.
func server(t *testing.T, answer func(w dns.ResponseWriter, q, a *dns.Msg)) string {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	must(t, err)
	pc, err := net.ListenPacket("udp4", l.Addr().String())
	must(t, err)
	h := dns.HandlerFunc(func(w dns.ResponseWriter, q *dns.Msg) { answer(w, q, new(dns.Msg).SetReply(q)) })
	for _, s := range []*dns.Server{{Listener: l, Handler: h}, {PacketConn: pc, Handler: h}} {
		ready := make(chan struct{})
		s.NotifyStartedFunc = func() { close(ready) }
		go func() { _ = s.ActivateAndServe() }()
		<-ready
		t.Cleanup(func() { _ = s.Shutdown() })
	}
	return l.Addr().String()
}

func rr(t *testing.T, s string) dns.RR {
	t.Helper()
	r, err := dns.NewRR(s)
	must(t, err)
	return r
}

func byUDP(w dns.ResponseWriter) bool {
	_, udp := w.RemoteAddr().(*net.UDPAddr)
	return udp
}

func TestRecords(t *testing.T) {
	all := func(lines ...string) func(dns.ResponseWriter, *dns.Msg, *dns.Msg) {
		return func(w dns.ResponseWriter, _, a *dns.Msg) {
			a.Compress = true
			for _, s := range lines {
				a.Answer = append(a.Answer, rr(t, s))
			}
			_ = w.WriteMsg(a)
		}
	}
	code := func(n int) func(dns.ResponseWriter, *dns.Msg, *dns.Msg) {
		return func(w dns.ResponseWriter, _, a *dns.Msg) { a.Rcode = n; _ = w.WriteMsg(a) }
	}
	var chain []string
	for i := range 40 {
		from := fmt.Sprintf("a%d.example.", i)
		if i == 0 {
			from = "door.example."
		}
		chain = append(chain, fmt.Sprintf("%s 60 IN CNAME a%d.example.", from, i+1))
	}
	for name, c := range map[string]struct {
		family string
		answer func(w dns.ResponseWriter, q, a *dns.Msg)
		want   string // rcode, aliases, addresses, TTL
		err    string
	}{
		"an address comes with its time to live": {"ip4", all("door.example. 300 IN A 192.0.2.1"), "NOERROR [] [192.0.2.1] 5m0s", ""},
		"an IPv6 address is asked for by itself": {"ip6", all("door.example. 30 IN AAAA 2001:db8::1", "door.example. 30 IN A 192.0.2.1"), "NOERROR [] [2001:db8::1] 30s", ""},
		"a chain of aliases stands in its order, whatever the order of the answer": {"ip4",
			all("edge.cdn.example. 20 IN A 192.0.2.7", "Mid.example. 60 IN CNAME edge.cdn.example.", "DOOR.example. 300 IN CNAME mid.example."),
			"NOERROR [mid.example edge.cdn.example] [192.0.2.7] 20s", ""},
		"the least time to live may be an alias's":        {"ip4", all("door.example. 5 IN CNAME b.example.", "b.example. 300 IN A 192.0.2.7"), "NOERROR [b.example] [192.0.2.7] 5s", ""},
		"an alias without an address is seen":             {"ip4", all("door.example. 5 IN CNAME b.example."), "NOERROR [b.example] [] 5s", ""},
		"a loop of aliases is cut":                        {"ip4", all("door.example. 5 IN CNAME b.example.", "b.example. 5 IN CNAME Door.example."), "NOERROR [b.example] [] 5s", ""},
		"addresses of another name are nobody's":          {"ip4", all("other.example. 5 IN A 192.0.2.66"), "NOERROR [] [] 0s", ""},
		"a time to live with the highest bit set is zero": {"ip4", all("door.example. 4294967295 IN A 192.0.2.1"), "NOERROR [] [192.0.2.1] 0s", ""},
		"NXDOMAIN is an answer":                           {"ip4", code(dns.RcodeNameError), "NXDOMAIN [] [] 0s", ""},
		"SERVFAIL is an answer":                           {"ip4", code(dns.RcodeServerFailure), "SERVFAIL [] [] 0s", ""},
		"REFUSED is an answer":                            {"ip4", code(dns.RcodeRefused), "REFUSED [] [] 0s", ""},
		"a code that has no name is told by its number":   {"ip4", code(14), "RCODE14 [] [] 0s", ""},
		"an endless chain of aliases is bounded":          {"ip4", all(chain...), "NOERROR 16 aliases", ""},
		"a server that knows no EDNS is asked without it": {"ip4", func(w dns.ResponseWriter, q, a *dns.Msg) {
			if q.IsEdns0() != nil {
				a.Rcode = dns.RcodeFormatError
			} else {
				a.Answer = append(a.Answer, rr(t, "door.example. 9 IN A 192.0.2.1"))
			}
			_ = w.WriteMsg(a)
		}, "NOERROR [] [192.0.2.1] 9s", ""},
		"an answer that is cut short is asked for again by TCP": {"ip4", func(w dns.ResponseWriter, _, a *dns.Msg) {
			a.Truncated = byUDP(w)
			if !a.Truncated {
				a.Answer = append(a.Answer, rr(t, "door.example. 9 IN A 192.0.2.1"))
			}
			_ = w.WriteMsg(a)
		}, "NOERROR [] [192.0.2.1] 9s", ""},
		"an answer cut short without TCP is told as half an answer": {"ip4", func(w dns.ResponseWriter, _, a *dns.Msg) {
			if !byUDP(w) {
				w.Close()
				return
			}
			a.Truncated = true
			a.Answer = append(a.Answer, rr(t, "door.example. 9 IN A 192.0.2.1"))
			_ = w.WriteMsg(a)
		}, "NOERROR [] [192.0.2.1] 9s", "cut short"},
		"garbage, another's answer and a question are passed over": {"ip4", func(w dns.ResponseWriter, q, a *dns.Msg) {
			_, _ = w.Write([]byte{1, 2, 3})
			_ = w.WriteMsg(q)
			for _, change := range []func(*dns.Msg){
				func(m *dns.Msg) { m.Id++ },
				func(m *dns.Msg) { m.Question[0].Name = "evil.example." },
				func(m *dns.Msg) { m.Question[0].Qtype = dns.TypeTXT },
				func(m *dns.Msg) { m.Question = nil },
			} {
				m := a.Copy()
				m.Answer = append(m.Answer, rr(t, "door.example. 9 IN A 192.0.2.66"))
				change(m)
				_ = w.WriteMsg(m)
			}
			a.Answer = append(a.Answer, rr(t, "door.example. 9 IN A 192.0.2.1"))
			_ = w.WriteMsg(a)
		}, "NOERROR [] [192.0.2.1] 9s", ""},
		"a server that sends nothing but garbage is left": {"ip4", func(w dns.ResponseWriter, _, _ *dns.Msg) {
			for range 3 * recordsStray {
				_, _ = w.Write([]byte("no DNS at all, but more than a header"))
			}
		}, " [] [] 0s", "no answer to the question"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := askServers(t.Context(), []string{server(t, c.answer)}, c.family, "door.example")
			if len(all) != 1 || all[0].Server != "127.0.0.1" {
				t.Fatalf("%+v", all)
			}
			r := all[0]
			got := fmt.Sprint(r.Rcode, " ", r.Aliases, " ", r.Addrs, " ", r.TTL)
			if len(r.Aliases) > 3 {
				got = fmt.Sprintf("%s %d aliases", r.Rcode, len(r.Aliases))
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if (r.Err != nil) != (c.err != "") || r.Err != nil && !strings.Contains(r.Err.Error(), c.err) {
				t.Errorf("error %v, want %q", r.Err, c.err)
			}
			if r.Rcode != "" && r.Took <= 0 {
				t.Error("it took no time")
			}
		})
	}
}

func TestRecordsThatGotLostAreAskedForAgain(t *testing.T) {
	var n atomic.Int32
	at := server(t, func(w dns.ResponseWriter, _, a *dns.Msg) {
		if n.Add(1) > 1 {
			_ = w.WriteMsg(a)
		}
	})
	if all := askServers(t.Context(), []string{at}, "ip4", "door.example"); all[0].Err != nil || all[0].Rcode != "NOERROR" {
		t.Errorf("%+v", all)
	}
}

func TestRecordsAskAllServersAtOnceAndFourAtMost(t *testing.T) {
	met, meet := make(chan struct{}, 8), make(chan struct{})
	together := func(w dns.ResponseWriter, _, a *dns.Msg) {
		met <- struct{}{}
		<-meet // answered only when all four are asked
		_ = w.WriteMsg(a)
	}
	var at []string
	for range 5 {
		at = append(at, server(t, together))
	}
	go func() {
		for range 4 {
			<-met
		}
		close(meet)
	}()
	all := askServers(t.Context(), at, "ip6", "door.example.")
	if len(all) != 4 || slices.ContainsFunc(all, func(r Records) bool { return r.Err != nil }) {
		t.Errorf("%+v", all)
	}
}

func TestRecordsEndWithTheirContextAndTheirBounds(t *testing.T) {
	at := server(t, func(dns.ResponseWriter, *dns.Msg, *dns.Msg) {})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if r := askServers(ctx, []string{at}, "ip4", "door.example")[0]; !errors.Is(r.Err, os.ErrDeadlineExceeded) || r.Rcode != "" {
		t.Errorf("silence: %+v", r)
	}
	for _, c := range [][2]string{{"ip5", "door.example"}, {"ip4", ""}, {"ip4", "a b"}, {"ip4", strings.Repeat("a", 64) + ".example"}, {"ip4", "a..example"}} {
		if r := askServers(t.Context(), []string{at}, c[0], c[1])[0]; r.Err == nil || r.Rcode != "" {
			t.Errorf("%q: %+v", c, r)
		}
	}
}

func TestAddressesOfThisMachine(t *testing.T) {
	own := Local().Network.Addresses()
	for i, a := range own {
		if !a.IsGlobalUnicast() || a.Zone() != "" || a.Is4In6() || slices.Index(own, a) != i {
			t.Errorf("%v is not to be told in %v", a, own)
		}
	}
	c, err := net.Dial("udp4", outside[0])
	if err != nil {
		t.Skip("this machine has no way out:", err)
	}
	defer c.Close()
	if out := c.LocalAddr().(*net.UDPAddr).AddrPort().Addr().Unmap(); !out.IsLoopback() && (len(own) == 0 || own[0] != out) {
		t.Errorf("%v leads out, but %v are told", out, own)
	}
	if i := slices.IndexFunc(own, netip.Addr.Is4); i < 0 {
		t.Errorf("no IPv4 address in %v", own)
	}
}

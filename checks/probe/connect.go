package probe

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"time"

	"linecheck/checks"
)

// connect tries the addresses in their order. One that is silent keeps its chance while the next begins, so that the
// hop ends in time and a slow address is not taken for a dead one.
func (w *walker) connect(ctx context.Context, addrs []netip.Addr) (net.Conn, bool) {
	w.begin(checks.Connect, w.lim.connect)
	port := uint16(w.Endpoint.Port)
	if w.proxied() {
		port = proxyPort(w.Route.Scheme, w.Route.Port())
	}
	hop, cancel := context.WithTimeout(ctx, w.lim.connect)
	defer cancel()
	conn, i, errs := w.dial(hop, addrs, port)
	w.a.Connected = time.Since(w.began)
	for j, err := range errs {
		if err != nil && (conn == nil || j < i) {
			w.seen("TCP", "%s: %v", netip.AddrPortFrom(addrs[j], port), err)
		}
	}
	if conn == nil {
		i = 0
	}
	w.a.Path.Address = addrs[i].String()
	w.a.Addrs = append([]netip.Addr{addrs[i]}, without(addrs, i)...)
	w.arg("address", w.a.Path.Address)
	if !w.proxied() {
		w.a.Path.Family = familyOf(addrs[i])
		w.arg("family", familyWord[w.a.Path.Family])
	}
	if conn == nil {
		f := checks.Classify(checks.Connect, errs[0])
		if w.proxied() {
			f = proxyFailure(f)
		}
		w.a.Connected = 0
		w.fail(checks.Connect, f, errs[0])
		return nil, false
	}
	local := conn.LocalAddr().String()
	w.arg("local_address", local)
	w.arg("connect", span(w.a.Connected))
	w.seen("TCP", "%s -> %s stood after %s", local, netip.AddrPortFrom(addrs[i], port), span(w.a.Connected))
	w.pass(checks.Connect, w.a.Path.Address)
	return conn, true
}

type dialled struct {
	i    int
	conn net.Conn
	err  error
}

// dial returns the first connection and its address's place, or the error of each address. All attempts have ended
// when it returns.
func (w *walker) dial(ctx context.Context, addrs []netip.Addr, port uint16) (net.Conn, int, []error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	results := make(chan dialled)
	errs := make([]error, len(addrs))
	next, open := 0, 0
	begin := func() {
		i := next
		next, open = next+1, open+1
		go func() {
			c, err := w.Network.Dial(ctx, "tcp", netip.AddrPortFrom(addrs[i], port))
			results <- dialled{i, c, err}
		}()
	}
	begin()
	more := time.NewTimer(w.lim.stagger)
	defer more.Stop()
	var won *dialled
	for open > 0 {
		select {
		case <-more.C:
			if next < len(addrs) && won == nil {
				begin()
				more.Reset(w.lim.stagger)
			}
		case r := <-results:
			open--
			switch {
			case r.err == nil && won == nil:
				won = &r
				cancel()
			case r.err == nil:
				r.conn.Close()
			default:
				errs[r.i] = r.err
				if won == nil && next < len(addrs) && ctx.Err() == nil {
					begin()
					more.Reset(w.lim.stagger)
				}
			}
		}
	}
	if won != nil {
		return won.conn, won.i, errs
	}
	for i, err := range errs {
		if err == nil {
			errs[i] = errNoTurn
		}
	}
	return nil, 0, errs
}

var errNoTurn = errors.New("not tried, the time was over")

// again opens a second connection to the address that was reached, for a comparison.
func (w *walker) again(ctx context.Context) (net.Conn, error) {
	port := uint16(w.Endpoint.Port)
	if w.proxied() {
		port = proxyPort(w.Route.Scheme, w.Route.Port())
	}
	conn, err := w.Network.Dial(ctx, "tcp", netip.AddrPortFrom(w.a.Addrs[0], port))
	if err != nil || !w.tunnelled() {
		return conn, err
	}
	through, res, err := w.open(ctx, conn)
	if err == nil && res != nil && res.StatusCode/100 != 2 {
		err = fmt.Errorf("the proxy answered %s", res.Status)
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	return through, nil
}

func proxyFailure(f checks.Failure) checks.Failure {
	switch f {
	case checks.Dropped, checks.NoRoute:
		return checks.ProxyUnreachable
	case checks.Refused:
		return checks.ProxyRefused
	}
	return f
}

// proxyPort is 1080 for SOCKS (its registered port) and 80 for HTTP, where the setting names none.
func proxyPort(scheme, port string) uint16 {
	if n, err := strconv.ParseUint(port, 10, 16); err == nil && n > 0 {
		return uint16(n)
	}
	if scheme == "socks5" || scheme == "socks5h" {
		return 1080
	}
	return 80
}

func without(addrs []netip.Addr, i int) []netip.Addr {
	out := make([]netip.Addr, 0, len(addrs))
	for j, a := range addrs {
		if j != i {
			out = append(out, a)
		}
	}
	return out
}

var familyWord = map[string]string{"ipv4": "IPv4", "ipv6": "IPv6"}

func familyOf(a netip.Addr) string {
	if a.Unmap().Is4() {
		return "ipv4"
	}
	return "ipv6"
}

func familyName(family string) string {
	return map[string]string{"ip4": "ipv4", "ip6": "ipv6"}[family]
}

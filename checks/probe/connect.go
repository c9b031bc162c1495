package probe

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"linecheck/checks"
	"linecheck/checks/host"
)

// connect tries the addresses in their order. One that is silent keeps its chance while the next begins, so that the
// hop ends in time and a slow address is not taken for a dead one.
func (w *walker) connect(ctx context.Context, addrs []netip.Addr) (net.Conn, bool) {
	w.begin(checks.Connect, w.lim.connect)
	port := w.port()
	hop, cancel := context.WithTimeout(ctx, w.lim.connect)
	defer cancel()
	conn, i, errs := w.dial(hop, addrs, port)
	w.a.Connected = time.Since(w.began)
	for j, err := range errs {
		if err != nil && (conn == nil || j < i) {
			w.seen("TCP", "%s %s: %v", netip.AddrPortFrom(addrs[j], port), how(err), err)
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
		w.arg("family", w.a.Path.FamilyName())
	}
	if conn == nil {
		f := checks.Classify(checks.Connect, errs[0])
		if w.proxied() {
			f = proxyFailure(f)
		}
		w.arg("how", how(errs[0]))
		var barred *host.Barred
		if errors.As(errs[0], &barred) {
			w.arg("barred_by", barred.By.String())
			w.arg("icmp_code", strconv.Itoa(barred.Code))
		}
		w.arg("local_address", w.own(addrs[0]))
		w.a.Connected = 0
		w.fail(checks.Connect, f, errs[0])
		return nil, false
	}
	local := conn.LocalAddr().String()
	w.arg("local_address", local)
	w.arg("connect", Span(w.a.Connected))
	w.seen("TCP", "%s -> %s stood after %s", local, netip.AddrPortFrom(addrs[i], port), Span(w.a.Connected))
	w.pass(checks.Connect, w.a.Path.Address)
	return conn, true
}

// own is this machine's address towards another one, without a connection only a likely one.
func (w *walker) own(to netip.Addr) string {
	for _, a := range w.Network.Addresses() {
		if familyOf(a) == familyOf(to) {
			return a.String()
		}
	}
	return ""
}

// how says in a word or two how a connection failed.
func how(err error) string {
	var barred *host.Barred
	if errors.As(err, &barred) && barred.Prohibited() {
		return "prohibited"
	}
	if errors.Is(err, errNoTurn) {
		return "not tried"
	}
	return cmp.Or(map[checks.Failure]string{
		checks.Dropped: "dropped", checks.Refused: "refused", checks.NoRoute: "no route", checks.LocalBlock: "local filter",
		checks.Cancelled: "called off",
	}[checks.Classify(checks.Connect, err)], "failed")
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

// redial opens another connection to the address that was reached.
func (w *walker) redial(ctx context.Context, p packets) (net.Conn, error) {
	to := netip.AddrPortFrom(w.a.Addrs[0], w.port())
	if p == small {
		return w.Network.DialSmall(ctx, to)
	}
	return w.Network.Dial(ctx, "tcp", to)
}

// port is where the first connection leads: to the endpoint, or to the proxy.
func (w *walker) port() uint16 {
	if w.proxied() {
		return proxyPort(w.Route.Scheme, w.Route.Port())
	}
	return uint16(w.Endpoint.Port)
}

// again opens a second way to the endpoint, for a comparison. It notes nothing: it may run beside the walk.
func (w *walker) again(ctx context.Context, p packets) (net.Conn, error) {
	conn, err := w.reach(ctx, p)
	if err != nil || !w.tunnelled() {
		return conn, err
	}
	o, err := w.open(ctx, conn)
	if err == nil && o.res != nil && o.res.StatusCode/100 != 2 {
		err = fmt.Errorf("the proxy answered %s", clean(o.res.Status))
	}
	if err != nil {
		o.conn.Close()
		return nil, err
	}
	return o.conn, nil
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

// proxyPort is 1080 for SOCKS (its registered port), 443 for an encrypted proxy and 80 for HTTP, where the setting names
// none.
func proxyPort(scheme, port string) uint16 {
	if n, err := strconv.ParseUint(port, 10, 16); err == nil && n > 0 {
		return uint16(n)
	}
	switch {
	case strings.HasPrefix(scheme, "socks"):
		return 1080
	case scheme == "https":
		return 443
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

func familyOf(a netip.Addr) string {
	if a.Unmap().Is4() {
		return "ipv4"
	}
	return "ipv6"
}

func familyName(family string) string {
	return map[string]string{"ip4": "ipv4", "ip6": "ipv6"}[family]
}

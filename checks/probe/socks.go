package probe

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"slices"
	"strings"

	"golang.org/x/net/proxy"

	"linecheck/checks"
)

// socksDial asks a SOCKS proxy for the target. way is "password" where the proxy asked for a login and took it.
func (w *walker) socksDial(ctx context.Context, conn net.Conn) (through net.Conn, way string, err error) {
	if strings.HasPrefix(w.Route.Scheme, "socks5") {
		return w.socks5(conn)
	}
	return conn, "", w.socks4(ctx, conn)
}

// given hands out a connection that already stands, and keeps which login the server chose (RFC 1928, 3).
type given struct {
	net.Conn
	head []byte
}

func (g *given) Dial(string, string) (net.Conn, error) { return g, nil }

func (g *given) Read(p []byte) (int, error) {
	n, err := g.Conn.Read(p)
	g.head = append(g.head, p[:min(n, max(0, 2-len(g.head)))]...)
	return n, err
}

func (w *walker) socks5(conn net.Conn) (net.Conn, string, error) {
	var auth *proxy.Auth
	user := w.Route.User
	if user == nil {
		user = w.Login
	}
	if user != nil {
		password, _ := user.Password()
		auth = &proxy.Auth{User: user.Username(), Password: password}
	}
	g := &given{Conn: conn}
	d, err := proxy.SOCKS5("tcp", w.Route.Host, auth, g)
	if err != nil {
		return nil, "", err
	}
	through, err := d.Dial("tcp", w.target)
	if err != nil {
		return nil, "", err
	}
	if w.Route.User == nil && len(g.head) == 2 && g.head[1] == 2 {
		return through, "password", nil
	}
	return through, "", nil
}

// socks4Error is a refusal: 91 rejected or failed, 92 and 93 no identd, or one that names another user.
type socks4Error byte

func (e socks4Error) Error() string {
	switch e {
	case 91:
		return "SOCKS4: 91, the request is rejected or failed"
	case 92:
		return "SOCKS4: 92, the proxy cannot ask this computer who the user is (identd)"
	case 93:
		return "SOCKS4: 93, this computer names another user (identd)"
	}
	return fmt.Sprintf("SOCKS4: unknown answer %d", byte(e))
}

var errNotSOCKS4 = errors.New("the answer is no SOCKS4")

// socks4 makes a tunnel as Ying-Da Lee's "SOCKS: A protocol for TCP proxy across firewalls" and its extension 4A say. Only
// 4A takes a name; for 4 the name is resolved here, to IPv4, as it knows nothing else.
func (w *walker) socks4(ctx context.Context, conn net.Conn) error {
	ip, name := netip.AddrFrom4([4]byte{0, 0, 0, 1}), w.Endpoint.Host
	if a, err := netip.ParseAddr(name); err == nil && a.Unmap().Is4() {
		ip, name = a.Unmap(), ""
	} else if w.Route.Scheme != "socks4a" {
		addrs, _, err := w.Names.Lookup(ctx, "ip4", name)
		if err != nil {
			return err
		}
		ip, name = addrs[0], ""
	}
	b := binary.BigEndian.AppendUint16([]byte{4, 1}, uint16(w.Endpoint.Port))
	b = append(b, ip.AsSlice()...)
	user := ""
	if w.Route.User != nil {
		user = w.Route.User.Username()
	}
	if strings.ContainsRune(user+name, 0) {
		return errors.New("SOCKS4: a zero byte in a name")
	}
	b = append(append(b, user...), 0)
	if name != "" {
		b = append(append(b, name...), 0)
	}
	if _, err := conn.Write(b); err != nil {
		return err
	}
	var answer [8]byte
	if _, err := io.ReadFull(conn, answer[:1]); err != nil {
		return err
	}
	if answer[0] != 0 {
		return errNotSOCKS4
	}
	if _, err := io.ReadFull(conn, answer[1:]); err != nil {
		return err
	}
	if answer[1] != 90 {
		return socks4Error(answer[1])
	}
	return nil
}

// PasswordLogin is the scheme that [Answer.ProxyAuth] gives for a SOCKS5 proxy that wants a login (RFC 1929).
const PasswordLogin = "username/password"

// socksLogin is what a SOCKS proxy that asks who is there wants.
func (w *walker) socksLogin() string {
	if strings.HasPrefix(w.Route.Scheme, "socks5") {
		return PasswordLogin
	}
	return "identd"
}

// socksFailure reads the refusals of SOCKS4, and the words of golang.org/x/net's SOCKS5 client, which has no error values:
// RFC 1928, replies 1 to 8.
func socksFailure(f checks.Failure, err error) checks.Failure {
	var four socks4Error
	if errors.As(err, &four) {
		switch four {
		case 91:
			return checks.ProxyDenied
		case 92, 93:
			return checks.ProxyAuth
		}
		return checks.ProxyNotHTTP
	}
	text := err.Error()
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(s string) bool { return strings.Contains(text, s) })
	}
	switch {
	case f != checks.Unclear:
		return f
	case has("authentication", "username/password"):
		return checks.ProxyAuth
	case has("not allowed by ruleset"):
		return checks.ProxyDenied
	case has("unreachable", "connection refused", "TTL expired", "general SOCKS server failure"):
		return checks.ProxyTarget
	}
	return checks.ProxyNotHTTP
}

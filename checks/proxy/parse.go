package proxy

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// entry is one proxy of a setting and the scheme of the addresses it is for: "http", "https", "ftp", "socks", or "" for
// all of them.
type entry struct {
	For     string
	URL     *url.URL // scheme, host and port are always there; userinfo is kept
	Assumed bool     // no port was written
}

// The bounds of a proxy string; real ones are far below.
const (
	mostText    = 4096
	mostEntries = 16
)

var ports = map[string]string{"http": "80", "https": "443", "socks": "1080", "socks4": "1080", "socks4a": "1080", "socks5": "1080", "socks5h": "1080"}

// parse reads a proxy as Windows writes it: host:port, scheme://host:port, or a list such as http=a:80;https=b:80 with ;
// or blanks between (WINHTTP_PROXY_INFO). Nothing and the words none and direct are no proxy. No port means the one of
// the proxy's kind, 80 for a plain one. The error never quotes the text, which may hold a password.
func parse(raw string) ([]entry, error) {
	if len(raw) > mostText {
		return nil, fmt.Errorf("it is %d characters long", len(raw))
	}
	var out []entry
	for _, word := range strings.FieldsFunc(raw, func(r rune) bool { return r == ';' || r == ' ' || r == '\t' || r == '\r' || r == '\n' || r == 0 }) {
		if none(word) {
			continue
		}
		e, err := one(word)
		if err != nil {
			return nil, err
		}
		if out = append(out, e); len(out) > mostEntries {
			return nil, fmt.Errorf("it lists more than %d proxies", mostEntries)
		}
	}
	return out, nil
}

// parseURL reads one proxy as the environment and most files write it: a URL, or host:port. Nothing separates, so a
// password may hold any sign. nil: none is named.
func parseURL(raw string) (*entry, error) {
	raw = strings.TrimSpace(raw)
	if len(raw) > mostText {
		return nil, fmt.Errorf("it is %d characters long", len(raw))
	}
	if none(raw) {
		return nil, nil
	}
	if i := strings.IndexByte(raw, '='); i >= 0 && !strings.ContainsAny(raw[:i], ":/@") {
		return nil, errors.New("a list for each scheme is not for a variable")
	}
	e, err := one(raw)
	if err != nil {
		return nil, err
	}
	return &e, nil
}

// parseCurl is [parseURL] with curl's port where none is written: 1080 for all but https (CURLOPT_PROXYPORT). Other
// programs take 80, so such a setting is one that means different proxies.
func parseCurl(raw string) (*entry, error) {
	e, err := parseURL(raw)
	if e != nil && e.Assumed && e.URL.Scheme == "http" {
		e.URL.Host = net.JoinHostPort(e.URL.Hostname(), "1080")
	}
	return e, err
}

func none(word string) bool {
	switch strings.ToLower(strings.TrimRight(word, "/:")) {
	case "none", "direct", "":
		return true
	}
	return false
}

// What is wrong is not quoted: it may be a piece of a password.
var (
	errFor  = errors.New("what stands before = is none of http, https, ftp and socks")
	errKind = errors.New("what stands before :// is no kind of proxy")
)

func one(word string) (entry, error) {
	var e entry
	if i := strings.IndexByte(word, '='); i >= 0 && !strings.ContainsAny(word[:i], ":/@") {
		switch e.For = strings.ToLower(word[:i]); e.For {
		case "http", "https", "ftp", "socks":
		default:
			return entry{}, errFor
		}
		word = word[i+1:]
	}
	u := &url.URL{Scheme: "http"}
	if e.For == "socks" {
		u.Scheme = "socks"
	}
	rest := word
	if i := strings.Index(word, "://"); i >= 0 {
		u.Scheme, rest = strings.ToLower(word[:i]), word[i+3:]
	}
	usual, ok := ports[u.Scheme]
	if !ok {
		return entry{}, errKind
	}
	if i := strings.LastIndexByte(rest, '@'); i >= 0 {
		user, pass, has := strings.Cut(rest[:i], ":")
		if u.User = url.User(unescape(user)); has {
			u.User = url.UserPassword(unescape(user), unescape(pass))
		}
		rest = rest[i+1:]
	}
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		if strings.Trim(rest[i:], "/") != "" {
			return e, errors.New("something stands behind the host and port")
		}
		rest = rest[:i]
	}
	host, port, err := split(rest)
	if err != nil {
		return e, err
	}
	if port == "" {
		port, e.Assumed = usual, true
	}
	u.Host = net.JoinHostPort(host, port)
	e.URL = u
	return e, nil
}

// split takes host and port apart and refuses what can be neither a name nor an address.
func split(s string) (host, port string, err error) {
	host = s
	switch {
	case strings.HasPrefix(s, "["):
		i := strings.IndexByte(s, ']')
		if i < 0 {
			return "", "", errors.New("a bracket is not closed")
		}
		host = s[1:i]
		if a, err := netip.ParseAddr(host); err != nil || !a.Is6() {
			return "", "", errors.New("what stands in brackets is no IPv6 address")
		}
		if rest := s[i+1:]; rest != "" {
			if rest[0] != ':' {
				return "", "", errors.New("something stands behind the bracket")
			}
			port = rest[1:]
		}
	case strings.Count(s, ":") == 1:
		host, port, _ = strings.Cut(s, ":")
	case strings.Count(s, ":") > 1:
		a, err := netip.ParseAddr(s) // without brackets there is no room for a port
		if err != nil {
			return "", "", errors.New("it has more than one colon and is no IPv6 address")
		}
		return a.String(), "", nameable(a.String())
	}
	if port != "" {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return "", "", errors.New("the port is no number from 1 to 65535")
		}
		port = strconv.FormatUint(n, 10)
	}
	if err := nameable(host); err != nil {
		return "", "", err
	}
	return host, port, nil
}

func nameable(host string) error {
	if host == "" {
		return errors.New("no host is named")
	}
	if strings.Contains(host, "%") {
		return errors.New("an address with a zone is not for a setting")
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return nil
	}
	if len(host) > 253 {
		return errors.New("the host's name is longer than DNS allows")
	}
	for _, r := range host {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '.', r == '_', r > 0x7f && r != 0xfffd:
		default:
			return errors.New("a sign in it cannot stand in a host's name")
		}
	}
	if strings.HasPrefix(host, ".") || strings.Contains(host, "..") {
		return errors.New("the host's name has an empty part")
	}
	return nil
}

func unescape(s string) string {
	if t, err := url.PathUnescape(s); err == nil {
		return t
	}
	return s
}

// pick returns the proxy for addresses of the given scheme; nil: none, which is direct. A socks proxy serves what no
// other is named for.
func pick(entries []entry, scheme string) *entry {
	for _, want := range []string{scheme, "", "socks"} {
		for i := range entries {
			if entries[i].For == want {
				return &entries[i]
			}
		}
	}
	return nil
}

// same is a proxy written so that two spellings of one proxy are equal: no userinfo, lower case, a port always.
func same(u *url.URL) string {
	if u == nil {
		return "direct"
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if a, err := netip.ParseAddr(host); err == nil {
		host = a.String()
	}
	port := u.Port()
	if port == "" {
		port = ports[u.Scheme]
	}
	return strings.ToLower(u.Scheme) + "://" + net.JoinHostPort(host, port)
}

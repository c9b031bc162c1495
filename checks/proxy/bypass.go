package proxy

import (
	"cmp"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"linecheck/assets"
)

// reading is how a program that uses a setting reads its list of exceptions. One list means other hosts to another
// reader.
type reading uint8

const (
	// asWindows is WinINET's and WinHTTP's: [scheme://]pattern[:port] with * anywhere in the pattern, <local> for names
	// without a dot, and <-loopback>, without which this computer's own names go direct. *.example.com is not
	// example.com, and a network such as 10.0.0.0/8 is no pattern: 10.* is (WINHTTP_PROXY_INFO; the administration kit of
	// Internet Explorer, "proxy bypass lists").
	asWindows reading = iota
	// asCurl is curl's: a name covers itself and all below, with or without a dot in front; * covers all only where it
	// stands alone; an address may have a prefix length since 7.86; patterns, ports and schemes are not understood
	// (CURLOPT_NOPROXY, lib/noproxy.c). Go reads the same variables otherwise: it knows ports and *. in front, and a name
	// with a dot in front does not cover the name itself. The products here use curl, so curl's reading counts.
	asCurl
	// asGNOME is GLib's: example.com, .example.com and *.example.com all cover the name and all below; an address, a
	// network, and each of them with a port, which counts only where the address names one (GSimpleProxyResolver,
	// "ignore-hosts").
	asGNOME
	// asChromium is that of Chrome's and Edge's policies: as Windows, and a dot in front is *. in front, networks are
	// understood for addresses, a later rule goes before an earlier one (Chromium, net/docs/proxy.md, "proxy bypass rules").
	asChromium
)

// place is the host and port that an address of the product leads to.
type place struct {
	scheme, host string // in lower case, without a dot at its end
	port         int
	addr         netip.Addr // the host where it is an address
}

func placeOf(e *assets.Endpoint) place {
	p := place{scheme: strings.ToLower(e.Scheme), host: strings.TrimSuffix(strings.ToLower(e.Host), "."), port: e.Port}
	p.host, _ = withPort(p.host)
	p.port = cmp.Or(p.port, standard(p.scheme))
	if a, err := netip.ParseAddr(p.host); err == nil {
		p.addr = a.Unmap()
	}
	return p
}

func standard(scheme string) int {
	switch scheme {
	case "http":
		return 80
	case "https":
		return 443
	}
	return 0
}

// excepts reports whether the source's exceptions send an address of the product directly.
func (s source) excepts(e *assets.Endpoint) bool { return s.reads.covers(s.Bypass, placeOf(e)) }

// covers reports whether a list of exceptions holds a place.
func (r reading) covers(list []string, p place) bool {
	switch r {
	case asCurl:
		return curlCovers(list, p)
	case asGNOME:
		return anyOf(list, func(rule string) bool { return gnomeCovers(rule, p) })
	case asChromium:
		return windowsCovers(list, p, true)
	}
	return windowsCovers(list, p, false)
}

func anyOf(list []string, covers func(string) bool) bool {
	for _, rule := range list {
		if covers(strings.ToLower(strings.TrimSpace(rule))) {
			return true
		}
	}
	return false
}

// windowsCovers goes through the list from its end, as Chromium does; for Windows the order makes no difference.
func windowsCovers(list []string, p place, chromium bool) bool {
	own := p.own()
	for i := len(list) - 1; i >= 0; i-- {
		rule := strings.ToLower(strings.TrimSpace(list[i]))
		switch {
		case rule == "<-loopback>":
			if chromium && own {
				return false
			}
			own = false
		case rule == "<local>":
			if !p.addr.IsValid() && p.host != "" && !strings.Contains(p.host, ".") {
				return true
			}
		case pattern(rule, p, chromium):
			return true
		}
	}
	return own
}

// own reports whether it is this computer itself or its own cable, which needs no rule to go direct.
func (p place) own() bool {
	if p.addr.IsValid() {
		return p.addr.IsLoopback() || p.addr.IsLinkLocalUnicast()
	}
	return p.host == "localhost" || p.host == "loopback" || strings.HasSuffix(p.host, ".localhost")
}

// pattern matches [scheme://]pattern[:port].
func pattern(rule string, p place, chromium bool) bool {
	if i := strings.Index(rule, "://"); i >= 0 {
		if rule[:i] != p.scheme {
			return false
		}
		rule = rule[i+3:]
	}
	if strings.Contains(rule, "/") {
		net, err := netip.ParsePrefix(rule)
		return chromium && err == nil && p.addr.IsValid() && net.Masked().Contains(p.addr)
	}
	rule, port := withPort(rule)
	if port != 0 && port != p.port || rule == "" {
		return false
	}
	if p.addr.IsValid() {
		if a, err := netip.ParseAddr(rule); err == nil {
			return a.Unmap() == p.addr
		}
	}
	if chromium && strings.HasPrefix(rule, ".") {
		rule = "*" + rule
	}
	return wild(rule, p.host)
}

// withPort takes a port off a rule, and brackets off an address; port 0: none is written. What is no port stays where it
// is, so that the rule covers nothing.
func withPort(rule string) (string, int) {
	if h, t, err := net.SplitHostPort(rule); err == nil {
		if n, err := strconv.ParseUint(t, 10, 16); err == nil && n > 0 {
			return h, int(n)
		}
		return rule, 0
	}
	if strings.HasPrefix(rule, "[") && strings.HasSuffix(rule, "]") {
		rule = rule[1 : len(rule)-1]
	}
	return rule, 0
}

// wild matches a name with a pattern in which * stands for any characters, dots too, and nothing else is special.
func wild(pattern, name string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == name
	}
	first, last := parts[0], parts[len(parts)-1]
	if len(name) < len(first)+len(last) || !strings.HasPrefix(name, first) || !strings.HasSuffix(name, last) {
		return false
	}
	name = name[len(first) : len(name)-len(last)]
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(name, part)
		if i < 0 {
			return false
		}
		name = name[i+len(part):]
	}
	return true
}

func curlCovers(list []string, p place) bool {
	if len(list) == 1 && strings.TrimSpace(list[0]) == "*" {
		return true
	}
	return anyOf(list, func(rule string) bool {
		if p.addr.IsValid() {
			if a, err := netip.ParseAddr(rule); err == nil {
				return a == p.addr
			}
			// Curl takes a length of 0 for none given.
			net, err := netip.ParsePrefix(rule)
			return err == nil && (net.Bits() > 0 && net.Masked().Contains(p.addr) || net.Addr() == p.addr)
		}
		rule = strings.TrimPrefix(strings.TrimSuffix(rule, "."), ".")
		return below(rule, p.host)
	})
}

func gnomeCovers(rule string, p place) bool {
	if net, err := netip.ParsePrefix(rule); err == nil {
		return p.addr.IsValid() && net.Masked().Contains(p.addr)
	}
	rule, port := withPort(rule)
	if port != 0 && (port != p.port || port == standard(p.scheme)) {
		return false
	}
	if a, err := netip.ParseAddr(rule); err == nil || p.addr.IsValid() {
		return err == nil && a.Unmap() == p.addr
	}
	return below(strings.TrimPrefix(strings.TrimPrefix(rule, "*."), "."), p.host)
}

// below reports whether a name is a domain itself or lies in it.
func below(domain, name string) bool {
	return domain != "" && (name == domain || strings.HasSuffix(name, "."+domain))
}

// idle lists the entries that the reader does not understand, so that they keep nobody from the proxy.
func (r reading) idle(list []string) []string {
	var out []string
	for _, rule := range list {
		if rule = strings.ToLower(strings.TrimSpace(rule)); rule != "" && r.misreads(rule, len(list) == 1) {
			out = append(out, rule)
		}
	}
	return out
}

func (r reading) misreads(rule string, alone bool) bool {
	_, cidr := netip.ParsePrefix(rule)
	_, addr := netip.ParseAddr(rule)
	_, port := withPort(rule)
	switch r {
	case asCurl:
		return (rule != "*" || !alone) && cidr != nil && addr != nil && (port != 0 || strings.ContainsAny(rule, "*<>/[]"))
	case asGNOME:
		return cidr != nil && (strings.ContainsAny(rule, "<>/") || strings.Contains(strings.TrimPrefix(rule, "*."), "*"))
	case asChromium:
		return false
	}
	if i := strings.Index(rule, "://"); i >= 0 {
		rule = rule[i+3:]
	}
	return strings.HasPrefix(rule, ".") || strings.Contains(rule, "/")
}

// exceptions splits a list of hosts that go direct. Semicolons and blanks are Windows' signs, a comma is the
// environment's; each is taken by the other too. An address with a login covers no host, and its password is hidden.
func exceptions(s string) []string {
	if len(s) > 16*mostText {
		s = s[:16*mostText]
	}
	return masked(strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(";, \t\r\n\x00", r) }))
}

func masked(list []string) []string {
	out := slices.Clone(list)
	for i, rule := range out {
		if strings.Contains(rule, "@") || strings.Contains(rule, "%40") {
			out[i] = mask(rule)
		}
	}
	return out
}

package host

import (
	"fmt"
	"net/url"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// scriptText decodes a script as browsers do that are told no encoding: by its byte order mark, else as UTF-8, and as
// Latin-1 where it is none.
func scriptText(b []byte) string {
	wide := func(at func(i int) uint16) string {
		var u []uint16
		for i := 2; i+1 < len(b); i += 2 {
			u = append(u, at(i))
		}
		return string(utf16.Decode(u))
	}
	switch {
	case len(b) >= 2 && b[0] == 0xff && b[1] == 0xfe:
		return wide(func(i int) uint16 { return uint16(b[i]) | uint16(b[i+1])<<8 })
	case len(b) >= 2 && b[0] == 0xfe && b[1] == 0xff:
		return wide(func(i int) uint16 { return uint16(b[i+1]) | uint16(b[i])<<8 })
	}
	s := strings.TrimPrefix(string(b), "\ufeff")
	if utf8.ValidString(s) {
		return s
	}
	r := make([]rune, len(b))
	for i, c := range b {
		r[i] = rune(c)
	}
	return string(r)
}

// scriptAddress gives what a script is called with for an address: its url and its host. Login and fragment are never
// in it. Of an https or wss address neither path nor query is, in Firefox and in Chromium since 52
// (chromium.googlesource.com/chromium/src/+/HEAD/net/docs/proxy.md, developer.mozilla.org: "Proxy Auto-Configuration
// file"); that Windows keeps them back as well is not documented, and linecheck tells them to no script. Scheme and host
// are in lower case, a port that the scheme has anyhow is left out, and an IPv6 host has no brackets.
func scriptAddress(s string) (address, name string, err error) {
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || u.Scheme == "" {
		return "", "", fmt.Errorf("no address that a script can be asked for: %.100q", s)
	}
	name = ascii(u.Hostname())
	at := name
	if strings.Contains(name, ":") {
		at = "[" + name + "]"
	}
	if p := u.Port(); p != "" && p != map[string]string{"http": "80", "https": "443", "ws": "80", "wss": "443"}[u.Scheme] {
		at += ":" + p
	}
	path := u.EscapedPath()
	if path == "" || path[0] != '/' {
		path = "/" + path
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	if u.Scheme == "https" || u.Scheme == "wss" {
		path = "/"
	}
	return u.Scheme + "://" + at + path, name, nil
}

// ascii lowers the letters A to Z alone.
func ascii(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}, s)
}

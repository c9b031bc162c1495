package host

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// ScriptText decodes a script as browsers do that are told no encoding: by its byte order mark, else as UTF-8, and as
// Latin-1 where it is none. UTF-16 without a mark is known by its zeros, half a letter at its end is left out.
func ScriptText(b []byte) string {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(b, []byte{0xff, 0xfe}):
		b, order = b[2:], binary.LittleEndian
	case bytes.HasPrefix(b, []byte{0xfe, 0xff}):
		b, order = b[2:], binary.BigEndian
	case len(b) > 3 && b[0] != 0 && b[1] == 0 && b[3] == 0:
		order = binary.LittleEndian
	case len(b) > 3 && b[0] == 0 && b[1] != 0 && b[2] == 0:
		order = binary.BigEndian
	}
	if order != nil {
		u := make([]uint16, len(b)/2)
		for i := range u {
			u[i] = order.Uint16(b[2*i:])
		}
		return string(utf16.Decode(u))
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

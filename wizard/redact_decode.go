package wizard

import (
	"encoding/base64"
	"encoding/hex"
	"html"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

var (
	// word is what may be one value written in another form.
	word     = regexp.MustCompile(`[^\s"'<>|]+`)
	coding   = regexp.MustCompile(`[A-Za-z0-9+/_-]{12,}={0,2}`)
	unicodes = regexp.MustCompile(`\\u00[2-7][0-9a-fA-F]`)
	account  = regexp.MustCompile(`^[^\s:]{1,64}:[^\s:]\S{0,127}$`)
)

// decoded looks behind percent signs, HTML's and JSON's escapes, base64 and hexadecimal. Where clean takes something
// out of what is behind, the part is written plainly without it; of base64 and hexadecimal nothing stays.
func decoded(s string, clean func(string) string, to hide) string {
	if strings.ContainsAny(s, `%&\`) {
		s = word.ReplaceAllStringFunc(s, func(w string) string {
			for part, n := unescaped(w), 0; part != w && n < 3; n++ { // an address within an address within an address
				if c := clean(part); c != part {
					return c
				}
				part = unescaped(part)
			}
			return w
		})
	}
	if len(s) < 12 {
		return s
	}
	return coding.ReplaceAllStringFunc(s, func(w string) string {
		for _, plain := range unpacked(w) {
			if account.MatchString(plain) || clean(plain) != plain {
				return to("secret", w)
			}
		}
		return w
	})
}

// unescaped is s without one layer of escapes.
func unescaped(s string) string {
	if strings.Contains(s, "%") {
		if p, err := url.PathUnescape(s); err == nil {
			s = p
		}
	}
	if strings.Contains(s, "&") && strings.Contains(s, ";") {
		s = html.UnescapeString(s)
	}
	if strings.Contains(s, `\u00`) {
		s = unicodes.ReplaceAllStringFunc(s, func(m string) string {
			b, _ := hex.DecodeString(m[4:])
			return string(b)
		})
	}
	return s
}

// unpacked are the texts that a word may stand for in base64 or hexadecimal; most words stand for none.
func unpacked(w string) []string {
	var out []string
	add := func(b []byte, err error) {
		if s, ok := readable(b); err == nil && ok {
			out = append(out, s)
		}
	}
	bare := strings.TrimRight(w, "=")
	if strings.ContainsAny(bare, "-_") {
		add(base64.RawURLEncoding.DecodeString(bare))
	} else {
		add(base64.RawStdEncoding.DecodeString(bare))
	}
	if len(bare)%2 == 0 && len(bare) >= 16 {
		add(hex.DecodeString(bare))
	}
	return out
}

// readable is the text that bytes hold, in UTF-8 or UTF-16; false where they hold none.
func readable(b []byte) (string, bool) {
	if len(b) < 4 {
		return "", false
	}
	s := string(b)
	if len(b)%2 == 0 && b[1] == 0 {
		units := make([]uint16, len(b)/2)
		for i := range units {
			units[i] = uint16(b[2*i]) | uint16(b[2*i+1])<<8
		}
		s = string(utf16.Decode(units))
	}
	if !utf8.ValidString(s) || strings.ContainsFunc(s, func(c rune) bool { return !unicode.IsPrint(c) && !unicode.IsSpace(c) }) {
		return "", false
	}
	return s, true
}

package domain

import (
	"errors"
	"strings"
)

const (
	maxName = 255 // of a DNS name (RFC 1035 3.1), which these are laid out like
	maxJump = 8   // how often a name may go on elsewhere
)

// labels reads a name that may go on at an earlier place (RFC 1035 4.1.4), counted from the front of the answer. A jump
// leads backwards only, so that it ends. at is behind the name afterwards.
func labels(b []byte, at int) (name string, end int, err error) {
	var out []string
	size, limit, jumps := 0, len(b), 0
	for i := at; ; {
		if i >= limit {
			return "", 0, errShort
		}
		n := int(b[i])
		switch {
		case n == 0:
			if jumps == 0 {
				end = i + 1
			}
			return strings.Join(out, "."), end, nil
		case n&0xc0 == 0xc0:
			if i+1 >= limit {
				return "", 0, errShort
			}
			to := (n&0x3f)<<8 | int(b[i+1])
			if jumps == 0 {
				end = i + 2
			}
			if jumps++; to >= i || jumps > maxJump {
				return "", 0, errors.New("a name goes round in circles")
			}
			i = to
		case n&0xc0 != 0:
			return "", 0, errLength
		default:
			if i+1+n > limit {
				return "", 0, errShort
			}
			if size += n + 1; size > maxName {
				return "", 0, errLength
			}
			out = append(out, clean(string(b[i+1:i+1+n])))
			i += 1 + n
		}
	}
}

// clean keeps what a name may show on a screen; the rest becomes a question mark. Names come from whoever answers.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7f || r >= 0x80 && r < 0xa0 || r == '\uFFFD' || r >= 0x200b && r <= 0x200f || r >= 0x2028 && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
}

package pac

import (
	"net/netip"
	"strings"
	"time"
	"unicode/utf8"
)

// What parent and child say to each other is JSON, a line each: the parent begins with an order; the child answers with
// words, the parent with a reply to each word that asks.

type order struct {
	Text, Origin string
	Addresses    []Address
	Own          []netip.Addr
	Now          time.Time // with the parent's offset from UTC
	Wait         time.Duration
	Memory       uint64
	Names        int
}

// word holds one of its fields.
type word struct {
	Read   bool    `json:",omitempty"` // the script could be read; what fails from now on fails as it runs
	Ask    string  `json:",omitempty"` // a name's addresses are wanted
	Answer *Answer `json:",omitempty"` // for the next address
	Fault  *Fault  `json:",omitempty"` // of the script as a whole: nothing more follows
	Done   bool    `json:",omitempty"` // nothing more follows
}

type reply struct{ Addrs []netip.Addr }

// short cuts a message to what may be kept, on one line.
func short(s string) string {
	if len(s) > textSize {
		s = s[:textSize]
		for len(s) > 0 && !utf8.ValidString(s) {
			s = s[:len(s)-1]
		}
	}
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r == utf8.RuneError }), " ")
}

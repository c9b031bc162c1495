package host

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Option 252 is the address of a proxy script. No RFC has it: draft-ietf-wrec-wpad-01, 1999, which Windows and browsers
// follow.
const (
	optionWPAD  = 252
	maxWPAD     = 2048
	offeredWait = 5 * time.Second
)

// wpadText is the option's value as text: servers end it with zero bytes, line ends or blanks, because early clients
// took its last byte away. Control characters are not passed on.
func wpadText(b []byte) (string, error) {
	s := strings.TrimRight(string(b), "\x00 \t\r\n")
	s = strings.TrimLeft(s, " \t\r\n")
	if s == "" {
		return "", fmt.Errorf("DHCP option %d is empty: %w", optionWPAD, ErrNotFound)
	}
	bad := func(r rune) bool { return r < ' ' || r == 0x7f || r == utf8.RuneError }
	if len(s) > maxWPAD || strings.ContainsFunc(s, bad) {
		return "", fmt.Errorf("DHCP option %d is no text: %.100q", optionWPAD, s)
	}
	return s, nil
}

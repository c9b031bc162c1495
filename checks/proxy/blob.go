package proxy

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
)

// connection is what the two binary registry values say. The flags decide: a proxy may be remembered and not used.
type connection struct {
	manual, pac, auto bool
	proxy             string
	bypass            string
	pacURL            string
}

// The flags of INTERNET_PER_CONN_FLAGS (wininet.h); WinHTTP's value uses the first two.
const (
	flagManual = 2
	flagPAC    = 4
	flagAuto   = 8
)

// errShort: the value ends before it is complete. The bytes are not quoted: they may hold a password.
var errShort = errors.New("the value ends too early")

// reader takes little-endian numbers and counted strings off a binary value.
type reader struct {
	b   []byte
	err error
}

func (r *reader) number() uint32 {
	if len(r.b) < 4 {
		r.b, r.err = nil, errShort
		return 0
	}
	n := binary.LittleEndian.Uint32(r.b)
	r.b = r.b[4:]
	return n
}

func (r *reader) text() string {
	n := r.number()
	if r.err != nil || uint64(n) > uint64(len(r.b)) {
		r.b, r.err = nil, errShort
		return ""
	}
	s := string(r.b[:n])
	r.b = r.b[n:]
	return strings.TrimRight(s, "\x00")
}

// head reads what both values begin with: a version, or the size of the head, then a counter and the flags.
func (r *reader) head() (flags uint32, err error) {
	version := r.number()
	r.number()
	flags = r.number()
	if r.err != nil {
		return 0, r.err
	}
	if version == 0 || version > 0xff {
		return 0, fmt.Errorf("unknown version %d", version)
	}
	return flags, nil
}

// parseConnections reads Internet Settings\Connections\DefaultConnectionSettings: version, counter, flags, then proxy,
// exceptions and PAC URL, each with its length before it. Values that end after the flags or after the proxy are seen,
// and are good as long as nothing that the flags need is missing.
func parseConnections(b []byte) (connection, error) {
	r := &reader{b: b}
	flags, err := r.head()
	if err != nil {
		return connection{}, err
	}
	c := connection{manual: flags&flagManual != 0, pac: flags&flagPAC != 0, auto: flags&flagAuto != 0}
	c.proxy = r.text()
	if r.err != nil && c.manual {
		return connection{}, r.err
	}
	c.bypass = r.text()
	c.pacURL = r.text()
	if r.err != nil && c.pac {
		return connection{}, r.err
	}
	return c, nil
}

// parseWinHTTP reads Internet Settings\Connections\WinHttpSettings: size of the head, counter, flags, then proxy and
// exceptions, each with its length before it. Its 20-byte form for direct access is in Microsoft's KB4494447.
func parseWinHTTP(b []byte) (connection, error) {
	r := &reader{b: b}
	flags, err := r.head()
	if err != nil {
		return connection{}, err
	}
	c := connection{manual: flags&flagManual != 0}
	c.proxy = r.text()
	if r.err != nil && c.manual {
		return connection{}, r.err
	}
	c.bypass = r.text()
	return c, nil
}

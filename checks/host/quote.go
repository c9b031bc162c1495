package host

import (
	"encoding/binary"
	"net/netip"
)

// quote is what an ICMP "destination unreachable" says of the TCP packet that could not be delivered.
type quote struct {
	code     int
	from, to netip.AddrPort
}

const (
	protoTCP    = 6
	unreach4    = 3 // RFC 792
	unreach6    = 1 // RFC 4443
	maxHeaders6 = 8 // extension headers that are passed over
)

// unquote4 reads an ICMP message. Routers send back the IPv4 header and at least 8 bytes behind it (RFC 792), which
// are the ports and the sequence number.
func unquote4(b []byte) (quote, bool) {
	if len(b) < 8+20 || b[0] != unreach4 {
		return quote{}, false
	}
	code, ip := int(b[1]), b[8:]
	size := int(ip[0]&0x0f) * 4
	fragment := binary.BigEndian.Uint16(ip[6:]) & 0x1fff
	if ip[0]>>4 != 4 || size < 20 || ip[9] != protoTCP || fragment != 0 || len(ip) < size+4 {
		return quote{}, false
	}
	return ports(code, netip.AddrFrom4([4]byte(ip[12:16])), netip.AddrFrom4([4]byte(ip[16:20])), ip[size:]), true
}

// unquote6 reads an ICMPv6 message, which quotes as much as fits into 1,280 bytes.
func unquote6(b []byte) (quote, bool) {
	if len(b) < 8+40 || b[0] != unreach6 {
		return quote{}, false
	}
	code, ip := int(b[1]), b[8:]
	if ip[0]>>4 != 6 {
		return quote{}, false
	}
	next, rest := ip[6], ip[40:]
	for range maxHeaders6 {
		switch next {
		case protoTCP:
			if len(rest) < 4 {
				return quote{}, false
			}
			return ports(code, netip.AddrFrom16([16]byte(ip[8:24])), netip.AddrFrom16([16]byte(ip[24:40])), rest), true
		case 0, 43, 60: // hop-by-hop, routing, destination options: RFC 8200, 4
			if len(rest) < 8 || len(rest) < (int(rest[1])+1)*8 {
				return quote{}, false
			}
			next, rest = rest[0], rest[(int(rest[1])+1)*8:]
		default:
			return quote{}, false
		}
	}
	return quote{}, false
}

func ports(code int, from, to netip.Addr, tcp []byte) quote {
	return quote{
		code: code,
		from: netip.AddrPortFrom(from, binary.BigEndian.Uint16(tcp)),
		to:   netip.AddrPortFrom(to, binary.BigEndian.Uint16(tcp[2:])),
	}
}

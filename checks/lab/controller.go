package lab

import (
	"bytes"
	"cmp"
	"encoding/asn1"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"time"
)

// directory is a domain controller as far as it says who it is: to a netlogon ping on UDP 389 (MS-ADTS 6.3.3) and to a
// Kerberos request on TCP and UDP 88 (RFC 4120), which it answers with the wish for pre-authentication.
type directory struct {
	lab    *Lab
	name   string
	domain string // that it serves
	site   string
}

const defaultSite = "Default-First-Site-Name"

func (l *Lab) directory(c Controller) directory {
	return directory{lab: l, name: strings.ToLower(c.Name), domain: strings.ToLower(cmp.Or(c.Domain, l.scene.Machine.Domain)), site: defaultSite}
}

// ldap answers one datagram; nil: it says nothing.
func (d directory) ldap(query []byte) []byte {
	var message asn1.RawValue
	if _, err := asn1.Unmarshal(query, &message); err != nil {
		return nil
	}
	var id int
	if _, err := asn1.Unmarshal(message.Bytes, &id); err != nil {
		return nil
	}
	done := der(0x30, der(0x02, number(id)), der(0x65, der(0x0a, []byte{0}), der(0x04), der(0x04)))
	if bytes.Contains(query, []byte("DnsDomain")) && !bytes.Contains(bytes.ToLower(query), []byte(d.domain)) {
		return done // it serves another domain, and has nothing to say of the one that was asked for
	}
	attribute := der(0x30, der(0x04, []byte("netlogon")), der(0x31, der(0x04, d.logon())))
	return append(der(0x30, der(0x02, number(id)), der(0x64, der(0x04), der(0x30, attribute))), done...)
}

// logon is NETLOGON_SAM_LOGON_RESPONSE_EX (MS-ADTS 6.3.1.9).
func (d directory) logon() []byte {
	b := binary.LittleEndian.AppendUint32(nil, 23) // LOGON_SAM_LOGON_RESPONSE_EX, and two bytes of nothing
	b = binary.LittleEndian.AppendUint32(b, 0x3fd) // a writable controller with everything
	b = append(b, make([]byte, 16)...)
	host, _, _ := strings.Cut(d.name, ".")
	flat, _, _ := strings.Cut(d.domain, ".")
	for _, s := range []string{d.domain, d.domain, d.name, strings.ToUpper(flat), strings.ToUpper(host), "", d.site, d.site} {
		for l := range strings.SplitSeq(s, ".") {
			if l != "" {
				b = append(append(b, byte(len(l))), l...)
			}
		}
		b = append(b, 0)
	}
	b = binary.LittleEndian.AppendUint32(b, 5)
	return append(b, 0xff, 0xff, 0xff, 0xff)
}

// ticket is the answer to any Kerberos request: KRB-ERROR 25, KDC_ERR_PREAUTH_REQUIRED.
func (d directory) ticket([]byte) []byte {
	realm := []byte(strings.ToUpper(d.domain))
	now := time.Now().Add(d.lab.scene.Network.Clock).UTC().Format("20060102150405Z")
	return der(0x7e, der(0x30, der(0xa0, der(0x02, []byte{5})), der(0xa1, der(0x02, []byte{30})),
		der(0xa4, der(0x18, []byte(now))), der(0xa5, der(0x02, []byte{0})), der(0xa6, der(0x02, []byte{25})),
		der(0xa9, der(0x1b, realm)),
		der(0xaa, der(0x30, der(0xa0, der(0x02, []byte{2})), der(0xa1, der(0x30, der(0x1b, []byte("krbtgt")), der(0x1b, realm)))))))
}

// kerberos answers one request on a connection: four bytes of length before each message.
func (d directory) kerberos(c net.Conn) {
	var size [4]byte
	if _, err := io.ReadFull(c, size[:]); err != nil {
		return
	}
	if n := binary.BigEndian.Uint32(size[:]); n > maxDatagram {
		return
	} else if _, err := io.CopyN(io.Discard, c, int64(n)); err != nil {
		return
	}
	a := d.ticket(nil)
	_, _ = c.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(a))), a...))
}

const maxDatagram = 64 << 10

// datagrams answers each datagram until the socket is closed.
func (l *Lab) datagrams(p net.PacketConn, answer func([]byte) []byte) {
	b := make([]byte, maxDatagram)
	for {
		n, from, err := p.ReadFrom(b)
		if err != nil {
			return
		}
		if a := answer(b[:n]); a != nil {
			_, _ = p.WriteTo(a, from)
		}
	}
}

// der writes one value of ASN.1 with its length, as short as it can be.
func der(tag byte, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	n := len(body)
	switch {
	case n < 0x80:
		return append([]byte{tag, byte(n)}, body...)
	case n < 0x100:
		return append([]byte{tag, 0x81, byte(n)}, body...)
	}
	return append([]byte{tag, 0x82, byte(n >> 8), byte(n)}, body...)
}

// number is a whole number of ASN.1 that is not negative.
func number(n int) []byte {
	b := binary.BigEndian.AppendUint32([]byte{0}, uint32(n))
	for len(b) > 1 && b[0] == 0 && b[1] < 0x80 {
		b = b[1:]
	}
	return b
}

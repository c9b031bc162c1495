package lab

import (
	"encoding/asn1"
	"net"
	"strings"
)

// root says on a connection to TCP 389 which domain's directory this is: the root DSE, which anybody may read (MS-ADTS
// 3.1.1.3.2). One question is answered; it comes in one piece.
func (d directory) root(c net.Conn) {
	b := make([]byte, 4096)
	n, err := c.Read(b)
	if err != nil {
		return
	}
	var message asn1.RawValue
	var id int
	if _, err := asn1.Unmarshal(b[:n], &message); err != nil {
		return
	}
	if _, err := asn1.Unmarshal(message.Bytes, &id); err != nil {
		return
	}
	pair := func(name, value string) []byte {
		return der(0x30, der(0x04, []byte(name)), der(0x31, der(0x04, []byte(value))))
	}
	entry := der(0x64, der(0x04), der(0x30, pair("dnsHostName", d.name), pair("defaultNamingContext", "DC="+strings.ReplaceAll(d.domain, ".", ",DC="))))
	done := der(0x65, der(0x0a, []byte{0}), der(0x04), der(0x04))
	_, _ = c.Write(append(der(0x30, der(0x02, number(id)), entry), der(0x30, der(0x02, number(id)), done)...))
}

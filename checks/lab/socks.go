package lab

import (
	"bufio"
	"encoding/binary"
	"io"
	"net"
	"net/netip"
	"strings"
)

// socks5 serves one connection of SOCKS5 (RFC 1928), with a name and password where the proxy wants them (RFC 1929).
func (p *proxy) socks5(c net.Conn) {
	in := bufio.NewReader(c)
	head := make([]byte, 2)
	if _, err := io.ReadFull(in, head); err != nil || head[0] != 5 {
		return
	}
	methods := make([]byte, head[1])
	if _, err := io.ReadFull(in, methods); err != nil {
		return
	}
	want := byte(0)
	if p.rule.Mode == "auth" {
		want = 2
	}
	if !strings.Contains(string(methods), string([]byte{want})) {
		_, _ = c.Write([]byte{5, 0xff})
		return
	}
	if _, err := c.Write([]byte{5, want}); err != nil || want == 2 && !p.password(c, in) {
		return
	}
	req := make([]byte, 4)
	if _, err := io.ReadFull(in, req); err != nil {
		return
	}
	host, ok := socksHost(in, req[3])
	port, err := socksPort(in)
	if !ok || err != nil {
		return
	}
	// The replies of RFC 1928, 6.
	code := map[string]byte{"open": 0, "denied": 2, "no_such_name": 4, "drop": 4, "no_route": 3, "prohibited": 2, "refuse": 5, "bad_gateway": 1}
	out, fate := p.through(host, port)
	if req[1] != 1 {
		fate = "denied"
	}
	if _, err := c.Write([]byte{5, code[fate], 0, 1, 0, 0, 0, 0, 0, 0}); out != nil {
		defer p.lab.release(out)
		if err == nil && fate == "open" {
			join(c, in, out)
		}
	}
}

// password takes a name and password and says whether they are right.
func (p *proxy) password(c net.Conn, in *bufio.Reader) bool {
	version, err := in.ReadByte()
	if err != nil || version != 1 {
		return false
	}
	name, ok := counted8(in)
	word, ok2 := counted8(in)
	if !ok || !ok2 {
		return false
	}
	if p.rule.Login == "" || name+":"+word != p.rule.Login {
		_, _ = c.Write([]byte{1, 1})
		return false
	}
	_, err = c.Write([]byte{1, 0})
	return err == nil
}

// socks4 serves one connection of SOCKS4, and of SOCKS4a, which takes names.
func (p *proxy) socks4(c net.Conn) {
	in := bufio.NewReader(c)
	head := make([]byte, 2)
	if _, err := io.ReadFull(in, head); err != nil || head[0] != 4 {
		return
	}
	port, err := socksPort(in)
	addr := make([]byte, 4)
	if err != nil {
		return
	}
	if _, err := io.ReadFull(in, addr); err != nil {
		return
	}
	if _, err := in.ReadBytes(0); err != nil {
		return
	}
	host := netip.AddrFrom4([4]byte(addr)).String()
	named := addr[0] == 0 && addr[1] == 0 && addr[2] == 0 && addr[3] != 0
	if named {
		b, err := in.ReadBytes(0)
		if err != nil {
			return
		}
		host = string(b[:len(b)-1])
	}
	answer := []byte{0, 0x5b, 0, 0, 0, 0, 0, 0}
	if head[1] != 1 || named && p.rule.Kind == "socks4" {
		_, _ = c.Write(answer)
		return
	}
	out, fate := p.through(host, port)
	if fate == "open" {
		answer[1] = 0x5a
	}
	if _, err := c.Write(answer); out != nil {
		defer p.lab.release(out)
		if err == nil && fate == "open" {
			join(c, in, out)
		}
	}
}

// through is the way out for a host, or the fate of one that is forbidden or not to be reached.
func (p *proxy) through(host string, port uint16) (net.Conn, string) {
	if a, err := netip.ParseAddr(host); err == nil && p.lab.world.at[a] != nil {
		host = p.lab.world.at[a].name
	}
	p.lab.dial("proxy " + authorityOf(host, port))
	switch {
	case p.rule.Mode == "deny" || p.forbids(host):
		return nil, "denied"
	case p.rule.Mode == "bad_gateway":
		return nil, "bad_gateway"
	}
	return p.lab.reach(host, port)
}

func socksHost(in *bufio.Reader, kind byte) (string, bool) {
	switch kind {
	case 1, 4:
		b := make([]byte, 4*int(kind))
		_, err := io.ReadFull(in, b)
		a, _ := netip.AddrFromSlice(b)
		return a.String(), err == nil
	case 3:
		return counted8(in)
	}
	return "", false
}

func socksPort(in *bufio.Reader) (uint16, error) {
	var b [2]byte
	_, err := io.ReadFull(in, b[:])
	return binary.BigEndian.Uint16(b[:]), err
}

// counted8 reads a text with its length in one byte before it.
func counted8(in *bufio.Reader) (string, bool) {
	n, err := in.ReadByte()
	if err != nil {
		return "", false
	}
	b := make([]byte, n)
	_, err = io.ReadFull(in, b)
	return string(b), err == nil
}

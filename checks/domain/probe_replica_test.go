package domain

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"linecheck/checks/host/hosttest"
)

// replica is a controller for tests: it takes connections on one port, and answers netlogon pings and Kerberos.
type replica struct {
	domain, near string
	tcp          string // for every TCP port
	logon, krb   string // UDP
}

// serve starts one; its ends are closed with the test.
func serve(t *testing.T, domain, near string) replica {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := replica{domain: domain, near: near, tcp: l.Addr().String()}
	t.Cleanup(func() { l.Close() })
	s.logon = s.datagrams(t, s.logonAnswer)
	s.krb = s.datagrams(t, s.krbAnswer)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go s.speak(c)
		}
	}()
	return s
}

func (s replica) datagrams(t *testing.T, answer func([]byte) []byte) string {
	t.Helper()
	p, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	go func() {
		b := make([]byte, 4096)
		for {
			n, from, err := p.ReadFrom(b)
			if err != nil {
				return
			}
			if a := answer(b[:n]); a != nil {
				_, _ = p.WriteTo(a, from)
			}
		}
	}()
	return p.LocalAddr().String()
}

// speak answers LDAP and Kerberos, whichever port this was meant to be.
func (s replica) speak(c net.Conn) {
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	var size [4]byte
	if _, err := io.ReadFull(c, size[:]); err != nil {
		return
	}
	if size[0] == tagSequence {
		_, _ = c.Write(rootAnswer(s.domain))
		return
	}
	q := make([]byte, binary.BigEndian.Uint32(size[:])%maxMessage)
	if _, err := io.ReadFull(c, q); err != nil {
		return
	}
	a := s.krbAnswer(q)
	_, _ = c.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(a))), a...))
}

// krbAnswer knows every computer of its own realm, and calls itself by whatever other realm it is asked for, as Samba does.
func (s replica) krbAnswer(q []byte) []byte {
	if strings.Contains(string(q), strings.ToUpper(s.domain)) {
		return krbAnswer(s.domain, preauthRequired, time.Now())
	}
	return krbAnswer("other.example", 6, time.Now())
}

func (s replica) logonAnswer(q []byte) []byte {
	m, _, err := next(q)
	if err != nil {
		return nil
	}
	parts, err := m.parts()
	if err != nil || len(parts) < 2 {
		return nil
	}
	id, _ := parts[0].integer()
	asked := string(q)
	if strings.Contains(asked, "DnsDomain") && !strings.Contains(strings.ToLower(asked), s.domain) {
		return emptyAnswer(uint32(id))
	}
	flat, _, _ := strings.Cut(s.domain, ".")
	return entryAnswer(uint32(id), netlogonValue(opResponseEX, 0x3fd, s.domain, "dc1."+s.domain, strings.ToUpper(flat), "Home", s.near))
}

// netlogonValue is NETLOGON_SAM_LOGON_RESPONSE_EX, whose DNS names go on where the forest's name stands.
func netlogonValue(op uint16, flags uint32, domain, computer, flat, site, near string) []byte {
	b := binary.LittleEndian.AppendUint16(nil, op)
	b = append(b, 0, 0)
	b = binary.LittleEndian.AppendUint32(b, flags)
	b = append(b, make([]byte, 16)...)
	name := func(s string) {
		for l := range strings.SplitSeq(s, ".") {
			if l != "" {
				b = append(append(b, byte(len(l))), l...)
			}
		}
	}
	end := func(s string) { name(s); b = append(b, 0) }
	forest := byte(len(b))
	end(domain)
	b = append(b, 0xc0, forest)
	name(strings.TrimSuffix(computer, "."+domain))
	b = append(b, 0xc0, forest)
	end(flat)
	end("DC1")
	end("") // no account was asked for
	end(site)
	end(near)
	b = binary.LittleEndian.AppendUint32(b, 5)
	return append(b, 0xff, 0xff, 0xff, 0xff)
}

func entryAnswer(id uint32, value []byte) []byte {
	entry := put(ldapEntry, put(tagOctets), put(tagSequence,
		put(tagSequence, putString(tagOctets, "netlogon"), put(tagSet, put(tagOctets, value)))))
	return append(put(tagSequence, putInteger(tagInteger, id), entry), emptyAnswer(id)...)
}

func rootAnswer(domain string) []byte {
	pair := func(name, value string) []byte {
		return put(tagSequence, putString(tagOctets, name), put(tagSet, putString(tagOctets, value)))
	}
	entry := put(ldapEntry, put(tagOctets), put(tagSequence, pair("dnsHostName", "dc1."+domain),
		pair("defaultNamingContext", "DC="+strings.ReplaceAll(domain, ".", ",DC="))))
	return append(put(tagSequence, putInteger(tagInteger, rootID), entry), emptyAnswer(rootID)...)
}

func emptyAnswer(id uint32) []byte {
	return put(tagSequence, putInteger(tagInteger, id), put(ldapDone, putInteger(tagEnum, 0), put(tagOctets), put(tagOctets)))
}

func krbAnswer(domain string, code uint32, clock time.Time) []byte {
	realm := strings.ToUpper(domain)
	return put(tagApplication|krbError, put(tagSequence,
		putField(0, putInteger(tagInteger, 5)), putField(1, putInteger(tagInteger, krbError)),
		putField(4, putString(tagTime, clock.UTC().Format("20060102150405Z"))), putField(5, putInteger(tagInteger, 0)),
		putField(6, putInteger(tagInteger, code)), putField(9, putString(tagString, realm)),
		putField(10, put(tagSequence, putField(0, putInteger(tagInteger, 2)),
			putField(1, put(tagSequence, putString(tagString, "krbtgt"), putString(tagString, realm)))))))
}

// at puts the replica behind an address.
func (s replica) at(f *hosttest.Fake, addr string) {
	to := func(port int, udp string) {
		f.Network.Targets[netip.MustParseAddrPort(net.JoinHostPort(addr, fmt.Sprint(port)))] = hosttest.Target{To: s.tcp, UDP: udp}
	}
	to(389, s.logon)
	to(88, s.krb)
	to(636, "")
	to(445, "")
}

// looking is a run against an office's machine, as far as the answers.
func looking(t *testing.T, f *hosttest.Fake, domain string) *looker {
	f.Join.Domain = domain
	return &looker{machine: f.Machine(), join: f.Join}
}

func askAt(t *testing.T, f *hosttest.Fake, domain, addr string) answer {
	t.Helper()
	l := looking(t, f, domain)
	c := &controller{name: "dc1." + domain, addrs: []netip.Addr{netip.MustParseAddr(addr)}}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	l.probe(ctx, []*controller{c})
	return c.asked[0]
}

package domain

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"linecheck/checks"
)

const (
	logonPort  = 389
	ticketPort = 88
)

// resend is when a datagram that nobody answered is sent again. One may be lost; three rarely are.
var resend = [...]time.Duration{0, 400 * time.Millisecond, time.Second}

// talk is an open conversation that ends with its context.
func (l *looker) talk(limit context.Context, network string, to netip.AddrPort) (conn net.Conn, hangUp func(), err error) {
	conn, err = l.machine.Network.Dial(limit, network, to)
	if err != nil {
		return nil, nil, err
	}
	stop := context.AfterFunc(limit, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	return conn, func() { stop(); conn.Close() }, nil
}

// datagrams sends a question until one answer is read; read says errOther for what does not belong to it.
func datagrams(limit context.Context, conn net.Conn, question []byte, read func([]byte) error) error {
	began, buf := time.Now(), make([]byte, maxMessage)
	end, ok := limit.Deadline()
	if !ok {
		end = began.Add(probeWait)
	}
	var err error
	for i := range resend {
		if _, err = conn.Write(question); err != nil {
			return err
		}
		until := end
		if i+1 < len(resend) && began.Add(resend[i+1]).Before(end) {
			until = began.Add(resend[i+1])
		}
		// In this order: a deadline in the past, set by the end of limit in between, stays.
		if err = conn.SetReadDeadline(until); err != nil {
			return err
		}
		for err = limit.Err(); err == nil; {
			var n int
			if n, err = conn.Read(buf); err != nil {
				break
			}
			if got := read(buf[:n]); !errors.Is(got, errOther) {
				return got
			}
		}
		if checks.Classify(checks.Connect, err) != checks.Dropped || limit.Err() != nil || until.Equal(end) {
			return err
		}
	}
	return err
}

// logon asks what Windows itself asks; see [logonQuery]. A controller that does not serve the computer's domain is asked
// which one it serves.
func (l *looker) logon(limit context.Context, a *answer) said {
	conn, hangUp, err := l.talk(limit, "udp", netip.AddrPortFrom(a.addr, logonPort))
	if err != nil {
		return failed(err)
	}
	defer hangUp()
	began := time.Now()
	domain := plainName(l.join.Domain)
	ask := func(domain string) (info logonInfo, err error) {
		id := rand.Uint32N(1<<30) + 1
		err = datagrams(limit, conn, logonQuery(id, domain), func(b []byte) (err error) {
			info, err = parseLogon(b, id)
			return err
		})
		return info, err
	}
	wanted := domain
	if !strings.Contains(domain, ".") {
		wanted = "" // a NetBIOS name is compared with the answer
	}
	info, err := ask(wanted)
	took := time.Since(began)
	if errors.Is(err, errEmpty) && wanted != "" {
		var other error
		if info, other = ask(""); other != nil {
			return said{reply: odd, took: took, text: err.Error() + " as " + domain}
		}
	} else if err != nil {
		return misread(err, took)
	}
	a.logon = info
	if domain != "" && !strings.EqualFold(info.Domain, domain) && !strings.EqualFold(info.Flat, domain) {
		return said{reply: odd, took: took, text: fmt.Sprintf("it serves %s, not %s", cmp.Or(info.Domain, info.Flat), domain)}
	}
	out := came("answered", took)
	out.text += ": " + info.String()
	return out
}

// misread tells an answer that makes no sense from none.
func misread(err error, took time.Duration) said {
	var ne net.Error
	switch {
	case errors.As(err, &ne), checks.Classify(checks.Connect, err) != checks.Unclear:
		out := failed(err)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			out.reply = refused
		}
		return out
	}
	return said{reply: odd, took: took, text: "an answer that cannot be read: " + err.Error()}
}

// ticket asks over TCP and UDP at the same time, since a firewall may let one of them pass. The connection to TCP 88 that
// it needs is a signal of its own.
func (l *looker) ticket(limit context.Context, a *answer) said {
	realm := plainName(l.join.Domain)
	if realm == "" {
		a.said[viaKDC] = l.dial(limit, a.addr, ticketPort)
		return said{}
	}
	nonce := rand.Uint32N(1 << 31)
	question := ticketQuery(realm, account(l.machine.Identity.Host), nonce)
	var (
		wg    sync.WaitGroup
		over  [2]said
		infos [2]ticketInfo
	)
	wg.Go(func() { a.said[viaKDC], over[0], infos[0] = l.ticketTCP(limit, a.addr, question) })
	wg.Go(func() { over[1], infos[1] = l.ticketUDP(limit, a.addr, question) })
	wg.Wait()
	best := 0
	if over[1].reply > over[0].reply {
		best = 1
	}
	out := over[best]
	a.ticket = infos[best]
	if out.reply == answered {
		a.ticket.By = [...]string{"TCP", "UDP"}[best]
		out.text = "over " + a.ticket.By + " " + out.text
		if r := a.ticket.Realm; a.ticket.Code == wrongRealm || !strings.EqualFold(r, realm) && !strings.EqualFold(r, l.join.Flat) {
			out.reply = odd
		}
	} else {
		out.text = "over TCP " + over[0].text + "; over UDP " + over[1].text
	}
	return out
}

func (l *looker) ticketTCP(limit context.Context, addr netip.Addr, question []byte) (line, out said, info ticketInfo) {
	began := time.Now()
	conn, hangUp, err := l.talk(limit, "tcp", netip.AddrPortFrom(addr, ticketPort))
	if err != nil {
		line = failed(err)
		return line, line, info
	}
	defer hangUp()
	line = came("connected", time.Since(began))
	began = time.Now()
	message := append(binary.BigEndian.AppendUint32(nil, uint32(len(question))), question...) // RFC 4120 7.2.2
	if _, err = conn.Write(message); err == nil {
		var size [4]byte
		if _, err = io.ReadFull(conn, size[:]); err == nil {
			n := binary.BigEndian.Uint32(size[:])
			if n > maxMessage {
				return line, said{reply: odd, took: time.Since(began), text: "an answer that is no Kerberos"}, info
			}
			b := make([]byte, n)
			if _, err = io.ReadFull(conn, b); err == nil {
				info, err = parseTicket(b, time.Now())
			}
		}
	}
	return line, ticketSaid(info, err, time.Since(began)), info
}

func (l *looker) ticketUDP(limit context.Context, addr netip.Addr, question []byte) (out said, info ticketInfo) {
	conn, hangUp, err := l.talk(limit, "udp", netip.AddrPortFrom(addr, ticketPort))
	if err != nil {
		return failed(err), info
	}
	defer hangUp()
	began := time.Now()
	err = datagrams(limit, conn, question, func(b []byte) (err error) {
		info, err = parseTicket(b, time.Now())
		return err
	})
	return ticketSaid(info, err, time.Since(began)), info
}

func ticketSaid(info ticketInfo, err error, took time.Duration) said {
	if err != nil {
		return misread(err, took)
	}
	out := came("answered", took)
	out.text += ": " + info.String()
	return out
}

package domain

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"time"
)

const (
	filterPresent = 0x87 // of RFC 4511: the attribute is there
	rootID        = 1
)

// rootInfo is what a directory says of itself to anybody (MS-ADTS 3.1.1.3.2): its root DSE.
type rootInfo struct {
	Host   string // dnsHostName
	Domain string // the DNS name in defaultNamingContext
}

// directory connects to TCP 389 and asks who answers there. The connection is the signal; what is behind it, if anything
// is, tells a controller from a firewall that takes every connection.
func (l *looker) directory(limit context.Context, a *answer) said {
	began := time.Now()
	conn, hangUp, err := l.talk(limit, "tcp", netip.AddrPortFrom(a.addr, ways[viaLDAP].port))
	if err != nil {
		return failed(err)
	}
	defer hangUp()
	out := came("connected", time.Since(began))
	if a.root, err = askRoot(conn); err != nil {
		out.text += ", and no right answer to a question: " + err.Error()
		return out
	}
	out.text += ": the directory of " + a.root.Domain + " on " + a.root.Host
	// A NetBIOS name cannot be compared with this.
	if domain := plainName(l.join.Domain); strings.Contains(domain, ".") && !strings.EqualFold(a.root.Domain, domain) {
		out.reply = odd
		out.text += ", not of " + domain
	}
	return out
}

func askRoot(conn net.Conn) (rootInfo, error) {
	_, err := conn.Write(search(rootID, putString(filterPresent, "objectClass"), "dnsHostName", "defaultNamingContext"))
	if err != nil {
		return rootInfo{}, err
	}
	all, chunk := []byte(nil), make([]byte, 4096)
	for {
		n, err := conn.Read(chunk)
		if err != nil {
			return rootInfo{}, err
		}
		all = append(all, chunk[:n]...)
		info, err := parseRoot(all)
		if !errors.Is(err, errShort) || len(all) > maxMessage {
			return info, err
		}
	}
}

func parseRoot(b []byte) (rootInfo, error) {
	entry, err := found(b, rootID)
	if err != nil {
		return rootInfo{}, err
	}
	place, err := attribute(entry, "defaultNamingContext")
	if err != nil {
		return rootInfo{}, err
	}
	if len(place) > 4*maxName {
		return rootInfo{}, errLength
	}
	var labels []string
	for part := range strings.SplitSeq(string(place), ",") {
		kind, label, ok := strings.Cut(part, "=")
		if !ok || !strings.EqualFold(strings.TrimSpace(kind), "DC") {
			return rootInfo{}, errors.New("it is the directory of no domain")
		}
		labels = append(labels, clean(strings.TrimSpace(label)))
	}
	info := rootInfo{Domain: strings.Join(labels, "."), Host: "an unnamed server"}
	if name, err := attribute(entry, "dnsHostName"); err == nil && len(name) <= maxName {
		info.Host = clean(string(name))
	}
	return info, nil
}

package domain

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
)

// The LDAP ping: a search of the empty base for the attribute Netlogon, over UDP 389 (MS-ADTS 6.3.3). It needs no login,
// changes nothing, and is what Windows asks a controller before it counts it as one.

// Bits of the question (MS-ADTS 6.3.1.1). Both together ask for the newest layout that needs no address.
const (
	version5   = 0x2
	version5EX = 0x4
)

// Operation codes (MS-ADTS 6.3.1.3).
const (
	opResponse   = 19
	opPaused     = 20
	opUnknown    = 21
	opResponseEX = 23
	opPausedEX   = 24
	opUnknownEX  = 25
)

// Tags of LDAP (RFC 4511).
const (
	ldapSearch = tagApplication | 3
	ldapEntry  = tagApplication | 4
	ldapDone   = tagApplication | 5
	filterAnd  = tagContext
	filterEq   = tagContext | 3
)

// maxMessage is the longest answer that is read. One datagram holds less, and a ticket rarely more.
const maxMessage = 64 << 10

var (
	// errEmpty: the controller lives and serves no such domain.
	errEmpty = errors.New("it answers, and knows no such domain")
	errOther = errors.New("it is the answer to another question")
	errOlder = errors.New("it is the layout of Windows 2000 or older")
)

// logonQuery asks for a domain, by DNS name; "": for whichever the controller serves.
func logonQuery(id uint32, domain string) []byte {
	equal := func(name, value string) []byte {
		return put(filterEq, putString(tagOctets, name), putString(tagOctets, value))
	}
	var terms [][]byte
	if domain != "" {
		terms = append(terms, equal("DnsDomain", domain))
	}
	terms = append(terms, equal("NtVer", string(binary.LittleEndian.AppendUint32(nil, version5|version5EX))))
	return search(id, put(filterAnd, terms...), "Netlogon")
}

// search asks the empty base for some attributes (RFC 4511 4.5.1).
func search(id uint32, filter []byte, attributes ...string) []byte {
	var wanted [][]byte
	for _, a := range attributes {
		wanted = append(wanted, putString(tagOctets, a))
	}
	return put(tagSequence, putInteger(tagInteger, id), put(ldapSearch,
		put(tagOctets),            // the base
		putInteger(tagEnum, 0),    // the base alone
		putInteger(tagEnum, 0),    // no aliases
		putInteger(tagInteger, 0), // no bound on entries
		putInteger(tagInteger, 0), // nor on time
		put(tagBool, []byte{0}),   // values too
		filter,
		put(tagSequence, wanted...)))
}

// parseLogon reads a datagram: an entry with the attribute, or the end of a search that found none, which is errEmpty.
func parseLogon(b []byte, id uint32) (logonInfo, error) {
	entry, err := found(b, id)
	if err != nil {
		return logonInfo{}, err
	}
	value, err := attribute(entry, "Netlogon")
	if err != nil {
		return logonInfo{}, err
	}
	return parseNetlogon(value)
}

// found is the first entry among the messages that answer a question, errShort where they end before it.
func found(b []byte, id uint32) (element, error) {
	var none element
	for len(b) > 0 {
		m, rest, err := next(b)
		if err != nil {
			return none, err
		}
		parts, err := m.parts()
		if err != nil {
			return none, err
		}
		if m.tag != tagSequence || len(parts) < 2 || parts[0].tag != tagInteger {
			return none, errors.New("it is no message of LDAP")
		}
		if got, err := parts[0].integer(); err != nil || uint32(got) != id {
			return none, errOther
		}
		switch parts[1].tag {
		case ldapEntry:
			return parts[1], nil
		case ldapDone:
			return none, ended(parts[1])
		}
		b = rest
	}
	return none, errShort
}

// ended is why a search brought nothing: its result code, 0 where there simply is nothing.
func ended(done element) error {
	parts, err := done.parts()
	if err != nil {
		return err
	}
	if len(parts) == 0 || parts[0].tag != tagEnum {
		return errShort
	}
	code, err := parts[0].integer()
	if err != nil {
		return err
	}
	if code != 0 {
		return fmt.Errorf("%w (LDAP result %d)", errEmpty, code)
	}
	return errEmpty
}

// attribute is the first value of one attribute of an entry: its name, then a list of names with a set of values each.
func attribute(entry element, name string) ([]byte, error) {
	parts, err := entry.parts()
	if err != nil {
		return nil, err
	}
	if len(parts) < 2 {
		return nil, errShort
	}
	list, err := parts[1].parts()
	if err != nil {
		return nil, err
	}
	for _, a := range list {
		pair, err := a.parts()
		if err != nil {
			return nil, err
		}
		if len(pair) < 2 || !strings.EqualFold(string(pair[0].body), name) {
			continue
		}
		values, err := pair[1].parts()
		if err != nil {
			return nil, err
		}
		if len(values) > 0 {
			return values[0].body, nil
		}
	}
	return nil, errEmpty
}

// parseNetlogon reads NETLOGON_SAM_LOGON_RESPONSE_EX (MS-ADTS 6.3.1.9): 24 bytes, then eight names, then the version,
// which is the one that was asked for.
func parseNetlogon(b []byte) (logonInfo, error) {
	var i logonInfo
	if len(b) < 2 {
		return i, errShort
	}
	switch op := binary.LittleEndian.Uint16(b); op {
	case opResponseEX, opUnknownEX: // unknown: the account, and none was asked for
	case opPausedEX:
		i.Paused = true
	case opResponse, opPaused, opUnknown:
		return i, errOlder
	default:
		return i, fmt.Errorf("operation code %d is no answer to a netlogon ping", op)
	}
	const names = 24 // behind the code, two bytes, the flags and the domain's GUID
	if len(b) < names {
		return i, errShort
	}
	i.Flags = binary.LittleEndian.Uint32(b[4:])
	at := names
	for _, into := range []*string{&i.Forest, &i.Domain, &i.Host, &i.Flat, new(string), new(string), &i.Site, &i.Near} {
		s, end, err := labels(b, at)
		if err != nil {
			return logonInfo{}, err
		}
		*into, at = s, end
	}
	if len(b)-at < 8 {
		return logonInfo{}, errShort
	}
	if i.Domain == "" && i.Flat == "" {
		return logonInfo{}, errors.New("it names no domain")
	}
	return i, nil
}

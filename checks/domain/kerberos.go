package domain

import (
	"fmt"
	"strings"
	"time"
)

// Kerberos (RFC 4120): a request for a ticket without any proof of who asks. A controller answers it with an error, which
// is all that is wanted: no password is tried, nothing counts against an account, and no ticket is kept.

// Message types, which are the application tags too.
const (
	asRequest = 10
	asReply   = 11
	krbError  = 30
)

// ticketQuery asks for the ticket of a computer's own account, as the computer itself does at every start: a name that
// nobody has would look like guessing in the controller's log.
func ticketQuery(realm, computer string, nonce uint32) []byte {
	realm = strings.ToUpper(realm)
	name := func(kind uint32, parts ...string) []byte {
		var list [][]byte
		for _, p := range parts {
			list = append(list, putString(tagString, p))
		}
		return put(tagSequence, putField(0, putInteger(tagInteger, kind)), putField(1, put(tagSequence, list...)))
	}
	const (
		principal = 1 // NT-PRINCIPAL
		instance  = 2 // NT-SRV-INST
		aes256    = 18
		aes128    = 17
	)
	body := put(tagSequence,
		putField(0, put(tagBits, make([]byte, 5))), // no options; the first byte is how many bits are unused
		putField(1, name(principal, computer)),
		putField(2, putString(tagString, realm)),
		putField(3, name(instance, "krbtgt", realm)),
		putField(5, putString(tagTime, "20370913024805Z")), // as late as Windows asks
		putField(7, putInteger(tagInteger, nonce&0x7fffffff)),
		putField(8, put(tagSequence, putInteger(tagInteger, aes256), putInteger(tagInteger, aes128))))
	return put(tagApplication|asRequest, put(tagSequence,
		putField(1, putInteger(tagInteger, 5)),
		putField(2, putInteger(tagInteger, asRequest)),
		putField(4, body)))
}

// account is a computer's name as its account is called in Active Directory: at most 15 characters, with a $.
func account(computer string) string {
	computer, _, _ = strings.Cut(computer, ".")
	if r := []rune(strings.ToUpper(computer)); len(r) > 15 {
		computer = string(r[:15])
	}
	return strings.ToUpper(computer) + "$"
}

// parseTicket reads an error or, where somebody allowed that account to ask without proof, a ticket's envelope.
func parseTicket(b []byte, now time.Time) (ticketInfo, error) {
	var none ticketInfo
	whole, _, err := next(b)
	if err != nil {
		return none, err
	}
	kind := int32(whole.tag) - tagApplication
	if kind != krbError && kind != asReply {
		return none, fmt.Errorf("tag %#x is no answer of Kerberos", whole.tag)
	}
	list, err := whole.inner(tagSequence)
	if err != nil {
		return none, err
	}
	parts, err := list.parts()
	if err != nil {
		return none, err
	}
	field := map[byte]element{}
	for _, p := range parts {
		if p.tag&0xe0 == tagContext {
			field[p.tag&0x1f] = p
		}
	}
	for number, want := range []int32{5, kind} {
		got, err := number32(field, byte(number))
		if err != nil || got != want {
			return none, fmt.Errorf("field %d is %d, not %d: no answer of Kerberos 5", number, got, want)
		}
	}
	if kind == asReply {
		realm, err := text(field, 3)
		if err != nil {
			return none, fmt.Errorf("the realm: %w", err)
		}
		return ticketInfo{Realm: realm, Code: -1, Text: "a ticket"}, nil
	}
	return parseError(field, now)
}

func parseError(field map[byte]element, now time.Time) (ticketInfo, error) {
	code, err := number32(field, 6)
	if err != nil {
		return ticketInfo{}, fmt.Errorf("the error's number: %w", err)
	}
	t := ticketInfo{Code: int(code), Text: errorName(code)}
	if t.Realm, err = text(field, 9); err != nil {
		return ticketInfo{}, fmt.Errorf("the realm: %w", err)
	}
	if clock, err := field[4].inner(tagTime); err == nil {
		if at, err := time.Parse("20060102150405Z", string(clock.body)); err == nil {
			t.Skew, t.Clock = at.Sub(now).Truncate(time.Second), true
		}
	}
	t.Server = principalName(field[10])
	return t, nil
}

func number32(field map[byte]element, number byte) (int32, error) {
	e, err := field[number].inner(tagInteger)
	if err != nil {
		return 0, err
	}
	return e.integer()
}

// text reads a realm; longer ones than a DNS name are none.
func text(field map[byte]element, number byte) (string, error) {
	e, err := field[number].inner(tagString)
	if err != nil {
		return "", err
	}
	if len(e.body) == 0 || len(e.body) > maxName {
		return "", errLength
	}
	return clean(string(e.body)), nil
}

// principalName is "krbtgt/CORP.EXAMPLE", "" where it cannot be read.
func principalName(e element) string {
	list, err := e.inner(tagSequence)
	if err != nil {
		return ""
	}
	parts, err := list.parts()
	if err != nil || len(parts) < 2 {
		return ""
	}
	names, err := parts[1].inner(tagSequence)
	if err != nil {
		return ""
	}
	each, err := names.parts()
	if err != nil {
		return ""
	}
	var out []string
	for _, n := range each {
		out = append(out, clean(string(n.body[:min(len(n.body), maxName)])))
	}
	return strings.Join(out, "/")
}

// Errors that mean something here.
const (
	preauthFailed   = 24
	preauthRequired = 25
	wrongRealm      = 68
)

// errorNames are those that a request without proof can get (RFC 4120 7.5.9).
var errorNames = map[int32]string{
	0: "KDC_ERR_NONE", 3: "KDC_ERR_BAD_PVNO", 6: "KDC_ERR_C_PRINCIPAL_UNKNOWN", 7: "KDC_ERR_S_PRINCIPAL_UNKNOWN", 9: "KDC_ERR_NULL_KEY",
	11: "KDC_ERR_NEVER_VALID", 12: "KDC_ERR_POLICY", 14: "KDC_ERR_ETYPE_NOSUPP", 18: "KDC_ERR_CLIENT_REVOKED",
	23: "KDC_ERR_KEY_EXPIRED", preauthFailed: "KDC_ERR_PREAUTH_FAILED", preauthRequired: "KDC_ERR_PREAUTH_REQUIRED", 29: "KDC_ERR_SVC_UNAVAILABLE",
	37: "KRB_AP_ERR_SKEW", 40: "KRB_AP_ERR_MSG_TYPE", 52: "KRB_ERR_RESPONSE_TOO_BIG", 60: "KRB_ERR_GENERIC", wrongRealm: "KDC_ERR_WRONG_REALM",
}

func errorName(code int32) string {
	if s := errorNames[code]; s != "" {
		return s
	}
	return fmt.Sprintf("Kerberos error %d", code)
}

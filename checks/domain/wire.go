package domain

import (
	"errors"
	"fmt"
)

// LDAP and Kerberos speak BER (X.690). This is the part that both need: tags of one byte and definite lengths. Active
// Directory writes lengths in four bytes even where one would do, which package encoding/asn1 takes for an error.

// Tags of X.690 8.1.2.
const (
	tagBool        = 0x01
	tagInteger     = 0x02
	tagBits        = 0x03
	tagOctets      = 0x04
	tagEnum        = 0x0a
	tagTime        = 0x18 // GeneralizedTime
	tagString      = 0x1b // GeneralString
	tagSequence    = 0x30
	tagSet         = 0x31
	tagApplication = 0x60 // constructed; the number is added
	tagContext     = 0xa0 // constructed; the number is added
)

// maxElements is how many elements of one sequence are read. A search answer and a KRB-ERROR have about a dozen.
const maxElements = 64

var (
	errShort  = errors.New("the message ends too early")
	errLength = errors.New("the message has a length that is not allowed")
	errMany   = errors.New("the message has too many parts")
)

// element is one value with its tag.
type element struct {
	tag  byte
	body []byte
}

// next takes one element from the front.
func next(b []byte) (e element, rest []byte, err error) {
	if len(b) < 2 {
		return e, nil, errShort
	}
	if b[0]&0x1f == 0x1f {
		return e, nil, fmt.Errorf("tag %#x is longer than one byte", b[0])
	}
	n, at := int(b[1]), 2
	if n >= 0x80 {
		more := n & 0x7f
		if more == 0 || more > 4 {
			return e, nil, errLength
		}
		if len(b) < at+more {
			return e, nil, errShort
		}
		n = 0
		for _, c := range b[at : at+more] {
			n = n<<8 | int(c)
		}
		at += more
		if n < 0 || n > maxMessage {
			return e, nil, errLength
		}
	}
	if n > len(b)-at {
		return e, nil, errShort
	}
	return element{b[0], b[at : at+n]}, b[at+n:], nil
}

// parts are the elements that a constructed one consists of.
func (e element) parts() ([]element, error) {
	var out []element
	for b := e.body; len(b) > 0; {
		x, rest, err := next(b)
		if err != nil {
			return nil, err
		}
		if len(out) == maxElements {
			return nil, errMany
		}
		out, b = append(out, x), rest
	}
	return out, nil
}

// inner is the one element within an explicit tag, which must be of a kind.
func (e element) inner(tag byte) (element, error) {
	x, rest, err := next(e.body)
	switch {
	case err != nil:
		return x, err
	case x.tag != tag:
		return x, fmt.Errorf("tag %#x where %#x belongs", x.tag, tag)
	case len(rest) > 0:
		return x, errMany
	}
	return x, nil
}

// integer reads an INTEGER or ENUMERATED of at most 32 bits; wider ones are errors.
func (e element) integer() (int32, error) {
	if len(e.body) == 0 || len(e.body) > 4 {
		return 0, errLength
	}
	n := int32(int8(e.body[0]))
	for _, c := range e.body[1:] {
		n = n<<8 | int32(c)
	}
	return n, nil
}

// put writes one element of the parts.
func put(tag byte, parts ...[]byte) []byte {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	out := []byte{tag}
	switch {
	case n < 0x80:
		out = append(out, byte(n))
	case n < 0x100:
		out = append(out, 0x81, byte(n))
	default:
		out = append(out, 0x82, byte(n>>8), byte(n))
	}
	for _, p := range parts {
		out = append(out, p...)
	}
	return out
}

func putString(tag byte, s string) []byte { return put(tag, []byte(s)) }

// putInteger writes a number that is not negative, with the zero in front that keeps it so.
func putInteger(tag byte, n uint32) []byte {
	b := []byte{0, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}
	for len(b) > 1 && b[0] == 0 && b[1] < 0x80 {
		b = b[1:]
	}
	return put(tag, b)
}

// putField writes an explicit context tag around something.
func putField(number byte, parts ...[]byte) []byte { return put(tagContext|number, parts...) }
